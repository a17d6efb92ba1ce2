"""Goals: what a threshold can be the best for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from mleval.batch import Floats
from mleval.diagnosis.cuts.paired import Metric, accuracy, cost_of
from mleval.errors import Undefined
from mleval.metrics.counts import f1, informedness, precision, recall
from mleval.metrics.curves import SLACK, positive_total, precisions
from mleval.metrics.thresholds import best_f1_threshold, highest_best, youden_threshold
from mleval.options import DiagnoseOptions
from mleval.states import BinaryScores
from mleval.states.counts import ClassCounts


@dataclass(frozen=True, slots=True)
class Goal:
    """What is wanted of a threshold.

    name: as a person reads it; metric: a Spec, and what computes it; choose: the best threshold,
    infinite where nothing is to be predicted positive (raises Undefined where there is none);
    asked: whether the options name it; best: the value of no mistakes; enough: the value that is
    wanted, and once it is there, of what as much as can be had.
    """

    name: str
    metric: str
    of: Metric
    choose: Callable[[BinaryScores], float]
    asked: bool = False
    best: float = 1.0
    enough: tuple[float, str, Metric] | None = None

    def pursued(self, now: ClassCounts) -> tuple[str, Metric]:
        """What is to become better: a Spec, and what computes it."""
        if self.enough is None or not self.of(now) >= self.enough[0]:
            return self.metric, self.of
        return self.enough[1:]


def goals(options: DiagnoseOptions) -> Iterator[Goal]:
    """Those of the options, then those that need none."""
    if options.cost:
        yield _least_cost(options.cost.get("fp", 1.0), options.cost.get("fn", 1.0))
    if options.wanted_precision is not None:
        yield _precise(options.wanted_precision)
    if options.wanted_recall is not None:
        yield _complete(options.wanted_recall)
    yield Goal("f1", "f1", f1, best_f1_threshold)
    yield Goal("youden", "informedness", informedness, youden_threshold)
    yield Goal("accuracy", "accuracy", accuracy, _cheapest(1.0, 1.0))


def _least_cost(fp: float, fn: float) -> Goal:
    name = f"cost(fp={fp:g},fn={fn:g})"
    return Goal(name, name, cost_of(fp, fn), _cheapest(fp, fn), True, 0.0)


def _cheapest(fp: float, fn: float) -> Callable[[BinaryScores], float]:
    """The threshold of the lowest cost, the highest of equals."""

    def choose(scores: BinaryScores) -> float:
        saved = fn * scores.positives_at_least - fp * scores.negatives_at_least
        if saved.max() <= SLACK * scores.total:
            return math.inf
        return highest_best(saved / scores.total, scores)

    return choose


def _precise(wanted: float) -> Goal:
    def choose(scores: BinaryScores) -> float:
        """That of the most recall, as in `recall_at_precision`."""
        positive_total(scores)
        reached = np.flatnonzero(precisions(scores) >= wanted - SLACK)
        if not len(reached):
            raise Undefined(f"no threshold reaches a precision of {wanted:g}")
        return float(scores.scores[reached[0]])

    enough = (wanted, "recall", recall)
    return Goal(f"precision {wanted:g}", "precision", precision, choose, True, enough=enough)


def _complete(wanted: float) -> Goal:
    def choose(scores: BinaryScores) -> float:
        """That of the most precision, as in `precision_at_recall`."""
        recalled: Floats = scores.positives_at_least / positive_total(scores)
        reached: Floats = np.where(recalled >= wanted - SLACK, precisions(scores), -1.0)
        return highest_best(reached, scores)

    enough = (wanted, "precision", precision)
    return Goal(f"recall {wanted:g}", "recall", recall, choose, True, enough=enough)
