"""JSON documents: an array of rows, an object that holds it under a key, or one list a column."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, BinaryIO, cast

from mleval.errors import InputError
from mleval.reading.arrow_arrays import half_row
from mleval.reading.compression import without_compression_ending
from mleval.reading.content import Content, Decoded, read_exactly, whole
from mleval.reading.encoding import Encoded, told_encoding
from mleval.reading.json_items import Found, Items, arrays_in, ends_within, items_within
from mleval.reading.jsonl import JsonLines, open_jsonl
from mleval.reading.memory import MemorySource
from mleval.reading.names import listed, normalised
from mleval.reading.ranges import require_a_line_end
from mleval.reading.source import Options, TableFile
from mleval.reading.synonyms import PREDICTION, TRUTH
from mleval.reading.values import half_character
from mleval.visible import quoted

SAMPLE_BYTES = 1 << 20
MOST_BYTES = 64 << 20
"""A document that is no list of rows is read whole, up to this size."""

_OR_CLASSES = frozenset({"label", "labels", "class", "target"})
"""Names of truths that may as well be those of a list of the classes."""
ROW_KEYS = (
    "predictions",
    "prediction",
    "examples",
    "rows",
    "data",
    "results",
    "records",
    "outputs",
)
"""Keys that hold the rows, the first that is there; else the first array of objects."""


def open_json(content: Content, options: Options) -> TableFile:
    """A JSON document as a table: rows are streamed, other shapes are read whole.

    Raises InputError for what is no JSON or no table.
    """
    sample, text = _sample(content, options)
    is_object = sample.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
    end = ends_within(sample) if is_object else None
    named_lines = without_compression_ending(content.name).endswith((".jsonl", ".ndjson"))
    if is_object and (named_lines or (end is not None and sample[end:].lstrip()[:1] == b"{")):
        return open_jsonl(content, options)
    arrays = arrays_in(sample)
    found = [array for array in arrays if _next_byte(sample, array.start) in b"{"]
    ranks = {name: rank for rank, name in enumerate(ROW_KEYS)}
    rows = min(found, key=lambda a: ranks.get(normalised(a.key), len(ranks)), default=None)
    lists = [array for array in arrays if array not in found]
    if rows is None or any(_is_column(sample, array, rows) for array in lists):
        return _whole_table(text.content, options)
    under = f"{content.name}: the rows are those under {quoted(rows.key)}"
    return _Rows(text, rows, (under,) if rows.key else ())


def _is_column(sample: bytes, array: Found, rows: Found) -> bool:
    """Whether a list beside the rows may be the truth of each of them, not names of classes."""
    count, ends = items_within(sample, array.start)
    there, all_there = items_within(sample, rows.start)
    may_be_all = not ends or (count > there and not all_there)
    return is_truth_of(array.key, None if may_be_all else count, there)


def is_truth_of(key: str, count: int | None, rows: int) -> bool:
    """Whether a list under that key holds the truth of so many rows; count: None may be as many.

    >>> is_truth_of("y_true", 3, 4), is_truth_of("labels", 2, 4), is_truth_of("labels", 4, 4)
    (True, False, True)
    """
    shape = normalised(key)
    return shape in TRUTH and (shape not in _OR_CLASSES or count in (None, rows))


def _sample(content: Content, options: Options) -> tuple[bytes, Encoded]:
    """The start of the text, as bytes in which brackets and quotes are ASCII, and its encoding."""
    with content.open() as stream:
        sample = read_exactly(stream, SAMPLE_BYTES)
    if not sample.strip():
        raise InputError(f"{content.name} is empty", hint="expected a JSON array of objects")
    text = told_encoding(content, sample, options.encoding)
    if text.content is not content:
        with text.content.open() as stream:
            sample = read_exactly(stream, SAMPLE_BYTES)
    return sample, text


def _next_byte(sample: bytes, start: int) -> bytes:
    return sample[start : start + 4096].lstrip()[:1] or b"?"


class _Rows(JsonLines):
    """The objects of an array, as if each were on a line of its own."""

    unit = "row"

    def __init__(self, text: Encoded, array: Found, notices: tuple[str, ...]) -> None:
        name = text.content.name

        def items(stream: BinaryIO) -> BinaryIO:
            ended = partial(_require_no_truth, name, array.key) if array.key else None
            return cast(BinaryIO, Items(stream, array.start, ended))

        content = Decoded(text.content, items, "JSON")
        rows = Encoded(content, encoding=text.encoding, notices=(*text.notices, *notices))
        with content.open() as stream:
            sample = read_exactly(stream, SAMPLE_BYTES)
        # Cut at the end of a row; a row longer than the sample is read on to its end.
        size = SAMPLE_BYTES
        while len(sample) == size and b"\n" not in sample:
            size *= 4
            require_a_line_end(content.name, size)
            with content.open() as stream:
                sample = read_exactly(stream, size)
        super().__init__(rows, sample if len(sample) < size else sample[: sample.rfind(b"\n") + 1])


def _require_no_truth(name: str, key: str, rows: int, rest: bytes) -> None:
    """InputError when what comes after the rows is the truth of each of them."""
    rest = b'{"":0' + rest
    for array in arrays_in(rest):
        count, ends = items_within(rest, array.start)
        if _next_byte(rest, array.start) not in b"{" and is_truth_of(
            array.key, count if ends else None, rows
        ):
            raise InputError(
                f"{name}: the truth {quoted(array.key)} stands after the rows of {quoted(key)}",
                hint="write it into each row, or into a file of its own: --truth-file",
            )


def _whole_table(content: Content, options: Options) -> TableFile:
    """A document of another shape, which must be read at once."""
    data = whole(content, MOST_BYTES)
    try:
        document = json.loads(data.decode(options.encoding or "utf-8-sig"))
    except (ValueError, RecursionError, LookupError) as error:
        raise InputError(
            f"{content.name}: not readable as JSON: {error}",
            hint="expected an array of objects, or one JSON object a line",
        ) from error
    columns = _columns(document)
    if (half := half_row(columns)) is not None:
        raise half_character(content.name, list(columns)[half])
    if not columns:
        held = listed(document, 6) if isinstance(document, dict) else type(document).__name__
        raise InputError(
            f"{content.name}: expected rows of predictions, found JSON with {held}",
            hint='write an array of objects such as [{"label": ..., "prediction": ...}]',
        )
    lengths = {name: len(cells) for name, cells in columns.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{quoted(name)} {length}" for name, length in list(lengths.items())[:6])
        raise InputError(
            f"{content.name}: the lists differ in length: {told}",
            hint="give every column the same rows",
        )
    return MemorySource(
        {name: list(map(_cell, cells)) for name, cells in columns.items()}, content.name
    )


def _columns(document: Any, depth: int = 0) -> dict[str, list[Any]]:
    """The table a document holds, column by column; {} when it holds none."""
    if isinstance(document, list):
        return _of_list(document)
    if not isinstance(document, dict) or depth > 4:
        return {}
    names, rows = document.get("columns"), document.get("data")
    if isinstance(names, list) and isinstance(rows, list):  # pandas: orient="split"
        table = _of_list(rows)
        return dict(zip(map(str, names), table.values(), strict=False))
    lists = {name: cells for name, cells in document.items() if isinstance(cells, list)}
    rows = next((c for c in lists.values() if c and all(isinstance(r, dict) for r in c)), None)
    others = {name: len(cells) for name, cells in lists.items() if cells is not rows}
    if rows is not None and not any(is_truth_of(n, c, len(rows)) for n, c in others.items()):
        return _of_list(rows)
    if lists:
        return lists
    inner = [value for value in document.values() if isinstance(value, dict)]
    if len(inner) > 1 and len(inner) == len(document):
        return _of_objects(document) or _columns(inner[0], depth + 1)
    if inner:
        return next(filter(None, (_columns(value, depth + 1) for value in inner)), {})
    return {name: [value] for name, value in document.items()}


def _of_list(rows: Sequence[Any]) -> dict[str, list[Any]]:
    """Rows as objects, as lists (columns by number) or as one value each (column 1)."""
    if rows and all(isinstance(row, dict) for row in rows):
        names = dict.fromkeys(name for row in rows for name in row)
        return {name: [row.get(name) for row in rows] for name in names}
    if rows and all(isinstance(row, list) for row in rows):
        width = max(map(len, rows))
        return {
            str(place + 1): [row[place] if place < len(row) else None for row in rows]
            for place in range(width)
        }
    return {"1": list(rows)} if rows else {}


def _of_objects(document: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Any]]:
    """An object of objects: column → row → value, or row → column → value, as the names tell."""
    known = {*TRUTH, *PREDICTION}
    inner = dict.fromkeys(key for value in document.values() for key in value)
    if any(normalised(key) in known for key in inner) and not any(
        normalised(key) in known for key in document
    ):
        columns = {key: [row.get(key) for row in document.values()] for key in inner}
        return {"id": list(document), **columns}
    same = len({tuple(value) for value in document.values()}) == 1
    return {key: list(column.values()) for key, column in document.items()} if same else {}


def _cell(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value
