"""The mean of the BLEU scores of single segments, as sacreBLEU and NLTK score them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from mleval.batch import Floats
from mleval.errors import UsageError
from mleval.language.choices import Smooth, Tokenize
from mleval.metrics.bleu_counts import Cut, check_order
from mleval.metrics.bleu_formulas import Smoothing, bleu_score
from mleval.metrics.text_rows import TextRows
from mleval.registry import Component, metric
from mleval.states import Means


def _sentence_name(*options: Any) -> str:
    return " ".join(["sentence_bleu", *map(str, options)])


def _sentence_components(
    tokenize: Tokenize,
    smooth: Smooth,
    lowercase: bool,
    order: int,
    floor: float,
    k: float,
    effective_order: bool,
) -> tuple[Component, ...]:
    cut, smoothing = Cut(tokenize, lowercase), Smoothing(smooth, floor, k)
    check_order("sentence_bleu", order)
    if smooth == "method6" and order < 3:
        raise UsageError("sentence_bleu: smooth=method6 needs an order of 3 or more")

    def of(rows: TextRows) -> Floats:
        counts = cut.counts(rows, order, smoothing)
        score: Floats = bleu_score(counts, smoothing, effective_order=effective_order)
        return score

    return (Component(_sentence_name(cut, order, smoothing, effective_order), of),)


@metric(
    "sentence_bleu",
    title="Mean sentence BLEU",
    tasks=("text",),
    state=Means,
    goal="max",
    range=(0, math.inf),  # NLTK's method5 and method7 pass 1
    formula="BLEU of each segment, mean over segments",
    source="Chen and Cherry 2014; counted as by sacreBLEU and NLTK",
    use="finding the segments that went wrong",
    beware="a mean of it is not BLEU, and the smoothing decides much of it; short segments are "
    "scored by the orders that they have, unless effective_order=false; method5 and method7 may "
    "pass 1",
    example="sentence_bleu(smooth=method4)",
    undefined="smooth=method6 has no value for a segment that shares words with its reference, "
    "but no run of three",
    components=_sentence_components,
)
def sentence_bleu(
    mean: Mapping[str, Any],
    *,
    tokenize: Tokenize = "13a",
    smooth: Smooth = "exp",
    lowercase: bool = False,
    order: int = 4,
    floor: float = 0.1,
    k: float = 1.0,
    effective_order: bool = True,
) -> Any:
    """Mean of the BLEU scores of the segments."""
    cut, smoothing = Cut(tokenize, lowercase), Smoothing(smooth, floor, k)
    return mean[_sentence_name(cut, order, smoothing, effective_order)]
