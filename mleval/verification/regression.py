"""What a regression observed, as references take it, and what they make of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from mleval.batch import Batch, Floats
from mleval.evaluation.requests import Request
from mleval.evaluation.run import Evaluated
from mleval.options import RegressOptions
from mleval.references import ObservedNumbers

ByTarget = Mapping[str, ObservedNumbers]
_ROLES = ("truth", "prediction", "weight", "lower", "upper", "std")


def observe(evaluated: Evaluated, options: RegressOptions) -> ByTarget:
    """The parsed columns of each target."""
    del options
    batches = evaluated.batches
    weight = _numbers(batches, "weight")
    levels = evaluated.roles.levels
    if not evaluated.roles.targets:
        columns: dict[str, Any] = {role: _numbers(batches, role) for role in _ROLES}
        quantiles = _quantiles(batches)
        return {"": ObservedNumbers(**columns, quantiles=quantiles, level=levels.get(""))}
    found = {}
    for target in evaluated.roles.targets:
        columns = {role: _of_target(batches, role, target) for role in _ROLES if role != "weight"}
        found[target] = ObservedNumbers(**columns, weight=weight, level=levels.get(target))
    return found


def value(function: Any, request: Request, observed: ByTarget, options: RegressOptions) -> float:
    """What a reference makes of the rows: of several targets, the mean."""
    del options
    target = request.spec.target
    over = observed.values() if target is None else [observed[target]]
    return float(np.mean([function(rows, **request.options) for rows in over]))


def scale(request: Request, observed: ByTarget) -> float:
    """What errors of both signs cancel from; of bounded metrics 1; sums of one sign need none."""
    low, high = request.metric.range
    if math.isinf(high) and low == 0:
        return 0.0
    if request.metric.goal != "zero":
        return 1.0
    return max(
        float(np.average(np.abs(rows.prediction - rows.truth), weights=rows.weight))
        for rows in observed.values()
    )


def _numbers(batches: tuple[Batch, ...], role: str) -> Floats | None:
    if role not in batches[0].columns:
        return None
    return np.concatenate([batch.numbers(role) for batch in batches])


def _of_target(batches: tuple[Batch, ...], role: str, target: str) -> Floats | None:
    if role not in batches[0].columns:
        return None
    return np.concatenate([batch.family(role).column(target) for batch in batches])


def _quantiles(batches: tuple[Batch, ...]) -> dict[float, Floats]:
    if "quantiles" not in batches[0].columns:
        return {}
    names = batches[0].family("quantiles").names
    return {
        float(name): np.concatenate([batch.family("quantiles").column(name) for batch in batches])
        for name in names
    }
