"""Answers: whether a short text is one of its references, and how many words they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from mleval.batch import Floats
from mleval.errors import UsageError
from mleval.language.alignment import sequences
from mleval.language.answer_words import answer_words, answer_words_with_articles
from mleval.language.ngrams import matches
from mleval.language.pieces import in_pieces
from mleval.language.tokens import Tokens
from mleval.metrics.text_rows import TextRows
from mleval.registry import Component, Proportion, metric
from mleval.states import Means

Normalize = Literal["squad", "none"]

_SQUAD = "lower case, without punctuation, articles and extra spaces"


def _words(rows: TextRows, articles: bool) -> Sequence[Tokens]:
    """Normalised, those of the hypotheses first; `articles`: whether these are removed."""
    pieces = answer_words if articles else answer_words_with_articles
    return rows.once(pieces, lambda: in_pieces(rows.words, pieces))


def _exact_match_components(normalize: Normalize, articles: bool) -> tuple[Component, ...]:
    def found(rows: TextRows) -> Floats:
        texts: Iterable[Sequence[Any]] = (corpus.texts for corpus in rows.corpora)
        if normalize == "squad":
            texts = map(sequences, _words(rows, articles))
        hypothesis, *references = texts
        same = [
            [one == other for one, other in zip(hypothesis, reference, strict=True)]
            for reference in references
        ]
        any_of_them: Floats = rows.of_references(same, missing=0).max(axis=0).astype(np.float64)
        return any_of_them

    return (Component(_match_name(normalize, articles), found),)


def _match_name(normalize: Normalize, articles: bool) -> str:
    return f"exact_match({normalize},{articles})"


@metric(
    "exact_match",
    title="Exact match",
    tasks=("text",),
    state=Means,
    goal="max",
    range=(0, 1),
    formula=f"share of segments that are a reference, in {_SQUAD}",
    source="Rajpurkar et al. 2016",
    use="short answers, names, numbers: right or wrong",
    beware="what punctuation and case carry is lost: normalize=none compares texts as they are; "
    "articles=false leaves articles in, of which the answer 'A' is one",
    aliases=("em",),
    default=True,
    example="exact_match(normalize=none)",
    components=_exact_match_components,
    proportion=Proportion(),
)
def exact_match(
    mean: Mapping[str, Any], *, normalize: Normalize = "squad", articles: bool = True
) -> Any:
    """Share of the segments that equal one of their references once normalised.

    >>> exact_match({"exact_match(squad,True)": 0.5})
    0.5
    """
    return mean[_match_name(normalize, articles)]


def _token_f1_components(articles: bool, both_empty: float) -> tuple[Component, ...]:
    if not 0 <= both_empty <= 1:
        raise UsageError(f"token_f1: both_empty must be within 0 and 1, not {both_empty:g}")

    def best(rows: TextRows) -> Floats:
        hypothesis, *references = _words(rows, articles)
        found = []
        for reference, shared in zip(
            references, matches(hypothesis, references, 1).each[:, 0], strict=True
        ):
            words = hypothesis.lengths + reference.lengths
            found.append(np.where(words > 0, 2 * shared / np.maximum(words, 1), both_empty))
        highest: Floats = rows.of_references(found, missing=0).max(axis=0)
        return highest

    return (Component(_f1_name(articles, both_empty), best),)


def _f1_name(articles: bool, both_empty: float) -> str:
    return f"token_f1({articles},{both_empty!r})"


@metric(
    "token_f1",
    title="Token F1",
    tasks=("text",),
    state=Means,
    goal="max",
    range=(0, 1),
    formula=f"2 · shared words / words of both, in {_SQUAD}; mean over segments",
    source="Rajpurkar et al. 2016",
    use="short answers of several words, nearly right ones worth something",
    beware="word order does not count; of several references the best counts; a pair that is empty "
    "once normalised counts 1, in the script of SQuAD v1.1 it counts 0: both_empty=0",
    aliases=("squad_f1", "answer_f1"),
    default=True,
    example="token_f1(articles=false)",
    components=_token_f1_components,
)
def token_f1(mean: Mapping[str, Any], *, articles: bool = True, both_empty: float = 1.0) -> Any:
    """Mean F1 of the words of an answer and its best reference, each as often as in both.

    >>> token_f1({"token_f1(True,1.0)": 0.5})
    0.5
    """
    return mean[_f1_name(articles, both_empty)]
