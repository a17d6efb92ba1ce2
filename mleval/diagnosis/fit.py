"""The fit: training rows against others, folds against each other, rows that are on both sides."""

from __future__ import annotations

from mleval.diagnosis.case import Case
from mleval.diagnosis.finding import Section
from mleval.diagnosis.folds import across_folds
from mleval.diagnosis.gaps import training_gap
from mleval.diagnosis.leakage import on_both_sides


def examine(case: Case) -> Section | None:
    """None where nothing says which rows the model was fitted on, nor which folds there are."""
    parts = [*on_both_sides(case), *training_gap(case), *across_folds(case)]
    if not parts:
        return None
    return Section(
        part="fit",
        findings=tuple(finding for part in parts for finding in part.findings),
        exhibits=tuple(exhibit for part in parts for exhibit in part.exhibits),
        notes=tuple(note for part in parts for note in part.notes),
    )
