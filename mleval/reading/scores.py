"""The one score column: which it is, what its name says it holds, and of which class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mleval.reading.candidates import best, by_name
from mleval.reading.columns_of_arrow import as_number
from mleval.reading.families import Lone
from mleval.reading.names import normalised
from mleval.reading.roles import ScoreKind
from mleval.reading.synonyms import (
    CONFIDENCE,
    LONE_CLASS,
    SCORE,
    SCORE_NOT_PROBABILITY,
    SCORE_STEMS,
)
from mleval.reading.vocabulary import Head, matched


class Offered(NamedTuple):
    """Columns that may be the score, best first; `words`: named so, but holding text."""

    columns: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def offered_scores(
    head: Head,
    free: Sequence[str],
    lone: Lone | None,
    fractions: Sequence[str],
    stem: str | None,
    has_prediction: bool,
) -> Offered:
    """By name, then the lone column of a class, fractions named like predictions, then by stem.

    Raises InputError when two columns have the same name but for case and separators.
    """
    named = by_name(free, SCORE)
    words = tuple(c.column for c in named if not head.is_numeric(c.column))
    numeric = [c for c in named if c.column not in words]
    best(numeric, "score", "--score")
    found = [c.column for c in numeric]
    if lone is not None:
        found.append(lone.column)
    found += [*fractions, *_by_stem(head, free, stem, has_prediction)]
    return Offered(tuple(dict.fromkeys(found)), words)


def _by_stem(head: Head, free: Sequence[str], stem: str | None, has_prediction: bool) -> list[str]:
    """`lr_proba` beside `lr_pred`, or the only such one where there is no prediction."""
    found: dict[str, str] = {}
    for column in free:
        shape = normalised(column)
        for _, after in SCORE_STEMS:
            own = shape.removesuffix(after)
            if own and own != shape and head.is_fraction(column):
                found.setdefault(column, own)
    matching = [column for column, own in found.items() if own == stem]
    if matching or has_prediction:
        return matching[:1]
    return list(found) if len(found) == 1 else []


def kind_of_score(
    head: Head, column: str, lone: Lone | None, score_of: str | None, prediction: str | None
) -> ScoreKind:
    """What the name says the column holds; the caller's `score_of` says more than the name."""
    shape = normalised(column)
    if score_of == "predicted" or (shape in CONFIDENCE and score_of is None):
        return "confidence"
    if score_of is None and prediction is not None and _is_of_it(head, column, prediction):
        return "confidence"
    if shape in SCORE_NOT_PROBABILITY or shape.endswith("_score"):
        return "score"
    if lone is not None and lone.column == column:
        return lone.kind
    if "logit" in shape:
        return "logit"
    named_so = "prob" in shape or shape in CONFIDENCE or shape == "p1"
    return "probability" if named_so or head.is_fraction(column) else "score"


def _is_of_it(head: Head, column: str, prediction: str) -> bool:
    """Whether a score is of the predicted class, whichever it is, though no name says so.

    It stands beside the label in one object; or, of two labels, none is below a half and no
    threshold divides the labels, so that it cannot be the probability of the same class throughout.
    """
    if column.endswith(".score") and prediction == f"{column.removesuffix('score')}label":
        return True
    if not head.is_fraction(column):
        return False
    scores: dict[str, list[float]] = {}
    for label, cell in zip(head.cells(prediction), head.cells(column), strict=True):
        if label is not None and (score := as_number(cell or "")) is not None:
            scores.setdefault(matched(label), []).append(score)
    if len(scores) != 2:
        return False
    one, other = scores.values()
    divided = min(one) >= max(other) or min(other) >= max(one)
    return min(*one, *other) >= 0.5 and not divided


def class_of_score(column: str, labels: set[str]) -> str | None:
    """The class in `prob_<class>`, unless the labels are known and it is none of them."""
    shape = normalised(column)
    name = "1" if shape == "p1" else None
    for before in LONE_CLASS:
        if shape.startswith(before) and len(shape) > len(before):
            name = column[len(before) :].strip()
            name = name.removesuffix(")") if before == "p(" else name
            break
    if name is None:
        return None
    same = [label for label in labels if matched(label) == matched(name)]
    if same:
        return same[0]
    return name if len(labels) < 2 else None
