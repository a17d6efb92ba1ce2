"""Texts beside references: translations, summaries, answers, transcripts."""

from mleval.evaluation.text.evaluator import Text

__all__ = ["Text"]
