"""BLEU and chrF beside their values: slopes, intervals, merging, and what cannot be meant."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from campaigns import FULL
from text_corpora import ENGLISH, KINDS, MIXED, corpora, edited
from text_values import (
    TOLERANCE,
    asked,
    by_reference,
    columns_of,
    every_spec,
    of_the_whole,
    state_of,
)

from mleval.errors import Undefined, UsageError
from mleval.evaluation.moments import interval_on
from mleval.metrics import metrics
from mleval.metrics.text_rows import TextRows
from mleval.references.observed_text import ObservedText
from mleval.spec import Spec
from mleval.states import Means
from mleval.uncertainty.gradient import Variable, gradient

_OTHERS = ("rouge", "wer", "cer", "mer", "wil", "ter", "exact", "token", "distinct", "edit")
EVERY = [spec for spec in every_spec() if not spec.startswith(_OTHERS)]


def read(spec: str, means: Means, at: Any = None) -> Any:
    """The metric of the means, or of others in their place."""
    metric, options = asked(spec)
    values = means.mean if at is None else at
    named = {name: values[i] for i, name in enumerate(means.names)}
    return metric.function(named | {"weight": means.weight}, **options)


def means_of(spec: str, rows: TextRows) -> Means:
    means: Means = state_of(*asked(spec), rows)
    return means


@cache
def sample(seed: int, segments: int) -> TextRows:
    """Segments of every kind but the very long, of which n-grams of every length match."""
    draw = random.Random(seed)
    kinds = [make for name, make in KINDS.items() if name != "long"]
    references = [draw.choice(kinds)(draw) for _ in range(segments)]
    hypotheses = [edited(draw, text, [*ENGLISH[:5], *MIXED[:20]]) for text in references]
    return TextRows.of(hypotheses, [references])


@cache
def sentences(seed: int, segments: int) -> TextRows:
    """Sentences of 8 to 30 words, some of them much better rendered than others."""
    draw = random.Random(seed)
    references = [" ".join(draw.choices(ENGLISH, k=draw.randint(8, 30))) for _ in range(segments)]
    hypotheses = []
    for text in references:
        for _ in range(draw.randint(0, 4)):
            text = edited(draw, text, ENGLISH)
        hypotheses.append(text)
    return TextRows.of(hypotheses, [references])


@cache
def of_population() -> TextRows:
    """What samples are drawn from: what has been counted of it is kept."""
    return sentences(21, 3000)


FORMULAS = [spec for spec in EVERY if not spec.startswith("sentence") and "order=6" not in spec]


@pytest.mark.parametrize("spec", FORMULAS)
@pytest.mark.parametrize("hypotheses", ["edited", "without a run of four"])
def test_slopes_are_those_of_finite_differences(spec: str, hypotheses: str) -> None:
    rows = sample(5, 60)
    if hypotheses != "edited":
        rows = TextRows.of(["a b d e", "a c b"], [["a b c d e f", "a b c x"]])
    means = means_of(spec, rows)
    leaf = Variable(means.mean)
    found = read(spec, means, leaf)
    if not isinstance(found, Variable):
        assert found in (0.0, 1.0) or math.isnan(found)
        return
    slopes = gradient(found, [leaf])[0]
    for i, name in enumerate(means.names):
        step = np.zeros(len(means.mean))
        step[i] = 1e-7 * means.mean[i]
        if step[i]:
            rise = read(spec, means, means.mean + step) - read(spec, means, means.mean - step)
            assert slopes[i] == pytest.approx(rise / (2 * step[i]), rel=1e-5, abs=1e-7), name


def interval(spec: str, means: Means) -> tuple[float, float, float]:
    """The value and the limits of its interval."""
    metric, options = asked(spec)
    value = float(metric.function(means.readings(), **options))
    found = interval_on(metric, options, means, 0.95, value)
    return value, found.low, found.high


@pytest.mark.parametrize(
    "spec", ["bleu", "bleu(smooth=method4)", "bleu_precision(n=2)", "chrf(word_order=2)", "bleu1"]
)
def test_however_segments_are_split_and_merged(spec: str) -> None:
    rows = sample(9, 200)
    texts = list(zip(rows.hypotheses, rows.references[0], strict=True))
    whole = interval(spec, means_of(spec, rows))
    draw = random.Random(1)
    for _ in range(3):
        draw.shuffle(texts)
        cuts = [0, *sorted(draw.sample(range(1, 200), 4)), 200]
        parts = [texts[a:b] for a, b in pairwise(cuts)]
        merged = Means.empty()
        for part in parts:
            some = TextRows.of([h for h, _ in part], [[r for _, r in part]])
            merged = merged.merge(means_of(spec, some))
        assert interval(spec, merged) == pytest.approx(whole, rel=1e-12)


@pytest.mark.parametrize("spec", ["bleu", "bleu2(smooth=method2)", "chrf", "sentence_bleu"])
def test_a_weight_of_two_is_the_segment_twice(spec: str) -> None:
    rows = sample(11, 50)
    columns = columns_of(*asked(spec), rows)
    times = np.arange(50) % 3
    weighted = Means.of(columns, times.astype(np.float64))
    repeated = Means.of({name: np.repeat(column, times) for name, column in columns.items()})
    assert read(spec, weighted) == pytest.approx(read(spec, repeated), rel=1e-12)


def test_columns_do_not_depend_on_what_was_asked_before() -> None:
    rows = sample(13, 80)
    for metric in metrics("text"):
        if metric.components is None:
            assert metric.name == "distinct"
            continue
        options = metric.options_of(Spec.parse(metric.example or metric.name))
        for part in metric.components(**options):
            alone = TextRows(rows.hypotheses, rows.references)
            np.testing.assert_array_equal(part.of(rows), part.of(alone))


@pytest.mark.parametrize("spec", ["bleu", "sentence_bleu", "chrf", "chrf(word_order=2)", "bleu1"])
def test_missing_references_are_as_to_sacrebleu(spec: str) -> None:
    for seed in range(60):
        drawn, draw = corpora(7000 + seed), random.Random(seed)
        references: list[Sequence[str | None]] = [
            [None if draw.random() < 0.4 else text for text in corpus]
            for corpus in drawn.references
        ]
        references.append(drawn.references[0])
        ours = of_the_whole(spec, TextRows.of(drawn.hypotheses, references))
        some: Any = references  # as sacreBLEU takes them
        theirs = by_reference(spec, ObservedText(drawn.hypotheses, some))
        assert ours == pytest.approx(theirs, abs=TOLERANCE, nan_ok=True)


@pytest.mark.parametrize("spec", EVERY)
def test_a_text_against_itself_is_perfect(spec: str) -> None:
    texts = ["The cat sat, as ever, on 3.5 mats.", "Every word is here; so is this one!"]
    if "method5" not in spec and "method7" not in spec:
        assert of_the_whole(spec, TextRows.of(texts, [texts])) == 1.0


def test_without_references_there_is_no_score_and_a_reason() -> None:
    rows = TextRows.of(["some words", "more"], [["", " "]])
    for spec in ("bleu", "bleu1", "brevity_penalty", "length_ratio", "chrf", "bleu_precision(n=1)"):
        with pytest.raises(Undefined, match="every reference"):
            read(spec, means_of(spec, rows))
    assert of_the_whole("sentence_bleu", rows) == 0.0


def test_without_hypotheses_the_scores_are_zero() -> None:
    rows = TextRows.of(["", " "], [["some words", "more"]])
    for spec in ("bleu", "bleu1", "brevity_penalty", "length_ratio", "chrf", "sentence_bleu"):
        assert of_the_whole(spec, rows) == 0.0
    assert math.isnan(of_the_whole("bleu_precision(n=1)", rows))


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("bleu(order=0)", "1 to 9 tokens, not 0"),
        ("bleu_precision(n=10)", "1 to 9 tokens, not 10"),
        ("bleu(smooth=method5)", "smooth must be exp or floor or"),
        ("bleu(tokenize=13b)", "tokenize must be 13a or intl or"),
        ("sentence_bleu(smooth=method6,order=2)", "order of 3 or more"),
        ("bleu(floor=0.2)", "floor is for smooth=floor, not for smooth=exp"),
        ("sentence_bleu(smooth=floor,k=2)", "k is for smooth=add-k, not for smooth=floor"),
        ("bleu(smooth=add-k,k=-1)", "k must be above 0"),
        ("bleu(smooth=method1,effective_order=true)", "effective_order is sacreBLEU's"),
        ("chrf(beta=0)", "beta must be above 0"),
        ("chrf(beta=1e200)", "at most 1,000, not 1e\\+200"),
        ("chrf(char_order=0)", "char_order is from 1 to 20"),
        ("chrf(char_order=21)", "char_order is from 1 to 20"),
        ("chrf(word_order=100000000)", "and word_order from 0"),
        ("bleu(smooth=floor,floor=inf)", "floor must be"),
        ("token_f1(both_empty=7)", "both_empty must be within 0 and 1, not 7"),
    ],
)
def test_what_cannot_be_meant_is_refused(spec: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        means_of(spec, TextRows.of(["a"], [["a"]]))


COVERED = (
    *("bleu", "bleu(smooth=floor)", "bleu2", "chrf", "chrf(word_order=2)", "sentence_bleu"),
    *("rouge1", "rouge2", "rougeL", "rouge1[precision]", "rougeL[recall]", "rougeS"),
    *("wer", "cer", "mer", "wil", "token_f1", "exact_match", "length_ratio", "edit_similarity"),
    *(("ter",) if FULL else ()),  # its edits take long to count
)


@pytest.mark.parametrize("spec", COVERED)
def test_intervals_cover_what_they_should(spec: str, record_property: Any) -> None:
    """The score of 3,000 segments, by samples of 200 of them."""
    rows = of_population()
    columns = columns_of(*asked(spec), rows)
    truth = float(read(spec, Means.of(columns)))
    random_ = np.random.default_rng(4)
    samples, covered = 10_000 if FULL else 600, 0
    for _ in range(samples):
        at = random_.integers(0, 3000, 200)
        _, low, high = interval(spec, Means.of({name: c[at] for name, c in columns.items()}))
        covered += low <= truth <= high
    record_property("coverage", covered / samples)
    assert abs(covered / samples - 0.95) <= 4 * math.sqrt(0.95 * 0.05 / samples)
