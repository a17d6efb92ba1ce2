"""What error rates compare: words and characters as jiwer cuts them, normalised if asked."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, pairwise

from mleval.errors import UsageError
from mleval.language.choices import STEPS
from mleval.language.pieces import in_pieces
from mleval.language.tokens import Tokens
from mleval.reading.texts.lines import Lines

_SPACES = re.compile(r"\s\s+")
_RARE_SPACES = [
    space.encode() for space in map(chr, range(0x3001)) if space.isspace() and space not in " \n"
]


def steps_of(normalize: str) -> tuple[str, ...]:
    """The steps that are named, with + or commas between, or "none"; UsageError for what is none.

    >>> steps_of("space+lower")
    ('lower', 'space')
    """
    asked = {*re.split(r"[,+ ]+", normalize)} - {"", "none"}
    unknown = asked - {*STEPS}
    if unknown:
        raise UsageError(
            f"normalize: there is no step {' or '.join(map(repr, sorted(unknown)))}",
            hint="its steps: lower, punct, space, as in wer(normalize=lower+punct+space)",
        )
    return tuple(step for step in STEPS if step in asked)


def normalized(text: str, steps: Sequence[str]) -> str:
    """In lower case, without punctuation (Unicode's), with single spaces between words.

    >>> normalized("Don't,  please", ["lower", "punct", "space"])
    'dont please'
    """
    if "lower" in steps:
        text = text.lower()
    if "punct" in steps:
        text = text.translate(_punctuation())
    return " ".join(text.split()) if "space" in steps else text


def error_words(
    corpora: Sequence[Lines], words: Sequence[Tokens], steps: Sequence[str] = ()
) -> Sequence[Tokens]:
    r"""The normalised words of each line; single spaces and runs of whitespace part them.

    words: those of the same corpora by any whitespace. Where there is none but spaces, as in
    nearly every text, or where it is normalised, these are the words; normalising them does not
    look across a space.

    >>> from mleval.language.words import words
    >>> corpora = [Lines.of(["A\tb  c"])]
    >>> error_words(corpora, words(corpora))[0].names
    ('A\tb', 'c')
    >>> sorted(error_words(corpora, words(corpora), ["lower", "space"])[0].names)
    ['a', 'b', 'c']
    """
    on_words = [step for step in steps if step != "space"]
    if "space" in steps or all(map(_only_spaces, corpora)):
        return in_pieces(words, lambda text: normalized(text, on_words)) if on_words else words
    every = Tokens.of(
        _words_of(normalized(line, on_words)) for corpus in corpora for line in corpus
    )
    ends = accumulate((len(corpus) for corpus in corpora), initial=0)
    return [every.between(first, last) for first, last in pairwise(ends)]


def _words_of(line: str) -> list[str]:
    return [word for word in _SPACES.sub(" ", line).strip().split(" ") if word]


def _only_spaces(corpus: Lines) -> bool:
    """Whether there is no whitespace but spaces."""
    if corpus.data.count(b"\n") > len(corpus):
        return False
    rare = (space for space in _RARE_SPACES if len(space) == 1 or not corpus.data.isascii())
    return not any(space in corpus.data for space in rare)


@cache
def _punctuation() -> dict[int, None]:
    characters = map(chr, range(sys.maxunicode + 1))
    return {ord(c): None for c in characters if unicodedata.category(c).startswith("P")}
