"""ClassifiedRows of an evaluation: its rows, with all decided that only the whole could tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch, Family, Floats, Labels
from mleval.diagnosis.rows import ClassifiedRows, Codes
from mleval.errors import InputError
from mleval.evaluation.classification.binary import turned
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.classification.labels import column_of
from mleval.options import ClassifyOptions


def classified(
    batch: Batch, evidence: Evidence, options: ClassifyOptions, beside: Mapping[str, Any]
) -> ClassifiedRows:
    """The rows of a batch that holds all. beside: the fields that every task has.

    Raises InputError where nothing is predicted.
    """
    classes, two = _classes(batch, evidence), evidence.task == "binary"
    truth = _codes(batch.labels("truth"), evidence.spellings.truth, classes)
    given = (
        _codes(batch.labels("prediction"), evidence.spellings.prediction, classes)
        if ("prediction" in batch.columns)
        else None
    )
    score = _score(batch, evidence, options, given) if two else None
    probability = _event(score, evidence) if two else _of_classes(batch, evidence, classes)
    predicted, threshold = given, None
    if two and score is not None:
        predicted, threshold = _cut(score, given, evidence)
    elif predicted is None:
        predicted = _highest(batch, classes)
    if predicted is None:
        raise InputError(
            "nothing is predicted: there are scores that are not probabilities, and no threshold",
            hint="say where they are cut with --threshold T, or what they are with --score-scale",
        )
    return ClassifiedRows(
        classes=classes,
        truth=truth,
        predicted=predicted,
        positive=1 if two else None,
        probability=probability,
        score=score,
        threshold=threshold,
        weight=batch.weight,
        **beside,
    )


def _classes(batch: Batch, evidence: Evidence) -> tuple[str, ...]:
    """Those that occur, and those that only have a column."""
    if evidence.task == "binary" or "probabilities" not in batch.columns:
        return evidence.classes
    names = batch.family("probabilities").names
    known = {column_of(label, names) for label in evidence.classes}
    return (*evidence.classes, *(name for at, name in enumerate(names) if at not in known))


def _codes(labels: Labels, spellings: Mapping[str, str], classes: Sequence[str]) -> Codes:
    place = {name: at for at, name in enumerate(classes)}
    # Spellings of rows that do not count, such as those of weight 0, are no classes.
    moved = np.array([place.get(spellings.get(raw, raw), -1) for raw in labels.names], np.int32)
    found: Codes = moved[labels.codes]
    return found


def _score(
    batch: Batch, evidence: Evidence, options: ClassifyOptions, given: Codes | None
) -> Floats | None:
    """What ranks the positive class."""
    if evidence.event is None:
        return None
    if "probabilities" in batch.columns:
        family = batch.family("probabilities")
        place = column_of(str(evidence.positive), family.names)
        assert place is not None
        return _odds(family.values, place) if evidence.scale == "logit" else family.values[place]
    score = batch.numbers("score")
    if evidence.of_predicted and given is not None:
        return np.where(given == 1, score, turned(options.score_scale)(score))
    return score


def _odds(logits: Floats, place: int) -> Floats:
    """(n,) the log-odds of a class among (K, n) logits."""
    others = np.delete(logits, place, axis=0)
    highest = others.max(axis=0)
    odds: Floats = logits[place] - highest - np.log(np.exp(others - highest).sum(axis=0))
    return odds


def _event(score: Floats | None, evidence: Evidence) -> Floats | None:
    """(n,) the probability of the positive class."""
    if score is None or evidence.scale == "any":
        return None
    if evidence.scale == "probability":
        return score
    half: Floats = np.tanh(score / 2)
    return (1 + half) / 2


def _of_classes(batch: Batch, evidence: Evidence, classes: Sequence[str]) -> Floats | None:
    """(n, K) that of every class; 0 of a class without a column."""
    if "probabilities" not in batch.columns or evidence.scale == "any":
        return None
    family = batch.family("probabilities")
    values = family.values
    if evidence.scale == "logit":
        powers = np.exp(values - values.max(axis=0))
        values = powers / powers.sum(axis=0)
    return _in_order(Family(family.names, values), classes, 0.0)


def _in_order(family: Family, classes: Sequence[str], absent: float) -> Floats:
    """(n, K) the columns in the order of the classes."""
    places = [column_of(label, family.names) for label in classes]
    if places == [*range(len(family.names))]:
        return family.values.T
    rows = family.values.shape[1]
    columns = [np.full(rows, absent) if at is None else family.values[at] for at in places]
    return np.stack(columns, axis=1)


def _highest(batch: Batch, classes: Sequence[str]) -> Codes | None:
    """The class with the highest probability."""
    if "probabilities" not in batch.columns:
        return None
    family = batch.family("probabilities")
    place = {column_of(label, family.names): at for at, label in enumerate(classes)}
    moved: NDArray[np.int32] = np.array(
        [place[at] for at in range(len(family.names))], dtype=np.int32
    )
    found: Codes = moved[family.values.argmax(axis=0)]
    return found


def _cut(
    score: Floats, given: Codes | None, evidence: Evidence
) -> tuple[Codes | None, float | None]:
    """The predictions, and from which score on they are positive; None where no score says that."""
    if evidence.derived:
        at = evidence.threshold
        return None if at is None else (score >= at).astype(np.int32), at
    if given is None:
        return None, None
    above, below = score[given == 1], score[given == 0]
    low = float(below.max()) if len(below) else -np.inf
    high = float(above.min()) if len(above) else np.inf
    if not low < high:
        return given, None
    usual = {"probability": 0.5, "logit": 0.0, "any": high}[evidence.scale]
    return given, usual if low < usual <= high else (high if np.isfinite(high) else None)
