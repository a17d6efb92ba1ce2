"""One table: hypotheses and references in columns, of one system or of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np

from mleval.errors import InputError
from mleval.reading.loading import whole_columns
from mleval.reading.names import listed
from mleval.reading.opening import open_source
from mleval.reading.texts.choices import TextChoices, TextRoles
from mleval.reading.texts.columns import TextColumns
from mleval.reading.texts.given import Given
from mleval.reading.texts.joining import with_references
from mleval.reading.texts.segments import Segments
from mleval.reading.texts.sides import Rows, taken
from mleval.reading.texts.source import TextSource
from mleval.reading.texts.tables import (
    Opened,
    Read,
    cells_of,
    has_known_columns,
    is_table,
    opened_table,
    read_columns,
)
from mleval.visible import quoted

MOST_SYSTEMS = 100


def recognises(given: Given, choices: TextChoices) -> bool:
    """A file without others of references that is a table, or looks so, or has columns named."""
    file = given.hypotheses
    if given.references:
        return False
    return choices.names_columns or is_table(file) or has_known_columns(file)


def opened(given: Given, choices: TextChoices) -> TextSource | Mapping[str, TextSource]:
    """The source of a file, or of each system in it; InputError where there are no such columns."""
    if given.references:
        raise InputError(
            f"{given.hypotheses.name} and {given.references[0].name} are two files, and a table of "
            "hypotheses and references is one",
            hint="name one file, or leave --input-format out to have two tables joined",
        )
    return _sources(opened_table(given.hypotheses, choices), choices)


def opened_in_memory(data: Any, choices: TextChoices) -> TextSource | Mapping[str, TextSource]:
    """The same of a DataFrame, an Arrow table or a dict of columns."""
    return _sources(Opened(open_source(data, nested=True)), choices)


@dataclass(frozen=True)
class _Table:
    """A table and what its columns are for; it is read once, whichever system is asked for."""

    opened: Opened
    hypotheses: tuple[str, ...]
    references: tuple[str, ...]
    id: str | None
    system: str | None
    notices: tuple[str, ...] = field(default=())

    @cached_property
    def read(self) -> Read:
        """All columns."""
        return read_columns(self.opened, self.hypotheses, self.references, self.id, self.system)

    def segments(self, column: str, system: str | None = None) -> Segments:
        """Those of the hypotheses in a column, of one system where rows are of several."""
        read = self.read
        hypotheses = read.hypotheses[self.hypotheses.index(column)]
        if system is None:
            rows: Rows = np.arange(len(hypotheses), dtype=np.int64)
        else:
            rows = np.flatnonzero([name == system for name in read.systems or ()])
        ids = None if read.ids is None else [read.ids[row] for row in rows.tolist()]
        return with_references(
            Segments(
                hypotheses=taken(hypotheses, rows),
                references=tuple(taken(lines, rows) for lines in read.references),
                called=read.called,
                ids=ids,
                place=lambda at: read.place(int(rows[at])),
                notices=_repeated(self.id, ids),
                cells=lambda name, flag: cells_of(self.opened.source, name, flag).take(rows),
            )
        )

    def source(self, column: str, system: str | None = None) -> TextSource:
        """The source of one system."""
        source = self.opened.source
        named = {"hypothesis": column, "references": ", ".join(self.references)}
        roles = TextRoles(
            format="table",
            hypotheses=column,
            references=self.references,
            columns=named | ({} if self.id is None else {"id": self.id}),
            notices=(*source.notices, *self.notices),
        )
        return TextSource(
            name=source.name,
            files=source.files,
            roles=roles,
            names=source.names,
            digest=source.digest,
            segments=partial(self.segments, column, system),
        )


def _sources(opened: Opened, choices: TextChoices) -> TextSource | Mapping[str, TextSource]:
    columns = TextColumns(opened.source)
    references = columns.references(choices.references)
    hypotheses = columns.hypotheses(choices.hypothesis, references)
    system = columns.systems() if len(hypotheses) == 1 else None
    names = [] if system is None else _systems(opened, system)
    table = _Table(
        opened,
        hypotheses,
        references,
        columns.ids(choices.id),
        system if len(names) > 1 else None,
        tuple(columns.notices),
    )
    if len(names) > 1:
        return {name: table.source(hypotheses[0], name) for name in names}
    if len(hypotheses) > 1:
        return {name: table.source(name) for name in hypotheses}
    return table.source(hypotheses[0])


def _systems(opened: Opened, column: str) -> list[str]:
    """The systems that a column names, in order; InputError for a row without one of several."""
    cells = whole_columns(opened.source, {column: "text"})[column].to_pylist()
    names = list(dict.fromkeys(cells))
    if len(names) > 1 and None in names:
        raise InputError(
            f"{opened.source.name}: {quoted(column)} names no system in "
            f"{cells.count(None):,} of {len(cells):,} rows",
            hint="write the system of every row, or call the column something else",
        )
    if len(names) > MOST_SYSTEMS:
        raise InputError(
            f"{opened.source.name}: {quoted(column)} names {len(names):,} systems, which are more "
            f"than {MOST_SYSTEMS}: {listed(names, 4)}",
            hint="call the column something else if it names no systems",
        )
    return names


def _repeated(column: str | None, ids: Sequence[str] | None) -> tuple[str, ...]:
    different = len(set(ids or ()))
    if column is None or ids is None or different == len(ids):
        return ()
    return (
        f"{quoted(column)} has {different:,} values in {len(ids):,} rows: rows of one id are taken "
        "as segments of their own",
    )
