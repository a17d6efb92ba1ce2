"""What is particular to pairs: their labels go by two flags, their vectors by many columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from mleval.reading import PairRoles, Source
from mleval.reading.candidates import Candidate, by_name
from mleval.reading.names import normalised
from mleval.reading.pair_columns import DISSIMILAR, DISTANCE, NEGATIVE_DISTANCE, SAME, VECTORS
from mleval.reading.vocabulary import Head

_FLAGS = {"distance": "distances", "negative_distance": "negative_distances"}
_TELLING = 3  # letters from which a name says what it is: `d`, `a` and `x1` may be anything


def pair_columns(columns: Mapping[str, str | None], roles: PairRoles) -> dict[str, str | None]:
    """Option → column, of role → column."""
    flags = {**_FLAGS, "dissimilar": "same" if roles.says_same else "dissimilar"}
    return {flags.get(role, role): column for role, column in columns.items()}


def says_pairs(columns: Collection[str]) -> bool:
    """Whether there is a distance by its name, and what says which pairs are the same.

    >>> says_pairs(["distance", "is_match"])
    True
    """
    return bool(_distances(columns) and by_name(columns, (*SAME, *DISSIMILAR)))


def resembles_pairs(columns: Collection[str]) -> bool:
    """Whether there is a distance by its name, or both vectors.

    >>> resembles_pairs(["anchor_0", "positive_0", "label"])
    True
    """
    shapes = [normalised(column).rstrip("0123456789").rstrip("_") for column in columns]
    vectors = ({*_telling(VECTORS[role])} & {*shapes} for role in ("a", "b"))
    return bool(_distances(columns)) or all(vectors)


def _distances(columns: Collection[str]) -> list[Candidate]:
    return by_name(columns, _telling((*DISTANCE, *NEGATIVE_DISTANCE)))


def _telling(names: Collection[str]) -> list[str]:
    return [name for name in names if len(name) >= _TELLING]


def holds_vectors(source: Source) -> bool:
    """Whether two columns of lists are named as the vectors of a pair."""
    head = Head(source.head())
    lists = [c for c in source.names if _is_list(head.first(c))]
    return all(by_name(lists, VECTORS[role]) for role in ("a", "b"))


def _is_list(cell: Any) -> bool:
    return isinstance(cell, list) or (isinstance(cell, str) and cell.lstrip().startswith("["))
