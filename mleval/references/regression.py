"""Metrics of regression by scikit-learn and scipy. Undefined: nan, whatever the library prints."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from mleval.references.definitions import regression as definitions
from mleval.references.numbers import ObservedNumbers

_NEXT_TO = 1e-2  # the nearer, the more digits scikit-learn loses


def _by_sklearn(name: str, observed: ObservedNumbers, **options: Any) -> float:
    """A function of sklearn.metrics; nan where it refuses the numbers."""
    from sklearn import metrics

    score: Callable[..., Any] = getattr(metrics, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = score(
                observed.truth, observed.prediction, sample_weight=observed.weight, **options
            )
        except ValueError:
            return math.nan
    return float(found)


def mae(observed: ObservedNumbers) -> float:
    """By mean_absolute_error."""
    return _by_sklearn("mean_absolute_error", observed)


def mse(observed: ObservedNumbers) -> float:
    """By mean_squared_error."""
    return _by_sklearn("mean_squared_error", observed)


def rmse(observed: ObservedNumbers) -> float:
    """By root_mean_squared_error."""
    return _by_sklearn("root_mean_squared_error", observed)


def mape(observed: ObservedNumbers) -> float:
    """By mean_absolute_percentage_error; undefined where truth is 0, which it divides by ε."""
    if (observed.truth == 0).any():
        return math.nan
    return _by_sklearn("mean_absolute_percentage_error", observed)


def msle(observed: ObservedNumbers) -> float:
    """By mean_squared_log_error, which refuses −1 and less."""
    return _by_sklearn("mean_squared_log_error", observed)


def rmsle(observed: ObservedNumbers) -> float:
    """By root_mean_squared_log_error."""
    return _by_sklearn("root_mean_squared_log_error", observed)


def medae(observed: ObservedNumbers) -> float:
    """By median_absolute_error."""
    return _by_sklearn("median_absolute_error", observed)


def max_error(observed: ObservedNumbers) -> float:
    """By max_error."""
    from sklearn.metrics import max_error

    return float(max_error(observed.truth, observed.prediction))


def r2(observed: ObservedNumbers) -> float:
    """By r2_score; undefined where truth has a single value."""
    return _explained("r2_score", observed)


def explained_variance(observed: ObservedNumbers) -> float:
    """By explained_variance_score; undefined where truth has a single value."""
    return _explained("explained_variance_score", observed)


def d2_absolute_error(observed: ObservedNumbers) -> float:
    """By d2_absolute_error_score; undefined where truth has a single value."""
    return _explained("d2_absolute_error_score", observed)


def d2_tweedie(observed: ObservedNumbers, *, power: float) -> float:
    """By d2_tweedie_score; undefined where truth has a single value."""
    return _explained("d2_tweedie_score", observed, power=power)


def _explained(name: str, observed: ObservedNumbers, **options: Any) -> float:
    if len(np.unique(observed.truth)) < 2:
        return math.nan
    return _by_sklearn(name, observed, **options)


def pinball(observed: ObservedNumbers, *, q: float) -> float:
    """By mean_pinball_loss, of the column of that quantile where there is one."""
    from sklearn.metrics import mean_pinball_loss

    predicted = observed.quantiles.get(q, observed.prediction)
    return float(
        mean_pinball_loss(observed.truth, predicted, sample_weight=observed.weight, alpha=q)
    )


def d2_pinball(observed: ObservedNumbers, *, q: float) -> float:
    """1 − mean_pinball_loss / that of the q-quantile of truth, the averaged inverted CDF.

    d2_pinball_score takes another quantile: interpolated without weights, the lower with them.
    """
    from sklearn.metrics import mean_pinball_loss

    truth = observed.truth
    if len(np.unique(truth)) < 2:
        return math.nan
    constant = np.full_like(truth, definitions.quantile_of(truth, observed.weights, q))
    model, null = (
        float(mean_pinball_loss(truth, predicted, sample_weight=observed.weight, alpha=q))
        for predicted in (observed.quantiles.get(q, observed.prediction), constant)
    )
    return 1 - model / null


def poisson_deviance(observed: ObservedNumbers) -> float:
    """By mean_poisson_deviance, which refuses what cannot be."""
    return _by_sklearn("mean_poisson_deviance", observed)


def gamma_deviance(observed: ObservedNumbers) -> float:
    """By mean_gamma_deviance, which refuses what cannot be."""
    return _by_sklearn("mean_gamma_deviance", observed)


def tweedie_deviance(observed: ObservedNumbers, *, power: float) -> float:
    """By mean_tweedie_deviance, which refuses what cannot be.

    Next to the powers 1 and 2 its terms cancel: there by the formula, in decimals.
    """
    found = _by_sklearn("mean_tweedie_deviance", observed, power=power)
    if math.isnan(found) or not 0 < min(abs(power - 1), abs(power - 2)) < _NEXT_TO:
        return found
    return definitions.tweedie_deviance(observed, power=power)


def huber(observed: ObservedNumbers, *, delta: float = 1.0) -> float:
    """By scipy.special.huber."""
    from scipy.special import huber

    losses = huber(delta, observed.truth - observed.prediction)
    return float(np.average(losses, weights=observed.weight))


def gaussian_nll(observed: ObservedNumbers) -> float:
    """By scipy.stats.norm.logpdf; undefined where a standard deviation is 0."""
    from scipy.stats import norm

    assert observed.std is not None
    if (observed.std <= 0).any():
        return math.nan
    logs = norm.logpdf(observed.truth, observed.prediction, observed.std)
    return -float(np.average(logs, weights=observed.weight))


def crps_gaussian(observed: ObservedNumbers) -> float:
    """The closed form (Gneiting et al. 2005) with scipy.stats.norm; at σ = 0 the absolute error."""
    from scipy.stats import norm

    assert observed.std is not None
    scores = []
    for (truth, mean, _), std in zip(observed.rows, observed.std.tolist(), strict=True):
        z = (truth - mean) / std if std else 0.0
        score = std * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / math.sqrt(math.pi))
        scores.append(score if std else abs(truth - mean))
    return float(np.average(scores, weights=observed.weight))


def pearson(observed: ObservedNumbers) -> float:
    """By scipy.stats.pearsonr; with weights by the definition. Undefined for a constant column."""
    return _correlation("pearsonr", definitions.pearson, observed)


def rsq(observed: ObservedNumbers) -> float:
    """The square of it."""
    return pearson(observed) ** 2


def spearman(observed: ObservedNumbers) -> float:
    """By scipy.stats.spearmanr; with weights by the definition."""
    return _correlation("spearmanr", definitions.spearman, observed)


def kendall(observed: ObservedNumbers) -> float:
    """By scipy.stats.kendalltau (τ-b); with weights by the definition."""
    return _correlation("kendalltau", definitions.kendall, observed)


def _correlation(
    name: str, definition: Callable[[ObservedNumbers], float], observed: ObservedNumbers
) -> float:
    if min(len(np.unique(observed.truth)), len(np.unique(observed.prediction))) < 2:
        return math.nan
    if observed.weight is not None:
        return definition(observed)
    from scipy import stats

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(getattr(stats, name)(observed.truth, observed.prediction)[0])
