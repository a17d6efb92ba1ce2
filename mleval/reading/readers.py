"""The formats mleval reads, and how each is recognised. A new format is one file and one row."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple, cast

from mleval.errors import InputError
from mleval.reading.content import Content, decompressed, without_compression_ending
from mleval.reading.misnamed import misnamed_notice, refuse_json_document
from mleval.reading.source import Options, TableFile

START_BYTES = 4096
"""How many bytes tell the format."""


def _is_json_line(start: bytes) -> bool:
    """Whether the first line is a whole JSON object, which no header of a CSV file is."""
    line = start.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0]
    if not line.startswith(b"{"):
        return False
    if len(start) >= START_BYTES and b"\n" not in start:
        return True
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
    _Stranger(b"\x89PNG", "an image", "give the file with the predictions"),
)


class Opened(NamedTuple):
    """A file as a table; notices: what its name said and it is not."""

    content: Content
    table: TableFile
    notices: tuple[str, ...] = ()


def open_table(content: Content, options: Options) -> Opened:
    """The table in a file: its first bytes tell the format where they can, else its ending."""
    inner = decompressed(content)
    start = inner.read(0, START_BYTES)
    for stranger in _STRANGERS:
        if start.lstrip()[: len(stranger.magic)].lower() == stranger.magic.lower():
            raise InputError(f"{content.name} is {stranger.name}", hint=stranger.hint)
    refuse_json_document(content.name, start, _is_json_line(start))
    reader, notices = _chosen(content.name, start)
    return Opened(content, reader.open(inner, options), notices)


def format_name(content: Content) -> str:
    """The name of the format that a file is read as."""
    return _chosen(content.name, decompressed(content).read(0, START_BYTES))[0].name


def _chosen(name: str, start: bytes) -> tuple[Reader, tuple[str, ...]]:
    """The reader, and a notice when the ending says another that it is not."""
    reader = _reader(name, start)
    notice = None
    if reader is not READERS[-1] and not reader.recognises(start):
        notice = misnamed_notice(name, reader.name, start)
    return (reader, ()) if notice is None else (READERS[-1], (notice,))


def _reader(name: str, start: bytes) -> Reader:
    for reader in READERS:
        if reader.recognises(start):
            return reader
    plain = without_compression_ending(name)
    for reader in READERS:
        if plain.endswith(reader.endings):
            return reader
    return READERS[-1]
