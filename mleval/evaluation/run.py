"""One evaluation from beginning to end, whatever the command."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.errors import InputError
from mleval.evaluation.clusters import ROLE, Clusters, in_sections
from mleval.evaluation.derived import Parts, along_parts, derive
from mleval.evaluation.evaluator import Evaluator, Evidence, Opened, evaluator_of
from mleval.evaluation.findings import Findings
from mleval.evaluation.fold import Progress, fold
from mleval.evaluation.influences import Influences
from mleval.evaluation.keeping import Keeping
from mleval.evaluation.measuring import measured, read_parts
from mleval.evaluation.processes import fold_in_processes
from mleval.evaluation.requests import (
    DerivedRequest,
    Request,
    Setting,
    Wanted,
    derived_request,
    lacking,
)
from mleval.expression import Derived
from mleval.options import Options
from mleval.reading import Roles, Slicing, Tally
from mleval.report import Estimate, Report, SliceTable
from mleval.report_set import ReportSet
from mleval.version import __version__

AnyEvaluator = Evaluator[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A report and what it was read off. batches: the parsed rows, if they were to be kept.

    requests: those of derived metrics and gates among them; parts: by key, each with its estimate;
    derive: what another derived metric of these parts is; setting: in which they were asked;
    influences: how far each of the rows
    moves the numbers, if they were to be kept.
    """

    report: Report
    evidence: Any
    requests: tuple[Request, ...]
    derived: tuple[DerivedRequest, ...]
    parts: Parts
    derive: Callable[[Derived], Estimate]
    setting: Setting
    roles: Any
    batches: tuple[Any, ...]
    influences: Influences | None = None

    def influence(self, key: str) -> Floats:
        """(n,) how far each row of `influences.rows` moves a number that has a value; Σwφ = 0.

        Raises NoInterval where that is not known of one of its parts.
        """
        assert self.influences, "evaluate(keep_batches=True)"
        for one in self.derived:
            if one.key == key:
                return self.influences.of(along_parts(one, self.parts)[1])
        return self.influences.of({self.parts[key][0]: 1.0})


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
    plan = evaluator.plan(wanted, roles)
    keeping = Keeping.of(evaluator, wanted, roles, plan, slicing, batches=keep_batches)
    reading = evaluator.read(opened.source, roles)
    folded = fold_in_processes if evaluator.in_processes and not keeping.rows else fold
    states = folded(reading.parts(), keeping.states_of, progress=progress)
    opened.require_rows()
    tally = reading.finish()
    _assume(evaluator, opened, roles, tally, keeping.coupled, findings)
    evidence = evaluator.resolve(states, roles, plan, findings, tally.rows_used)
    findings.refuse_guesses()
    readable = _readable(evaluator, wanted.of(evidence.task), evidence, roles, findings)
    derived = tuple(wanted.derived(evidence.task))
    influences = keeping.influences(evaluator, evidence, states)
    parts = read_parts(evaluator, evidence, readable)
    if influences is not None and influences.clusters is not None:
        parts = {key: (r, influences.clustered(r, item)) for key, (r, item) in parts.items()}
        _assume_clusters(influences.clusters, roles, findings)
    metrics = measured(evaluator, evidence, parts, derived, influences)
    slices = keeping.slices(evaluator, evidence, roles, states, readable, derived, findings)
    report = _report(
        evaluator,
        evidence,
        parts,
        metrics,
        derived,
        findings,
        opened,
        roles,
        tally,
        slices,
        influences,
    )

    def another(it: Derived) -> Estimate:
        asked, level = derived_request(evidence.task, it, wanted.setting), evaluator.level
        return derive(asked, parts, lambda r: evaluator.tangent(r, evidence), level, influences)

    kept = influences if keep_batches else None
    return Evaluated(
        report=report,
        evidence=evidence,
        requests=readable,
        derived=derived,
        parts=parts,
        derive=another,
        setting=wanted.setting,
        roles=roles,
        batches=kept.rows.batches if kept else (),
        influences=kept,
    )


def _roles(opened: Opened, options: Options) -> tuple[Roles, Slicing | None]:
    """What the columns are for, and those that rows are told apart by."""
    roles = opened.roles()
    slicing = opened.slicing(options)
    return (replace(roles, by=slicing.kinds) if slicing else roles), slicing


def _assume(
    evaluator: AnyEvaluator,
    opened: Opened,
    roles: Roles,
    tally: Tally,
    coupled: Sequence[str],
    findings: Findings,
) -> None:
    """Say what the input was taken for, and what of it counts."""
    for notice in roles.notices:
        findings.notice(notice)
    opened.introduce(findings)
    evaluator.assume(roles, findings)
    _assume_rows(evaluator.row, tally, findings)
    if coupled:
        findings.assume("memory", "all rows", f"for the interval of {', '.join(coupled)}")
    opened.assume(findings)


def _assume_clusters(clusters: Clusters, roles: Roles, findings: Findings) -> None:
    """Say how many there are, and what keeps their rows costs."""
    column = roles.columns[ROLE]
    findings.assume("clusters", f"{clusters.count:,}", f"of {column}", "--cluster")
    findings.assume("memory", "all rows", "for the intervals of clusters")
    for caution in clusters.cautions():
        findings.notice(caution)


def _assume_rows(row: str, tally: Tally, findings: Findings) -> None:
    """Say how many rows count, and why the others were left out. row: what one of them is."""
    left = sum(tally.left_out.values())
    why = ", ".join(f"{count:,} {reason}" for reason, count in tally.left_out.items())
    found = f"{left:,} left out: {why}" if left else "all"
    findings.assume(f"{row}s", f"{tally.rows_used:,}", found)
    if left:
        verb = "is" if left == 1 else "are"
        findings.notice(f"{left:,} of {tally.rows_read:,} {row}s {verb} left out: {why}")
    if tally.counted_wrong:
        findings.notice(f"{tally.counted_wrong:,} rows without a prediction count as wrong")


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


def _derivations(derived: Sequence[DerivedRequest]) -> dict[str, dict[str, str]]:
    """What the derived metrics are, where there are any."""
    found = {one.key: str(one.derived.expression) for one in derived}
    return {"derived": found} if found else {}


def _report(
    evaluator: AnyEvaluator,
    evidence: Evidence,
    parts: Parts,
    metrics: dict[str, Estimate],
    derived: tuple[DerivedRequest, ...],
    findings: Findings,
    opened: Opened,
    roles: Roles,
    tally: Tally,
    slices: tuple[SliceTable, ...],
    influences: Influences | None,
) -> Report:
    """The numbers, and what a reader needs to trust them."""
    source = opened.source
    requests = [request for request, _ in parts.values() if not request.part]
    with np.errstate(all="ignore"):  # what overflows is told as infinite, not on stderr
        for caution in evaluator.cautions(evidence, requests, metrics):
            findings.notice(caution)
        sections = evaluator.sections(evidence, requests, source)
    if influences is not None and influences.clusters is not None:
        sections = in_sections(sections, requests, influences.clustered)
    return Report(
        task=evidence.task,
        inputs=tuple(map(str, source.files)) or (source.name,),
        assumed=tuple(findings.assumed),
        metrics=metrics,
        **sections,
        slices=slices,
        warnings=tuple(findings.notices),
        signature=_signature(evaluator, evidence, derived, roles),
        provenance={
            **evaluator.provenance(evidence),
            **_counts(tally),
            "digest": source.digest(),
            **opened.provenance(),
        },
        environment={
            "mleval": __version__,
            "python": platform.python_version(),
            "numpy": np.__version__,
        },
    )


def _signature(
    evaluator: AnyEvaluator, evidence: Evidence, derived: Sequence[DerivedRequest], roles: Roles
) -> dict[str, Any]:
    """What must be equal for two reports to be compared."""
    return {
        "task": evidence.task,
        **evaluator.signature(evidence),
        "weighted": "weight" in roles.columns,
        "missing": evaluator.options.missing,
        **_derivations(derived),
        "mleval": __version__,
    }


def _counts(tally: Tally) -> dict[str, Any]:
    """How many rows were read, and how many of them count."""
    return {
        "rows": tally.rows_read,
        "rows_used": tally.rows_used,
        "left_out": dict(tally.left_out),
    }
