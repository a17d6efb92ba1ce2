"""Soft labels: columns that say how likely each class truly is, told by their names and sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mleval.options import ClassifyOptions
from mleval.reading.columns_of_arrow import as_number
from mleval.reading.vocabulary import Head

_TRUTHS = ("true_", "truth_", "y_true_", "actual_", "gold_", "target_", "label_")
_PREDICTIONS = ("pred_", "predicted_", "y_pred_")
_ROUNDING = 1e-3  # of a sum of probabilities that were written with a few decimals


def with_soft_labels(
    options: ClassifyOptions, columns: Sequence[str], head: Head
) -> ClassifyOptions | None:
    """The options that name the soft labels among the columns; None where there are none.

    They are two or more columns such as `true_cat` and `true_dog` that add up to 1 in every row,
    and are not all 0 and 1. What is named already is not looked for.
    """
    named = (options.truth, options.truth_proba, options.prediction, options.score, options.task)
    if any(name is not None for name in named):
        return None
    for prefix in _TRUTHS:
        soft = _family(columns, prefix)
        if len(soft) > 1 and _are_shares(head, list(soft.values())):
            proba = options.proba
            for other in _PREDICTIONS if proba is None else ():
                family = _family(columns, other)
                if family.keys() >= soft.keys() and _are_shares(head, list(family.values())):
                    proba = other
            return replace(options, truth_proba=prefix, proba=proba)
    return None


def _family(columns: Sequence[str], prefix: str) -> Mapping[str, str]:
    """What follows the prefix → the column."""
    return {c.removeprefix(prefix): c for c in columns if c.startswith(prefix) and c != prefix}


def _are_shares(head: Head, columns: Sequence[str]) -> bool:
    """Whether they are from 0 to 1, not only 0 and 1, and add up to 1 in every row."""
    cells = [[cell and as_number(cell) for cell in head.cells(column)] for column in columns]
    rows = [row for row in zip(*cells, strict=True) if None not in row and "" not in row]
    numbers = [[float(number or 0) for number in row] for row in rows]
    if not numbers or {number for row in numbers for number in row} <= {0.0, 1.0}:
        return False
    return all(min(row) >= 0 and abs(sum(row) - 1) <= _ROUNDING for row in numbers)
