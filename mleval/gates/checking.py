"""Checking: each gate of a report, by its value or by its whole interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, TypeGuard

from mleval.errors import UsageError
from mleval.evaluation.run import Evaluated, EvaluatedSet
from mleval.expression import Expression, Gate, specs_of
from mleval.gates.baseline import (
    Baseline,
    Opened,
    keeps_rows,
    open_baseline,
    open_saved_baseline,
)
from mleval.gates.deciding import by_interval, by_value, rows_to_settle
from mleval.gates.differences import Sides, difference
from mleval.gates.numbers import (
    LiveNumbers,
    Numbers,
    ReportNumbers,
    SavedNumbers,
    quantity,
    read,
)
from mleval.gates.slices import UNSURE, every_slice
from mleval.leaves import has_baseline
from mleval.options import Options
from mleval.options.common import baseline_problems
from mleval.report import Assumption, Estimate, Report
from mleval.report_gates import GateResult
from mleval.report_set import ReportSet
from mleval.spec import Slice, Spec

Decide = Literal["point", "interval"]
_NO_LIMIT = "the limit divides by 0, takes the root of a negative number, or overflows"


def gated(data: Any, done: Evaluated | EvaluatedSet, options: Options) -> Report | ReportSet:
    """The report of an evaluation of `data` with its gates checked, those of every model.

    Raises InputError for a baseline that cannot be read or compared with.
    """
    baseline = open_baseline(data, options) if options.baseline is not None else None
    if keeps_rows(options):
        done = _said(done)
    if isinstance(done, EvaluatedSet):
        systems = {
            name: _checked(LiveNumbers(one), name, options.gates, baseline, options.decide)
            for name, one in done.systems.items()
        }
        return replace(done.report, systems=systems)
    return _checked(LiveNumbers(done), None, options.gates, baseline, options.decide)


def _said(done: Evaluated | EvaluatedSet) -> Any:
    """The same with a word on the rows that were kept."""
    if isinstance(done, EvaluatedSet):
        return replace(done, systems={name: _said(one) for name, one in done.systems.items()})
    kept = Assumption(what="memory", value="all rows", why="for the interval of a difference")
    return replace(done, report=replace(done.report, assumed=(*done.report.assumed, kept)))


def check_saved(
    report: Report | ReportSet,
    gates: Sequence[Gate],
    *,
    baseline: Any = None,
    decide: Decide = "point",
    force: bool = False,
) -> Report | ReportSet:
    """A saved report with these gates in place of those it was made with.

    Raises UsageError for a gate on a metric that its task does not have, and InputError for a
    baseline that cannot be read or compared with.
    """
    several = report.systems.values() if isinstance(report, ReportSet) else [report]
    for one in several:
        SavedNumbers(one).require_known(gates)
    opened = open_saved_baseline(baseline, force=force) if baseline is not None else None
    if isinstance(report, ReportSet):
        return ReportSet(
            systems={
                name: _checked(SavedNumbers(one), name, gates, opened, decide)
                for name, one in report.systems.items()
            }
        )
    return _checked(SavedNumbers(report), None, gates, opened, decide)


def require_gates(gates: Sequence[Gate], baseline: Any) -> None:
    """UsageError when there is nothing to check, or a baseline too many or too few."""
    if not gates:
        raise UsageError("there is no gate to check", hint="such as --gate 'f1 >= 0.8'")
    for wrong, problem, hint in baseline_problems(gates, baseline):
        if wrong:
            raise UsageError(problem, hint=hint)


def _checked(
    numbers: ReportNumbers,
    name: str | None,
    gates: Sequence[Gate],
    opened: Opened | None,
    decide: Decide,
) -> Report:
    """The report of one model with its gates; `name` tells it from others in a baseline of many."""
    compared = opened.of(name, numbers) if opened else None
    results = []
    for gate in dict.fromkeys(gates):
        if compared and has_baseline(gate.right):
            results.append(check(gate, compared.numbers, compared.baseline, decide))
        else:
            results.append(check(gate, numbers, None, decide))
    report = numbers.report
    warnings = (*report.warnings, *(compared.notices if compared else ()))
    return replace(report, gates=tuple(results), warnings=warnings)


def check(gate: Gate, numbers: Numbers, baseline: Baseline | None, decide: Decide) -> GateResult:
    """One gate. baseline: must be there when the gate speaks of it."""
    found = _checked_sides(gate, numbers, baseline, decide)
    left = _left(gate, numbers)
    if left == gate.left or found.value is None:
        return found
    assert isinstance(left, Spec)
    assert left.slice is not None
    worst = f"the worst is {left.slice.value}"
    return replace(found, reason="; ".join(filter(None, [worst, found.reason])))


def _left(gate: Gate, numbers: Numbers) -> Expression:
    """The left side; where it is of the worst slice, of that which is the nearest to failing."""
    left = gate.left
    if not _is_of_worst(left):
        return left
    assert left.slice is not None
    column = left.slice.column
    found: dict[Spec, float] = {}
    for row in numbers.sliced(left)[0].slices if quantity(left, numbers).value is not None else ():
        one = replace(left, slice=Slice(column, row.name))
        value = quantity(one, numbers).value
        if value is not None:
            found[one] = value
    if not found:
        return left
    nearest = max if gate.sign in ("<", "<=") else min
    return nearest(found, key=found.__getitem__)


def _is_of_worst(leaf: Expression) -> TypeGuard[Spec]:
    return isinstance(leaf, Spec) and leaf.slice is not None and leaf.slice.value is None


def _checked_sides(
    gate: Gate, numbers: Numbers, baseline: Baseline | None, decide: Decide
) -> GateResult:
    left = quantity(_left(gate, numbers), numbers)
    found = GateResult(
        gate=str(gate),
        status="failed",
        decide=decide,
        value=left.value,
        low=None if left.level is None else left.low,  # without a level it is a plain number
        high=None if left.level is None else left.high,
        level=None if left.low is None else left.level,
    )
    sides = _sides(gate, left, numbers, baseline)
    if isinstance(sides, str):
        return replace(found, reason=sides)
    found = replace(found, limit=sides.limit)
    if sides.baseline is not None:
        found = replace(found, baseline=sides.baseline.value)
    if not (has_baseline(gate.right) or any(specs_of(gate.right))):
        if decide == "interval" and _is_of_worst(gate.left) and gate.left.field is None:
            table, key = numbers.sliced(gate.left)
            status, reason = every_slice(table, key, gate.sign, sides.limit)
            return replace(found, status=status, reason=reason)
        return _decided(found, gate, _unless_worst(gate, left), sides.limit)
    apart, paired = difference(gate, numbers, sides, baseline)
    apart = _unless_worst(gate, apart)
    found = replace(
        found,
        difference=apart.value,
        difference_low=apart.low,
        difference_high=apart.high,
        level=found.level if apart.low is None else found.level or apart.level,
        paired=paired if sides.baseline is not None and apart.low is not None else None,
    )
    return _decided(found, gate, apart, 0.0)


def _unless_worst(gate: Gate, item: Estimate) -> Estimate:
    """Without its interval where it is of a worst slice: that was chosen for its value."""
    sides = (*specs_of(gate.left), *specs_of(gate.right))
    if not any(_is_of_worst(spec) and spec.field is None for spec in sides):
        return item
    return replace(item, low=None, high=None, method=None, no_interval=UNSURE)


def _sides(gate: Gate, left: Estimate, numbers: Numbers, baseline: Baseline | None) -> Sides | str:
    """Both sides; where one has no value the reason."""
    if left.value is None:
        return str(left.undefined)
    before = None
    if has_baseline(gate.right):
        assert baseline is not None
        before = quantity(_left(gate, baseline.numbers), baseline.numbers)
        if before.value is None:
            return f"in the baseline: {before.undefined}"
    values: dict[Spec, float] = {}
    for spec in dict.fromkeys(specs_of(gate.right)):
        item = quantity(spec, numbers)
        if item.value is None:
            return f"{spec}: {item.undefined}"
        values[spec] = item.value
    limit = read(gate.right, values, math.nan if before is None else float(before))
    return Sides(left, limit, before) if math.isfinite(limit) else _NO_LIMIT


def _decided(found: GateResult, gate: Gate, item: Estimate, limit: float) -> GateResult:
    """The result, by the value or by the interval of what is compared with the limit."""
    assert found.value is not None
    assert found.limit is not None
    if found.decide == "point":  # the two sides themselves: a difference may round to 0
        return replace(found, status=by_value(found.value, gate.sign, found.limit))
    if item.low is None or item.high is None:
        reason = f"no interval: {item.no_interval or 'none is known'}"
        return replace(found, status="inconclusive", reason=reason)
    status = by_interval(item.low, item.high, gate.sign, limit)
    if status != "inconclusive":
        return replace(found, status=status)
    rows = rows_to_settle(item, limit)
    why = None if rows else "the value is the limit: no number of rows would settle it"
    return replace(found, status=status, rows=rows, reason=why)
