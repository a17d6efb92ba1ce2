"""Requests: the metrics that are to be read, each a Spec with its metric and checked options."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from mleval.errors import UsageError
from mleval.metrics import find, metrics
from mleval.registry import Metric, Task
from mleval.spec import Spec

_ALL = Spec("all")


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One number to read. `asked`: named by the user, so it must be readable or an error."""

    spec: Spec
    metric: Metric
    options: dict[str, Any]
    asked: bool = False

    @property
    def key(self) -> str:
        """The canonical Spec: how reports name it."""
        return str(self.spec)


def requests_for(task: Task, specs: Iterable[Spec]) -> list[Request]:
    """What to read for a task: the default metrics, `all` of them, or the Specs given.

    Each comes once, in order. Raises UsageError for what the task does not have; all problems
    are told together.
    """
    wanted = list(specs)
    if not wanted:
        return _once(
            _request(task, spec) for metric in metrics(task) for spec in metric.default_specs(task)
        )
    found: list[Request] = []
    problems: list[UsageError] = []
    for spec in wanted:
        try:
            if spec == _ALL:
                found += [
                    _request(task, item)
                    for metric in metrics(task)
                    for item in _every(metric, task)
                ]
            else:
                found.append(_request(task, spec, asked=True))
        except UsageError as error:
            problems.append(error)
    if problems:
        hints = dict.fromkeys(problem.hint for problem in problems if problem.hint)
        raise UsageError("\n".join(map(str, problems)), hint="; ".join(hints))
    return _once(found)


def _every(metric: Metric, task: Task) -> list[Spec]:
    """One Spec a metric and average; what needs an option takes that of its example."""
    spec = Spec.parse(metric.example) if metric.example else Spec(metric.name)
    spec = Spec(metric.name, spec.options)
    averages = metric.averages(task)
    if task == "binary" or not averages:
        return [spec]
    redundant = "micro" if task == "multiclass" else ""
    return [replace(spec, average=average) for average in averages if average != redundant]


def _request(task: Task, spec: Spec, *, asked: bool = False) -> Request:
    metric = find(spec.name, task)
    options = metric.options_of(spec)
    for given, what in ((spec.slice, "slices"), (spec.part, "parts"), (spec.target, "targets")):
        if given:
            raise UsageError(f"{spec}: {metric.name} has no {what}")
    if spec.field:
        raise UsageError(f"{spec}: a report holds the whole estimate", hint="leave the field away")
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
    return Request(plain, metric, options, asked)


def _once(found: Iterable[Request]) -> list[Request]:
    return list({request.key: request for request in reversed(list(found))}.values())[::-1]
