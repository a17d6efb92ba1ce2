"""Differences: what is left less what is right of a gate, where the right side is uncertain too."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from mleval.errors import NoInterval
from mleval.expression import Baseline as BaselineLeaf
from mleval.expression import Expression, Gate, Operation, evaluate, specs_of
from mleval.gates.baseline import Baseline, Limit
from mleval.gates.deciding import hybrid
from mleval.gates.numbers import Numbers, quantity, read
from mleval.gates.paired import interval
from mleval.leaves import constant, substituted
from mleval.report import Estimate
from mleval.spec import Spec
from mleval.uncertainty.gradient import Variable, gradient


@dataclass(frozen=True, slots=True)
class Sides:
    """What stands left and right of a gate, and left in the baseline; limit: a plain number."""

    left: Estimate
    limit: float
    baseline: Estimate | None


def difference(
    gate: Gate, numbers: Numbers, sides: Sides, baseline: Baseline | None
) -> tuple[Estimate, bool]:
    """Left less right with its interval, and whether that knows that both are of the same rows."""
    apart = Estimate(value=float(sides.left) - sides.limit, n=sides.left.n, level=sides.left.level)
    if sides.baseline is None:
        return replace(_own(gate, numbers, sides), value=apart.value), False
    assert baseline is not None
    if (found := _together(gate, numbers, sides, baseline, apart)) is not None:
        return found, True
    own = _own(gate, numbers, sides)
    limit = _moved_limit(gate, numbers, sides)
    for item, where in ((own, ""), (limit, "in the baseline: ")):
        if item.low is None or item.high is None:
            return replace(
                apart, no_interval=f"{where}{item.no_interval or 'none is known'}"
            ), False
    low, high = hybrid(own, float(apart), limit)
    return replace(apart, low=low, high=high, method="hybrid"), False


def _together(
    gate: Gate, numbers: Numbers, sides: Sides, baseline: Baseline, apart: Estimate
) -> Estimate | None:
    """Left less right with an interval that knows which rows are the same; None where none does."""
    before, level = sides.baseline, sides.left.level
    assert before is not None
    fields = [spec for side in (gate.left, gate.right) for spec in specs_of(side) if spec.field]
    if level is None or fields:  # the ends of intervals are taken for certain
        return None
    here = {spec: float(quantity(spec, numbers)) for spec in specs_of(gate.right)}
    leaf = Variable(float(before))
    limit = evaluate(gate.right, lambda one: here[one] if isinstance(one, Spec) else leaf)
    slope = float(gradient(limit, [leaf])[0])
    certain = Operation("-", gate.left, _with_baseline(gate.right, sides))
    try:
        variance = baseline.together(certain, Limit(gate.left, slope), numbers)
    except NoInterval as error:
        return replace(apart, no_interval=error.reason)
    if variance is None or not math.isfinite(variance.value):
        return None
    scale = max(abs(float(sides.left)), abs(sides.limit))
    low, high = interval(float(apart), variance.value, scale, level, variance.degrees)
    return replace(apart, low=low, high=high, method="delta, paired rows")


def _own(gate: Gate, numbers: Numbers, sides: Sides) -> Estimate:
    """Left less right where the baseline is taken for certain."""
    if not any(specs_of(gate.right)):
        left, by = sides.left, sides.limit
        ends = {"low": left.low, "high": left.high}
        moved: Any = {name: None if end is None else end - by for name, end in ends.items()}
        return replace(left, value=float(left) - by, **moved)
    certain = _with_baseline(gate.right, sides)
    return quantity(Operation("-", gate.left, certain), numbers)


def _with_baseline(expression: Expression, sides: Sides) -> Expression:
    def leaf(one: Spec | BaselineLeaf) -> Expression:
        return one if isinstance(one, Spec) else constant(float(sides.baseline or math.nan))

    return substituted(expression, leaf)


def _moved_limit(gate: Gate, numbers: Numbers, sides: Sides) -> Estimate:
    """The limit with the interval that the baseline's gives it, all else taken for certain."""
    before = sides.baseline
    assert before is not None
    if before.low is None or before.high is None:
        return before
    values = {spec: float(quantity(spec, numbers)) for spec in specs_of(gate.right)}
    ends = [read(gate.right, values, end) for end in (before.low, before.high)]
    if not min(ends) <= sides.limit <= max(ends):
        return Estimate(no_interval="the limit turns within the interval of the baseline")
    return Estimate(value=sides.limit, low=min(ends), high=max(ends))
