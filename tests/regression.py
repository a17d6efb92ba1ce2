"""Rows of numbers to evaluate, and metrics of regression read off their states, however cut up."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

import numpy as np

from mleval.batch import Floats
from mleval.errors import NoInterval, Undefined
from mleval.evaluation.estimates import _within
from mleval.evaluation.moments import interval_on
from mleval.metrics import find, metrics
from mleval.metrics.regression_rows import RegressionRows, means_of
from mleval.references import ObservedNumbers
from mleval.registry import Metric
from mleval.spec import Spec
from mleval.states import Kept, Means, Ordered
from mleval.uncertainty.influences import influence_interval
from mleval.uncertainty.intervals import Interval
from mleval.uncertainty.order_statistics import quantile_interval

Options = dict[str, Any]

# Numbers an option can be set to, beside its default and its example.
FURTHER: dict[str, tuple[Options, ...]] = {
    "huber": ({"delta": 0.3}, {"delta": 1e9}),
    "smooth_l1": ({"beta": 0.0}, {"beta": 3.0}),
    "pinball": ({"q": 0.1}, {"q": 0.5}),
    "winkler": ({"level": 0.5},),
    "tweedie_deviance": tuple({"power": p} for p in (-1.5, 0.0, 1.0, 1.2, 2.0, 2.5, 3.0)),
    "d2_tweedie": tuple({"power": p} for p in (-1.5, 0.0, 1.5, 2.0, 3.0)),
    "d2_pinball": ({"q": 0.25}, {"q": 0.5}),
}


@dataclass(frozen=True)
class Read:
    """A metric read off a state: its value, or why there is none; its interval, or why not."""

    value: float
    undefined: str = ""
    interval: Interval | None = None
    no_interval: str = ""


def option_sets(metric: Metric) -> list[Options]:
    """Defaults, the example, every choice, further numbers; all converted."""
    example = dict(Spec.parse(metric.example).options) if metric.example else {}
    needed = {o.name: example[o.name] for o in metric.options if o.required or o.default is None}
    sets = [needed, example]
    for option in metric.options:
        sets += [needed | {option.name: choice} for choice in get_args(option.kind)]
    sets += [needed | more for more in FURTHER.get(metric.name, ())]
    specs = dict.fromkeys(tuple(sorted(s.items())) for s in sets)
    return [metric.options_of(Spec(metric.name, options)) for options in specs]


def every() -> list[tuple[Metric, Options]]:
    """Every metric of regression under each of its option sets."""
    return [(m, options) for m in metrics("regress") for options in option_sets(m)]


def state_of(
    metric: Metric, options: Options, rows: RegressionRows, weight: Floats | None = None
) -> Any:
    """What a metric is read off."""
    assert metric.components
    components = metric.components(**options)
    if metric.state is Means:
        return means_of(rows, components, weight)
    columns = {component.name: component.of(rows) for component in components}
    if metric.state is Ordered:
        (column,) = columns.values()
        return Ordered.of(column, weight)
    return Kept.of(columns | ({} if weight is None else {"weight": weight}))


def read(metric: Metric, options: Options, state: Any, level: float | None = 0.95) -> Read:
    """The value, and the interval unless `level` is None."""
    told = state.readings() if isinstance(state, Means) else state
    with np.errstate(all="ignore"):
        try:
            value = _within(float(metric.function(told, **options)), metric.range)
        except Undefined as error:
            return Read(math.nan, error.reason)
        if math.isnan(value):
            return Read(value, metric.undefined)
        if level is None:
            return Read(value)
        try:
            if metric.no_interval:
                raise NoInterval(metric.no_interval)
            return Read(value, interval=_interval(metric, options, state, level, value))
        except NoInterval as error:
            return Read(value, no_interval=error.reason)


def _interval(metric: Metric, options: Options, state: Any, level: float, value: float) -> Interval:
    if metric.state is Means:
        return interval_on(metric, options, state, level, value)
    if metric.state is Ordered:
        assert metric.share is not None
        return quantile_interval(state, metric.share, level)
    assert metric.influence
    influence = metric.influence(state, **options)
    return influence_interval(influence, state.weight, value, metric.range, level)


def value_of(name: str, rows: RegressionRows, weight: Floats | None = None, **options: Any) -> Read:
    """A metric by its Spec's name and options, of rows in one piece."""
    metric = find(name, "regress")
    options = metric.options_of(Spec(name, tuple(options.items())))
    return read(metric, options, state_of(metric, options, rows, weight))


def part(rows: RegressionRows, some: Any) -> RegressionRows:
    """Some of the rows, by position."""
    return rows.take(some)


def observed(rows: RegressionRows, weight: Floats | None = None) -> ObservedNumbers:
    """The same rows for a reference."""
    return ObservedNumbers(
        truth=rows.truth,
        prediction=rows.prediction,
        lower=rows.lower,
        upper=rows.upper,
        std=rows.std,
        quantiles=dict(rows.quantiles or {}),
        weight=weight,
    )


def with_forecasts(rows: RegressionRows, seed: int = 0) -> RegressionRows:
    """The rows with intervals and standard deviations around their predictions."""
    rng = np.random.default_rng(seed)
    size = len(rows.truth)
    width = np.abs(rows.error).mean() + 0.5
    return replace(
        rows,
        lower=rows.prediction - width * rng.random(size) * 2,
        upper=rows.prediction + width * rng.random(size) * 2,
        std=width * (rng.random(size) + 0.5),
    )


def cases() -> Iterator[tuple[str, RegressionRows, Floats | None]]:
    """Names, rows and weights: random and degenerate, each without weights and with."""
    for name, rows in _cases():
        rng = np.random.default_rng(len(name))
        rows = with_forecasts(rows)
        size = len(rows.truth)
        yield name, rows, None
        yield f"{name}, whole weights", rows, rng.integers(1, 5, size).astype(float)
        yield f"{name}, weights", rows, rng.gamma(1.5, size=size) + 0.05


def _cases() -> Iterator[tuple[str, RegressionRows]]:
    def rows(truth: Sequence[float], prediction: Sequence[float]) -> RegressionRows:
        return RegressionRows(np.array(truth, float), np.array(prediction, float))

    for seed in range(3):
        rng = np.random.default_rng(seed)
        truth = rng.normal(size=80) * 3
        yield f"normal {seed}", rows(truth, truth + rng.normal(size=80))
        truth = rng.gamma(2.0, 4.0, 80) + 0.01
        yield f"positive {seed}", rows(truth, truth * np.exp(0.3 * rng.normal(size=80)))
        counts = rng.poisson(3.0, 80)
        yield f"counts {seed}", rows(counts, 0.5 + 0.8 * counts + rng.random(80))
        yield f"tied {seed}", rows(rng.integers(0, 5, 60), rng.integers(0, 5, 60))
        yield f"heavy tails {seed}", rows(rng.standard_cauchy(50), rng.standard_cauchy(50))
        yield f"few {seed}", rows(rng.normal(size=3), rng.normal(size=3))
    yield "one row", rows([2.0], [3.5])
    yield "two rows", rows([2.0, 4.0], [3.5, 3.0])
    yield "constant truth", rows([2.0] * 9, np.linspace(1, 4, 9))
    yield "constant prediction", rows(np.linspace(1, 4, 9), [2.0] * 9)
    yield "both constant", rows([2.0] * 4, [3.0] * 4)
    yield "both the same constant", rows([2.0] * 4, [2.0] * 4)
    yield "perfect", rows(np.linspace(1, 4, 9), np.linspace(1, 4, 9))
    yield "zeros", rows([0.0] * 5, [0.0] * 5)
    yield "some zeros", rows([0.0, 1.0, 0.0, 2.0], [0.0, 1.5, 1.0, 2.0])
    yield "negatives", rows([-1.0, -2.0, 3.0, -0.5], [-1.5, 2.0, 3.0, -0.25])
    yield "errors that cancel", rows([1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 4.0, 3.0])
    yield "small errors", rows(np.linspace(1, 2, 20), np.linspace(1, 2, 20) + 1e-7)
    yield "large errors", rows(np.linspace(1, 2, 20), np.linspace(1, 2, 20) * 1e9)
