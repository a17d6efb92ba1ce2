"""Student's t distribution: what a mean of few rows has, and the normal for many."""

from __future__ import annotations

import math
from functools import cache


@cache
def t_quantile(level: float, degrees: int) -> float:
    """The two-sided quantile of a level, by halving the angle whose tangent is t / √degrees.

    >>> round(t_quantile(0.95, 4), 6)
    2.776445
    """
    low, high = 0.0, math.pi / 2
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if _within(middle, degrees) < level else (low, middle)
    return math.tan(low) * math.sqrt(degrees)


def _within(angle: float, degrees: int) -> float:
    """The probability that |t| is less than tan(angle) · √degrees, a finite series in cosines.

    Source: Abramowitz and Stegun 1964, 26.7.3 and 26.7.4.
    """
    odd = degrees % 2
    cosine = math.cos(angle)
    term, total = (cosine, 0.0) if odd else (1.0, 0.0)
    for k in range(2 + odd, degrees + 1, 2):
        total += term
        term *= (k - 1) / k * cosine**2
    total *= math.sin(angle)
    return (angle + total) * 2 / math.pi if odd else total
