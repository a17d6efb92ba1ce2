"""How long texts are: in UTF-8 bytes, characters and words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.reading.arrow_arrays import null_mask, plain_values, text_buffers

if TYPE_CHECKING:
    import pyarrow as pa

    from mleval.sequences import Ints, Marks

# Characters of several bytes that `str.split` parts words at, by their first byte.
_WIDE_SPACES: dict[int, tuple[bytes, ...]] = {
    0xC2: (b"\x85", b"\xa0"),
    0xE1: (b"\x9a\x80",),
    0xE2: (*(b"\x80" + bytes([last]) for last in (*range(0x80, 0x8B), 0xA8, 0xA9, 0xAF)),
           b"\x81\x9f"),
    0xE3: (b"\x80\x80",),
}  # fmt: skip


class Sizes(NamedTuple):
    """Of n texts: (n,) each, nan where a text is not known."""

    bytes: Floats
    chars: Floats
    words: Floats

    def take(self, kept: Marks) -> Sizes:
        """Those of some of the texts (a mask)."""
        return Sizes(*(column[kept] for column in self))


def unknown(size: int) -> Sizes:
    """Of texts that are not known."""
    return Sizes(*(np.full(size, np.nan) for _ in range(3)))


def sizes_of(texts: pa.Array) -> Sizes:
    """Of an Arrow array of text; a null is a text that is not known.

    >>> import pyarrow as pa
    >>> sizes_of(pa.array(["naïve  café ", None])).words.tolist()
    [2.0, nan]
    """
    offsets, data = text_buffers(texts)
    lengths = np.diff(offsets).astype(np.float64)
    chars = lengths_in_characters(texts)
    found = Sizes(lengths, lengths.copy() if chars is None else chars, _words(offsets, data))
    missing = null_mask(texts)
    if missing is not None:
        for column in found:
            column[missing] = np.nan
    return found


def lengths_in_characters(texts: pa.Array) -> Floats | None:
    """(n,) of an array of text; None where every character is one byte."""
    import pyarrow.compute as pc

    if not _is_wide(text_buffers(texts)[1]):
        return None
    return plain_values(pc.utf8_length(texts)).astype(np.float64)


def _is_wide(data: NDArray[np.uint8]) -> bool:
    return len(data) > 0 and int(data.max()) >= 128


def _words(offsets: Ints, data: NDArray[np.uint8]) -> Floats:
    """(n,) how many words each text has: one begins where a space or nothing is before it."""
    spaces = _spaces(data)
    begins = ~spaces
    begins[1:] &= spaces[:-1]
    some = np.diff(offsets) > 0
    starts = offsets[:-1][some]
    begins[starts] = ~spaces[starts]
    found = np.zeros(len(some))
    if some.any():
        found[some] = np.add.reduceat(begins.view(np.uint8), starts, dtype=np.uint32)
    return found


def edges_of(texts: pa.Array) -> NDArray[np.int8]:
    """(n,) 1 where a text begins within a word, 2 where it ends within one, 3 where both do."""
    offsets, data = text_buffers(texts)
    spaces = _spaces(data)
    found = np.zeros(len(offsets) - 1, dtype=np.int8)
    some = np.diff(offsets) > 0
    found[some] = ~spaces[offsets[:-1][some]] + 2 * ~spaces[offsets[1:][some] - 1]
    return found


def _spaces(data: NDArray[np.uint8]) -> Marks:
    """(b,) which bytes are of a space."""
    spaces = ((data - np.uint8(9)) <= 4) | ((data - np.uint8(28)) <= 4)
    if _is_wide(data):
        for first, endings in _WIDE_SPACES.items():
            _mark_wide(spaces, data, first, endings)
    return spaces


def _mark_wide(
    spaces: Marks, data: NDArray[np.uint8], first: int, endings: Iterable[bytes]
) -> None:
    """Mark the bytes of spaces that begin with this byte."""
    places = np.flatnonzero(data == first)
    for ending in endings:
        at = places[places < len(data) - len(ending)]
        for step, byte in enumerate(ending, 1):
            at = at[data[at + step] == byte]
        for step in range(len(ending) + 1):
            spaces[at + step] = True


def sizes_of_strings(texts: Iterable[str | None]) -> Sizes:
    """The same of Python's strings, in which half characters count as they would in UTF-8.

    >>> sizes_of_strings(["aé b", None]).bytes.tolist()
    [5.0, nan]
    """
    found = [
        (np.nan,) * 3
        if text is None
        else (len(text.encode("utf-8", "surrogatepass")), len(text), len(text.split()))
        for text in texts
    ]
    columns = np.array(found, dtype=np.float64).reshape(-1, 3).T
    return Sizes(*columns)
