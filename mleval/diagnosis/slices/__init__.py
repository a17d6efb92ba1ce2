"""Weak slices: parts of the rows, told by one to three columns, that are worse than the rest."""
