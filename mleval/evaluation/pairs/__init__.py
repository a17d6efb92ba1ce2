"""Pairs and triplets: distances against which of them are the same."""

from mleval.evaluation.pairs.evaluator import Pairs

__all__ = ["Pairs"]
