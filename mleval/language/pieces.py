"""Pieces: words taken apart or rewritten, once a distinct word, for whole corpora at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mleval.language.lines import Lines
from mleval.language.tokens import Tokens
from mleval.language.words import words


def in_pieces(corpora: Sequence[Tokens], rewritten: Callable[[str], str]) -> list[Tokens]:
    """Every word replaced by its pieces: none, one or several.

    corpora: they share their names, which hold no whitespace, before and after.
    rewritten: given all the words, one a line, it says as many lines with the pieces of each, by
    whitespace. What it says of a word must not depend on the other lines.

    >>> found = in_pieces([Tokens.of([["well-kept", "-"]])], lambda text: text.replace("-", " "))
    >>> found[0].codes.tolist(), found[0].names
    ([0, 1], ('well', 'kept'))
    """
    names = corpora[0].names if corpora else ()
    text = rewritten("\n".join(names)) + "\n" if names else ""
    (pieces,) = words([Lines.of_bytes(text.encode())])
    found = []
    for tokens in corpora:
        counts = pieces.lengths[tokens.codes]
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        starts = pieces.offsets[tokens.codes]
        at = np.arange(ends[-1]) + np.repeat(starts - ends[:-1], counts)
        found.append(Tokens(pieces.codes[at], ends[tokens.offsets], pieces.names))
    return found
