"""Words: what whitespace separates, numbered for whole corpora at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from mleval.language.blocks import stretches
from mleval.language.names import ZERO
from mleval.language.numbering import Codes, Numbering, Places, Spans
from mleval.language.tokens import Tokens
from mleval.reading.texts.lines import Lines

BLOCK = 1 << 18  # bytes whose words fit the processor's cache together with their numbers

Inside = Callable[[bytes], NDArray[np.bool_]]

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
    return runs(corpora, _visible)


def runs(corpora: Sequence[Lines], inside: Inside) -> tuple[Tokens, ...]:
    """What is spelled by runs of bytes that are `inside`, of which a line feed is never one.

    inside: (b,) which of b bytes are.

    >>> digits = lambda data: np.frombuffer(data, np.uint8) - np.uint8(48) <= 9
    >>> runs([Lines.of(["10 to 12", "12-"])], digits)[0].names
    ('10', '12')
    """
    numbering = Numbering()
    found = [_runs(lines, inside, numbering) for lines in corpora]
    names = numbering.names
    return tuple(Tokens(codes, offsets, names) for codes, offsets in found)


def _runs(lines: Lines, inside: Inside, numbering: Numbering) -> tuple[Codes, Places]:
    codes, counts = np.empty(len(lines.data) // 2 + 1, np.int32), [np.zeros(1, np.int64)]
    total = 0
    for first, last in stretches(lines.offsets, BLOCK):
        offsets = lines.offsets[first : last + 1]
        data = lines.data[offsets[0] : offsets[-1]].replace(b"\x00", ZERO)
        spans = _spans(inside(data))
        codes[total : total + len(spans.starts)] = numbering.codes(data, spans)
        total += len(spans.starts)
        counts.append(np.diff(np.searchsorted(spans.starts, offsets - offsets[0])))
    return codes[:total], np.cumsum(np.concatenate(counts))


def _spans(inside: NDArray[np.bool_]) -> Spans:
    """Where runs begin and end; the last byte is not inside."""
    before = np.zeros(len(inside), np.bool_)
    before[1:] = inside[:-1]
    edges = np.flatnonzero(inside != before)
    return Spans(edges[0::2], edges[1::2])


def _visible(data: bytes) -> NDArray[np.bool_]:
    """(b,) which bytes are not of whitespace."""
    some = np.frombuffer(data, np.uint8)
    spaces = (some - np.uint8(9) <= 4) | (some - np.uint8(28) <= 4)
    if not data.isascii():
        _mark_wide_spaces(some, spaces)
    return np.logical_not(spaces, out=spaces)


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
