"""What error rates compare: words and characters as jiwer cuts them, normalised if asked."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, pairwise

import numpy as np

from mleval.errors import UsageError
from mleval.language.lines import Lines
from mleval.language.tokens import Tokens
from mleval.language.words import words

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


def normalized(corpus: Lines, steps: Sequence[str]) -> Lines:
    """Lines in lower case, without punctuation (Unicode's), with single spaces between words.

    >>> list(normalized(Lines.of(["Don't,  please"]), ["lower", "punct", "space"]))
    ['dont please']
    """
    if "lower" in steps:
        corpus = corpus.lowered
    if "punct" in steps:
        corpus = Lines.of(line.translate(_punctuation()) for line in corpus)
    if "space" in steps:
        corpus = Lines.of(" ".join(line.split()) for line in corpus)
    return corpus


def jiwer_words(
    corpora: Sequence[Lines], known: Sequence[Tokens] | None = None
) -> Sequence[Tokens]:
    r"""The words of each line: what single spaces, or several whitespace characters, part.

    known: the `words` of the same corpora, if they have been found already. They are the answer
    where no whitespace but spaces occurs, as in nearly every text.

    >>> jiwer_words([Lines.of(["a\tb  c"])])[0].names
    ('a\tb', 'c')
    """
    found = words(corpora) if known is None else known
    if all(map(_only_spaces, corpora, found)):
        return found
    every = Tokens.of(_words_of(line) for corpus in corpora for line in corpus)
    ends = accumulate((len(corpus) for corpus in corpora), initial=0)
    return [every.between(first, last) for first, last in pairwise(ends)]


def _words_of(line: str) -> list[str]:
    return [word for word in _SPACES.sub(" ", line).strip().split(" ") if word]


def _only_spaces(corpus: Lines, found: Tokens) -> bool:
    """Whether spaces are all that there is beside the words."""
    sizes = np.fromiter(map(len, found.names), np.int64, len(found.names))
    visible = int(sizes[found.codes].sum())
    return visible + corpus.data.count(b" ") == sum(map(len, corpus))


@cache
def _punctuation() -> dict[int, None]:
    characters = map(chr, range(sys.maxunicode + 1))
    return {ord(c): None for c in characters if unicodedata.category(c).startswith("P")}
