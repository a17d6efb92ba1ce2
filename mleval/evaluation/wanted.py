"""What is wanted of an input that may turn out to be of one task or another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import get_args

from mleval.errors import InputError, UsageError
from mleval.evaluation.requests import (
    PLAIN,
    Asked,
    DerivedRequest,
    Request,
    Setting,
    derived_request,
    requests_for,
    together,
)
from mleval.expression import Derived, Gate, Operation, specs_of
from mleval.leaves import substituted, without_baseline, without_ends_and_slices
from mleval.metrics import known
from mleval.reading import Roles
from mleval.registry import Task
from mleval.spec import Spec


class Wanted:
    """What is to be read, under each task that the input may turn out to be.

    Raises UsageError when no task has it all.
    """

    def __init__(
        self, tasks: Sequence[Task], specs: Sequence[Asked], setting: Setting = PLAIN
    ) -> None:
        self._tasks, self._specs, self.setting = tasks, specs, setting
        refuse_names_of_others(spec for spec in specs if isinstance(spec, Derived))
        self._by_task: dict[Task, list[Request]] = {}
        refused: list[UsageError] = []
        for task in tasks:
            try:
                self._by_task[task] = requests_for(task, specs, setting)
            except UsageError as error:
                refused.append(error)
        if not self._by_task:
            refuse_everywhere(tasks, specs)
            raise refused[0]

    def of_columns(self, roles: Roles) -> Wanted:
        """The same, now that the columns are known."""
        if not roles.families:
            return self
        setting = replace(self.setting, families=roles.families)
        return Wanted(self._tasks, self._specs, setting)

    def may_be(self, task: Task) -> bool:
        """Whether the input may turn out to be that task, as far as the metrics tell."""
        return task in self._by_task

    def under(self, task: Task) -> list[Request]:
        """What is read if it is that task; nothing if it cannot be."""
        return self._by_task.get(task, [])

    def of(self, task: Task) -> list[Request]:
        """What is read now that it is that task; InputError when it has no such metrics."""
        if task in self._by_task:
            return self._by_task[task]
        try:
            return requests_for(task, self._specs, self.setting)
        except UsageError as error:  # right for another task: only the input could tell
            first, *more = error.args
            turned_out = f"this turned out to be a {task} task, and {first}"
            raise InputError(turned_out, *more, hint=error.hint) from None

    def derived(self, task: Task) -> list[DerivedRequest]:
        """What is computed of the others, now that it is that task."""
        several = dict.fromkeys(self._specs)
        found = (spec for spec in several if isinstance(spec, Derived))
        return [derived_request(task, spec, self.setting) for spec in found]

    def combined(self, task: Task) -> list[DerivedRequest]:
        """The derived metrics, and the gates that are of several metrics as if they were that."""
        derived = self.derived(task)
        parts = {one.key: one.derived.expression for one in derived}
        for gate in dict.fromkeys(spec for spec in self._specs if isinstance(spec, Gate)):
            both = Operation("-", gate.left, substituted(gate.right, without_baseline))
            whole = substituted(both, lambda leaf: parts.get(getattr(leaf, "name", ""), leaf))
            free = substituted(whole, without_ends_and_slices)
            if len(set(specs_of(free))) > 1:
                derived.append(derived_request(task, Derived(str(gate), free), self.setting))
        return derived


def refuse_names_of_others(several: Iterable[Derived]) -> None:
    """UsageError for derived metrics that are called as another metric is."""
    seen: dict[str, Derived] = {}
    for derived in several:
        name = derived.name
        if any(known(name, task) for task in get_args(Task)) or name in ("all", "baseline"):
            raise UsageError(
                f"{derived}: {name} is a name that mleval has given already",
                hint=f"call it otherwise, such as my_{name}",
            )
        if seen.setdefault(name, derived) != derived:
            raise UsageError(f"{name} is derived in two ways: {seen[name]} and {derived}")


def refuse_everywhere(tasks: Sequence[Task], specs: Iterable[Asked]) -> None:
    """Raise UsageError for the Specs that are wrong in every one of these tasks, told together."""
    hopeless: list[UsageError] = []
    specs = list(specs)
    derived = [spec.name for spec in specs if isinstance(spec, Derived)]
    for spec in specs:
        errors = []
        for task in tasks:
            try:
                requests_for(task, [spec], derived=derived)
            except UsageError as problem:
                named = _specs(spec)
                errors.append((sum(not known(one.name, task) for one in named), problem))
        if len(errors) == len(tasks):  # told as the task tells it that has such a metric
            hopeless.append(min(errors, key=lambda pair: pair[0])[1])
    if hopeless:
        raise together(hopeless)


def _specs(asked: Asked) -> list[Spec]:
    """The metrics that were named."""
    if isinstance(asked, Gate):
        return [*specs_of(asked.left), *specs_of(asked.right)]
    return [asked] if isinstance(asked, Spec) else [*specs_of(asked.expression)]
