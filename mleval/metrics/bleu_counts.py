"""What BLEU is made of: tokens, n-grams in common and lengths, segment by segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.errors import UsageError
from mleval.language.choices import Tokenize
from mleval.language.ngrams import matches, totals
from mleval.language.tokenized import tokenized
from mleval.language.tokenizers import TOKENIZERS
from mleval.language.tokens import Tokens
from mleval.metrics.bleu_formulas import Counts, Smoothing
from mleval.metrics.text_rows import TextRows, require_some
from mleval.registry import Component

LONGEST = 9  # n of the longest n-grams that can be asked for
_NO_REFERENCE = "every reference (of several, the nearest in length) is empty"


def check_order(name: str, order: int) -> None:
    """UsageError for n-grams of no tokens, or of too many."""
    if not 1 <= order <= LONGEST:
        raise UsageError(f"{name}: n-grams are of 1 to {LONGEST} tokens, not {order}")


@dataclass(frozen=True)
class Cut:
    """How texts are cut into tokens before they are counted.

    >>> rows = TextRows.of(["The cat, the cat."], [["the cat sat."]])
    >>> Cut("13a", lowercase=True).matches(rows, 2)[:, 0].tolist()
    [3.0, 1.0]
    """

    tokenize: Tokenize
    lowercase: bool = False

    def __str__(self) -> str:
        signature = "none" if self.tokenize == "whitespace" else self.tokenize
        return f"{signature} lowercase" if self.lowercase else signature

    def tokens(self, rows: TextRows) -> Sequence[Tokens]:
        """Those of the hypotheses, then of each corpus of references; names are shared."""
        tokenizer = TOKENIZERS[self.tokenize]()
        return rows.once(
            ("tokens", str(self)),
            lambda: tokenized(rows.corpora, rows.words, tokenizer, lowercase=self.lowercase),
        )

    def matches(self, rows: TextRows, order: int) -> Floats:
        """(order, n) the n-grams of each hypothesis that some reference has as often."""
        hypotheses, *references = self.tokens(rows)
        longest = max(order, 4)  # what nearly all ask for, counted once for all of them
        found: Floats = rows.once(
            ("matches", str(self), longest),
            lambda: matches(hypotheses, references, longest).clipped,
        )
        return found[:order]

    def totals(self, rows: TextRows, order: int, smoothing: Smoothing | None = None) -> Floats:
        """(order, n) the n-grams of each hypothesis; to NLTK there is at least one."""
        found = totals(self.tokens(rows)[0], order)
        return np.maximum(found, 1.0) if smoothing and smoothing.is_nltk else found

    def reference_length(self, rows: TextRows) -> Floats:
        """(n,) the length nearest to the hypothesis's among the references, of two the shorter."""
        hypotheses, *references = self.tokens(rows)
        lengths = rows.of_references([r.lengths.astype(np.float64) for r in references], np.inf)
        lengths.sort(axis=0)
        nearest = np.abs(lengths - hypotheses.lengths).argmin(axis=0)
        found: Floats = lengths[nearest, np.arange(len(nearest))]
        return found

    def counts(self, rows: TextRows, order: int, smoothing: Smoothing) -> Counts:
        """The counts of each segment by itself."""
        most = max(order, 5) if smoothing.looks_at_fives else order
        matches, totals = self.matches(rows, most), self.totals(rows, most, smoothing)
        return Counts(
            tuple(matches[:order]),
            tuple(totals[:order]),
            self.totals(rows, 1)[0],
            self.reference_length(rows),
            matches[4] / totals[4] if smoothing.looks_at_fives else None,
        )

    def components(self, order: int, smoothing: Smoothing) -> tuple[Component, ...]:
        """What `pooled` reads."""

        def match(n: int) -> Component:
            return Component(
                self._name(f"match {n}"), lambda rows: self.matches(rows, order)[n - 1]
            )

        def total(n: int) -> Component:
            name = self._name(_total(n, smoothing))
            return Component(name, lambda rows: self.totals(rows, order, smoothing)[n - 1])

        orders = range(1, order + 1)
        return (*map(match, orders), *map(total, orders), *self.length_components())

    def length_components(self) -> tuple[Component, Component]:
        """The lengths of both sides."""
        return (
            Component(self._name("length"), lambda rows: self.totals(rows, 1)[0]),
            Component(self._name("reference length"), self.reference_length),
        )

    def pooled(self, mean: Mapping[str, Any], order: int, smoothing: Smoothing) -> Counts:
        """The counts of the whole corpus; Undefined where every reference is empty."""

        def total(what: str) -> Any:
            return mean[self._name(what)] * mean["weight"]

        reference = total("reference length")
        require_some(reference > 0, _NO_REFERENCE)
        orders = range(1, order + 1)
        return Counts(
            tuple(total(f"match {n}") for n in orders),
            tuple(total(_total(n, smoothing)) for n in orders),
            total("length"),
            reference,
        )

    def _name(self, what: str) -> str:
        return f"bleu {what} {self}"


def _total(n: int, smoothing: Smoothing) -> str:
    return f"total {n} or 1" if smoothing.is_nltk else f"total {n}"
