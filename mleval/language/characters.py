"""Characters in common: n-grams of characters of whole corpora, for chrF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mleval.language.blocks import in_threads, stretches
from mleval.language.ngrams import Matches, block_matches, together
from mleval.language.tokens import Tokens
from mleval.reading.texts.lines import Lines

BLOCK = 1 << 17  # bytes: more than is fastest in one thread, so that two do not wait for each other

Places = NDArray[np.int64]

_ASCII = tuple(map(chr, range(128)))
_SPACES = np.array([chr(point).isspace() for point in range(0x3001 + 1)])  # none is beyond U+3000


class CharacterMatches(NamedTuple):
    """Character n-grams in common; lengths: (1 + r, n) how many characters each segment has."""

    matches: Matches
    lengths: Places


def character_matches(
    hypotheses: Lines, references: Sequence[Lines], order: int, *, whitespace: bool = False
) -> CharacterMatches:
    """Count the n-grams of characters, n = 1 to `order`, that each hypothesis shares.

    Whitespace counts as no character unless `whitespace` is true.

    >>> found = character_matches(Lines.of(["to be"]), [Lines.of(["tube"])], 2)
    >>> found.matches.clipped.tolist(), found.lengths.tolist()
    ([[3.0], [1.0]], [[4], [4]])
    """
    corpora = (hypotheses, *references)
    ends = np.zeros(len(hypotheses) + 1, np.int64)
    for lines in corpora:
        ends += lines.offsets

    def block(cut: tuple[int, int]) -> tuple[Matches, Places]:
        tokens = _characters([lines.stretch(*cut) for lines in corpora], whitespace)
        return block_matches(tokens, order), np.stack([mine.lengths for mine in tokens])

    blocks = in_threads(block, stretches(ends, BLOCK))
    lengths = [np.empty((len(corpora), 0), np.int64), *(lengths for _, lengths in blocks)]
    found = together([matches for matches, _ in blocks], len(references), order)
    return CharacterMatches(found, np.concatenate(lengths, axis=-1))


def _characters(corpora: Sequence[Lines], whitespace: bool) -> list[Tokens]:
    """The characters of each segment as tokens, numbered for these corpora alone."""
    points = [_points(lines) for lines in corpora]
    kept = [_kept(*pair, whitespace) for pair in points]
    chosen = [mine[at] for (mine, _), at in zip(points, kept, strict=True)]
    names, codes = _ASCII, [mine.astype(np.int32) for mine in chosen]
    if not all(lines.data.isascii() for lines in corpora):
        names, codes = _numbered(codes)
    return [
        Tokens(mine, np.searchsorted(at, ends), names)
        for mine, at, (_, ends) in zip(codes, kept, points, strict=True)
    ]


def _points(lines: Lines) -> tuple[NDArray[np.integer], Places]:
    """The code points, each segment's followed by a line feed, and where segments begin."""
    data = np.frombuffer(lines.data, np.uint8)
    if lines.data.isascii():
        return data, lines.offsets
    before = np.concatenate([[0], np.cumsum((data & 0xC0) != 0x80)])
    points = np.frombuffer(lines.data.decode().encode("utf-32-le"), "<u4")
    return points, before[lines.offsets]


def _kept(points: NDArray[np.integer], ends: Places, whitespace: bool) -> Places:
    """The places of the characters that count."""
    if not whitespace:
        return np.flatnonzero(~_SPACES.take(points, mode="clip"))
    kept = np.ones(len(points), np.bool_)
    kept[ends[1:] - 1] = False
    return np.flatnonzero(kept)


def _numbered(
    points: list[NDArray[np.int32]],
) -> tuple[tuple[str, ...], list[NDArray[np.int32]]]:
    """The characters that occur, and the code points as places among them."""
    found = np.zeros(max(int(mine.max(initial=0)) for mine in points) + 1, np.bool_)
    for mine in points:
        found[mine] = True
    place = np.cumsum(found, dtype=np.int32) - np.int32(1)
    names = tuple(map(chr, np.flatnonzero(found).tolist()))
    return names, [place[mine] for mine in points]
