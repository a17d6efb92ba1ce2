"""What the columns of a joined table are for: the truth comes from the truth file."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from mleval.errors import InputError
from mleval.reading.candidates import (
    bare_truths,
    best,
    by_name,
    predictions_by_stem,
    truths_by_stem,
)
from mleval.reading.joined import JoinedSource
from mleval.reading.label_layout import label_columns
from mleval.reading.names import alike, listed, nearest, normalised
from mleval.reading.roles import Choices, ColumnChoices
from mleval.reading.synonyms import PREDICTION, SCORE, TRUTH
from mleval.reading.vocabulary import Head, overlap
from mleval.visible import quoted

Chosen = TypeVar("Chosen", bound=Choices)


def joined_choices(source: JoinedSource, choices: Chosen) -> Chosen:
    """The choices with what the join tells: the truth, and a prediction that no name gives away.

    Raises InputError when the truth file has no column, or several, that may be the truth.
    """
    id_ = source.keys.predictions if source.keys else None
    choices = replace(choices, id=id_, theirs=source.right)
    if choices.without_truth or _has_label_columns(source, choices):
        return choices
    truth = _truth(source, choices)
    choices = replace(choices, truth=truth)
    if choices.names_predictions:
        return choices
    column = _prediction(source, truth)
    if column is None:
        return choices
    if not isinstance(choices, ColumnChoices):
        return replace(choices, prediction=column)
    head = Head(source.head())
    alike = overlap(head.vocabulary(truth), head.vocabulary(column)) > 0
    if head.numbers(column) is not None and not alike:
        scored = by_name(source.predictions.names, SCORE)
        return choices if scored else replace(choices, score=column)
    return replace(choices, prediction=column)


def _has_label_columns(source: JoinedSource, choices: Choices) -> bool:
    """Whether each file has a column a label."""
    if not isinstance(choices, ColumnChoices):
        return False
    named = (choices.truth, choices.prediction, choices.label_sep)
    if any(name is not None for name in named) or choices.task not in (None, "multilabel"):
        return False
    columns = [name for name in source.names if name not in source.copies and name != choices.id]
    wanted = choices.task == "multilabel"
    head = Head(source.head())
    return label_columns(head, columns, wanted=wanted, theirs=choices.theirs) is not None


def _truth(source: JoinedSource, choices: Choices) -> str:
    theirs = {name: shown for shown, name in source.right.items()}
    if choices.truth is not None:
        return theirs[_named(source, choices.truth, list(theirs))]
    columns = [name for name in theirs if name not in source.truths.copies]
    candidates = [*by_name(columns, TRUTH), *truths_by_stem(columns)]
    ours = [n for n in source.predictions.names if n not in source.predictions.copies]
    candidates = candidates or bare_truths(columns, predictions_by_stem(ours))
    found = best(candidates, "truth", "--truth")
    if found is not None:
        return theirs[found.column]
    if _is_prediction(columns) and by_name(ours, TRUTH) and not _is_prediction(ours):
        raise InputError(
            f"the truth file {source.truths.name} has predictions and no truth ({listed(columns)}),"
            f" and {source.name} has a truth and no prediction ({listed(ours)})",
            hint="give the predictions first: FILE --truth-file TRUTH; or name the truth with "
            "--truth COLUMN",
        )
    if len(columns) == 1:
        return theirs[columns[0]]
    raise InputError(
        f"{source.truths.name} has no column that is named like a truth (y_true, label, target, "
        f"actual …); its columns are {listed(source.truths.names)}",
        hint="name it with --truth COLUMN, or --task multilabel where each column is a label",
    )


def _is_prediction(columns: list[str]) -> bool:
    return bool(
        by_name(columns, PREDICTION) or by_name(columns, SCORE) or predictions_by_stem(columns)
    )


def _named(source: JoinedSource, wanted: str, columns: list[str]) -> str:
    found = alike(wanted, columns)
    if found is not None:
        return found
    near = nearest(wanted, columns)
    meant = f"did you mean {listed(near)}? " if near else ""
    raise InputError(
        f"the truth file {source.truths.name} has no column {quoted(wanted)}; its columns are "
        f"{listed(source.truths.names)}",
        hint=f"{meant}--truth COLUMN",
    )


def _prediction(source: JoinedSource, truth: str) -> str | None:
    """The predictions' only column, or that called as the truth is, where no name tells more."""
    keys, copies = source.keys, source.predictions.copies
    left = source.predictions.names
    columns = [n for n in left if n not in copies and not (keys and n == keys.predictions)]
    if len(columns) == 1:
        return columns[0]
    if by_name(columns, PREDICTION) or predictions_by_stem(columns):
        return None
    wanted = normalised(source.right.get(truth, truth))
    alike = [name for name in columns if normalised(name) == wanted]
    return alike[0] if len(alike) == 1 else None
