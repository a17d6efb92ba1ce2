"""Residuals of uneven size: with the prediction, and in a few rows that are far off."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mleval.batch import Floats
from mleval.diagnosis.finding import Exhibit, Finding, Gain, Ranged
from mleval.diagnosis.wording import number, percent

_CHANCE = 0.001
_BANDS = 5
_TIMES = 1.25  # by which the largest typical residual exceeds the least, to be named
_FAR = 5.0  # standard deviations of the bulk
_OF_NORMAL = 1.4826  # the standard deviation of a normal by its median absolute deviation
_RARE = 0.05  # of the rows: what is more frequent is no outlier
_HEAVY = 0.2  # of the squared error; a Laplace distribution has 0.12 there


def uneven(residual: Floats, predicted: Floats, weight: Floats) -> Iterator[Finding]:
    """Heteroscedasticity: whether the size of residuals depends on the prediction.

    Koenker's studentised Breusch-Pagan test with White's square: n·R² of the regression of squared
    residuals on the prediction and its square, against chi-squared with 2. For tails so heavy that
    squares have no say, the same with absolute residuals must agree. Source: Koenker 1981.
    """
    if not np.ptp(predicted) > 0:
        return
    typical = [means for _, _, means in _bands(residual, predicted, weight)]
    p = max(_koenker(size, predicted, weight) for size in (np.square(residual), abs(residual)))
    if p > _CHANCE or len(typical) < 2 or max(typical) < _TIMES * min(typical):
        return
    grows = typical[-1] > typical[0]
    straight = max(typical[0], typical[-1]) >= _TIMES * min(typical[0], typical[-1])
    way = ("grow" if grows else "shrink") if straight else "differ in size"
    yield Finding(
        part="residuals",
        kind="heteroscedastic",
        says=f"residuals {way} with the prediction: {number(typical[0])} on average in the lowest "
        f"fifth of predictions, {number(typical[-1])} in the highest",
        step="Predict a transformed target (a logarithm where they grow), or weight rows by how "
        "precise they are, and give intervals that widen with it",
        evidence={"lowest": typical[0], "highest": typical[-1], "p": p},
    )


def _koenker(size: Floats, predicted: Floats, weight: Floats) -> float:
    from scipy.stats import chi2

    x = (predicted - predicted.mean()) / predicted.std()
    root = np.sqrt(weight)
    design = np.column_stack([np.ones(len(x)), x, np.square(x)])
    found = np.linalg.lstsq(design * root[:, None], size * root, rcond=None)[0]
    mean = float(weight @ size / weight.sum())
    all_of_it = float(weight @ np.square(size - mean))
    left = float(weight @ np.square(size - design @ found))
    rows = float(weight.sum())
    return float(chi2.sf(rows * max(1 - left / all_of_it, 0.0), 2)) if all_of_it > 0 else 1.0


def _bands(
    residual: Floats, predicted: Floats, weight: Floats
) -> Iterator[tuple[tuple[float, float], int, float]]:
    """Fifths of the predictions: their ends, rows and mean absolute residual."""
    cuts = np.unique(np.quantile(predicted, np.arange(1, _BANDS) / _BANDS))
    codes = np.searchsorted(cuts, predicted)
    ends = [float(predicted.min()), *cuts.tolist(), float(predicted.max())]
    for at in range(len(cuts) + 1):
        here = codes == at
        if here.any():
            mean = float(weight[here] @ abs(residual[here]) / weight[here].sum())
            yield (ends[at], ends[at + 1]), int(here.sum()), mean


def by_prediction(residual: Floats, predicted: Floats, weight: Floats) -> Exhibit:
    """Residuals by fifths of the predictions."""
    rows = tuple(
        (f"{number(low)} to {number(high)}", count, mean)
        for (low, high), count, mean in _bands(residual, predicted, weight)
    )
    return Exhibit(
        name="residuals by prediction",
        title="the size of residuals by the prediction",
        columns=("prediction", "rows", "mean absolute residual"),
        rows=rows,
    )


def outliers(residual: Floats, weight: Floats) -> Iterator[Finding]:
    """Rows beyond five standard deviations of the bulk, where they hold much of the error."""
    middle = float(np.median(residual))
    spread = _OF_NORMAL * float(np.median(np.abs(residual - middle)))
    far = np.abs(residual - middle) > _FAR * spread
    squared = np.square(residual)
    all_of_it = float(weight @ squared)
    if spread == 0 or not far.any() or far.mean() > _RARE:
        return
    held = float(weight[far] @ squared[far]) / all_of_it
    if held < _HEAVY:
        return
    total = float(weight.sum())
    others = float(weight[~far] @ squared[~far]) / float(weight[~far].sum())
    now = float(np.sqrt(all_of_it / total))
    then = float(np.sqrt(others))
    yield Finding(
        part="residuals",
        kind="outliers",
        says=f"{int(far.sum()):,} rows ({percent(float(far.mean()))}) are more than {number(_FAR)} "
        f"standard deviations of the bulk off, and hold {percent(held)} of the squared error",
        gain=Gain("rmse", now, then, Ranged(then - now), 1 - others * total / all_of_it),
        step="Look at these rows first (--errors FILE writes them): wrong data, or a loss that "
        "bears outliers",
        evidence={"rows": int(far.sum()), "limit": _FAR * spread, "held": held},
    )
