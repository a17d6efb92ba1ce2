"""Pieces: words taken apart or rewritten, once a distinct word, for whole corpora at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mleval.language.tokenized import tokenized
from mleval.language.tokenizers import Tokenizer
from mleval.language.tokens import Tokens


def in_pieces(corpora: Sequence[Tokens], rewritten: Callable[[str], str]) -> tuple[Tokens, ...]:
    """Every word replaced by its pieces: none, one or several.

    corpora: they share their names, which hold no whitespace, before and after.
    rewritten: of all the words, one a line, it makes as many lines with the pieces of each, by
    whitespace. What it makes of a word must not depend on the other lines.

    >>> found = in_pieces([Tokens.of([["well-kept", "-"]])], lambda text: text.replace("-", " "))
    >>> found[0].codes.tolist(), found[0].names
    ([0, 1], ('well', 'kept'))
    """
    by_word = Tokenizer(signature="by word", spaced=rewritten, spaced_text=rewritten)
    return tokenized((), corpora, by_word)
