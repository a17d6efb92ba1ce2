"""Deciding: whether a number, or a whole interval, is on the right side of a limit."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping

from mleval.expression import Comparison
from mleval.report import Estimate
from mleval.report_gates import Status

_HOLDS: Mapping[Comparison, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}


def by_value(value: float, sign: Comparison, limit: float) -> Status:
    """Whether the value passes.

    >>> by_value(0.8, ">=", 0.8), by_value(0.8, ">", 0.8)
    ('passed', 'failed')
    """
    return "passed" if _HOLDS[sign](value, limit) else "failed"


def by_interval(low: float, high: float, sign: Comparison, limit: float) -> Status:
    """Whether every value of the interval passes, or none, or some.

    >>> [by_interval(0.7, high, ">=", 0.8) for high in (0.75, 0.85)]
    ['failed', 'inconclusive']
    >>> by_interval(0.8, 0.9, ">=", 0.8)
    'passed'
    """
    if sign == "==":
        whole, none = low == high == limit, not low <= limit <= high
    else:
        ends = [_HOLDS[sign](end, limit) for end in (low, high)]
        whole, none = all(ends), not any(ends)
    return "passed" if whole else "failed" if none else "inconclusive"


def rows_to_settle(item: Estimate, limit: float) -> float | None:
    """How many rows would part the interval from the limit: n · (half-width / distance)².

    None where the value is the limit itself, and no number of rows would.

    >>> rows_to_settle(Estimate(value=0.82, low=0.78, high=0.86, n=400), 0.8)
    1600.0
    """
    if item.value is None or item.low is None or item.high is None or not item.n:
        return None
    distance = abs(item.value - limit)
    if distance <= 1e-12 * max(abs(item.value), abs(limit)):
        return None
    rows = item.n * ((item.high - item.low) / 2 / distance) ** 2
    return float(math.ceil(rows * (1 - 1e-9))) if math.isfinite(rows) else None


def hybrid(own: Estimate, value: float, limit: Estimate) -> tuple[float, float]:
    """The interval of a difference of two independent numbers, from the intervals of both.

    own: of the left side; value: the difference; limit: of the right side. Each end is as far
    from the difference as the two ends that pull there are, in quadrature: this keeps the
    asymmetry of either interval. Source: Newcombe 1998, method 10; Zou and Donner 2008.

    >>> a = Estimate(value=0.8, low=0.7, high=0.88)
    >>> b = Estimate(value=0.7, low=0.6, high=0.78)
    >>> [round(end, 4) for end in hybrid(a, 0.1, b)]
    [-0.0281, 0.2281]
    """
    assert own.value is not None
    assert own.low is not None
    assert own.high is not None
    assert limit.value is not None
    assert limit.low is not None
    assert limit.high is not None
    low = math.hypot(own.value - own.low, limit.high - limit.value)
    high = math.hypot(own.high - own.value, limit.value - limit.low)
    return value - low, value + high
