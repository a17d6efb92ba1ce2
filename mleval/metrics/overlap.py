"""Overlap: how much of a hypothesis is in its references, in one unit or another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

import numpy as np

from mleval.batch import Floats
from mleval.language.alignment import common_lengths, sequences
from mleval.language.choices import Stemmer
from mleval.language.ngrams import matches, totals
from mleval.language.rouge_tokens import Tokenize, rouge_tokens
from mleval.language.skip_bigrams import skip_bigram_counts, skip_bigram_matches
from mleval.language.tokens import Tokens
from mleval.language.union_lcs import Sentences, union_hits
from mleval.metrics.text_rows import TextRows
from mleval.reading.texts.lines import Lines

PARTS = ("f", "precision", "recall")


@dataclass(frozen=True)
class Cut:
    """How ROUGE cuts texts into tokens."""

    tokenize: Tokenize
    stemmer: Stemmer

    def tokens(self, rows: TextRows) -> Sequence[Tokens]:
        """Those of the hypotheses, then of each corpus of references."""
        return rows.once(self, lambda: self.tokens_of(rows.corpora))

    def tokens_of(self, corpora: Sequence[Lines]) -> Sequence[Tokens]:
        """Those of each corpus; names are shared."""
        return rouge_tokens(corpora, self.tokenize, self.stemmer)


class Unit(Protocol):
    """What is counted."""

    def count(self, tokens: Tokens) -> Floats:
        """(n,) how many of them each segment has."""

    def matches(self, rows: TextRows, cut: Cut) -> Sequence[Floats]:
        """(n,) how many the hypotheses share with the references, for each corpus of them."""


@dataclass(frozen=True)
class Ngrams:
    """Runs of n tokens, each as often as it is in both."""

    n: int

    def __str__(self) -> str:
        return f"rouge{self.n}"

    def count(self, tokens: Tokens) -> Floats:
        """See `Unit`."""
        counts: Floats = totals(tokens, self.n)[-1]
        return counts

    def matches(self, rows: TextRows, cut: Cut) -> Sequence[Floats]:
        """See `Unit`. Single tokens and pairs are counted at once: mostly both are wanted."""
        order = max(self.n, 2)

        def each() -> Floats:
            hypothesis, *references = cut.tokens(rows)
            return matches(hypothesis, references, order).each

        return list(rows.once((cut, order), each)[:, self.n - 1])


@dataclass(frozen=True)
class SkipBigrams:
    """Pairs of tokens in their order, each as often as it is in both; or with single tokens."""

    max_skip: int
    unigrams: bool

    def __str__(self) -> str:
        return f"rougeS{'U' * self.unigrams}({self.max_skip})"

    def count(self, tokens: Tokens) -> Floats:
        """See `Unit`."""
        counts = skip_bigram_counts(tokens, self.max_skip) + self.unigrams * tokens.lengths
        return counts.astype(np.float64)

    def matches(self, rows: TextRows, cut: Cut) -> Sequence[Floats]:
        """See `Unit`."""
        hypothesis, *references = cut.tokens(rows)
        found: list[Floats] = [
            skip_bigram_matches(hypothesis, one, self.max_skip).astype(np.float64)
            for one in references
        ]
        if not self.unigrams:
            return found
        single = Ngrams(1).matches(rows, cut)
        return [pairs + alone for pairs, alone in zip(found, single, strict=True)]


@dataclass(frozen=True)
class Subsequence:
    """Tokens of the longest common subsequence: in the same order, whatever is between them."""

    def __str__(self) -> str:
        return "rougeL"

    def count(self, tokens: Tokens) -> Floats:
        """See `Unit`."""
        return tokens.lengths.astype(np.float64)

    def matches(self, rows: TextRows, cut: Cut) -> Sequence[Floats]:
        """See `Unit`."""
        hypothesis, *references = map(sequences, cut.tokens(rows))
        return [common_lengths(one, hypothesis).astype(np.float64) for one in references]


@dataclass(frozen=True)
class UnionSubsequence(Subsequence):
    """Tokens of the union of common subsequences, a sentence at a time; they end at line feeds."""

    def __str__(self) -> str:
        return "rougeLsum"

    def matches(self, rows: TextRows, cut: Cut) -> Sequence[Floats]:
        """See `Unit`. Of texts that are one sentence the union is the subsequence itself."""
        found = super().matches(rows, cut)
        for corpus, counts in zip(rows.references, found, strict=True):
            pairs = list(zip(corpus, rows.hypotheses, strict=True))
            several = [i for i, texts in enumerate(pairs) if "\n" in texts[0] or "\n" in texts[1]]
            split = [[pairs[i][side].split("\n") for i in several] for side in (0, 1)]
            tokens = cut.tokens_of([Lines.of(chain(*texts)) for texts in split])
            sides = (
                Sentences(one, np.fromiter(map(len, texts), np.int64, len(several)))
                for one, texts in zip(tokens, split, strict=True)
            )
            counts[several] = union_hits(*sides)
        return found


def best_scores(rows: TextRows, unit: Unit, cut: Cut) -> Floats:
    """(3, n) F, precision and recall against the reference with the highest F, the first of equals.

    In rouge-score's own arithmetic: where F is as high against two references, its rounding
    chooses between them.
    """
    said, *wanted = map(unit.count, cut.tokens(rows))
    every = np.stack(
        [
            _scores(shared, said, count)
            for shared, count in zip(unit.matches(rows, cut), wanted, strict=True)
        ]
    )
    chosen = rows.of_references(list(every[:, 0]), missing=-1).argmax(axis=0)
    best: Floats = every[chosen, :, np.arange(len(chosen))].T
    return best


def _scores(shared: Floats, said: Floats, wanted: Floats) -> Floats:
    precision, recall = shared / np.maximum(said, 1), shared / np.maximum(wanted, 1)
    f = 2 * precision * recall / np.where(shared > 0, precision + recall, 1.0)
    return np.stack([f, precision, recall])
