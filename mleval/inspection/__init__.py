"""Inspection: what a file is, what its columns hold, and what would be made of them."""
