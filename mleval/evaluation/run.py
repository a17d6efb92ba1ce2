"""One classification from beginning to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from mleval.batch import Batch
from mleval.errors import InputError, UsageError
from mleval.evaluation.account import report_of
from mleval.evaluation.estimates import missing
from mleval.evaluation.evidence import Evidence
from mleval.evaluation.findings import Findings
from mleval.evaluation.fold import Progress, fold
from mleval.evaluation.multilabel import LabelPlan, label_plan
from mleval.evaluation.plan import ROW_SUM, Plan, components_of
from mleval.evaluation.requests import Request, requests_for
from mleval.evaluation.resolve import resolve
from mleval.options import ClassifyOptions
from mleval.reading import ColumnChoices, Roles, Tally, find_roles, open_source, read
from mleval.reading.label_sets import LIST, MARKED_LIST
from mleval.reading.roles import LabelLayout
from mleval.registry import Task
from mleval.report import Report
from mleval.states import ScoreTable


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A report and what it was read off. batches: the parsed rows, if they were to be kept."""

    report: Report
    evidence: Evidence
    requests: tuple[Request, ...]
    roles: Roles
    batches: tuple[Batch, ...]


def classify(data: Any, options: ClassifyOptions, *, progress: Progress | None = None) -> Report:
    """The report of a classification; see `evaluate`."""
    return evaluate(data, options, progress=progress).report


def evaluate(
    data: Any,
    options: ClassifyOptions,
    *,
    keep_batches: bool = False,
    progress: Progress | None = None,
) -> Evaluated:
    """Read `data`, fold it, decide what only the whole can tell, and read the metrics.

    data: paths, or a table in memory (see `open_source`); keep_batches: keep the parsed rows;
    progress: called with (parts done, parts in all or None).
    Raises UsageError for metrics that no such task has, InputError for everything in the input
    that cannot be evaluated.
    """
    tasks: tuple[Task, ...] = (options.task,) if options.task else get_args(Task)
    possible = _possible(tasks, options)
    source = open_source(data, sep=options.sep, encoding=options.encoding)
    roles = find_roles(source, _choices(options))
    plan: Plan | LabelPlan
    if roles.labels is None:
        plan = _plan(possible, roles, options, keep_batches)
    else:
        chosen = _requests("multilabel", possible, options)
        plan = label_plan(chosen, roles, options, keep_batches)
    reading = read(source, roles, missing=options.missing, scale=options.score_scale)
    states = fold(reading.parts(), plan.states_of, progress=progress)
    tally = reading.finish()
    findings = Findings(options.strict)
    for notice in roles.notices:
        findings.notice(notice)
    _assume_columns(roles, tally, findings)
    evidence = resolve(
        states, roles, options, findings, rows=tally.rows_used, by_prediction=plan.by_prediction
    )
    readable = _readable(_requests(evidence.task, possible, options), evidence)
    report = report_of(evidence, readable, options, findings, source, roles, tally)
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
        raise refused[0]
    return possible


def _requests(
    task: Task, possible: dict[Task, list[Request]], options: ClassifyOptions
) -> list[Request]:
    return possible[task] if task in possible else requests_for(task, options.metrics)


def _choices(options: ClassifyOptions) -> ColumnChoices:
    return ColumnChoices(
        truth=options.truth,
        prediction=options.prediction,
        score=options.score,
        proba=options.proba,
        weight=options.weight,
        id=options.id,
        task=options.task,
        strict=options.strict,
        score_of=options.score_of,
        score_scale=options.score_scale,
        label_sep=options.label_sep,
    )


def _plan(
    possible: dict[Task, list[Request]], roles: Roles, options: ClassifyOptions, keep_batches: bool
) -> Plan:
    """The states that these requests may need of columns with these roles."""
    over_classes = [r for r in possible.get("multiclass", ()) if r.metric.over in ("class", "pair")]
    scores = [r for r in over_classes if r.metric.state is ScoreTable]
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
        class_tables=bool(scores) or len(roles.family) == 2 or bool(options.positive),
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


def _readable(requests: list[Request], evidence: Evidence) -> tuple[Request, ...]:
    """The requests the evidence can answer; an error when it cannot answer one that was asked."""
    lacking = {request: missing(request, evidence) for request in requests}
    refused = [f"{request.key}: {why}" for request, why in lacking.items() if why and request.asked]
    if refused:
        raise InputError("\n".join(refused), hint="see which columns were found: the assumed line")
    return tuple(request for request, why in lacking.items() if why is None)
