"""What `mleval text` shows of systems, of standard input and of the worst segments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command import run
from test_cli_text import FIRST, LARGE, SECOND, SMALL, refused, reported, warnings, written

import mleval
from mleval.errors import InputError


def test_every_system_is_named_beside_what_all_share() -> None:
    shown = " ".join(run("text", "--ref", FIRST, SMALL, LARGE, "-m", "wer").stdout.split())
    assert f"2 systems · 120 segments · {SMALL} · {LARGE} · {FIRST} assumed" in shown
    several = run("text", "--ref", FIRST, SMALL, LARGE, SECOND, "-m", "wer").stdout
    assert f"{SMALL} · {LARGE} · 2 more files" in " ".join(several.split())


def test_the_worst_of_every_system_are_listed_where_asked_for() -> None:
    args = ("text", "--ref", FIRST, SMALL, LARGE, "-m", "chrf")
    table = run(*args, "--worst", "2").stdout
    assert [table.count(text) for text in ("\nworst rows\n", "\n  hypothesis ")] == [2, 4]
    assert "worst rows" not in run(*args).stdout


def test_standard_input_is_named() -> None:
    text = Path(SMALL).read_bytes()
    table = run("text", "-", FIRST, "-m", "chrf", "--worst", "1", stdin=text).stdout
    assert f"segments · standard input · {FIRST}" in " ".join(table.split())
    assert table.partition("worst rows\n")[2].startswith("line ")


def test_what_matches_is_never_the_worst() -> None:
    said, wanted = ["", "a b", "猫", "a c d"], ["", "a b", "猫", "a b d"]
    report = mleval.text(said, wanted, metrics="rouge2", worst=1)
    assert report.worst[0].place == "segment 4"  # type: ignore[union-attr]
    several = mleval.text(said, [[one, "a c d"] for one in wanted], metrics="rouge2", worst=1)
    assert several.worst == ()  # type: ignore[union-attr]
    every = mleval.text(said, wanted, metrics="rouge2", worst=9)
    assert [row.place for row in every.worst] == ["segment 4"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "options", "told"),
    [
        ("他住在北京。", {"metrics": "bleu"}, "for BLEU say --tokenize zh"),
        ("彼は東京に住む。", {"metrics": "bleu"}, "for BLEU say --tokenize char"),
        ("彼は東京に住む。", {"metrics": ["wer", "mer"]}, "in place of wer, mer take cer"),
        ("ฉันรักแมว", {"metrics": "bleu", "tokenize": "intl"}, "--tokenize char"),
        ("他住在北京。", {"metrics": "bleu", "tokenize": "zh"}, None),
        ("彼 は 東京 に 住む 。", {"metrics": "bleu"}, None),
        ("彼は東京に住む。", {"metrics": "cer"}, None),
        ("나는 서울에 산다.", {"metrics": "bleu"}, None),
        ("the novel 紅樓夢 is long", {"metrics": "bleu"}, None),
    ],
)
def test_sentences_without_spaces_are_told(
    text: str, options: dict[str, Any], told: str | None
) -> None:
    found = [one for one in warnings([f"{text}x"], [text], **options) if "no spaces" in one]
    assert bool(found) == (told is not None)
    assert told is None or told in found[0]


def test_blank_references_are_told() -> None:
    assert "every reference is blank" in warnings(["a", "b"], ["", " "])
    assert "every reference is blank" not in warnings(["a", "b"], ["", "b"])


def test_predictions_of_trainers_are_found(tmp_path: Path) -> None:
    rows = '{"prompt": "q", "predict": "a b", "label": "a c"}\n' * 3
    assert reported(written(tmp_path, "x.jsonl", rows), "-m", "wer")["metrics"]["wer"]["value"] == (
        0.5
    )


def test_python_says_what_to_do_with_tokens_and_takes_steps_as_the_command_does() -> None:
    with pytest.raises(InputError, match=r"hypotheses\[0\] is of type list") as found:
        mleval.text([["a", "b"]], ["a b"])
    assert found.value.hint == 'tokens are joined: " ".join(tokens)'
    report = mleval.text(["A, b"], ["a b"], metrics="wer", normalize="lower,punct")
    assert report["wer"].value == 0  # type: ignore[union-attr]


def test_help_has_the_dots_of_its_files_once() -> None:
    usage = run("text", "--help").stdout
    assert "HYP REF..." in usage
    assert "HYP REF...." not in usage


@pytest.mark.parametrize(
    ("hyp", "ref", "told"),
    [
        ("id,hyp\n1,a\n2,b\n", "id,ref\n1,a\n3,c\n", ["'2'", "without a reference", "'3'"]),
        ("id,hyp\n1,a\n1,b\n", "id,ref\n1,a\n2,c\n", ["1 id repeated in", "hyp.csv: '1'"]),
        ("id,hyp\n", "id,ref\n1,a\n2,c\n", ["there are no segments in", "hyp.csv"]),
        ("x,y\n1,2\n3,4\n", "id,ref\n1,a\n2,c\n", ["hyp.csv", "'x', 'y'"]),
        ("id,hyp\n1,a\n2,b\n", "id,ref\n", ["there are no segments in", "ref.csv"]),
    ],
)
def test_tables_that_do_not_fit_together_are_refused(
    tmp_path: Path, hyp: str, ref: str, told: list[str]
) -> None:
    found = refused(written(tmp_path, "hyp.csv", hyp), written(tmp_path, "ref.csv", ref))
    assert [text for text in told if text not in found] == []
    assert "hint: " in found


def test_ids_of_two_names_join_tables(tmp_path: Path) -> None:
    hyp = written(tmp_path, "hyp.csv", "utt,hyp\n1,a b\n2,c\n")
    ref = written(tmp_path, "ref.csv", "name,ref\n2,c\n1,a x\n")
    report = reported(hyp, ref, "--id", "utt=name", "-m", "wer")
    assert report["metrics"]["wer"]["value"] == pytest.approx(1 / 3)
    assert "A=B" in run("text", "--help").stdout
