"""Documents with parts that the contract and the settings make, so that they cannot drift."""
