"""Residuals of a regression: where predictions are off, and where by more than usual."""
