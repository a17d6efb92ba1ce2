"""One evaluation from beginning to end, whatever the command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mleval.batch import Floats
from mleval.errors import InputError
from mleval.evaluation.derived import Parts, along_parts
from mleval.evaluation.evaluator import Evaluator, Evidence, Opened, evaluator_of
from mleval.evaluation.findings import Findings
from mleval.evaluation.fold import Progress, fold
from mleval.evaluation.influences import Influences
from mleval.evaluation.keeping import Keeping
from mleval.evaluation.measuring import Measured
from mleval.evaluation.processes import fold_in_processes
from mleval.evaluation.reporting import Origin, assume, assume_clusters, report_of
from mleval.evaluation.requests import (
    DerivedRequest,
    Request,
    Setting,
    derived_request,
    lacking,
)
from mleval.evaluation.wanted import Wanted
from mleval.expression import Derived
from mleval.options import Options
from mleval.reading import Roles, Slicing, Tally
from mleval.report import Estimate, Report
from mleval.report_set import ReportSet

AnyEvaluator = Evaluator[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A report and what it was read off.

    tally: of the rows; influences: how far each of them moves the numbers, if they were to be kept;
    slicing: the columns that rows are told apart by.
    """

    report: Report
    measured: Measured
    roles: Any
    tally: Tally
    influences: Influences | None = None
    slicing: Slicing | None = None

    @property
    def evidence(self) -> Any:
        """What was known when all rows were in."""
        return self.measured.evidence

    @property
    def requests(self) -> tuple[Request, ...]:
        """What was read, for derived metrics and gates too."""
        return self.measured.requests

    @property
    def derived(self) -> tuple[DerivedRequest, ...]:
        """What was computed of them."""
        return self.measured.derived

    @property
    def parts(self) -> Parts:
        """By key, each request with its estimate."""
        return self.measured.parts

    @property
    def setting(self) -> Setting:
        """What the metrics were asked in."""
        return self.measured.setting

    @property
    def batches(self) -> tuple[Any, ...]:
        """The parsed rows, if they were to be kept."""
        return self.influences.rows.batches if self.influences else ()

    def derive(self, another: Derived) -> Estimate:
        """What another derived metric of these parts is."""
        return self.measured.derive(derived_request(self.evidence.task, another, self.setting))

    def influence(self, key: str) -> Floats:
        """(n,) how far each row of `influences.rows` moves a number that has a value; Σwφ = 0.

        Raises NoInterval where that is not known of one of its parts.
        """
        assert self.influences, "evaluate(keep_batches=True)"
        for one in self.derived:
            if one.key == key:
                return self.influences.of(along_parts(one, self.parts)[1])
        return self.influences.of({self.parts[key][0]: 1.0})

    def beside(self, other: Evaluated) -> Evaluated:
        """The same numbers, to be compared with another run: averages are over what either holds.

        The report is one to look them up in: all that is no metric is as it was.
        """
        mine = self.measured
        evidence = mine.evaluator.beside(self.evidence, other.evidence)
        if evidence is self.evidence:
            return self
        influences = mine.influences and replace(mine.influences, evidence=evidence)
        measured = Measured.of(
            mine.evaluator, evidence, mine.requests, mine.derived, mine.setting, influences
        )
        report = replace(self.report, metrics=measured.metrics())
        kept = influences if self.influences else None
        return replace(self, report=report, measured=measured, influences=kept)


@dataclass(frozen=True, slots=True)
class EvaluatedSet:
    """Several models of one input, each evaluated. options: what was asked."""

    systems: Mapping[str, Evaluated]
    options: Options

    @property
    def report(self) -> ReportSet:
        """Their reports."""
        systems = {name: done.report for name, done in self.systems.items()}
        return ReportSet(systems=systems, lists_worst=self.options.asks_for_rows)


def evaluate(
    data: Any,
    options: Options,
    *,
    keep_batches: bool = False,
    progress: Progress | None = None,
) -> Evaluated | EvaluatedSet:
    """Read `data`, fold it, decide what only the whole can tell, and read the metrics.

    data: paths, or what the command takes in memory; options: of the command that evaluates;
    keep_batches: keep the parsed rows; progress: called with (parts done, parts in all or None).
    Raises UsageError for metrics that no such task has, InputError for everything in the input
    that cannot be evaluated.
    """
    evaluator = evaluator_of(options)
    setting = Setting(spelled_out=evaluator.spelled_out)
    wanted = Wanted(evaluator.tasks, (*options.metrics, *options.gates), setting)
    opened = evaluator.open(evaluator.prepared(data, progress))

    def evaluated(its: Opened) -> Evaluated:
        return _evaluated(evaluator, its, wanted, keep_batches, progress)

    if isinstance(opened, Mapping):
        return EvaluatedSet({name: evaluated(its) for name, its in opened.items()}, options)
    return evaluated(opened)


def evaluate_opened(
    opened: Opened, evaluator: AnyEvaluator, *, progress: Progress | None = None
) -> Evaluated:
    """Evaluate what is open already, and keep the parsed rows; see `evaluate`."""
    setting = Setting(spelled_out=evaluator.spelled_out)
    wanted = Wanted(evaluator.tasks, evaluator.options.metrics, setting)
    return _evaluated(evaluator, opened, wanted, keep_batches=True, progress=progress)


def _evaluated(
    evaluator: AnyEvaluator,
    opened: Opened,
    wanted: Wanted,
    keep_batches: bool,
    progress: Progress | None,
) -> Evaluated:
    """One model."""
    findings = Findings(evaluator.options.strict)
    roles, slicing = _roles(opened, evaluator.options)
    wanted = wanted.of_columns(roles)
    keeping = Keeping.of(evaluator, wanted, roles, slicing, rows=keep_batches)
    reading = evaluator.read(opened.source, roles)
    # Slices hold what is counted of each row, which takes longer to send than to count.
    alone = evaluator.in_processes and keeping.sliced is None
    folded = fold_in_processes if alone else fold
    states = folded(reading.parts(), keeping.states_of, progress=progress)
    opened.require_rows()
    origin = Origin(opened, roles, reading.finish())
    assume(evaluator, origin, keeping.coupled, findings)
    measured = _measured(evaluator, origin, wanted, keeping, states, findings)
    slices = keeping.slices(measured, roles, states, findings)
    report = report_of(measured, origin, slices, findings)
    kept = measured.influences if keep_batches else None
    return Evaluated(report, measured, roles, origin.tally, kept, slicing)


def _measured(
    evaluator: AnyEvaluator,
    origin: Origin,
    wanted: Wanted,
    keeping: Keeping,
    states: Mapping[str, Any],
    findings: Findings,
) -> Measured:
    """Decide what only the whole can tell, and read the metrics."""
    roles, plan = origin.roles, keeping.whole.plan
    evidence = evaluator.resolve(states, roles, plan, findings, origin.tally.rows_used)
    findings.refuse_guesses()
    requests = _readable(evaluator, wanted.of(evidence.task), evidence, roles, findings)
    derived = tuple(wanted.derived(evidence.task))
    influences = keeping.whole.influences(evaluator, evidence, states)
    if influences is not None and influences.clusters is not None:
        assume_clusters(influences.clusters, roles, findings)
    return Measured.of(evaluator, evidence, requests, derived, wanted.setting, influences)


def _roles(opened: Opened, options: Options) -> tuple[Roles, Slicing | None]:
    """What the columns are for, and those that rows are told apart by."""
    roles = opened.roles()
    slicing = opened.slicing(options)
    return (replace(roles, by={**roles.by, **slicing.kinds}) if slicing else roles), slicing


def _readable(
    evaluator: AnyEvaluator,
    requests: list[Request],
    evidence: Evidence,
    roles: Roles,
    findings: Findings,
) -> tuple[Request, ...]:
    """The requests the evidence can answer; an error when it cannot answer one that was asked."""
    without = {r: lacking(r, roles) or evaluator.missing(r, evidence) for r in requests}
    refused = [f"{request.key}: {why}" for request, why in without.items() if why and request.asked]
    if refused:
        found = " · ".join(map(str, findings.assumed))
        raise InputError(*refused, hint=f"what was found: {found}")
    return tuple(request for request, why in without.items() if why is None)
