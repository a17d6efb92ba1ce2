"""Classification: predicted classes, scores and probabilities; one label a row, or several."""

from mleval.evaluation.classification.evaluator import Classification

__all__ = ["Classification"]
