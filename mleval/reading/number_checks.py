"""Numbers of one part checked: that cells are numbers, finite, and what their role allows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mleval.batch import Floats, Role
from mleval.reading.arrow_arrays import null_mask, plain_values
from mleval.reading.columns_of_arrow import parsed_numbers
from mleval.reading.headers import with_point
from mleval.reading.notes import means_missing
from mleval.reading.part import Mask, Part
from mleval.reading.problems import COUNT, PLURAL, Fault
from mleval.reading.vocabulary import ROUNDING
from mleval.visible import quoted

_MOST_WEIGHT = 1e50  # metrics multiply four weights, which is to stay a number
_MEND = {
    "truth": "leave an unknown truth empty: its row is left out",
    "prediction": "NaN and infinity cannot be evaluated: mend what wrote them; --missing drop "
    "leaves rows with NaN out, as those with empty cells",
    "weight": "NaN and infinity cannot be evaluated: mend what wrote them",
}
_WEIGH_ALL = "write a weight in every row (1 where nothing else is meant)"


def numbers(part: Part, role: Role) -> Floats:
    """The one number a row of a role; percentages as fractions."""
    column = part.roles.columns[role.name]
    values = complete_numbers(part, column, role)
    meaning = part.roles.meaning(role.name)
    if meaning is not None:
        if part.policy.scale == "percent":
            values = values / 100
        if part.policy.is_probability(meaning in ("probability", "confidence")):
            values = require_unit(part, column, values)
    return values


def weights(part: Part, role: Role) -> Floats:
    """What each row counts; those that count nothing are left out."""
    column = part.roles.columns[role.name]
    values, missing = _numbers(part, column, role)
    if missing is not None:
        headline = f"expected a weight in every row of {quoted(column)}, found {COUNT} empty"
        part.refuse(Fault(headline, _WEIGH_ALL), missing, lambda _: "empty")
    _require_finite(part, column, role, values)
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


def complete_numbers(part: Part, column: str, role: Role) -> Floats:
    """The finite numbers of a column; what is missing is as the role says."""
    what = _called(role)
    values, missing = _numbers(part, column, role)
    if role.of == "truth":
        part.leave_out(np.isnan(values), "no truth")
    elif part.policy.missing == "drop":  # tables without nulls write a missing number so
        part.miss(np.isnan(values), column, what)
    else:
        part.miss(missing, column, what)
    _require_finite(part, column, role, values)
    _require_least(part, column, role, values)
    return np.sqrt(values) if column in part.roles.variances else values


def _called(role: Role) -> str:
    return "probability" if role.name == "probabilities" else role.name


def _numbers(part: Part, column: str, role: Role) -> tuple[Floats, Mask | None]:
    """float64 of a column, NaN where it is missing or no number, and where it is missing."""
    array = part.array(column)
    missing, commas = null_mask(array), column in part.roles.commas
    if str(array.type) == "string":
        cells = array.to_pylist()
        if commas:
            _refuse_points(part, column, np.array(["." in (cell or "") for cell in cells]))
            cells = [with_point(cell) for cell in cells]
        return _numbers_of_text(part, cells, column, role), missing
    values: Floats = plain_values(array)
    if missing is not None:
        values = np.where(missing, np.nan, values)
    if commas:
        _refuse_points(part, column, np.nan_to_num(values) % 1 != 0)
    return values, missing


def _numbers_of_text(part: Part, cells: list[str | None], column: str, role: Role) -> Floats:
    values, bad = parsed_numbers(cells)
    bad &= part.used
    texts = [str(cells[row]) for row in np.flatnonzero(bad)[:5]]
    fault = Fault(
        f"expected numbers in the {_called(role)} column {quoted(column)}, found {COUNT} "
        f"cell{PLURAL} of text",
        _number_hint(texts, role, scaled=part.roles.meaning(role.name) is not None),
    )
    part.refuse(fault, bad, lambda row: quoted(str(cells[row])))
    return values


def _refuse_points(part: Part, column: str, rows: Mask) -> None:
    """Of numbers with decimal commas, those with a point."""
    fault = Fault(
        f"expected decimal commas in column {quoted(column)} as in its first rows, found {COUNT} "
        f"number{PLURAL} with a point",
        "write all numbers alike, or say which mark is meant: --decimal . or --decimal ,",
    )
    part.refuse(fault, rows, lambda _: "a decimal point")


def _number_hint(texts: Sequence[str], role: Role, *, scaled: bool) -> str:
    if any(means_missing(text) for text in texts):
        if role.of == "weight":
            return _WEIGH_ALL
        if role.of == "truth":
            return "leave the cells of missing numbers empty: rows without a truth are left out"
        return "leave the cells of missing numbers empty, then use --missing drop"
    if any(text.strip().endswith("%") for text in texts):
        or_so = ", or drop the percent signs and use --score-scale percent" if scaled else ""
        return f"write 0.505 for 50.5%{or_so}"
    if any(text.strip().startswith("[") for text in texts):
        return "write one number a cell" + (
            ", such as a column prob_<class> for each class" if scaled else ""
        )
    if any("," in text for text in texts):
        return "write decimal points, not commas, and no thousands separators"
    classes = role.name in ("truth", "prediction") and all(text[:1].isalpha() for text in texts)
    other = ", or if these are classes: mleval classify" if classes else ""
    return f"correct the cells, or name another column with {role.flag}{other}"


def _require_least(part: Part, column: str, role: Role, values: Floats) -> None:
    if math.isinf(role.low):
        return
    fault = Fault(
        f"expected numbers of {role.low:g} or more in the {role.name} column {quoted(column)}, "
        f"found {COUNT} below",
        f"name another column with {role.flag}",
    )
    part.refuse(fault, values < role.low, lambda row: f"{values[row]:g}")


def _require_finite(part: Part, column: str, role: Role, values: Floats) -> None:
    finite = np.isfinite(values)
    if finite.all():
        return
    fault = Fault(
        f"expected finite numbers in the {_called(role)} column {quoted(column)}, found {COUNT} "
        f"other{PLURAL}",
        _MEND[role.of],
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
