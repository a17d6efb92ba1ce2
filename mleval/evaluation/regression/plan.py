"""The plan of a regression: which states are kept of each batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mleval.batch import Batch, Floats
from mleval.errors import InputError
from mleval.evaluation.regression.charts import sample
from mleval.evaluation.regression.targets import ONE, of_target
from mleval.evaluation.requests import Request, components_of, playable
from mleval.metrics.regression_rows import SQUARED_ERROR, TRUTH, RegressionRows
from mleval.reading import RegressionRoles
from mleval.registry import Component
from mleval.states import Kept, Means, Ordered, Product

_ALWAYS = (TRUTH, SQUARED_ERROR)  # what cautions look at
_MOST_RANKED = 1_000_000  # rows that are kept for ranks that nobody asked for by name
HANDFUL = 10  # rows of which it is looked at how much of the error they make


@dataclass(frozen=True)
class RegressionPlan:
    """Which states to keep, of each target.

    components: the numbers a row that `Means` keeps; errors: keep every error, for quantiles;
    ranked: keep truths and predictions, for ranks, if there are at most so many rows (None: any
    number; 0: not at all); kept: the numbers a row that are kept for them; worst: how many of the
    rows with the largest errors to keep, if any; sampled: keep some rows, for pictures;
    levels: target → what its intervals promise to hold.
    """

    targets: tuple[str, ...] = (ONE,)
    components: tuple[Component, ...] = ()
    errors: bool = False
    ranked: int | None = 0
    kept: tuple[Component, ...] = ()
    worst: int = HANDFUL
    sampled: bool = False
    levels: Mapping[str, float] = field(default_factory=dict)

    def states_of(self, batch: Batch) -> Mapping[str, Any]:
        """The states of one batch, by name: those of a target are called after it."""
        with np.errstate(over="ignore", invalid="ignore"):  # it shows in the numbers
            return self._states_of(batch)

    def _states_of(self, batch: Batch) -> dict[str, Any]:
        rows = self.rows_of(batch)
        states: dict[str, Any] = {"means": self._means(rows, batch.weight)}
        for target, mine in rows.items():
            ordered = Ordered.of(mine.error, batch.weight) if self.errors else Ordered.empty()
            if self.errors:
                states[of_target("errors", target)] = ordered
            if self.ranked != 0:
                columns: dict[str, Any] = {c.name: c.of(mine) for c in self.kept}
                if batch.weight is not None:
                    columns["weight"] = batch.weight
                states[of_target("ranked", target)] = Kept.of(columns, self.ranked)
            if self.sampled:
                states[of_target("sample", target)] = sample(mine, batch)
            if self.worst:
                states[of_target("worst", target)] = self._worst(mine, batch, ordered)
            if self.worst and batch.weight is not None:
                costs = {"key": -batch.weight * mine.squared_error}
                states[of_target("heaviest", target)] = Kept.lowest(costs, HANDFUL)
        return states

    def rows_of(self, batch: Batch) -> dict[str, RegressionRows]:
        """The rows of each target."""
        return {target: rows_of(batch, target, self.levels) for target in self.targets}

    def blocks_of(self, batch: Batch) -> Iterator[tuple[slice, dict[str, Any]]]:
        """The components that `Means` sums up, of a block of rows at a time, and where it is."""
        for some, blocks in _blocks(self.rows_of(batch)):
            yield some, self._components(blocks)

    def _means(self, rows: Mapping[str, RegressionRows], weight: Floats | None) -> Means:
        """Of all targets together: what couples them is known then."""
        return Means.over(
            (self._components(blocks), None if weight is None else weight[some])
            for some, blocks in _blocks(rows)
        )

    def _components(self, rows: Mapping[str, RegressionRows]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for target, mine in rows.items():
            for component in self.components:
                column = component.of(mine)
                if isinstance(column, Product):
                    factors = (of_target(name, target) for name in (column.left, column.right))
                    column = Product(*factors)
                found[of_target(component.name, target)] = column
        return found

    def _worst(self, rows: RegressionRows, batch: Batch, ordered: Ordered) -> Kept:
        """The rows with the largest errors, and where they are; ordered: the errors, if sorted."""
        limit = ordered.largest(self.worst) if ordered.runs else _largest(rows.error, self.worst)
        some = np.flatnonzero((rows.error >= limit) | (rows.error <= -limit))
        places = some if batch.places is None else batch.places[some]
        columns: dict[str, Any] = {
            "key": -np.abs(rows.error[some]),
            "part": np.full(len(some), batch.part),
            "row": places,
            "truth": rows.truth[some],
            "prediction": rows.prediction[some],
            "weight": np.ones(len(some)) if batch.weight is None else batch.weight[some],
        }
        if "id" in batch.columns:
            columns["id"] = batch.texts("id").cells(some)
        return Kept.lowest(columns, self.worst)


def _largest(errors: Floats, count: int) -> float:
    """The magnitude that so many errors reach."""
    if len(errors) <= count:
        return 0.0
    return -float(np.partition(-np.abs(errors), count - 1)[count - 1])


def plan_of(
    requests: Sequence[Request],
    roles: RegressionRoles,
    *,
    listed: int,
    described: bool,
    sampled: bool = False,
    coupled: bool,
) -> RegressionPlan:
    """The states that these requests need of columns with these roles.

    listed: how many of the worst rows the report lists; described: whether it has a histogram;
    sampled: whether some rows are kept for pictures;
    coupled: whether the rows are kept that intervals of percentiles take which are means over
    several targets.
    """
    possible = [request for request in playable(requests, roles) if _is_told(request, roles)]
    means = [request for request in possible if request.metric.state is Means]
    ranks = [r for r in possible if r.metric.state is Kept or (coupled and _is_coupled(r, roles))]
    caps = [None if r.asked else r.metric.most_rows or _MOST_RANKED for r in ranks]
    return RegressionPlan(
        targets=roles.targets or (ONE,),
        components=tuple({c.name: c for c in (*_ALWAYS, *components_of(means))}.values()),
        errors=described or any(r.metric.state is Ordered for r in possible),
        ranked=None if None in caps else max((cap or 0 for cap in caps), default=0),
        kept=components_of(ranks),
        worst=max(listed, HANDFUL),
        sampled=sampled,
        levels=roles.levels,
    )


def _is_coupled(request: Request, roles: RegressionRoles) -> bool:
    """Whether it is a mean of percentiles of targets, which go together row by row."""
    several = len(roles.targets) > 1 and request.spec.target is None
    return several and request.metric.state is Ordered and not request.metric.no_interval


def _is_told(request: Request, roles: RegressionRoles) -> bool:
    """Whether the columns tell what a metric reads, such as a quantile: it is tried on a row.

    Raises InputError when they do not and it was asked for.
    """
    one = np.ones(1)
    quantiles = {float(level): one for level in roles.families.get("quantiles", {})}
    for target in roles.targets or (ONE,):
        level = roles.levels.get(target)
        row = RegressionRows(one, one, one, one, one, quantiles or None, level)
        try:
            for component in components_of([request]):
                component.of(row)
        except InputError as error:
            if request.asked:
                raise InputError(f"{request.key}: {error.args[0]}", hint=error.hint) from None
            return False
    return True


def rows_of(batch: Batch, target: str, levels: Mapping[str, float]) -> RegressionRows:
    """The columns of one target."""
    others = {
        role: batch.numbers(role) if target == ONE else batch.family(role).column(target)
        for role in ("truth", "prediction", "lower", "upper", "std")
        if role in batch.columns
    }
    quantiles = None
    if "quantiles" in batch.columns:
        family = batch.family("quantiles")
        quantiles = {float(name): family.column(name) for name in family.names}
    return RegressionRows(**others, quantiles=quantiles, level=levels.get(target))


def _blocks(
    rows: Mapping[str, RegressionRows],
) -> Iterator[tuple[slice, dict[str, RegressionRows]]]:
    """The rows of all targets, a block of each at a time."""
    for several in zip(*(mine.blocks() for mine in rows.values()), strict=True):
        some = several[0][0]
        yield some, dict(zip(rows, (block for _, block in several), strict=True))
