"""Texts by their definitions: what characters, n-grams and skip-bigrams they have in common."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

from mleval.references.observed_text import ObservedText, mean_of_best

Tokenizer = Callable[[str], Sequence[str]]


def skip_bigrams(
    observed: ObservedText, tokenize: Tokenizer, *, max_skip: int, unigrams: bool, part: str
) -> float:
    """The mean over segments of ROUGE-S, or with `unigrams` ROUGE-SU (Lin 2004).

    A skip-bigram is a pair of words in their order with at most `max_skip` words between them,
    or any number of words if it is negative; each counts as often as it stands in both texts.
    Of several references the one with the highest F counts. part: f, precision or recall.
    """

    def units(text: str) -> Counter[tuple[str, ...]]:
        words = tokenize(text)
        found = Counter(
            (words[i], words[j])
            for i in range(len(words))
            for j in range(i + 1, len(words))
            if max_skip < 0 or j - i - 1 <= max_skip
        )
        alone: list[tuple[str, ...]] = [(word,) for word in words] if unigrams else []
        return Counter[tuple[str, ...]](found) + Counter(alone)

    def score(hypothesis: str, reference: str) -> tuple[float, float, float]:
        said, wanted = units(hypothesis), units(reference)
        matches = (said & wanted).total()
        precision = matches / max(said.total(), 1)
        recall = matches / max(wanted.total(), 1)
        f = 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0
        return f, precision, recall

    if not observed.hypotheses:
        return math.nan
    place = ("f", "precision", "recall").index(part)
    values = []
    for hypothesis, references in observed.segments():
        scores = [score(hypothesis, reference) for reference in references]
        values.append(max(scores, key=lambda found: found[0])[place])
    return math.fsum(values) / len(values)


def distinct(observed: ObservedText, *, n: int = 2) -> float:
    """Distinct n-grams of all hypotheses over all their n-grams (Li et al. 2016)."""
    grams = []
    for hypothesis in observed.hypotheses:
        words = hypothesis.split()
        grams += [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
    return len(set(grams)) / len(grams) if grams else math.nan


def edit_similarity(observed: ObservedText) -> float:
    """The mean of 1 − Levenshtein distance / length of the longer one, in characters."""

    def similarity(hypothesis: str, reference: str) -> float:
        longer = max(len(hypothesis), len(reference))
        return 1 - _levenshtein(hypothesis, reference) / longer if longer else 1.0

    return mean_of_best(similarity, observed)


def _levenshtein(one: str, other: str) -> int:
    """Wagner and Fischer's table, row by row."""
    before = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b)))
        before = row
    return before[-1]
