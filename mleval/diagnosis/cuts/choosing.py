"""The best threshold for each goal, and what it gains on rows that did not choose it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mleval.diagnosis.cuts.goals import Goal
from mleval.diagnosis.cuts.paired import Paired
from mleval.diagnosis.finding import Ranged
from mleval.diagnosis.halves import part_of
from mleval.diagnosis.ranked import PARTS, Ranked
from mleval.diagnosis.rows import ClassifiedRows
from mleval.errors import Undefined

_POINT = 0.01
_MATTERS = 0.01  # of what is lost
_MOVED = 10  # rows that must be decided otherwise for their number to say something


@dataclass(frozen=True, slots=True)
class Chosen:
    """The best threshold for a goal, and what it is worth.

    threshold: chosen on all rows; pair: the present predictions, and those of thresholds that were
    chosen without the row; metric: the Spec that is pursued; now, then: its values in that pair;
    difference: then - now.
    """

    goal: Goal
    threshold: float
    pair: Paired
    metric: str
    now: float
    then: float
    difference: Ranged

    @property
    def better(self) -> bool:
        """Whether it is known to gain, and enough to be worth a step.

        What nobody asked for must gain a point: F1 has its best below a half even where all
        probabilities are right, which is no fault of the threshold.
        """
        low, high = self.difference.low, self.difference.high
        if low is None or high is None or self.pair.moved < _MOVED:
            return False
        least = (-high if self.goal.best == 0 else low) - (0.0 if self.goal.asked else _POINT)
        return least > 0 and self.recovers >= _MATTERS

    @property
    def recovers(self) -> float:
        """The part of what is lost now."""
        lost = abs(self.goal.best - self.now)
        return min(abs(self.then - self.now) / lost, 1.0) if lost else 0.0


def chosen(
    rows: ClassifiedRows, ranked: Ranked, wanted: Iterable[Goal], level: float
) -> tuple[list[Chosen], list[str]]:
    """For every goal; and what is said of those that no threshold reaches."""
    assert rows.score is not None
    part = part_of(rows.numbers, rows.ids, PARTS)
    decided: dict[str, NDArray[np.bool_]] = {}
    told: dict[str, str] = {}
    best: dict[str, float] = {}
    every = list(wanted)
    for held_out in (None, *range(PARTS)):
        inside = None if held_out is None else part == held_out
        scores = ranked.among(None if inside is None else ~inside)
        for goal in every:
            try:
                at = goal.choose(scores)
            except Undefined as why:
                told.setdefault(goal.name, why.reason)
                continue
            if inside is None:
                best[goal.name] = at
                decided[goal.name] = np.zeros(len(rows), np.bool_)
            elif goal.name in best:
                decided[goal.name][inside] = rows.score[inside] >= at
    found = [
        _of(goal, best[goal.name], rows, ranked, decided[goal.name], level)
        for goal in every
        if goal.name not in told
    ]
    return found, [f"threshold for {name}: {why}" for name, why in told.items()]


def _of(
    goal: Goal,
    threshold: float,
    rows: ClassifiedRows,
    ranked: Ranked,
    then: NDArray[np.bool_],
    level: float,
) -> Chosen:
    pair = Paired.of(ranked.positive, rows.predicted == rows.positive, then, ranked.weight)
    with np.errstate(all="ignore"):
        metric, of = goal.pursued(pair.now)
        now, after = float(of(pair.now)), float(of(pair.then))
    return Chosen(goal, threshold, pair, metric, now, after, pair.difference(of, level))
