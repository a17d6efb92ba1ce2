"""The advice names metrics that exist, once each, and helps with a misspelt situation."""

from __future__ import annotations

import pytest

from mleval.errors import UsageError
from mleval.metrics import find
from mleval.metrics.advice import ADVICE, Advice, advise
from mleval.spec import Spec

NAMED = sorted({text for a in ADVICE.values() for text, _ in (*a.look_at, *a.not_at)})


@pytest.mark.parametrize("text", NAMED)
def test_every_spec_can_be_asked_for_as_it_is_written(text: str) -> None:
    spec = Spec.parse(text)
    declared = find(spec.name)
    declared.options_of(spec)
    assert str(spec) == text
    assert spec.name == declared.name, "the name, not an alias"
    assert spec.average in (None, *declared.averages())


@pytest.mark.parametrize("advice", ADVICE.values(), ids=ADVICE)
def test_each_situation_has_both_sides_in_whole_sentences(advice: Advice) -> None:
    specs = [text for text, _ in (*advice.look_at, *advice.not_at)]
    assert len(specs) == len(set(specs))
    assert advice.look_at
    assert advice.not_at
    for sentence in (advice.summary, *(why for _, why in (*advice.look_at, *advice.not_at))):
        assert sentence[0].isupper()
        assert sentence.endswith(".")


@pytest.mark.parametrize("spelling", ["costly-fp", "Costly FP", "costly_fp"])
def test_a_situation_is_known_by_any_spelling_of_its_name(spelling: str) -> None:
    assert advise(spelling).situation == "costly-fp"


def test_an_unknown_situation_is_a_usage_error_that_names_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        advise("inbalanced")
    assert "imbalanced" in str(caught.value.hint)


def test_a_situation_like_no_other_gets_the_whole_list() -> None:
    with pytest.raises(UsageError) as caught:
        advise("zzz")
    assert all(situation in str(caught.value.hint) for situation in ADVICE)
