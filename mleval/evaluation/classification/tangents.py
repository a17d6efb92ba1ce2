"""How the metrics of a classification move: with what its states keep, and with each row."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.errors import NoInterval
from mleval.evaluation import moments, scoring
from mleval.evaluation.classification.averages import average_tangent
from mleval.evaluation.classification.counting import count_tangent
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.classification.kept import KeptLabels, LabelRows
from mleval.evaluation.classification.label_counting import label_tangent
from mleval.evaluation.classification.multilabel import LabelPlan
from mleval.evaluation.classification.observed import cells_of, scores_of
from mleval.evaluation.requests import Request
from mleval.evaluation.rows import Rows
from mleval.states import BinaryScores, Confusion, Means, RowShapes, ScoreTable
from mleval.uncertainty.tangents import Tangent


def tangent(request: Request, evidence: Evidence) -> Tangent:
    """How the number moves with its state; NoInterval where that is not known."""
    metric = request.metric
    if metric.reads_class_tables(evidence.task):
        return average_tangent(request, evidence)
    if metric.state is Confusion:
        several = evidence.task == "multilabel"
        return (label_tangent if several else count_tangent)(request, evidence)
    if metric.state is Means and evidence.means is not None:
        return moments.tangent_on(metric, request.options, evidence.means)
    if metric.state is ScoreTable and evidence.event is not None:
        return scoring.tangent_on(metric, request.options, evidence.event)
    raise NoInterval("none is known for it")


def spread(tangent: Tangent, evidence: Evidence, plan: Any, rows: Rows) -> Floats:
    """(n,) how far each row moves a number with such a tangent, up to a constant."""
    state, slope = tangent.of, tangent.slope
    if state is evidence.kept:
        return slope
    if evidence.task == "multilabel" and isinstance(state, Confusion | RowShapes):
        return _of_labels(tangent, evidence, plan, rows)

    if isinstance(state, Means):
        return rows.each(lambda b: state.moved(slope, plan.components_of(plan.class_rows(b))))
    if isinstance(state, Confusion):
        by_weight: Floats = slope * state.weight.sum()
        return by_weight[rows.places(state, lambda b: cells_of(b, evidence, plan))]
    assert isinstance(state, BinaryScores)
    column = None if state is evidence.event else _column(state, evidence)
    return slope[rows.places(state, lambda b: state.places(*scores_of(b, column, evidence, plan)))]


def _column(state: object, evidence: Evidence) -> int:
    """Of the class that these are the scores of."""
    return next(at for at, one in enumerate(evidence.class_scores.values()) if one is state)


def _of_labels(tangent: Tangent, evidence: Evidence, plan: LabelPlan, rows: Rows) -> Floats:
    """By the labels that are right or wrong in a row, or by how many of them are."""
    chunks = (LabelRows(plan.cells(batch), batch.weight) for batch in rows.batches)
    kept = evidence.label_rows or KeptLabels.of(chunks, evidence.classes)
    slope: Floats = tangent.slope * kept.weight.sum()
    if isinstance(tangent.of, RowShapes):
        return slope[_shapes(tangent.of, kept, evidence)]
    return kept.summed(slope.reshape(3, -1))


def _shapes(shapes: RowShapes, kept: KeptLabels, evidence: Evidence) -> NDArray[np.intp]:
    """(n,) which shape each row is of."""
    each = np.zeros((3, len(evidence.classes)))
    counts = []
    for kind in range(3):  # TP, FP, FN
        each[:] = 0.0
        each[kind, : evidence.averaged] = 1.0
        counts.append(kept.summed(each))
    width = max(float(c.max(initial=0.0)) for c in counts) + 1
    keys, mine = (
        (tp * width + fp) * width + fn for tp, fp, fn in ((shapes.tp, shapes.fp, shapes.fn), counts)
    )
    order = np.argsort(keys)
    return order[np.searchsorted(keys, mine, sorter=order)]
