"""Slicing: the columns by which rows are told apart, as the caller names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch, Kind, Labels
from mleval.errors import InputError
from mleval.reading.arrow_arrays import null_mask, plain_values
from mleval.reading.bins import BinChoice, Binning
from mleval.reading.loading import whole_columns
from mleval.reading.names import alike, listed, nearest
from mleval.reading.source import Source

By = tuple[str, ...]  # one column, or several crossed


class Table(Protocol):
    """What has columns, or keys, by name."""

    @property
    def name(self) -> str:
        """For messages."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """Those of the columns."""
        ...


@dataclass(frozen=True, slots=True)
class Slicing:
    """by: for each table of slices its columns; binnings: of the columns that are binned."""

    by: tuple[By, ...]
    binnings: Mapping[str, Binning] = field(default_factory=dict)

    @property
    def kinds(self) -> dict[str, Kind]:
        """How each column is to be read: as text, whatever it holds, unless it is binned."""
        columns = dict.fromkeys(column for by in self.by for column in by)
        return {column: "number" if column in self.binnings else "label" for column in columns}

    def codes(self, batch: Batch, column: str) -> tuple[NDArray[np.int64], Sequence[str]]:
        """(n,) the value of each row in a column, −1 where it is missing, and their names."""
        cells = batch.columns[role_of(column)]
        if isinstance(cells, Labels):
            return cells.codes.astype(np.int64), cells.names
        binning = self.binnings[column]
        return binning.codes(batch.numbers(role_of(column))), binning.names


def role_of(column: str) -> str:
    """The name in a Batch of a column that rows are told apart by."""
    return f"by {column}"


def find_slicing(source: Source, by: Mapping[str, str], bins: Sequence[str]) -> Slicing:
    """The columns named, the edges of their bins taken of all rows in a pass of its own.

    by: columns, crossed by `*` → the flag that names them; bins: see `BinChoice`.
    Raises InputError for columns that are not there, and for bins of what is not all numbers.
    """
    found = columns_by(source, by)
    choices = [BinChoice.parse(text) for text in bins]
    columns = list(dict.fromkeys(column for some in found for column in some))
    return Slicing(found, _binnings(source, columns, choices) if choices else {})


def columns_by(source: Table, by: Mapping[str, str]) -> tuple[By, ...]:
    """The columns of each table of slices; see `find_slicing`."""
    return tuple(dict.fromkeys(_columns(source, *named) for named in by.items()))


def _columns(source: Table, text: str, flag: str) -> By:
    """The columns of one table of slices; a column with `*` in its name is no cross."""
    whole = alike(text, source.names)
    if whole is not None:
        return (whole,)
    return tuple(dict.fromkeys(column_of(source, part.strip(), flag) for part in text.split("*")))


def column_of(source: Table, wanted: str, flag: str) -> str:
    """The column of that name; InputError where there is none. flag: that names it."""
    found = alike(wanted, source.names)
    if found is not None:
        return found
    near = nearest(wanted, source.names)
    raise InputError(
        f"{flag}: {source.name} has no column {listed([wanted])}; its columns are "
        f"{listed(source.names)}",
        hint=f"did you mean {listed(near)}?" if near else "name a column of the table",
    )


def _binnings(
    source: Source, columns: Sequence[str], choices: Sequence[BinChoice]
) -> dict[str, Binning]:
    """How each column is binned that is numbers throughout."""
    named = {column_of(source, c.column, "--bins"): c for c in choices if c.column is not None}
    strangers = [column for column in named if column not in columns]
    if strangers:
        raise InputError(
            f"--bins: {listed(strangers)} is no column of --by", hint=f"--by {strangers[0]}"
        )
    every = next((choice for choice in choices if choice.column is None), None)
    wanted = {column: named.get(column, every) for column in columns}
    kinds: dict[str, Kind] = {c: "number" for c, choice in wanted.items() if choice is not None}
    whole = whole_columns(source, kinds)
    numeric = [column for column, array in whole.items() if str(array.type) == "double"]
    text = [c for c in whole if c not in numeric and (c in named or not numeric)]
    if text:
        raise InputError(
            f"--bins: {listed(text)} of {source.name} is not all numbers",
            hint="leave --bins out: every value is a slice of its own",
        )
    found = {}
    for column in numeric:
        choice, missing = wanted[column], null_mask(whole[column])
        values = plain_values(whole[column])
        values = values if missing is None else np.where(missing, np.nan, values)
        assert choice is not None
        found[column] = Binning.of(values, choice)
    return found
