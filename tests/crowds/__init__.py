"""Crowds: what is promised of a token while many use it at once, measured on live servers.

FORM=long asks for as long and as often as the promise says; the short form is for every run.
"""

import os

LONG = os.environ.get("FORM") == "long"
