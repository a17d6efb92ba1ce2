"""Distinct n-grams: counted over everything, however it comes, without an order of merging."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from text_samples import observed, pairs, rows_of, texts
from text_values import TOLERANCE, by_reference

from mleval.errors import Undefined, UsageError
from mleval.metrics.diversity import distinct, ngram_set
from mleval.metrics.text_rows import TextRows
from mleval.states import NgramSet


@pytest.mark.parametrize("n", [1, 2, 3, 5, 40])
def test_it_is_what_the_definition_says(n: int) -> None:
    seen = observed(pairs(5, 500))
    state = ngram_set(rows_of(seen), n=n)
    if n == 40:
        assert distinct(ngram_set(rows_of(observed([("word " * 45, "")])), n=n), n=n) == 1 / 6
    else:
        assert abs(distinct(state, n=n) - by_reference(f"distinct(n={n})", seen)) <= TOLERANCE


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(texts(), min_size=1, max_size=8), st.integers(1, 3), st.randoms())
def test_parts_in_any_order_make_the_whole(lines: list[str], n: int, random: Random) -> None:
    whole = read(of(lines, n), n)
    expected = by_reference(f"distinct(n={n})", observed([(line, "") for line in lines]))
    assert whole == (None if math.isnan(expected) else expected)
    states = [of([line], n) for line in lines]
    random.shuffle(states)
    merged = NgramSet.empty()
    for state in states:
        saved = NgramSet.from_arrays(state.to_arrays())
        merged = saved.merge(merged) if len(merged.grams) % 2 else merged.merge(saved)
    assert read(merged, n) == whole


def test_a_weight_of_two_is_the_segment_twice_and_none_leaves_it_out() -> None:
    weighted = of(["a b a b", "c d", "a b"], 2, np.array([2.0, 0.0, 1.0]))
    assert read(weighted, 2) == read(of(["a b a b", "a b a b", "a b"], 2), 2) == 2 / 7


def test_without_n_words_in_a_row_there_is_no_value() -> None:
    with pytest.raises(Undefined, match="no hypothesis has as many words"):
        distinct(of(["one", "", "two"], 2), n=2)


def test_no_words_are_no_ngram() -> None:
    with pytest.raises(UsageError, match="n must be at least 1"):
        of(["one"], 0)


def of(lines: list[str], n: int, weight: np.ndarray | None = None) -> NgramSet:
    return ngram_set(TextRows.of(lines, [lines]), weight, n=n)


def read(state: NgramSet, n: int) -> float | None:
    try:
        return distinct(state, n=n)
    except Undefined:
        return None
