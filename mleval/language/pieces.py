"""Pieces: words taken apart or rewritten, once a distinct word, for whole corpora at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mleval.language.tokens import Tokens


def in_pieces(corpora: Sequence[Tokens], rewritten: Callable[[str], str]) -> list[Tokens]:
    """Every word replaced by its pieces: none, one or several.

    corpora: they share their names, which hold no whitespace, before and after.
    rewritten: given all the words, one a line, it says as many lines with the pieces of each, by
    whitespace. What it says of a word must not depend on the other lines.

    >>> words = Tokens.of([["well-kept", "-"]])
    >>> found = in_pieces([words], lambda text: text.replace("-", " "))
    >>> found[0].codes.tolist(), found[0].names
    ([0, 1], ('well', 'kept'))
    """
    words = corpora[0].names if corpora else ()
    rows = [line.split() for line in rewritten("\n".join(words)).split("\n")][: len(words)]
    sizes = np.fromiter(map(len, rows), np.int64, len(words))
    pieces = [piece for row in rows for piece in row]
    place = {piece: code for code, piece in enumerate(dict.fromkeys(pieces))}
    numbers = np.fromiter(map(place.__getitem__, pieces), np.int32, len(pieces))
    starts, names = np.cumsum(sizes) - sizes, tuple(place)
    found = []
    for tokens in corpora:
        counts = sizes[tokens.codes]
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        at = np.arange(ends[-1]) + np.repeat(starts[tokens.codes] - ends[:-1], counts)
        found.append(Tokens(numbers[at], ends[tokens.offsets], names))
    return found
