"""The compressions mleval reads through. A new one is one row."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, NamedTuple, cast

from mleval.reading.content import Content, Decoded


class Compression(NamedTuple):
    """One row of COMPRESSIONS: how it is recognised, and how a stream of it is opened."""

    name: str
    ending: str
    magic: bytes
    open: Callable[[BinaryIO], BinaryIO]


def _open_gzip(stream: BinaryIO) -> BinaryIO:
    import gzip

    return cast(BinaryIO, gzip.GzipFile(fileobj=stream, mode="rb"))


def _open_bzip2(stream: BinaryIO) -> BinaryIO:
    import bz2

    return cast(BinaryIO, bz2.BZ2File(stream, mode="rb"))


def _open_xz(stream: BinaryIO) -> BinaryIO:
    import lzma

    return cast(BinaryIO, lzma.LZMAFile(stream, mode="rb"))


def _open_zstandard(stream: BinaryIO) -> BinaryIO:
    import pyarrow as pa

    return cast(BinaryIO, pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), "zstd"))


COMPRESSIONS = (
    Compression("gzip", ".gz", b"\x1f\x8b", _open_gzip),
    Compression("bzip2", ".bz2", b"BZh", _open_bzip2),
    Compression("zstandard", ".zst", b"\x28\xb5\x2f\xfd", _open_zstandard),
    Compression("xz", ".xz", b"\xfd7zXZ\x00", _open_xz),
)


def decompressed(content: Content) -> Content:
    """The content behind any compression, told by its first bytes, never by its ending."""
    start = content.read(0, 8)
    for compression in COMPRESSIONS:
        if start.startswith(compression.magic):
            return Decoded(content, compression.open, compression.name)
    return content


def without_compression_ending(name: str) -> str:
    """A file name without its `.gz` and the like, lower-cased.

    >>> without_compression_ending("Preds.CSV.gz")
    'preds.csv'
    """
    lowered = name.lower()
    for compression in COMPRESSIONS:
        lowered = lowered.removesuffix(compression.ending)
    return lowered
