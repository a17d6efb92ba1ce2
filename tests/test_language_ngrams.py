"""N-grams are counted as they are by hand, however the work is cut up."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from text_corpora import KINDS

from mleval.language import characters, ngrams
from mleval.language.characters import character_matches
from mleval.language.ngrams import matches, totals
from mleval.language.tokens import Tokens
from mleval.reading.texts.lines import Lines

Segments = list[list[str]]
law = settings(derandomize=True, deadline=None, max_examples=200)


def encoded(corpora: Sequence[Segments]) -> list[Tokens]:
    """The corpora as tokens that share their names."""
    flat = Tokens.of([segment for corpus in corpora for segment in corpus])
    found, first = [], 0
    for corpus in corpora:
        offsets = flat.offsets[first : first + len(corpus) + 1]
        found.append(Tokens(flat.codes[offsets[0] : offsets[-1]], offsets - offsets[0], flat.names))
        first += len(corpus)
    return found


def counted(segment: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(segment[i : i + n]) for i in range(len(segment) - n + 1))


def check(hypotheses: Segments, references: Sequence[Segments], order: int) -> None:
    mine, *others = encoded([hypotheses, *references])
    found = matches(mine, others, order)
    assert found.each.shape == (len(references), order, len(hypotheses))
    for i, hypothesis in enumerate(hypotheses):
        for n in range(1, order + 1):
            own = counted(hypothesis, n)
            theirs = [counted(corpus[i], n) for corpus in references]
            most: Counter[tuple[str, ...]] = Counter()
            for other in theirs:
                most |= other
            assert found.each[:, n - 1, i].tolist() == [(own & t).total() for t in theirs]
            assert found.clipped[n - 1, i] == (own & most).total()
            assert totals(mine, order)[n - 1, i] == own.total()


segments = st.lists(st.sampled_from("aabc"), max_size=9)


@law
@given(st.data())
def test_matches_are_those_of_counters(data: st.DataObject) -> None:
    count, several = data.draw(st.integers(0, 5)), data.draw(st.integers(1, 3))
    corpora = [
        data.draw(st.lists(segments, min_size=count, max_size=count)) for _ in range(several + 1)
    ]
    check(corpora[0], corpora[1:], data.draw(st.integers(1, 9)))


@pytest.mark.parametrize("several", [1, 3])
@pytest.mark.parametrize("names", [2, 30, 3000, 60_000])
@pytest.mark.parametrize(("block", "bits"), [(1 << 15, 64), (64, 64), (64, 26), (1 << 15, 40)])
def test_however_few_tokens_fit(
    monkeypatch: pytest.MonkeyPatch, several: int, names: int, block: int, bits: int
) -> None:
    monkeypatch.setattr(ngrams, "BLOCK", block)
    monkeypatch.setattr(ngrams, "KEY_BITS", bits)
    draw = random.Random(names)
    words = [str(i) for i in range(names)]
    common = words[: draw.choice([2, 5])]

    def corpus() -> Segments:
        return [
            draw.choices(draw.choice([words, common]), k=draw.choice([0, 1, 3, 6, 12, 90]))
            for _ in range(40)
        ]

    references = [corpus() for _ in range(several)]
    hypotheses = [[w for w in s if draw.random() < 0.9] for s in references[-1]]
    corpora = encoded([hypotheses, *references])
    everything = tuple({*corpora[0].names, *words})
    corpora = [Tokens(t.codes, t.offsets, (*t.names, *everything)) for t in corpora]
    found = matches(corpora[0], corpora[1:], 6)
    monkeypatch.undo()
    expected = matches(corpora[0], corpora[1:], 6)
    np.testing.assert_array_equal(found.each, expected.each)
    np.testing.assert_array_equal(found.clipped, expected.clipped)
    check(hypotheses, references, 6)


@pytest.mark.parametrize("whitespace", [False, True])
@pytest.mark.parametrize("block", [1, 50, 1 << 17])
def test_characters_of_every_script(
    monkeypatch: pytest.MonkeyPatch, block: int, whitespace: bool
) -> None:
    monkeypatch.setattr(characters, "BLOCK", block)
    draw = random.Random(block)
    made = [[make(draw) for make in KINDS.values() for _ in range(4)] for _ in range(3)]
    made[0] = [draw.choice(texts) for texts in zip(*made, strict=True)]
    corpora = [Lines.of(texts) for texts in made]
    found = character_matches(corpora[0], corpora[1:], 3, whitespace=whitespace)
    for i, texts in enumerate(zip(*made, strict=True)):
        own, *others = (list(t if whitespace else "".join(t.split())) for t in texts)
        assert found.lengths[:, i].tolist() == list(map(len, (own, *others)))
        for n in (1, 2, 3):
            expected = [(counted(own, n) & counted(other, n)).total() for other in others]
            assert found.matches.each[:, n - 1, i].tolist() == expected


def test_no_segments() -> None:
    none = Tokens.of([])
    assert matches(none, [none], 4).each.shape == (1, 4, 0)
    assert totals(none, 4).shape == (4, 0)
