"""Tables of texts: files or memory opened as such, and their columns read, a part at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from mleval.batch import Kind, Labels
from mleval.errors import InputError
from mleval.reading.by_checks import one_a_row
from mleval.reading.columns_of_arrow import one_chunk
from mleval.reading.compression import without_compression_ending
from mleval.reading.content import LocalFile
from mleval.reading.loading import tables_of, whole_columns
from mleval.reading.names import normalised
from mleval.reading.problems import SHOWN
from mleval.reading.readers import format_name, open_table
from mleval.reading.source import FileSource, Source
from mleval.reading.texts.cells import Column, TextColumn, column_of
from mleval.reading.texts.choices import TextChoices
from mleval.reading.texts.given import TextFile
from mleval.reading.texts.lines import Lines
from mleval.reading.texts.synonyms import HYPOTHESIS, REFERENCE
from mleval.visible import quoted

_ENDINGS = (
    ".csv", ".tsv", ".tab", ".jsonl", ".ndjson", ".json", ".parquet", ".pq", ".arrow", ".feather",
    ".ipc", ".arrows",
)  # fmt: skip
_NAMES = frozenset((*HYPOTHESIS, *REFERENCE))


class Opened(NamedTuple):
    """A table, and how it is written: `blank` says that an empty cell may be an empty text.

    of_json: lists and texts may stand in one column.
    """

    source: Source
    blank: bool = False
    of_json: bool = False


def is_table(file: TextFile) -> bool:
    """Whether a file is a table by its bytes or its ending.

    What is JSON and not named so is one only if its keys are: hypotheses may look like JSON.
    """
    named = without_compression_ending(file.name).endswith(_ENDINGS)
    if named or not file.start:
        return named
    kind = format_name(file.content)
    if kind in ("Parquet", "Arrow"):
        return True
    return kind in ("JSON", "JSON lines") and has_known_columns(file)


def has_known_columns(file: TextFile) -> bool:
    """Whether a file can be read as a table, and some of its columns are named like texts."""
    try:
        names = opened_table(file).source.names
    except InputError:
        return False
    return not _NAMES.isdisjoint(map(normalised, names))


def opened_table(file: TextFile, choices: TextChoices | None = None) -> Opened:
    """The file as a table; InputError for what is none."""
    if not file.start.strip():
        raise InputError(f"{file.name} is empty", hint="expected a table of texts")
    options = (choices or TextChoices()).files._replace(encoding=file.encoding)
    found = open_table(file.content, options)
    content = file.content
    files = (content.path,) if isinstance(content, LocalFile) else ()
    source = FileSource([found.table], [content], files, found.notices, options)
    kind = format_name(content)
    return Opened(source, blank=kind == "CSV" or bool(found.notices), of_json="JSON" in kind)


class Read(NamedTuple):
    """The columns of a table: the hypotheses of each system, and the references of all.

    called: the column of each corpus of references, of which a column of lists has several; ids:
    None where there is no such column, and empty where a cell is; systems: likewise the cells of
    the column that names them; place: says where a row is.
    """

    hypotheses: tuple[Lines, ...]
    references: tuple[Lines, ...]
    called: tuple[str, ...]
    ids: list[str] | None
    systems: list[str] | None
    place: Callable[[int], str]


def read_columns(
    opened: Opened,
    hypotheses: Sequence[str] = (),
    references: Sequence[str] = (),
    id_: str | None = None,
    system: str | None = None,
) -> Read:
    """Read these columns; InputError for cells that are no texts, and for missing hypotheses."""
    source, head = opened.source, opened.source.head()
    said: dict[str, Column] = {name: TextColumn(name) for name in hypotheses}
    wanted = {name: column_of(name, head.column(name), opened.of_json) for name in references}
    labels: dict[str, list[str | None]] = {name: [] for name in (id_, system) if name is not None}
    kinds: dict[str, Kind] = {**dict.fromkeys(labels, "text")}
    kinds |= dict.fromkeys([*said, *wanted], "nested")
    sizes = [0]
    for part, table in enumerate(tables_of(source, kinds)):
        for name, column in (*said.items(), *wanted.items()):
            column.add(one_chunk(table.column(name)), partial(source.locate, part))
        for name, found in labels.items():
            found += table.column(name).to_pylist()
        sizes.append(table.num_rows)
    place = _place_by(source, list(accumulate(sizes)))
    corpora = [(name, corpus) for name in wanted for corpus in wanted[name].corpora()]
    return Read(
        tuple(_there(said[name], place, blank=opened.blank) for name in said),
        tuple(corpus for _, corpus in corpora),
        tuple(name for name, _ in corpora),
        _cells(labels, id_),
        _cells(labels, system),
        place,
    )


def cells_of(source: Source, column: str, flag: str) -> Labels:
    """What a column holds that a flag names, a row each. InputError for lists and objects."""
    return one_a_row(whole_columns(source, {column: "nested"})[column], column, flag)


def _cells(labels: Mapping[str, list[str | None]], name: str | None) -> list[str] | None:
    return None if name is None else [cell or "" for cell in labels[name]]


def _place_by(source: Source, starts: Sequence[int]) -> Callable[[int], str]:
    """From a row to its place; starts: of the parts, and the end."""

    def place(row: int) -> str:
        part = bisect_right(starts, row) - 1
        return source.locate(part, row - starts[part])

    return place


def _there(column: Column, place: Callable[[int], str], *, blank: bool) -> Lines:
    """The hypotheses of a column; InputError where one is missing, unless that is a blank one."""
    (lines,) = column.corpora()
    if lines.missing is None or blank:
        return Lines(lines.data, lines.offsets)
    rows = np.flatnonzero(lines.missing)
    name = getattr(column, "name", "")
    raise InputError(
        f"{quoted(name)} has no hypothesis in {len(rows):,} row{'s' if len(rows) > 1 else ''}:",
        *(f"  {place(int(row))}" for row in rows[:SHOWN]),
        hint='write an empty text ("") where a system said nothing; it is scored as such',
    )
