"""Which row of one file belongs to which row of another: by an id that both have, or in turn."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.arrow_arrays import null_mask, plain_values, strings_array
from mleval.reading.candidates import by_name
from mleval.reading.columns_of_arrow import as_number
from mleval.reading.loading import one_array, tables_of, whole_columns
from mleval.reading.matrix import are_numbered
from mleval.reading.names import alike, by_number, listed, nearest, normalised
from mleval.reading.problems import SHOWN
from mleval.reading.shared_ids import has_rivals, renamed_ids, shared_ids
from mleval.reading.source import Source
from mleval.reading.synonyms import COUNTS_ROWS, ID, MODEL, PREDICTION, SCORE, TRUTH
from mleval.reading.vocabulary import matched
from mleval.visible import quoted

Rows = NDArray[np.int64]
_COMPARED = frozenset((*TRUTH, *PREDICTION, *SCORE))
_PADDED = re.compile(r"\s*[+-]?0[0-9]")


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


def match_by_id(
    predictions: Source, truths: Source, keys: Keys, *, lenient: bool, every: Source | None = None
) -> Matching:
    """Each id to the same id.

    lenient: truths without a prediction are allowed, and predictions without a truth, unless no id
    is in both; every: the predictions before a filter, since what that left out is not missing.
    Raises InputError that lists the missing, the extra, the repeated and the empty ids, all
    together.
    """
    ours, parts = _ids(predictions, keys.predictions)
    theirs, truth_parts = _ids(truths, keys.truths)
    notices: tuple[str, ...] = ()
    if _alike_as_numbers(ours, theirs):
        ours, theirs = _as_numbers(ours), _as_numbers(theirs)
        notices = (
            f"{quoted(str(keys))} is spelled differently in the two files: compared as numbers",
        )
    vocabulary = theirs.dictionary_encode()
    places = _places(vocabulary.indices)
    first = np.full(len(vocabulary.dictionary), -1, dtype=np.int64)
    known = np.flatnonzero(places >= 0)
    first[places[known][::-1]] = known[::-1]
    found = _places(_index_in(ours, vocabulary.dictionary))
    used = np.bincount(found[found >= 0], minlength=len(first))
    if every is not None:
        ids, _ = _ids(every, keys.predictions)
        others = _places(_index_in(_as_numbers(ids) if notices else ids, vocabulary.dictionary))
        used += np.bincount(others[others >= 0], minlength=len(first))
    missing = first[used == 0]
    extra = np.flatnonzero(found < 0)
    apart = len(missing) == len(first)
    unpaired = [
        _missing(missing, theirs, truths, predictions),
        _extra(extra, ours, predictions, truths),
    ]
    told = [
        *([] if lenient and not apart else unpaired),
        _repeated(ours, predictions),
        _repeated(theirs, truths),
        _empty(ours, keys.predictions, predictions, parts),
        _empty(theirs, keys.truths, truths, truth_parts),
    ]
    if any(told):
        raise InputError(
            f"{predictions.name} and {truths.name} do not match on {quoted(str(keys))}:",
            *(f"  {line}" for line in told if line),
            hint=_hint(bool(len(missing)), bool(len(extra)), apart),
        )
    rows = np.where(found < 0, -1, first[found])
    return Matching(rows, np.sort(missing), parts, truth_parts, notices)


def _hint(some_missing: bool, some_extra: bool, apart: bool) -> str:
    if apart:
        return "no id is in both files: are they spelled alike? name the columns with --on A=B"
    hint = "each id belongs once in both files"
    if some_missing:
        hint += "; --missing drop leaves truths without a prediction out, --missing wrong counts "
        hint += "them as wrong"
    if some_extra:
        hint += "; either" if some_missing else "; --missing drop"
        hint += " leaves predictions without a truth out"
    return hint


def _ids(source: Source, column: str) -> tuple[Any, tuple[int, ...]]:
    chunks: list[Any] = []
    parts: list[int] = []
    for table in tables_of(source, {column: "text"}):
        chunks += table.column(column).chunks
        parts.append(table.num_rows)
    return one_array(chunks), tuple(parts)


def _alike_as_numbers(ours: Any, theirs: Any) -> bool:
    """Whether no id is in both as it is spelled, and all are numbers, such as `1` and `1.0`.

    Zeros in front are no spelling of a number: they tell `007` from `7`.
    """
    first = [array.slice(0, 100).to_pylist() for array in (ours, theirs)]
    if not all(cells and all(_is_plain_number(cell) for cell in cells) for cells in first):
        return False
    if _places(_index_in(ours, theirs.unique())).max(initial=-1) >= 0:
        return False
    return all(map(_is_plain_number, [*ours.to_pylist(), *theirs.to_pylist()]))


def _is_plain_number(cell: str | None) -> bool:
    return cell is not None and as_number(cell) is not None and not _PADDED.match(cell)


def _as_numbers(ids: Any) -> Any:
    return strings_array([cell and matched(cell) for cell in ids.to_pylist()])


def _index_in(ids: Any, vocabulary: Any) -> Any:
    import pyarrow.compute as arrow_compute

    if ids.type != vocabulary.type:
        ids, vocabulary = ids.cast("large_string"), vocabulary.cast("large_string")
    return arrow_compute.index_in(ids, value_set=vocabulary)


def _places(indices: Any) -> Rows:
    """Positions, −1 where there is none."""
    missing = null_mask(indices)
    places = plain_values(indices).astype(np.int64)
    return places if missing is None else np.where(missing, -1, places)


def _missing(rows: Rows, theirs: Any, truths: Source, predictions: Source) -> str:
    what = f"of {truths.name} missing in {predictions.name}"
    return _told(len(rows), f"{what}", _shown(theirs, np.sort(rows)[:SHOWN]))


def _extra(rows: Rows, ours: Any, predictions: Source, truths: Source) -> str:
    empty = null_mask(ours)
    if empty is not None:
        rows = rows[~empty[rows]]
    what = f"of {predictions.name} that {truths.name} does not have"
    return _told(len(rows), what, _shown(ours, rows[:SHOWN]))


def _repeated(ids: Any, source: Source) -> str:
    encoded = ids.dictionary_encode()
    places = _places(encoded.indices)
    counts = np.bincount(places[places >= 0], minlength=len(encoded.dictionary))
    often = np.flatnonzero(counts > 1)
    names = _shown(encoded.dictionary, often[:SHOWN])
    shown = [f"{name} ({counts[place]} times)" for name, place in zip(names, often, strict=False)]
    return _told(len(often), f"repeated in {source.name}", shown)


def _empty(ids: Any, column: str, source: Source, parts: Sequence[int]) -> str:
    missing = null_mask(ids)
    rows = [] if missing is None else np.flatnonzero(missing).tolist()
    if not rows:
        return ""
    ends = np.cumsum(parts)
    places = []
    for row in rows[:SHOWN]:
        part = int(np.searchsorted(ends, row, side="right"))
        places.append(source.locate(part, row - int(ends[part]) + parts[part]))
    found = ", ".join(place.removeprefix(f"{source.name}, ") for place in places)
    what = f"{len(rows):,} without an id in {quoted(column)} of {source.name}"
    return f"{what}: {found}" + _more(len(rows))


def _shown(ids: Any, rows: Iterable[int]) -> list[str]:
    return [quoted(ids[int(row)].as_py()) for row in rows]


def _told(count: int, what: str, shown: Sequence[str]) -> str:
    if not count:
        return ""
    return f"{count:,} id{'' if count == 1 else 's'} {what}: {', '.join(shown)}" + _more(count)


def _more(count: int) -> str:
    return f" and {count - SHOWN:,} more" if count > SHOWN else ""
