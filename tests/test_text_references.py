"""Every text metric, under every option, is that of the tool that made it known."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from text_corpora import KINDS, corpora
from text_samples import BY_HAND, listed, long_pairs, observed, pairs, rows_of, several, texts
from text_values import (
    TOLERANCE,
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
CATALOGUE = listed(
    "bleu bleu1 bleu2 bleu3 bleu_precision brevity_penalty length_ratio sentence_bleu chrf ter "
    "rouge1 rouge2 rougeL rougeLsum rouge rougeS rougeSU wer cer mer wil exact_match token_f1 "
    "distinct edit_similarity"
)


def test_the_catalogue_is_registered_and_every_metric_has_a_reference() -> None:
    assert sorted(metric.name for metric in metrics("text")) == sorted(CATALOGUE)
    assert [name for name in CATALOGUE if reference("text", name) is None] == []


def compare(spec: str, seen: ObservedText, record: Any = None) -> None:
    rows = rows_of(seen)
    ours = [*of_each(spec, rows), of_the_whole(spec, rows)]
    theirs = [*by_reference_of_each(spec, seen), by_reference(spec, seen)]
    apart = [difference(one, other) for one, other in zip(ours, theirs, strict=True)]
    wrong = [i for i, far in enumerate(apart) if not far <= TOLERANCE]
    segments = [*seen.segments(), ("all", [])]
    assert [(segments[i], ours[i], theirs[i]) for i in wrong] == []
    if record:
        record("comparisons", len(apart))
        record("undefined in both", sum(map(math.isnan, theirs)))
        record("largest difference", [max(apart), spec])


@pytest.mark.parametrize("spec", EVERY)
def test_corpora_of_every_kind(spec: str, record_property: Any) -> None:
    """Each read as a whole."""
    first = 1000 * EVERY.index(spec)
    kinds = len(KINDS) - 1  # without the last, which is long
    apart, undefined = [], 0
    for drawn in map(corpora, range(first, first + (kinds if spec in SLOW else 40))):
        ours = of_the_whole(spec, TextRows.of(drawn.hypotheses, drawn.references))
        theirs = by_reference(spec, ObservedText(drawn.hypotheses, drawn.references))
        assert difference(ours, theirs) <= TOLERANCE, (drawn, ours, theirs)
        apart.append((difference(ours, theirs), f"{spec} on {drawn.name}"))
        undefined += math.isnan(ours)
    record_property("comparisons", len(apart))
    record_property("undefined in both", undefined)
    record_property("largest difference", list(max(apart)))


@pytest.mark.parametrize("spec", ON_MEANS)
def test_the_cases_by_hand(spec: str) -> None:
    compare(spec, observed(BY_HAND))


@pytest.mark.parametrize("spec", ON_MEANS)
def test_generated_pairs(spec: str, record_property: Any) -> None:
    segments = 30 if spec in SLOW else 100
    compare(spec, observed(pairs(EVERY.index(spec), segments)), record_property)


@pytest.mark.parametrize("spec", ON_MEANS)
def test_several_references(spec: str, record_property: Any) -> None:
    segments = 15 if spec in SLOW else 40
    compare(spec, observed(several(EVERY.index(spec), segments, 3)), record_property)


@pytest.mark.parametrize("spec", ON_MEANS)
@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.data())
def test_any_text(spec: str, data: st.DataObject) -> None:
    references = data.draw(st.integers(1, 3))
    segment = st.tuples(*[texts()] * (1 + references))
    compare(spec, observed(data.draw(st.lists(segment, min_size=1, max_size=3))))


@pytest.mark.parametrize("spec", [spec for spec in ON_MEANS if spec not in SLOW])
def test_long_texts(spec: str) -> None:
    compare(spec, observed(long_pairs()))
