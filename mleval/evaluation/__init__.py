"""From input to Report: batches are folded to states, states resolved to evidence, metrics read."""

from mleval.evaluation.run import Evaluated, EvaluatedSet, evaluate

__all__ = ["Evaluated", "EvaluatedSet", "evaluate"]
