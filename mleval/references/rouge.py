"""ROUGE by rouge-score, and its skip-bigrams by their definition."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from mleval.references.definitions import texts
from mleval.references.observed_text import ObservedText


def rouge(
    observed: ObservedText,
    *,
    n: int,
    part: str = "f",
    tokenize: str = "rouge",
    stemmer: str = "none",
) -> float:
    """The mean over segments of ROUGE-N for n from 1 to 9, by RougeScorer.score_multi."""
    return _by_rouge_score(f"rouge{n}", observed, part, tokenize, stemmer)


def rouge1(
    observed: ObservedText, *, part: str = "f", tokenize: str = "rouge", stemmer: str = "none"
) -> float:
    """ROUGE-1."""
    return _by_rouge_score("rouge1", observed, part, tokenize, stemmer)


def rouge2(
    observed: ObservedText, *, part: str = "f", tokenize: str = "rouge", stemmer: str = "none"
) -> float:
    """ROUGE-2."""
    return _by_rouge_score("rouge2", observed, part, tokenize, stemmer)


def rouge_l(
    observed: ObservedText, *, part: str = "f", tokenize: str = "rouge", stemmer: str = "none"
) -> float:
    """ROUGE-L."""
    return _by_rouge_score("rougeL", observed, part, tokenize, stemmer)


def rouge_lsum(
    observed: ObservedText, *, part: str = "f", tokenize: str = "rouge", stemmer: str = "none"
) -> float:
    """ROUGE-Lsum, sentences ending at newlines."""
    return _by_rouge_score("rougeLsum", observed, part, tokenize, stemmer)


def rouge_s(
    observed: ObservedText,
    *,
    part: str = "f",
    max_skip: int = 4,
    tokenize: str = "rouge",
    stemmer: str = "none",
) -> float:
    """ROUGE-S."""
    return texts.skip_bigrams(
        observed, _tokenizer(tokenize, stemmer), max_skip=max_skip, unigrams=False, part=part
    )


def rouge_su(
    observed: ObservedText,
    *,
    part: str = "f",
    max_skip: int = 4,
    tokenize: str = "rouge",
    stemmer: str = "none",
) -> float:
    """ROUGE-SU."""
    return texts.skip_bigrams(
        observed, _tokenizer(tokenize, stemmer), max_skip=max_skip, unigrams=True, part=part
    )


def _by_rouge_score(
    kind: str, observed: ObservedText, part: str, tokenize: str, stemmer: str
) -> float:
    from rouge_score.rouge_scorer import RougeScorer

    if not observed.hypotheses:
        return math.nan
    scorer = RougeScorer([kind], tokenizer=_Tokenizer(_tokenizer(tokenize, stemmer)))
    field = {"f": "fmeasure"}.get(part, part)
    values = [
        float(getattr(scorer.score_multi(references, hypothesis)[kind], field))
        for hypothesis, references in observed.segments()
    ]
    return math.fsum(values) / len(values)


class _Tokenizer:
    """A function as rouge-score takes it."""

    def __init__(self, tokens_of: Callable[[str], Sequence[str]]) -> None:
        self.tokenize = tokens_of


def _tokenizer(tokenize: str, stemmer: str) -> Callable[[str], Sequence[str]]:
    from nltk.stem.porter import PorterStemmer
    from rouge_score.tokenizers import DefaultTokenizer

    if tokenize == "rouge":
        default: Any = DefaultTokenizer(use_stemmer=stemmer == "porter")
        return default.tokenize  # type: ignore[no-any-return]  # the package ships no types
    stem = PorterStemmer().stem if stemmer == "porter" else str
    return lambda text: [
        stem(token) if len(token) > 3 else token for token in _unicode_tokens(text)
    ]


def _unicode_tokens(text: str) -> list[str]:
    """Runs of letters, marks and numbers; each letter of a script without spaces by itself."""
    import regex

    scripts = ("Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar")
    alone = "".join(rf"\p{{Script={name}}}" for name in scripts)
    patterns = {"M": r"\p{M}", " ": r"[^\p{L}\p{N}]", "A": f"[{alone}]", "L": r"[\p{L}\p{N}]"}
    kinds = {kind: regex.compile(pattern) for kind, pattern in patterns.items()}
    tokens: list[str] = []
    before = " "
    for character in unicodedata.normalize("NFC", text.lower()):
        kind = next(kind for kind, found in kinds.items() if found.match(character))
        if kind == "A" or (kind != " " and before == " ") or (kind == "L" and before == "A"):
            tokens.append(character)
        elif kind != " ":
            tokens[-1] += character
        before = "A" if kind == "M" and before == "A" else kind
    return tokens
