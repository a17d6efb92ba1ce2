"""Mistakes of a classification: which they are, how sure they were, how they differ."""
