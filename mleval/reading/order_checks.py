"""Numbers that are not to exceed others: the ends of intervals, quantiles."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from mleval.batch import Column, Family, Floats
from mleval.reading.part import Part
from mleval.reading.problems import COUNT, PLURAL, Fault
from mleval.visible import quoted

SORT = (
    "quantiles that are fitted one by one often cross: the usual remedy is to sort them in each "
    "row, such as numpy.sort(quantiles, axis=1), before they are saved"
)
MEND = "put the lower number first in these rows, or mend what wrote them"
SWAP = "swap the columns, or name them the other way round"


def require_order(part: Part, columns: Mapping[str, Column]) -> None:
    """Refuse rows where what should rise falls."""
    for role in part.roles.declared:
        column = columns.get(role.name)
        if isinstance(column, Family) and role.rising:
            of = part.roles.families[role.name].values()
            for place, names in enumerate(pairwise(of)):
                _refuse_above(part, names, column.values[place], column.values[place + 1], SORT)

    for role in part.roles.declared:
        column, other = columns.get(role.name), columns.get(role.at_most)
        if isinstance(column, np.ndarray) and isinstance(other, np.ndarray):
            names = part.roles.columns[role.name], part.roles.columns[role.at_most]
            _refuse_above(part, names, column, other, MEND)
        elif isinstance(column, Family) and isinstance(other, Family):
            mine, theirs = (part.roles.families[name] for name in (role.name, role.at_most))
            for target in mine:
                names = mine[target], theirs[target]
                _refuse_above(part, names, column.column(target), other.column(target), MEND)


def _refuse_above(part: Part, names: tuple[str, str], low: Floats, high: Floats, hint: str) -> None:
    """Refuse the rows where low is above high. hint: for some rows; every row tells of a swap."""
    crossed = low > high
    fault = Fault(
        f"expected {quoted(names[0])} to be at most {quoted(names[1])}, found {COUNT} row{PLURAL} "
        "where they cross",
        SWAP if len(crossed) > 1 and crossed[part.used].all() else hint,
    )
    part.refuse(fault, crossed, lambda row: f"{low[row]:g} above {high[row]:g}")
