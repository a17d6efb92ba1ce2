"""Columns that may be truth or prediction by their names, best first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mleval.errors import InputError
from mleval.reading.names import listed, normalised
from mleval.reading.synonyms import (
    CONFIDENCE,
    ID,
    NEVER,
    PREDICTION,
    PREDICTION_STEMS,
    SCORE,
    TRUTH,
    TRUTH_STEMS,
    TWINS,
    WEIGHT,
)

_LISTED = frozenset((*TRUTH, *PREDICTION, *SCORE, *ID, *WEIGHT)) | CONFIDENCE
_SCORE_WORDS = ("prob", "score", "conf", "logit", "error")


class Candidate(NamedTuple):
    """A column that may play a role: rank 0 is the best; stem: of `<stem>_true` and the like."""

    column: str
    rank: int
    stem: str | None = None


def by_name(columns: Iterable[str], synonyms: Sequence[str]) -> list[Candidate]:
    """The columns that bear one of the names, best first.

    >>> [c.column for c in by_name(["target", "Y True"], TRUTH)]
    ['Y True', 'target']
    """
    ranks = {name: rank for rank, name in enumerate(synonyms)}
    found = [Candidate(c, ranks[normalised(c)]) for c in columns if normalised(c) in ranks]
    return sorted(found, key=lambda candidate: candidate.rank)


def truths_by_stem(columns: Iterable[str]) -> list[Candidate]:
    """`<stem>_true`, `true_<stem>`, `actual_<stem>`."""
    return _by_stem(columns, TRUTH_STEMS, len(TRUTH))


def predictions_by_stem(columns: Iterable[str]) -> list[Candidate]:
    """`<stem>_pred`, `<stem>_prediction`, `pred_<stem>`, `predicted_<stem>`."""
    return _by_stem(columns, PREDICTION_STEMS, len(PREDICTION))


def bare_truths(columns: Iterable[str], predictions: Iterable[Candidate]) -> list[Candidate]:
    """Columns named as the stem of a prediction: `species` beside `predicted_species`."""
    stems = {candidate.stem for candidate in predictions}
    rank = len(TRUTH) + len(TRUTH_STEMS)
    return [Candidate(c, rank, normalised(c)) for c in columns if normalised(c) in stems]


def _by_stem(
    columns: Iterable[str], patterns: Sequence[tuple[str, str]], worse_than: int
) -> list[Candidate]:
    found = []
    for column in columns:
        shape = normalised(column)
        if shape in _LISTED or shape in NEVER:
            continue
        for place, (before, after) in enumerate(patterns):
            stem = shape[len(before) : len(shape) - len(after)]
            fits = shape.startswith(before) and shape.endswith(after) and stem
            if fits and not stem.startswith(_SCORE_WORDS) and stem not in NEVER:
                found.append(Candidate(column, worse_than + place, stem))
                break
    return sorted(found, key=lambda candidate: candidate.rank)


def twins_of(column: str, columns: Iterable[str]) -> list[str]:
    """Other spellings of the same column, such as `label_name` of `label`.

    >>> twins_of("label", ["label", "label_name", "score"])
    ['label_name']
    """
    base = _without_twin_ending(normalised(column))
    return [c for c in columns if c != column and _without_twin_ending(normalised(c)) == base]


def _without_twin_ending(shape: str) -> str:
    for ending in TWINS:
        if shape.endswith(ending) and len(shape) > len(ending):
            return shape.removesuffix(ending)
    return shape


def best(candidates: Sequence[Candidate], role: str, flag: str) -> Candidate | None:
    """The one of the highest rank; InputError when two share it."""
    if not candidates:
        return None
    rank = candidates[0].rank
    equal = [candidate.column for candidate in candidates if candidate.rank == rank]
    if len(equal) > 1:
        raise InputError(
            f"{len(equal)} columns may be the {role}: {listed(equal)}",
            hint=f"choose one with {flag} COLUMN",
        )
    return candidates[0]
