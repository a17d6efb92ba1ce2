"""Diversity: how little a system repeats itself over all that it says."""

from __future__ import annotations

from mleval.batch import Floats
from mleval.errors import Undefined, UsageError
from mleval.metrics.text_rows import TextRows
from mleval.registry import metric
from mleval.states import NgramSet


def ngram_set(rows: TextRows, weight: Floats | None = None, *, n: int = 2) -> NgramSet:
    """The state that `distinct` is read off: the n-grams of the words of the hypotheses."""
    if n < 1:
        raise UsageError(f"distinct: n must be at least 1, not {n}", hint="for example distinct")
    words = rows.words[0]
    return NgramSet.of(words.codes, words.offsets, words.names, n, weight)


@metric(
    "distinct",
    title="Distinct n-grams",
    tasks=("text",),
    state=NgramSet,
    goal="max",
    range=(0, 1),
    formula="distinct n-grams / n-grams, over all hypotheses",
    source="Li et al. 2016",
    use="whether a dialogue or story system says the same things over and over",
    beware="the more text, the lower: compare only systems that answered the same prompts at "
    "about the same length; nonsense is diverse; references do not matter",
    aliases=("distinct_n",),
    example="distinct(n=1)",
    no_interval="it falls as text is added, so a share of a sample says little of the whole",
)
def distinct(grams: NgramSet, *, n: int = 2) -> float:  # noqa: ARG001  (the set is of one n)
    """Share of the n-grams of all hypotheses that are not repetitions.

    >>> words = TextRows.of(["a b a b"], [[""]])
    >>> round(distinct(ngram_set(words, n=2)), 4)
    0.6667
    """
    if not grams.total > 0:
        raise Undefined("no hypothesis has as many words")
    return len(grams.grams) / grams.total
