"""What a classification observed, as references take it, and what they make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch, Floats
from mleval.evaluation.classification.labels import column_of
from mleval.evaluation.classification.multilabel import membership, predicted_sets
from mleval.evaluation.classification.soft_labels import ROLE, true_probabilities
from mleval.evaluation.requests import Request
from mleval.evaluation.run import Evaluated
from mleval.metrics.costs import read_cost_matrix
from mleval.options import ClassifyOptions
from mleval.references import Observed
from mleval.references.one_vs_rest import log_odds_of
from mleval.states import Confusion


def observe(evaluated: Evaluated, options: ClassifyOptions) -> Observed:
    """The parsed columns, one spelling a class, as a reference takes them."""
    del options
    if evaluated.evidence.task == "multilabel":
        return _observe_sets(evaluated)
    evidence, batches, roles = evaluated.evidence, evaluated.batches, evaluated.roles
    if not evidence.labelled:
        return _with_soft_labels(
            Observed(
                task=evidence.task,
                truth=np.full(sum(batch.rows for batch in batches), None, dtype=object),
                prediction=None,
                classes=evidence.classes,
                score_scale=evidence.scale,
                weight=_numbers(batches, "weight"),
            ),
            evaluated,
        )
    spellings = evidence.spellings
    truth = _labels(batches, "truth", spellings.truth)
    score = probabilities = None
    columns: tuple[str, ...] = ()
    prediction = None
    if "prediction" in roles.columns and not evidence.derived:
        prediction = _labels(batches, "prediction", spellings.prediction)
    if evidence.task == "binary":
        score = _event_scores(evaluated)
        prediction = _filled(prediction, truth, evidence.classes)
        if evidence.derived and score is not None and evidence.threshold is not None:
            names = np.array(evidence.classes, dtype=object)
            prediction = names[(score >= evidence.threshold).astype(np.intp)]
    elif evidence.of_predicted:
        score = _numbers(batches, "score")
    elif roles.family:
        columns = tuple(evidence.class_tables) or tuple(roles.family)
        probabilities = np.concatenate([b.family("probabilities").values.T for b in batches])
        if evidence.derived:
            prediction = np.array(columns, dtype=object)[probabilities.argmax(axis=1)]
    observed = Observed(
        task=evidence.task,
        truth=truth,
        prediction=prediction,
        classes=evidence.classes,
        positive=evidence.positive,
        averaged=evidence.averaged,
        score=score,
        score_scale=evidence.scale,
        probabilities=probabilities,
        probability_classes=columns,
        weight=_numbers(batches, "weight"),
    )
    return _with_soft_labels(observed, evaluated)


def _with_soft_labels(observed: Observed, evaluated: Evaluated) -> Observed:
    """The same with the true distributions, class by class beside the predicted ones."""
    if ROLE not in evaluated.roles.families:
        return observed
    batches = evaluated.batches
    columns = [true_probabilities(batch) for batch in batches]
    return replace(
        observed,
        probabilities=np.concatenate([b.family("probabilities").values.T for b in batches]),
        probability_classes=observed.probability_classes or tuple(evaluated.roles.family),
        truth_probabilities=np.concatenate([soft.T for soft in columns if soft is not None]),
    )


def _observe_sets(evaluated: Evaluated) -> Observed:
    """The label sets as 0/1 tables, the scores of the labels in columns."""
    evidence, batches = evaluated.evidence, evaluated.batches
    renames, classes = evidence.spellings.truth, evidence.classes
    threshold = evidence.threshold if evidence.derived else None
    tables = [
        np.concatenate([membership(sets, classes, renames).T for sets in column]).astype(np.int64)
        for column in (
            [batch.label_sets("truth") for batch in batches],
            [predicted_sets(batch, threshold) for batch in batches],
        )
    ]
    probabilities = None
    if evidence.class_tables:
        probabilities = np.concatenate([b.family("probabilities").values.T for b in batches])
    return Observed(
        task="multilabel",
        truth=np.empty(0, dtype=object),
        prediction=None,
        classes=classes,
        averaged=evidence.averaged,
        score_scale=evidence.scale,
        probabilities=probabilities,
        probability_classes=tuple(evidence.class_tables),
        weight=_numbers(batches, "weight"),
        truth_table=tables[0],
        prediction_table=tables[1],
    )


def _filled(
    prediction: NDArray[np.object_] | None, truth: NDArray[np.object_], classes: tuple[str, ...]
) -> NDArray[np.object_] | None:
    """Of two classes, a missing prediction counts as the other one."""
    if prediction is None:
        return None
    missing = np.array([name is None for name in prediction])
    other = np.where(truth == classes[0], classes[1], classes[0])
    filled: NDArray[np.object_] = np.where(missing, other, prediction)
    return filled


def _event_scores(evaluated: Evaluated) -> Floats | None:
    """(n,) the score of the positive class."""
    evidence, batches, roles = evaluated.evidence, evaluated.batches, evaluated.roles
    if not roles.family:
        score = _numbers(batches, "score")
        if score is None or not evidence.of_predicted:
            return score
        guess = _labels(batches, "prediction", evidence.spellings.prediction)
        other = -score if evidence.scale == "logit" else 1.0 - score
        return np.where(guess == evidence.positive, score, other)
    place = column_of(str(evidence.positive), tuple(roles.family))
    if place is None:
        return None
    columns = np.concatenate([b.family("probabilities").values.T for b in batches])
    if evidence.scale == "logit":
        return log_odds_of(columns, place)
    return columns[:, place]


def value(function: Any, request: Request, observed: Observed, options: ClassifyOptions) -> Any:
    """What a reference makes of the rows, told what was asked for."""
    told = dict(request.options)
    means = ("macro", "weighted", "samples")
    if request.spec.average in means and request.metric.state is Confusion:
        told["zero_division"] = options.zero_division
    if told.get("matrix"):
        told["matrix"] = read_cost_matrix(Path(told["matrix"]), observed.classes).tolist()
    elif "matrix" in told:
        del told["matrix"]
    spec = request.spec
    qualifiers = {"average": spec.average, "of_class": spec.of_class}
    return function(observed, **{k: v for k, v in qualifiers.items() if v is not None}, **told)


def scale(request: Request, observed: Observed) -> float:
    """Shares and losses are about 1."""
    del request, observed
    return 1.0


def _labels(batches: tuple[Batch, ...], role: str, names: Mapping[str, str]) -> NDArray[np.object_]:
    """(n,) class names of a label column."""
    columns = [batch.labels(role) for batch in batches]
    return np.concatenate(
        [
            np.array([*(names.get(raw, raw) for raw in column.names), None], dtype=object)[
                column.codes
            ]
            for column in columns
        ]
    )


def _numbers(batches: tuple[Batch, ...], role: str) -> Floats | None:
    if not batches or role not in batches[0].columns:
        return None
    return np.concatenate([batch.numbers(role) for batch in batches])
