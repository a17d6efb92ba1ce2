"""BLEU and its parts by sacreBLEU and NLTK, and chrF by sacreBLEU."""

from __future__ import annotations

import math
import statistics
import unicodedata
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mleval.language.tokenizers import WITHOUT_SPACES
from mleval.references.observed_text import ObservedText

Segment = Sequence[str]


def library(options: Mapping[str, Any]) -> str:
    """Whose BLEU it is: NLTK's with a smoothing method of NLTK's, else sacreBLEU's."""
    return "NLTK" if _is_nltk(options["smooth"]) else "sacrebleu"


def _is_nltk(smooth: str) -> bool:
    return smooth.startswith("method")


def bleu(
    observed: ObservedText,
    *,
    tokenize: str = "13a",
    smooth: str = "exp",
    lowercase: bool = False,
    order: int = 4,
    effective_order: bool = False,
    floor: float = 0.1,
    k: float = 1.0,
) -> float:
    """sacreBLEU's BLEU.corpus_score, or NLTK's corpus_bleu for its smoothing methods."""
    if _is_nltk(smooth):
        if not _has_reference_tokens(observed, tokenize, lowercase):
            return math.nan
        return _by_nltk(observed, tokenize, smooth, lowercase, order)
    score = _by_sacrebleu(
        observed, tokenize, smooth, lowercase, order, effective_order, {"floor": floor, "add-k": k}
    )
    return float(score.score) / 100 if score.ref_len else math.nan


def bleu1(
    observed: ObservedText, *, tokenize: str = "13a", smooth: str = "exp", lowercase: bool = False
) -> float:
    """BLEU of single tokens."""
    return bleu(observed, tokenize=tokenize, smooth=smooth, lowercase=lowercase, order=1)


def bleu2(
    observed: ObservedText, *, tokenize: str = "13a", smooth: str = "exp", lowercase: bool = False
) -> float:
    """BLEU of up to two tokens."""
    return bleu(observed, tokenize=tokenize, smooth=smooth, lowercase=lowercase, order=2)


def bleu3(
    observed: ObservedText, *, tokenize: str = "13a", smooth: str = "exp", lowercase: bool = False
) -> float:
    """BLEU of up to three tokens."""
    return bleu(observed, tokenize=tokenize, smooth=smooth, lowercase=lowercase, order=3)


def bleu_precision(
    observed: ObservedText,
    *,
    n: int,
    tokenize: str = "13a",
    smooth: str = "exp",
    lowercase: bool = False,
) -> float:
    """The last of sacreBLEU's `precisions`."""
    score = _by_sacrebleu(observed, tokenize, smooth, lowercase, n)
    there = score.ref_len and _by_sacrebleu(observed, tokenize, "none", lowercase, n).totals[-1]
    return float(score.precisions[-1]) / 100 if there else math.nan


def brevity_penalty(
    observed: ObservedText, *, tokenize: str = "13a", lowercase: bool = False
) -> float:
    """sacreBLEU's `bp`."""
    score = _by_sacrebleu(observed, tokenize, "exp", lowercase)
    return float(score.bp) if score.ref_len else math.nan


def length_ratio(
    observed: ObservedText, *, tokenize: str = "13a", lowercase: bool = False
) -> float:
    """sacreBLEU's `ratio`."""
    score = _by_sacrebleu(observed, tokenize, "exp", lowercase)
    return float(score.ratio) if score.ref_len else math.nan


def sentence_bleu(
    observed: ObservedText,
    *,
    tokenize: str = "13a",
    smooth: str = "exp",
    lowercase: bool = False,
    order: int = 4,
    effective_order: bool = True,
    floor: float = 0.1,
    k: float = 1.0,
) -> float:
    """The mean of sacreBLEU's BLEU.sentence_score, or of NLTK's sentence_bleu."""
    values = {"floor": floor, "add-k": k}

    def score(segment: ObservedText) -> float:
        if _is_nltk(smooth):
            return _by_nltk(segment, tokenize, smooth, lowercase, order)
        found = _by_sacrebleu(segment, tokenize, smooth, lowercase, order, effective_order, values)
        return float(found.score) / 100

    return statistics.fmean(score(segment) for segment in _one_by_one(observed))


def chrf(
    observed: ObservedText,
    *,
    char_order: int = 6,
    word_order: int = 0,
    beta: float = 2.0,
    whitespace: bool = False,
    eps_smoothing: bool = False,
    lowercase: bool = False,
) -> float:
    """sacreBLEU's CHRF.corpus_score."""
    from sacrebleu.metrics.chrf import CHRF

    references = [text or "" for corpus in observed.references for text in corpus]
    if not any(references) or not (whitespace or any(text.strip() for text in references)):
        return math.nan
    whole: Any = beta  # as it is annotated, though any number will do
    corpora: Any = observed.references  # None where one is missing
    metric = CHRF(char_order, word_order, whole, lowercase, whitespace, eps_smoothing)
    return float(metric.corpus_score(observed.hypotheses, corpora).score) / 100


def _by_sacrebleu(
    observed: ObservedText,
    tokenize: str,
    smooth: str,
    lowercase: bool,
    order: int = 4,
    effective_order: bool = False,
    values: dict[str, float] | None = None,
) -> Any:
    from sacrebleu.metrics.bleu import BLEU

    known = tokenize in BLEU.TOKENIZERS
    cut = (lambda text: text) if known else _spaced(tokenize, lowercase)
    metric = BLEU(
        lowercase=lowercase and known,
        force=True,
        tokenize=tokenize if known else "none",
        smooth_method=smooth,
        smooth_value=(values or {}).get(smooth),
        max_ngram_order=order,
        effective_order=effective_order,
    )
    corpora: Any = observed.references  # None where one is missing
    references: Any = [[t if t is None else cut(t) for t in corpus] for corpus in corpora]
    return metric.corpus_score(
        [cut(text) for text in observed.hypotheses],
        references,
    )


def _by_nltk(
    observed: ObservedText, tokenize: str, smooth: str, lowercase: bool, order: int
) -> float:
    from nltk.translate.bleu_score import SmoothingFunction, corpus_bleu

    cut = _tokens(tokenize, lowercase)
    segments = [
        (cut(hypothesis), [cut(text) for text in references])
        for hypothesis, references in observed.segments()
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that nothing matched
        try:
            return float(
                corpus_bleu(
                    [references for _, references in segments],
                    [hypothesis for hypothesis, _ in segments],
                    (1 / order,) * order,
                    getattr(SmoothingFunction(), smooth),
                )
            )
        except AssertionError:  # method6, of a segment that shares no run of three
            return math.nan


def _has_reference_tokens(observed: ObservedText, tokenize: str, lowercase: bool) -> bool:
    """Whether the references nearest in length have any token at all."""
    return bool(_by_sacrebleu(observed, tokenize, "exp", lowercase).ref_len)


def _one_by_one(observed: ObservedText) -> list[ObservedText]:
    return [
        ObservedText([hypothesis], [[text] for text in references])
        for hypothesis, references in observed.segments()
    ]


def _tokens(tokenize: str, lowercase: bool) -> Callable[[str], Segment]:
    """What cuts one text into tokens."""
    from sacrebleu.metrics.bleu import BLEU

    if tokenize in BLEU.TOKENIZERS:
        metric = BLEU(tokenize=tokenize, lowercase=lowercase)
        return lambda text: metric._preprocess_segment(text).split()
    spaced = _spaced(tokenize, lowercase)
    return lambda text: spaced(text).split()


def _spaced(tokenize: str, lowercase: bool) -> Callable[[str], str]:
    """The tokenisers that sacreBLEU has not: NLTK's, and ours by its definition."""
    from nltk.tokenize.treebank import TreebankWordTokenizer

    others: dict[str, Callable[[str], Segment]] = {
        "treebank": TreebankWordTokenizer().tokenize,
        "unicode": _unicode_tokens,
        "whitespace": str.split,
    }
    tokens = others[tokenize]
    return lambda text: " ".join(tokens(text.lower() if lowercase else text))


def _unicode_tokens(text: str) -> Segment:
    """Character by character: letters, marks and numbers join the token before, others do not."""
    found: list[str] = []
    before = " "
    for character in text:
        kind = _kind(character)
        if kind == "M" and before in "ALM":
            found[-1] += character
        elif kind in "LM":
            if before == "L":
                found[-1] += character
            else:
                found.append(character)
            before = "L"
        else:
            if kind != " ":
                found.append(character)
            before = kind
    return found


def _kind(character: str) -> str:
    """A: a letter that stands alone; L: another, or a number; M: a mark; P: visible; or a space."""
    if character.isspace():
        return " "
    category = unicodedata.category(character)[0]
    if category != "M" and _stands_alone(character):
        return "A"
    return {"L": "L", "N": "L", "M": "M"}.get(category, "P")


def _stands_alone(character: str) -> bool:
    import regex

    return bool(regex.match(f"[{WITHOUT_SPACES}]", character))
