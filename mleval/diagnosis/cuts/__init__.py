"""Thresholds: what each is worth, which is the best, and what it gains on other rows."""
