"""Means: first and second moments of named per-row components, about a pivot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.states.sums import Components, Sums, rows_of

Factors = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Means:
    """Σw, Σw², Σwz, Σw²z, Σwzzᵀ, Σw²zzᵀ of z = x − pivot of k components x, and their extremes.

    names: the k components, the products last; factors: for each product which two it is of;
    pivot, first, first2: (k,); second, second2: (k, k); low, high: of those that are no products.
    Moments about a pivot near the mean keep their digits where E[x²] − mean² would lose them all.
    A product is one of z, so it moves with the pivots of its factors: exactly, since a moved
    product is linear in the old one and its factors, (z + a)(u + b) = zu + bz + au + ab.

    >>> state = Means.of({"loss": np.array([1.0, 3.0])}).merge(Means.of({"loss": np.array([5.0])}))
    >>> state.mean.tolist(), (state.second / state.weight).tolist()
    ([3.0], [[2.6666666666666665]])
    """

    names: tuple[str, ...]
    factors: Factors
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
        return cls((), (), 0.0, 0.0, none, none, none, square, square, none, none)

    @classmethod
    def of(cls, components: Components, weight: Floats | None = None) -> Means:
        """Sum up (n,) components by name; `weight` (n,) or None for ones.

        >>> from mleval.states import Product
        >>> x = np.array([1e15, 1e15 + 2])
        >>> Means.of({"x": x, "x*x": Product("x", "x")}).value("x*x")
        1.0
        """
        return cls.over([(components, weight)])

    @classmethod
    def over(cls, blocks: Iterable[tuple[Components, Floats | None]]) -> Means:
        """Sum up blocks of rows, as `of` does one; the pivot is the mean of the first.

        Blocks that fit the processor's cache are several times as fast as all rows at once.
        """
        sums: Sums | None = None
        with _quietly():
            for components, weight in blocks:
                if rows_of(components):
                    sums = sums or Sums(components)
                    sums.add(components, weight)
        if sums is None:
            return cls.empty()
        return cls(
            sums.names,
            sums.factors,
            sums.weight,
            sums.weight2,
            sums.pivot,
            sums.first,
            sums.first2,
            sums.second,
            sums.second2,
            sums.low,
            sums.high,
        )

    def merge(self, other: Means) -> Means:
        """The moments of both, about their common mean."""
        if not self.weight:
            return other
        if not other.weight:
            return self
        with _quietly():
            return self._merged(other)

    def _merged(self, other: Means) -> Means:
        total = self.weight + other.weight
        share = other.weight / total
        simple = len(self.low)
        pivot = self.pivot + self.first / self.weight
        pivot += (other.pivot + other.first / other.weight - pivot) * share
        means = self._mean_about(pivot[:simple]), other._mean_about(pivot[:simple])
        pivot[simple:] = means[0] + (means[1] - means[0]) * share
        a, b = self.about(pivot), other.about(pivot)
        return Means(
            self.names,
            self.factors,
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
        first, second = _moved(self.first, self.second, self.weight, shift, self.factors)
        first2, second2 = _moved(self.first2, self.second2, self.weight2, shift, self.factors)
        return Means(
            self.names,
            self.factors,
            self.weight,
            self.weight2,
            pivot,
            first,
            first2,
            second,
            second2,
            self.low,
            self.high,
        )

    def _mean_about(self, pivot: Floats) -> Floats:
        """The means of the products when the pivots of their factors are these."""
        simple = len(self.low)
        off = self.first / self.weight
        means = self.pivot[simple:] + off[simple:]
        shift = self.pivot[:simple] - pivot
        for at, (i, j) in enumerate(self.factors):
            means[at] += shift[j] * off[i] + shift[i] * off[j] + shift[i] * shift[j]
        return means

    @property
    def mean(self) -> Floats:
        """(k,) weighted means of the components; of products, covariances (÷ Σw)."""
        simple = len(self.low)
        off = self.first / self.weight
        mean = self.pivot + off
        with _quietly():
            for at, (i, j) in enumerate(self.factors, simple):
                mean[at] -= off[i] * off[j]
        return mean

    def value(self, name: str) -> float:
        """The mean of one component."""
        return float(self.mean[self.names.index(name)])

    def readings(self) -> dict[str, Any]:
        """What metrics read: the mean of each component by name, Σw, Σw², and the extremes.

        >>> Means.of({"x": np.array([1.0, 4.0])}).readings()
        {'x': 2.5, 'weight': 2.0, 'weight2': 2.0, 'min x': 1.0, 'max x': 4.0}
        """
        found = dict(zip(self.names, self.mean.tolist(), strict=True))
        found |= {"weight": self.weight, "weight2": self.weight2}
        for name, low, high in zip(self.names, self.low.tolist(), self.high.tolist(), strict=False):
            found |= {f"min {name}": low, f"max {name}": high}
        return found

    def moved(self, slope: Floats, components: Components) -> Floats:
        """(n,) how far rows of these components move a number with such a (k,) slope in the means.

        Without the factor w / Σw, and not for components that it does not move with.

        >>> x = {"x": np.array([1.0, 4.0])}
        >>> Means.of(x).moved(np.array([2.0]), x).tolist()
        [-3.0, 3.0]
        """
        mean, shift, simple = self.mean, self.first / self.weight, len(self.low)

        def off(at: int) -> Any:
            if at >= simple:
                i, j = self.factors[at - simple]
                return off(i) * off(j) - mean[at]
            column: Any = components[self.names[at]]
            return column - self.pivot[at] - shift[at]  # in two steps: no float may be the mean

        moved = np.zeros(rows_of(components))
        for at in np.flatnonzero(slope).tolist():
            moved += slope[at] * off(at)
        return moved

    def variance_of_mean(self) -> Floats:
        """(k, k) sandwich covariance of the means: Σw²(x−μ)(x−μ)ᵀ / (Σw)²."""
        shift = -self.first / self.weight  # to the mean itself, which no float may be
        for at, (i, j) in enumerate(self.factors, len(self.low)):
            shift[at] += shift[i] * shift[j]
        _, second2 = _moved(self.first2, self.second2, self.weight2, shift, self.factors)
        return second2 / self.weight**2

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """See `State.to_arrays`."""
        return {
            "names": np.asarray(self.names, dtype=np.str_),
            "factors": np.array(self.factors, dtype=np.int64).reshape(-1, 2),
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
        names, factors = arrays["names"].tolist(), arrays["factors"].tolist()
        weight, weight2 = arrays["weights"].tolist()
        return cls(
            tuple(names),
            tuple((i, j) for i, j in factors),
            weight,
            weight2,
            *(arrays[name] for name in moments),
        )


def _quietly() -> np.errstate:
    """What overflows shows in the means, and is told when they are read."""
    return np.errstate(over="ignore", invalid="ignore")


def _moved(
    first: Floats, second: Floats, weight: float, shift: Floats, factors: Sequence[tuple[int, int]]
) -> tuple[Floats, Floats]:
    """Σwz and Σwzzᵀ after every pivot has moved by −shift (k,)."""
    shift, first, second = shift.copy(), first.copy(), second.copy()
    simple = len(first) - len(factors)
    for at, (i, j) in enumerate(factors, simple):
        shift[at] += shift[i] * shift[j]
        first[at] += shift[j] * first[i] + shift[i] * first[j]
        second[at] += shift[j] * second[i] + shift[i] * second[j]
    for at, (i, j) in enumerate(factors, simple):
        second[:, at] += shift[j] * second[:, i] + shift[i] * second[:, j]
    cross = np.outer(first, shift)
    return first + weight * shift, second + cross + cross.T + weight * np.outer(shift, shift)
