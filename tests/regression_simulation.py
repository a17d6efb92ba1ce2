"""Errors to draw regressions from, and how often intervals hold the value of the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from regression import Options, Read, read, state_of
from simulation import Tally

from mleval.batch import Floats
from mleval.metrics import find
from mleval.metrics.regression_rows import RegressionRows, means_of
from mleval.registry import Metric
from mleval.spec import Spec
from mleval.states import Kept, Means

Rng = np.random.Generator
Rows = tuple[RegressionRows, Floats | None]
MANY = 500_000  # rows of the sample that true values are read off

OF_ERRORS = """
    mae mse rmse bias wape smape huber huber(delta=0.5) smooth_l1 log_cosh pinball(q=0.9)
    medae p90 p95 p99 interval_coverage interval_width winkler(level=0.9) crps_gaussian gaussian_nll
"""
OF_VARIATION = """
    r2 explained_variance pearson rsq ccc spearman kendall nrmse(by=mean) nrmse(by=std)
    d2_absolute_error d2_pinball(q=0.9) d2_tweedie(power=0)
"""
OF_TAILS = """
    mae mse bias huber log_cosh medae p95 p99 winkler(level=0.9) crps_gaussian gaussian_nll
    r2 explained_variance pearson ccc spearman nrmse(by=mean) d2_absolute_error
"""
ROBUST = """
    mae bias huber log_cosh medae p90 p95 p99 interval_coverage spearman d2_absolute_error
"""
OF_POSITIVE = """
    mape msle rmsle poisson_deviance gamma_deviance tweedie_deviance(power=1.5)
    d2_tweedie(power=1) d2_tweedie(power=2)
"""


@dataclass(frozen=True)
class Regression:
    """Where samples of `rows` rows come from, and what is read off them."""

    rows: int
    draw: Callable[[Rng, int], Rows]
    texts: str


def errors(kind: str) -> Callable[[Rng, int], Floats]:
    """Errors of variance 1 by their distribution."""
    kinds: dict[str, Callable[[Rng, int], Floats]] = {
        "normal": lambda rng, n: rng.normal(size=n),
        "laplace": lambda rng, n: rng.laplace(size=n) / 2**0.5,
        "t": lambda rng, n: rng.standard_t(5, n) / (5 / 3) ** 0.5,
        "skewed": lambda rng, n: rng.exponential(size=n) - 1,
        "heavy": lambda rng, n: rng.standard_t(4.25, n) / (4.25 / 2.25) ** 0.5,
    }
    return kinds[kind]


def additive(kind: str, *, weighted: bool = False) -> Callable[[Rng, int], Rows]:
    """Truth is normal around 10, predictions are shrunk a little and off by such errors."""

    def draw(rng: Rng, n: int) -> Rows:
        truth = 10 + 2 * rng.normal(size=n)
        prediction = 0.3 + 10 + 0.9 * (truth - 10) + errors(kind)(rng, n)
        half = 1.7 * rng.gamma(20, 0.05, n)
        rows = RegressionRows(
            truth, prediction, prediction - half, prediction + half, rng.gamma(100, 0.01, n)
        )
        weight = rng.gamma(1.5, 1 + 0.3 * (truth > 10)) + 0.05 if weighted else None
        return rows, weight

    return draw


def multiplicative(rng: Rng, n: int) -> Rows:
    """Positive truths, predictions off by a factor."""
    truth = rng.gamma(3.0, 2.0, n) + 0.2
    return RegressionRows(truth, truth * np.exp(0.3 * rng.normal(size=n) - 0.02)), None


def unrelated(kind: str, slope: float = 0.0) -> Callable[[Rng, int], Rows]:
    """Predictions that know next to nothing of the truth, or nothing at all."""

    def draw(rng: Rng, n: int) -> Rows:
        truth = errors(kind)(rng, n)
        return RegressionRows(truth, slope * truth + errors(kind)(rng, n)), None

    return draw


BOTH = OF_ERRORS + OF_VARIATION
SAMPLES = {
    "normal": Regression(500, additive("normal"), BOTH),
    "normal, weighted": Regression(1500, additive("normal", weighted=True), BOTH),
    "Laplace, kurtosis 6": Regression(1000, additive("laplace"), OF_TAILS),
    "t, kurtosis 9": Regression(2000, additive("t"), OF_TAILS),
    "exponential, kurtosis 9": Regression(2000, additive("skewed"), OF_TAILS),
    "positive": Regression(1000, multiplicative, OF_POSITIVE),
    "weakly correlated": Regression(100, unrelated("normal", 0.2), "pearson rsq"),
    "weakly correlated, Laplace": Regression(100, unrelated("laplace", 0.2), "pearson rsq"),
    "ten rows": Regression(10, unrelated("normal", 1.0), "pearson rsq"),
    "five rows": Regression(5, unrelated("normal", 1.0), "pearson"),
    # means of squares are not promised here: their own variance hangs on a few rows
    "t, kurtosis 27": Regression(1000, additive("heavy"), ROBUST),
}


def parsed(text: str) -> tuple[Metric, Options]:
    spec = Spec.parse(text)
    metric = find(spec.name, "regress")
    return metric, metric.options_of(spec)


def simulate(sample: Regression, repetitions: int, seed: int = 1) -> dict[str, Tally]:
    """Draw samples, read every metric with its interval, and see where the true value is."""
    rng = np.random.default_rng(seed)
    metrics = {text: parsed(text) for text in sample.texts.split()}
    whole = states_of(metrics.values(), *sample.draw(rng, MANY))
    tallies = {
        text: Tally(read(metric, options, whole[metric.state], None).value)
        for text, (metric, options) in metrics.items()
    }
    for _ in range(repetitions):
        states = states_of(metrics.values(), *sample.draw(rng, sample.rows))
        for text, (metric, options) in metrics.items():
            count(tallies[text], read(metric, options, states[metric.state]))
    return tallies


def states_of(
    metrics: Iterable[tuple[Metric, Options]], rows: RegressionRows, weight: Floats | None
) -> dict[type, Any]:
    """One state of each kind, that holds what all of these metrics read."""
    found: dict[type, Any] = {}
    means, columns = {}, {} if weight is None else {"weight": weight}
    for metric, options in metrics:
        assert metric.components
        read = {c.name: c for c in metric.components(**options)}
        if metric.state is Means:
            means |= read
        elif metric.state is Kept:
            columns |= {name: component.of(rows) for name, component in read.items()}
        else:
            found[metric.state] = state_of(metric, options, rows, weight)
    return found | {Means: means_of(rows, means.values(), weight), Kept: Kept.of(columns)}


def count(tally: Tally, found: Read) -> None:
    tally.values.append(found.value)
    if found.interval is None:
        tally.without += 1
    elif found.interval.high < tally.truth:
        tally.below += 1
    elif found.interval.low > tally.truth:
        tally.above += 1
    else:
        tally.holds += 1
