"""Columns that name the rows of two files, told by their values where no name says so."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from mleval.errors import InputError
from mleval.reading.candidates import predictions_by_stem, truths_by_stem
from mleval.reading.loading import whole_columns
from mleval.reading.names import listed, normalised
from mleval.reading.source import Source
from mleval.reading.synonyms import CONFIDENCE, NEVER, PREDICTION, SCORE, TRUTH, WEIGHT
from mleval.reading.vocabulary import Head, matched

_OTHERWISE_USED = frozenset((*TRUTH, *PREDICTION, *SCORE, *WEIGHT)) | CONFIDENCE | NEVER


def shared_ids(predictions: Source, truths: Source) -> tuple[str, str] | None:
    """A column of one name in both files whose values come once in each and mostly in both.

    Raises InputError when several such columns match the rows differently.
    """
    shared = _of_one_name(predictions, truths)
    found = {
        names: _places(one, other)
        for names, one, other in _of_values(predictions, truths, shared)
        if _share(one, other) > 0.5
    }
    if not found:
        return None
    chosen, *rest = found
    if any(not found[other].equals(found[chosen]) for other in rest):
        names = [mine for mine, _ in found]
        raise InputError(
            f"{predictions.name} and {truths.name} share {listed(names)}, which match their rows "
            "differently",
            hint=f"say which is the id, such as --id {shlex.quote(names[-1])}",
        )
    return chosen


def has_rivals(predictions: Source, truths: Source, column: str) -> bool:
    """Whether other columns than this one of the predictions may name the rows of both files."""
    return any(mine != column for mine, _ in _of_one_name(predictions, truths))


def _of_one_name(predictions: Source, truths: Source) -> list[tuple[str, str]]:
    theirs = {normalised(name): name for name in _possible(truths)}
    ours = _possible(predictions) if theirs else []
    return [(name, theirs[normalised(name)]) for name in ours if normalised(name) in theirs]


def renamed_ids(predictions: Source, truths: Source) -> tuple[str, str] | None:
    """Columns of two names that hold the same values, each once, in another order."""
    pairs = [(mine, other) for mine in _possible(predictions) for other in _possible(truths)]
    for names, one, other in _of_values(predictions, truths, pairs):
        if len(one) == len(other) and not one.equals(other) and _share(one, other) == 1:
            return names
    return None


def _possible(source: Source) -> list[str]:
    """Columns that no name gives another role, and whose first cells are all different.

    Numbers with a fraction measure something. An only column is what is compared.
    """
    columns = [name for name in source.names if name not in source.copies]
    if len(columns) < 2:
        return []
    head = Head(source.head())
    named = {c.column for c in (*truths_by_stem(columns), *predictions_by_stem(columns))}
    return [
        name
        for name in columns
        if name not in named
        and normalised(name) not in _OTHERWISE_USED
        and head.rows > 0
        and len(head.vocabulary(name)) == head.rows
        and all(number == int(number) for number in head.numbers(name) or ())
    ]


def _of_values(
    predictions: Source, truths: Source, pairs: list[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str], Any, Any]]:
    """The pairs with their columns, of those without an empty or a repeated cell."""
    ours = whole_columns(predictions, {mine: "text" for mine, _ in pairs}) if pairs else {}
    theirs = whole_columns(truths, {other: "text" for _, other in pairs}) if pairs else {}
    for mine, other in pairs:
        one, two = ours[mine], theirs[other]
        if all(not ids.null_count and len(ids.unique()) == len(ids) for ids in (one, two)):
            yield (mine, other), one, two


def _share(one: Any, other: Any) -> float:
    """How much of the shorter column is in the longer, compared as `matched` does if need be."""
    shorter, longer = sorted((one, other), key=len)
    if not len(shorter):
        return 0.0
    found: int = len(shorter) - _places(shorter, longer).null_count
    if not found:
        found = len(set(map(matched, shorter.to_pylist())) & set(map(matched, longer.to_pylist())))
    return float(found / len(shorter))


def _places(one: Any, other: Any) -> Any:
    """Where each value stands in the other column."""
    import pyarrow.compute as arrow_compute

    if one.type != other.type:
        one, other = one.cast("large_string"), other.cast("large_string")
    return arrow_compute.index_in(one, value_set=other)
