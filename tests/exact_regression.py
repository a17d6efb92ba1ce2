"""Metrics of regression and how far each row moves them, in exact rational arithmetic."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from typing import Any

from mleval.batch import Floats
from mleval.uncertainty.intervals import Interval


def root(x: Fraction) -> Fraction:
    """√x to 60 digits."""
    with localcontext(prec=60):
        return Fraction((Decimal(x.numerator) / Decimal(x.denominator)).sqrt())


@dataclass(frozen=True)
class Exact:
    """Rows whose every number is a fraction."""

    truth: Sequence[Fraction]
    prediction: Sequence[Fraction]
    weight: Sequence[Fraction]

    @classmethod
    def of(cls, truth: Any, prediction: Any, weight: Any = None) -> Exact:
        ones = [1.0] * len(truth) if weight is None else weight.tolist()
        columns = (truth.tolist(), prediction.tolist(), ones)
        return cls(*([Fraction(x) for x in column] for column in columns))

    def mean(self, column: Sequence[Fraction]) -> Fraction:
        return sum(w * x for w, x in zip(self.weight, column, strict=True)) / sum(self.weight)

    def quantile(self, column: Sequence[Fraction], share: Fraction) -> Fraction:
        rows = sorted(zip(column, self.weight, strict=True))
        reached, target = Fraction(0), share * sum(self.weight)
        for place, (value, weight) in enumerate(rows):
            reached += weight
            if reached == target:
                return (value + rows[place + 1][0]) / 2
            if reached > target:
                return value
        raise AssertionError

    @cached_property
    def error(self) -> list[Fraction]:
        return [p - t for t, p in zip(self.truth, self.prediction, strict=True)]

    @cached_property
    def absolute(self) -> list[Fraction]:
        return [abs(e) for e in self.error]

    @cached_property
    def squared(self) -> list[Fraction]:
        return [e * e for e in self.error]

    def off(self, column: Sequence[Fraction]) -> list[Fraction]:
        """How far from its mean each number is."""
        mean = self.mean(column)
        return [x - mean for x in column]

    def covariance(self, one: Sequence[Fraction], other: Sequence[Fraction]) -> Fraction:
        pairs = zip(self.off(one), self.off(other), strict=True)
        return self.mean([x * y for x, y in pairs])

    def variance(self, column: Sequence[Fraction]) -> Fraction:
        return self.covariance(column, column)

    def spread(self, influence: Sequence[Fraction]) -> float:
        """The variance that these influences give: Σw²φ² / (Σw)² · n/(n − 1), n effective."""
        total, total2 = sum(self.weight), sum(w * w for w in self.weight)
        rows = total * total / total2
        squares = sum((w * x) ** 2 for w, x in zip(self.weight, influence, strict=True))
        return float(squares / total**2 * rows / (rows - 1))


Formula = Callable[[Exact], tuple[Fraction, list[Fraction] | None]]


def mae(x: Exact) -> tuple[Fraction, list[Fraction]]:
    return x.mean(x.absolute), x.off(x.absolute)


def mse(x: Exact) -> tuple[Fraction, list[Fraction]]:
    return x.mean(x.squared), x.off(x.squared)


def rmse(x: Exact) -> tuple[Fraction, list[Fraction]]:
    value = root(x.mean(x.squared))
    return value, [moved / (2 * value) for moved in x.off(x.squared)]


def bias(x: Exact) -> tuple[Fraction, list[Fraction]]:
    return x.mean(x.error), x.off(x.error)


def mape(x: Exact) -> tuple[Fraction, list[Fraction]]:
    shares = [a / abs(t) for a, t in zip(x.absolute, x.truth, strict=True)]
    return x.mean(shares), x.off(shares)


def wape(x: Exact) -> tuple[Fraction, list[Fraction]]:
    sizes = [abs(t) for t in x.truth]
    size = x.mean(sizes)
    value = x.mean(x.absolute) / size
    return value, [(a - value * t) / size for a, t in zip(x.absolute, sizes, strict=True)]


def smape(x: Exact) -> tuple[Fraction, list[Fraction]]:
    rows = zip(x.absolute, x.truth, x.prediction, strict=True)
    shares = [2 * a / (abs(t) + abs(p)) for a, t, p in rows]
    return x.mean(shares), x.off(shares)


def explained(x: Exact, left: Sequence[Fraction]) -> tuple[Fraction, list[Fraction]]:
    """1 − mean of what is left in each row / variance of truth."""
    variance = x.variance(x.truth)
    ratio = x.mean(left) / variance
    moved = [(ratio * t * t - m) / variance for t, m in zip(x.off(x.truth), left, strict=True)]
    return 1 - ratio, moved


def r2(x: Exact) -> tuple[Fraction, list[Fraction]]:
    return explained(x, x.squared)


def explained_variance(x: Exact) -> tuple[Fraction, list[Fraction]]:
    return explained(x, [e * e for e in x.off(x.error)])


def pearson(x: Exact) -> tuple[Fraction, list[Fraction]]:
    one, other = (root(x.variance(column)) for column in (x.truth, x.prediction))
    value = x.covariance(x.truth, x.prediction) / (one * other)
    pairs = zip(x.off(x.truth), x.off(x.prediction), strict=True)
    scaled = [(t / one, p / other) for t, p in pairs]
    return value, [t * p - value * (t * t + p * p) / 2 for t, p in scaled]


def rsq(x: Exact) -> tuple[Fraction, list[Fraction]]:
    value, moved = pearson(x)
    return value * value, [2 * value * phi for phi in moved]


def ccc(x: Exact) -> tuple[Fraction, list[Fraction]]:
    away = x.mean(x.error)
    size = x.variance(x.truth) + x.variance(x.prediction) + away**2
    value = 2 * x.covariance(x.truth, x.prediction) / size
    rows = zip(x.off(x.truth), x.off(x.prediction), x.off(x.error), strict=True)
    moved = [
        (2 * t * p - value * (t * t + p * p + away * (2 * e + away))) / size for t, p, e in rows
    ]
    return value, moved


def nrmse_mean(x: Exact) -> tuple[Fraction, list[Fraction]]:
    error, moved = rmse(x)
    mean = x.mean(x.truth)
    pairs = zip(moved, x.off(x.truth), strict=True)
    return error / abs(mean), [(m - error / mean * t) / abs(mean) for m, t in pairs]


def nrmse_std(x: Exact) -> tuple[Fraction, list[Fraction]]:
    share, moved = r2(x)
    value = root(1 - share)
    return value, [-m / (2 * value) for m in moved]


def nrmse_range(x: Exact) -> tuple[Fraction, None]:
    return rmse(x)[0] / (max(x.truth) - min(x.truth)), None


def skill(
    x: Exact, model: Sequence[Fraction], null: Sequence[Fraction]
) -> tuple[Fraction, list[Fraction]]:
    """1 − a loss / that of a constant."""
    size = x.mean(null)
    ratio = x.mean(model) / size
    return 1 - ratio, [(ratio * n - m) / size for m, n in zip(model, null, strict=True)]


def pinball(x: Exact, predicted: Sequence[Fraction], q: Fraction) -> list[Fraction]:
    short = [t - p for t, p in zip(x.truth, predicted, strict=True)]
    return [max(q * s, (q - 1) * s) for s in short]


def d2_pinball(x: Exact, q: float) -> tuple[Fraction, list[Fraction]]:
    share = Fraction(q)
    constant = [x.quantile(x.truth, share)] * len(x.truth)
    return skill(x, pinball(x, x.prediction, share), pinball(x, constant, share))


def d2_absolute_error(x: Exact) -> tuple[Fraction, list[Fraction]]:
    return d2_pinball(x, 0.5)


def percentile(share: float) -> Formula:
    def of(x: Exact) -> tuple[Fraction, None]:
        # 0.9 is meant as nine tenths, not as the float
        return x.quantile(x.absolute, Fraction(str(share))), None

    return of


FORMULAS: dict[str, Formula] = {
    "mae": mae,
    "mse": mse,
    "rmse": rmse,
    "bias": bias,
    "mape": mape,
    "wape": wape,
    "smape": smape,
    "r2": r2,
    "explained_variance": explained_variance,
    "pearson": pearson,
    "rsq": rsq,
    "ccc": ccc,
    "nrmse(by=mean)": nrmse_mean,
    "nrmse(by=std)": nrmse_std,
    "nrmse(by=range)": nrmse_range,
    "d2_absolute_error": d2_absolute_error,
    "d2_pinball(q=0.25)": lambda x: d2_pinball(x, 0.25),
    "d2_tweedie(power=0)": r2,
    "tweedie_deviance(power=0)": mse,
    "medae": percentile(0.5),
    "p90": percentile(0.9),
    "p99": percentile(0.99),
}


def decimals(*numbers: float) -> list[Decimal]:
    return [Decimal(x) for x in numbers]


def deviance(truth: float, prediction: float, power: float) -> float:
    """The Tweedie deviance with 80 digits, so that its terms may cancel."""
    with localcontext(prec=80):
        t, m, p = decimals(truth, prediction, power)
        if power == 0:
            return float((t - m) ** 2)
        if power == 1:
            return float(2 * ((t * (t / m).ln() if t else Decimal(0)) - t + m))
        if power == 2:
            return float(2 * ((m / t).ln() + t / m - 1))
        own = (max(t, Decimal(0)) ** (2 - p) if t > 0 else Decimal(0)) / ((1 - p) * (2 - p))
        return float(2 * (own - t * m ** (1 - p) / (1 - p) + m ** (2 - p) / (2 - p)))


def log_difference(truth: float, prediction: float) -> float:
    """(log(1 + p) − log(1 + t))²."""
    with localcontext(prec=80):
        t, p = decimals(truth, prediction)
        return float(((1 + p).ln() - (1 + t).ln()) ** 2)


def log_cosh(error: float) -> float:
    with localcontext(prec=80, Emax=10**12, Emin=-(10**12)):
        x = Decimal(error)
        return float(((x.exp() + (-x).exp()) / 2).ln())


def of_correlation(
    text: str, value: float, spread: float, rows: int, weight: Floats | None
) -> Interval:
    """tanh(artanh r ± 1.96 SE) of a positive r, SE² at least 1 / (n − 3), n effective."""
    r = value if text == "pearson" else value**0.5
    own = spread if text == "pearson" else spread / (2 * r) ** 2
    effective = rows if weight is None else weight.sum() ** 2 / (weight**2).sum()
    error = max(own / (1 - r * r) ** 2, 1 / (effective - 3)) ** 0.5
    ends = [math.tanh(math.atanh(r) + z * error) for z in (-1.959963984540054, 1.959963984540054)]
    if text == "rsq":
        assert ends[0] > 0
        ends = [end**2 for end in ends]
    return Interval(ends[0], ends[1], "fisher z")


def near(a: float, b: float, scale: float = 0.0) -> bool:
    return abs(a - b) <= 1e-12 * max(abs(a), abs(b), scale)
