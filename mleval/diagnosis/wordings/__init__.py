"""Texts: which of them score low, and what is wrong with how they are worded."""
