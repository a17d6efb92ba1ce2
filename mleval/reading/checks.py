"""One part of the rows checked against what its roles require, and made a Batch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch, Column, Role, Texts
from mleval.reading.by_checks import clusters, groups
from mleval.reading.family_checks import families
from mleval.reading.label_checks import predictions, truths
from mleval.reading.number_checks import numbers, weights
from mleval.reading.order_checks import require_order
from mleval.reading.pair_checks import dissimilar, vectors
from mleval.reading.part import Part
from mleval.reading.slicing import role_of


def checked(part: Part, *, with_ids: bool) -> Batch:
    """The rows that count, every column complete; the part tells what became of the others.

    Roles are checked in the order in which they are declared: nothing is asked of a row that has
    no truth or no weight.
    """
    columns = {
        role.name: _column(part, role)
        for role in part.roles.declared
        if part.roles.plays(role.name) and (with_ids or role.of != "id")
    }
    require_order(part, columns)
    columns |= {role_of(column): groups(part, column) for column in part.roles.by}
    rows = int(np.count_nonzero(part.used))
    if rows == part.rows:
        return Batch(rows, columns, part.number)
    places = np.flatnonzero(part.used)
    taken = {role: _taken(column, places) for role, column in columns.items()}
    return Batch(rows, taken, part.number, places)


def _column(part: Part, role: Role) -> Column:
    """The column of a role, as its kind is checked."""
    if role.of == "weight":
        return weights(part, role)
    if role.of == "cluster":
        return clusters(part)
    if role.of == "id":
        return Texts(part.array(part.roles.columns[role.name]))
    if role.kind == "label":
        return truths(part) if role.of == "truth" else predictions(part)
    if role.kind == "mark":
        return dissimilar(part, role)
    if role.kind == "nested":
        return vectors(part, role)
    if role.name in part.roles.families:
        return families(part, role)
    return numbers(part, role)


def _taken(column: Column, rows: NDArray[np.intp]) -> Column:
    return column[rows] if isinstance(column, np.ndarray) else column.take(rows)
