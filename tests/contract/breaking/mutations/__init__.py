"""Changes of a contract, generated: what each gives to clients or takes from them is known."""
