"""Regression: predicted numbers, with intervals and quantiles; one target a row, or several."""

from mleval.evaluation.regression.evaluator import Regression

__all__ = ["Regression"]
