"""Slices: the same metrics of parts of the rows, told apart by the values of columns."""

from mleval.evaluation.slices.evaluating import slice_tables
from mleval.evaluation.slices.sliced import Sliced, SlicingPlan

__all__ = ["Sliced", "SlicingPlan", "slice_tables"]
