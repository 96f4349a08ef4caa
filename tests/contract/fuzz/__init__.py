"""Schemathesis against live servers, as every kind of caller."""
