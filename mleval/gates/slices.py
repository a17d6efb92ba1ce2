"""Slices that gates are of: one by its name, or the worst of a column."""

from __future__ import annotations

import math
import re

from mleval.errors import InputError, UsageError
from mleval.expression import Comparison
from mleval.gates.deciding import by_interval
from mleval.reading.names import alike
from mleval.report import Estimate, Report, SliceTable
from mleval.report_gates import Status
from mleval.spec import Slice
from mleval.uncertainty.intervals import at_level

_NAMED = 5  # slices in a reason
UNSURE = "the worst of several slices has no interval of its own"


def table_of(report: Report, column: str) -> SliceTable:
    """The slices by a column. Raises UsageError where the report has none."""
    tables = {table.column: table for table in report.slices}
    found = alike(re.sub(r"\s*\*\s*", "*", column), tables)
    if found is None:
        has = ", ".join(tables) or "none"
        raise UsageError(f"there are no slices by '{column}' (by: {has})")
    return tables[found]


def of_slice(table: SliceTable, key: str, part: Slice) -> Estimate:
    """A metric of a slice; of the worst one, undefined where any is.

    key: of the metric in `table`. Raises InputError for a slice that is not there.
    """
    if part.value is None:
        return _of_worst(table, key)
    row = table.get(part.value)
    if row is None:
        few = "; those of few rows are taken together (--min-slice)" if table.folded else ""
        raise InputError(
            f"{{{part}}}: no slice by {table.column} is called '{part.value}'",
            hint=table.like(part.value) + few,
        )
    return row.metrics[key]


def _of_worst(table: SliceTable, key: str) -> Estimate:
    for row in table.slices:
        if row.metrics[key].value is None:
            return Estimate(undefined=f"{table.column}={row.name}: {row.metrics[key].undefined}")
    found = table.worst(key)
    if found is None:
        return Estimate(undefined=f"no slice is the worst: {key} has no better and no worse")
    return found.metrics[key]


def every_slice(
    table: SliceTable, key: str, sign: Comparison, limit: float
) -> tuple[Status, str | None]:
    """Whether every slice passes by its own interval, or one surely fails; and which decided.

    All must pass, so each may be tested at the level itself (intersection-union, Berger 1982).
    That any fails is m tests: Holm's first is at 1 − (1 − level)/m, and rejects if any step does.
    """
    items = {row.name: row.metrics[key] for row in table.slices}
    degrees = {row.name: math.inf if row.degrees is None else row.degrees for row in table.slices}
    known = {name: _ends(item) for name, item in items.items() if item.low is not None}
    failed = [
        name
        for name, item in items.items()
        if name in known
        and by_interval(*_corrected(item, len(known), degrees[name]), sign, limit) == "failed"
    ]
    if failed:
        return "failed", f"fails in {_some(failed)}"
    open_ = [name for name in items if name not in known]
    if open_:
        return "inconclusive", f"no interval in {_some(open_)}: {items[open_[0]].no_interval}"
    open_ = [name for name, ends in known.items() if by_interval(*ends, sign, limit) != "passed"]
    return ("inconclusive", f"open in {_some(open_)}") if open_ else ("passed", None)


def _ends(item: Estimate) -> tuple[float, float]:
    assert item.low is not None
    assert item.high is not None
    return item.low, item.high


def _corrected(item: Estimate, tests: int, degrees: float) -> tuple[float, float]:
    """The interval at the level that one of so many tests has."""
    assert item.value is not None
    assert item.level is not None
    low, high = item.range
    limits = (-math.inf if low is None else low, math.inf if high is None else high)
    wanted = 1 - (1 - item.level) / tests
    return at_level(item.value, _ends(item), limits, item.level, wanted, degrees)


def _some(names: list[str]) -> str:
    more = [f"{len(names) - _NAMED:,} more"] if len(names) > _NAMED else []
    return ", ".join([*names[:_NAMED], *more])
