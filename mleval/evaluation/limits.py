"""Limits: a gate's number must be one that its metric can have."""

from __future__ import annotations

import math

from mleval.errors import UsageError
from mleval.expression import Gate, evaluate, specs_of
from mleval.leaves import has_baseline
from mleval.registry import Metric
from mleval.spelling import error


def require_in_range(gate: Gate, metric: Metric) -> None:
    """UsageError when a gate compares the metric with a number that it can never have."""
    if has_baseline(gate.right) or any(specs_of(gate.right)):
        return
    limit = float(evaluate(gate.right, lambda _: math.nan))
    low, high = metric.range
    if math.isnan(limit) or math.isinf(limit):
        raise _at_the_limit(gate, f"{gate.right} is no number", "for example f1 >= 0.8")
    if low <= limit <= high:
        return
    shown = f"{_end(low)} … {_end(high)}"
    percent = (low, high) == (0.0, 1.0) and 1 < limit <= 100
    hint = f"for {limit:g} % write {limit / 100:.12g}" if percent else None
    hint = hint or f"write a number from {_end(low)} to {_end(high)}"
    raise _at_the_limit(gate, f"{metric.name} is on {shown}, and {limit:g} is not", hint)


def _at_the_limit(gate: Gate, problem: str, hint: str) -> UsageError:
    """The problem with a caret under the right side."""
    text = str(gate)
    return error(text, len(text) - len(str(gate.right)), problem, hint)


def _end(bound: float) -> str:
    return f"{bound:g}" if math.isfinite(bound) else "−∞" if bound < 0 else "∞"
