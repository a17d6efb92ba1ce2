"""One evaluation from beginning to end, whatever the command."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mleval.batch import Batch
from mleval.errors import InputError
from mleval.evaluation.chunks import Chunks
from mleval.evaluation.derived import Parts, derive
from mleval.evaluation.evaluator import Evaluator, Evidence, evaluator_of
from mleval.evaluation.findings import Findings
from mleval.evaluation.fold import Progress, fold
from mleval.evaluation.inputs import Input
from mleval.evaluation.requests import DerivedRequest, Request, Wanted, lacking
from mleval.evaluation.tables import open_input
from mleval.options import Options
from mleval.reading import Roles, Tally
from mleval.report import Report
from mleval.report_set import ReportSet
from mleval.version import __version__

AnyEvaluator = Evaluator[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A report and what it was read off. batches: the parsed rows, if they were to be kept.

    requests: those of derived metrics among them; parts: by key, each with its estimate.
    """

    report: Report
    evidence: Any
    requests: tuple[Request, ...]
    derived: tuple[DerivedRequest, ...]
    parts: Parts
    roles: Any
    batches: tuple[Batch, ...]


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

    data: paths, or a table in memory (see `open_source`); options: of the command that evaluates;
    keep_batches: keep the parsed rows; progress: called with (parts done, parts in all or None).
    Raises UsageError for metrics that no such task has, InputError for everything in the input
    that cannot be evaluated.
    """
    evaluator = evaluator_of(options)
    wanted = Wanted(evaluator.tasks, options.metrics)
    opened = open_input(data, options)
    models = opened.models(options.model)

    def one(name: str | None) -> Evaluated:
        its = opened.of_model(models, name) if models and name else opened
        findings = Findings(options.strict)
        if name is not None and options.model is not None:
            findings.assume("model", name, f"of {len(models.names) if models else 1}", "--model")
        if models and models.disputed:
            count = f"{models.disputed:,} {'id has' if models.disputed == 1 else 'ids have'}"
            findings.notice(f"{count} another truth under another model: are these the same rows?")
        return _evaluated(evaluator, its, wanted, findings, keep_batches, progress)

    if models is None or options.model is not None:
        return one(options.model)
    return EvaluatedSet({name: one(name) for name in models.names}, options)


def _evaluated(
    evaluator: AnyEvaluator,
    opened: Input,
    wanted: Wanted,
    findings: Findings,
    keep_batches: bool,
    progress: Progress | None,
) -> Evaluated:
    """One model."""
    roles = opened.roles()
    wanted = wanted.of_columns(roles)
    plan = evaluator.plan(wanted, roles)
    reading = evaluator.read(opened.source, roles)
    states_of = _keeping(plan.states_of) if keep_batches else plan.states_of
    states = fold(reading.parts(), states_of, progress=progress)
    opened.require_rows()
    tally = reading.finish()
    for notice in roles.notices:
        findings.notice(notice)
    evaluator.assume(roles, findings)
    _assume_rows(tally, findings)
    opened.assume(findings)
    evidence = evaluator.resolve(states, roles, plan, findings, tally.rows_used)
    findings.refuse_guesses()
    readable = _readable(evaluator, wanted.of(evidence.task), evidence, roles, findings)
    derived = tuple(wanted.derived(evidence.task))
    parts = {r.key: (r, evaluator.estimate(r, evidence, evaluator.level)) for r in readable}
    report = _report(evaluator, evidence, parts, derived, findings, opened, roles, tally)
    batches = states["batches"].chunks if keep_batches else ()
    return Evaluated(report, evidence, readable, derived, parts, roles, batches)


def _keeping(states_of: Callable[[Batch], Mapping[str, Any]]) -> Callable[[Batch], dict[str, Any]]:
    """The states of a plan, and the rows themselves."""
    return lambda batch: {**states_of(batch), "batches": Chunks((batch,))}


def _assume_rows(tally: Tally, findings: Findings) -> None:
    """Say how many rows count, and why the others were left out."""
    left = sum(tally.left_out.values())
    why = ", ".join(f"{count:,} {reason}" for reason, count in tally.left_out.items())
    findings.assume("rows", f"{tally.rows_used:,}", f"{left:,} left out: {why}" if left else "all")
    if left:
        verb = "is" if left == 1 else "are"
        findings.notice(f"{left:,} of {tally.rows_read:,} rows {verb} left out: {why}")
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
    derived: tuple[DerivedRequest, ...],
    findings: Findings,
    opened: Input,
    roles: Roles,
    tally: Tally,
) -> Report:
    """Read every request and write down what a reader needs to trust it."""
    source = opened.source
    requests = [request for request, _ in parts.values() if not request.part]
    metrics = {request.key: parts[request.key][1] for request in requests}
    for one in derived:
        metrics[one.key] = derive(
            one, parts, lambda part: evaluator.tangent(part, evidence), evaluator.level
        )
    with np.errstate(all="ignore"):  # what overflows is told as infinite, not on stderr
        for caution in evaluator.cautions(evidence, requests, metrics):
            findings.notice(caution)
        sections = evaluator.sections(evidence, requests, source)
    return Report(
        task=evidence.task,
        inputs=tuple(map(str, source.files)) or (source.name,),
        assumed=tuple(findings.assumed),
        metrics=metrics,
        **sections,
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
