"""What error rates compare: words and characters as jiwer cuts them, normalised if asked."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np

from mleval.errors import UsageError
from mleval.language.pieces import split_words
from mleval.language.tokens import Tokens

STEPS = ("lower", "punct", "space")

_SPACES = re.compile(r"\s\s+")


def steps_of(normalize: str) -> tuple[str, ...]:
    """The steps that a list of them names, or "none"; UsageError for what is no step.

    >>> steps_of("space,lower")
    ('lower', 'space')
    """
    asked = {*re.split(r"[,+ ]+", normalize)} - {"", "none"}
    unknown = asked - {*STEPS}
    if unknown:
        raise UsageError(
            f"normalize: there is no step {' or '.join(map(repr, sorted(unknown)))}",
            hint='its steps: lower, punct, space, as in wer(normalize="lower,punct,space")',
        )
    return tuple(step for step in STEPS if step in asked)


def normalized(corpus: Sequence[str], steps: Sequence[str]) -> Sequence[str]:
    """Lines in lower case, without punctuation (Unicode's), with single spaces between words.

    >>> normalized(["Don't,  please"], ["lower", "punct", "space"])
    ['dont please']
    """
    if "lower" in steps:
        corpus = [line.lower() for line in corpus]
    if "punct" in steps:
        corpus = [line.translate(_punctuation()) for line in corpus]
    if "space" in steps:
        corpus = [" ".join(line.split()) for line in corpus]
    return corpus


def jiwer_words(
    corpora: Sequence[Sequence[str]], words: Sequence[Tokens] | None = None
) -> Sequence[Tokens]:
    r"""The words of each line: what single spaces, or several whitespace characters, part.

    words: the same corpora split at any whitespace, where that is known already: it is the
    answer where no whitespace but spaces occurs, as in nearly every text.

    >>> jiwer_words([["a\tb  c"]])[0].names
    ('a\tb', 'c')
    """
    words = split_words(corpora) if words is None else words
    if all(map(_only_spaces, corpora, words)):
        return words
    return split_words(corpora, _words_of)


def _words_of(line: str) -> list[str]:
    return [word for word in _SPACES.sub(" ", line).strip().split(" ") if word]


def _only_spaces(corpus: Sequence[str], words: Tokens) -> bool:
    """Whether spaces are all that there is beside the words."""
    sizes = np.fromiter(map(len, words.names), np.int64, len(words.names))
    spaces = sum(line.count(" ") for line in corpus)
    return int(sizes[words.codes].sum()) + spaces == sum(map(len, corpus))


@cache
def _punctuation() -> dict[int, None]:
    characters = map(chr, range(sys.maxunicode + 1))
    return {ord(c): None for c in characters if unicodedata.category(c).startswith("P")}
