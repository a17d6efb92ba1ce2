"""Rows of one file matched with those of another by an id that both have, and what forbids it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from mleval.errors import InputError
from mleval.reading.arrow_arrays import null_mask, plain_values, strings_array
from mleval.reading.columns_of_arrow import as_number
from mleval.reading.loading import one_array, tables_of
from mleval.reading.matching import Keys, Matching, Rows
from mleval.reading.problems import SHOWN
from mleval.reading.source import Source
from mleval.reading.vocabulary import matched
from mleval.visible import quoted

_PADDED = re.compile(r"\s*[+-]?0[0-9]")


class _Ids(NamedTuple):
    """A column of ids: its cells as one Arrow array; parts: the rows of each part."""

    source: Source
    column: str
    cells: Any
    parts: tuple[int, ...]

    @classmethod
    def of(cls, source: Source, column: str) -> _Ids:
        """Of all rows."""
        chunks: list[Any] = []
        parts: list[int] = []
        for table in tables_of(source, {column: "text"}):
            chunks += table.column(column).chunks
            parts.append(table.num_rows)
        return cls(source, column, one_array(chunks), tuple(parts))

    def as_numbers(self) -> _Ids:
        """Each number spelled as any other that is the same."""
        cells = [cell and matched(cell) for cell in self.cells.to_pylist()]
        return self._replace(cells=strings_array(cells))


def match_by_id(
    predictions: Source,
    truths: Source,
    keys: Keys,
    *,
    lenient: bool,
    countable: bool = True,
    every: Source | None = None,
) -> Matching:
    """Each id to the same id.

    lenient: truths without a prediction are allowed, and predictions without a truth, unless no id
    is in both; countable: whether a row without a prediction can count as wrong; every: the
    predictions before a filter, since what that left out is not missing.
    Raises InputError that lists the missing, the extra, the repeated and the empty ids, all
    together.
    """
    ours, theirs = _Ids.of(predictions, keys.predictions), _Ids.of(truths, keys.truths)
    all_of_them = ours if every is None else _Ids.of(every, keys.predictions)
    as_numbers = _alike_as_numbers(ours.cells, theirs.cells)
    if as_numbers:
        ours, theirs, all_of_them = (ids.as_numbers() for ids in (ours, theirs, all_of_them))
    vocabulary, first = _first_rows(theirs.cells)
    found = _places(_index_in(ours.cells, vocabulary))
    others = found if every is None else _places(_index_in(all_of_them.cells, vocabulary))
    missing = np.setdiff1d(first, first[others[others >= 0]])
    apart, extra = len(missing) == len(first), np.flatnonzero(found < 0)
    told = [_repeated(ours), _repeated(theirs), _empty(ours), _empty(theirs)]
    if apart or not lenient:
        told = [_missing(missing, theirs, ours), _extra(extra, ours, theirs), *told]
    if any(told):
        raise InputError(
            f"{predictions.name} and {truths.name} do not match on {quoted(str(keys))}:",
            *(f"  {line}" for line in told if line),
            hint=_hint(len(missing) > 0, len(extra) > 0, apart=apart, countable=countable),
        )
    rows = np.where(found < 0, -1, first[found])
    spelled = f"{quoted(str(keys))} is spelled differently in the two files: compared as numbers"
    return Matching(rows, missing, ours.parts, theirs.parts, (spelled,) if as_numbers else ())


def _first_rows(ids: Any) -> tuple[Any, Rows]:
    """The distinct ids, and the first row of each."""
    encoded = ids.dictionary_encode()
    places = _places(encoded.indices)
    first = np.full(len(encoded.dictionary), -1, dtype=np.int64)
    known = np.flatnonzero(places >= 0)
    first[places[known][::-1]] = known[::-1]
    return encoded.dictionary, first


def _hint(missing: bool, extra: bool, *, apart: bool, countable: bool) -> str:
    if apart:
        return "no id is in both files: are they spelled alike? name the columns with --on A=B"
    hint = "each id belongs once in both files"
    if missing:
        hint += "; --missing drop leaves truths without a prediction out"
        hint += ", --missing wrong counts them as wrong" if countable else ""
    if extra:
        hint += ("; either" if countable else "; it also") if missing else "; --missing drop"
        hint += " leaves predictions without a truth out"
    return hint


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


def _missing(rows: Rows, theirs: _Ids, ours: _Ids) -> str:
    what = f"of {theirs.source.name} missing in {ours.source.name}"
    return _told(len(rows), what, _shown(theirs.cells, np.sort(rows)[:SHOWN]))


def _extra(rows: Rows, ours: _Ids, theirs: _Ids) -> str:
    empty = null_mask(ours.cells)
    if empty is not None:
        rows = rows[~empty[rows]]
    what = f"of {ours.source.name} that {theirs.source.name} does not have"
    return _told(len(rows), what, _shown(ours.cells, rows[:SHOWN]))


def _repeated(ids: _Ids) -> str:
    encoded = ids.cells.dictionary_encode()
    places = _places(encoded.indices)
    counts = np.bincount(places[places >= 0], minlength=len(encoded.dictionary))
    often = np.flatnonzero(counts > 1)
    names = _shown(encoded.dictionary, often[:SHOWN])
    shown = [f"{name} ({counts[place]} times)" for name, place in zip(names, often, strict=False)]
    return _told(len(often), f"repeated in {ids.source.name}", shown)


def _empty(ids: _Ids) -> str:
    missing = null_mask(ids.cells)
    rows = [] if missing is None else np.flatnonzero(missing).tolist()
    if not rows:
        return ""
    ends, places = np.cumsum(ids.parts), []
    for row in rows[:SHOWN]:
        part = int(np.searchsorted(ends, row, side="right"))
        places.append(ids.source.locate(part, row - int(ends[part]) + ids.parts[part]))
    found = ", ".join(place.removeprefix(f"{ids.source.name}, ") for place in places)
    what = f"{len(rows):,} without an id in {quoted(ids.column)} of {ids.source.name}"
    return f"{what}: {found}" + _more(len(rows))


def _shown(ids: Any, rows: Iterable[int]) -> list[str]:
    return [quoted(ids[int(row)].as_py()) for row in rows]


def _told(count: int, what: str, shown: Sequence[str]) -> str:
    if not count:
        return ""
    return f"{count:,} id{'' if count == 1 else 's'} {what}: {', '.join(shown)}" + _more(count)


def _more(count: int) -> str:
    return f" and {count - SHOWN:,} more" if count > SHOWN else ""
