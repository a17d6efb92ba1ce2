"""Ordered: the values of one column in ascending order, for quantiles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats

_SMALL_RUN = 1 << 16  # a run of fewer values is pooled with others as small
_MANY_RUNS = 32
_STEP = 1 << 8
_ROUNDING = 1e-12  # shares of weight that differ by less are equal


@dataclass(frozen=True, slots=True, eq=False)
class SortedRun:
    """n values, ascending; weight: (n,) or None where each counts once.

    mirrored: `held` has the values with the other sign, so from the highest to the lowest:
    turning half of all errors around would copy them.
    """

    held: Floats
    weight: Floats | None = None
    mirrored: bool = False

    @classmethod
    def of(cls, values: Floats, weight: Floats | None) -> SortedRun:
        """Sort the values."""
        if weight is None:
            return cls(np.sort(values))  # several times as fast as by positions
        order = np.argsort(values, kind="stable")
        return cls(values[order], weight[order])

    def __len__(self) -> int:
        return len(self.held)

    @property
    def values(self) -> Floats:
        """(n,) the values; a copy where they are mirrored."""
        return -self.held[::-1] if self.mirrored else self.held

    def at(self, place: int) -> float:
        """The value at a place."""
        return -float(self.held[-1 - place]) if self.mirrored else float(self.held[place])

    def every(self, step: int) -> Floats:
        """The first value and every so many after it."""
        return -self.held[::-1][::step] if self.mirrored else self.held[::step]

    def ends(self, count: int) -> tuple[Floats, Floats]:
        """The first and the last so many values, each value once."""
        middle = max(len(self) - count, min(count, len(self)))
        return self.held[:count], self.held[middle:]

    def place(self, value: float, side: Literal["left", "right"], low: int, high: int) -> int:
        """Where a value would stand between two places: before its equals, or after them."""
        if not self.mirrored:
            return low + int(self.held[low:high].searchsorted(value, side))
        some = self.held[len(self) - high : len(self) - low]
        return high - int(some.searchsorted(-value, "right" if side == "left" else "left"))

    def magnitudes(self) -> Iterator[SortedRun]:
        """The values without their signs, as runs that share their memory."""
        middle = self.place(0.0, "left", 0, len(self))
        weight = self.weight
        low, high = slice(0, middle), slice(middle, None)
        if self.mirrored:  # no value is below 0: they are magnitudes already
            yield self
            return
        if middle:
            yield SortedRun(self.held[low], None if weight is None else weight[low][::-1], True)
        if middle < len(self):
            yield SortedRun(self.held[high], None if weight is None else weight[high])


@dataclass(frozen=True, eq=False)
class Ordered:
    """The values of a column with their weights, in sorted runs that are never joined to be read.

    >>> both = Ordered.of(np.array([3.0, 1.0])).merge(Ordered.of(np.array([9.0, 2.0])))
    >>> both.quantile(0.5), both.quantile(0.9)
    (2.5, 9.0)
    """

    runs: tuple[SortedRun, ...] = ()

    @classmethod
    def empty(cls) -> Ordered:
        """No values."""
        return cls()

    @classmethod
    def of(cls, values: Floats, weight: Floats | None = None) -> Ordered:
        """Sort (n,) finite values; `weight` (n,) or None for ones."""
        return cls((SortedRun.of(values, weight),)) if len(values) else cls()

    def merge(self, other: Ordered) -> Ordered:
        """The values of both."""
        runs = self.runs + other.runs
        small = [run for run in runs if len(run) < _SMALL_RUN]
        if len(small) > _MANY_RUNS:
            runs = (*(r for r in runs if len(r) >= _SMALL_RUN), _pooled(small))
        return Ordered(runs)

    def magnitudes(self) -> Ordered:
        """The absolute values, neither sorted again nor copied.

        >>> Ordered.of(np.array([-3.0, 1.0, 2.0])).magnitudes().quantile(0.5)
        2.0
        """
        return Ordered(tuple(part for run in self.runs for part in run.magnitudes()))

    @cached_property
    def weight(self) -> float:
        """Σw."""
        return self._sum_before([len(run) for run in self.runs], 0)

    @cached_property
    def _below(self) -> list[tuple[Floats, Floats] | None]:
        """For each run that is weighted, (n + 1,) Σw and Σw² of the values before each place."""
        return [
            None if w is None else (_running(w), _running(w * w))
            for w in (run.weight for run in self.runs)
        ]

    def quantile(self, share: float) -> float:
        """The averaged inverted distribution function: the value that Σw reaches the share at.

        Where Σw is the share exactly, half way to the next value: with share ½, the median.
        No values: nan.
        """
        value, at_most = self._reached(share)
        if abs(at_most - share * self.weight) > _ROUNDING * self.weight:
            return value
        following = self._following(value)
        return value if following is None else value + (following - value) / 2

    def lowest_with(self, share: float) -> float:
        """The lowest value at which Σw reaches the share: the inverted distribution function."""
        return self._reached(share)[0]

    def sums_at_most(self, value: float) -> tuple[float, float]:
        """Σw and Σw² of the values up to this one."""
        cuts = self._cuts(value)
        return self._sum_before(cuts, 0), self._sum_before(cuts, 1)

    def _cuts(self, value: float) -> list[int]:
        """How many values of each run are at most this one."""
        return [run.place(value, "right", 0, len(run)) for run in self.runs]

    def _sum_before(self, cuts: list[int], power: int) -> float:
        return float(
            sum(
                cut if below is None else below[power][cut]
                for cut, below in zip(cuts, self._below, strict=True)
            )
        )

    def _reached(self, share: float) -> tuple[float, float]:
        """The value that Σw reaches the share at, and Σw up to it.

        A value out of the middle of the longest stretch left cuts every stretch in two.
        """
        if not self.runs:
            return np.nan, np.nan
        target = (share - _ROUNDING) * self.weight
        low, high = [0] * len(self.runs), [len(run) for run in self.runs]
        likely = self._likely(share)
        while True:
            longest = max(range(len(low)), key=lambda at: high[at] - low[at])
            middle = self.runs[longest].at((low[longest] + high[longest]) // 2)
            guess = likely.pop() if likely else middle
            stretches = [*zip(self.runs, low, high, strict=True)]
            before = [run.place(guess, "left", at, end) for run, at, end in stretches]
            after = [run.place(guess, "right", at, end) for run, at, end in stretches]
            at_most = self._sum_before(after, 0)
            if self._sum_before(before, 0) >= target and any(np.greater(before, low)):
                high = before
            elif at_most < target and any(np.less(after, high)):
                low = after
            else:
                return guess, at_most

    @cached_property
    def _sample(self) -> Floats:
        """Every so many values of each run, in order."""
        return np.sort(np.concatenate([run.every(_STEP) for run in self.runs]))

    def _likely(self, share: float) -> list[float]:
        """Values a little below and above the one that is looked for, where weights are alike."""
        at = np.array([share - 0.003, share + 0.003]).clip(0, 1) * (len(self._sample) - 1)
        return [float(value) for value in self._sample[at.astype(np.intp)]]

    def _following(self, value: float) -> float | None:
        """The next value above this one, if there is one."""
        cuts = zip(self.runs, self._cuts(value), strict=True)
        found = [run.at(cut) for run, cut in cuts if cut < len(run)]
        return min(found, default=None)

    def largest(self, count: int) -> float:
        """The magnitude that so many values reach; 0 where there are no more values.

        >>> Ordered.of(np.array([-3.0, 1.0, 2.0])).largest(2)
        2.0
        """
        ends = [part for run in self.runs for part in run.ends(count)]
        found = np.sort(np.abs(np.concatenate([np.empty(0), *ends])))
        return float(found[-count]) if len(found) > count else 0.0

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """See `State.to_arrays`."""
        run = _pooled(list(self.runs))
        weight = np.empty(0) if run.weight is None else run.weight
        return {"values": run.values, "weight": weight}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Ordered:
        """See `State.from_arrays`."""
        weight = arrays["weight"]
        return cls.of(arrays["values"], weight if len(weight) else None)


def _weights(run: SortedRun) -> Floats:
    return np.ones(len(run)) if run.weight is None else run.weight


def _running(weight: Floats) -> Floats:
    return np.concatenate([np.zeros(1), np.cumsum(weight)])


def _pooled(runs: list[SortedRun]) -> SortedRun:
    """Several runs as one."""
    values = np.concatenate([np.empty(0), *(run.values for run in runs)])
    if all(run.weight is None for run in runs):
        return SortedRun.of(values, None)
    return SortedRun.of(values, np.concatenate([_weights(run) for run in runs]))
