"""Alignments are those of the plain tables, of jiwer and of rouge-score, whatever is aligned."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from text_samples import LATIN, OTHERS, texts

from mleval.language import skip_bigrams, union_lcs
from mleval.language import translation_edits as translation_edits_module
from mleval.language.alignment import common_lengths, edit_distances, edits, sequences
from mleval.language.error_words import error_words
from mleval.language.rouge_tokens import Stemmer, Tokenize, rouge_tokens
from mleval.language.skip_bigrams import skip_bigram_counts, skip_bigram_matches
from mleval.language.tokens import Tokens
from mleval.language.translation_edits import TerOptions, translation_edits
from mleval.language.union_lcs import Sentences, union_hits
from mleval.language.words import words
from mleval.reading.texts.lines import Lines

SEGMENT = st.lists(st.sampled_from("aaabbcde"), max_size=14)
PAIRS = st.lists(st.tuples(SEGMENT, SEGMENT), min_size=1, max_size=5)
OFTEN = settings(max_examples=150, deadline=None, derandomize=True)


def tokens(*corpora: Sequence[Sequence[str]]) -> list[Tokens]:
    return list(words([Lines.of(" ".join(segment) for segment in corpus) for corpus in corpora]))


@OFTEN
@given(PAIRS)
def test_edits_are_those_of_jiwers_alignment(pairs: list[tuple[list[str], list[str]]]) -> None:
    import jiwer

    references, hypotheses = map(sequences, tokens(*zip(*pairs, strict=True)))
    found = edits(references, hypotheses)
    distances = edit_distances(references, hypotheses)
    for i, (reference, hypothesis) in enumerate(pairs):
        said = jiwer.process_words(" ".join(reference), " ".join(hypothesis))
        ours = (found.hits[i], found.substitutions[i], found.deletions[i], found.insertions[i])
        assert ours == (said.hits, said.substitutions, said.deletions, said.insertions)
        assert distances[i] == said.substitutions + said.deletions + said.insertions


@OFTEN
@given(PAIRS)
def test_common_subsequences_are_as_long_as_the_table_says(
    pairs: list[tuple[list[str], list[str]]],
) -> None:
    from rouge_score.rouge_scorer import _lcs_table

    references, hypotheses = map(sequences, tokens(*zip(*pairs, strict=True)))
    expected = [_lcs_table(*pair)[-1][-1] for pair in pairs]
    assert common_lengths(references, hypotheses).tolist() == expected


TEXT = st.lists(st.lists(st.sampled_from("aaabbcdefg"), max_size=9), min_size=1, max_size=4)


def sentences(texts: Sequence[Sequence[Sequence[str]]], tokens: Tokens) -> Sentences:
    return Sentences(tokens, np.array([len(text) for text in texts]))


@pytest.mark.parametrize(("width", "at_once"), [(64, 1 << 18), (9, 20), (4, 1 << 18), (0, 1)])
@OFTEN
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4))
def test_unions_of_subsequences_are_rouge_scores(
    width: int, at_once: int, texts: list[tuple[list[list[str]], list[list[str]]]]
) -> None:
    from rouge_score.rouge_scorer import _summary_level_lcs

    sides = list(zip(*texts, strict=True))
    both = tokens(*([sentence for text in side for sentence in text] for side in sides))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(union_lcs, "_LONGEST", width)
        patch.setattr(union_lcs, "_AT_ONCE", at_once)
        found = union_hits(*map(sentences, sides, both)).tolist()
    for hits, (reference, hypothesis) in zip(found, texts, strict=True):
        size = sum(map(len, reference))
        assert hits == round(_summary_level_lcs(reference, hypothesis).recall * size)


def test_unions_of_long_sentences_are_rouge_scores() -> None:
    from rouge_score.rouge_scorer import _summary_level_lcs

    draw = random.Random(3)
    texts = [
        [[draw.choices("abcdefgh", k=draw.randint(55, 75)) for _ in range(3)] for _ in range(2)]
        for _ in range(20)
    ]
    sides = list(zip(*texts, strict=True))
    both = tokens(*([sentence for text in side for sentence in text] for side in sides))
    found = union_hits(*map(sentences, sides, both)).tolist()
    for hits, (reference, hypothesis) in zip(found, texts, strict=True):
        size = sum(map(len, reference))
        assert hits == round(_summary_level_lcs(reference, hypothesis).recall * size)


def test_more_tokens_than_there_are_characters_are_aligned_all_the_same() -> None:
    names = tuple(map(str, range(0x110000 + 5)))
    top = len(names) - 1
    reference = Tokens(np.array([top, 3, top - 1], np.int32), np.array([0, 2, 3]), names)
    hypothesis = Tokens(np.array([3, top, top], np.int32), np.array([0, 2, 3]), names)
    pair = sequences(reference), sequences(hypothesis)
    assert edit_distances(*pair).tolist() == [2, 1]
    assert common_lengths(*pair).tolist() == [1, 0]


def test_no_segments_have_no_lengths() -> None:
    none = sequences(Tokens.of([]))
    assert common_lengths(none, none).tolist() == []
    assert edits(none, none).hits.tolist() == []


@pytest.mark.parametrize(("at_once", "numbers"), [(1, 1 << 63), (7, 1 << 63), (1 << 20, 1)])
@OFTEN
@given(PAIRS, st.integers(-1, 4))
def test_skip_bigrams_are_counted_alike_in_batches_of_any_size(
    at_once: int, numbers: int, pairs: list[tuple[list[str], list[str]]], max_skip: int
) -> None:
    def written_out(words: list[str]) -> Counter[tuple[str, str]]:
        return Counter(
            (words[i], words[j])
            for i in range(len(words))
            for j in range(i + 1, len(words))
            if max_skip < 0 or j - i - 1 <= max_skip
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(skip_bigrams, "_AT_ONCE", at_once)
        patch.setattr(skip_bigrams, "_NUMBERS", numbers)
        hypothesis, reference = tokens(*zip(*pairs, strict=True))
        counts = skip_bigram_counts(hypothesis, max_skip).tolist()
        matches = skip_bigram_matches(hypothesis, reference, max_skip).tolist()
    sides = [(written_out(mine), written_out(theirs)) for mine, theirs in pairs]
    assert counts == [mine.total() for mine, _ in sides]
    assert matches == [(mine & theirs).total() for mine, theirs in sides]


@OFTEN
@given(texts(), st.sampled_from(["rouge", "unicode"]), st.sampled_from(["none", "porter"]))
def test_tokens_of_words_are_the_tokens_of_the_line(
    text: str, tokenize: Tokenize, stemmer: Stemmer
) -> None:
    from mleval.references.rouge import _tokenizer

    (found,) = rouge_tokens([Lines.of([text])], tokenize, stemmer)
    assert [found.names[code] for code in found.codes] == _tokenizer(tokenize, stemmer)(text)


def test_every_character_is_lowered_alone_or_is_no_token_of_rouge() -> None:
    for place in (*range(0xD800), *range(0xE000, 0x110000)):
        character = chr(place)
        lone = character.lower()
        inside = f"a{character}b".lower()[1:-1]
        assert inside == lone or not (inside + lone).isascii()


@OFTEN
@given(texts(), texts())
def test_words_of_error_rates_are_jiwers(one: str, other: str) -> None:
    from jiwer.transformations import wer_default

    corpora = [Lines.of([one]), Lines.of([other])]
    found = error_words(corpora, words(corpora))
    spelled = [[tokens.names[code] for code in tokens.codes] for tokens in found]
    assert spelled == wer_default([one, other])


def test_translation_edits_are_the_same_in_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = [*LATIN, *OTHERS]
    hypotheses = [" ".join(spoken[i : i + 12]) for i in range(len(spoken) - 12)]
    references = [hypotheses[::-1], hypotheses[1:] + hypotheses[:1]]
    alone = translation_edits(hypotheses, references, TerOptions())
    monkeypatch.setattr(translation_edits_module, "_WORTH_A_PROCESS", 100)
    monkeypatch.setattr(translation_edits_module, "_SHARE", 20)
    found = translation_edits(hypotheses, references, TerOptions())
    assert [column.tolist() for column in found] == [column.tolist() for column in alone]
