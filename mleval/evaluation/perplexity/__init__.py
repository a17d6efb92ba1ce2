"""Language models: texts that they scored token by token, with intervals clustered by sequence."""

from mleval.evaluation.perplexity.evaluator import Perplexity

__all__ = ["Perplexity"]
