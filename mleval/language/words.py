"""Words: what whitespace separates, numbered for whole corpora at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mleval.language.blocks import stretches
from mleval.language.lines import Lines
from mleval.language.numbering import Codes, Numbering, Places, Spans
from mleval.language.tokens import Tokens

BLOCK = 1 << 18  # bytes whose words fit the processor's cache together with their numbers

_ZERO = b"\xff"  # stands for a zero byte, which a numbered string must not have; not in UTF-8
_WIDE_SPACES = np.array(
    [
        int.from_bytes(space.encode(), "big")
        for space in "\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
        "\u2028\u2029\u202f\u205f\u3000"
    ]
)


def words(corpora: Sequence[Lines]) -> tuple[Tokens, ...]:
    r"""The words of each segment of each corpus, as str.split() finds them; names are shared.

    >>> first, second = words([Lines.of(["to be\tor", ""]), Lines.of(["be\xa0to"])])
    >>> [first.names[code] for code in second.codes], first.offsets.tolist()
    (['be', 'to'], [0, 3, 3])
    """
    numbering = Numbering()
    found = [_words(lines, numbering) for lines in corpora]
    names = _spelled(numbering.names)
    return tuple(Tokens(codes, offsets, names) for codes, offsets in found)


def _words(lines: Lines, numbering: Numbering) -> tuple[Codes, Places]:
    codes, counts = [np.empty(0, np.int32)], [np.zeros(1, np.int64)]
    for first, last in stretches(lines.offsets, BLOCK):
        offsets = lines.offsets[first : last + 1]
        data = lines.data[offsets[0] : offsets[-1]].replace(b"\x00", _ZERO)
        spans = _spans(data)
        codes.append(numbering.codes(data, spans))
        counts.append(np.diff(np.searchsorted(spans.starts, offsets - offsets[0])))
    return np.concatenate(codes), np.cumsum(np.concatenate(counts))


def _spans(data: bytes) -> Spans:
    """The words of data that end in whitespace."""
    some = np.frombuffer(data, np.uint8)
    visible = np.zeros(len(some) + 1, np.bool_)
    inside = visible[1:]
    np.logical_or(some - np.uint8(9) <= 4, some - np.uint8(28) <= 4, out=inside)
    if not data.isascii():
        _mark_wide_spaces(some, inside)
    np.logical_not(inside, out=inside)
    edges = np.flatnonzero(visible[1:] != visible[:-1])
    return Spans(edges[0::2], edges[1::2])


def _mark_wide_spaces(data: NDArray[np.uint8], spaces: NDArray[np.bool_]) -> None:
    """Set `spaces` at the bytes of whitespace beyond ASCII."""
    narrow = np.flatnonzero(data == 0xC2)
    second = data[narrow + 1]
    two = narrow[(second == 0x85) | (second == 0xA0)]
    wide = np.flatnonzero(data - np.uint8(0xE1) <= 2)
    value = (
        data[wide].astype(np.int64) << 16 | data[wide + 1].astype(np.int64) << 8 | data[wide + 2]
    )
    three = wide[_WIDE_SPACES.take(np.searchsorted(_WIDE_SPACES, value), mode="clip") == value]
    for at in (two, two + 1, three, three + 1, three + 2):
        spaces[at] = True


def _spelled(names: list[bytes]) -> tuple[str, ...]:
    joined = b"\n".join(names).replace(_ZERO, b"\x00").decode()
    return tuple(joined.split("\n")) if names else ()
