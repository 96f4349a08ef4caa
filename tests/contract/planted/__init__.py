"""Faults planted into the server, one after the other, for the suites to find."""
