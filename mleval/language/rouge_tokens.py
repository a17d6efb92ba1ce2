"""ROUGE's tokens: rouge-score's own, and words of any script, which it would erase."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mleval.language.lines import Lines
from mleval.language.pieces import in_pieces
from mleval.language.tokens import Tokens
from mleval.language.words import runs, words

Tokenizer = Literal["rouge", "unicode"]
Stemmer = Literal["none", "porter"]

_OF_KINDS = re.compile(r"AM*|[LM]+|\n")
_WITHOUT_SPACES = (
    "CJK", "HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR",
)  # fmt: skip


def rouge_tokens(
    corpora: Sequence[Lines], tokenize: Tokenizer = "rouge", stemmer: Stemmer = "none"
) -> Sequence[Tokens]:
    """The tokens of each segment of each corpus; names are shared.

    tokenize: "rouge", as rouge-score 0.1.2: the runs of a-z and 0-9 in the lowered text, while
    all else separates; "unicode": see `unicode_tokens`. stemmer: "porter", NLTK's, for tokens of
    more than three characters.

    >>> rouge_tokens([Lines.of(["Don't", "naïve", "日本語"])])[0].names
    ('don', 't', 'na', 've')
    >>> rouge_tokens([Lines.of(["flies was running"])], stemmer="porter")[0].names
    ('fli', 'was', 'run')
    """
    if tokenize == "rouge":
        found: Sequence[Tokens] = runs([lines.lowered for lines in corpora], _alphanumeric)
    else:
        found = in_pieces(words(corpora), unicode_tokens)
    return found if stemmer == "none" else _stemmed(found)


def _alphanumeric(data: bytes) -> NDArray[np.bool_]:
    some = np.frombuffer(data, np.uint8)
    return (some - np.uint8(ord("a")) < 26) | (some - np.uint8(ord("0")) < 10)


def _stemmed(corpora: Sequence[Tokens]) -> Sequence[Tokens]:
    from nltk.stem.porter import PorterStemmer

    stem = PorterStemmer().stem
    return in_pieces(
        corpora,
        lambda text: "\n".join(
            stem(token) if len(token) > 3 else token for token in text.split("\n")
        ),
    )


def unicode_tokens(text: str) -> str:
    """The runs of letters, marks and numbers in the lowered, composed text, spaced, line by line.

    In scripts that put no spaces between words each character, with its marks, is a token.

    >>> unicode_tokens("Naïve, 日本語 हिन्दी।").split()
    ['naïve', '日', '本', '語', 'हिन्दी']
    """
    text = unicodedata.normalize("NFC", text.lower())
    kinds = "".join(map(_kind, text))
    return " ".join(text[found.start() : found.end()] for found in _OF_KINDS.finditer(kinds))


@cache
def _kind(character: str) -> str:
    """L: a letter or number; M: a mark on one; A: a letter that stands alone; or whitespace."""
    if character == "\n":
        return character
    category = unicodedata.category(character)[0]
    if category == "L":
        alone = unicodedata.name(character, "").startswith(_WITHOUT_SPACES)
        return "A" if alone else "L"
    return {"N": "L", "M": "M"}.get(category, " ")
