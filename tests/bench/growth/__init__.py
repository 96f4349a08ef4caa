"""Growth: the same questions to a store of a thousand tokens and to one of a million."""
