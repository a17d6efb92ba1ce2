"""Pieces: words taken apart or rewritten, once a distinct word, for whole corpora at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mleval.language.tokens import Tokens


def in_pieces(corpora: Sequence[Tokens], pieces_of: Callable[[str], Sequence[str]]) -> list[Tokens]:
    """Every word replaced by its pieces: none, one or several; an empty piece is none.

    corpora: they share their names, before and after. pieces_of: asked once a distinct word, so
    what it says must not depend on the words around it.

    >>> words = Tokens.of([["well-kept", "-"]])
    >>> found = in_pieces([words], lambda word: word.split("-"))
    >>> found[0].codes.tolist(), found[0].names
    ([0, 1], ('well', 'kept'))
    """
    place: dict[str, int] = {}
    rows = [
        [place.setdefault(piece, len(place)) for piece in pieces_of(name) if piece]
        for name in (corpora[0].names if corpora else ())
    ]
    sizes = np.fromiter(map(len, rows), np.int64, len(rows))
    starts = np.cumsum(sizes) - sizes
    flat = np.array([code for row in rows for code in row], np.int32)
    names = tuple(place)
    found = []
    for tokens in corpora:
        counts = sizes[tokens.codes]
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        at = np.arange(ends[-1]) + np.repeat(starts[tokens.codes] - ends[:-1], counts)
        found.append(Tokens(flat[at], ends[tokens.offsets], names))
    return found
