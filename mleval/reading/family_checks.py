"""Columns of one role checked: probabilities from 0 to 1 that sum to 1, scores, quantiles."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mleval.batch import Family, Floats, Role
from mleval.reading.names import listed
from mleval.reading.number_checks import complete_numbers, require_unit
from mleval.reading.part import Part
from mleval.reading.problems import COUNT, PLURAL, Fault


def sum_tolerance(classes: int) -> float:
    """How far the probabilities of a row may be from 1 in sum.

    Each of k probabilities may be rounded to two decimals, so off by 0.005; 0.05 at most.

    >>> sum_tolerance(2), sum_tolerance(100)
    (0.01, 0.05)
    """
    return min(0.05, 0.005 * classes)


def families(part: Part, role: Role) -> Family:
    """The columns of the classes, quantiles or targets."""
    columns = part.roles.families[role.name]
    made = np.empty((len(columns), part.rows))
    for place, column in enumerate(columns.values()):
        made[place] = complete_numbers(part, column, role)
    meaning = part.roles.meaning(role.name)
    if meaning is not None:
        _require_scale(part, made, role, meaning)
    return Family(tuple(columns), made)


def _require_scale(part: Part, made: Floats, role: Role, meaning: str) -> None:
    """Probabilities from 0 to 1, which sum to 1 where each row has one label.

    The scale that is declared is that of predictions: soft labels are probabilities.
    """
    of_truth, columns = role.of == "truth", part.roles.families[role.name]
    if part.policy.scale == "percent" and not of_truth:
        made /= 100
    if of_truth or part.policy.is_probability(meaning == "probability"):
        for place, column in enumerate(columns.values()):
            made[place] = require_unit(part, column, made[place])
        if part.roles.labels is None:
            _require_sums(part, made, columns, role)


def _require_sums(part: Part, made: Floats, columns: Mapping[str, str], role: Role) -> None:
    sums = made.sum(axis=0)
    off = np.abs(sums - 1) > sum_tolerance(len(made)) + 1e-9
    if not off.any():
        return
    hint = f"name all class columns with {role.flag} PREFIX"
    if role.of != "truth":
        hint += ", or say what they are: --score-scale logit or any"
    if (sums[off & part.used] < 1).all():
        found = listed(columns.values(), 6)
        hint = f"the column of a class may be missing, found {found}: {hint}"
    what = "true probabilities" if role.of == "truth" else "probabilities"
    fault = Fault(
        f"expected {what} that sum to 1, found {COUNT} row{PLURAL} where they do not",
        hint,
    )
    part.refuse(fault, off, lambda row: f"sum {sums[row]:.10g}")
