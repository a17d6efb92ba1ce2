"""Which encoding a text file is in, told from its first bytes; what cannot be text is refused."""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO, NamedTuple, cast

from mleval.errors import InputError
from mleval.reading.content import Content, Decoded
from mleval.reading.misnamed import is_binary
from mleval.reading.notes import Guess
from mleval.visible import quoted

CHECKED_BYTES = 4 << 20
"""A file up to this size is checked whole when its encoding is told; of a longer one the start."""

FALLBACK = "cp1252"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Encoded(NamedTuple):
    """Text content: `start` is where the text begins, `encoding` what its bytes still are.

    `encoding` None means UTF-8, which needs no decoding.
    """

    content: Content
    start: int = 0
    encoding: str | None = None
    notices: tuple[str, ...] = ()

    def utf8(self, data: bytes) -> bytes:
        """`data` as UTF-8; UnicodeDecodeError when it is not what the file began as."""
        if data.isascii():
            return data
        text = data.decode(self.encoding or "utf-8")
        return data if self.encoding is None else text.encode()


def told_encoding(content: Content, sample: bytes, wanted: str | None) -> Encoded:
    """The content with its encoding: the one that is `wanted`, or the one its bytes show."""
    encoding = wanted or marked(sample)
    if encoding is not None:
        return _as_declared(content, sample, encoding)
    if (encoding := _unmarked_wide(sample)) is not None:
        notice = f"{content.name}: no byte order mark, read as {encoding.upper()}"
        guess = Guess(f"{notice} (--encoding to change)", f"name it: --encoding {encoding}")
        return _as_declared(content, sample, encoding)._replace(notices=(guess,))
    start = content.read(0, CHECKED_BYTES)
    whole = len(start) < CHECKED_BYTES
    is_utf8 = start.isascii() or _decodes(start, "utf-8", whole)
    if is_binary(start) or (b"\x00" in start and not is_utf8):
        raise InputError(
            f"{content.name} holds binary data, not text",
            hint="give the file with the predictions, as CSV, JSON lines or Parquet",
        )
    cut_short = not is_utf8 and not start[:-3].isascii() and _decodes(start, "utf-8", False)
    if is_utf8 or cut_short:  # the latter is told where the row is read
        return Encoded(content)
    if _decodes(start, FALLBACK, True):
        notice = f"{content.name}: not UTF-8, read as Windows-1252 (--encoding to change)"
        guess = Guess(notice, "name it, such as --encoding windows-1252")
        return Encoded(content, encoding=FALLBACK, notices=(guess,))
    return Encoded(content)


def marked(sample: bytes) -> str | None:
    """The encoding that a byte order mark at the start names, if there is one."""
    return next((name for mark, name in _MARKS if sample.startswith(mark)), None)


def _unmarked_wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: in Latin text every other byte is zero."""
    head = sample[:512]
    wide = len(head) >= 4 and len(head) * 2 < head.count(b"\x00") * 5 < len(head) * 5
    if not wide or is_binary(head.replace(b"\x00", b"")):
        return None
    if not any(head[0::2]) or head[0::2].count(0) > head[1::2].count(0) * 4:
        return "utf-16-be"
    if head[1::2].count(0) > head[0::2].count(0) * 4:
        return "utf-16-le"
    return None


def _as_declared(content: Content, sample: bytes, encoding: str) -> Encoded:
    try:
        plain = '",;\n'.encode(encoding) == b'",;\n' or encoding == "utf-8-sig"
        name = codecs.lookup(encoding).name
    except (LookupError, UnicodeError) as error:  # UnicodeError: "undefined" is the name of one
        raise InputError(
            f"no encoding is called {quoted(encoding)}",
            hint="name one such as --encoding utf-8, windows-1252, utf-16 or shift_jis",
        ) from error
    found = marked(sample) or _unmarked_wide(sample) or "utf-8"
    if _is_wide(found) != _is_wide(name) and (b"\x00" in sample) == _is_wide(found):
        raise InputError(
            f"{content.name} is {found.upper()}, not {encoding}",
            hint="leave --encoding out: it is told from the bytes",
        )
    skipped = 3 if sample.startswith(codecs.BOM_UTF8) and name.startswith("utf-8") else 0
    if name in ("utf-8", "utf-8-sig", "ascii"):
        return Encoded(content, start=skipped)
    if plain:
        _refuse_utf8(content, sample, name)
        return Encoded(content, start=skipped, encoding=name)
    return Encoded(Decoded(content, lambda stream: _transcoded(stream, name), encoding))


def _refuse_utf8(content: Content, sample: bytes, name: str) -> None:
    """InputError for UTF-8 that would be read as an encoding of one byte a character.

    Such an encoding takes nearly any bytes, so nothing else would tell; text that was written in
    it is hardly ever UTF-8 by chance, as short texts in encodings of two bytes may be.
    """
    of_one_byte = len(bytes(range(128, 256)).decode(name, "replace")) == 128
    if of_one_byte and not sample.isascii() and _decodes(sample, "utf-8", False):
        raise InputError(
            f"{content.name} is UTF-8, not {name}",
            hint="leave --encoding out; write files that are read together in one encoding",
        )


def _is_wide(encoding: str) -> bool:
    return encoding.startswith(("utf-16", "utf-32"))


def _decodes(data: bytes, encoding: str, whole: bool) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        decoder.decode(data, final=whole)
    except UnicodeDecodeError:
        return False
    return True


class _Transcoded(io.RawIOBase):
    """A stream of another encoding, read as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ready = bytearray()
        self._ended = False

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """UTF-8."""
        while not self._ended and (size < 0 or len(self._ready) < size):
            block = self._stream.read(1 << 20) or b""
            self._ended = not block
            self._ready += self._decoder.decode(block, final=self._ended).encode()
        size = len(self._ready) if size < 0 else size
        taken = bytes(self._ready[:size])
        del self._ready[:size]
        return taken

    def close(self) -> None:
        """The stream below too."""
        self._stream.close()
        super().close()


def _transcoded(stream: BinaryIO, encoding: str) -> BinaryIO:
    return cast(BinaryIO, _Transcoded(stream, encoding))


def undecodable(
    place: str, error: UnicodeDecodeError, encoding: str | None, at: int | None = None
) -> InputError:
    """The message for a byte that the file's encoding does not have; at: its place in the file."""
    byte = error.object[error.start]
    where = "" if at is None else f" (byte {at} of the file)"
    return InputError(
        f"{place}: byte 0x{byte:02x} is not {'UTF-8' if encoding is None else encoding}{where}",
        hint="name the file's encoding, such as --encoding windows-1252",
    )
