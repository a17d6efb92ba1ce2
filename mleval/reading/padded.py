"""Delimited text with a blank after every delimiter: read as if no cell had blanks around it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, cast

from mleval.reading.content import Decoded
from mleval.reading.encoding import Encoded

_LOOKED_AT = 200
_QUOTED = re.compile(rb'"(?:[^"]|"")*"')


def is_padded(rows: bytes, delimiter: bytes) -> bool:
    r"""Whether every delimiter of the first rows has a blank after it, those in quotes apart.

    >>> is_padded(b'1, 0.5\n0, "a,b"\n', b","), is_padded(b"1, 0.5\n0,1\n", b",")
    (True, False)
    """
    padding = delimiter + b" "
    if delimiter in b" \t" or padding not in rows.lstrip().partition(b"\n")[0]:
        return False
    lines = [line for line in _QUOTED.sub(b"", rows).split(b"\n")[:_LOOKED_AT] if line.strip()]
    padded = [line.count(padding) for line in lines]
    single = b"\r" not in rows.replace(b"\r\n", b"\n")
    return single and min(padded) > 0 and padded == [line.count(delimiter) for line in lines]


def without_padding(text: Encoded, delimiter: bytes) -> Encoded:
    """The same text, line for line, without those blanks."""
    decode = partial(_Unpadded, skip=text.start, delimiter=delimiter.decode())
    notice = f"{text.content.name}: the blanks around cells are left out"
    content = Decoded(text.content, lambda stream: cast(BinaryIO, decode(stream)), "padded CSV")
    return text._replace(content=content, start=0, notices=(*text.notices, notice))


class _Unpadded(io.RawIOBase):
    """A stream of delimited text, its cells stripped. Bytes beyond ASCII are kept as they are."""

    def __init__(self, stream: BinaryIO, skip: int, delimiter: str) -> None:
        super().__init__()
        self._stream = stream
        self._rows = _stripped(stream, skip, delimiter)
        self._ready = bytearray()

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """ValueError where the cells cannot be told apart."""
        try:
            while size < 0 or len(self._ready) < size:
                self._ready += next(self._rows)
        except StopIteration:
            size = len(self._ready) if size < 0 else size
        except csv.Error as error:
            raise ValueError(error) from error
        taken = bytes(self._ready[:size])
        del self._ready[:size]
        return taken

    def close(self) -> None:
        """The stream below too."""
        self._stream.close()
        super().close()


def _stripped(stream: BinaryIO, skip: int, delimiter: str) -> Iterator[bytes]:
    made = io.StringIO()
    writer = csv.writer(made, delimiter=delimiter, lineterminator="\n")
    for cells in csv.reader(_lines(stream, skip), delimiter=delimiter, skipinitialspace=True):
        writer.writerow([cell.strip(" ") for cell in cells if cells != [""]])
        if made.tell() > 1 << 18:
            yield made.getvalue().encode("latin-1")
            made.seek(made.truncate(0))
    yield made.getvalue().encode("latin-1")


def _lines(stream: BinaryIO, skip: int) -> Iterator[str]:
    rest = b""
    while block := stream.read(1 << 20):
        block = block[skip:]
        skip = 0
        *lines, rest = (rest + block).split(b"\n")
        yield from (line.decode("latin-1") + "\n" for line in lines)
    if rest:
        yield rest.decode("latin-1")
