"""Which row of one file belongs to which row of another: by an id that both have, or in turn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mleval.errors import InputError
from mleval.reading.arrow_arrays import null_mask, plain_values, strings_array
from mleval.reading.candidates import by_name
from mleval.reading.columns_of_arrow import as_number
from mleval.reading.filtered import FilteredSource
from mleval.reading.loading import one_array, tables_of
from mleval.reading.names import alike, by_number, listed, nearest, normalised
from mleval.reading.problems import SHOWN
from mleval.reading.source import Source
from mleval.reading.synonyms import ID, PREDICTION, SCORE, TRUTH
from mleval.reading.vocabulary import matched

Rows = NDArray[np.int64]
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
    """For each row of the predictions its row of the truths, and the truths that none has.

    parts, truth_parts: the rows of each part of the two; notices: what to tell of the ids.
    """

    rows: Rows
    missing: Rows
    parts: tuple[int, ...]
    truth_parts: tuple[int, ...]
    notices: tuple[str, ...] = ()

    @property
    def truths(self) -> int:
        """Rows of the truth file."""
        return sum(self.truth_parts)


def found_keys(predictions: Source, truths: Source, id_: str | None, on: str | None) -> Keys | None:
    """The id columns, named (`on` is `a=b`, or one name for both) or found; None: there are none.

    Raises InputError for a named column that is not there, and when both files have an id but
    under different names.
    """
    if on is not None or id_ is not None:
        left, _, right = (on or id_ or "").partition("=") if on else (id_ or "", "", "")
        flag = "--on" if on else "--id"
        return Keys(_column(predictions, left, flag), _column(truths, right or left, flag))
    ours, theirs = by_name(predictions.names, ID), by_name(truths.names, ID)
    for mine in ours:
        for other in theirs:
            if normalised(mine.column) == normalised(other.column):
                return Keys(mine.column, other.column)
    if ours and theirs:
        raise InputError(
            f"{predictions.name} names its rows by '{ours[0].column}', {truths.name} by "
            f"'{theirs[0].column}'",
            hint=f"if these are the same ids: --on '{ours[0].column}={theirs[0].column}'",
        )
    return None


def _column(source: Source, wanted: str, flag: str) -> str:
    found = alike(wanted, source.names)
    if found is not None:
        return found
    near = nearest(wanted, source.names)
    meant = f"did you mean {listed(near)}? " if near else ""
    raise InputError(
        f"{source.name} has no column '{wanted}' to join on; its columns are "
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
        raise InputError(
            f"expected as many rows in {truths.name} as in {predictions.name}, found "
            f"{sum(theirs):,} and {sum(ours):,}: without an id the rows are taken in turn",
            hint=f"complete the shorter file, or join on an id: {by}",
        )
    rows = np.arange(sum(ours), dtype=np.int64)
    return Matching(rows, rows[:0], ours, theirs)


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
    return tuple(table.num_rows for table in tables_of(source, {source.names[0]: "text"}))


def match_by_id(predictions: Source, truths: Source, keys: Keys, *, lenient: bool) -> Matching:
    """Each id to the same id.

    lenient: truths without a prediction are allowed. Raises InputError that lists the missing,
    the extra, the repeated and the empty ids, all together.
    """
    ours, parts = _ids(predictions, keys.predictions)
    theirs, truth_parts = _ids(truths, keys.truths)
    notices: tuple[str, ...] = ()
    if _alike_as_numbers(ours, theirs):
        ours, theirs = _as_numbers(ours), _as_numbers(theirs)
        notices = (f"'{keys}' is spelled differently in the two files: compared as numbers",)
    vocabulary = theirs.dictionary_encode()
    places = _places(vocabulary.indices)
    first = np.full(len(vocabulary.dictionary), -1, dtype=np.int64)
    known = np.flatnonzero(places >= 0)
    first[places[known][::-1]] = known[::-1]
    found = _places(_index_in(ours, vocabulary.dictionary))
    used = np.bincount(found[found >= 0], minlength=len(first))
    if isinstance(predictions, FilteredSource):  # what the filter left out is not missing
        ids, _ = _ids(predictions.inner, keys.predictions)
        every = _places(_index_in(_as_numbers(ids) if notices else ids, vocabulary.dictionary))
        used += np.bincount(every[every >= 0], minlength=len(first))
    missing = first[used == 0]
    told = [
        *(() if lenient else [_missing(missing, theirs, truths, predictions)]),
        _extra(np.flatnonzero(found < 0), ours, predictions, truths),
        _repeated(ours, predictions),
        _repeated(theirs, truths),
        _empty(ours, keys.predictions, predictions),
        _empty(theirs, keys.truths, truths),
    ]
    if any(told):
        raise InputError(
            f"{predictions.name} and {truths.name} do not match on '{keys}':\n"
            + "\n".join(f"  {line}" for line in told if line),
            hint=_hint(bool(len(missing)), len(missing) == len(first)),
        )
    return Matching(first[found], np.sort(missing), parts, truth_parts, notices)


def _hint(some_missing: bool, all_missing: bool) -> str:
    if all_missing:
        return "no id is in both files: are they spelled alike? name the columns with --on A=B"
    hint = "each id belongs once in both files"
    if some_missing:
        hint += "; --missing drop leaves truths without a prediction out, --missing wrong counts "
        hint += "them as wrong"
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


def _empty(ids: Any, column: str, source: Source) -> str:
    missing = null_mask(ids)
    rows = [] if missing is None else np.flatnonzero(missing).tolist()
    if not rows:
        return ""
    shown = ", ".join(f"row {row + 1:,}" for row in rows[:SHOWN])
    return f"{len(rows):,} without an id in '{column}' of {source.name}: {shown}" + _more(len(rows))


def _shown(ids: Any, rows: Iterable[int]) -> list[str]:
    return [f"'{ids[int(row)].as_py()}'" for row in rows]


def _told(count: int, what: str, shown: Sequence[str]) -> str:
    if not count:
        return ""
    return f"{count:,} id{'' if count == 1 else 's'} {what}: {', '.join(shown)}" + _more(count)


def _more(count: int) -> str:
    return f" and {count - SHOWN:,} more" if count > SHOWN else ""
