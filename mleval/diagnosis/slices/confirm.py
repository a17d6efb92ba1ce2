"""Candidates on the half of the rows that did not choose them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mleval.diagnosis.finding import Ranged
from mleval.diagnosis.rows import Column
from mleval.diagnosis.slices.pieces import Mask, Slice
from mleval.diagnosis.slices.strength import Lost
from mleval.uncertainty.contrasts import against_others, holm
from mleval.uncertainty.intervals import normal_quantile, wilson


@dataclass(frozen=True, slots=True)
class Tested:
    """A slice against the rest: the rows that are in no slice before it.

    rows: in it; inside, rest: mean losses; worse: inside less rest, with its interval; p: that it
    is not worse, adjusted for all candidates (Holm); share: of all the weight that is in it.
    """

    slice: Slice
    rows: int
    inside: Ranged
    rest: Ranged
    worse: Ranged
    p: float
    share: float


def tested(
    slices: Sequence[Slice], columns: Mapping[str, Column], lost: Lost, level: float
) -> list[Tested]:
    """Each slice in turn; those that have rows on one side only are passed over."""
    found: list[Tested] = []
    left = np.ones(len(lost.loss), np.bool_)
    for one in slices:
        inside = one.holds(columns) & left
        rest = left & ~inside
        if inside.sum() > 1 and rest.sum() > 1:
            found.append(_tested(one, inside, rest, lost, level))
        left = rest
    adjusted = holm(np.array([one.p for one in found]))
    return [
        Tested(one.slice, one.rows, one.inside, one.rest, one.worse, float(p), one.share)
        for one, p in zip(found, adjusted, strict=True)
    ]


def _tested(one: Slice, inside: Mask, rest: Mask, lost: Lost, level: float) -> Tested:
    means = [mean_of(lost, rows, level) for rows in (inside, rest)]
    value, low, high = (np.array([getattr(m, end) for m in means]) for end in _ENDS)
    weight = np.array([lost.weight[rows].sum() for rows in (inside, rest)])
    found = against_others(value, low, high, weight, level)
    worse = Ranged(float(found.value[0]), float(found.low[0]), float(found.high[0]))
    p = float(found.p[0]) / 2 if found.value[0] > 0 else 1.0
    share = float(weight[0] / lost.weight.sum())
    return Tested(one, int(inside.sum()), means[0], means[1], worse, p, share)


_ENDS = ("value", "low", "high")


def mean_of(lost: Lost, rows: Mask, level: float) -> Ranged:
    """The mean loss of some rows: Wilson's interval of a share, else that of the mean."""
    weight, loss = lost.weight[rows], lost.loss[rows]
    total = float(weight.sum())
    mean = float(weight @ loss) / total
    squares = float(np.square(weight).sum())
    if lost.counts:
        found = wilson(min(mean, 1.0), total**2 / squares, level)
        return Ranged(mean, found.low, found.high)
    error = float(np.sqrt(np.square(weight) @ np.square(loss - mean))) / total
    margin = normal_quantile(level) * error
    return Ranged(mean, mean - margin, mean + margin)
