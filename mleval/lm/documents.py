"""Documents: the texts to be scored, from plain files, columns of tables, or memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from mleval.errors import InputError
from mleval.options.scoring import Documents
from mleval.reading.content import LocalFile
from mleval.reading.digest import digest_of_contents
from mleval.reading.logprobs.columns import Seen, first_of
from mleval.reading.logprobs.memory import table_in_memory
from mleval.reading.logprobs.synonyms import TEXT
from mleval.reading.logprobs.text_files import is_plain, text_in
from mleval.reading.names import listed
from mleval.reading.notes import Guess
from mleval.reading.opening import named_contents
from mleval.reading.readers import open_table
from mleval.reading.source import HEAD_ROWS, Options, TableFile

_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")


class Document(NamedTuple):
    """A text, None where a table has none, and where it is."""

    place: str
    text: str | None


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """The documents, in the order of the input. unit: what each is; digest: of the input."""

    documents: Sequence[Document]
    unit: str
    name: str
    files: tuple[Path, ...]
    digest: Callable[[], str]
    notices: tuple[str, ...]


def documents_of(data: Any, column: str | None, unit: Documents | None, files: Options) -> Corpus:
    """The documents of paths, globs, `-`, several of them, or of a table in memory.

    column: of the texts in a table; unit: what in a plain file is a document, the whole file where
    None. Raises InputError for what cannot be read or has no text, UsageError when `data` is none
    of these.
    """
    table = table_in_memory(data)
    if table is not None:
        texts, notices, each = _of_table(table, column, unit)
        found = Corpus(documents=texts, unit=each, name=table.name, files=(), digest=table.digest,
                       notices=notices)  # fmt: skip
    else:
        found = _of_files(data, column, unit, files)
    if not any(document.text for document in found.documents):
        raise InputError(f"{found.name} holds no text", hint="expected a text to score")
    return found


def _of_files(data: Any, column: str | None, unit: Documents | None, files: Options) -> Corpus:
    contents, noticed = named_contents(data)
    documents: list[Document] = []
    notices, units = [*noticed], dict[str, None]()
    for content in contents:
        if is_plain(content):
            text, more = text_in(content, files)
            units[unit or "file"] = None
            documents += _parts(text.decode(), unit or "file", content.name)
        else:
            table = open_table(content, files).table
            rows, more, each = _of_table(table, column, unit)
            units[each] = None
            documents += rows
        notices += more
    name = contents[0].name
    return Corpus(
        documents=documents,
        unit=", or a ".join(units),
        name=name if len(contents) == 1 else f"{name} and {len(contents) - 1} more",
        files=tuple(content.path for content in contents if isinstance(content, LocalFile)),
        digest=lambda: digest_of_contents(contents),
        notices=tuple(notices),
    )


def _parts(text: str, unit: Documents, name: str) -> Iterator[Document]:
    r"""The documents in a plain file: lines without their ends; blank ones are none.

    >>> [tuple(part) for part in _parts("a\n\nb\r\nc\n", "line", "x.txt")]
    [('x.txt, line 1', 'a'), ('x.txt, line 3', 'b'), ('x.txt, line 4', 'c')]
    >>> [tuple(part) for part in _parts("\na\nb\n \n\nc\n", "paragraph", "x.txt")]
    [('x.txt, line 2', 'a\nb'), ('x.txt, line 6', 'c')]
    """
    if unit == "file":
        yield Document(name, text)
        return
    line = start = 0
    for end in _ends(text, unit):
        part = text[start : end.start]
        if part.strip():
            ahead = len(part) - len(part.lstrip("\r\n"))
            lines_before = part[:ahead].count("\n")
            yield Document(f"{name}, line {line + lines_before + 1:,}", part[ahead:].rstrip("\r\n"))
        line += text.count("\n", start, end.stop)
        start = end.stop


def _ends(text: str, unit: Documents) -> Iterator[slice]:
    """What stands after each part: line ends, with blank lines where they part paragraphs."""
    pattern = _BLANK_LINES if unit == "paragraph" else re.compile(r"\n")
    for found in pattern.finditer(text):
        yield slice(*found.span())
    yield slice(len(text), len(text))


def _of_table(
    table: TableFile, column: str | None, unit: Documents | None
) -> tuple[list[Document], tuple[str, ...], str]:
    """The texts of a table, notices, and what each document is."""
    if unit is not None:
        raise InputError(
            f"{table.name} is a table, in which a row is a document, not a {unit}",
            hint="--documents is for plain text",
        )
    named, notices = (column, ()) if column is not None else _column(table)
    if named is None or named not in table.names:
        which = "which column has the text?" if named is None else f"no column '{named}';"
        raise InputError(
            f"{table.name}: {which} it has {listed(table.names)}",
            hint="name the column with the texts: --text NAME",
        )
    parts = (load().column(named).to_pylist() for load in table.parts({named: "text"}))
    documents = [
        Document(f"{table.name}, row {number:,}", text)
        for number, text in enumerate((text for part in parts for text in part), 1)
    ]
    return documents, (*table.notices, *notices), f"row, its '{named}'"


def _column(table: TableFile) -> tuple[str | None, tuple[str, ...]]:
    """The column of the texts, and a notice when others could as well be."""
    head = table.head().slice(0, HEAD_ROWS)
    texts = Seen({name: head.column(name).to_pylist() for name in table.names}).names("text")
    found = first_of(TEXT, texts) or texts[: len(texts) == 1]
    if len(found) < 2:
        return (found[0] if found else None), ()
    told = f"{table.name}: text '{found[0]}'; passed over: {listed(found[1:])}"
    return found[0], (Guess(told, f"name it: --text '{found[0]}'"),)
