"""ROUGE's tokens: rouge-score's own, and words of any script, which it would erase."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mleval.language.choices import Stemmer
from mleval.language.pieces import in_pieces
from mleval.language.porter import porter_stem
from mleval.language.tokenizers import unicode
from mleval.language.tokens import Tokens
from mleval.language.words import runs, words
from mleval.reading.texts.lines import Lines

Tokenize = Literal["rouge", "unicode"]


def rouge_tokens(
    corpora: Sequence[Lines], tokenize: Tokenize = "rouge", stemmer: Stemmer = "none"
) -> Sequence[Tokens]:
    """The tokens of each segment of each corpus; names are shared.

    tokenize: "rouge", as rouge-score 0.1.2: the runs of a-z and 0-9 in the lowered text, while
    all else separates; "unicode": see `unicode_words`. stemmer: "porter", for tokens of more
    than three characters.

    >>> rouge_tokens([Lines.of(["Don't", "naïve", "日本語"])])[0].names
    ('don', 't', 'na', 've')
    >>> rouge_tokens([Lines.of(["flies was running"])], stemmer="porter")[0].names
    ('fli', 'was', 'run')
    """
    found = (
        runs([lines.lowered for lines in corpora], _alphanumeric)
        if tokenize == "rouge"
        else in_pieces(words(corpora), unicode_words)
    )
    return found if stemmer == "none" else in_pieces(found, _stems)


def _alphanumeric(data: bytes) -> NDArray[np.bool_]:
    some = np.frombuffer(data, np.uint8)
    return (some - np.uint8(ord("a")) < 26) | (some - np.uint8(ord("0")) < 10)


def unicode_words(text: str) -> str:
    """What letters, marks and numbers leave of the lowered, composed text, cut as by `unicode`.

    >>> unicode_words("Naïve, 日本").split()
    ['naïve', '日', '本']
    """
    import regex

    spaced = unicode().spaced(unicodedata.normalize("NFC", text.lower()))
    left: str = regex.sub(r"[^\p{L}\p{M}\p{N}\n]+", " ", spaced)
    return left


def _stems(text: str) -> str:
    return "\n".join(porter_stem(token) if len(token) > 3 else token for token in text.split("\n"))
