"""The formats mleval reads, and how each is recognised. A new format is one file and one row."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple, cast

from mleval.errors import InputError
from mleval.reading.compression import decompressed, without_compression_ending
from mleval.reading.content import Content
from mleval.reading.misnamed import misnamed_notice
from mleval.reading.names import normalised
from mleval.reading.source import Options, TableFile
from mleval.reading.synonyms import TRUTH

START_BYTES = 4096
"""How many bytes tell the format."""


def _is_json_line(start: bytes) -> bool:
    """Whether the first line is a whole JSON object and one row."""
    line, _, rest = start.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    if not line.startswith(b"{"):
        return False
    import json

    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return False
    if not isinstance(found, dict) or rest.strip():
        return isinstance(found, dict)
    # One line and no more: one row, or a whole table.
    held = list(found.values())
    holds_rows = any(isinstance(v, list) and v and isinstance(v[0], dict) for v in held)
    is_columns = all(isinstance(v, list) for v in held) or (
        all(isinstance(v, dict) for v in held) and len({tuple(v) for v in held}) == 1
    )
    of_truth = any(isinstance(v, list) and len(v) > 1 for k, v in found.items() if _is_truth(k))
    return not (holds_rows or is_columns or of_truth)


def _is_truth(key: str) -> bool:
    return normalised(key) in TRUTH


def _is_json(start: bytes) -> bool:
    """An object, or an array of arrays or objects, over several lines, or that is all there is."""
    return _DOCUMENT.match(start) is not None


_DOCUMENT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*[\"}]|\[\s*[\[{]|\[[ \t]*[\r\n]|\[[^\]]*\]?\s*\Z)"
)


def _is_arrow(start: bytes) -> bool:
    """A file, a Feather file of either version, or a stream, which begins with its marker."""
    return start.startswith((b"ARROW1", b"FEA1")) or (start[:4] == b"\xff\xff\xff\xff")


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
    Reader("Arrow", (".arrow", ".feather", ".ipc", ".arrows"), "ipc:open_ipc", _is_arrow),
    Reader("NumPy", (".npy",), "npy:open_npy", lambda s: s[:6] == b"\x93NUMPY"),
    Reader("JSON lines", (".jsonl", ".ndjson"), "jsonl:open_jsonl", _is_json_line),
    Reader("JSON", (".json",), "json_table:open_json", _is_json),
    Reader("CSV", (".csv", ".tsv", ".txt", ".tab"), "delimited:open_delimited"),
)
"""What is read, the certain first; the last is for files that nothing tells apart."""


class _Stranger(NamedTuple):
    """Something that is known for what it is (and, where that does not tell, its ending)."""

    magic: bytes
    name: str
    hint: str
    ending: str = ""

    def is_it(self, name: str, start: bytes) -> bool:
        """Whether a file of that name and beginning is such."""
        same = start.lstrip()[: len(self.magic)].lower() == self.magic.lower()
        return same and name.endswith(self.ending)


_STRANGERS = (
    _Stranger(b"version https://git-lfs", "a Git LFS pointer, not the data", "run: git lfs pull"),
    _Stranger(
        b"PK\x03\x04", "an archive of NumPy arrays", "save each alone with numpy.save", ".npz"
    ),
    _Stranger(b"PK\x03\x04", "a zip archive or an Excel workbook", "unpack it, or save as CSV"),
    _Stranger(b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save it as CSV"),
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

    table: TableFile
    notices: tuple[str, ...] = ()


def open_table(content: Content, options: Options) -> Opened:
    """The table in a file: its first bytes tell the format where they can, else its ending."""
    inner, start = unpacked(content)
    reader, notices = _chosen(content.name, start)
    return Opened(reader.open(inner, options), notices)


def unpacked(content: Content) -> tuple[Content, bytes]:
    """The content decompressed, and its first bytes; InputError for what is known for no data."""
    inner = decompressed(content)
    start = inner.read(0, START_BYTES)
    for stranger in _STRANGERS:
        if stranger.is_it(content.name, start):
            raise InputError(f"{content.name} is {stranger.name}", hint=stranger.hint)
    if start and not start.strip(b"\x00"):
        raise InputError(
            f"{content.name} begins with {len(start):,} bytes of 0x00: it holds nothing yet",
            hint="it is sparse, or was never written to its end: copy or write it again",
        )
    return inner, start


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
