"""The account of an evaluation: its Report, from the evidence and the requests."""

from __future__ import annotations

import math
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.evaluation.cautions import cautions
from mleval.evaluation.estimates import estimate
from mleval.evaluation.evidence import Evidence
from mleval.evaluation.findings import Findings
from mleval.evaluation.requests import Request
from mleval.metrics.calibration import reliability
from mleval.metrics.curves import pr_curve, roc_curve
from mleval.options import ClassifyOptions
from mleval.reading import Roles, Source, Tally
from mleval.report import ClassRow, ConfusionTable, Estimate, Report, finite
from mleval.states import Confusion
from mleval.version import __version__


def report_of(
    evidence: Evidence,
    requests: Sequence[Request],
    options: ClassifyOptions,
    findings: Findings,
    source: Source,
    roles: Roles,
    tally: Tally,
) -> Report:
    """Read every request and write down what a reader needs to trust it."""
    level = options.level if options.intervals else None
    metrics = {request.key: estimate(request, evidence, level) for request in requests}
    for caution in cautions(evidence, requests, metrics, level):
        findings.notice(caution)
    return Report(
        task=evidence.task,
        inputs=tuple(map(str, source.files)) or (source.name,),
        assumed=tuple(findings.assumed),
        metrics=metrics,
        classes=_class_rows(evidence, requests, level),
        confusion=_confusion_table(evidence),
        curves=_curves(evidence),
        warnings=tuple(findings.notices),
        signature=_signature(evidence, options, roles),
        provenance={
            "labels": list(evidence.classes),
            "rows": tally.rows_read,
            "rows_used": tally.rows_used,
            "left_out": dict(tally.left_out),
            "digest": source.digest(),
        },
        environment={
            "mleval": __version__,
            "python": platform.python_version(),
            "numpy": np.__version__,
        },
    )


def _class_rows(
    evidence: Evidence, requests: Sequence[Request], level: float | None
) -> dict[str, ClassRow]:
    """Every class against the rest, under each per-class metric that the report has."""
    if evidence.counts is None:
        return {}
    by_class = {
        str(replace(request.spec, average=None, of_class=None)): request
        for request in requests
        if request.metric.over == "class"
        and (request.metric.state is Confusion or evidence.task != "binary")
    }
    rows = {}
    for place, name in enumerate(evidence.classes):
        found: dict[str, Estimate] = {}
        for key, request in by_class.items():
            spec = replace(request.spec, average=None, of_class=name)
            found[key] = estimate(replace(request, spec=spec), evidence, level)
        rows[name] = ClassRow(
            support=float(evidence.counts.truth[place]),
            predicted=float(evidence.counts.prediction[place]),
            metrics=found,
        )
    return rows


def _confusion_table(evidence: Evidence) -> ConfusionTable | None:
    counts = evidence.counts
    if counts is None or evidence.task == "multilabel":  # no label is taken for another there
        return None
    order = np.argsort(-counts.cells, kind="stable")
    names = (*counts.classes, None)
    cells = (
        (names[counts.cell_truth[i]], names[counts.cell_prediction[i]], float(counts.cells[i]))
        for i in order
    )
    return ConfusionTable(labels=counts.classes, cells=tuple(cells))


def _curves(evidence: Evidence) -> dict[str, dict[str, list[float | None]]]:
    """The curves that the scores of the event have: at most 512 points each."""
    scores = evidence.event
    curves: dict[str, dict[str, list[float | None]]] = {}
    if scores is None or not scores.total:
        return curves
    if evidence.task == "binary" and scores.positives and scores.negatives:
        curves["roc"] = _columns(("fpr", "tpr", "threshold"), roc_curve(scores))
        curves["pr"] = _columns(("recall", "precision", "threshold"), pr_curve(scores))
    if evidence.scale != "any":
        curves["reliability"] = {
            name: [finite(float(x)) for x in column] for name, column in reliability(scores).items()
        }
    return curves


def _columns(names: Iterable[str], columns: Iterable[Floats]) -> dict[str, list[float | None]]:
    return {
        name: [finite(float(x)) for x in column]
        for name, column in zip(names, columns, strict=True)
    }


def _signature(evidence: Evidence, options: ClassifyOptions, roles: Roles) -> Mapping[str, Any]:
    """What must be equal for two reports to be compared."""
    return {
        "task": evidence.task,
        "positive": evidence.positive,
        "threshold": evidence.threshold,
        "score_scale": evidence.scale,
        "weighted": "weight" in roles.columns,
        "score_of": "predicted" if evidence.of_predicted else "positive",
        "classes": list(options.classes),
        "map": dict(options.map),
        "zero_division": None if math.isnan(options.zero_division) else options.zero_division,
        "missing": options.missing,
        "mleval": __version__,
    }
