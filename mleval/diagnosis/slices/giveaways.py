"""Columns that tell which rows are wrong because they were made from it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.diagnosis.rows import Category, Column
from mleval.visible import quoted

_FEWEST = 10  # rows of either kind: fewer lie apart by chance
_MANY = 10  # groups of categories: with more of them each may be pure by chance


def without_giveaways(
    columns: Mapping[str, Column], loss: Floats
) -> tuple[dict[str, Column], tuple[str, ...]]:
    """The columns without those that part rows of a high loss from all others, and a note of them.

    Such are `correct`, `error`, `loss`: a slice by them says nothing. A column is one where no
    value is shared between rows that lose more than half of what any does and the rest, while
    the values of each lie together.
    """
    bad = loss > loss.max(initial=0.0) / 2
    if min(bad.sum(), (~bad).sum()) < _FEWEST:
        return dict(columns), ()
    gone = [name for name, column in columns.items() if _tells(column, bad)]
    note = f"made from what is right and wrong, so left out: {', '.join(map(quoted, gone))}"
    kept = {name: column for name, column in columns.items() if name not in gone}
    return kept, (note,) if gone else ()


def _tells(column: Column, bad: NDArray[np.bool_]) -> bool:
    if isinstance(column, Category):
        if len(column.names) > _MANY:
            return False
        wrong = np.bincount(column.codes[bad] + 1, minlength=len(column.names) + 1)
        right = np.bincount(column.codes[~bad] + 1, minlength=len(column.names) + 1)
        return not ((wrong > 0) & (right > 0)).any()
    if np.isnan(column).any():
        return False
    return any(
        side[bad].min() > side[~bad].max() or side[bad].max() < side[~bad].min()
        for side in (column, np.abs(column))  # residuals tell by their size
    )
