"""Verification: a report recomputed, from the same parsed columns, by implementations not ours."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch, Floats
from mleval.evaluation.labels import column_of
from mleval.evaluation.multilabel import membership, predicted_sets
from mleval.evaluation.requests import Request
from mleval.evaluation.run import Evaluated, EvaluatedSet
from mleval.metrics.costs import read_cost_matrix
from mleval.options import ClassifyOptions
from mleval.references import Observed, reference
from mleval.references.one_vs_rest import log_odds_of
from mleval.report import Estimate
from mleval.states import Confusion

TOLERANCE = 1e-12


@dataclass(frozen=True, kw_only=True)
class Check:
    """One metric by mleval and by its reference.

    agrees: None when the two cannot be compared, and `note` says why (an undefined case, in
    which a library has a convention of its own).
    """

    spec: str
    value: float | None
    reference: float | None
    difference: float | None
    library: str
    agrees: bool | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """Every metric of a report beside its reference."""

    rows: tuple[Check, ...]

    @property
    def disagreements(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(row for row in self.rows if row.agrees is False)


def verify(evaluated: Evaluated | EvaluatedSet, options: ClassifyOptions) -> Verification:
    """Recompute the metrics of a report whose batches were kept (`evaluate(keep_batches=True)`)."""
    if isinstance(evaluated, EvaluatedSet):
        return Verification(
            tuple(
                replace(row, spec=f"{name}: {row.spec}")
                for name, one in evaluated.systems.items()
                for row in verify(one, options).rows
            )
        )
    observed = observe(evaluated)
    return Verification(
        tuple(
            _check(request, evaluated.report.metrics[request.key], observed, options.zero_division)
            for request in evaluated.requests
        )
    )


def observe(evaluated: Evaluated) -> Observed:
    """The parsed columns, one spelling a class, as a reference takes them."""
    if evaluated.evidence.task == "multilabel":
        return _observe_sets(evaluated)
    evidence, batches, roles = evaluated.evidence, evaluated.batches, evaluated.roles
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
    return Observed(
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


def _check(request: Request, found: Estimate, observed: Observed, zero: float) -> Check:
    """One metric beside its reference."""
    theirs = reference(observed.task, request.metric.name)
    if theirs is None:
        return Check(
            spec=request.key,
            value=found.value,
            reference=None,
            difference=None,
            library="",
            agrees=None,
            note="no reference",
        )
    other, note = _reference_value(theirs.function, request, observed, zero)
    agrees, difference = _agreement(found.value, other)
    if found.value is None:
        note = note or f"undefined: {found.undefined}"
    return Check(
        spec=request.key,
        value=found.value,
        reference=other,
        difference=difference,
        library=theirs.library,
        agrees=agrees,
        note=note,
    )


def _reference_value(
    function: Any, request: Request, observed: Observed, zero: float
) -> tuple[float | None, str]:
    """What the reference says, None with a note where it has no value."""
    options = dict(request.options)
    means = ("macro", "weighted", "samples")
    if request.spec.average in means and request.metric.state is Confusion:
        options["zero_division"] = zero
    if options.get("matrix"):
        options["matrix"] = read_cost_matrix(Path(options["matrix"]), observed.classes).tolist()
    elif "matrix" in options:
        del options["matrix"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = float(
            function(
                observed,
                average=request.spec.average,
                of_class=request.spec.of_class,
                **options,
            )
        )
    return (None, "undefined there too") if math.isnan(value) else (value, "")


def _agreement(value: float | None, other: float | None) -> tuple[bool | None, float | None]:
    """Whether two values agree to tolerance; None where one of them has a convention of its own."""
    if value is None or other is None:
        return (True if value is other else None if value is None else False), None
    difference = abs(value - other)
    return difference <= TOLERANCE * max(abs(value), abs(other), 1.0), difference


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
