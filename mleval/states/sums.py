"""Sums: the moments of blocks of rows, as they add up to a `Means`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mleval.batch import Floats


@dataclass(frozen=True, slots=True)
class Product:
    """A component that is the product of two others about their means: its mean is a covariance."""

    left: str
    right: str


Column = Floats | float | Product  # (n,), or one number for all rows
Components = Mapping[str, Column]


class Sums:
    """The moments of blocks of rows about the mean of the first block, as they add up."""

    def __init__(self, components: Components) -> None:
        self.products = {n: c for n, c in components.items() if isinstance(c, Product)}
        simple = sorted(name for name in components if name not in self.products)
        self.names = (*simple, *sorted(self.products))
        place = {name: at for at, name in enumerate(self.names)}
        pairs = (self.products[name] for name in self.names[len(simple) :])
        self.factors = tuple((place[pair.left], place[pair.right]) for pair in pairs)
        self.simple, size = len(simple), len(self.names)
        self.pivot = np.zeros(size)
        self.weight = self.weight2 = 0.0
        self.first, self.first2 = np.zeros(size), np.zeros(size)
        self.second, self.second2 = np.zeros((size, size)), np.zeros((size, size))
        self.low, self.high = np.full(len(simple), np.inf), np.full(len(simple), -np.inf)
        self.buffer = np.empty((size, 0))

    def add(self, components: Components, weight: Floats | None) -> None:
        """Add a block of rows."""
        z = self._centred(components, weight)
        wz = z if weight is None else z * weight
        first, second = wz.sum(axis=1), wz @ z.T
        self.first += first
        self.second += second
        if weight is None:
            self.weight += z.shape[1]
            self.weight2 += z.shape[1]
            self.first2 += first
            self.second2 += second
            return
        wz *= weight
        self.weight += float(weight.sum())
        self.weight2 += float(weight @ weight)
        self.first2 += wz.sum(axis=1)
        self.second2 += wz @ z.T

    def _centred(self, components: Components, weight: Floats | None) -> Floats:
        """(k, n) the components less their pivot, which the first block decides."""
        rows = rows_of(components)
        if self.buffer.shape[1] < rows:
            self.buffer = np.empty((len(self.names), rows))
        z = self.buffer[:, :rows]
        plain = z[: self.simple]
        for at, name in enumerate(self.names[: self.simple]):
            column = components[name]
            assert not isinstance(column, Product)
            plain[at] = column
        np.minimum(self.low, plain.min(axis=1), out=self.low)
        np.maximum(self.high, plain.max(axis=1), out=self.high)
        fresh = not self.weight
        if fresh:
            # within the extremes: of equal numbers the mean itself, whatever rounding makes of it
            means = np.clip(_averages(plain, weight), self.low, self.high)
            self.pivot[: self.simple] = means
        plain -= self.pivot[: self.simple, None]
        for at, (i, j) in enumerate(self.factors, self.simple):
            np.multiply(z[i], z[j], out=z[at])
        if fresh:
            self.pivot[self.simple :] = _averages(z[self.simple :], weight)
        z[self.simple :] -= self.pivot[self.simple :, None]
        return z


def rows_of(components: Components) -> int:
    """How many rows these components are of."""
    return next((len(c) for c in components.values() if isinstance(c, np.ndarray)), 0)


def _averages(x: Floats, weight: Floats | None) -> Floats:
    averages: Floats = x.mean(axis=1) if weight is None else (x @ weight) / weight.sum()
    return averages
