"""One classification from beginning to end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mleval.batch import Batch
from mleval.errors import InputError, UsageError
from mleval.evaluation.account import report_of
from mleval.evaluation.estimates import missing
from mleval.evaluation.evidence import Evidence
from mleval.evaluation.findings import Findings
from mleval.evaluation.fold import Progress, fold
from mleval.evaluation.inputs import Input, open_input
from mleval.evaluation.labels import positive_of, unknown_label
from mleval.evaluation.multilabel import LabelPlan, label_plan
from mleval.evaluation.plan import ROW_SUM, Plan, components_of
from mleval.evaluation.requests import Request, refuse_everywhere, requests_for
from mleval.evaluation.resolve import resolve
from mleval.options import ClassifyOptions
from mleval.reading import Roles, Tally, read
from mleval.reading.label_sets import LIST, MARKED_LIST
from mleval.reading.roles import LabelLayout
from mleval.registry import CLASSIFICATION, Task
from mleval.report import Report
from mleval.report_set import ReportSet


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A report and what it was read off. batches: the parsed rows, if they were to be kept."""

    report: Report
    evidence: Evidence
    requests: tuple[Request, ...]
    roles: Roles
    batches: tuple[Batch, ...]


@dataclass(frozen=True, slots=True)
class EvaluatedSet:
    """Several models of one input, each evaluated."""

    systems: Mapping[str, Evaluated]

    @property
    def report(self) -> ReportSet:
        """Their reports."""
        return ReportSet(systems={name: done.report for name, done in self.systems.items()})


def classify(
    data: Any, options: ClassifyOptions, *, progress: Progress | None = None
) -> Report | ReportSet:
    """The report of a classification, or one a model; see `evaluate`."""
    return evaluate(data, options, progress=progress).report


def evaluate(
    data: Any,
    options: ClassifyOptions,
    *,
    keep_batches: bool = False,
    progress: Progress | None = None,
) -> Evaluated | EvaluatedSet:
    """Read `data`, fold it, decide what only the whole can tell, and read the metrics.

    data: paths, or a table in memory (see `open_source`); keep_batches: keep the parsed rows;
    progress: called with (parts done, parts in all or None).
    Raises UsageError for metrics that no such task has, InputError for everything in the input
    that cannot be evaluated.
    """
    tasks: tuple[Task, ...] = (options.task,) if options.task else CLASSIFICATION
    possible = _possible(tasks, options)
    opened = open_input(data, options)
    models = opened.models(options.model)

    def one(name: str | None) -> Evaluated:
        its = opened.of_model(models, name) if models and name else opened
        findings = Findings(options.strict)
        if name is not None and options.model is not None:
            findings.assume("model", name, f"of {len(models.names) if models else 1}", "--model")
        return _evaluated(its, possible, options, findings, keep_batches, progress)

    if models is None or options.model is not None:
        return one(options.model)
    return EvaluatedSet({name: one(name) for name in models.names})


def _evaluated(
    opened: Input,
    possible: dict[Task, list[Request]],
    options: ClassifyOptions,
    findings: Findings,
    keep_batches: bool,
    progress: Progress | None,
) -> Evaluated:
    """One model."""
    source = opened.source
    roles = opened.roles()
    plan: Plan | LabelPlan
    if roles.labels is not None:
        chosen = _requests("multilabel", possible, options)
        plan = label_plan(chosen, roles, options, keep_batches)
    else:
        if "binary" in possible and len(roles.family) == 2 and positive_of(tuple(roles.family)):
            possible = {"binary": possible["binary"]}  # nothing need be kept for several classes
        plan = _plan(possible, roles, options, keep_batches)
    reading = read(source, roles, missing=options.missing, scale=options.score_scale)
    states = fold(reading.parts(), plan.states_of, progress=progress)
    opened.require_rows()
    tally = reading.finish()
    for notice in roles.notices:
        findings.notice(notice)
    _assume_columns(roles, tally, findings)
    opened.assume(findings)
    evidence = resolve(
        states, roles, options, findings, rows=tally.rows_used, by_prediction=plan.by_prediction
    )
    readable = _readable(_requests(evidence.task, possible, options), evidence, findings)
    report = report_of(evidence, readable, options, findings, source, roles, tally)
    report = replace(report, provenance={**report.provenance, **opened.provenance()})
    batches = states["batches"].chunks if keep_batches else ()
    return Evaluated(report, evidence, readable, roles, batches)


def _possible(tasks: Sequence[Task], options: ClassifyOptions) -> dict[Task, list[Request]]:
    """The requests under each task that the input may turn out to be."""
    possible: dict[Task, list[Request]] = {}
    refused: list[UsageError] = []
    for task in tasks:
        try:
            possible[task] = requests_for(task, options.metrics)
        except UsageError as error:
            refused.append(error)
    if not possible:
        refuse_everywhere(tasks, options.metrics)
        raise refused[0]
    return possible


def _requests(
    task: Task, possible: dict[Task, list[Request]], options: ClassifyOptions
) -> list[Request]:
    if task in possible:
        return possible[task]
    try:
        return requests_for(task, options.metrics)
    except UsageError as error:  # right for another task: only the input could tell
        raise InputError(
            f"this turned out to be a {task} task, and {error}", hint=error.hint
        ) from None


def _plan(
    possible: dict[Task, list[Request]], roles: Roles, options: ClassifyOptions, keep_batches: bool
) -> Plan:
    """The states that these requests may need of columns with these roles."""
    scores = [
        r for r in possible.get("multiclass", ()) if r.metric.reads_class_tables("multiclass")
    ]
    coupled = options.intervals and any(r.spec.of_class is None for r in scores)
    pairs = any(r.metric.over == "pair" for r in scores)
    scale = options.score_scale
    unsure = roles.family_kind == "score" and scale == "auto"
    both = "prediction" in roles.columns and "score" in roles.columns
    of_predicted = options.score_of == "predicted" or (
        options.score_of is None and roles.score_kind == "confidence"
    )
    if options.score_of == "predicted" and not both:
        raise InputError(
            "--score-of predicted needs the prediction and the score column",
            hint="name them with --pred and --score",
        )
    threshold = options.threshold
    if threshold is not None and scale == "percent":
        threshold /= 100
    return Plan(
        by_prediction=both and of_predicted,
        threshold=(0.0 if scale == "logit" else 0.5) if threshold is None else threshold,
        logits=scale == "logit" or (scale == "auto" and roles.family_kind == "logit"),
        components=(*components_of(possible.get("multiclass", ())), *([ROW_SUM] * unsure)),
        renames=options.map,
        class_tables=bool(scores) or unsure or "binary" in possible,
        keep_rows=bool(roles.family) and (coupled or pairs),
        keep_batches=keep_batches,
    )


def _assume_columns(roles: Roles, tally: Tally, findings: Findings) -> None:
    """Say which columns were taken and which rows were left out."""
    for role in ("truth", "prediction", "weight"):
        if role in roles.columns:
            flag = {"prediction": "--pred"}.get(role, f"--{role}")
            findings.assume(role, roles.columns[role], flag=flag)
    if roles.labels is not None:
        _assume_labels(roles.labels, findings)
    if roles.family:
        columns = list(roles.family.values())
        findings.assume("probabilities", _some(columns), f"{len(columns)} columns", "--proba")
    left = sum(tally.left_out.values())
    why = ", ".join(f"{count:,} {reason}" for reason, count in tally.left_out.items())
    findings.assume("rows", f"{tally.rows_used:,}", f"{left:,} left out: {why}" if left else "all")
    if left:
        findings.notice(f"{left:,} of {tally.rows_read:,} rows are left out: {why}")
    if tally.counted_wrong:
        findings.notice(f"{tally.counted_wrong:,} rows without a prediction count as wrong")


def _assume_labels(labels: LabelLayout, findings: Findings) -> None:
    """Say how several labels a row were told apart."""
    for role, columns in (("truth", labels.truth), ("prediction", labels.prediction)):
        if columns:
            findings.assume(role, _some(list(columns.values())), f"{len(columns)} columns")
    if labels.separator == LIST:
        findings.assume("labels", "lists", flag="--label-sep")
    elif labels.separator == MARKED_LIST:
        findings.assume("labels", "lists of 0/1", "labels by place", flag="--label-sep")
    elif labels.separator:
        findings.assume("labels", f"between '{labels.separator}'", flag="--label-sep")


def _some(columns: list[str]) -> str:
    return ", ".join(columns) if len(columns) < 4 else f"{columns[0]} … {columns[-1]}"


def _readable(
    requests: list[Request], evidence: Evidence, findings: Findings
) -> tuple[Request, ...]:
    """The requests the evidence can answer; an error when it cannot answer one that was asked."""
    for request in requests:
        name = request.spec.of_class
        if name is not None and name not in (*evidence.classes, *evidence.class_tables):
            raise unknown_label(request.key, name, evidence.classes)
    lacking = {request: missing(request, evidence) for request in requests}
    refused = [f"{request.key}: {why}" for request, why in lacking.items() if why and request.asked]
    if refused:
        found = " · ".join(map(str, findings.assumed))
        raise InputError("\n".join(refused), hint=f"what was found: {found}")
    return tuple(request for request, why in lacking.items() if why is None)
