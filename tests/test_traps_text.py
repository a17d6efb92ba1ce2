"""Where scores of texts go wrong elsewhere: each of it stated by what sacreBLEU and others do."""

from __future__ import annotations

import csv
import json
import statistics
from pathlib import Path
from typing import Any

import pytest
import sacrebleu
from command import run
from rouge_score.rouge_scorer import RougeScorer
from test_cli_text import written

import mleval

SAID = ["the cat sat on a mat", "no", "a dog is here at last, it barks"]
WANTED = ["the cat sat on the mat", "no", "the dog was here at last, it barks"]


def values(said: list[str], wanted: list[str], *metrics: str) -> list[float | None]:
    report: Any = mleval.text(said, wanted, metrics=list(metrics))
    return [item.value for item in report.metrics.values()]


def test_corpus_bleu_is_the_default_and_scores_of_sentences_go_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "segments.csv"
    report: Any = mleval.text(SAID, WANTED, metrics="bleu", per_segment=path)
    with path.open(newline="") as stream:
        found = [float(row["bleu"]) for row in csv.DictReader(stream)]
    pairs = zip(SAID, WANTED, strict=True)
    alone = [sacrebleu.sentence_bleu(said, [wanted]).score / 100 for said, wanted in pairs]
    whole = sacrebleu.corpus_bleu(SAID, [WANTED]).score / 100
    assert found == pytest.approx(alone, abs=1e-9)
    assert report["bleu"].value == pytest.approx(whole, abs=1e-9)
    assert abs(whole - statistics.fmean(alone)) > 0.01


def test_scores_under_another_tokeniser_are_not_compared(tmp_path: Path) -> None:
    args = [
        "text",
        *(written(tmp_path, name, "\n".join(some) + "\n") for name, some in
          (("hyp.txt", SAID), ("ref.txt", WANTED))),
        "-m", "bleu",
    ]  # fmt: skip
    earlier = str(tmp_path / "earlier.json")
    assert run(*args, "-o", earlier, "-q").status == 0
    gate = ["--baseline", earlier, "--gate", "bleu >= baseline", "--json", "-q"]
    assert run(*args, *gate).status == 0
    other = run(*args, "--tokenize", "char", *gate)
    assert other.status == 1
    (failed,) = json.loads(other.stdout)["gates"]
    assert "does not hold bleu(tokenize=char)" in failed["reason"]


def test_no_score_passes_1() -> None:
    """sacreBLEU prints 100.00000000000004 for a text against itself."""
    said = ["a b c d e f g", "h i j k l m n o p", "q r s t u"]
    assert sacrebleu.corpus_bleu(said, [said]).score > 100
    every: Any = mleval.text(said, said, metrics="all")
    for key, item in every.metrics.items():
        low, high = item.range
        if item.value is not None and high is not None:
            assert low <= item.value <= high, key
    assert every["bleu"].value == every["chrf"].value == 1.0


def test_rouge_is_the_mean_of_segments_not_the_median_of_a_bootstrap() -> None:
    scorer = RougeScorer(["rouge1"])
    pairs = zip(WANTED, SAID, strict=True)
    alone = [scorer.score(wanted, said)["rouge1"].fmeasure for wanted, said in pairs]
    assert values(SAID, WANTED, "rouge1") == [pytest.approx(statistics.fmean(alone), abs=1e-9)]
    assert statistics.fmean(alone) != pytest.approx(statistics.median(alone), abs=1e-3)


def test_blank_lines_and_lines_of_one_character_are_segments() -> None:
    said, wanted = ["a", "", "b", "ab cd"], ["a", "", "c", "ab cd"]
    report: Any = mleval.text(said, wanted, metrics=["exact_match", "wer"])
    assert report["exact_match"].n == 4
    assert report["exact_match"].value == 0.75
    assert report["wer"].value == 1 / 4


def test_words_of_answers_are_counted_and_an_answer_of_an_article_is_empty() -> None:
    assert values(["cat cat"], ["cat"], "token_f1") == [pytest.approx(2 / 3)]
    assert values(["A"], ["the"], "token_f1") == [1.0]
    assert values(["A"], ["cat"], "token_f1") == [0.0]
