"""Error rates by jiwer and by sacreBLEU; both count over the whole corpus."""

from __future__ import annotations

import math
from typing import Any

from mleval.references.observed_text import ObservedText


def wer(observed: ObservedText, *, normalize: str = "") -> float:
    """Word error rate. Undefined without a word of reference, where jiwer counts insertions."""
    found = _words(observed, normalize)
    return math.nan if _is_empty(found) else float(found.wer)


def mer(observed: ObservedText, *, normalize: str = "") -> float:
    """Match error rate. Undefined where there is not a word; jiwer prints 0."""
    found = _words(observed, normalize)
    silent = _is_empty(found) and not found.insertions
    return math.nan if silent else float(found.mer)


def wil(observed: ObservedText, *, normalize: str = "") -> float:
    """Word information lost. Undefined without a word of reference; jiwer prints 0 or 1."""
    found = _words(observed, normalize)
    return math.nan if _is_empty(found) else float(found.wil)


def cer(observed: ObservedText, *, normalize: str = "") -> float:
    """Character error rate. Undefined without a character of reference."""
    import jiwer

    if not observed.hypotheses:
        return math.nan
    transform = jiwer.Compose(
        [*_normalizers(normalize), jiwer.Strip(), jiwer.ReduceToListOfListOfChars()]
    )
    found = _nearest(jiwer.process_characters, observed, transform)
    return math.nan if _is_empty(found) else float(found.cer)


def ter(
    observed: ObservedText,
    *,
    normalized: bool = False,
    no_punct: bool = False,
    asian_support: bool = False,
    case_sensitive: bool = False,
) -> float:
    """Translation edit rate, by TER.corpus_score. Undefined without a word of reference."""
    from sacrebleu.metrics.ter import TER

    if not observed.hypotheses:
        return math.nan
    scorer = TER(normalized, no_punct, asian_support, case_sensitive)
    references: Any = observed.references  # None where one is missing
    found = scorer.corpus_score(observed.hypotheses, references)
    return found.score / 100 if found.ref_length else math.nan


def _words(observed: ObservedText, normalize: str) -> Any:
    import jiwer

    transform = jiwer.Compose(
        [
            *_normalizers(normalize),
            jiwer.RemoveMultipleSpaces(),
            jiwer.Strip(),
            jiwer.ReduceToListOfListOfWords(),
        ]
    )
    return _nearest(jiwer.process_words, observed, transform)


def _nearest(process: Any, observed: ObservedText, transform: Any) -> Any:
    """Of several references of a segment, the first of those with the fewest edits is taken."""

    def edits(hypothesis: str, reference: str) -> int:
        found = process([reference], [hypothesis], transform, transform)
        return int(found.substitutions + found.deletions + found.insertions)

    references = [
        one[0] if len(one) == 1 else min(one, key=lambda reference: edits(hypothesis, reference))
        for hypothesis, one in observed.segments()
    ]
    return process(references, list(observed.hypotheses), transform, transform)


def _normalizers(normalize: str) -> list[Any]:
    import jiwer

    punctuation: Any = jiwer.RemovePunctuation
    steps: dict[str, Any] = {
        "lower": jiwer.ToLowerCase(),
        "punct": punctuation(),
        "space": jiwer.SubstituteRegexes({r"\s+": " "}),
    }
    return [step for name, step in steps.items() if name in normalize.replace("+", ",").split(",")]


def _is_empty(found: Any) -> bool:
    return not found.hits + found.substitutions + found.deletions
