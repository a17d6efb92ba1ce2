"""How the metrics of a regression move: with what its states keep, and with each row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mleval.batch import Batch, Floats
from mleval.evaluation.moments import tangent_on
from mleval.evaluation.regression.estimates import targets_of
from mleval.evaluation.regression.evidence import RegressionEvidence
from mleval.evaluation.regression.plan import RegressionPlan
from mleval.evaluation.regression.ranked import influence, standard_influence
from mleval.evaluation.regression.targets import over_targets
from mleval.evaluation.requests import Request
from mleval.evaluation.rows import Rows
from mleval.states import Means, Ordered
from mleval.uncertainty.order_statistics import quantile_variance
from mleval.uncertainty.tangents import Tangent, of_rows


@dataclass(frozen=True, slots=True)
class Quantile:
    """What a quantile of the absolute errors of a target moves with: the share of rows above it."""

    target: str
    value: float


def tangent(request: Request, evidence: RegressionEvidence) -> Tangent:
    """How the number moves with its state; NoInterval where that is not known."""
    metric, targets = request.metric, targets_of(request, evidence)
    if metric.state is Means and evidence.means is not None:
        return tangent_on(over_targets(metric, targets), request.options, evidence.means)
    if metric.state is Ordered and len(targets) == 1:
        return _of_quantile(request, evidence, targets[0])
    return of_rows(evidence.ranked, *influence(request, evidence, targets))


def _of_quantile(request: Request, evidence: RegressionEvidence, target: str) -> Tangent:
    """Its slope is its standard error: how much it is in one of the share of rows above it."""
    errors, share = evidence.errors[target].magnitudes(), request.metric.share
    assert share is not None
    error = quantile_variance(errors, share) ** 0.5
    above = Quantile(target, errors.quantile(share))
    return Tangent(above, np.array([error]), lambda slope: float(slope @ slope))


def spread(
    tangent: Tangent, evidence: RegressionEvidence, plan: RegressionPlan, rows: Rows
) -> Floats:
    """(n,) how far each row moves a number with such a tangent, up to a constant."""
    state, slope = tangent.of, tangent.slope
    if isinstance(state, Quantile):
        error = rows.each(lambda batch: plan.rows_of(batch)[state.target].absolute_error)
        return standard_influence(error, state.value, rows.weight) * slope
    means = evidence.means
    if state is not means or means is None:
        return slope  # of rows that are kept already

    def moved(batch: Batch) -> Floats:
        def by_block() -> Iterator[Floats]:
            for _, components in plan.blocks_of(batch):
                yield means.moved(slope, components)

        return np.concatenate([np.empty(0), *by_block()])

    return rows.each(moved)
