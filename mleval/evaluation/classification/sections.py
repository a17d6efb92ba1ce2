"""The parts of the report of a classification beside its metrics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.evaluation.classification.estimates import estimate
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.requests import Request
from mleval.metrics.calibration import reliability
from mleval.metrics.curves import pr_curve, roc_curve
from mleval.report import ClassRow, ConfusionTable, Estimate, finite
from mleval.states import Confusion


def sections(
    evidence: Evidence, requests: Sequence[Request], level: float | None
) -> dict[str, Any]:
    """The classes, which were confused with which, and the curves."""
    return {
        "classes": _class_rows(evidence, requests, level),
        "confusion": _confusion_table(evidence),
        "curves": _curves(evidence),
    }


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
