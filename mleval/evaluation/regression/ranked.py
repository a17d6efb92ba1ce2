"""How far each row moves what is read off the rows themselves: ranks, and percentiles of targets.

The targets of a row go together, so their influences are added up before they are squared.
"""

from __future__ import annotations

import numpy as np

from mleval.batch import Floats
from mleval.errors import NoInterval
from mleval.evaluation.regression.evidence import RegressionEvidence
from mleval.evaluation.requests import Request
from mleval.metrics.regression_rows import ABSOLUTE_ERROR
from mleval.states import Ordered
from mleval.uncertainty.influences import centred, variance_of
from mleval.uncertainty.order_statistics import quantile_variance


def influence(
    request: Request, evidence: RegressionEvidence, targets: tuple[str, ...]
) -> tuple[Floats, Floats]:
    """(n,) of each row on the mean over the targets, and (n,) the weights.

    Raises NoInterval where it is not known of one of them, and where the rows are not kept.
    """
    of = _of_percentile if request.metric.state is Ordered else _of_ranks
    summed = sum(of(request, evidence, target) for target in targets)
    return np.asarray(summed) / len(targets), evidence.ranked[targets[0]].weight


def _of_ranks(request: Request, evidence: RegressionEvidence, target: str) -> Floats:
    if request.metric.influence is None:
        raise NoInterval("none is known for it")
    found: Floats = request.metric.influence(evidence.ranked[target], **request.options)
    return found


def _of_percentile(request: Request, evidence: RegressionEvidence, target: str) -> Floats:
    rows, share = evidence.ranked[target], request.metric.share
    assert share is not None
    if not rows.complete:
        raise NoInterval(f"of several targets it takes over {rows.cap:,} rows: ask for it by name")
    errors = evidence.errors[target].magnitudes()
    error = quantile_variance(errors, share) ** 0.5
    value, size = errors.quantile(share), rows.columns[ABSOLUTE_ERROR.name]
    moved: Floats = error * standard_influence(size, value, rows.weight)
    return moved


def standard_influence(values: Floats, quantile: float, weight: Floats) -> Floats:
    """(n,) whether each value is above a quantile, scaled to a variance of 1.

    >>> found = standard_influence(np.array([1.0, 2.0, 3.0, 4.0]), 2.5, np.ones(4))
    >>> found.round(3).tolist(), round(variance_of(found, np.ones(4)), 12)
    ([-1.732, -1.732, 1.732, 1.732], 1.0)
    """
    above = values > quantile
    if not above.any():  # the highest of all is several times there
        above = values >= quantile
    moved = centred(above.astype(np.float64), weight)
    standard: Floats = moved / variance_of(moved, weight) ** 0.5
    return standard
