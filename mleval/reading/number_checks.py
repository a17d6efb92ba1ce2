"""Numbers of one part checked: that cells are numbers, finite, and what their role allows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mleval.batch import Floats
from mleval.reading.arrow_arrays import null_mask, plain_values
from mleval.reading.columns_of_arrow import parsed_numbers
from mleval.reading.notes import means_missing
from mleval.reading.part import Mask, Part
from mleval.reading.problems import COUNT, PLURAL, Fault
from mleval.reading.vocabulary import ROUNDING
from mleval.visible import quoted

_MOST_WEIGHT = 1e50  # metrics multiply four weights, which is to stay a number
_WEIGH_ALL = "write a weight in every row (1 where nothing else is meant)"


def scores(part: Part) -> Floats:
    """The one score a row; percentages as fractions."""
    column = part.roles.columns["score"]
    values = predicted_numbers(part, column, "score")
    if part.policy.scale == "percent":
        values = values / 100
    if part.policy.is_probability(part.roles.score_kind in ("probability", "confidence")):
        values = require_unit(part, column, values)
    return values


def weights(part: Part) -> Floats:
    """What each row counts; those that count nothing are left out."""
    column = part.roles.columns["weight"]
    values, missing = _numbers(part, column, "weight")
    if missing is not None:
        headline = f"expected a weight in every row of {quoted(column)}, found {COUNT} empty"
        part.refuse(Fault(headline, _WEIGH_ALL), missing, lambda _: "empty")
    _require_finite(part, column, "weight", values)
    negative = values < 0
    if negative.any():
        fault = Fault(
            f"expected weights of 0 or more in column {quoted(column)}, found {COUNT} below",
            "weights count rows: use 0 to leave a row out",
        )
        part.refuse(fault, negative, lambda row: f"{values[row]:g}")
    extreme = (values > _MOST_WEIGHT) | ((values > 0) & (values < 1 / _MOST_WEIGHT))
    if extreme.any():
        fault = Fault(
            f"expected weights from {1 / _MOST_WEIGHT:g} to {_MOST_WEIGHT:g} in column "
            f"{quoted(column)}, found {COUNT} outside",
            "scale all weights alike: only their ratios matter",
        )
        part.refuse(fault, extreme, lambda row: f"{values[row]:g}")
    part.leave_out(values == 0, "weight 0")
    return values


def predicted_numbers(part: Part, column: str, what: str) -> Floats:
    """Finite numbers that stand beside the truth."""
    values, missing = _numbers(part, column, what)
    part.miss(missing, column, what)
    _require_finite(part, column, what, values)
    return values


def _numbers(part: Part, column: str, role: str) -> tuple[Floats, Mask | None]:
    """float64 of a column, NaN where it is missing or no number, and where it is missing."""
    array = part.array(column)
    missing = null_mask(array)
    if str(array.type) != "string":
        values: Floats = plain_values(array)
        return values if missing is None else np.where(missing, np.nan, values), missing
    cells = array.to_pylist()
    values, bad = parsed_numbers(cells)
    bad &= part.used
    texts = [str(cells[row]) for row in np.flatnonzero(bad)[:5]]
    fault = Fault(
        f"expected numbers in the {role} column {quoted(column)}, found {COUNT} cell{PLURAL} "
        "of text",
        _number_hint(texts, role),
    )
    part.refuse(fault, bad, lambda row: quoted(str(cells[row])))
    return values, missing


def _number_hint(texts: Sequence[str], role: str) -> str:
    if any(means_missing(text) for text in texts):
        if role == "weight":
            return _WEIGH_ALL
        return "leave the cells of missing numbers empty, then use --missing drop"
    if any(text.strip().endswith("%") for text in texts):
        return "write 0.505 for 50.5%, or drop the percent signs and use --score-scale percent"
    if any(text.strip().startswith("[") for text in texts):
        return "write one number a cell, such as a column prob_<class> for each class"
    if any("," in text for text in texts):
        return "write decimal points, not commas, and no thousands separators"
    flag = {"score": "--score", "weight": "--weight"}.get(role, "--proba")
    return f"correct the cells, or name another column with {flag}"


def _require_finite(part: Part, column: str, role: str, values: Floats) -> None:
    finite = np.isfinite(values)
    if finite.all():
        return
    fault = Fault(
        f"expected finite numbers in the {role} column {quoted(column)}, found {COUNT} "
        f"other{PLURAL}",
        "NaN and infinity cannot be evaluated: mend what wrote them"
        + ("" if role == "weight" else ", or leave the cells empty and use --missing drop"),
    )
    part.refuse(fault, ~finite, lambda row: f"{values[row]:g}")


def require_unit(part: Part, column: str, values: Floats) -> Floats:
    """The probabilities, clipped where rounding left them a hair outside."""
    if len(values) == 0 or (values.min() >= 0 and values.max() <= 1):
        return values
    outside = (values < -ROUNDING) | (values > 1 + ROUNDING)
    percent = part.policy.scale == "percent"
    shown = values * 100 if percent else values
    expected = "percentages from 0 to 100" if percent else "probabilities from 0 to 1"
    fault = Fault(
        f"expected {expected} in column {quoted(column)}, found {COUNT} outside",
        f"say what they are: --score-scale {'' if percent else 'percent, '}logit or any",
    )
    top = 100 if percent else 1

    def spelled(row: int) -> str:
        short = f"{shown[row]:g}"
        return repr(float(shown[row])) if 0 <= float(short) <= top else short

    part.refuse(fault, outside, spelled)
    clipped: Floats = np.clip(values, 0, 1)
    return clipped
