"""Text metrics are rouge-score's, jiwer's, sacreBLEU's and SQuAD's, segment by segment."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from text_samples import BY_HAND, listed, long_pairs, observed, pairs, rows_of, several, texts
from text_values import (
    TOLERANCE,
    by_reference,
    by_reference_of_each,
    difference,
    of_each,
    of_the_whole,
)

from mleval.references.observed_text import ObservedText

ROUGE = listed(
    "rouge1 rouge1[precision] rouge1[recall] rouge2 rouge2[recall] rouge(n=3) rouge(n=9) "
    "rougeL rougeL[precision] rougeL[recall] rougeLsum rougeLsum[recall] "
    "rouge1(stemmer=porter) rouge2(stemmer=porter) rougeL(stemmer=porter)[precision] "
    "rougeLsum(stemmer=porter) rouge1(tokenize=unicode) rougeL(tokenize=unicode,stemmer=porter) "
    "rougeS rougeS(max_skip=0) rougeS(max_skip=-1)[recall] rougeSU rougeSU(max_skip=1)[precision] "
    "rougeSU(max_skip=-1,tokenize=unicode)"
)
ERROR_RATES = listed(
    "wer cer mer wil wer(normalize=lower) wer(normalize=punct) wer(normalize=space) "
    "mer(normalize=lower+punct+space) wil(normalize=lower+space) cer(normalize=lower+punct) "
    "cer(normalize=space) edit_similarity"
)
TER = listed(
    "ter ter(normalized=true) ter(case_sensitive=true) ter(no_punct=true) "
    "ter(normalized=true,asian_support=true) "
    "ter(normalized=true,asian_support=true,no_punct=true,case_sensitive=true)"
)
ANSWERS = listed(
    "exact_match exact_match(normalize=none) exact_match(articles=false) "
    "token_f1 token_f1(articles=false) token_f1(both_empty=0)"
)
EVERY = [*ROUGE, *ERROR_RATES, *TER, *ANSWERS]


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
def test_the_cases_by_hand(spec: str) -> None:
    compare(spec, observed(BY_HAND))


@pytest.mark.parametrize("spec", EVERY)
def test_generated_pairs(spec: str, record_property: Any) -> None:
    segments = 60 if spec in TER else 400
    compare(spec, observed(pairs(EVERY.index(spec), segments)), record_property)


@pytest.mark.parametrize("spec", EVERY)
def test_several_references(spec: str, record_property: Any) -> None:
    segments = 30 if spec in TER else 100
    compare(spec, observed(several(EVERY.index(spec), segments, 3)), record_property)


@pytest.mark.parametrize("spec", EVERY)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.data())
def test_any_text(spec: str, data: st.DataObject) -> None:
    references = data.draw(st.integers(1, 3))
    segment = st.tuples(*[texts()] * (1 + references))
    compare(spec, observed(data.draw(st.lists(segment, min_size=1, max_size=3))))


@pytest.mark.parametrize("spec", [spec for spec in EVERY if spec not in TER])
def test_long_texts(spec: str) -> None:
    compare(spec, observed(long_pairs()))
