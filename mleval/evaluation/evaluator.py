"""Evaluator: what is particular to a command that evaluates; `run` has what all have in common.

A command is a package beside this file with an Evaluator, and a row in `HOMES`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from mleval.batch import Batch
from mleval.errors import NoInterval
from mleval.evaluation.findings import Findings
from mleval.evaluation.requests import Request, Wanted
from mleval.options import Options
from mleval.reading import Reading, Roles, Source, read
from mleval.registry import COMMANDS, Task
from mleval.report import Estimate
from mleval.uncertainty.tangents import Tangent

HOMES: Mapping[str, tuple[str, str]] = {
    "classify": ("mleval.evaluation.classification", "Classification"),
    "pairs": ("mleval.evaluation.pairs", "Pairs"),
    "regress": ("mleval.evaluation.regression", "Regression"),
}
"""Where the evaluator of each command is: only that of the command at hand is loaded."""


class Plan(Protocol):
    """Which states are kept of the rows."""

    def states_of(self, batch: Batch) -> Mapping[str, Any]:
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
    said: ClassVar[tuple[str, ...]] = ("truth", "prediction", "weight")
    """The roles whose columns are said among what was assumed."""

    @property
    def tasks(self) -> Sequence[Task]:
        """What the input may turn out to be."""
        return COMMANDS[self.command]

    @abstractmethod
    def plan(self, wanted: Wanted, roles: Played) -> Plan:
        """Which states are kept, for these metrics of columns with these roles."""

    def read(self, source: Source, roles: Played) -> Reading:
        """The pass over the rows."""
        return read(source, roles, missing=self.options.missing)

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

    @abstractmethod
    def missing(self, request: Request, evidence: Known) -> str | None:
        """Why the evidence does not hold what a request reads, or None when it does.

        Raises InputError for a class, a target … that the input has not.
        """

    @abstractmethod
    def estimate(self, request: Request, evidence: Known, level: float | None) -> Estimate:
        """Read one metric (see `read_off`). level: of the interval, None for no interval."""

    def tangent(self, request: Request, evidence: Known) -> Tangent:
        """How one metric moves with its state, for derived ones; NoInterval if that is unknown."""
        del request, evidence
        raise NoInterval("how each row moves it is not known")

    @abstractmethod
    def cautions(
        self, evidence: Known, requests: Sequence[Request], metrics: Mapping[str, Estimate]
    ) -> Iterator[str]:
        """What a careful reader of these numbers should know, a sentence each."""

    @abstractmethod
    def sections(
        self, evidence: Known, requests: Sequence[Request], source: Source
    ) -> Mapping[str, Any]:
        """The parts of the Report beside its metrics, by the names of its fields."""

    @abstractmethod
    def signature(self, evidence: Known) -> Mapping[str, Any]:
        """What must be equal for two reports to be compared, beside what holds for all."""

    def provenance(self, evidence: Known) -> Mapping[str, Any]:
        """What the report says of where its numbers come from, beside rows and digest."""
        del evidence
        return {}

    @property
    def level(self) -> float | None:
        """Of the intervals; None where none was asked for."""
        return self.options.level if self.options.intervals else None


def evaluator_of(options: Options) -> Evaluator[Any, Any, Any]:
    """The evaluator of the command whose options these are."""
    module, name = HOMES[options.command]
    made: Evaluator[Any, Any, Any] = getattr(import_module(module), name)(options)
    return made
