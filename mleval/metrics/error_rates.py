"""Error rates: edits over the whole corpus, divided by what there is to get right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from mleval.batch import Floats
from mleval.language.alignment import (
    Counts,
    Edits,
    Texts,
    edit_distances,
    edits,
    lengths,
    sequences,
)
from mleval.language.error_words import error_words, normalized, steps_of
from mleval.language.translation_edits import TerOptions, translation_edits
from mleval.metrics.text_rows import TextRows, require_some
from mleval.registry import Component, metric
from mleval.states import Means

Unit = Literal["words", "characters"]

_SEVERAL = "of several references the one with the fewest edits counts"


@dataclass(frozen=True, eq=False)
class Aligned:
    """n hypotheses, each beside the reference that takes the fewest edits (n,)."""

    references: Texts
    hypotheses: Texts
    errors: Counts

    @cached_property
    def edits(self) -> Edits:
        """What kinds of edits they are."""
        return edits(self.references, self.hypotheses)


_PARTS: dict[str, Callable[[Aligned], Counts]] = {
    "errors": lambda aligned: aligned.errors,
    "hits": lambda aligned: aligned.edits.hits,
    "insertions": lambda aligned: aligned.edits.insertions,
    "reference": lambda aligned: lengths(aligned.references),
    "hypothesis": lambda aligned: lengths(aligned.hypotheses),
}


def _aligned(rows: TextRows, unit: Unit, steps: tuple[str, ...]) -> Aligned:
    hypotheses, *references = _texts(rows, unit, steps)
    distances = [edit_distances(corpus, hypotheses) for corpus in references]
    errors = rows.of_references(distances, missing=np.iinfo(np.int64).max)
    nearest: Any = references[0]
    if len(references) > 1:
        nearest = [references[of][i] for i, of in enumerate(errors.argmin(axis=0).tolist())]
    return Aligned(nearest, hypotheses, errors.min(axis=0))


def _texts(rows: TextRows, unit: Unit, steps: tuple[str, ...]) -> list[Texts]:
    """Every corpus, a character for each of its words or its characters as they are."""
    if unit == "characters":
        return [[normalized(line, steps).strip() for line in corpus] for corpus in rows.corpora]
    return [sequences(tokens) for tokens in error_words(rows.corpora, rows.words, steps)]


def _name(part: str, unit: Unit, normalize: str) -> str:
    return " ".join([part, unit, *steps_of(normalize)])


def _counting(*parts: str, unit: Unit) -> Callable[..., tuple[Component, ...]]:
    def components(normalize: str) -> tuple[Component, ...]:
        steps = steps_of(normalize)

        def counted(part: str) -> Callable[[TextRows], Floats]:
            def of(rows: TextRows) -> Floats:
                aligned = rows.once(("aligned", unit, steps), lambda: _aligned(rows, unit, steps))
                return _PARTS[part](aligned).astype(np.float64)

            return of

        return tuple(Component(_name(part, unit, normalize), counted(part)) for part in parts)

    return components


def _rate(errors: Any, length: Any) -> Any:
    require_some(length > 0, "every reference is empty")
    return errors / length


@metric(
    "wer",
    title="Word error rate",
    tasks=("text",),
    state=Means,
    goal="min",
    range=(0, float("inf")),
    formula="(S + D + I) / words of reference, over the whole corpus",
    source="Levenshtein 1966; counted as by jiwer",
    use="transcripts of speech or of handwriting, where every word is right or wrong",
    beware="it passes 1 where much is inserted; case and punctuation count as they stand unless "
    f"normalize says otherwise; {_SEVERAL}",
    aliases=("word_error_rate",),
    example="wer(normalize=lower+punct+space)",
    components=_counting("errors", "reference", unit="words"),
)
def wer(mean: Mapping[str, Any], *, normalize: str = "none") -> Any:
    """Edits a word of reference; pooled, so that long segments count more than short ones.

    >>> wer({"errors words": 2.0, "reference words": 8.0})
    0.25
    """
    return _rate(*(mean[_name(part, "words", normalize)] for part in ("errors", "reference")))


@metric(
    "cer",
    title="Character error rate",
    tasks=("text",),
    state=Means,
    goal="min",
    range=(0, float("inf")),
    formula="(S + D + I) / characters of reference, over the whole corpus",
    source="Levenshtein 1966; counted as by jiwer",
    use="scripts without spaces, or where a word that is nearly right is nearly as good",
    beware="spaces between words are characters too, those around a segment are not; characters "
    f"are code points, so é may be one or two; {_SEVERAL}",
    aliases=("character_error_rate",),
    example="cer(normalize=lower+punct)",
    components=_counting("errors", "reference", unit="characters"),
)
def cer(mean: Mapping[str, Any], *, normalize: str = "none") -> Any:
    """Edits a character of reference, pooled.

    >>> cer({"errors characters": 2.0, "reference characters": 40.0})
    0.05
    """
    return _rate(*(mean[_name(part, "characters", normalize)] for part in ("errors", "reference")))


@metric(
    "mer",
    title="Match error rate",
    tasks=("text",),
    state=Means,
    goal="min",
    range=(0, 1),
    formula="(S + D + I) / (H + S + D + I), over the whole corpus",
    source="Morris, Maier & Green 2004; counted as by jiwer",
    use="word errors as a probability: unlike the word error rate it stays within 0 and 1",
    beware="alignments with the same number of edits may differ in their hits: the one taken is "
    f"jiwer's; {_SEVERAL}",
    aliases=("match_error_rate",),
    example="mer(normalize=lower+punct+space)",
    undefined="there is not a word",
    components=_counting("errors", "reference", "insertions", unit="words"),
)
def mer(mean: Mapping[str, Any], *, normalize: str = "none") -> Any:
    """The share of the aligned places, insertions among them, that are wrong.

    >>> mer({"errors words": 2.0, "reference words": 7.0, "insertions words": 1.0})
    0.25
    """
    errors, reference, insertions = (
        mean[_name(part, "words", normalize)] for part in ("errors", "reference", "insertions")
    )
    require_some(reference + insertions > 0, "there is not a word")
    return errors / (reference + insertions)


@metric(
    "wil",
    title="Word information lost",
    tasks=("text",),
    state=Means,
    goal="min",
    range=(0, 1),
    formula="1 − (H / words of reference) · (H / words of hypothesis), over the whole corpus",
    source="Morris, Maier & Green 2004; counted as by jiwer",
    use="words left out and words made up should count alike",
    beware="alignments with the same number of edits may differ in their hits: the one taken is "
    f"jiwer's; {_SEVERAL}",
    aliases=("word_information_lost",),
    example="wil(normalize=lower+punct+space)",
    components=_counting("hits", "reference", "hypothesis", unit="words"),
)
def wil(mean: Mapping[str, Any], *, normalize: str = "none") -> Any:
    """One less the product of the shares of words of either side that are hits.

    >>> float(wil({"hits words": 4.0, "reference words": 8.0, "hypothesis words": 5.0}))
    0.6
    """
    hits, reference, hypothesis = (
        mean[_name(part, "words", normalize)] for part in ("hits", "reference", "hypothesis")
    )
    said = np.where(hypothesis > 0, hypothesis, 1.0)  # where nothing is said there are no hits
    return 1 - _rate(hits, reference) * (hits / said)


def _ter_components(**options: bool) -> tuple[Component, ...]:
    chosen = TerOptions(**options)

    def counted(place: int) -> Callable[[TextRows], Floats]:
        return lambda rows: rows.once(chosen, lambda: translation_edits(*rows.given, chosen))[place]

    return tuple(Component(name, counted(i)) for i, name in enumerate(_ter_names(**options)))


def _ter_names(**options: bool) -> list[str]:
    asked = [name for name, value in options.items() if value]
    return [" ".join([part, *asked]) for part in ("translation edits", "translation reference")]


@metric(
    "ter",
    title="Translation edit rate",
    tasks=("text",),
    state=Means,
    goal="min",
    range=(0, float("inf")),
    formula="(S + D + I + shifts) / words of reference, over the whole corpus",
    source="Snover et al. 2006; counted by sacreBLEU",
    use="how much work it would be to correct a translation, moving words together being one edit",
    beware="slow: every shift is tried; of several references the nearest one's edits are divided "
    "by their average length; case does not matter unless case_sensitive=true",
    aliases=("translation_edit_rate",),
    example="ter(normalized=true)",
    components=_ter_components,
)
def ter(
    mean: Mapping[str, Any],
    *,
    normalized: bool = False,
    no_punct: bool = False,
    asian_support: bool = False,
    case_sensitive: bool = False,
) -> Any:
    """Edits a word of reference, where moving a run of words is one edit.

    >>> ter({"translation edits": 3.0, "translation reference": 12.0})
    0.25
    """
    names = _ter_names(
        normalized=normalized,
        no_punct=no_punct,
        asian_support=asian_support,
        case_sensitive=case_sensitive,
    )
    return _rate(*(mean[name] for name in names))


def _similarity(rows: TextRows) -> Floats:
    """(n,) of the references, the best."""
    hypotheses, *references = (corpus.texts for corpus in rows.corpora)

    def similarity(corpus: Texts) -> Floats:
        longer = np.maximum(lengths(corpus), lengths(hypotheses))
        return 1 - edit_distances(corpus, hypotheses) / np.maximum(longer, 1)

    best: Floats = rows.of_references([*map(similarity, references)], missing=0).max(axis=0)
    return best


@metric(
    "edit_similarity",
    title="Edit similarity",
    tasks=("text",),
    state=Means,
    goal="max",
    range=(0, 1),
    formula="1 − (S + D + I) / characters of the longer text, mean over segments",
    source="Svyatkovskiy et al. 2020",
    use="code and other text of which a person would edit what is wrong",
    beware="unrelated texts of equal length have some of it; spaces and case count; of several "
    "references the most similar counts; two empty texts are alike",
    aliases=("edit_sim", "levenshtein_ratio"),
    components=lambda: (Component("edit_similarity", _similarity),),
)
def edit_similarity(mean: Mapping[str, Any]) -> Any:
    """Mean share of the characters that need no edit.

    >>> edit_similarity({"edit_similarity": 0.75})
    0.75
    """
    return mean["edit_similarity"]
