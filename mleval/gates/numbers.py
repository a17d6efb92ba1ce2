"""Numbers: what a gate's metrics are, in an evaluation just made or in a saved report."""

from __future__ import annotations

import math
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast

import numpy as np

from mleval.errors import UsageError
from mleval.evaluation.derived import Parts, along_parts
from mleval.evaluation.influences import Influences
from mleval.evaluation.requests import Request, derived_request, requests_for
from mleval.evaluation.run import Evaluated
from mleval.evaluation.slices.members import slice_of
from mleval.evaluation.table_evaluator import TableEvaluator
from mleval.expression import Baseline, Derived, Expression, Gate, evaluate, specs_of
from mleval.gates.paired import RowInfluences
from mleval.gates.slices import of_slice, table_of
from mleval.leaves import constant, substituted
from mleval.metrics import known
from mleval.registry import Task
from mleval.report import Estimate, Report, SliceTable
from mleval.spec import Spec

_NO_NUMBER = "it divides by 0, takes the root of a negative number, or overflows"
_APART = "a saved report does not keep how its metrics go together"
_SLICES = "slices are combined by their values alone"
_MOST = 12  # metrics of a report that are named where one is missing


class Numbers(Protocol):
    """Where the metrics of a gate are looked up."""

    def estimate(self, spec: Spec) -> Estimate:
        """A metric, whatever its field; undefined with the reason where it is missing.

        Only where a `best` is asked for, and there is one, is it that which is given.
        """
        ...

    def sliced(self, spec: Spec) -> tuple[SliceTable, str]:
        """The slices of a Spec that is of some, and the key of its metric in them.

        Raises UsageError where there are none.
        """
        ...

    def joint(self, expression: Expression) -> Estimate:
        """An expression of several metrics, none with a field, with its interval."""
        ...

    def by_row(self, expression: Expression) -> RowInfluences | None:
        """How far each row moves such an expression; None where rows are not kept."""
        ...


class ReportNumbers(Numbers, Protocol):
    """Those of a report."""

    @property
    def report(self) -> Report:
        """What they are of."""
        ...

    def key(self, spec: Spec) -> str:
        """That of a metric in the report, whatever the slice and the field.

        Raises UsageError where it has none.
        """
        ...


@dataclass(frozen=True, slots=True)
class LiveNumbers:
    """Those of an evaluation just made: it has computed what its gates are of."""

    done: Evaluated

    @property
    def report(self) -> Report:
        """What they are of."""
        return self.done.report

    def estimate(self, spec: Spec) -> Estimate:
        """A metric; a derived one by its name. Raises InputError for a slice not there."""
        if spec.slice is not None:
            return of_slice(*self.sliced(spec), spec.slice)
        if spec.name in self._derived():
            return self.report.metrics[spec.name]
        return self.done.parts[self.key(spec)][1]

    def sliced(self, spec: Spec) -> tuple[SliceTable, str]:
        """The slices that the gate made, and the metric's key in them."""
        assert spec.slice is not None
        return table_of(self.report, spec.slice.column), self.key(spec)

    def joint(self, expression: Expression) -> Estimate:
        """By the chain rule over the states behind its metrics, or by rows if they are kept."""
        if _of_slices(expression):
            return _from_ends(expression, self, _SLICES)
        return self.done.derive(Derived("it", self._whole(expression)))

    def by_row(self, expression: Expression) -> RowInfluences | None:
        """How far each row moves it. Raises NoInterval where that is not known of a metric."""
        influences = self.done.influences
        if influences is None:
            return None
        if _of_slices(expression):
            return self._by_row_of_slice(expression, influences)
        slopes = self._slopes(expression, self.done.parts)
        return RowInfluences(influences.of(slopes), influences.rows.weight, influences.clusters)

    def _by_row_of_slice(
        self, expression: Expression, influences: Influences
    ) -> RowInfluences | None:
        """The same of metrics of one slice, whose rows alone have a weight; None of several."""
        of_slices = {spec.slice for spec in specs_of(expression)}
        part, slicing = of_slices.pop(), self.done.slicing
        tabular = isinstance(self.done.measured.evaluator, TableEvaluator)
        if of_slices or part is None or part.value is None or slicing is None or not tabular:
            return None
        column = table_of(self.report, part.column).column
        whole, roles = self.done.measured, self.done.roles
        marks, mine = slice_of(whole, roles, slicing, column, part.value)
        assert mine.influences is not None
        moved = np.zeros(len(marks))
        moved[marks] = mine.influences.of(self._slopes(expression, mine.parts))
        clusters = mine.influences.clusters and influences.clusters
        if clusters and mine.influences.clusters:
            clusters = replace(clusters, count=mine.influences.clusters.count)
        return RowInfluences(moved, np.where(marks, influences.rows.weight, 0.0), clusters)

    def _slopes(self, expression: Expression, parts: Parts) -> dict[Request, float]:
        """How far each metric moves an expression of these values, whatever slice it is of."""
        task, whole = cast("Task", self.report.task), self._whole(expression)
        return along_parts(derived_request(task, Derived("it", whole), self.done.setting), parts)[1]

    def _whole(self, expression: Expression) -> Expression:
        """With what is derived in place of its name."""
        derived = self._derived()

        def whole(leaf: Spec | Baseline) -> Expression:
            assert isinstance(leaf, Spec)
            return derived.get(leaf.name, replace(leaf, slice=None))

        return substituted(expression, whole)

    def _derived(self) -> dict[str, Expression]:
        return {one.key: one.derived.expression for one in self.done.derived}

    def key(self, spec: Spec) -> str:
        """As the options spell it out."""
        if spec.name in self._derived():
            return spec.name
        task: Any = self.report.task
        return requests_for(task, [replace(spec, field=None, slice=None)], self.done.setting)[0].key


@dataclass(frozen=True, slots=True)
class SavedNumbers:
    """Those that a saved report holds.

    compared: what these are the baseline of, whose metrics must be the very same.
    """

    report: Report
    compared: ReportNumbers | None = None

    def estimate(self, spec: Spec) -> Estimate:
        """A metric that the task has; undefined where the report does not hold it.

        Raises InputError for a slice that is not among those of its column.
        """
        if spec.slice is not None:
            try:
                return of_slice(*self.sliced(spec), spec.slice)
            except UsageError as error:
                return Estimate(undefined=str(error))
        found, lacking = self._whole(spec)
        if found is not None:
            return found
        some = list(self.report.metrics)
        more = [f"and {len(some) - _MOST} more"] if len(some) > _MOST else []
        held = ", ".join([*some[:_MOST], *more]) or "no metric"
        return Estimate(undefined=f"the report does not hold {lacking}; it has {held}")

    def require_known(self, gates: Iterable[Gate]) -> None:
        """UsageError for gates on what no such task has, or beyond what a metric can be.

        A derived metric, or one of a package that is not installed here, is known by its name.
        """
        task: Any = self.report.task
        names = {spec.name for key in self.report.metrics if (spec := _parsed(key))}
        others = [name for name in names if not known(name, task)]
        requests_for(task, list(gates), derived=others)

    def sliced(self, spec: Spec) -> tuple[SliceTable, str]:
        """The slices that the report holds, and the metric's key in them."""
        assert spec.slice is not None
        return table_of(self.report, spec.slice.column), self.key(spec)

    def key(self, spec: Spec) -> str:
        """The one that it stands for; of a baseline, what it is in what is compared with it."""
        if self.compared is not None:
            return self.compared.key(spec)
        whole, bare = self._whole(spec)
        return next((key for key, item in self.report.metrics.items() if item is whole), bare)

    def _whole(self, spec: Spec) -> tuple[Estimate | None, str]:
        """The metric of all rows, if it is there, and what it is called."""
        if self.compared is not None:
            key = self.compared.key(spec)
            return self.report.exactly(key), key
        bare = replace(spec, slice=None, field=None)
        with suppress(UsageError):
            return self.report[str(bare)], str(bare)
        return None, str(bare)

    def joint(self, expression: Expression) -> Estimate:
        """From the ends of the interval, where it is of one metric alone."""
        return _from_ends(expression, self, _APART)

    def by_row(self, expression: Expression) -> RowInfluences | None:
        """None: a saved report has no rows."""
        del expression
        return None


def _parsed(key: str) -> Spec | None:
    with suppress(UsageError):
        return Spec.parse(key)
    return None


def _of_slices(expression: Expression) -> bool:
    return any(spec.slice for spec in specs_of(expression))


def _from_ends(expression: Expression, numbers: Numbers, apart: str) -> Estimate:
    """Of one metric from the ends of its interval. apart: why there is none for several."""
    specs = list(dict.fromkeys(specs_of(expression)))
    found = [numbers.estimate(spec) for spec in specs]
    value = read(expression, dict(zip(specs, (float(item) for item in found), strict=True)))
    made = Estimate(value=value, n=min((item.n or 0.0) for item in found), level=found[0].level)
    if len(specs) > 1 or found[0].low is None or found[0].high is None:
        return replace(made, no_interval=apart if len(specs) > 1 else found[0].no_interval)
    ends = [read(expression, {specs[0]: end}) for end in (found[0].low, found[0].high)]
    return _between(made, *ends)


def _between(made: Estimate, one: float, other: float) -> Estimate:
    low, high = sorted((one, other))
    assert made.value is not None
    if not low <= made.value <= high:  # so it is for whatever rises, or falls, throughout
        return replace(made, no_interval="it turns within the interval of its metric")
    return replace(made, low=low, high=high, method="of the ends")


def read(expression: Expression, values: dict[Spec, float], baseline: float = math.nan) -> float:
    """The value of an expression."""
    return float(
        evaluate(expression, lambda leaf: baseline if isinstance(leaf, Baseline) else values[leaf])
    )


def quantity(expression: Expression, numbers: Numbers) -> Estimate:
    """What an expression is, with its interval; undefined, or no_interval, with the reason."""
    if isinstance(expression, Spec) and expression.field is None:
        return numbers.estimate(expression)
    found: dict[Spec, Estimate] = {}
    for spec in specs_of(expression):
        found[spec] = _field(spec, numbers.estimate(spec))
        if found[spec].value is None:
            name = "" if spec == expression else f"{spec}: "
            return replace(found[spec], undefined=f"{name}{found[spec].undefined}")
    values = {spec: float(item) for spec, item in found.items()}
    value = read(expression, values)
    if not math.isfinite(value):
        return Estimate(undefined=_NO_NUMBER)
    if all(spec.field for spec in found):  # the end of an interval is a number like any other
        counts = [item.n for item in found.values() if item.n is not None]
        return Estimate(value=value, low=value, high=value, n=min(counts, default=None))

    def whole(leaf: Spec | Baseline) -> Expression:
        assert isinstance(leaf, Spec)
        return constant(values[leaf]) if leaf.field else leaf

    return replace(numbers.joint(substituted(expression, whole)), value=value)


def _field(spec: Spec, item: Estimate) -> Estimate:
    """The end of the interval that a Spec asks for, in place of the value."""
    if spec.field in (None, "best") or item.value is None:
        return item
    end = item.low if spec.field == "low" else item.high
    if end is None:
        return Estimate(undefined=f"no interval: {item.no_interval or 'none was asked for'}")
    return replace(item, value=end)
