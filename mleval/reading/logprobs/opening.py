"""Opening one file of log-probabilities: which shape it has, and what is for what in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from mleval.errors import InputError
from mleval.reading.content import Content, read_exactly, whole
from mleval.reading.encoding import told_encoding
from mleval.reading.logprobs import sums
from mleval.reading.logprobs.choices import LogprobChoices, LogprobRoles
from mleval.reading.logprobs.columns import Seen
from mleval.reading.logprobs.formats import (
    FORMATS,
    LINES,
    RECORDS,
    TABLES,
    LineFormat,
    RecordFormat,
    TableFormat,
)
from mleval.reading.logprobs.groups import names_in
from mleval.reading.logprobs.json_text import SAMPLE_BYTES, JsonText, json_texts
from mleval.reading.logprobs.lines_of_text import ScoredLines
from mleval.reading.logprobs.record_lines import RecordLines
from mleval.reading.logprobs.records import body_of, error_of
from mleval.reading.logprobs.tables import ScoredTable
from mleval.reading.names import listed, nearest
from mleval.reading.notes import Guess
from mleval.reading.readers import format_name, open_table, unpacked
from mleval.reading.source import TableFile

LogprobFile = RecordLines | ScoredLines | ScoredTable
_FLAGS = {"logprobs": "--logprobs", "tokens": "--tokens", "document": "--doc", "text": "--text"}
_SEEN = 200  # rows of a table that decide what its columns are for


class OpenedFile(NamedTuple):
    """A file, what is for what in it, and whether the text that was named is in it.

    names: what its sequences may be told apart by.
    """

    file: LogprobFile
    roles: LogprobRoles
    has_text: bool = False
    names: tuple[str, ...] = ()


def open_file(content: Content, choices: LogprobChoices) -> OpenedFile:
    """The file with the shape that it has, or that was chosen.

    Raises InputError when it has none, or not what was named.
    """
    inner, start = unpacked(content)
    if not start.strip():
        raise InputError(f"{content.name} is empty", hint="expected log-probabilities of tokens")
    if format_name(content) not in ("Parquet", "Arrow", "NumPy"):
        found = _of_json(inner, choices) or _of_lines(inner, choices)
        if found is not None:
            return found
    return _of_table(open_table(content, choices.files).table, choices)


def open_memory(table: TableFile, choices: LogprobChoices) -> OpenedFile:
    """A table in memory."""
    return _of_table(table, choices)


def _of_json(content: Content, choices: LogprobChoices) -> OpenedFile | None:
    """JSON, in whatever way it is written; None when it is no JSON."""
    keys: dict[str, None] = {}
    begins = content.read(0, 4096).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    for text in json_texts(content, choices.files.encoding):
        values = text.values()
        records = [value for value in values if isinstance(value, dict)]
        if values and not records:
            lines = _format_of("numbers")
            assert isinstance(lines, LineFormat)
            return _lines(lines, text, choices)
        found = _of_records(text, records, choices)
        if found is not None:
            return found
        keys |= dict.fromkeys(key for record in records for key in record)
        _refuse_errors(content.name, records)
    if not begins:
        return None
    if not keys:
        raise InputError(
            f"{content.name}: it begins like JSON, and is not readable as such{_why_not(content)}",
            hint="it was cut short, or damaged: write it again",
        )
    raise _nothing_found(content.name, list(keys), choices)


def _refuse_errors(name: str, records: Sequence[Mapping[str, Any]]) -> None:
    """InputError where a server answered nothing but errors."""
    errors = [error_of(body_of(record)) for record in records]
    if errors and all(errors):
        count = "an error" if len(errors) == 1 else f"{len(errors):,} errors"
        raise InputError(
            f"{name} holds {count} in place of log-probabilities: {errors[0]}",
            hint="ask the server once more",
        )


def _why_not(content: Content) -> str:
    """Where JSON text stops to be that."""
    try:
        json.loads(whole(content).decode(errors="replace"))
    except (ValueError, RecursionError) as error:
        return f": {error}"
    return ""


def _of_records(
    text: JsonText, records: Sequence[Mapping[str, Any]], choices: LogprobChoices
) -> OpenedFile | None:
    wanted = _format_of(choices.format)
    for shape in RECORDS:
        if shape is wanted or (wanted is None and shape.module.recognises(records)):
            return _recorded(shape, text, records, choices)
    return _tabled(text.table(), Seen.of_records(records), choices) if records else None


def _recorded(
    shape: RecordFormat,
    text: JsonText,
    records: Sequence[Mapping[str, Any]],
    choices: LogprobChoices,
) -> OpenedFile:
    key = choices.text if any(_has_key(record, choices.text) for record in records) else None
    of_text = f"'{key}'" if key is not None else shape.module.TEXT
    roles = _roles(shape, choices, text=of_text, notices=text.text.notices)
    names = tuple(dict.fromkeys(name for record in records for name in names_in(record)))
    return OpenedFile(RecordLines(text, shape.module, key), roles, key is not None, names)


def _has_key(record: Mapping[str, Any], key: str | None) -> bool:
    """Whether a record has a key, or a part of it that the text may be in."""
    inner = (record.get(name) for name in ("doc", "response"))
    choices = record.get("choices")
    parts = [record, *inner, *(choices if isinstance(choices, list) else ())]
    return key is not None and any(isinstance(part, Mapping) and key in part for part in parts)


def _of_lines(content: Content, choices: LogprobChoices) -> OpenedFile | None:
    """Lines of text; None where they are a table."""
    with content.open() as stream:
        sample = read_exactly(stream, SAMPLE_BYTES)
    text = told_encoding(content, sample, choices.files.encoding)
    if text.content is not content:
        with text.content.open() as stream:
            sample = read_exactly(stream, SAMPLE_BYTES)
    cut = sample.rfind(b"\n") if len(sample) == SAMPLE_BYTES else len(sample)
    lines = sample[text.start : cut].decode(text.encoding or "utf-8", "replace").split("\n")
    wanted = _format_of(choices.format)
    for shape in LINES:
        if shape is wanted or (wanted is None and shape.recognises(lines)):
            return _lines(shape, JsonText(text, sample), choices)
    return None


def _lines(shape: LineFormat, text: JsonText, choices: LogprobChoices) -> OpenedFile:
    file = shape.reader(text.text)
    file.unit = text.unit
    roles = _roles(shape, choices, text=shape.text, notices=text.text.notices, tabular=False)
    return OpenedFile(file, roles)


def _of_table(table: TableFile, choices: LogprobChoices) -> OpenedFile:
    head = table.head().slice(0, _SEEN)
    cells = {name: head.column(name).to_pylist() for name in table.names}
    found = _tabled(table, Seen(cells), choices)
    if found is None:
        raise _nothing_found(table.name, table.names, choices)
    return found


def _tabled(table: TableFile, seen: Seen, choices: LogprobChoices) -> OpenedFile | None:
    """A table with the first of the shapes of tables that it has; None when it has none."""
    wanted = _format_of(choices.format)
    _require_named(table, seen, choices)
    for shape in TABLES:
        if wanted in (None, shape):
            found = shape.find(seen, choices)
            if found is not None:
                return _shaped(shape, table, found, seen, choices)
    return None


def _shaped(
    shape: TableFormat,
    table: TableFile,
    found: dict[str, list[str]],
    seen: Seen,
    choices: LogprobChoices,
) -> OpenedFile:
    for role in ("tokens", "document", "text"):
        named = getattr(choices, role)
        if named in seen.cells:
            found[role] = [named]
    columns = {role: names[0] for role, names in found.items() if names}
    passed = [role for role in ("logprobs", "document", "text") if len(found.get(role, ())) > 1]
    told = (_passed_over(table.name, role, found[role]) for role in passed)
    roles = _roles(
        shape, choices, columns=columns, text=_text_of(columns), notices=(*table.notices, *told)
    )
    file = shape.reader(table, columns)
    if isinstance(file, sums.Sums):
        file.meaning, sure = sums.meaning(columns["logprobs"], choices)
        loss = None if file.meaning == "likelihood" else file.meaning
        roles = replace(roles, loss=loss, loss_known=sure)
    has_text = choices.text is not None and choices.text in seen.cells
    return OpenedFile(file, roles, has_text, tuple(table.names))


def _text_of(columns: Mapping[str, str]) -> str | None:
    if "text" in columns:
        return f"'{columns['text']}'"
    sizes = [columns[role] for role in ("bytes", "chars", "words") if role in columns]
    return f"the texts, by {listed(sizes)}" if sizes else None


def _roles(shape: Any, choices: LogprobChoices, **more: Any) -> LogprobRoles:
    return LogprobRoles(
        format=shape.title,
        forced=choices.format is not None,
        base=choices.base or shape.base or "e",
        base_known=bool(choices.base or shape.base),
        **more,
    )


def _passed_over(name: str, role: str, found: Sequence[str]) -> Guess:
    flag = _FLAGS[role]
    notice = f"{name}: {flag.removeprefix('--')} '{found[0]}'; passed over: {listed(found[1:])}"
    return Guess(notice, f"name it: {flag} '{found[0]}'")


def _require_named(table: TableFile, seen: Seen, choices: LogprobChoices) -> None:
    """InputError for a column that was named and is not there; a text may be a file."""
    for role in ("logprobs", "tokens", "document"):
        named = getattr(choices, role)
        if named is not None and named not in seen.cells:
            near = nearest(named, seen.cells)
            raise InputError(
                f"{_FLAGS[role]} {named}: {table.name} has no '{named}'; it has "
                f"{listed(seen.cells)}",
                hint=f"did you mean {listed(near)}?" if near else f"choose one with {_FLAGS[role]}",
            )


def _format_of(name: str | None) -> Any:
    return None if name is None else FORMATS[name]


def _nothing_found(name: str, columns: Sequence[str], choices: LogprobChoices) -> InputError:
    has = f"it has {listed(columns)}"
    if choices.format is not None:
        shape = FORMATS[choices.format].title
        return InputError(
            f"{name} cannot be read as {shape}: {has}",
            hint="leave out --input-format to have the shape recognised",
        )
    return InputError(
        f"{name}: no log-probabilities were found; {has}",
        hint="name them with --logprobs NAME, or their shape with --input-format "
        + "|".join(FORMATS),
    )
