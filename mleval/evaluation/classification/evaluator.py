"""What is particular to `classify`: of its three tasks, the input says which it is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from numpy.typing import NDArray

from mleval.batch import Batch, Floats
from mleval.errors import InputError
from mleval.evaluation.classification.cautions import cautions
from mleval.evaluation.classification.charts import charts
from mleval.evaluation.classification.estimates import estimate, missing
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.classification.labels import positive_of, unknown_label
from mleval.evaluation.classification.multilabel import LabelPlan, label_plan
from mleval.evaluation.classification.paired import over_both, truths
from mleval.evaluation.classification.parts import evidence_of_part
from mleval.evaluation.classification.plan import ROW_SUM, Plan
from mleval.evaluation.classification.resolve import resolve
from mleval.evaluation.classification.sections import sections
from mleval.evaluation.classification.soft_labels import ROLE, SoftPlan, of_soft_labels
from mleval.evaluation.classification.tangents import spread, tangent
from mleval.evaluation.findings import Findings
from mleval.evaluation.requests import Request, components_of, playable
from mleval.evaluation.rows import Rows
from mleval.evaluation.table_evaluator import TableEvaluator
from mleval.evaluation.wanted import Wanted
from mleval.options import ClassifyOptions
from mleval.reading import ClassRoles, Reading, Source, read
from mleval.reading.label_sets import LIST, MARKED_LIST
from mleval.reading.roles import LabelLayout
from mleval.registry import Task
from mleval.report import Estimate
from mleval.report_charts import Charts
from mleval.uncertainty.tangents import Tangent


class Classification(TableEvaluator[ClassifyOptions, ClassRoles, Evidence]):
    """The evaluator of `classify`."""

    command: ClassVar[str] = "classify"

    @property
    def tasks(self) -> Sequence[Task]:
        """All three, unless one was named."""
        return (self.options.task,) if self.options.task else super().tasks

    def plan(self, wanted: Wanted, roles: ClassRoles) -> Plan | LabelPlan | SoftPlan:
        """Which states are kept: those of several labels a row, or of either other task."""
        if roles.labels is not None:
            together = self.options.baseline is not None
            derived = together or bool(wanted.combined("multilabel"))
            return label_plan(wanted.of("multilabel"), roles, self.options, derived=derived)
        if not roles.plays("truth"):
            return SoftPlan(components_of(_soft(wanted, roles)), _are_logits(roles, self.options))
        return plan_of(wanted, roles, self.options)

    def read(self, source: Source, roles: ClassRoles) -> Reading:
        """With scores on the scale that was declared."""
        options = self.options
        return read(
            source,
            roles,
            missing=options.missing,
            scale=options.score_scale,
            ids=options.baseline is not None,
        )

    def assume(self, roles: ClassRoles, findings: Findings) -> None:
        """Say what the columns were taken for."""
        super().assume(roles, findings)
        if roles.labels is not None:
            _assume_labels(roles.labels, findings)
        if roles.family:
            columns = list(roles.family.values())
            findings.assume("probabilities", _some(columns), f"{len(columns)} columns", "--proba")
        soft = list(roles.families.get(ROLE, {}).values())
        if soft:
            findings.assume("soft labels", _some(soft), f"{len(soft)} columns", "--truth-proba")

    def resolve(
        self,
        states: Mapping[str, Any],
        roles: ClassRoles,
        plan: Plan | LabelPlan | SoftPlan,
        findings: Findings,
        rows: int,
    ) -> Evidence:
        """The evidence of the task that it turns out to be."""
        return resolve(
            states, roles, self.options, findings, rows=rows, by_prediction=plan.by_prediction
        )

    def resolve_part(
        self,
        whole: Evidence,
        states: Mapping[str, Any],
        roles: ClassRoles,
        plan: Plan | LabelPlan | SoftPlan,
        rows: int,
    ) -> Evidence:
        """With the task, the classes and the scale of the whole."""
        by_prediction = plan.by_prediction
        return evidence_of_part(
            whole, states, roles, self.options, rows, by_prediction=by_prediction
        )

    def missing(self, request: Request, evidence: Evidence) -> str | None:
        """Why the evidence does not hold what a request reads; InputError for an unknown class."""
        name = request.spec.of_class
        if name is not None and name not in (*evidence.classes, *evidence.class_tables):
            raise unknown_label(request.key, name, evidence.classes)
        return missing(request, evidence)

    def estimate(self, request: Request, evidence: Evidence, level: float | None) -> Estimate:
        """Read one metric."""
        return estimate(request, evidence, level)

    def tangent(self, request: Request, evidence: Evidence) -> Tangent:
        """How one metric moves with its state."""
        return tangent(request, evidence)

    def spread(self, tangent: Tangent, evidence: Evidence, plan: Any, rows: Rows) -> Floats:
        """How far each row moves a number."""
        return spread(tangent, evidence, plan, rows)

    def beside(self, evidence: Evidence, other: Evidence) -> Evidence:
        """With averages over the classes of both, unless the caller named them."""
        return evidence if self.options.classes else over_both(evidence, other)

    def truths(self, evidence: Evidence, batch: Batch) -> NDArray[Any] | None:
        """(n,) what is true of each row."""
        return truths(evidence, batch)

    def likely(self, roles: ClassRoles) -> Sequence[Task]:
        """Several labels a row are seen; whether there are two classes is not yet."""
        several = roles.labels is not None
        return [task for task in self.tasks if (task == "multilabel") == several]

    def cautions(
        self, evidence: Evidence, requests: Sequence[Request], metrics: Mapping[str, Estimate]
    ) -> Iterator[str]:
        """What a careful reader of these numbers should know."""
        return cautions(evidence, requests, metrics, self.level)

    def sections(
        self, evidence: Evidence, requests: Sequence[Request], source: Source
    ) -> Mapping[str, Any]:
        """Classes, confusion and curves."""
        del source
        return sections(evidence, requests, self.level)

    def charts(self, evidence: Evidence, requests: Sequence[Request]) -> Charts:
        """Curves, scores and reliability, of the event or of each class."""
        del requests
        return charts(evidence, self.band_level)

    def signature(self, evidence: Evidence) -> Mapping[str, Any]:
        """What must be equal for two reports to be compared."""
        options, zero = self.options, self.options.zero_division
        return {
            "positive": evidence.positive,
            "threshold": evidence.threshold,
            "score_scale": evidence.scale,
            "score_of": "predicted" if evidence.of_predicted else "positive",
            "classes": list(options.classes),
            "map": dict(options.map),
            "zero_division": None if math.isnan(zero) else zero,
        }

    def provenance(self, evidence: Evidence) -> Mapping[str, Any]:
        """The label set."""
        return {"labels": list(evidence.classes)}


def plan_of(wanted: Wanted, roles: ClassRoles, options: ClassifyOptions) -> Plan:
    """The states that these requests may need of columns with these roles, one label a row."""
    certain = len(roles.family) == 2 and positive_of(tuple(roles.family))
    binary = wanted.may_be("binary")
    # Where it is certainly binary, nothing need be kept for several classes.
    several = [] if binary and certain else playable(wanted.under("multiclass"), roles)
    scores = [r for r in several if r.metric.reads_class_tables("multiclass")]
    coupled = options.intervals and any(r.spec.of_class is None for r in scores)
    pairs = any(r.metric.over == "pair" for r in scores)
    scale, logits = options.score_scale, _are_logits(roles, options)
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
        threshold=(0.0 if logits else 0.5) if threshold is None else threshold,
        logits=logits,
        components=(*components_of([*several, *_soft(wanted, roles)]), *([ROW_SUM] * unsure)),
        renames=options.map,
        class_tables=bool(scores) or unsure or binary or options.plots,
        keep_rows=bool(roles.family) and (coupled or pairs),
    )


def _soft(wanted: Wanted, roles: ClassRoles) -> list[Request]:
    """What is to be read of soft labels, whichever task it turns out to be."""
    either = [*wanted.under("binary"), *wanted.under("multiclass")]
    return of_soft_labels(playable(either, roles))


def _are_logits(roles: ClassRoles, options: ClassifyOptions) -> bool:
    """Whether the scores are declared or named as logits."""
    kind = roles.family_kind if roles.family else roles.score_kind
    return options.score_scale == "logit" or (options.score_scale == "auto" and kind == "logit")


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
