"""Evaluator: what is particular to a command that evaluates; `run` has what all have in common.

A command is a package beside this file with an Evaluator, and a row in `HOMES`.
"""

from __future__ import annotations

import math
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from numpy.typing import NDArray

from mleval.batch import Batch, Floats
from mleval.errors import NoInterval
from mleval.evaluation.findings import Findings
from mleval.evaluation.fold import Progress
from mleval.evaluation.requests import Request
from mleval.evaluation.rows import Rows
from mleval.evaluation.wanted import Wanted
from mleval.options import Options
from mleval.reading import Roles, Slicing, Tally
from mleval.registry import COMMANDS, Metric, Task
from mleval.report import Estimate
from mleval.report_charts import Charts
from mleval.spec import Spec
from mleval.uncertainty.tangents import Tangent

HOMES: Mapping[str, tuple[str, str]] = {
    "classify": ("mleval.evaluation.classification", "Classification"),
    "pairs": ("mleval.evaluation.pairs", "Pairs"),
    "perplexity": ("mleval.evaluation.perplexity", "Perplexity"),
    "regress": ("mleval.evaluation.regression", "Regression"),
    "text": ("mleval.evaluation.text", "Text"),
}
"""Where the evaluator of each command is: only that of the command at hand is loaded."""


class Material(Protocol):
    """Where the rows are: what every report says of it."""

    @property
    def name(self) -> str:
        """For messages."""
        ...

    @property
    def files(self) -> tuple[Path, ...]:
        """The files, none for what is in memory or on standard input."""
        ...

    def digest(self) -> str:
        """What identifies it: `sha256:…`, of name and size for parts above 64 MiB."""
        ...


class Opened(Protocol):
    """An opened input: its material, and what is known of it beside its rows."""

    @property
    def source(self) -> Any:
        """The Material that is read."""
        ...

    def roles(self) -> Roles:
        """What was found to be for what."""
        ...

    def slicing(self, options: Any) -> Slicing | None:
        """The columns that rows are told apart by, if any are named."""
        ...

    def introduce(self, findings: Findings) -> None:
        """Say what of it was chosen, if it holds more."""
        ...

    def require_rows(self) -> None:
        """InputError when nothing is left to evaluate, once all is read."""
        ...

    def assume(self, findings: Findings) -> None:
        """Say how it was put together, once it is read."""
        ...

    def provenance(self) -> Mapping[str, Any]:
        """What a report says of it beside its digest."""
        ...


class Pass(Protocol):
    """One pass over the rows: load every part, in any threads, then `finish`."""

    def parts(self) -> Iterator[Callable[[], Any]]:
        """One loader a batch, in the order of the input."""
        ...

    def finish(self) -> Tally:
        """How many rows count; InputError with everything that was wrong with them."""
        ...


class Plan(Protocol):
    """Which states are kept of the rows."""

    def states_of(self, batch: Any) -> Mapping[str, Any]:
        """The states of one batch, by name; called in several threads."""
        ...


class Evidence(Protocol):
    """What is known when all rows are in: everything decided that only the whole could tell."""

    @property
    def task(self) -> Task:
        """What it turned out to be."""
        ...

    @property
    def rows(self) -> int:
        """The rows that count."""
        ...


Asked = TypeVar("Asked", bound=Options)
Played = TypeVar("Played", bound=Roles)
Known = TypeVar("Known", bound=Evidence)


@dataclass(frozen=True)
class Evaluator(ABC, Generic[Asked, Played, Known]):
    """What is particular to a command, in the order in which it is asked for."""

    options: Asked

    command: ClassVar[str]
    row: ClassVar[str] = "row"
    """What counts as one of the rows."""
    in_processes: ClassVar[bool] = False
    """Whether Python's lock would keep threads from sharing the work."""
    said: ClassVar[tuple[str, ...]] = ("truth", "prediction", "weight")
    """The roles whose columns are said among what was assumed."""

    @property
    def tasks(self) -> Sequence[Task]:
        """What the input may turn out to be."""
        return COMMANDS[self.command]

    def counterpart(self, data: Any, baseline: Any) -> Any:
        """What is opened of an earlier path or object that `data` is compared with."""
        del data
        return [baseline] if isinstance(baseline, str | os.PathLike) else baseline

    def prepared(self, data: Any, progress: Progress | None) -> Any:
        """What is opened: the data, or what must be made of it first, which may take long."""
        del progress
        return data

    @abstractmethod
    def open(self, data: Any) -> Opened | Mapping[str, Opened]:
        """The input; one a model, by name, when it holds several and all are to be evaluated.

        Raises UsageError and InputError for what cannot be opened.
        """

    @abstractmethod
    def plan(self, wanted: Wanted, roles: Played) -> Plan:
        """Which states are kept, for these metrics of columns with these roles."""

    @abstractmethod
    def read(self, source: Any, roles: Played) -> Pass:
        """The pass over the rows."""

    def assume(self, roles: Played, findings: Findings) -> None:
        """Say what the columns were taken for."""
        flags = {role.name: role.flag for role in roles.declared}
        for role in self.said:
            if role in roles.columns:
                findings.assume(role, roles.columns[role], flag=flags[role])

    @abstractmethod
    def resolve(
        self, states: Mapping[str, Any], roles: Played, plan: Any, findings: Findings, rows: int
    ) -> Known:
        """The evidence of the merged states of a plan; `rows` is how many count.

        Raises InputError when what was read does not fit together, and when `--strict` forbids
        what would have to be guessed.
        """

    def plan_of_parts(self, plan: Any) -> Plan:
        """The states of a plan that are kept of each slice: those that its metrics are read off."""
        made: Plan = plan
        return made

    def part_rows(self, batch: Any, plan: Any) -> Batch:
        """The rows of a batch as the plan of parts takes them, with what tells them apart."""
        del plan
        rows: Batch = batch
        return rows

    def resolve_part(
        self, whole: Known, states: Mapping[str, Any], roles: Played, plan: Any, rows: int
    ) -> Known:
        """The evidence of a slice, of which holds all that was decided of the whole."""
        del whole
        return self.resolve(states, roles, plan, Findings(), rows)

    @abstractmethod
    def missing(self, request: Request, evidence: Known) -> str | None:
        """Why the evidence does not hold what a request reads, or None when it does.

        Raises InputError for a class, a target … that the input has not.
        """

    @abstractmethod
    def estimate(self, request: Request, evidence: Known, level: float | None) -> Estimate:
        """Read one metric (see `read_off`). level: of the interval, None for no interval."""

    def degrees(self, evidence: Known) -> float:
        """Of freedom, that intervals have."""
        del evidence
        return math.inf

    def tangent(self, request: Request, evidence: Known) -> Tangent:
        """How one metric moves with its state, for derived ones; NoInterval if that is unknown."""
        del request, evidence
        raise NoInterval("how each row moves it is not known")

    def likely(self, roles: Played) -> Sequence[Task]:
        """What the input may still turn out to be, its columns known."""
        del roles
        return self.tasks

    def spread(self, tangent: Tangent, evidence: Known, plan: Any, rows: Rows) -> Floats:
        """(n,) how far each row moves a number with such a tangent, up to a constant.

        Σw · ∂number / ∂weight of the row. plan: by which the states of the rows were made.
        """
        del tangent, evidence, plan, rows
        raise NoInterval("how each row moves it is not known")

    def beside(self, evidence: Known, other: Known) -> Known:
        """The evidence with averages over what either holds; itself where that is no other."""
        del other
        return evidence

    def truths(self, evidence: Known, batch: Any) -> NDArray[Any] | None:
        """(n,) what is true of each row, or (k, n), equal where it is the same; None for none."""
        del evidence, batch
        return None

    @abstractmethod
    def cautions(
        self, evidence: Known, requests: Sequence[Request], metrics: Mapping[str, Estimate]
    ) -> Iterator[str]:
        """What a careful reader of these numbers should know, a sentence each."""

    @abstractmethod
    def sections(
        self, evidence: Known, requests: Sequence[Request], source: Any
    ) -> Mapping[str, Any]:
        """The parts of the Report beside its metrics, by the names of its fields."""

    def charts(self, evidence: Known, requests: Sequence[Request]) -> Charts:
        """What plots and pages draw, by the names of `report_charts`."""
        del evidence, requests
        return {}

    @abstractmethod
    def signature(self, evidence: Known) -> Mapping[str, Any]:
        """What must be equal for two reports to be compared, beside what holds for all."""

    def provenance(self, evidence: Known) -> Mapping[str, Any]:
        """What the report says of where its numbers come from, beside rows and digest."""
        del evidence
        return {}

    def spelled_out(self, metric: Metric, spec: Spec) -> Spec:
        """A Spec with what the options of the command say of metrics like this."""
        del metric
        return spec

    @property
    def level(self) -> float | None:
        """Of the intervals; None where none was asked for."""
        return self.options.level if self.options.intervals else None


def evaluator_of(options: Options) -> Evaluator[Any, Any, Any]:
    """The evaluator of the command whose options these are."""
    module, name = HOMES[options.command]
    made: Evaluator[Any, Any, Any] = getattr(import_module(module), name)(options)
    return made
