"""Which row of one file belongs to which row of another: the ids to go by, or the rows in turn."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.candidates import by_name
from mleval.reading.loading import tables_of, whole_columns
from mleval.reading.matrix import are_numbered
from mleval.reading.names import alike, by_number, listed, nearest, normalised
from mleval.reading.shared_ids import has_rivals, renamed_ids, shared_ids
from mleval.reading.source import Source
from mleval.reading.synonyms import COUNTS_ROWS, ID, MODEL, PREDICTION, SCORE, TRUTH
from mleval.reading.vocabulary import matched
from mleval.visible import quoted

Rows = NDArray[np.int64]
_COMPARED = frozenset((*TRUTH, *PREDICTION, *SCORE))


class Keys(NamedTuple):
    """The column that names the rows in the predictions, and the one in the truth file."""

    predictions: str
    truths: str

    def __str__(self) -> str:
        same = self.predictions == self.truths
        return self.predictions if same else f"{self.predictions}={self.truths}"


@dataclass(frozen=True, slots=True)
class Matching:
    """For each row of the predictions its row of the truths (-1: none), and those that none has.

    parts, truth_parts: the rows of each part of the two; notices: what to tell of the ids.
    """

    rows: Rows
    missing: Rows
    parts: tuple[int, ...]
    truth_parts: tuple[int, ...]
    notices: tuple[str, ...] = ()

    @classmethod
    def empty(cls) -> Matching:
        """No rows."""
        none = np.empty(0, np.int64)
        return cls(none, none, (), ())

    @property
    def truths(self) -> int:
        """Rows of the truth file."""
        return sum(self.truth_parts)


def found_keys(predictions: Source, truths: Source, id_: str | None, on: str | None) -> Keys | None:
    """The id columns, named (`on` is `a=b`, or one name for both) or found; None: there are none.

    Found are ids by their names, then a column of both files whose values come once in each.
    Raises InputError for a named column that is not there, and when both files have an id but
    under different names.
    """
    if on is not None or id_ is not None:
        left, _, right = (on or id_ or "").partition("=") if on else (id_ or "", "", "")
        flag = "--on" if on else "--id"
        return Keys(_column(predictions, left, flag), _column(truths, right or left, flag))
    ours, theirs = by_name(predictions.names, ID), by_name(truths.names, ID)
    places = {normalised(other.column): other.column for other in reversed(theirs)}
    same = [Keys(m.column, p) for m in ours if (p := places.get(normalised(m.column)))]
    if same and normalised(same[0].predictions) not in COUNTS_ROWS:
        if has_rivals(predictions, truths, same[0].predictions):
            shared_ids(predictions, truths)  # refuses what matches the rows differently
        return same[0]
    if (shared := shared_ids(predictions, truths)) is not None:
        return Keys(*shared)
    if same:
        return same[0]
    if ours and theirs:
        raise _two_names(predictions, truths, Keys(ours[0].column, theirs[0].column))
    if (renamed := renamed_ids(predictions, truths)) is not None:
        raise _two_names(predictions, truths, Keys(*renamed))
    return None


def _two_names(predictions: Source, truths: Source, keys: Keys) -> InputError:
    return InputError(
        f"{predictions.name} names its rows by {quoted(keys.predictions)}, {truths.name} by "
        f"{quoted(keys.truths)}",
        hint=f"if these are the same ids: --on {shlex.quote(str(keys))}",
    )


def _column(source: Source, wanted: str, flag: str) -> str:
    found = alike(wanted, source.names)
    if found is not None:
        return found
    near = nearest(wanted, source.names)
    meant = f"did you mean {listed(near)}? " if near else ""
    raise InputError(
        f"{source.name} has no column {quoted(wanted)} to join on; its columns are "
        f"{listed(source.names)}",
        hint=f"{meant}{flag} COLUMN, or --on PREDICTIONS_COLUMN=TRUTH_COLUMN where names differ",
    )


def match_by_row(predictions: Source, truths: Source) -> Matching:
    """The first row to the first, and so on; InputError when one file has more."""
    for source in (predictions, truths):
        _require_an_order(source)
    ours, theirs = row_counts(predictions), row_counts(truths)
    if sum(ours) != sum(theirs):
        named = {normalised(n) for n in truths.names} - {*TRUTH, *PREDICTION, *SCORE}
        shared = [n for n in predictions.names if normalised(n) in named]
        by = f"--id {shared[0]}" if shared else "--on PREDICTIONS_COLUMN=TRUTH_COLUMN"
        if by_name(predictions.names, MODEL):
            by += " (rows of several models can be joined no other way)"
        raise InputError(
            f"expected as many rows in {truths.name} as in {predictions.name}, found "
            f"{sum(theirs):,} and {sum(ours):,}: without an id the rows are taken in turn",
            hint=f"complete the shorter file, or join on an id: {by}",
        )
    _require_same_cells(predictions, truths)
    rows = np.arange(sum(ours), dtype=np.int64)
    return Matching(rows, rows[:0], ours, theirs)


def _require_same_cells(predictions: Source, truths: Source) -> None:
    """InputError when a column of both differs in the rows that are taken to be the same."""
    if are_numbered(predictions.names) or are_numbered(truths.names):
        return
    theirs = {normalised(name): name for name in truths.names if name not in truths.copies}
    shared = [n for n in predictions.names if normalised(n) in theirs.keys() - _COMPARED]
    if not shared:
        return
    ours = whole_columns(predictions, dict.fromkeys(shared, "text"))
    others = whole_columns(truths, {theirs[normalised(name)]: "text" for name in shared})
    for name in shared:
        one, two = ours[name].to_pylist(), others[theirs[normalised(name)]].to_pylist()
        apart = (row for row, (a, b) in enumerate(zip(one, two, strict=True)) if a != b)
        row = next((r for r in apart if matched(one[r] or "") != matched(two[r] or "")), None)
        if row is not None:
            raise InputError(
                f"{predictions.name} and {truths.name} share no id that was found, and in row "
                f"{row + 1:,} {quoted(name)} is {quoted(str(one[row]))} in the one and "
                f"{quoted(str(two[row]))} in the other: these are not the same rows",
                hint="name the id with --id or --on, or bring the rows into one order",
            )


def _require_an_order(source: Source) -> None:
    """InputError where a shell has put part 10 before part 2, and the rows are taken in turn."""
    files = [str(file) for file in source.files]
    if files == sorted(files) != sorted(files, key=by_number):
        raise InputError(
            f"the rows are taken in turn, and {source.name} are not in the order of their numbers: "
            f"{listed(files, 4)}",
            hint="name them in order, let mleval find them (quote the pattern: 'preds-*.csv'), or "
            "join on an id",
        )


def row_counts(source: Source) -> tuple[int, ...]:
    """The rows of each part."""
    import pyarrow as pa

    first = source.names[0]
    held = source.head().schema.field(first).type
    plain = pa.types.is_integer(held) or pa.types.is_floating(held)  # numbers are not to be spelled
    kinds: dict[str, Kind] = {first: "number" if plain else "text"}
    return tuple(table.num_rows for table in tables_of(source, kinds))
