"""Can a client of the released contract live with this one? `python -m tests.contract.breaking`."""
