"""Pairs of one part checked: which of them are different, and the vectors that are compared."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats, Role, Vectors
from mleval.reading.arrow_arrays import null_mask
from mleval.reading.label_sets import marks_of
from mleval.reading.number_checks import complete_numbers
from mleval.reading.part import Mask, Part
from mleval.reading.problems import COUNT, PLURAL, Fault
from mleval.reading.roles import PairRoles
from mleval.reading.values import numbers_in
from mleval.reading.vectors import block_of
from mleval.visible import quoted


def dissimilar(part: Part, role: Role) -> Floats:
    """(n,) 1 where the two are different, 0 where they are the same; unknown ones are left out."""
    roles = _roles(part)
    column = roles.columns[role.name]
    array = part.array(column)
    marks, missing = marks_of(array)
    part.leave_out(missing, "no truth")
    said = "same" if roles.says_same else "dissimilar"
    fault = Fault(
        f"expected 1 or 0 ({said} or not) in column {quoted(column)}, found {COUNT} other{PLURAL}",
        "write 1 and 0, or true and false; or name another column with --same or --dissimilar",
    )
    part.refuse(fault, marks < 0, lambda row: quoted(str(array[row].as_py())))
    different = marks < 1 if roles.says_same else marks > 0
    return different.astype(np.float64)


def vectors(part: Part, role: Role) -> Vectors:
    """(n, d) the vectors of a role, finite and all of one length; numbers of any type."""
    roles = _roles(part)
    family = roles.families.get(role.name)
    if family:
        made = np.empty((part.rows, len(family)))
        for place, column in enumerate(family.values()):
            made[:, place] = complete_numbers(part, column, role)
        named = f"the columns of {role.name}"
    else:
        column = roles.columns[role.name]
        made = _lists(part, column, role, roles.width)
        _require_finite(part, column, made)
        named = quoted(column)
    if roles.directed:
        fault = Fault(
            f"expected vectors with a direction in {named}, found {COUNT} of zeros alone, which "
            "have no cosine",
            "leave these rows out, or compare by another distance, such as --distance euclidean",
        )
        nowhere: Mask = ~np.any(made, axis=1)
        part.refuse(fault, nowhere, lambda _: "0 in every place")
    return made


def _roles(part: Part) -> PairRoles:
    assert isinstance(part.roles, PairRoles)
    return part.roles


def _lists(part: Part, column: str, role: Role, width: int) -> Vectors:
    """The numbers of lists; what is missing, no list of numbers or of another length is told."""
    array = part.array(column)
    block = block_of(array, width)
    if block is not None:
        return block
    part.miss(null_mask(array), column, "vector")
    cells = array.to_pylist()
    found = [None if cell is None else numbers_in(cell) for cell in cells]
    strange = np.array([not isinstance(numbers, list) for numbers in found], np.bool_)
    none = Fault(
        f"expected lists of numbers in the {role.name} column {quoted(column)}, found {COUNT} "
        f"cell{PLURAL} of something else",
        f"write them as [0.1, 0.2], or name another column with {role.flag}",
    )
    part.refuse(none, strange, lambda row: quoted(str(cells[row])))
    lengths = np.array([len(numbers or ()) for numbers in found], np.intp)
    unequal = Fault(
        f"expected vectors of {width} numbers, as the first has, found {COUNT} of another length "
        f"in {quoted(column)}",
        "vectors that are compared have as many numbers: embed all of them alike",
    )
    part.refuse(unequal, ~strange & (lengths != width), lambda row: f"{lengths[row]} numbers")
    made = np.ones((part.rows, width))
    for row in np.flatnonzero(~strange & (lengths == width)):
        made[row] = found[row]  # type: ignore[assignment]
    return made


def _require_finite(part: Part, column: str, values: Vectors) -> None:
    """Row sums show where to look: of most rows no number is looked at alone."""
    if values.dtype.kind != "f" or not values.size:
        return
    with np.errstate(all="ignore"):
        sums = values @ np.ones(values.shape[1], values.dtype)
    doubtful = np.flatnonzero(~np.isfinite(sums))
    bad: Mask = np.zeros(len(values), np.bool_)
    bad[doubtful] = ~np.isfinite(values[doubtful]).all(axis=1)
    fault = Fault(
        f"expected finite numbers in the vectors of {quoted(column)}, found {COUNT} row{PLURAL} "
        "with others",
        "NaN and infinity have no distance: mend what wrote them, or leave these rows out",
    )
    part.refuse(fault, bad, lambda row: _first_odd(values[row]))


def _first_odd(vector: NDArray[Any]) -> str:
    place = int(np.flatnonzero(~np.isfinite(vector))[0])
    return f"{vector[place]:g} at place {place}"
