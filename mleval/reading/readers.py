"""The formats mleval reads, and how each is recognised. A new format is one file and one row."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple, cast

from mleval.errors import InputError
from mleval.reading.content import Content, decompressed, without_compression_ending
from mleval.reading.source import Options, TableFile


def _is_json_line(start: bytes) -> bool:
    """Whether the first line is a whole JSON object, which no header of a CSV file is."""
    line = start.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0]
    if not line.startswith(b"{"):
        return False
    import json

    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


class Reader(NamedTuple):
    """One format: `opener` is `module:function`, imported when a file of it is opened.

    `recognises` the first bytes where those are certain; the endings are believed after that.
    """

    name: str
    endings: tuple[str, ...]
    opener: str
    recognises: Callable[[bytes], bool] = lambda _: False

    def open(self, content: Content, options: Options) -> TableFile:
        """The file as a table."""
        module, function = self.opener.split(":")
        opener = getattr(import_module(f"mleval.reading.{module}"), function)
        return cast(TableFile, opener(content, options))


READERS = (
    Reader("Parquet", (".parquet", ".pq"), "parquet:open_parquet", lambda s: s[:4] == b"PAR1"),
    Reader("JSON lines", (".jsonl", ".ndjson"), "jsonl:open_jsonl", _is_json_line),
    Reader("CSV", (".csv", ".tsv", ".txt", ".tab"), "delimited:open_delimited"),
)
"""What is read, the certain first; the last is for files that nothing tells apart."""


class _Stranger(NamedTuple):
    """Something that is known for what it is, and not read."""

    magic: bytes
    name: str
    hint: str


_STRANGERS = (
    _Stranger(b"version https://git-lfs", "a Git LFS pointer, not the data", "run: git lfs pull"),
    _Stranger(b"PK\x03\x04", "a zip archive or an Excel workbook", "unpack it, or save as CSV"),
    _Stranger(b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save it as CSV"),
    _Stranger(b"ARROW1", "an Arrow (Feather) file", "write it as Parquet"),
    _Stranger(b"\x93NUMPY", "a NumPy array", "write it as CSV with a header"),
    _Stranger(b"SQLite format 3", "a SQLite database", "export the table as CSV"),
    _Stranger(b"\x89HDF", "an HDF5 file", "write it as CSV or Parquet"),
    _Stranger(b"\x80\x04\x95", "a Python pickle", "write it as CSV or Parquet"),
    _Stranger(b"\x80\x05\x95", "a Python pickle", "write it as CSV or Parquet"),
    _Stranger(b"%PDF", "a PDF document", "give the file with the predictions"),
    _Stranger(b"<!DOCTYPE", "a web page", "download the file itself (the 'raw' link)"),
    _Stranger(b"<html", "a web page", "download the file itself (the 'raw' link)"),
    _Stranger(b"{\\rtf", "an RTF document", "save it as plain text"),
)


def open_table(content: Content, options: Options) -> tuple[Content, TableFile]:
    """The table in a file: its first bytes tell the format where they can, else its ending."""
    inner = decompressed(content)
    start = inner.read(0, 4096)
    for stranger in _STRANGERS:
        if start.lstrip()[: len(stranger.magic)].lower() == stranger.magic.lower():
            raise InputError(f"{content.name} is {stranger.name}", hint=stranger.hint)
    return content, _reader(content.name, start).open(inner, options)


def format_name(content: Content) -> str:
    """The name of the format that a file is read as."""
    return _reader(content.name, decompressed(content).read(0, 4096)).name


def _reader(name: str, start: bytes) -> Reader:
    for reader in READERS:
        if reader.recognises(start):
            return reader
    plain = without_compression_ending(name)
    for reader in READERS:
        if plain.endswith(reader.endings):
            return reader
    return READERS[-1]
