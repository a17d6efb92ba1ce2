"""Diagnoses, one file an output format; what they have in common is in content."""
