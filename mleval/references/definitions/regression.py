"""Metrics of regression by their definitions: a row, or a pair of rows, after the other."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal, localcontext
from itertools import accumulate, groupby, product

from mleval.references.numbers import ObservedNumbers
from mleval.references.observed import Floats


def _mean(values: Iterable[float], observed: ObservedNumbers) -> float:
    weights = observed.weights.tolist()
    return math.fsum(v * w for v, w in zip(values, weights, strict=True)) / math.fsum(weights)


def bias(observed: ObservedNumbers) -> float:
    """The mean of prediction − truth."""
    return _mean((p - t for t, p, _ in observed.rows), observed)


def smape(observed: ObservedNumbers) -> float:
    """The mean of |p − t| / ((|t| + |p|) / 2), on 0-2; 0/0 counts 0 (M4 competition)."""
    return _mean(
        (2 * abs(p - t) / (abs(t) + abs(p)) if t or p else 0.0 for t, p, _ in observed.rows),
        observed,
    )


def wape(observed: ObservedNumbers) -> float:
    """Σ |p − t| / Σ |t|. Undefined where every truth is 0."""
    size = math.fsum(abs(t) * w for t, _, w in observed.rows)
    return math.fsum(abs(p - t) * w for t, p, w in observed.rows) / size if size else math.nan


def smooth_l1(observed: ObservedNumbers, *, beta: float = 1.0) -> float:
    """The mean of ½ e²/β where |e| < β, else |e| − ½ β (Girshick 2015)."""
    errors = [abs(p - t) for t, p, _ in observed.rows]
    return _mean((0.5 * e * e / beta if e < beta else e - 0.5 * beta for e in errors), observed)


def log_cosh(observed: ObservedNumbers) -> float:
    """The mean of log((e^x + e^−x) / 2), with enough digits that nothing is lost."""
    losses = []
    with localcontext(prec=60, Emax=10**12, Emin=-(10**12)):
        for truth, prediction, _ in observed.rows:
            x = Decimal(prediction) - Decimal(truth)
            losses.append(float(((x.exp() + (-x).exp()) / 2).ln()))
    return _mean(losses, observed)


def nrmse(observed: ObservedNumbers, *, by: str = "range") -> float:
    """√(mean e²) over max − min, |mean| or standard deviation (÷ Σw) of truth."""
    truths = observed.truth.tolist()
    mean = _mean(truths, observed)
    size = {
        "range": max(truths) - min(truths),
        "mean": abs(mean),
        "std": math.sqrt(_mean(((t - mean) ** 2 for t in truths), observed)),
    }[by]
    if by == "std" and min(truths) == max(truths):
        size = 0.0
    error = math.sqrt(_mean(((p - t) ** 2 for t, p, _ in observed.rows), observed))
    return error / size if size else math.nan


def quantile_of(column: Floats, weights: Floats, share: float) -> float:
    """The averaged inverted CDF: where Σw reaches the share, or half way to the next value."""
    rows: list[tuple[float, float]] = sorted(zip(column.tolist(), weights.tolist(), strict=True))
    target = share * math.fsum(weight for _, weight in rows)
    reached = list(accumulate(weight for _, weight in rows))
    for (value, _), here, following in zip(rows, reached, rows[1:], strict=False):
        if abs(here - target) <= 1e-12 * target:
            return value + (following[0] - value) / 2
        if here > target:
            return value
    return rows[-1][0]


def _percentile(observed: ObservedNumbers, share: float) -> float:
    return quantile_of(abs(observed.prediction - observed.truth), observed.weights, share)


def p50(observed: ObservedNumbers) -> float:
    """The averaged inverted CDF of |p − t| at 0.5."""
    return _percentile(observed, 0.5)


def p90(observed: ObservedNumbers) -> float:
    """The averaged inverted CDF of |p − t| at 0.9."""
    return _percentile(observed, 0.9)


def p95(observed: ObservedNumbers) -> float:
    """The averaged inverted CDF of |p − t| at 0.95."""
    return _percentile(observed, 0.95)


def p99(observed: ObservedNumbers) -> float:
    """The averaged inverted CDF of |p − t| at 0.99."""
    return _percentile(observed, 0.99)


def _limits(observed: ObservedNumbers) -> list[tuple[float, float, float]]:
    """Truth, lower and upper limit of each row."""
    assert observed.lower is not None
    assert observed.upper is not None
    columns = (observed.truth, observed.lower, observed.upper)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def interval_coverage(observed: ObservedNumbers) -> float:
    """The share of rows with lower ≤ truth ≤ upper."""
    return _mean((float(low <= t <= high) for t, low, high in _limits(observed)), observed)


def interval_width(observed: ObservedNumbers) -> float:
    """The mean of upper − lower."""
    return _mean((high - low for _, low, high in _limits(observed)), observed)


def tweedie_deviance(observed: ObservedNumbers, *, power: float) -> float:
    """2 (t²⁻ᵖ / (1−p)(2−p) − t m¹⁻ᵖ / (1−p) + m²⁻ᵖ / (2−p)), in decimals of 60 digits."""
    from decimal import Decimal, localcontext

    with localcontext() as context:
        context.prec = 60
        p, total, weights = Decimal(power), Decimal(0), Decimal(0)
        for truth, mean, weight in observed.rows:
            t, m, w = Decimal(truth), Decimal(mean), Decimal(weight)
            own = t ** (2 - p) / ((1 - p) * (2 - p)) if t else Decimal(0)
            slope = t * m ** (1 - p) / (1 - p)
            total += w * 2 * (own - slope + m ** (2 - p) / (2 - p))
            weights += w
        return float(total / weights)


def winkler(observed: ObservedNumbers, *, level: float | None = None) -> float:
    """The mean of the width, plus 2/α times how far the truth is outside (Winkler 1972)."""
    level = level or observed.level
    assert level is not None
    alpha = 1 - level
    scores = []
    for truth, low, high in _limits(observed):
        fine = 2 / alpha * (low - truth) if truth < low else 0.0
        fine = 2 / alpha * (truth - high) if truth > high else fine
        scores.append(high - low + fine)
    return _mean(scores, observed)


def _moments(observed: ObservedNumbers) -> tuple[float, float, float, float, float]:
    """Means, variances and covariance (÷ Σw) of truth and prediction."""
    t_mean, p_mean = (_mean(c.tolist(), observed) for c in (observed.truth, observed.prediction))
    pairs = [(t - t_mean, p - p_mean) for t, p, _ in observed.rows]
    return (
        t_mean,
        p_mean,
        _mean((t * t for t, _ in pairs), observed),
        _mean((p * p for _, p in pairs), observed),
        _mean((t * p for t, p in pairs), observed),
    )


def pearson(observed: ObservedNumbers) -> float:
    """Cov / √(Var · Var)."""
    _, _, t_variance, p_variance, covariance = _moments(observed)
    return covariance / math.sqrt(t_variance) / math.sqrt(p_variance)


def ccc(observed: ObservedNumbers) -> float:
    """2 Cov / (Var + Var + (difference of means)²), each ÷ Σw (Lin 1989)."""
    if len({*observed.truth.tolist(), *observed.prediction.tolist()}) == 1:
        return math.nan
    t_mean, p_mean, t_variance, p_variance, covariance = _moments(observed)
    return 2 * covariance / (t_variance + p_variance + (t_mean - p_mean) ** 2)


def spearman(observed: ObservedNumbers) -> float:
    """The Pearson correlation of the middle ranks, Σw below and half of Σw level with it."""
    truth, prediction = (
        _middle_ranks(column, observed.weights) for column in (observed.truth, observed.prediction)
    )
    return pearson(ObservedNumbers(truth=truth, prediction=prediction, weight=observed.weight))


def _middle_ranks(column: Floats, weights: Floats) -> Floats:
    ranks: Floats = column.astype(float)
    rows = sorted(zip(column.tolist(), weights.tolist(), range(len(column)), strict=True))
    below = 0.0
    for _, level in groupby(rows, key=lambda row: row[0]):
        same = list(level)
        size = math.fsum(weight for _, weight, _ in same)
        for _, _, row in same:
            ranks[row] = below + size / 2
        below += size
    return ranks


def kendall(observed: ObservedNumbers) -> float:
    """τ-b: Σ over pairs of rows of sign · sign, ÷ √(pairs untied in truth · in prediction)."""
    order = truths = predictions = 0.0
    for (t, p, w), (u, q, v) in product(observed.rows, repeat=2):
        one, other = (t > u) - (t < u), (p > q) - (p < q)
        order += w * v * one * other
        truths += w * v * abs(one)
        predictions += w * v * abs(other)
    return order / math.sqrt(truths * predictions)
