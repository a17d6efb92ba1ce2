"""Every text metric, under every option, is that of the tool that made it known.

`MLEVAL_SIMULATE=full` (make simulate) compares it on twenty times as many texts.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import pytest
from campaigns import FULL
from hypothesis import given, settings
from hypothesis import strategies as st
from text_corpora import KINDS, corpora
from text_samples import BY_HAND, listed, long_pairs, observed, pairs, rows_of, several, texts
from text_values import (
    TOLERANCE,
    asked,
    by_reference,
    by_reference_of_each,
    difference,
    every_spec,
    of_each,
    of_the_whole,
)

from mleval.metrics import metrics
from mleval.metrics.text_rows import TextRows
from mleval.references import reference
from mleval.references.observed_text import ObservedText

EVERY = every_spec()
ON_MEANS = [spec for spec in EVERY if not spec.startswith("distinct")]
SLOW = [spec for spec in EVERY if spec.startswith(("ter", "edit"))]  # by their references
TIMES = 20 if FULL else 1
CATALOGUE = listed(
    "bleu bleu1 bleu2 bleu3 bleu_precision brevity_penalty length_ratio sentence_bleu chrf ter "
    "rouge1 rouge2 rougeL rougeLsum rouge rougeS rougeSU wer cer mer wil exact_match token_f1 "
    "distinct edit_similarity"
)


def test_the_catalogue_is_registered_and_every_metric_has_a_reference() -> None:
    assert sorted(metric.name for metric in metrics("text")) == sorted(CATALOGUE)
    assert [name for name in CATALOGUE if reference("text", name) is None] == []


@cache
def seen_by_hand() -> tuple[ObservedText, TextRows]:
    return _shared(observed(BY_HAND))


@cache
def seen_at_length() -> tuple[ObservedText, TextRows]:
    return _shared(observed(long_pairs()))


def _shared(seen: ObservedText) -> tuple[ObservedText, TextRows]:
    """Rows of which all metrics make what they need, as in a report."""
    return seen, rows_of(seen)


def compare(spec: str, seen: ObservedText, rows: TextRows, record: Any = None) -> None:
    ours = [*of_each(spec, rows), of_the_whole(spec, rows)]
    theirs = [*by_reference_of_each(spec, seen), by_reference(spec, seen)]
    apart = [difference(one, other) for one, other in zip(ours, theirs, strict=True)]
    wrong = [i for i, far in enumerate(apart) if not far <= TOLERANCE]
    segments = [*seen.segments(), ("all", [])]
    assert [(segments[i], ours[i], theirs[i]) for i in wrong] == []
    if record:
        tell(record, spec, [(far, spec) for far in apart], sum(map(math.isnan, theirs)))


def tell(record: Any, spec: str, apart: list[tuple[float, str]], undefined: int) -> None:
    """What the run as a whole adds up."""
    record("comparisons", len(apart))
    record("undefined in both", undefined)
    record("largest difference", list(max(apart)))
    record("by", tool(spec))


def tool(spec: str) -> str:
    """Whose the reference is: of BLEU, NLTK's under its own methods of smoothing."""
    row = reference("text", asked(spec)[0].name)
    assert row is not None
    by_sacrebleu, _, by_nltk = row.library.partition(", ")
    return by_nltk if by_nltk and "smooth=method" in spec else by_sacrebleu


@pytest.mark.parametrize("spec", EVERY)
def test_corpora_of_every_kind(spec: str, record_property: Any) -> None:
    """Each read as a whole."""
    first = 1000 * EVERY.index(spec)
    kinds = len(KINDS) - 1  # without the last, which is long
    apart, undefined = [], 0
    for drawn in map(corpora, range(first, first + (kinds if spec in SLOW else 20 * TIMES))):
        ours = of_the_whole(spec, TextRows.of(drawn.hypotheses, drawn.references))
        theirs = by_reference(spec, ObservedText(drawn.hypotheses, drawn.references))
        assert difference(ours, theirs) <= TOLERANCE, (drawn, ours, theirs)
        apart.append((difference(ours, theirs), f"{spec} on {drawn.name}"))
        undefined += math.isnan(ours)
    tell(record_property, spec, apart, undefined)


@pytest.mark.parametrize("spec", ON_MEANS)
def test_the_cases_by_hand(spec: str) -> None:
    compare(spec, *seen_by_hand())


@pytest.mark.parametrize("spec", ON_MEANS)
def test_generated_pairs(spec: str, record_property: Any) -> None:
    segments = 30 if spec in SLOW else 75 * TIMES
    seen = observed(pairs(EVERY.index(spec), segments))
    compare(spec, seen, rows_of(seen), record_property)


@pytest.mark.parametrize("spec", ON_MEANS)
def test_several_references(spec: str, record_property: Any) -> None:
    segments = 15 if spec in SLOW else 30 * TIMES
    seen = observed(several(EVERY.index(spec), segments, 3))
    compare(spec, seen, rows_of(seen), record_property)


@pytest.mark.parametrize("spec", ON_MEANS)
@settings(max_examples=4 * TIMES, deadline=None, derandomize=True)
@given(st.data())
def test_any_text(spec: str, data: st.DataObject) -> None:
    references = data.draw(st.integers(1, 3))
    segment = st.tuples(*[texts()] * (1 + references))
    seen = observed(data.draw(st.lists(segment, min_size=1, max_size=3)))
    compare(spec, seen, rows_of(seen))


@pytest.mark.parametrize("spec", [spec for spec in ON_MEANS if spec not in SLOW])
def test_long_texts(spec: str) -> None:
    compare(spec, *seen_at_length())
