"""Diagnosis: why predictions are as good as they are, and what to do next.

Rows in memory are examined part by part (data, fit, threshold, calibration, errors); each part
gives its findings, every one with its evidence, and the tables that they are read off.
"""
