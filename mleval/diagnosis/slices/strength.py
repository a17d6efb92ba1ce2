"""How strongly the rows of a slice say that they are worse than the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mleval.batch import Floats


@dataclass(frozen=True, slots=True)
class Lost:
    """What rows lose, and how much each counts.

    loss: (n,) 0 or 1 where `counts` (wrong or right), else any number; weight: (n,) that sum to
    the rows that they are worth, (Σw)² / Σw².
    """

    loss: Floats
    weight: Floats
    counts: bool

    @classmethod
    def of(cls, loss: Floats, weight: Floats | None, *, counts: bool) -> Lost:
        """Rows with weights of any scale."""
        if weight is None:
            return cls(loss, np.ones(len(loss)), counts)
        return cls(loss, weight * (weight.sum() / np.square(weight).sum()), counts)

    def baseline(self) -> Baseline:
        """What slices are weighed against."""
        n, total = float(self.weight.sum()), float(self.weight @ self.loss)
        if self.counts:
            return Baseline(n, total, None)
        spread = float(self.weight @ np.square(self.loss - total / n)) / n
        return Baseline(n, total, spread)


@dataclass(frozen=True, slots=True)
class Baseline:
    """All rows: how many, what they lose, and the variance of a row's loss if it is not counted."""

    n: float
    total: float
    spread: float | None

    def strength(self, rows: Floats, lost: Floats, smallest: float) -> Floats:
        """Of slices with so many rows that lose so much: log-likelihood above no difference.

        That of binomials for what is counted, else z²/2 of the difference of means, whose variance
        is that of all rows. 0 for slices of too few rows, or not worse than the others.
        """
        found = np.zeros(rows.shape)
        others = self.n - rows
        worse = (rows >= smallest) & (others > 0)
        worse &= lost * others > (self.total - lost) * rows
        r, o, x = rows[worse], others[worse], lost[worse]
        if self.spread is None:
            both = float(_fit(np.array([self.total]), np.array([self.n]))[0])
            found[worse] = _fit(x, r) + _fit(self.total - x, o) - both
        elif self.spread > 0:
            excess = x / r - (self.total - x) / o
            found[worse] = excess**2 / (2 * self.spread * (1 / r + 1 / o))
        return found


def _fit(wrong: Floats, rows: Floats) -> Floats:
    """Σ log-likelihood of rows of which so many are wrong, at their own rate."""
    share = np.clip(wrong / rows, 0.0, 1.0)
    return np.asarray(rows * (_xlogx(share) + _xlogx(1 - share)))


def _xlogx(x: Floats) -> Floats:
    return np.asarray(x * np.log(np.where(x > 0, x, 1.0)))
