"""Numbers as people read them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from mleval.report import ClassRow, ConfusionTable, Estimate, Report

_LARGE = 1e9


def number(value: float, digits: int = 4, like: float | None = None) -> str:
    """A number to `digits` decimals; from 10 on one fewer for every power of ten.

    like: the number whose decimals to take, for the ends of its interval.

    >>> number(0.93214), number(1234.5678), number(0.0000123), number(2.5e12)
    ('0.9321', '1234.6', '1.23e-05', '2.500e+12')
    """
    if not math.isfinite(value):
        return str(value)
    decimals = _decimals(value if like is None else like, digits)
    if decimals is None:
        decimals = _decimals(value, digits)
    if decimals is None:
        return f"{value:.{max(digits - (2 if abs(value) < 1 else 1), 0)}e}"
    return f"{round(value, decimals) + 0.0:.{decimals}f}"  # + 0.0: no -0.0000


def _decimals(value: float, digits: int) -> int | None:
    """How many decimals to show, or None for scientific notation."""
    size = abs(value)
    if size >= _LARGE or 0 < size < 0.5 * 10.0**-digits or not math.isfinite(size):
        return None
    return digits if size < 10 else max(digits - math.floor(math.log10(size)), 0)


def interval(item: Estimate, digits: int = 4) -> str | None:
    """The interval of an estimate, with the decimals of its value; None when there is none.

    >>> interval(Estimate(value=0.8, low=0.71234, high=0.9), 3)
    '[0.712, 0.900]'
    """
    if item.low is None or item.high is None:
        return None
    low, high = (number(end, digits, like=item.value) for end in (item.low, item.high))
    return f"[{low}, {high}]"


def count(value: float, whole: bool) -> str:
    """A sum of weights: an integer where all are, else with one decimal.

    >>> count(12.0, True), count(12.0, False)
    ('12', '12.0')
    """
    if abs(value) >= 1e15:
        return f"{value:.4g}"
    return f"{value:.0f}" if whole else f"{value:.1f}"


def whole_counts(report: Report) -> bool:
    """Whether every count of the report is an integer, as it is without weights."""
    counts: list[float] = [n for row in report.classes.values() for n in _class_counts(row)]
    if report.confusion is not None:
        counts += [weight for _, _, weight in report.confusion.cells]
    for item in report.distributions.values():
        counts += item.counts
    return all(float(n).is_integer() for n in counts)


def _class_counts(row: ClassRow) -> Iterable[float]:
    return (row.support,) if row.predicted is None else (row.support, row.predicted)


def percent(share: float) -> str:
    """A share in percent.

    >>> percent(0.1234), percent(0.0001)
    ('12 %', '<1 %')
    """
    return "<1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


def level(value: float) -> str:
    """The level of an interval.

    >>> level(0.95), level(0.999)
    ('95 %', '99.9 %')
    """
    return f"{round(100 * value, 6):g} %"


def aligned(texts: Sequence[str]) -> list[str]:
    """Numbers padded so that their decimal points stand under each other.

    >>> aligned(["1.25", "10.5", "7"])
    [' 1.25', '10.5 ', ' 7   ']
    """
    parts = [text.partition(".") for text in texts]
    left = max((len(whole) for whole, _, _ in parts), default=0)
    right = max((len(dot + rest) for _, dot, rest in parts), default=0)
    return [f"{whole:>{left}}{dot + rest:<{right}}" for whole, dot, rest in parts]


def row_totals(table: ConfusionTable) -> dict[str, float]:
    """The weight of each true label."""
    totals: dict[str, float] = {}
    for truth, _, weight in table.cells:
        totals[truth] = totals.get(truth, 0.0) + weight
    return totals
