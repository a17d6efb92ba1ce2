"""What text metrics promise beside their numbers: reasons, slopes for intervals, conventions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from text_samples import observed, pairs, rows_of
from text_values import asked, of_each, of_the_whole

from mleval.errors import InputError, Undefined, UsageError
from mleval.metrics import find, metrics
from mleval.metrics.text_rows import TextRows
from mleval.states import Means
from mleval.uncertainty.gradient import Variable, gradient

ON_MEANS = [metric for metric in metrics("text") if metric.components]
SPECS = [metric.example or metric.name for metric in ON_MEANS]
SPECS += [
    metric.name
    for metric in ON_MEANS
    if metric.name not in SPECS and not any(option.required for option in metric.options)
]


def one(hypothesis: str, *references: str) -> TextRows:
    return TextRows.of([hypothesis], [[reference] for reference in references])


@pytest.mark.parametrize("spec", SPECS)
def test_slopes_for_intervals_are_those_of_finite_differences(spec: str) -> None:
    metric, options = asked(spec)
    assert metric.components
    rows = rows_of(observed(pairs(3, 80)))
    means = Means.of({part.name: part.of(rows) for part in metric.components(**options)})

    def value(at: Any) -> Any:
        named = {name: at[i] for i, name in enumerate(means.names)} | {"weight": means.weight}
        return metric.function(named, **options)

    leaf = Variable(means.mean)
    slope = gradient(value(leaf), [leaf])[0]
    step = 1e-6
    for place in range(len(means.names)):
        moved = np.zeros(len(means.names))
        moved[place] = step
        expected = (value(means.mean + moved) - value(means.mean - moved)) / (2 * step)
        assert slope[place] == pytest.approx(expected, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("spec", SPECS)
def test_every_number_is_in_the_range_that_is_declared(spec: str) -> None:
    low, high = asked(spec)[0].range
    values = of_each(spec, rows_of(observed(pairs(4, 300))))
    assert all(math.isnan(value) or low <= value <= high + 1e-15 for value in values)


@pytest.mark.parametrize("spec", [spec for spec in SPECS if not spec.startswith("rouge(")])
def test_a_text_is_as_good_as_can_be_against_itself(spec: str) -> None:
    best = 0.0 if asked(spec)[0].goal == "min" else 1.0
    text = "The cat, 3 of them: sat on mats"
    assert of_the_whole(spec, one(text, text)) == pytest.approx(best, abs=1e-15)


@pytest.mark.parametrize("spec", ["wer", "cer", "wil", "ter"])
def test_without_reference_words_a_rate_is_undefined_and_says_so(spec: str) -> None:
    with pytest.raises(Undefined, match="every reference is empty"):
        read(spec, one("some words", " "))


def test_insertions_into_an_empty_reference_count_and_its_length_does_not() -> None:
    rows = TextRows.of(["two words", "a b c d"], [["", "a b c d"]])
    assert of_the_whole("wer", rows) == 2 / 4
    assert of_the_whole("mer", rows) == 2 / 6


def test_error_rates_are_pooled_not_averaged() -> None:
    rows = TextRows.of(["x", "a b c d e f g h i"], [["a", "a b c d e f g h i"]])
    assert of_the_whole("wer", rows) == 1 / 10


def test_a_match_error_rate_of_nothing_at_all_is_undefined() -> None:
    with pytest.raises(Undefined, match="there is not a word"):
        read("mer", one("", ""))
    assert of_the_whole("mer", one("word", "")) == 1.0


def test_normalising_removes_what_it_names_and_nothing_else() -> None:
    rows = one("Don't\tpanic", "dont panic!")
    assert of_the_whole("wer", rows) == 1.0
    assert of_the_whole('wer(normalize="lower,punct,space")', rows) == 0.0
    assert of_the_whole('wer(normalize="space,punct")', rows) == 0.5
    assert of_the_whole("cer(normalize=punct)", one("¿a?", "a")) == 0.0


def test_a_step_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no step 'stem'"):
        read('wer(normalize="lower,stem")', one("a", "b"))


def test_of_several_references_each_segment_takes_its_best() -> None:
    rows = TextRows.of(["a b", "c d"], [["a b", "x y"], ["x y", "c d"]])
    for spec in ("exact_match", "token_f1", "rouge1", "rougeL", "edit_similarity"):
        assert of_the_whole(spec, rows) == 1.0
    for spec in ("wer", "cer", "mer", "wil", "ter"):
        assert of_the_whole(spec, rows) == 0.0


@pytest.mark.parametrize("spec", SPECS)
def test_a_missing_reference_is_as_if_it_were_not_there(spec: str) -> None:
    segments = [(h, r) for h, r in pairs(8, 30, longest=9) if r.strip()]
    hypotheses, references = map(list, zip(*segments, strict=True))
    gone: list[str | None] = [None] * len(segments)
    alone = TextRows.of(hypotheses, [references])
    for beside in ([references, gone], [gone, references], [gone, references, gone]):
        assert of_each(spec, TextRows.of(hypotheses, beside)) == of_each(spec, alone)


@pytest.mark.parametrize(
    ("references", "said"),
    [
        ([["a", "b"]], "3 hypotheses and 2 references"),
        ([], "no references"),
        ([["a", None, None], [None, "b", None]], r"segment 3 has no reference \(1 of 3 do not\)"),
    ],
)
def test_segments_that_nothing_could_be_said_of_are_refused(references: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        TextRows.of(["a", "b", "c"], references)


def test_answers_without_a_word_agree() -> None:
    assert of_the_whole("token_f1", one("The", "a")) == 1.0
    assert of_the_whole("token_f1(both_empty=0)", one("The", "a")) == 0.0
    assert of_the_whole("exact_match", one("The", "a")) == 1.0
    assert of_the_whole("exact_match(articles=false)", one("A", "B")) == 0.0


def test_shared_words_count_as_often_as_they_are_in_both() -> None:
    assert of_the_whole("token_f1", one("yes yes yes", "yes no")) == 2 / 5


def test_the_default_tokeniser_of_rouge_erases_other_scripts_and_unicode_does_not() -> None:
    rows = one("日本語です", "日本語です")
    assert of_the_whole("rouge1", rows) == 0.0
    assert of_the_whole("rouge1(tokenize=unicode)", rows) == 1.0
    assert of_the_whole("rouge1(tokenize=unicode)", one("cafe\u0301", "CAFÉ")) == 1.0


def test_a_line_feed_parts_the_sentences_of_rouge_lsum() -> None:
    swapped = ("the dog barked\nthe cat sat", "the cat sat\nthe dog barked")
    assert of_the_whole("rougeLsum", one(*swapped)) == 1.0
    assert of_the_whole("rougeL", one(*swapped)) < 1.0
    joined = one(*(text.replace("\n", " ") for text in swapped))
    assert of_the_whole("rougeLsum", joined) == of_the_whole("rougeL", joined)


def test_runs_of_no_words_and_of_more_than_rouge_score_has_are_refused() -> None:
    for n in (0, 10):
        with pytest.raises(UsageError, match=f"n is from 1 to 9, as in rouge-score, not {n}"):
            read(f"rouge(n={n})", one("a", "b"))


@pytest.mark.parametrize(
    ("name", "hint"),
    [("rouge3", "rouge(n=3)"), ("distinct_2", "distinct(n=2)"), ("rougel_sum", "rougeLsum")],
)
def test_an_unknown_name_says_what_may_be_meant(name: str, hint: str) -> None:
    with pytest.raises(UsageError) as error:
        find(name, "text")
    assert hint in str(error.value.hint)


def test_capitals_do_not_matter() -> None:
    assert find("ROUGEL", "text").name == find("rougel", "text").name == "rougeL"


def test_a_skip_of_none_is_pairs_of_neighbours() -> None:
    rows = rows_of(observed(pairs(6, 200)))
    assert of_each("rougeS(max_skip=0)", rows) == of_each("rouge2", rows)


def read(spec: str, rows: TextRows) -> Any:
    metric, options = asked(spec)
    assert metric.components
    means = Means.of({part.name: part.of(rows) for part in metric.components(**options)})
    return metric.function(means.readings(), **options)
