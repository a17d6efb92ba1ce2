"""Calibration: mappings of probabilities, fitting, comparing, saving and applying them."""
