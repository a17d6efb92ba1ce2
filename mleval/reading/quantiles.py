"""Columns of predicted quantiles, told by their names: `q10`, `q0.1`, `quantile_0.1`, `p10`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mleval.errors import InputError
from mleval.reading.names import listed, nearest
from mleval.reading.vocabulary import Head

_LEAD = r"(?:(?:y_?)?(?:pred|prediction|predicted|forecast|fcst|hat)[_. -])?"
_NUMBER = r"[_. -]?(\d*[._]?\d+)%?"
_QUANTILE = re.compile(_LEAD + r"(?:quantile|percentile)" + _NUMBER, re.IGNORECASE)
_SHORT = [re.compile(_LEAD + letter + _NUMBER, re.IGNORECASE) for letter in "qp"]
_BARE = re.compile(r"(0?\.\d+)")


def found_quantiles(head: Head, columns: Iterable[str]) -> dict[str, str]:
    """Quantile -> column, in order; empty unless there are two or more of them.

    `q1`, `p10` and bare `0.1` are names of much else: they count when the middle or a mirrored
    pair such as `p10` and `p90` is among them.

    >>> import pyarrow as pa
    >>> head = Head(pa.table({"q90": ["2"], "q10": ["1"], "p1": ["3"], "p2": ["4"]}))
    >>> found_quantiles(head, ["q90", "q10", "p1", "p2"])
    {'0.1': 'q10', '0.9': 'q90'}
    """
    numeric = [column for column in columns if head.is_numeric(column)]
    for pattern in (_QUANTILE, *_SHORT, _BARE):
        found = _matching(pattern, numeric)
        if len(found) >= 2 and (pattern is _QUANTILE or _is_balanced(found)):
            return _in_order(found)
    return {}


def prefixed_quantiles(columns: Iterable[str], prefix: str) -> dict[str, str]:
    """The columns that begin with the prefix the caller gave and go on with a quantile.

    Raises InputError when there is none.
    """
    columns = list(columns)
    after = re.compile(re.escape(prefix) + _NUMBER, re.IGNORECASE)
    found = _matching(after, columns)
    if not found:
        near = nearest(prefix, columns)
        raise InputError(
            f"no column begins with '{prefix}' and goes on with a quantile, such as {prefix}10 or "
            f"{prefix}0.1; the columns are {listed(columns)}",
            hint=f"--quantiles PREFIX, such as the start of {listed(near or columns[:3])}",
        )
    return _in_order(found)


def quantile_of(digits: str) -> float | None:
    """What the digits in a name mean, as a share; None when it is none between 0 and 1.

    >>> [quantile_of(digits) for digits in ("10", "0.1", "5", "05", "025", "97.5", "975", "100")]
    [0.1, 0.1, 0.05, 0.05, 0.025, 0.975, 0.975, None]
    """
    digits = digits.replace("_", ".")
    if "." in digits:
        value = float(digits)
        value = value if value < 1 else value / 100
    else:
        value = float(f"0.{digits}") if len(digits) > 2 and digits != "100" else int(digits) / 100
    return round(value, 12) if 0 < value < 1 else None


def _matching(pattern: re.Pattern[str], columns: Iterable[str]) -> dict[float, str]:
    found: dict[float, str] = {}
    for column in columns:
        match = pattern.fullmatch(column.strip())
        quantile = quantile_of(match[1]) if match else None
        if quantile is None:
            continue
        if quantile in found:
            raise InputError(
                f"columns '{found[quantile]}' and '{column}' both name the quantile {quantile:g}",
                hint="choose the columns with --quantiles PREFIX",
            )
        found[quantile] = column
    return found


def _is_balanced(found: Iterable[float]) -> bool:
    levels = set(found)
    return any(q == 0.5 or round(1 - q, 12) in levels for q in levels)


def _in_order(found: dict[float, str]) -> dict[str, str]:
    return {repr(quantile): found[quantile] for quantile in sorted(found)}
