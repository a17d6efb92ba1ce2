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

    def strength(self, rows: Floats, lost: Floats) -> Floats:
        """Of slices with so many rows that lose so much: log-likelihood above no difference.

        That of binomials for what is counted, else z²/2 of the difference of means, whose variance
        is that of all rows. 0 for slices that are not worse than the others.
        """
        n, total = self.weight.sum(), float(self.weight @ self.loss)
        others = np.maximum(n - rows, 0.0)
        with np.errstate(all="ignore"):
            excess = lost / rows - (total - lost) / others
            if self.counts:
                found = _fit(lost, rows) + _fit(total - lost, others) - _fit(total, n)
            else:
                spread = float(self.weight @ np.square(self.loss - total / n)) / n
                found = excess**2 / (2 * spread * (1 / rows + 1 / others))
            return np.where((rows > 0) & (others > 0) & (excess > 0), found, 0.0)


def _fit(wrong: Floats | float, rows: Floats | float) -> Floats:
    """Σ log-likelihood of rows of which so many are wrong, at their own rate."""
    share = np.clip(np.divide(wrong, rows), 0.0, 1.0)
    return np.asarray(rows * (_xlogx(share) + _xlogx(1 - share)))


def _xlogx(x: Floats) -> Floats:
    return np.asarray(np.where(x > 0, x * np.log(np.where(x > 0, x, 1.0)), 0.0))
