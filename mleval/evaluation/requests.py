"""Requests: the metrics that are to be read, each a Spec with its metric and checked options."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mleval.errors import UsageError
from mleval.evaluation.limits import require_in_range
from mleval.expression import Baseline, Derived, Gate, specs_of
from mleval.metrics import default_metrics, find, metrics
from mleval.reading import Roles
from mleval.registry import Component, Metric, Task
from mleval.spec import Spec
from mleval.spelling import error

Asked = Spec | Derived | Gate
Families = Mapping[str, Mapping[str, str]]
_ALL = Spec("all")
_MOST_COLUMNS = 9  # of which the default report has a metric each
SpelledOut = Callable[[Metric, Spec], Spec]


def as_written(metric: Metric, spec: Spec) -> Spec:
    """Nothing is added to a Spec."""
    del metric
    return spec


@dataclass(frozen=True, slots=True)
class Setting:
    """What metrics are asked in.

    families: the columns of roles that have several, where they are known: some metrics come once
    a column; spelled_out: what the command makes of the Spec of a metric: with the options that it
    was told of all that have them.
    """

    families: Families = field(default_factory=dict)
    spelled_out: SpelledOut = as_written


PLAIN = Setting()
"""Of no file in particular."""


TARGETED: frozenset[Task] = frozenset({"regress"})
"""Tasks of which a row may have several targets."""


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One number to read. `asked`: named by the user, so it must be readable or an error.

    part: read for derived metrics and gates alone, and not reported.
    """

    spec: Spec
    metric: Metric
    options: dict[str, Any]
    asked: bool = False
    part: bool = False

    @property
    def key(self) -> str:
        """The canonical Spec: how reports name it."""
        return str(self.spec)


@dataclass(frozen=True, slots=True)
class DerivedRequest:
    """A derived metric to compute. keys: Spec as it is written → the key of its Request."""

    derived: Derived
    keys: Mapping[Spec, str]

    @property
    def key(self) -> str:
        """Its own name: how reports name it."""
        return self.derived.name

    def key_of(self, spec: Spec | Baseline) -> str:
        """Of a part; only gates have a baseline."""
        assert isinstance(spec, Spec)
        return self.keys[spec]


def requests_for(
    task: Task,
    specs: Iterable[Asked],
    setting: Setting = PLAIN,
    derived: Collection[str] = (),
) -> list[Request]:
    """What to read for a task: the default metrics, `all` of them, or the Specs given.

    Those that derived metrics and gates are of are among them; derived: names that gates may use
    besides. Each comes once, in order. Raises UsageError for what the task does not have;
    all problems are told together.
    """
    wanted = list(specs)
    names = {spec.name for spec in wanted if isinstance(spec, Derived)} | set(derived)
    found: list[Request] = []
    if all(isinstance(spec, Gate) for spec in wanted):
        found += [
            _request(task, spec, setting)
            for metric in default_metrics(task)
            for spec in _default(metric, task, setting.families)
        ]
    problems: list[UsageError] = []
    for spec in wanted:
        try:
            found += _of_one(task, spec, setting, names)
        except UsageError as error:
            problems.append(error)
    if problems:
        raise together(problems)
    return _once(found)


def _of_one(task: Task, spec: Asked, setting: Setting, names: Collection[str]) -> list[Request]:
    """What is to be read for one of those that were asked for. names: of the derived ones."""
    if isinstance(spec, Derived):
        return [*_parts(task, spec, setting)]
    if isinstance(spec, Gate):
        return [*_parts_of_gate(task, spec, setting, names)]
    if spec != _ALL:
        return [_request(task, spec, setting, asked=True)]
    every = (item for metric in metrics(task) for item in _every(metric, task, setting.families))
    return [_request(task, item, setting) for item in every]


def derived_request(task: Task, derived: Derived, setting: Setting = PLAIN) -> DerivedRequest:
    """A derived metric with the keys of what it is of."""
    parts = specs_of(derived.expression)
    return DerivedRequest(derived, {part: _request(task, part, setting).key for part in parts})


def _parts(task: Task, derived: Derived, setting: Setting) -> Iterator[Request]:
    """The metrics that a derived one is of; what is wrong with one is pointed at."""
    for spec in specs_of(derived.expression):
        try:
            yield _request(task, spec, setting, asked=True, part=True)
        except UsageError as problem:
            text = derived.text or str(derived)
            first, *_ = problem.args
            raise error(text, _place(text, spec.name), first, problem.hint) from None


def _parts_of_gate(
    task: Task, gate: Gate, setting: Setting, derived: Collection[str]
) -> Iterator[Request]:
    """The metrics that a gate is of, but those that are derived; what is wrong is pointed at."""
    text = str(gate)
    for spec in (*specs_of(gate.left), *specs_of(gate.right)):
        if spec.name in derived:
            continue
        try:
            if spec.field == "best":
                raise UsageError(f"{spec}: only a history of training has a best")
            request = _of_gate(task, spec, setting)
        except UsageError as problem:
            first, *_ = problem.args
            raise error(text, _place(text, spec.name, ""), first, problem.hint) from None
        if spec == gate.left:
            require_in_range(gate, request.metric)
        yield request


def _of_gate(task: Task, spec: Spec, setting: Setting) -> Request:
    """The metric of a gate, of all rows; that of slices is reported, as the slices are."""
    whole = replace(spec, field=None, slice=None)
    request = _request(task, whole, setting, asked=True, part=spec.slice is None)
    if spec.slice is not None and spec.slice.value is None and request.metric.goal == "none":
        raise UsageError(
            f"{spec}: {request.metric.name} has no better and no worse",
            hint=f"name the slice: {replace(spec, slice=replace(spec.slice, value='VALUE'))}",
        )
    return request


def _place(text: str, name: str, after: str = "=") -> int:
    """Where a metric stands in the text of a derived one, or of a gate."""
    found = re.search(rf"{after}.*?(?<![\w.])({re.escape(name)})(?!\w)", text, re.DOTALL)
    return found.start(1) if found else 0


def together(problems: Sequence[UsageError]) -> UsageError:
    """All of them told as one."""
    hints = dict.fromkeys(problem.hint for problem in problems if problem.hint)
    return UsageError(*(line for p in problems for line in p.args), hint="; ".join(hints) or None)


def _default(metric: Metric, task: Task, families: Families) -> tuple[Spec, ...]:
    """Its Specs in the default report; of many columns those of the first, middle and last."""
    columns = list(families.get(metric.per, ())) if metric.default else []
    if len(columns) > _MOST_COLUMNS:
        columns = [columns[0], columns[len(columns) // 2], columns[-1]]
    return metric.specs_of(columns) if columns else metric.default_specs(task)


def _every(metric: Metric, task: Task, families: Families) -> list[Spec]:
    """One Spec a metric and average; an option it cannot do without is that of its example.

    A file that it cannot do without has to be named, so such a metric is not among them.
    """
    if families.get(metric.per):
        return [*metric.specs_of(families[metric.per])]
    example = Spec.parse(metric.example).options if metric.example else ()
    needed = {option.name: option.kind for option in metric.options if option.required}
    if str in needed.values():
        return []
    spec = Spec(metric.name, tuple(item for item in example if item[0] in needed))
    averages = metric.averages(task)
    if task == "binary" or not averages:
        return [spec, *(replace(spec, part=part) for part in metric.parts)]
    redundant = "micro" if task == "multiclass" else ""
    return [replace(spec, average=average) for average in averages if average != redundant]


def _request(
    task: Task, spec: Spec, setting: Setting, *, asked: bool = False, part: bool = False
) -> Request:
    metric = find(spec.name, task)
    spec = setting.spelled_out(metric, spec)
    options = metric.options_of(spec) | ({"part": spec.part} if spec.part else {})
    target = None if task in TARGETED else spec.target
    no_part = None if spec.part in metric.parts else spec.part
    for given, what in ((spec.slice, "slices"), (no_part, "parts"), (target, "targets")):
        if given is not None:
            raise UsageError(f"{spec}: {metric.name} has no {what}")
    if spec.field:
        held = "a derived metric is of values" if part else "a report holds the whole estimate"
        raise UsageError(f"{spec}: {held}", hint=f"write {replace(spec, field=None)}")
    plain = replace(spec, name=metric.name)
    averages = metric.averages(task)
    if spec.average and spec.average not in averages:
        raise UsageError(
            f"{spec}: {metric.name} has no {spec.average} average in a {task} task",
            hint="its averages: " + (", ".join(averages) or "none"),
        )
    if spec.of_class is not None and (metric.over != "class" or not averages):
        raise UsageError(
            f"{spec}: in a {task} task {metric.name} is not a metric of any class",
            hint="choose the class with --positive" if task == "binary" else None,
        )
    if averages and task != "binary" and not (spec.average or spec.of_class is not None):
        plain = replace(plain, average="macro")
    return Request(plain, metric, options, asked, part)


def _once(found: Iterable[Request]) -> list[Request]:
    once: dict[str, Request] = {}
    for request in found:
        known_one = once.setdefault(request.key, request)
        once[request.key] = replace(
            known_one,
            asked=known_one.asked or request.asked,
            part=known_one.part and request.part,
        )
    return list(once.values())


def playable(requests: Iterable[Request], roles: Roles) -> list[Request]:
    """Those of which every column that they need is there."""
    return [request for request in requests if not _unplayed(request, roles)]


def lacking(request: Request, roles: Roles) -> str | None:
    """Which columns a request needs that are not there, or None."""
    flags = {role.name: f"{role.name} ({role.flag})" for role in roles.declared}
    absent = [flags.get(role, role) for role in _unplayed(request, roles)]
    return f"there is no column of {' and '.join(absent)}" if absent else None


def _unplayed(request: Request, roles: Roles) -> list[str]:
    return [role for role in request.metric.needs if not roles.gives(role)]


def components_of(requests: Iterable[Request]) -> tuple[Component, ...]:
    """What `Means` must keep for these requests, each once."""
    wanted = {
        component.name: component
        for request in requests
        if request.metric.components
        for component in request.metric.components(**request.options)
    }
    return tuple(wanted.values())
