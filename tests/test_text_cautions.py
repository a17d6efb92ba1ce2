"""What is told of BLEU where runs are never matched, of ROUGE's sentences, letters and weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sacrebleu.metrics import BLEU
from test_cli_text import reported, warnings, written

import mleval

PAIR = (["the cat sat on a mat"], ["the cat sat in the house"])  # of four tokens no run matches
SHORT = (["the cat sat"], ["the cat sat down"])


@pytest.mark.parametrize(
    ("metrics", "options", "told"),
    [
        ("bleu", {}, "4 tokens of a hypothesis is in its references: what bleu has for that is "
         "smoothing's (smooth=exp)"),
        ("bleu", {"smooth": "none"}, "references: bleu(smooth=none) is 0 for that (smooth=none)"),
        ("bleu", {"preset": "nltk"}, "is smoothing's (smooth=method0)"),
        ("bleu(smooth=add-k)", {}, "is smoothing's (smooth=add-k)"),
        ("bleu_precision(n=4)", {}, "what bleu_precision(n=4) has for that is smoothing's"),
    ],
)  # fmt: skip
def test_a_bleu_that_stands_on_smoothing_says_so(
    metrics: str, options: dict[str, Any], told: str
) -> None:
    (found,) = warnings(*PAIR, metrics=metrics, **options)
    assert told in found
    assert found.startswith("no run of 4 tokens")


def test_metrics_for_which_the_same_is_missing_are_told_together() -> None:
    (found,) = warnings(*PAIR, metrics=["bleu", "bleu(order=5)", "bleu3", "bleu2"])
    assert "what bleu, bleu(order=5) has" in found


@pytest.mark.parametrize("metrics", ["bleu3", "bleu(order=3)", "brevity_penalty", "sentence_bleu"])
def test_what_is_matched_needs_no_word(metrics: str) -> None:
    assert warnings(*PAIR, metrics=metrics) == []


def test_hypotheses_without_so_many_tokens_are_told_from_those_that_match_none() -> None:
    (found,) = warnings(*SHORT, metrics="bleu")
    assert found == (
        "no hypothesis has 4 tokens: bleu is 0 for that; bleu(order=3) does not ask for them"
    )
    assert warnings(*SHORT, metrics="bleu(order=3)") == []
    assert warnings(*SHORT, metrics="bleu(effective_order=true)") == []
    (smoothed,) = warnings(*SHORT, metrics="bleu(smooth=add-k)")
    assert "smoothing's (smooth=add-k)" in smoothed


def test_hypotheses_without_so_many_tokens_are_told_before_shorter_runs_that_match_none() -> None:
    """sacreBLEU's BLEU is 0 there, whatever smoothing makes of the shorter runs."""
    said, wanted = ["a x c"], ["a b c d"]
    assert mleval.text(said, wanted, metrics="bleu")["bleu"].value == 0.0  # type: ignore[index]
    assert BLEU().corpus_score(said, [wanted]).score == 0.0
    (found,) = warnings(said, wanted, metrics="bleu")
    assert found.startswith("no hypothesis has 4 tokens: bleu is 0 for that")
    (shorter,) = warnings(said, wanted, metrics="bleu(effective_order=true)")
    assert shorter.startswith("no run of 2 tokens")


def test_a_file_compared_with_itself_is_told_from_a_copy(tmp_path: Path) -> None:
    one, other = (written(tmp_path, name, "a b\n" * 120) for name in ("one.txt", "other.txt"))
    assert reported(one, one, "-m", "wer")["warnings"] == [f"{one} is compared with itself"]
    (found,) = reported(one, other, "-m", "wer")["warnings"]
    assert "are identical: is one of them a copy" in found


def test_how_many_references_segments_have_is_said() -> None:
    report: Any = mleval.text(["a", "b", "c"], [["a"], ["b", "c"], ["b", "c"]], metrics="bleu1")
    assert "references=1-2 (of each segment)" in [str(item) for item in report.assumed]


def test_nothing_matched_at_all_says_it_itself() -> None:
    assert warnings(["x y"], ["a b"], metrics="bleu") == []


def test_a_text_is_blank_where_it_has_nothing_but_whitespace_of_any_kind() -> None:
    spaces = [chr(c) for c in range(0x10000) if chr(c).isspace()]
    others = [chr(c) for c in (0xA1, 0x1681, 0x2010, 0x2060, 0x3001)]  # that begin as some do
    said = ["", " ", "\n", *spaces, *(f"{space}a" for space in spaces), *others]
    blank = sum(not text.strip() for text in said)
    (found,) = warnings(said, ["a"] * len(said), metrics="exact_match")
    assert found.startswith(f"{blank} of {len(said):,} hypotheses")


def test_texts_of_several_lines_look_tokenised_by_the_ends_of_their_lines() -> None:
    split = ["it is so .\nor is it ?", "yes .", "."]
    told = ["it is so .\nit is not.", "no.", "a ."]
    looks = [text for text in warnings(split, told, metrics="bleu") if "looks tokenised" in text]
    assert len(looks) == 1
    assert looks[0].startswith("the hypotheses looks")


def test_blank_references_are_what_is_wrong() -> None:
    assert warnings(["a b"], [""], metrics="bleu") == ["every reference is blank"]


def test_rouge_lsum_says_when_it_has_no_sentences_to_part() -> None:
    (found,) = warnings(["a b"], ["a c"], metrics="rougeLsum")
    assert found.startswith("rougeLsum is rougeL here")
    assert warnings(["a\nb"], ["a c"], metrics="rougeLsum") == []
    assert warnings(["a b"], ["a\nc"], metrics="rougeLsum") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [("tôi đi học", True), ("der Bär schläft auch im Winter nicht so lange", False)],
)
def test_letters_that_rouge_would_erase_are_told_from_a_tenth_on(text: str, told: bool) -> None:
    found = [one for one in warnings(["x"], [text], metrics="rouge1") if "erases" in one]
    assert bool(found) == told


def test_weights_of_segments_are_passed_over_aloud(tmp_path: Path) -> None:
    table = "hypothesis,reference,sample_weight\na b,a b,2\nc d,c e,1\n"
    report = reported(written(tmp_path, "w.csv", table), "-m", "wer")
    assert "'sample_weight' is passed over: every segment weighs alike" in report["warnings"]
    assert report["metrics"]["wer"]["value"] == 0.25


@pytest.mark.parametrize(
    "name", ["bleu", "sentence_bleu", "chrf", "rouge1", "rougeL", "wer", "ter"]
)
def test_nothing_is_scored_against_references_that_are_all_blank(name: str) -> None:
    found = mleval.text(["a b c d e", "f"], ["", " \t"], metrics=name)[name]
    assert found.value is None
    assert "every reference" in str(found.undefined)
