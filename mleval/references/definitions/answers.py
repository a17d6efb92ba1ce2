"""Answers by their definitions: SQuAD's evaluation script, transcribed."""

from __future__ import annotations

import re
import string
from collections import Counter

from mleval.references.observed_text import ObservedText, mean_of_best


def normalized_answer(text: str, articles: bool = True) -> str:
    """Lower-case, without punctuation, articles and extra spaces, as SQuAD v1.1's script has it.

    `articles`: whether they are removed.
    """

    def remove_articles(text: str) -> str:
        return re.sub(r"\b(a|an|the)\b", " ", text) if articles else text

    def white_space_fix(text: str) -> str:
        return " ".join(text.split())

    def remove_punctuation(text: str) -> str:
        exclude = set(string.punctuation)
        return "".join(character for character in text if character not in exclude)

    return white_space_fix(remove_articles(remove_punctuation(text.lower())))


def exact_match(
    observed: ObservedText, *, normalize: str = "squad", articles: bool = True
) -> float:
    """The share of hypotheses that are a reference, both normalised ("squad") or as they are."""

    def same(hypothesis: str, reference: str) -> float:
        if normalize == "none":
            return float(hypothesis == reference)
        return float(
            normalized_answer(hypothesis, articles) == normalized_answer(reference, articles)
        )

    return mean_of_best(same, observed)


def token_f1(observed: ObservedText, *, articles: bool = True, both_empty: float = 1.0) -> float:
    """Mean F1 of the words in common, as SQuAD's script has it.

    `both_empty`: what a pair counts that is empty once normalised: 0 in the script of v1.1, 1 in
    that of v2.0.
    """

    def f1(hypothesis: str, reference: str) -> float:
        prediction_tokens = normalized_answer(hypothesis, articles).split()
        ground_truth_tokens = normalized_answer(reference, articles).split()
        if not prediction_tokens and not ground_truth_tokens:
            return both_empty
        common = Counter(prediction_tokens) & Counter(ground_truth_tokens)
        num_same = sum(common.values())
        if num_same == 0:
            return 0.0
        precision = 1.0 * num_same / len(prediction_tokens)
        recall = 1.0 * num_same / len(ground_truth_tokens)
        return (2 * precision * recall) / (precision + recall)

    return mean_of_best(f1, observed)
