"""Columns of several models beside one truth: a row of `WIDE` says how a command tells them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from mleval.reading.candidates import Candidate, best, by_name, predictions_by_stem, truths_by_stem
from mleval.reading.model_families import ModelFamily, model_families
from mleval.reading.names import normalised
from mleval.reading.roles import Choices
from mleval.reading.synonyms import (
    ID,
    MODEL,
    MODEL_PREDICTIONS,
    NEVER,
    NUMBER_PREDICTION,
    PREDICTION,
    REGRESSORS,
    SCORE,
    SCORE_STEMS,
    TRUTH,
    WEIGHT,
)
from mleval.reading.vocabulary import Head, matched

_ORDINARY = ({"0", "1"}, {"-1", "1"}, {"yes", "no"}, {"y", "n"}, {"t", "f"})

Columns = dict[str, dict[str, str]]  # model -> role -> column


class Wide(NamedTuple):
    """The columns of several models. columns: model -> role -> column; families: class columns."""

    columns: Columns
    families: Mapping[str, ModelFamily]

    @property
    def names(self) -> list[str]:
        """Of the models."""
        return list(dict.fromkeys([*self.columns, *self.families]))


_NOTHING = Wide({}, {})


def lone_truth(columns: Sequence[str], choices: Choices) -> str | None:
    """The one truth of a file, by choice or by name."""
    if choices.truth is not None:
        return choices.truth if choices.truth in columns else None
    if truths_by_stem(columns):
        return None
    found = best(by_name(columns, TRUTH), "truth", "--truth")
    return found.column if found else None


def classifiers(head: Head, columns: list[str], truth: str) -> Wide:
    """`lr_pred, lr_proba, dt_pred, dt_proba` beside one truth, or columns of its very labels.

    Probabilities of each class may stand in place of a model's prediction, or beside it.
    """
    if by_name(columns, PREDICTION) or by_name(columns, SCORE):
        return _NOTHING
    labels = {matched(label) for label in head.vocabulary(truth)}
    families = model_families(head, columns, labels)
    found = Wide(_by_stem(head, columns, labels), families)
    if not found.names:
        found = Wide(_by_labels(head, columns, labels), {})
    return _NOTHING if normalised(truth) in map(normalised, found.names) else found


def regressors(head: Head, columns: list[str], truth: str) -> Wide:
    """`lr_pred, rf_pred` beside one truth, or number columns that bear the names of models."""
    if by_name(columns, NUMBER_PREDICTION):
        return _NOTHING
    numeric = [column for column in columns if head.is_numeric(column)]
    found = {str(c.stem): c.column for c in reversed(predictions_by_stem(numeric))}
    if not found:
        found = {c.strip(): c for c in numeric if normalised(c).rstrip("0123456789_") in REGRESSORS}
    if normalised(truth) in map(normalised, found):
        return _NOTHING
    return Wide({name: {"prediction": column} for name, column in found.items()}, {})


WIDE: Mapping[str, Callable[[Head, list[str], str], Wide]] = {
    "classify": classifiers,
    "regress": regressors,
}


def _by_stem(head: Head, columns: list[str], labels: set[str]) -> Columns:
    """The columns of each stem by role; none when any of them may be something else."""
    found: Columns = {}
    for candidate in (*predictions_by_stem(columns), *_predictions_of(columns)):
        fraction = len(labels) <= 2 and head.is_fraction(candidate.column)
        role = "score" if fraction else "prediction"
        if not fraction and not labels & {matched(x) for x in head.vocabulary(candidate.column)}:
            return {}
        if role in found.setdefault(str(candidate.stem), {}):
            return {}
        found[str(candidate.stem)][role] = candidate.column
    for column in columns:
        shape = normalised(column)
        after = next((end for _, end in SCORE_STEMS if shape.endswith(end)), None)
        stem = shape.removesuffix(after) if after else ""
        if not stem or not head.is_fraction(column) or (after == "_score" and stem not in found):
            continue
        if "score" in found.setdefault(stem, {}):
            return {}
        found[stem]["score" if len(labels) <= 2 else "unused"] = column
    usable = all({"prediction", "score"} & set(roles) for roles in found.values())
    return found if usable and not labels & {matched(stem) for stem in found} else {}


def _predictions_of(columns: list[str]) -> list[Candidate]:
    """`y_pred_lr`, `prediction_lr`: a name of the prediction, and then the model's."""
    return [
        Candidate(column, len(PREDICTION), stem)
        for column in columns
        for before in MODEL_PREDICTIONS
        if (stem := normalised(column).removeprefix(before)) and stem != normalised(column)
    ]


def _by_labels(head: Head, columns: list[str], labels: set[str]) -> Columns:
    """Columns that hold nothing but labels of the truth, where those are words of its own."""
    lowered = {label.lower() for label in labels}
    numeric = all(label.replace(".", "").lstrip("-").isdigit() for label in labels)
    if len(labels) < 2 or numeric or any(lowered <= pair for pair in _ORDINARY):
        return {}
    found = {}
    for column in columns:
        if normalised(column) in NEVER or by_name([column], (*ID, *WEIGHT, *MODEL)):
            continue
        held = {matched(label) for label in head.vocabulary(column)}
        if len(held) >= 2 and held <= labels:
            found[column] = {"prediction": column}
    return found
