"""BLEU, as sacreBLEU counts it, or NLTK."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from mleval.errors import UsageError
from mleval.language.choices import Tokenize
from mleval.metrics.bleu_counts import Cut, check_order
from mleval.metrics.bleu_formulas import SmoothCorpus, Smoothing, bleu_score
from mleval.registry import Component, metric
from mleval.states import Means

_CARD: dict[str, Any] = {
    "tasks": ("text",),
    "state": Means,
    "goal": "max",
    "range": (0, 1),
    "source": "Papineni et al. 2002; counted as by sacreBLEU",
}
_TOKENS = "it depends on the tokeniser more than on most models: compare within one only"


def _components(
    tokenize: Tokenize,
    smooth: SmoothCorpus,
    lowercase: bool,
    order: int,
    floor: float = 0.1,
    k: float = 1.0,
    effective_order: bool = False,
) -> tuple[Component, ...]:
    check_order("bleu", order)
    smoothing = Smoothing(smooth, floor, k)
    if effective_order and smoothing.is_nltk:
        raise UsageError(f"bleu: effective_order is sacreBLEU's, and smooth={smooth} is NLTK's")
    return Cut(tokenize, lowercase).components(order, smoothing)


def _of_order(order: int) -> Callable[..., tuple[Component, ...]]:
    return partial(_components, order=order)


@metric(
    "bleu",
    title="BLEU",
    formula="BP · exp(Σ log p_n / N), n = 1 to N = 4, over the whole corpus",
    use="comparing translations by systems that are alike, as nearly every paper does",
    beware=f"{_TOKENS}; it is not the mean of sentence scores; it hardly sees meaning",
    aliases=("bleu4", "corpus_bleu", "sacrebleu"),
    default=True,
    example="bleu(tokenize=intl,smooth=floor)",
    components=_components,
    **_CARD,
)
def bleu(
    mean: Mapping[str, Any],
    *,
    tokenize: Tokenize = "13a",
    smooth: SmoothCorpus = "exp",
    lowercase: bool = False,
    order: int = 4,
    floor: float = 0.1,
    k: float = 1.0,
    effective_order: bool = False,
) -> Any:
    """Corpus BLEU: how much of the hypotheses, in runs of one to four tokens, references have.

    >>> from mleval.metrics.text_rows import TextRows
    >>> rows = TextRows.of(["the cat sat on a mat"], [["the cat sat on the mat"]])
    >>> parts = Cut("13a").components(4, Smoothing())
    >>> mean = {part.name: part.of(rows).mean() for part in parts}
    >>> round(float(bleu(mean | {"weight": 1.0})), 4)
    0.5373
    """
    smoothing = Smoothing(smooth, floor, k)
    counts = Cut(tokenize, lowercase).pooled(mean, order, smoothing)
    return bleu_score(counts, smoothing, effective_order=effective_order)


@metric(
    "bleu1",
    title="BLEU-1",
    formula="BP · p_1",
    use="short texts, such as captions, in which word order matters little",
    beware=_TOKENS,
    aliases=("bleu_1",),
    default=True,
    components=_of_order(1),
    **_CARD,
)
def bleu1(
    mean: Mapping[str, Any],
    *,
    tokenize: Tokenize = "13a",
    smooth: SmoothCorpus = "exp",
    lowercase: bool = False,
) -> Any:
    """BLEU of words: `bleu(order=1)`."""
    return bleu(mean, tokenize=tokenize, smooth=smooth, lowercase=lowercase, order=1)


@metric(
    "bleu2",
    title="BLEU-2",
    formula="BP · exp(Σ log p_n / 2), n = 1 to 2",
    use="short texts, such as captions and answers",
    beware=_TOKENS,
    aliases=("bleu_2",),
    default=True,
    components=_of_order(2),
    **_CARD,
)
def bleu2(
    mean: Mapping[str, Any],
    *,
    tokenize: Tokenize = "13a",
    smooth: SmoothCorpus = "exp",
    lowercase: bool = False,
) -> Any:
    """BLEU of words and pairs of them: `bleu(order=2)`."""
    return bleu(mean, tokenize=tokenize, smooth=smooth, lowercase=lowercase, order=2)


@metric(
    "bleu3",
    title="BLEU-3",
    formula="BP · exp(Σ log p_n / 3), n = 1 to 3",
    use="texts too short for runs of four words",
    beware=_TOKENS,
    aliases=("bleu_3",),
    default=True,
    components=_of_order(3),
    **_CARD,
)
def bleu3(
    mean: Mapping[str, Any],
    *,
    tokenize: Tokenize = "13a",
    smooth: SmoothCorpus = "exp",
    lowercase: bool = False,
) -> Any:
    """BLEU of runs of one to three words: `bleu(order=3)`."""
    return bleu(mean, tokenize=tokenize, smooth=smooth, lowercase=lowercase, order=3)
