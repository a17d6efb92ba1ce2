"""Contrasts: each of several independent estimates against the mean of the others."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mleval.batch import Floats
from mleval.uncertainty.intervals import normal_quantile


@dataclass(frozen=True, slots=True)
class Contrasts:
    """(s,) each: estimate less the mean of the others, its interval, and p before adjustment."""

    value: Floats
    low: Floats
    high: Floats
    p: Floats


def against_others(
    value: Floats, low: Floats, high: Floats, weight: Floats, level: float
) -> Contrasts:
    """Each of s ≥ 2 independent estimates against the mean of the others, weighted.

    value, low, high: (s,) the estimates and their intervals at `level`; weight: (s,) positive.
    The interval is made of those of the estimates, which need not be symmetric: the margins of
    independent estimates add up in squares (MOVER; Zou & Donner 2008, for two proportions
    Newcombe's method 10). p is that of a normal deviate of which the interval's quantile lies
    where the margin towards 0 does: below 1 − level exactly where the interval has no 0.

    >>> two = np.array([0.9, 0.5])
    >>> found = against_others(two, two - 0.1, two + 0.1, np.array([3.0, 1.0]), 0.95)
    >>> [round(float(x), 4) for x in (found.value[0], found.low[0], found.high[0])]
    [0.4, 0.2586, 0.5414]
    """
    others = 1.0 - np.eye(len(value))  # sums without the one, not totals less it: digits stay
    share = others * weight / (others @ weight)[:, None]
    difference = value - share @ value
    below, above = (value - low) ** 2, (high - value) ** 2
    down = np.sqrt(below + share**2 @ above)
    up = np.sqrt(above + share**2 @ below)
    towards = np.where(difference > 0, down, up)
    size = np.abs(difference)
    ratio = np.divide(size, towards, out=np.where(size > 0, np.inf, 0.0), where=towards > 0)
    z = ratio * normal_quantile(level)
    p = np.array([math.erfc(x / math.sqrt(2)) for x in z.tolist()])
    return Contrasts(difference, difference - down, difference + up, p)


def holm(p: Floats) -> Floats:
    """(m,) p adjusted for m tests: the chance of any false one stays below the level.

    The k-th smallest times m − k + 1, never below the one before it. Source: Holm 1979.

    >>> holm(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p, kind="stable")
    steps = p[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
