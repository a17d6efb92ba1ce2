"""JoinedSource: predictions and the truths of another file as one table."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.arrow_arrays import numbers_array
from mleval.reading.columns_of_arrow import as_number
from mleval.reading.loading import whole_columns
from mleval.reading.matched_ids import match_by_id
from mleval.reading.matching import (
    Keys,
    Matching,
    Rows,
    match_by_row,
    row_counts,
)
from mleval.reading.opening import without_header
from mleval.reading.source import HEAD_ROWS, FileSource, Source

if TYPE_CHECKING:
    import pyarrow as pa

_SUFFIX = " (truth file)"


def join(
    predictions: Source,
    truths: Source,
    keys: Keys | None,
    *,
    lenient: bool,
    countable: bool = True,
    every: Source | None = None,
) -> JoinedSource:
    """The rows of `predictions`, each beside its row of `truths`.

    keys: the ids; without them the rows are taken in turn. lenient: truths without a prediction
    become rows that lack one, predictions without a truth rows that lack that; otherwise they are
    an error; countable: whether such a row can count as wrong; every: the predictions before a
    filter, whose ids are not missing.
    Raises InputError when the rows of the two do not belong to each other one to one.
    """
    if keys is None:
        predictions, truths = _with_first_lines(predictions, truths)
        return JoinedSource(predictions, truths, None, match_by_row(predictions, truths))
    matching = match_by_id(
        predictions, truths, keys, lenient=lenient, countable=countable, every=every
    )
    return JoinedSource(predictions, truths, keys, matching)


def unmatched(predictions: Source, truths: Source, keys: Keys | None) -> JoinedSource:
    """The columns that a join would have, and no row: only the beginnings of the files are read."""
    if keys is None:
        predictions, truths = _headerless(predictions) or predictions, _headerless(truths) or truths
    return JoinedSource(predictions, truths, keys, Matching.empty())


class JoinedSource:
    """A Source of the columns of both; a name that both have means the predictions' own.

    right: the truth file's columns, by the names that they bear here.
    """

    def __init__(
        self, predictions: Source, truths: Source, keys: Keys | None, matching: Matching
    ) -> None:
        self.predictions, self.truths = predictions, truths
        self.keys, self.matching = keys, matching
        self.name = predictions.name
        self.files = (*predictions.files, *truths.files)
        self.notices = (*predictions.notices, *truths.notices, *matching.notices)
        added = [name for name in truths.names if keys is None or name != keys.truths]
        taken = set(predictions.names)
        self.right = {name + _SUFFIX if name in taken else name: name for name in added}
        self.names = (*predictions.names, *self.right)
        here = {name: shown for shown, name in self.right.items()}
        self.copies = dict(predictions.copies) | {
            here[copy]: here[first]
            for copy, first in truths.copies.items()
            if copy in here and first in here
        }

    @property
    def shared(self) -> dict[str, str]:
        """Columns of the predictions that the truth file has too, and what its own are called."""
        return {name: shown for shown, name in self.right.items() if shown != name}

    def head(self) -> pa.Table:
        """The first rows of each file, to see what its columns hold: not rows that match."""
        import pyarrow as pa

        left, right = self.predictions.head(), self.truths.head()
        rows = min(max(left.num_rows, right.num_rows), HEAD_ROWS)
        columns = {name: _padded(left.column(name), rows) for name in self.predictions.names}
        for shown, name in self.right.items():
            columns[shown] = _padded(right.column(name), rows)
        return pa.table(columns)

    def parts(self, kinds: Mapping[str, Kind]) -> Iterator[Callable[[], pa.Table]]:
        """The parts of the predictions; then, where allowed, the truths that have none."""
        ours = {name: kind for name, kind in kinds.items() if name not in self.right}
        theirs = {self.right[name]: kind for name, kind in kinds.items() if name in self.right}
        found = whole_columns(self.truths, theirs) if theirs else {}
        loaders = self.predictions.parts(ours) if ours else iter(lambda: None, 0)
        start = 0
        for count, load in zip(self.matching.parts, loaders, strict=False):
            rows = self.matching.rows[start : start + count]
            yield partial(self._part, load, rows, found, tuple(kinds))
            start += count
        if len(self.matching.missing):
            blank = partial(_blank, ours, len(self.matching.missing))
            yield partial(self._part, blank, self.matching.missing, found, tuple(kinds))

    def _part(
        self,
        load: Callable[[], pa.Table] | None,
        rows: Rows,
        found: Mapping[str, Any],
        names: tuple[str, ...],
    ) -> pa.Table:
        import pyarrow as pa

        left = load() if load else pa.table({})
        if load and left.num_rows != len(rows):
            raise InputError(
                f"{self.predictions.name} has changed while it was read", hint="run it again"
            )
        theirs = {name: self.right[name] for name in names if name in self.right}
        taken = {name: _taken(found[column], rows) for name, column in theirs.items()}
        return pa.table({n: taken[n] if n in taken else left.column(n) for n in names})

    def locate(self, part: int, row: int) -> str:
        """Where the prediction is, and where its truth."""
        if part == len(self.matching.parts):
            return self._locate_truth(int(self.matching.missing[row]))
        start = sum(self.matching.parts[:part])
        truth = int(self.matching.rows[start + row])
        beside = f" ({self._locate_truth(truth)})" if truth >= 0 else ""
        return f"{self.predictions.locate(part, row)}{beside}"

    def _locate_truth(self, row: int) -> str:
        for part, count in enumerate(self.matching.truth_parts):
            if row < count:
                return self.truths.locate(part, row)
            row -= count
        return self.truths.name

    def digest(self) -> str:
        """Of the digests of both."""
        both = f"{self.predictions.digest()} {self.truths.digest()}"
        return f"sha256:{hashlib.sha256(both.encode()).hexdigest()}"


def _padded(column: Any, rows: int) -> Any:
    import pyarrow as pa

    column = column.slice(0, rows)
    if len(column) == rows:
        return column
    return pa.chunked_array([*column.chunks, pa.nulls(rows - len(column), column.type)])


def _taken(cells: Any, rows: Rows) -> Any:
    """The cells of some rows, null where there is none; in their order without copying.

    To take them otherwise loads the compute functions, which costs more than a small report.
    """
    if len(rows) and rows[0] >= 0 and (np.diff(rows) == 1).all():
        return cells.slice(int(rows[0]), len(rows))
    return cells.take(numbers_array(rows, rows < 0))


def _blank(kinds: Mapping[str, Kind], rows: int) -> pa.Table:
    """Rows of which nothing is known."""
    import pyarrow as pa

    types = dict.fromkeys(("label", "mark"), pa.dictionary(pa.int32(), pa.string()))
    types |= {"labels": pa.list_(pa.string()), "text": pa.string()}
    return pa.table(
        {name: pa.nulls(rows, types.get(kind, pa.float64())) for name, kind in kinds.items()}
    )


def _with_first_lines(predictions: Source, truths: Source) -> tuple[Source, Source]:
    """The same two; a file of one value a line that has no header is read from its first line.

    A first line such as `0` may be either: the counts of the rows tell.
    """
    ours, theirs = _headerless(predictions), _headerless(truths)
    if ours is None and theirs is None:
        return predictions, truths
    left, right = sum(row_counts(predictions)), sum(row_counts(truths))
    if ours is not None and theirs is not None and left == right:
        if predictions.names == truths.names == ("0",):  # as pandas calls a column without a name
            raise InputError(
                f"{predictions.name} and {truths.name} begin with 0: a value, or the name of a "
                "column",
                hint="--no-header when it is a value; when it is a name, write another",
            )
        return ours, theirs
    if ours is not None and left + 1 == right:
        return ours, truths
    if theirs is not None and left == right + 1:
        return predictions, theirs
    return predictions, truths


def _headerless(source: Source) -> FileSource | None:
    """The source from its first line, when that may be a value: a number, or one found below it."""
    if not isinstance(source, FileSource) or len(source.names) != 1 or len(source.tables) != 1:
        return None
    if source.options.header is not None or getattr(source.tables[0], "headerless", True):
        return None
    name = source.names[0]
    if as_number(name) is None and name not in source.head().column(name).to_pylist():
        return None
    return without_header(source)
