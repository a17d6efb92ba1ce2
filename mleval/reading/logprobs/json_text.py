"""JSON seen as lines of one value each, however it is written."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO, NamedTuple, cast

from mleval.reading.content import Content, Decoded, read_exactly
from mleval.reading.encoding import Encoded, told_encoding
from mleval.reading.json_items import Items, arrays_in
from mleval.reading.jsonl import JsonLines
from mleval.reading.ranges import require_a_line_end

SAMPLE_BYTES = 1 << 20
SEEN = 100
"""Values that decide what they are."""


class JsonText(NamedTuple):
    """Text of which every line is a JSON value, its first lines, and what a line is called."""

    text: Encoded
    sample: bytes
    unit: str = "line"

    def values(self) -> list[Any]:
        """The first values; a line that is none is told when it is read."""
        lines = self.sample[self.text.start :].split(b"\n")[:SEEN]
        values = (value_of(line) for line in lines if line.strip())
        return [value for value in values if value is not None]

    def table(self) -> JsonLines:
        """The objects as a table of their keys."""
        table = JsonLines(self.text, self.sample)
        table.unit = self.unit
        return table


def json_texts(content: Content, encoding: str | None) -> Iterator[JsonText]:
    """The ways to see JSON text as lines, the likeliest first; none when it is no JSON.

    One value a line as it is; the values of an array; a value over several lines; the objects of
    an array under a key of it.
    """
    sample = _start(content, SAMPLE_BYTES)
    text = told_encoding(content, sample, encoding)
    sample = _start(text.content, SAMPLE_BYTES)
    body = sample[text.start :].lstrip(b"\xef\xbb\xbf \t\r\n")
    if body[:1] not in (b"{", b"["):
        return
    sample, first = _first_line(text)
    value = value_of(first)
    alone = not sample[sample.find(first) + len(first) :].strip()
    is_table = isinstance(value, list) and bool(value) and isinstance(value[0], dict | list)
    if (value is not None and not (is_table and alone)) or _has_a_broken_line(body):
        yield JsonText(text, _whole_lines(sample))
    elif body[:1] == b"[" and body[1:].lstrip()[:1] in (b"{", b"["):
        yield _decoded(text, partial(Items, start=sample.index(b"[") + 1), "row")
    else:
        yield _decoded(text, _one_line, "value")
    if body[:1] == b"{":
        for array in arrays_in(sample):
            if array.key and sample[array.start :].lstrip()[:1] == b"{":
                yield _decoded(text, partial(Items, start=array.start, ended=_passed_over), "row")


def value_of(line: bytes) -> Any:
    """The object or list that a line is, or None."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) else None


def _has_a_broken_line(body: bytes) -> bool:
    """Whether the first line is no object, but begins as one, and the second is."""
    second = body.partition(b"\n")[2].partition(b"\n")[0]
    return body[:1] == second[:1] == b"{" and value_of(second) is not None


def _start(content: Content, size: int) -> bytes:
    with content.open() as stream:
        return read_exactly(stream, size)


def _first_line(text: Encoded) -> tuple[bytes, bytes]:
    """A sample that holds more than the first line, and that line."""
    size = SAMPLE_BYTES
    while True:
        sample = _start(text.content, size)
        body = sample[text.start :].lstrip(b"\r\n \t")
        line, end, _ = body.partition(b"\n")
        if end or len(sample) < size:
            return sample, line
        size *= 4
        require_a_line_end(text.content.name, size)


def _whole_lines(sample: bytes) -> bytes:
    cut = sample.rfind(b"\n") + 1
    return sample[:cut] if cut and len(sample) >= SAMPLE_BYTES else sample


def _decoded(text: Encoded, decode: Callable[[BinaryIO], Any], unit: str) -> JsonText:
    content = Decoded(text.content, lambda stream: cast(BinaryIO, decode(stream)), "JSON")
    lines = Encoded(content, encoding=text.encoding, notices=text.notices)
    sample, _ = _first_line(lines)
    return JsonText(lines, _whole_lines(sample), unit)


def _passed_over(items: int, rest: bytes) -> None:
    """What comes after the objects is not looked at, but for whether it ends."""
    del items, rest


def _one_line(stream: BinaryIO) -> BinaryIO:
    """A value over several lines as one: JSON has no line ends within its strings."""
    return io.BytesIO(stream.read().translate(bytes.maketrans(b"\r\n", b"  ")) + b"\n")
