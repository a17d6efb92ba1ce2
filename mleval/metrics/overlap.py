"""Overlap: how much of a hypothesis is in its references, in one unit or another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np

from mleval.batch import Floats
from mleval.language.alignment import Counts, common_lengths, sequences
from mleval.language.ngrams import ngram_matches
from mleval.language.pieces import in_pieces
from mleval.language.rouge_tokens import Pieces, Stemmer, Tokenizer, pieces_of
from mleval.language.skip_bigrams import skip_bigram_counts, skip_bigram_matches
from mleval.language.tokens import Tokens
from mleval.language.union_lcs import union_hits
from mleval.metrics.text_rows import TextRows

PARTS = ("f", "precision", "recall")


@dataclass(frozen=True)
class Cut:
    """How ROUGE cuts texts into tokens."""

    tokenize: Tokenizer
    stemmer: Stemmer

    def tokens(self, rows: TextRows) -> list[Tokens]:
        """Those of the hypotheses, then of each corpus of references."""
        return rows.once(self, lambda: in_pieces(rows.words, self.pieces()))

    def pieces(self) -> Pieces:
        """The tokens that a word is made of."""
        return pieces_of(self.tokenize, self.stemmer)


class Unit(Protocol):
    """What is counted."""

    def count(self, tokens: Tokens) -> Counts:
        """(n,) how many of them each segment has."""

    def matches(self, rows: TextRows, cut: Cut) -> list[Counts]:
        """(n,) how many the hypotheses share with the references, for each corpus of them."""


@dataclass(frozen=True)
class Ngrams:
    """Runs of n tokens, each as often as it is in both."""

    n: int

    def __str__(self) -> str:
        return f"rouge{self.n}"

    def count(self, tokens: Tokens) -> Counts:
        """See `Unit`."""
        return np.maximum(tokens.lengths - self.n + 1, 0)

    def matches(self, rows: TextRows, cut: Cut) -> list[Counts]:
        """See `Unit`."""
        hypothesis, *references = cut.tokens(rows)
        return [ngram_matches(hypothesis, reference, self.n) for reference in references]


@dataclass(frozen=True)
class SkipBigrams:
    """Pairs of tokens in their order, each as often as it is in both; or with single tokens."""

    max_skip: int
    unigrams: bool

    def __str__(self) -> str:
        return f"rougeS{'U' * self.unigrams}({self.max_skip})"

    def count(self, tokens: Tokens) -> Counts:
        """See `Unit`."""
        return skip_bigram_counts(tokens, self.max_skip) + self.unigrams * tokens.lengths

    def matches(self, rows: TextRows, cut: Cut) -> list[Counts]:
        """See `Unit`."""
        hypothesis, *references = cut.tokens(rows)
        found = [skip_bigram_matches(hypothesis, one, self.max_skip) for one in references]
        if not self.unigrams:
            return found
        single = Ngrams(1).matches(rows, cut)
        return [pairs + alone for pairs, alone in zip(found, single, strict=True)]


@dataclass(frozen=True)
class Subsequence:
    """Tokens of the longest common subsequence: in the same order, whatever is between them."""

    def __str__(self) -> str:
        return "rougeL"

    def count(self, tokens: Tokens) -> Counts:
        """See `Unit`."""
        return tokens.lengths

    def matches(self, rows: TextRows, cut: Cut) -> list[Counts]:
        """See `Unit`."""
        hypothesis, *references = map(sequences, cut.tokens(rows))
        return [common_lengths(reference, hypothesis) for reference in references]


@dataclass(frozen=True)
class UnionSubsequence(Subsequence):
    """Tokens of the union of common subsequences, a sentence at a time; they end at line feeds."""

    def __str__(self) -> str:
        return "rougeLsum"

    def matches(self, rows: TextRows, cut: Cut) -> list[Counts]:
        """See `Unit`. Of texts that are one sentence the union is the subsequence itself."""
        pieces = cache(cut.pieces())

        def sentences(text: str) -> list[list[str]]:
            return [
                [token for word in sentence.split() for token in pieces(word)]
                for sentence in text.split("\n")
            ]

        found = super().matches(rows, cut)
        for corpus, counts in zip(rows.references, found, strict=True):
            for i, (hypothesis, reference) in enumerate(zip(rows.hypotheses, corpus, strict=True)):
                if "\n" in hypothesis or "\n" in reference:
                    counts[i] = union_hits(sentences(reference), sentences(hypothesis))
        return found


def best_scores(rows: TextRows, unit: Unit, cut: Cut) -> Floats:
    """(3, n) F, precision and recall against the reference with the highest F, the first of equals.

    In rouge-score's own arithmetic: where F is as high against two references, its rounding
    chooses between them.
    """
    said, *wanted = map(unit.count, cut.tokens(rows))
    every = np.stack(
        [
            _scores(matches, said, count)
            for matches, count in zip(unit.matches(rows, cut), wanted, strict=True)
        ]
    )
    chosen = every[:, 0].argmax(axis=0)
    best: Floats = every[chosen, :, np.arange(len(chosen))].T
    return best


def _scores(matches: Counts, said: Counts, wanted: Counts) -> Floats:
    precision, recall = matches / np.maximum(said, 1), matches / np.maximum(wanted, 1)
    f = 2 * precision * recall / np.where(matches > 0, precision + recall, 1.0)
    return np.stack([f, precision, recall])
