"""Per-row influences: how far each row moves numbers that no one state holds together.

Differences of two runs, clusters of rows and arithmetic over several states are all read off them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.errors import NoInterval
from mleval.evaluation import clusters
from mleval.evaluation.clusters import Clusters
from mleval.evaluation.evaluator import Evaluator, Plan
from mleval.evaluation.requests import Request
from mleval.evaluation.rows import Rows
from mleval.report import Estimate
from mleval.uncertainty.influences import METHOD, centred, variance_of
from mleval.uncertainty.intervals import delta
from mleval.uncertainty.tangents import Tangent, along


@dataclass(frozen=True)
class Influences:
    """How far each row moves the numbers of one evaluation whose rows are kept.

    clusters: which of the rows go together, where some do.
    """

    evaluator: Evaluator[Any, Any, Any]
    evidence: Any
    plan: Plan
    rows: Rows
    clusters: Clusters | None = None

    @property
    def degrees(self) -> float:
        """Of freedom, that variances have."""
        return math.inf if self.clusters is None else self.clusters.degrees

    @property
    def method(self) -> str:
        """What intervals of them are made by."""
        return METHOD if self.clusters is None else clusters.METHOD

    def of(self, slopes: Mapping[Request, float]) -> Floats:
        """(n,) those of Σ slope · number: Σw · ∂/∂weight of each row, Σwφ = 0.

        Raises NoInterval, which names it, where one of the numbers has none.
        """
        states: dict[int, list[tuple[Tangent, float]]] = {}
        for request, slope in slopes.items():
            one = tangent_of(request, lambda r: self.evaluator.tangent(r, self.evidence))
            states.setdefault(id(one.of), []).append((one, slope))
        moved = np.zeros(len(self.rows.weight))
        with np.errstate(all="ignore"):
            for tangents in states.values():
                together = along(*zip(*tangents, strict=True))
                moved += self.evaluator.spread(together, self.evidence, self.plan, self.rows)
        return centred(moved, self.rows.weight)

    def variance(self, slopes: Mapping[Request, float]) -> float:
        """The variance of Σ slope · number. Raises NoInterval as `of` does, and for one row."""
        influence, weight = self.of(slopes), self.rows.weight
        if self.clusters is not None:
            return self.clusters.variance(influence * weight / weight.sum())
        return variance_of(influence, weight)

    def clustered(self, request: Request, item: Estimate) -> Estimate:
        """The estimate with the interval that its clusters give it."""
        if self.clusters is None or item.value is None or item.level is None:
            return item
        plain = replace(item, low=None, high=None, method=None, no_interval=None)
        limits = request.metric.range
        try:
            variance = self.variance({request: 1.0})
            found = delta(item.value, variance, limits, item.level, self.degrees)
        except NoInterval as error:
            return replace(plain, no_interval=error.reason.removeprefix(f"{request.key}: "))
        return replace(plain, low=found.low, high=found.high, method=self.method)


def tangent_of(request: Request, tangent: Callable[[Request], Tangent]) -> Tangent:
    """That of a number that has an interval; the reason why there is none names the number."""
    try:
        if request.metric.no_interval:
            raise NoInterval(request.metric.no_interval)
        with np.errstate(all="ignore"):
            return tangent(request)
    except NoInterval as error:
        raise NoInterval(f"{request.key}: {error.reason}") from None
