"""Derived metrics: arithmetic over others, with an interval by the chain rule or by rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from mleval.errors import NoInterval
from mleval.evaluation.influences import Influences, tangent_of
from mleval.evaluation.requests import DerivedRequest, Request
from mleval.expression import evaluate
from mleval.registry import Task
from mleval.report import Estimate
from mleval.states import Confusion, Ordered
from mleval.uncertainty.gradient import Variable, gradient
from mleval.uncertainty.intervals import delta
from mleval.uncertainty.tangents import Tangent, along

Parts = Mapping[str, tuple[Request, Estimate]]  # key -> what was asked for and what it is
_NO_NUMBER = "it divides 0 by 0, or takes the square root of a negative number"
_INFINITE = "infinite: it divides by 0, or is beyond what a float can hold"
_UNBOUNDED = (-math.inf, math.inf)


def derive(
    asked: DerivedRequest,
    parts: Parts,
    tangent: Callable[[Request], Tangent],
    level: float | None,
    influences: Influences | None = None,
) -> Estimate:
    """The estimate of a derived metric.

    parts: by key, each with its estimate; tangent: raises NoInterval where a part has none;
    influences: how far each row moves them, where rows are kept.
    """
    keys = list(dict.fromkeys(asked.keys.values()))
    found = Estimate(n=min(parts[key][1].n or 0.0 for key in keys))
    for key in keys:
        if (reason := parts[key][1].undefined) is not None:
            return replace(found, undefined=f"{key}: {reason}")
    value, slopes = along_parts(asked, parts)
    if not math.isfinite(value):
        return replace(found, undefined=_NO_NUMBER if math.isnan(value) else _INFINITE)
    found = replace(found, value=value)
    if level is None:
        return found
    try:
        variance, method = _variance(slopes, tangent, influences)
        degrees = influences.degrees if influences else math.inf
        interval = delta(value, variance, _UNBOUNDED, level, degrees)
    except NoInterval as error:
        return replace(found, level=level, no_interval=error.reason)
    return replace(found, level=level, low=interval.low, high=interval.high, method=method)


def along_parts(asked: DerivedRequest, parts: Parts) -> tuple[float, dict[Request, float]]:
    """The value, and how far each part that moves it does; each part has a value."""
    keys = list(dict.fromkeys(asked.keys.values()))
    leaves = {key: Variable(parts[key][1].value) for key in keys}
    result = evaluate(asked.derived.expression, lambda spec: leaves[asked.key_of(spec)])
    with np.errstate(all="ignore"):  # where it has no value it is told by the value
        slopes = map(float, gradient(result, list(leaves.values())))
    return float(result.value), {
        parts[key][0]: by for key, by in zip(keys, slopes, strict=True) if by
    }


def coupled(asked: DerivedRequest, requests: Iterable[Request], task: Task) -> bool:
    """Whether its interval takes rows: its parts are read off different states."""
    keys = {*asked.keys.values()}
    parts = [request for request in requests if request.key in keys]
    hopeless = any(part.metric.no_interval for part in parts)
    return not hopeless and len({_state_of(part, task) for part in parts}) > 1


def _state_of(request: Request, task: Task) -> Hashable:
    """What a metric is read off: numbers of which it is the same have tangents that add up."""
    metric, spec = request.metric, request.spec
    if metric.reads_class_tables(task):
        return "scores", spec.of_class
    if metric.state is Confusion and task == "multilabel":
        return "labels", metric.over == "row" or spec.average == "samples"
    if metric.state is Ordered:
        return metric.state, spec.target, metric.share
    return metric.state


def _variance(
    slopes: Mapping[Request, float],
    tangent: Callable[[Request], Tangent],
    influences: Influences | None,
) -> tuple[float, str]:
    """The variance and what it is by: the chain rule of one state, or the rows.

    slopes: how far each part moves it.
    """
    if not slopes:
        raise NoInterval("zero variance: no row moves it")
    if not all(map(math.isfinite, slopes.values())):
        raise NoInterval("it is steeper there than a float can hold")
    tangents = [tangent_of(part, tangent) for part in slopes]
    apart = influences is None or influences.clusters is None
    if apart and all(one.of is tangents[0].of for one in tangents):
        with np.errstate(all="ignore"):
            together = along(tangents, list(slopes.values()))
            return together.variance(together.slope), "delta"
    if influences is None:
        raise NoInterval("how its parts go together row by row is not kept")
    return influences.variance(slopes), influences.method
