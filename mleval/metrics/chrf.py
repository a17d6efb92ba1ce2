"""chrF and chrF++: n-grams of characters, and of words, as sacreBLEU counts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.errors import UsageError
from mleval.language.characters import character_matches
from mleval.language.ngrams import matches, totals
from mleval.language.tokenized import tokenized
from mleval.language.tokenizers import chrf_words
from mleval.metrics.text_rows import TextRows, require_some
from mleval.registry import Component, metric
from mleval.states import Means

_EPSILON = 1e-16
_LONGEST = 20  # n of the longest n-grams that can be asked for; each takes numbers of a segment
_MOST_BETA = 1000  # of which recall is all that is left
_SIDES = ("hypothesis", "reference", "match")


@dataclass(frozen=True)
class Chrf:
    """Which n-grams count, and how: see `chrf`."""

    char_order: int = 6
    word_order: int = 0
    beta: float = 2.0
    whitespace: bool = False
    eps_smoothing: bool = False
    lowercase: bool = False

    @property
    def order(self) -> int:
        """How many kinds of n-grams."""
        return self.char_order + self.word_order

    def name(self, side: str, n: int) -> str:
        """The name of a component."""
        options = (self.char_order, self.word_order, self.beta, self.whitespace, self.eps_smoothing)
        case = " lowercase" if self.lowercase else ""
        return f"chrf {side} {n} {' '.join(map(str, options))}{case}"

    @property
    def longest(self) -> str:
        """The name of the component that says whether there is any reference to speak of."""
        return f"chrf longest reference {self.whitespace} {self.lowercase}"

    def percent(self, counts: Sequence[Sequence[Any]]) -> Any:
        """F on 0-100 of (order × (hypothesis, reference, match)) counts: numbers or columns.

        In the order of sacreBLEU's operations, so that references that it finds equally good are.
        """
        factor = self.beta**2
        total: Any = 0.0
        precisions: Any = 0.0
        recalls: Any = 0.0
        used: Any = 0
        for hypothesis, reference, match in counts:
            precision = np.where(hypothesis > 0, match / _or_one(hypothesis), _EPSILON)
            recall = np.where(reference > 0, match / _or_one(reference), _EPSILON)
            both = (hypothesis > 0) & (reference > 0)
            weighted = factor * precision + recall
            f = (1 + factor) * precision * recall / _or_one(weighted)
            total = total + np.where(weighted > 0, f, _EPSILON)
            precisions = precisions + np.where(both, precision, 0.0)
            recalls = recalls + np.where(both, recall, 0.0)
            used = used + both
        if self.eps_smoothing:
            return 100 * total / self.order
        precision, recall = precisions / np.maximum(used, 1), recalls / np.maximum(used, 1)
        f = (1 + factor) * precision * recall / _or_one(factor * precision + recall)
        return np.where(precision + recall > 0, 100 * f, 0.0)

    def components(self) -> tuple[Component, ...]:
        """The counts of each kind of n-gram."""

        def of(side: int, n: int) -> Component:
            return Component(self.name(_SIDES[side], n), lambda rows: self.counts(rows)[n, side])

        longest = Component(self.longest, lambda rows: self._of_each(rows)[:, 0, 1].max(axis=0))
        return (longest, *(of(side, n) for n in range(self.order) for side in range(3)))

    def counts(self, rows: TextRows) -> Floats:
        """(order, 3, n) of the best reference of each segment, the first of equally good ones."""
        return rows.once(("chrf", self), lambda: self._best(rows))

    def _best(self, rows: TextRows) -> Floats:
        every = self._of_each(rows)
        if len(every) == 1:
            only: Floats = every[0]
            return only
        scores = rows.of_references([self.percent(counts) for counts in every], -1.0)
        best = scores.argmax(axis=0)
        found: Floats = every[best, :, :, np.arange(len(best))].transpose(1, 2, 0)
        return found

    def _of_each(self, rows: TextRows) -> Floats:
        """(r, order, 3, n) the counts against each reference; none where it has no n-grams."""
        key = ("chrf counts", self.char_order, self.word_order, self.whitespace, self.lowercase)
        return rows.once(
            key, lambda: np.concatenate([self._characters(rows), self._words(rows)], 1)
        )

    def _characters(self, rows: TextRows) -> Floats:
        corpora = [lines.lowered if self.lowercase else lines for lines in rows.corpora]
        found, lengths = character_matches(
            corpora[0], corpora[1:], self.char_order, whitespace=self.whitespace
        )
        shorter = np.arange(self.char_order)[:, None]
        totals = [np.maximum(length - shorter, 0.0) for length in lengths]
        return _counts(totals[0], totals[1:], found.each)

    def _words(self, rows: TextRows) -> Floats:
        if not self.word_order:
            return np.empty((len(rows.references), 0, 3, len(rows.hypotheses)))
        hypotheses, *references = tokenized(
            rows.corpora, rows.words, chrf_words(), lowercase=self.lowercase
        )
        found = matches(hypotheses, references, self.word_order)
        theirs = [totals(tokens, self.word_order) for tokens in references]
        return _counts(totals(hypotheses, self.word_order), theirs, found.each)


def _counts(hypothesis: Floats, references: Sequence[Floats], each: Floats) -> Floats:
    return np.stack(
        [
            np.stack([np.where(reference > 0, hypothesis, 0.0), reference, match], axis=1)
            for reference, match in zip(references, each, strict=True)
        ]
    )


def _or_one(x: Any) -> Any:
    return np.where(x > 0, x, 1.0)


def _components(**options: Any) -> tuple[Component, ...]:
    chrf = Chrf(**options)
    if not (1 <= chrf.char_order <= _LONGEST and 0 <= chrf.word_order <= _LONGEST):
        raise UsageError(f"chrf: char_order is from 1 to {_LONGEST}, and word_order from 0")
    if not 0 < chrf.beta <= _MOST_BETA:
        raise UsageError(
            f"chrf: beta must be above 0 and at most {_MOST_BETA:,}, not {chrf.beta:g}"
        )
    return chrf.components()


@metric(
    "chrf",
    title="chrF",
    tasks=("text",),
    state=Means,
    goal="max",
    range=(0, 1),
    formula="(1 + β²) P R / (β² P + R) of n-grams of characters, n = 1 to 6, over the corpus",
    source="Popović 2015, 2017; counted as by sacreBLEU",
    use="translation into languages with many forms of a word; it needs no tokeniser",
    beware="β = 2: recall counts twice as much as precision; word_order=2 makes it chrF++, and the "
    "two are not to be compared; of several references each segment takes its best",
    aliases=("chrf2",),
    default=True,
    example="chrf(word_order=2)",
    components=_components,
)
def chrf(
    mean: Mapping[str, Any],
    *,
    char_order: int = 6,
    word_order: int = 0,
    beta: float = 2.0,
    whitespace: bool = False,
    eps_smoothing: bool = False,
    lowercase: bool = False,
) -> Any:
    """F of character n-grams over the whole corpus, precision and recall averaged over n.

    whitespace: it counts as characters too; eps_smoothing: the mean of the F of each n, with a
    tiny one where there are no n-grams, as in chrF++.py, NLTK and Moses.

    >>> from mleval.metrics.text_rows import TextRows
    >>> rows = TextRows.of(["a cat"], [["the cat"]])
    >>> mean = {part.name: part.of(rows).mean() for part in Chrf().components()}
    >>> round(float(chrf(mean)), 4)
    0.3125
    """
    kind = Chrf(char_order, word_order, beta, whitespace, eps_smoothing, lowercase)
    counts = [[mean[kind.name(side, n)] for side in _SIDES] for n in range(kind.order)]
    require_some(mean[kind.longest] > 0, "every reference is empty")
    return np.minimum(kind.percent(counts) / 100, 1.0)
