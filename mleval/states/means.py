"""Means: first and second moments of named per-row components, about a pivot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Means:
    """Σw, Σw², Σwz, Σw²z, Σwzzᵀ, Σw²zzᵀ of z = x − pivot, and the extremes of k components x.

    names: the k components; pivot, first, first2, low, high: (k,); second, second2: (k, k).
    Moments about a pivot near the mean keep their digits where E[x²] − mean² would lose them all.

    >>> state = Means.of({"loss": np.array([1.0, 3.0])}).merge(Means.of({"loss": np.array([5.0])}))
    >>> state.mean.tolist(), (state.second / state.weight).tolist()
    ([3.0], [[2.6666666666666665]])
    """

    names: tuple[str, ...]
    weight: float
    weight2: float
    pivot: Floats
    first: Floats
    first2: Floats
    second: Floats
    second2: Floats
    low: Floats
    high: Floats

    @classmethod
    def empty(cls) -> Means:
        """No rows; of any components."""
        none, square = np.empty(0), np.empty((0, 0))
        return cls((), 0.0, 0.0, none, none, none, square, square, none, none)

    @classmethod
    def of(cls, components: Mapping[str, Floats], weight: Floats | None = None) -> Means:
        """Sum up (n,) components by name; `weight` (n,) or None for ones."""
        names = tuple(sorted(components))
        rows = len(components[names[0]]) if names else 0
        if not rows:
            return cls.empty()
        x = np.stack([components[name] for name in names])
        total = float(rows) if weight is None else float(weight.sum())
        total2 = float(rows) if weight is None else float(weight @ weight)
        pivot = x.mean(axis=1) if weight is None else (x @ weight) / total
        z = x - pivot[:, None]
        wz = z if weight is None else z * weight
        w2z = wz if weight is None else wz * weight
        second = wz @ z.T
        second2 = second if weight is None else w2z @ z.T
        return cls(
            names,
            total,
            total2,
            pivot,
            wz.sum(axis=1),
            w2z.sum(axis=1),
            second,
            second2,
            x.min(axis=1),
            x.max(axis=1),
        )

    def merge(self, other: Means) -> Means:
        """The moments of both, about their common mean."""
        if not self.weight:
            return other
        if not other.weight:
            return self
        total = self.weight + other.weight
        pivot = self.mean + (other.mean - self.mean) * (other.weight / total)
        a, b = self.about(pivot), other.about(pivot)
        return Means(
            self.names,
            total,
            a.weight2 + b.weight2,
            pivot,
            a.first + b.first,
            a.first2 + b.first2,
            a.second + b.second,
            a.second2 + b.second2,
            np.minimum(a.low, b.low),
            np.maximum(a.high, b.high),
        )

    def about(self, pivot: Floats) -> Means:
        """The same moments about another pivot (k,)."""
        shift = self.pivot - pivot
        return Means(
            self.names,
            self.weight,
            self.weight2,
            pivot,
            self.first + self.weight * shift,
            self.first2 + self.weight2 * shift,
            _shifted(self.second, self.first, self.weight, shift),
            _shifted(self.second2, self.first2, self.weight2, shift),
            self.low,
            self.high,
        )

    @property
    def mean(self) -> Floats:
        """(k,) weighted means of the components."""
        return self.pivot + self.first / self.weight

    def value(self, name: str) -> float:
        """The mean of one component."""
        return float(self.mean[self.names.index(name)])

    def variance_of_mean(self) -> Floats:
        """(k, k) sandwich covariance of the means: Σw²(x−μ)(x−μ)ᵀ / (Σw)²."""
        shift = -self.first / self.weight  # to the mean itself, which no float may be
        return _shifted(self.second2, self.first2, self.weight2, shift) / self.weight**2

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """See `State.to_arrays`."""
        return {
            "names": np.asarray(self.names, dtype=np.str_),
            "weights": np.array([self.weight, self.weight2]),
            "pivot": self.pivot,
            "first": self.first,
            "first2": self.first2,
            "second": self.second,
            "second2": self.second2,
            "low": self.low,
            "high": self.high,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Means:
        """See `State.from_arrays`."""
        moments = ("pivot", "first", "first2", "second", "second2", "low", "high")
        weight, weight2 = arrays["weights"].tolist()
        return cls(
            tuple(arrays["names"].tolist()), weight, weight2, *(arrays[name] for name in moments)
        )


def _shifted(second: Floats, first: Floats, weight: float, shift: Floats) -> Floats:
    cross = np.outer(first, shift)
    return second + cross + cross.T + weight * np.outer(shift, shift)
