"""The bytes of an input, decompressed: what every format reads from, whatever holds them."""

from __future__ import annotations

import io
import os
import weakref
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import BinaryIO, NamedTuple, Protocol, cast

from mleval.errors import InputError

HELD_BYTES = 8 << 20
"""Standard input up to this size stays in memory; what is longer goes to a temporary file."""


class Content(Protocol):
    """Bytes that can be read again from the start.

    `seekable` says that `read` is cheap anywhere; otherwise it streams up to that place.
    """

    @property
    def name(self) -> str:
        """For messages."""
        ...

    @property
    def seekable(self) -> bool:
        """Whether `read` is cheap anywhere."""
        ...

    def open(self) -> BinaryIO:
        """A stream from the first byte."""
        ...

    def read(self, start: int, end: int) -> bytes:
        """Bytes `start` to `end`, fewer at the end of the file."""
        ...


class LocalFile(NamedTuple):
    """A file on disk."""

    path: Path
    name: str

    @property
    def seekable(self) -> bool:
        """It is."""
        return True

    def open(self) -> BinaryIO:
        """InputError when the system refuses."""
        try:
            return cast(BinaryIO, self.path.open("rb", buffering=0))
        except OSError as error:
            raise unreadable(self.name, error) from error

    def read(self, start: int, end: int) -> bytes:
        """InputError when the system refuses."""
        try:
            with self.path.open("rb", buffering=0) as file:
                file.seek(start)
                return read_exactly(cast(BinaryIO, file), end - start)
        except OSError as error:
            raise unreadable(self.name, error) from error


class HeldFile:
    """A stream that came only once (standard input, a pipe), kept so that it can be read again."""

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.name, self.file = name, file
        self._lock = Lock()

    @property
    def seekable(self) -> bool:
        """It is."""
        return True

    def open(self) -> BinaryIO:
        """A stream with a position of its own."""
        return io.BufferedReader(_Cursor(self), 1 << 20)

    def read(self, start: int, end: int) -> bytes:
        """One thread at a time."""
        with self._lock:
            self.file.seek(start)
            return read_exactly(self.file, end - start)


class _Cursor(io.RawIOBase):
    """A position of its own in a HeldFile, so that readers do not move one another."""

    def __init__(self, held: HeldFile) -> None:
        super().__init__()
        self._held = held
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """From the start only."""
        assert whence == 0
        self._at = offset
        return offset

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """What the file has at this position."""
        data = self._held.read(self._at, self._at + len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


class Decoded(NamedTuple):
    """Content seen through a decoder: decompressed, or turned into UTF-8. Only streams."""

    inner: Content
    decode: Callable[[BinaryIO], BinaryIO]
    what: str

    @property
    def name(self) -> str:
        """The file's own."""
        return self.inner.name

    @property
    def seekable(self) -> bool:
        """Never: what comes later needs what came before."""
        return False

    def open(self) -> BinaryIO:
        """A stream whose failures are InputErrors."""
        return cast(BinaryIO, _Guarded(self.inner.open(), self.decode, self.name, self.what))

    def read(self, start: int, end: int) -> bytes:
        """By decoding all that is before."""
        with self.open() as stream:
            while start > 0 and (skipped := stream.read(min(start, 1 << 20))):
                start -= len(skipped)
                end -= len(skipped)
            return read_exactly(stream, end - start)


class _Guarded(io.RawIOBase):
    """A decoding stream whose failures are InputErrors."""

    def __init__(
        self, inner: BinaryIO, decode: Callable[[BinaryIO], BinaryIO], name: str, what: str
    ) -> None:
        super().__init__()
        self._inner, self._stream = inner, decode(inner)
        self._name, self._what = name, what

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """InputError when the data are damaged or end early."""
        import lzma
        import zlib

        try:
            return self._stream.read(size)
        except EOFError as error:
            raise InputError(
                f"{self._name}: the {self._what} data stops before its end",
                hint="the file was cut short: copy or download it again",
            ) from error
        except (OSError, ValueError, lzma.LZMAError, zlib.error) as error:
            raise InputError(
                f"{self._name}: the {self._what} data cannot be decoded: {error}",
                hint="the file is damaged: copy or download it again",
            ) from error

    def close(self) -> None:
        """The stream below too."""
        self._stream.close()
        self._inner.close()
        super().close()


def read_exactly(stream: BinaryIO, size: int) -> bytes:
    """`size` bytes, fewer only at the end: raw streams may return less than was asked."""
    data = stream.read(size) or b""
    if len(data) == size or not data:
        return data
    pieces = [data]
    missing = size - len(data)
    while missing > 0 and (piece := stream.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces) if len(pieces) > 1 else data


WHOLE_BYTES = 512 << 20
"""Formats that cannot be read piece by piece are read up to this size when not plain on disk."""


def whole(content: Content, most: int | None = None) -> bytes:
    """All of the content; InputError above `most` bytes: no packed file fills the memory."""
    most = WHOLE_BYTES if most is None else most
    with content.open() as stream:
        data = read_exactly(stream, most + 1)
    if len(data) > most:
        raise InputError(
            f"{content.name}: more than {most >> 20} MiB that must be read at once",
            hint="unpack the file, or write the rows as CSV, JSON lines or Parquet",
        )
    return data


def unreadable(name: str, error: OSError) -> InputError:
    """The operating system's refusal, as a message."""
    reason = error.strerror or str(error)
    hint = "check the file's permissions" if isinstance(error, PermissionError) else None
    return InputError(f"{name}: cannot be read: {reason}", hint=hint)


def held(stream: BinaryIO, name: str) -> HeldFile:
    """A stream made re-readable: in memory when short, else in a temporary file."""
    try:
        if stream.seekable() and stream.tell() == 0 and _is_regular(stream):
            return HeldFile(name, stream)
        start = read_exactly(stream, HELD_BYTES)
        if len(start) < HELD_BYTES:
            return HeldFile(name, io.BytesIO(start))
        file = _spooled(start, stream)
        content = HeldFile(name, file)
        weakref.finalize(content, file.close)
        return content
    except OSError as error:
        raise unreadable(name, error) from error


def _is_regular(stream: BinaryIO) -> bool:
    import stat

    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):
        return False


def _spooled(start: bytes, rest: BinaryIO) -> BinaryIO:
    import tempfile

    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - lives as long as the content
    file.write(start)
    while block := rest.read(1 << 20):
        file.write(block)
    file.flush()
    return file
