"""What BLEU is the product of, each by itself: n-gram precisions, the brevity penalty, lengths."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from mleval.language.choices import Tokenize
from mleval.metrics.bleu_counts import Cut, check_order
from mleval.metrics.bleu_formulas import Smoothing, SmoothPrecision, smoothed_precisions
from mleval.metrics.bleu_formulas import brevity_penalty as penalty_of
from mleval.registry import Component, metric
from mleval.states import Means

_CARD: dict[str, Any] = {"tasks": ("text",), "state": Means}
_PAPINENI = "Papineni et al. 2002; counted as by sacreBLEU"


def _precision_components(
    n: int, tokenize: Tokenize, lowercase: bool, **_: Any
) -> tuple[Component, ...]:
    check_order("bleu_precision", n)
    return Cut(tokenize, lowercase).components(n, Smoothing())


@metric(
    "bleu_precision",
    title="n-gram precision of BLEU",
    goal="max",
    range=(0, 1),
    formula="Σ min(n-grams of hypothesis, of reference) / Σ n-grams of hypothesis",
    source=_PAPINENI,
    use="seeing what BLEU is made of: words (n=1) against runs of them (n=4)",
    beware="saying little and only what is safe gives a high one; where nothing matches it is "
    "smoothed, as sacreBLEU prints it, unless smooth=none",
    example="bleu_precision(n=2)",
    undefined="no hypothesis is so long",
    components=_precision_components,
    **_CARD,
)
def bleu_precision(
    mean: Mapping[str, Any],
    *,
    n: int,
    tokenize: Tokenize = "13a",
    smooth: SmoothPrecision = "exp",
    lowercase: bool = False,
) -> Any:
    """Share of the runs of n tokens in the hypotheses that some reference has as often."""
    counts = Cut(tokenize, lowercase).pooled(mean, n, Smoothing(smooth))
    if not np.any(counts.totals[-1] > 0):
        return math.nan
    return np.where(
        counts.totals[-1] > 0, smoothed_precisions(counts, Smoothing(smooth))[-1], math.nan
    )


def _length_components(tokenize: Tokenize, lowercase: bool) -> tuple[Component, ...]:
    return Cut(tokenize, lowercase).length_components()


@metric(
    "brevity_penalty",
    title="Brevity penalty of BLEU",
    goal="max",
    range=(0, 1),
    formula="min(1, exp(1 − r / h)) of the lengths of references and hypotheses",
    source=_PAPINENI,
    use="telling a BLEU that is low because too little is said",
    beware="what is too long is not punished by it, and only in sum is anything too short",
    components=_length_components,
    **_CARD,
)
def brevity_penalty(
    mean: Mapping[str, Any], *, tokenize: Tokenize = "13a", lowercase: bool = False
) -> Any:
    """What BLEU is multiplied with where hypotheses are shorter than references.

    >>> mean = {"bleu length 13a": 8.0, "bleu reference length 13a": 10.0, "weight": 1.0}
    >>> round(float(brevity_penalty(mean)), 4)
    0.7788
    """
    counts = Cut(tokenize, lowercase).pooled(mean, 0, Smoothing())
    return penalty_of(counts.length, counts.reference)


@metric(
    "length_ratio",
    title="Length ratio",
    goal="none",
    range=(0, math.inf),
    formula="tokens of hypotheses / tokens of references",
    source="sacreBLEU",
    use="seeing at once whether hypotheses are cut short or ramble on",
    beware="of several references the one nearest in length counts, segment by segment",
    default=True,
    components=_length_components,
    **_CARD,
)
def length_ratio(
    mean: Mapping[str, Any], *, tokenize: Tokenize = "13a", lowercase: bool = False
) -> Any:
    """How long the hypotheses are, measured by their references.

    >>> length_ratio({"bleu length 13a": 8.0, "bleu reference length 13a": 10.0, "weight": 1.0})
    0.8
    """
    counts = Cut(tokenize, lowercase).pooled(mean, 0, Smoothing())
    return counts.length / counts.reference
