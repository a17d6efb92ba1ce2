"""The plan of pairs: distances, computed where they are not given, and the states of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mleval.batch import Batch
from mleval.evaluation.requests import Request, components_of, playable
from mleval.metrics.distances import Distance, distances
from mleval.metrics.pairs import PairRows, similarity_table
from mleval.reading import PairRoles
from mleval.registry import Component
from mleval.states import Means


@dataclass(frozen=True)
class PairPlan:
    """Which states to keep. measure, p: how vectors are compared."""

    components: tuple[Component, ...] = ()
    measure: Distance = "euclidean"
    p: float = 2.0

    def states_of(self, batch: Batch) -> Mapping[str, Any]:
        """The states of one batch, by name."""
        rows = pair_rows(batch, self.measure, self.p)
        states: dict[str, Any] = {}
        with np.errstate(over="ignore", invalid="ignore"):  # it shows in the numbers
            components = {c.name: c.of(rows) for c in self.components}
        if components:
            states["means"] = Means.of(components, batch.weight)
        if rows.dissimilar is not None:
            states["scores"] = similarity_table(rows, batch.weight)
        return states


def pair_rows(batch: Batch, measure: Distance, p: float) -> PairRows:
    """The distances of a batch, and which pairs are different."""
    columns = batch.columns
    negative = None
    if "distance" in columns:
        distance = batch.numbers("distance")
        if "negative_distance" in columns:
            negative = batch.numbers("negative_distance")
    else:
        anchor = batch.vectors("a")
        distance = distances(anchor, batch.vectors("b"), measure, p=p)
        if "negative" in columns:
            negative = distances(anchor, batch.vectors("negative"), measure, p=p)
    dissimilar = batch.numbers("dissimilar") if "dissimilar" in columns else None
    return PairRows(distance, dissimilar, negative)


def plan_of(
    requests: Sequence[Request], roles: PairRoles, measure: Distance, p: float | None
) -> PairPlan:
    """The states that these requests need of columns with these roles."""
    possible = [r for r in playable(requests, roles) if r.metric.state is Means]
    return PairPlan(components_of(possible), measure, 2.0 if p is None else p)
