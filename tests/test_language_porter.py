"""Stems are NLTK's, of every suffix and of the words of real text."""

from __future__ import annotations

import inspect
import random
import re
import tokenize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.stem import porter

from mleval.language.porter import porter_stem

SUFFIXES = """
    sses ies ss s eed ed ing at bl iz y ational tional enci anci izer bli abli alli entli eli ousli
    ization ation ator alism iveness fulness ousness aliti iviti biliti fulli logi icate ative
    alize iciti ical ful ness al ance ence er ic able ible ant ement ment ent sion tion ion ou ism
    ate iti ous ive ize e ll l ied ying ally
"""
SPELLED = st.lists(st.sampled_from([*"aeiouybcdlstwxz0é", *SUFFIXES.split()]), max_size=6)


@settings(max_examples=2000, deadline=None, derandomize=True)
@given(SPELLED)
def test_words_of_letters_and_suffixes(parts: list[str]) -> None:
    word = "".join(parts)
    assert porter_stem(word) == porter.PorterStemmer().stem(word)


def test_suffixes_upon_suffixes() -> None:
    suffixes, draw, stem = SUFFIXES.split(), random.Random(1), porter.PorterStemmer().stem
    for _ in range(30_000):
        start = "".join(draw.choices("aeiouybcdlstwxz", k=draw.randint(0, 5)))
        word = start + "".join(draw.choices(suffixes, k=draw.randint(0, 3)))
        assert porter_stem(word) == stem(word)


@pytest.mark.parametrize("module", [porter, inspect, random, re, tokenize])
def test_words_of_text(module: object) -> None:
    stem = porter.PorterStemmer().stem
    for word in set(re.findall("[a-z]+", inspect.getsource(module).lower())):  # type: ignore[arg-type]
        assert porter_stem(word) == stem(word)


def test_every_irregular_form() -> None:
    stemmer = porter.PorterStemmer()
    assert {word: porter_stem(word) for word in stemmer.pool} == stemmer.pool
