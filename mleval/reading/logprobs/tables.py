"""Tables with log-probabilities: what every format of them shares."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mleval.batch import Floats, Kind
from mleval.reading.arrow_arrays import null_mask, plain_values
from mleval.reading.columns_of_arrow import as_number, one_chunk
from mleval.reading.jsonl import JsonLines
from mleval.reading.lines import LineFile
from mleval.reading.logprobs.groups import of_table
from mleval.reading.logprobs.records import Shown
from mleval.reading.logprobs.scored import Scored
from mleval.reading.notes import means_missing
from mleval.reading.source import TableFile
from mleval.sequences import Marks

if TYPE_CHECKING:
    import pyarrow as pa

Columns = Mapping[str, str]
"""Role → column."""


_GROUP: Kind = "label"


class Numbers(NamedTuple):
    """A column of numbers: (n,) values, 0 where there is none; which those are; words among them.

    words: what stands in cells that are neither numbers nor words for a missing one, by row.
    """

    values: Floats
    missing: Marks
    words: Mapping[int, str]


def numbers_of(column: pa.Array) -> Numbers:
    """The numbers of a column, which is text where some cell is no number."""
    import pyarrow as pa

    if pa.types.is_floating(column.type):
        missing = null_mask(column)
        if missing is None:
            return Numbers(plain_values(column), np.zeros(len(column), np.bool_), {})
        return Numbers(np.where(missing, 0.0, plain_values(column)), missing, {})
    cells = column.to_pylist()
    found = [None if cell is None or means_missing(cell) else as_number(cell) for cell in cells]
    words = {
        row: str(cells[row])
        for row, value in enumerate(found)
        if value is None and cells[row] is not None and not means_missing(cells[row])
    }
    missing = np.array([value is None for value in found], dtype=np.bool_)
    return Numbers(np.array([value or 0.0 for value in found]), missing, words)


def names_in(column: pa.Array | None) -> frozenset[str]:
    """The names that stand in a column."""
    return (
        frozenset(name for name in column.unique().to_pylist() if name) if column else frozenset()
    )


class ScoredTable(ABC):
    """One table. columns: which is for what.

    shard: what its documents are told apart by; keyed: whether ids are read; by: the columns that
    sequences are told apart by.
    """

    def __init__(self, table: TableFile, columns: Columns) -> None:
        self.table, self.columns, self.name = table, columns, table.name
        self.shard, self.keyed = "", False
        self.by: Sequence[str] = ()

    @abstractmethod
    def kinds(self) -> dict[str, Kind]:
        """The columns that are read, and as what."""

    @abstractmethod
    def score(self, table: pa.Table) -> Scored:
        """The sequences of a part."""

    @abstractmethod
    def show(self, part: int, row: int, choice: int) -> Shown:
        """A sequence for a person."""

    def loaders(self) -> Iterator[Callable[[], Scored]]:
        """One a part."""
        groups = [column for column in self.by if column in self.table.names]
        kinds = dict.fromkeys(groups, _GROUP) | self.kinds()
        for load in self.table.parts(kinds):
            yield partial(self._load, load)

    def locate(self, part: int, row: int) -> str:
        """Where a row is."""
        return self.table.locate(part, row)

    def _load(self, load: Callable[[], pa.Table]) -> Scored:
        table = load()
        scored = self.score(table)
        if not self.by:
            return scored
        groups = of_table(table, scored.row, self.by, self.name, scored.first_rows)
        return replace(scored, by=groups)

    def arrays(self, table: pa.Table) -> dict[str, Any]:
        """Role → its column as one array."""
        there = {role: name for role, name in self.columns.items() if name in table.column_names}
        return {role: one_chunk(table.column(name)) for role, name in there.items()}

    def cell_kind(self, role: str, kind: Kind) -> dict[str, Kind]:
        """The column of a role as read, if there is one."""
        return {self.columns[role]: kind} if role in self.columns else {}

    def id_kind(self) -> dict[str, Kind]:
        """The column of ids as read, where they matter."""
        return self.cell_kind("id", "text") if self.keyed else {}

    def row_again(self, part: int, row: int, roles: Mapping[str, Kind]) -> dict[str, Any]:
        """The cells of some roles in one row."""
        named = {role: self.columns[role] for role in roles if role in self.columns}
        if isinstance(self.table, JsonLines):
            record = json.loads(self.table.record(part, row))
            return {role: record.get(name) for role, name in named.items()}
        table = self.part_again(part, {named[role]: roles[role] for role in named})
        return {role: table.column(name)[row].as_py() for role, name in named.items()}

    def part_again(self, part: int, kinds: Mapping[str, Kind]) -> pa.Table:
        """A part once more."""
        if isinstance(self.table, LineFile):
            return self.table.again(part, kinds)
        return next(islice(self.table.parts(kinds), part, None))()
