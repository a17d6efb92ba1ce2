"""What each row of a batch was counted as: its cell of the confusion matrix, its score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch, Floats, Labels
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.classification.labels import column_of
from mleval.evaluation.classification.multilabel import LabelPlan, membership
from mleval.evaluation.classification.plan import class_scores
from mleval.metrics.multiclass import top_label

Mask = NDArray[np.bool_]


def cells_of(batch: Batch, evidence: Evidence, plan: Any) -> NDArray[np.intp]:
    """(n,) which cell of the confusion matrix each row is in, one label a row."""
    assert evidence.confusion
    return evidence.confusion.places(_truth(batch, evidence), _prediction(batch, evidence, plan))


def scores_of(
    batch: Batch, column: int | None, evidence: Evidence, plan: Any
) -> tuple[Floats, Mask]:
    """(n,) the scores and whether it happened: of the class of a column, or (None) of the event."""
    if column is None and evidence.task == "binary" and "probabilities" in batch.columns:
        column = column_of(str(evidence.positive), batch.family("probabilities").names)
    if column is not None:
        return _of_column(batch, column, plan)
    if evidence.task == "binary":
        return _of_positive(batch, evidence)
    if evidence.of_predicted:
        return batch.numbers("score"), _right(batch, evidence)
    return top_label(plan.class_rows(batch))


def _of_column(batch: Batch, column: int, plan: Any) -> tuple[Floats, Mask]:
    """One class against the rest."""
    if isinstance(plan, LabelPlan):
        family = batch.family("probabilities")
        name = plan.names.get(family.names[column], family.names[column])
        (mine,) = membership(batch.label_sets("truth"), (name,), plan.names)
        return family.values[column], mine
    rows = plan.class_rows(batch)
    return class_scores(rows)[column], rows.truth == column


def _of_positive(batch: Batch, evidence: Evidence) -> tuple[Floats, Mask]:
    """The score column as that of the positive class."""
    positive, score = str(evidence.positive), batch.numbers("score")
    truth = _truth(batch, evidence)
    if evidence.of_predicted:
        guess = _called(batch.labels("prediction"), evidence.spellings.prediction)
        other = -score if evidence.scale == "logit" else 1.0 - score
        score = np.where(_is(guess, positive), score, other)
    return score, _is(truth, positive)


def _right(batch: Batch, evidence: Evidence) -> Mask:
    """(n,) whether the predicted class is the true one."""
    guess = _called(batch.labels("prediction"), evidence.spellings.prediction)
    truth = _truth(batch, evidence)
    one, other = (np.array([*side.names, None], object)[side.codes] for side in (truth, guess))
    right: Mask = one == other
    return right


def _prediction(batch: Batch, evidence: Evidence, plan: Any) -> Labels:
    """The predicted classes: as given, at the threshold, or of the highest score."""
    if evidence.derived and evidence.threshold is not None:
        score, _ = scores_of(batch, None, evidence, plan)
        return Labels((score >= evidence.threshold).astype(np.int32), evidence.classes)
    if evidence.derived:
        names = batch.family("probabilities").names
        best = Labels(plan.class_rows(batch).best.astype(np.int32), names)
        return _called(best, evidence.spellings.prediction)
    given = _called(batch.labels("prediction"), evidence.spellings.prediction)
    if evidence.task != "binary":
        return given
    positive = str(evidence.positive)  # of two classes, none is a miss for the true one
    truth = _is(_truth(batch, evidence), positive)
    guess = np.where(given.codes < 0, ~truth, _is(given, positive))
    return Labels(guess.astype(np.int32), evidence.classes)


def _truth(batch: Batch, evidence: Evidence) -> Labels:
    return _called(batch.labels("truth"), evidence.spellings.truth)


def _called(labels: Labels, names: Mapping[str, str]) -> Labels:
    """The same rows under the names of their classes."""
    return replace(labels, names=tuple(names.get(raw, raw) for raw in labels.names))


def _is(labels: Labels, name: str) -> Mask:
    """(n,) whether each row is of that class."""
    return np.array([*(one == name for one in labels.names), False])[labels.codes]
