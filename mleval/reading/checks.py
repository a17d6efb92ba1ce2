"""One part of the rows checked against what its roles require, and made a Batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from mleval.batch import Batch, Column
from mleval.reading.family_checks import families
from mleval.reading.label_checks import ids, predictions, truths
from mleval.reading.number_checks import scores, weights
from mleval.reading.part import Mask, Part
from mleval.reading.roles import Roles

CHECKS: Mapping[str, Callable[[Part], Column]] = {
    "truth": truths,
    "weight": weights,
    "prediction": predictions,
    "score": scores,
    "probabilities": families,
    "id": ids,
}
"""By role, in the order in which rows are left out: nothing is asked of a row that has no truth or
no weight."""


def checked(part: Part, *, with_ids: bool) -> Batch:
    """The rows that count, every column complete; the part tells what became of the others."""
    columns = {
        role: check(part)
        for role, check in CHECKS.items()
        if _is_played(role, part.roles) and (with_ids or role != "id")
    }
    rows = int(np.count_nonzero(part.used))
    if rows == part.rows:
        return Batch(rows, columns)
    return Batch(rows, {role: _taken(column, part.used) for role, column in columns.items()})


def _is_played(role: str, roles: Roles) -> bool:
    if role == "probabilities":
        return bool(roles.family)
    return role in roles.columns or (roles.labels is not None and bool(roles.labels.marked(role)))


def _taken(column: Column, rows: Mask) -> Column:
    return column[rows] if isinstance(column, np.ndarray) else column.take(rows)
