"""Intervals: of a share, of a rank statistic, from a variance on a scale that keeps the range."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from mleval.errors import NoInterval
from mleval.uncertainty.student import t_quantile

Range = tuple[float, float]
_MANY = 1000  # degrees of freedom
ROUNDING = 1e-12  # of what is added up: a standard error below it is what rounding leaves of none


@dataclass(frozen=True, slots=True)
class Interval:
    """low and high at some level, and the name of the method that made them."""

    low: float
    high: float
    method: str


@cache
def normal_quantile(level: float) -> float:
    """The two-sided standard normal quantile of a level.

    >>> round(normal_quantile(0.95), 6)
    1.959964
    """
    from statistics import NormalDist  # start-up: only intervals need it

    return NormalDist().inv_cdf(0.5 + level / 2)


def quantile(level: float, degrees: float) -> float:
    """That of Student's t; the normal's where that is less than 0.2 % away.

    >>> quantile(0.95, 1000) == normal_quantile(0.95)
    True
    """
    return normal_quantile(level) if degrees >= _MANY else t_quantile(level, int(degrees))


def wilson(share: float, trials: float, level: float, degrees: float = math.inf) -> Interval:
    """Wilson's score interval of a share of `trials` (effective) rows.

    (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n). Source: Wilson 1927.
    degrees: of freedom, where the variance that made `trials` is of few clusters.

    >>> found = wilson(0.8, 50, 0.95)
    >>> round(found.low, 4), round(found.high, 4)
    (0.6696, 0.8876)
    """
    if trials <= 0:
        raise NoInterval("no rows")
    z2n = quantile(level, degrees) ** 2 / trials
    centre = share + z2n / 2
    spread = math.sqrt(z2n * (share * (1 - share) + z2n / 4))
    low = 0.0 if share <= 0 else (centre - spread) / (1 + z2n)
    high = 1.0 if share >= 1 else (centre + spread) / (1 + z2n)
    return Interval(max(low, 0.0), min(high, 1.0), "wilson")


@dataclass(frozen=True, slots=True)
class Scale:
    """A monotone map from a metric's range to the whole line: there, ± keeps the range."""

    forward: Callable[[float], float]
    slope: Callable[[float], float]
    back: Callable[[float], float]


def scale_of(limits: Range) -> Scale:
    """The scale for a range: logit between two bounds, log beyond one, none without.

    >>> scale_of((0, 1)).back(scale_of((0, 1)).forward(0.25))
    0.25
    """
    low, high = limits
    if math.isfinite(low) and math.isfinite(high):
        width = high - low
        return Scale(
            lambda x: math.log((x - low) / (high - x)),
            lambda x: width / ((x - low) * (high - x)),
            lambda y: low + width * _logistic(y),
        )
    if math.isfinite(low):
        return Scale(lambda x: math.log(x - low), lambda x: 1 / (x - low), lambda y: low + _exp(y))
    if math.isfinite(high):
        return Scale(
            lambda x: -math.log(high - x), lambda x: 1 / (high - x), lambda y: high - _exp(-y)
        )
    return Scale(_same, _one, _same)


_AT_THE_EDGE = "at the edge of its range, where the delta method has no width"


def delta(
    value: float, variance: float, limits: Range, level: float, degrees: float = math.inf
) -> Interval:
    """value ± z·SE on the scale of the range, mapped back. Raises NoInterval without variance.

    degrees: of freedom that the variance has, so that z is Student's t where they are few.

    >>> found = delta(0.5, 0.01, (0, 1), 0.95)
    >>> round(found.low, 4), round(found.high, 4)
    (0.3135, 0.6865)
    """
    if not math.isfinite(variance):
        if math.isfinite(value) and value in limits:  # a root has no slope at 0
            raise NoInterval(_AT_THE_EDGE)
        raise NoInterval("its variance is beyond what a float can hold")
    error = math.sqrt(max(variance, 0.0))
    size = max(abs(value), limits[1] - value) if _counts_down(limits) else abs(value)
    if not error > ROUNDING * size:
        raise NoInterval("zero variance: no row moves it")
    if value in limits:
        raise NoInterval(_AT_THE_EDGE)
    scale = scale_of(limits)
    centre = scale.forward(value)
    spread = quantile(level, degrees) * error * scale.slope(value)
    return Interval(scale.back(centre - spread), scale.back(centre + spread), "delta")


def at_level(
    value: float,
    ends: tuple[float, float],
    limits: Range,
    level: float,
    wanted: float,
    degrees: float = math.inf,
) -> tuple[float, float]:
    """The ends of an interval at a higher level than that at which it was made.

    On the scale of the range margins grow as the quantile does, those of Wilson's interval
    a little less; at the edge of the range the odds of the other end grow as its square does.
    degrees: of freedom, of the variance that it was made of.

    >>> made = delta(0.5, 0.01, (0, 1), 0.95)
    >>> low, high = at_level(0.5, (made.low, made.high), (0, 1), 0.95, 0.99)
    >>> round(low, 6) == round(delta(0.5, 0.01, (0, 1), 0.99).low, 6)
    True
    """
    ratio = quantile(wanted, degrees) / quantile(level, degrees)
    low, high = limits
    if value in limits and math.isfinite(high - low):
        far = ends[1] if value == low else ends[0]
        odds = abs(far - value) / (high - low - abs(far - value)) * ratio**2
        moved = value + math.copysign((high - low) * odds / (1 + odds), far - value)
        return (value, moved) if value == low else (moved, value)
    scale = scale_of(limits)
    centre = scale.forward(value)

    def moved_end(end: float) -> float:
        inside = end not in limits and math.isfinite(end)
        return scale.back(centre + ratio * (scale.forward(end) - centre)) if inside else end

    return moved_end(ends[0]), moved_end(ends[1])


def _counts_down(limits: Range) -> bool:
    """Whether a metric is its highest value less something, and 0 nothing special."""
    return math.isinf(limits[0]) and math.isfinite(limits[1])


def at_the_edge(value: float, limits: Range, trials: float, level: float) -> Interval:
    """A bounded metric at its best or worst: Wilson at the smallest class's effective rows."""
    low, high = limits
    share = wilson((value - low) / (high - low), trials, level)
    return Interval(
        low + (high - low) * share.low,
        low + (high - low) * share.high,
        "wilson at the smallest class",
    )


def newcombe(auc: float, positives: float, negatives: float, level: float) -> Interval:
    """Newcombe's method 5 for an area under the ROC curve: honest at 0, at 1 and for few rows.

    Solves (θ − θ̂)² = z² V(θ) with Hanley and McNeil's variance at
    N* = (m + n)/2 − 1: V = θ(1−θ)/(mn) · (1 + N*·((1−θ)/(2−θ) + θ/(1+θ))).
    Source: Newcombe 2006, Statistics in Medicine 25:559-573.

    >>> found = newcombe(1.0, 10, 10, 0.95)
    >>> round(found.low, 3), found.high
    (0.8, 1.0)
    """
    if positives <= 0 or negatives <= 0:
        raise NoInterval("a class without rows")
    z = normal_quantile(level)
    pairs, star = positives * negatives, max((positives + negatives) / 2 - 1, 0.0)

    def miss(theta: float) -> float:
        inner = 1 + star * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        return abs(theta - auc) - z * math.sqrt(max(theta * (1 - theta) / pairs * inner, 0.0))

    low = 0.0 if auc <= 0 else _crossing(miss, auc, 0.0)
    high = 1.0 if auc >= 1 else _crossing(miss, auc, 1.0)
    return Interval(low, high, "newcombe 5")


def _crossing(miss: Callable[[float], float], inside: float, outside: float) -> float:
    """Where `miss` turns from negative (at `inside`) to positive (at `outside`), by bisection.

    At the estimate itself V may vanish (θ̂ = 0 or 1), so the search starts a little off it.
    """
    inside += (outside - inside) * 1e-9
    for _ in range(80):
        middle = (inside + outside) / 2
        if miss(middle) <= 0:
            inside = middle
        else:
            outside = middle
    return (inside + outside) / 2


def _same(x: float) -> float:
    return x


def _one(_: float) -> float:
    return 1.0


def _logistic(y: float) -> float:
    return 1 / (1 + math.exp(-y)) if y >= 0 else math.exp(y) / (1 + math.exp(y))


def _exp(y: float) -> float:
    return math.exp(min(y, 700.0))
