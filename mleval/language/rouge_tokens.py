"""ROUGE's tokens: rouge-score's own, and words of any script, which it would erase.

Both are found word by word: what either does to a character does not depend on anything across
a space. (Of lowering, only the final sigma looks around itself, no further than its word, and
it is a separator to rouge-score in both its shapes.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Literal

Tokenizer = Literal["rouge", "unicode"]
Stemmer = Literal["none", "porter"]
Pieces = Callable[[str], list[str]]

_ASCII = re.compile("[a-z0-9]+")
_OF_KINDS = re.compile("AM*|[LM]+")
_WITHOUT_SPACES = (
    "CJK", "HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR",
)  # fmt: skip


def rouge_tokens(word: str) -> list[str]:
    """The runs of a-z and 0-9 in the lowered word; all else separates, as in rouge-score 0.1.2.

    >>> rouge_tokens("Don't"), rouge_tokens("naïve"), rouge_tokens("日本語")
    (['don', 't'], ['na', 've'], [])
    """
    return _ASCII.findall(word.lower())


def unicode_tokens(word: str) -> list[str]:
    """The runs of letters, marks and numbers in the lowered, composed word.

    In scripts that put no spaces between words each character, with its marks, is a token.

    >>> unicode_tokens("Naïve,"), unicode_tokens("日本語"), unicode_tokens("हिन्दी।")
    (['naïve'], ['日', '本', '語'], ['हिन्दी'])
    """
    if word.isascii():
        return rouge_tokens(word)
    text = unicodedata.normalize("NFC", word.lower())
    kinds = "".join(map(_kind, text))
    return [text[found.start() : found.end()] for found in _OF_KINDS.finditer(kinds)]


def pieces_of(tokenize: Tokenizer, stemmer: Stemmer) -> Pieces:
    """The tokens of a word, those of more than three characters stemmed by NLTK's Porter stemmer.

    >>> pieces_of("rouge", "porter")("flies-was-running")
    ['fli', 'was', 'run']
    """
    tokens_of = {"rouge": rouge_tokens, "unicode": unicode_tokens}[tokenize]
    if stemmer == "none":
        return tokens_of
    from nltk.stem.porter import PorterStemmer

    stem = cache(PorterStemmer().stem)

    def stems(word: str) -> list[str]:
        found = (stem(token) if len(token) > 3 else token for token in tokens_of(word))
        return [token for token in found if token]

    return stems


@cache
def _kind(character: str) -> str:
    """L: a letter or number; M: a mark on one; A: a letter that stands alone; or a space."""
    category = unicodedata.category(character)[0]
    if category == "L":
        alone = unicodedata.name(character, "").startswith(_WITHOUT_SPACES)
        return "A" if alone else "L"
    return {"N": "L", "M": "M"}.get(category, " ")
