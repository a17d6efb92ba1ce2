"""The charts of a regression: errors as they are, beside the normal, and against predictions.

What two columns have to do with each other is drawn of a sample: the rows with the lowest hash of
where they are, which are the same however the rows come in batches.
"""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

import numpy as np

from mleval.batch import Batch, Floats
from mleval.evaluation.charts import between, columns, histogram, is_finite
from mleval.evaluation.regression.evidence import RegressionEvidence
from mleval.evaluation.regression.targets import of_target
from mleval.metrics.regression_rows import RegressionRows
from mleval.report_charts import Chart, Charts
from mleval.states import Kept, Ordered
from mleval.uncertainty.intervals import normal_quantile

SAMPLE = 20_000  # rows at most that two columns are looked at together in
_CELLS = 40  # on either side of a picture of two columns
_BINS = 12  # of predictions, in which errors are described
_SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
_TAIL = 0.002  # the share of the rows that is beyond either end of a picture
_QUARTILE = NormalDist().inv_cdf(0.75)


def sample(rows: RegressionRows, batch: Batch) -> Kept:
    """Truth and prediction of some of the rows."""
    places = np.arange(batch.rows) if batch.places is None else batch.places
    key = hashed(places, batch.part)
    some = np.flatnonzero(key <= 3 * SAMPLE / max(batch.rows, 1))
    if len(some) < min(SAMPLE, batch.rows):
        some = np.arange(batch.rows)
    kept: dict[str, Any] = {
        "key": key[some],
        "truth": rows.truth[some],
        "prediction": rows.prediction[some],
        "weight": np.ones(len(some)) if batch.weight is None else batch.weight[some],
    }
    return Kept.lowest(kept, SAMPLE)


def hashed(places: Any, part: int) -> Floats:
    """(n,) numbers from 0 to 1 that places do not foretell: the finaliser of splitmix64.

    >>> hashed(np.arange(2), 0).round(3).tolist()
    [0.0, 0.338]
    """
    bits = places.astype(np.uint64) + np.uint64((part << 40) & (2**64 - 1))
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        bits = (bits ^ (bits >> np.uint64(shift))) * np.uint64(factor)
    return np.asarray((bits ^ (bits >> np.uint64(31))) / 2.0**64)


def charts(evidence: RegressionEvidence, level: float | None) -> Charts:
    """Those of each target. level: of the band of the normal quantiles."""
    found: dict[str, Chart] = {}
    for target, errors in evidence.errors.items():
        if not is_finite(errors):
            continue
        mine = {"error": histogram(errors), "qq": _normal(errors, level)}
        if target in evidence.samples:
            mine |= _together(evidence.samples[target].columns)
        found |= {of_target(name, target): chart for name, chart in mine.items() if chart}
    return found


def _normal(errors: Ordered, level: float | None) -> Chart:
    """Quantiles of the errors beside those of a normal distribution.

    low, high: the pointwise band of a normal sample about the line through the quartiles:
    ± z · s · √(p(1−p)/n) / φ. Source: Fox 2016, Applied Regression Analysis, 3.1.3.
    """
    n = errors.weight
    lower, upper = errors.quantile(0.25), errors.quantile(0.75)
    if not lower < upper:
        return {}
    tails = [share for share in (1e-5, 1e-4, 1e-3) if share * n >= 1]
    points = int(min(99, max(n, 2)))
    middle = (np.arange(points) + 0.5) / points
    shares = np.sort([*tails, *middle, *(1 - share for share in tails)])
    normal = np.array([NormalDist().inv_cdf(share) for share in shares])
    slope = (upper - lower) / (2 * _QUARTILE)
    line = (lower + upper) / 2 + slope * normal
    spread = slope * np.sqrt(shares * (1 - shares) / n) / np.exp(-(normal**2) / 2)
    reach = np.nan if level is None else normal_quantile(level) * np.sqrt(2 * np.pi) * spread
    values = [errors.quantile(share) for share in shares]
    return columns(normal=normal, error=values, low=line - reach, high=line + reach)


def _together(kept: Mapping[str, Any]) -> dict[str, Chart]:
    """Truths and errors against predictions."""
    truth, prediction, weight = kept["truth"], kept["prediction"], kept["weight"]
    if not len(truth) or not weight.sum() > 0:
        return {}
    error = prediction - truth
    return {
        "true_by_predicted": _cells(prediction, truth, weight),
        "error_by_predicted": _cells(prediction, error, weight),
        "error_spread": _spread(prediction, error, weight),
    }


def _cells(x: Floats, y: Floats, weight: Floats) -> Chart:
    """The weight in each cell that holds some; the outermost hold what is beyond them."""
    across, up = (_edges(column) for column in (x, y))
    counts, _, _ = np.histogram2d(
        x.clip(across[0], across[-1]), y.clip(up[0], up[-1]), (across, up), weights=weight
    )
    at, high = np.nonzero(counts)
    return columns(
        x_lowest=across[at],
        x_highest=across[at + 1],
        y_lowest=up[high],
        y_highest=up[high + 1],
        weight=counts[at, high],
    )


def _edges(values: Floats) -> Floats:
    low, high = np.quantile(values, (_TAIL, 1 - _TAIL), method="inverted_cdf")
    return between(float(low), float(high), _CELLS)


def _spread(x: Floats, error: Floats, weight: Floats) -> Chart:
    """Quantiles of the error in bins of as many rows, told apart by prediction."""
    order = np.argsort(x, kind="stable")
    bins = min(_BINS, max(1, len(x) // 30))
    found = []
    for some in np.array_split(order, bins):
        errors = Ordered.of(error[some], weight[some])
        ends = x[some[0]], x[some[-1]], weight[some].sum()
        found.append((*ends, *(errors.quantile(share) for share in _SHARES)))
    names = ("lowest", "highest", "weight", *(f"p{100 * share:g}" for share in _SHARES))
    return columns(**dict(zip(names, zip(*found, strict=True), strict=True)))
