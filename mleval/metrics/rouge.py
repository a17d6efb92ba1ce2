"""ROUGE: what a text has in common with its references, as rouge-score 0.1.2 counts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mleval.batch import Floats
from mleval.errors import UsageError
from mleval.language.choices import Stemmer
from mleval.language.rouge_tokens import Tokenize
from mleval.metrics.overlap import (
    PARTS,
    Cut,
    Ngrams,
    SkipBigrams,
    Subsequence,
    UnionSubsequence,
    Unit,
    best_scores,
)
from mleval.metrics.text_rows import TextRows
from mleval.registry import Component, metric
from mleval.states import Means

_CARD: dict[str, Any] = {
    "tasks": ("text",),
    "state": Means,
    "goal": "max",
    "range": (0, 1),
    "source": "Lin 2004; counted as by rouge-score",
    "parts": ("precision", "recall"),
}
LONGEST = 9  # n of the longest n-grams that rouge-score has
_OF_EACH = "F of precision and recall of {}, mean over segments"
_ASCII = "all but a-z and 0-9 is dropped, so that 日本語 scores 0: then take tokenize=unicode"


def _component(unit: Unit, cut: Cut, part: str) -> tuple[Component, ...]:
    def of(rows: TextRows) -> Floats:
        scores = rows.once((unit, cut), lambda: best_scores(rows, unit, cut))
        chosen: Floats = scores[PARTS.index(part)]
        return chosen

    return (Component(_name(unit, cut, part), of),)


def _name(unit: Unit, cut: Cut, part: str) -> str:
    return f"{unit} {cut.tokenize} {cut.stemmer} {part}"


def _of(unit_of: Callable[..., Unit]) -> Callable[..., tuple[Component, ...]]:
    """The components of a metric whose own options make its unit."""

    def components(
        tokenize: Tokenize, stemmer: Stemmer, part: str = "f", **options: Any
    ) -> tuple[Component, ...]:
        return _component(unit_of(**options), Cut(tokenize, stemmer), part)

    return components


def _ngrams(n: int) -> Ngrams:
    if not 1 <= n <= LONGEST:
        raise UsageError(
            f"rouge: n is from 1 to {LONGEST}, as in rouge-score, not {n}",
            hint="for example rouge(n=3)",
        )
    return Ngrams(n)


@metric(
    "rouge1",
    title="ROUGE-1",
    formula=_OF_EACH.format("words"),
    use="which words of the reference a summary has, in any order",
    beware=f"common words alone give some of it; of several references the best counts; {_ASCII}",
    default=True,
    example="rouge1(stemmer=porter)",
    components=_of(lambda: Ngrams(1)),
    **_CARD,
)
def rouge1(
    mean: Mapping[str, Any],
    part: str = "f",
    *,
    tokenize: Tokenize = "rouge",
    stemmer: Stemmer = "none",
) -> Any:
    """Mean overlap of words.

    >>> rouge1({"rouge1 rouge none recall": 0.5}, "recall")
    0.5
    """
    return mean[_name(Ngrams(1), Cut(tokenize, stemmer), part)]


@metric(
    "rouge2",
    title="ROUGE-2",
    formula=_OF_EACH.format("pairs of neighbouring words"),
    use="whether a summary says things in the words of its reference",
    beware=f"a paraphrase has none of it; of several references the best counts; {_ASCII}",
    default=True,
    example="rouge2(stemmer=porter)",
    components=_of(lambda: Ngrams(2)),
    **_CARD,
)
def rouge2(
    mean: Mapping[str, Any],
    part: str = "f",
    *,
    tokenize: Tokenize = "rouge",
    stemmer: Stemmer = "none",
) -> Any:
    """Mean overlap of pairs of words.

    >>> rouge2({"rouge2 rouge none f": 0.5})
    0.5
    """
    return mean[_name(Ngrams(2), Cut(tokenize, stemmer), part)]


@metric(
    "rouge",
    title="ROUGE-N",
    formula=_OF_EACH.format("runs of n words"),
    use="longer phrases than pairs of words matter",
    beware=f"texts of fewer than n words score 0, even against themselves; {_ASCII}",
    example="rouge(n=3)",
    components=_of(_ngrams),
    **_CARD,
)
def rouge(
    mean: Mapping[str, Any],
    part: str = "f",
    *,
    n: int,
    tokenize: Tokenize = "rouge",
    stemmer: Stemmer = "none",
) -> Any:
    """Mean overlap of runs of n words.

    >>> rouge({"rouge3 rouge none f": 0.5}, n=3)
    0.5
    """
    return mean[_name(_ngrams(n), Cut(tokenize, stemmer), part)]


@metric(
    "rougeL",
    title="ROUGE-L",
    formula=_OF_EACH.format("the longest common subsequence of words"),
    use="a summary should say what its reference says in the same order",
    beware="of a text of several sentences it asks for the order of the sentences too; of several "
    f"references the best counts; {_ASCII}",
    aliases=("rouge_l",),
    default=True,
    example="rougeL(stemmer=porter)",
    components=_of(Subsequence),
    **_CARD,
)
def rouge_l(
    mean: Mapping[str, Any],
    part: str = "f",
    *,
    tokenize: Tokenize = "rouge",
    stemmer: Stemmer = "none",
) -> Any:
    """Mean share of words in the longest common subsequence.

    >>> rouge_l({"rougeL rouge none f": 0.5})
    0.5
    """
    return mean[_name(Subsequence(), Cut(tokenize, stemmer), part)]


@metric(
    "rougeLsum",
    title="ROUGE-Lsum",
    formula=_OF_EACH.format("the union of common subsequences of words, a sentence at a time"),
    use="summaries of several sentences, in whatever order they come",
    beware="sentences end at line feeds and nowhere else: in a file of one text a line it is "
    f"rougeL; of several references the best counts; {_ASCII}",
    aliases=("rouge_lsum", "rougeLSum"),
    example="rougeLsum(stemmer=porter)",
    components=_of(UnionSubsequence),
    **_CARD,
)
def rouge_lsum(
    mean: Mapping[str, Any],
    part: str = "f",
    *,
    tokenize: Tokenize = "rouge",
    stemmer: Stemmer = "none",
) -> Any:
    """Mean share of words in the union of common subsequences of sentences.

    >>> rouge_lsum({"rougeLsum rouge none f": 0.5})
    0.5
    """
    return mean[_name(UnionSubsequence(), Cut(tokenize, stemmer), part)]


@metric(
    "rougeS",
    title="ROUGE-S",
    formula=_OF_EACH.format("pairs of words in their order, at most max_skip words between them"),
    use="word order matters, but not that words stand side by side",
    beware="without a limit (max_skip=-1) pairs of common words far apart dominate; of several "
    f"references the best counts; {_ASCII}",
    aliases=("rouge_s",),
    example="rougeS(max_skip=4)",
    components=_of(lambda max_skip: SkipBigrams(max_skip, unigrams=False)),
    **_CARD | {"source": "Lin 2004, section 5"},
)
def rouge_s(
    mean: Mapping[str, Any],
    part: str = "f",
    *,
    max_skip: int = 4,
    tokenize: Tokenize = "rouge",
    stemmer: Stemmer = "none",
) -> Any:
    """Mean overlap of skip-bigrams.

    >>> rouge_s({"rougeS(4) rouge none f": 0.5})
    0.5
    """
    return mean[_name(SkipBigrams(max_skip, unigrams=False), Cut(tokenize, stemmer), part)]


@metric(
    "rougeSU",
    title="ROUGE-SU",
    formula=_OF_EACH.format("single words and the pairs of rougeS together"),
    use="as ROUGE-S, where a text with the right words in the wrong order should not score 0",
    beware="every word counts as much as a pair; without a limit (max_skip=-1) pairs of common "
    f"words far apart dominate; of several references the best counts; {_ASCII}",
    aliases=("rouge_su", "rouge_su4"),
    example="rougeSU(max_skip=4)",
    components=_of(lambda max_skip: SkipBigrams(max_skip, unigrams=True)),
    **_CARD | {"source": "Lin 2004, section 5"},
)
def rouge_su(
    mean: Mapping[str, Any],
    part: str = "f",
    *,
    max_skip: int = 4,
    tokenize: Tokenize = "rouge",
    stemmer: Stemmer = "none",
) -> Any:
    """Mean overlap of words and skip-bigrams.

    >>> rouge_su({"rougeSU(4) rouge none f": 0.5})
    0.5
    """
    return mean[_name(SkipBigrams(max_skip, unigrams=True), Cut(tokenize, stemmer), part)]
