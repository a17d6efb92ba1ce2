"""`mleval inspect` of what is evaluated together: truth files, filters; and who points to it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from command import run
from test_cli_inspect import inspected


@pytest.fixture
def joined(tmp_path: Path) -> tuple[Path, Path]:
    predictions, truths = tmp_path / "p.csv", tmp_path / "t.csv"
    predictions.write_text("id,label\n1,cat\n2,dog\n3,dog\n")
    truths.write_text("id,label,split\n3,dog,a\n1,cat,a\n2,cat,b\n4,cat,b\n")
    return predictions, truths


def test_the_columns_of_a_truth_file(joined: tuple[Path, Path]) -> None:
    predictions, truths = joined
    found = inspected(predictions, "--truth-file", str(truths))
    assert (found["file"], found["rows"], found["join"]) == (str(predictions), 3, "id")
    assert {c["name"]: c["role"] for c in found["columns"]} == {"id": "id", "label": "prediction"}
    theirs = found["truth_file"]
    assert (theirs["file"], theirs["rows"]) == (str(truths), 4)
    assert {c["name"]: c["role"] for c in theirs["columns"]} == {
        "id": "id", "label": "truth", "split": None,
    }  # fmt: skip
    assert [c["missing"] for c in found["columns"]] == [0, 0]  # its rows are fewer, not missing
    words = shlex.split(found["command"])
    assert words[2:] == [
        str(predictions), "--truth-file", str(truths), "--id", "id", "--truth", "label",
        "--pred", "label",
    ]  # fmt: skip
    assert run(*words[1:], "--missing", "drop").status == 0
    shown = run("inspect", str(predictions), "--truth-file", str(truths), COLUMNS="300").stdout
    assert (
        f"{truths}  CSV · UTF-8 · comma between cells · 3 columns · 4 rows · joined on id" in shown
    )


def test_ids_of_two_names_and_none(tmp_path: Path) -> None:
    predictions, truths = tmp_path / "p.csv", tmp_path / "t.csv"
    predictions.write_text("image,pred\n1,1\n2,0\n")
    truths.write_text("filename,y_true\n2,0\n1,1\n")
    flags = ("--truth-file", str(truths))
    named = inspected(predictions, *flags, "--on", "image=filename")
    assert named["join"] == "image=filename"
    assert named["columns"][0]["role"] == named["truth_file"]["columns"][0]["role"] == "id"
    assert "--on image=filename" in named["command"]
    unnamed = inspected(predictions, *flags)
    assert unnamed["join"] is None
    assert "names its rows by 'image'" in unnamed["refusal"]
    truths.write_text("y_true\n0\n1\n")
    assert inspected(predictions, *flags)["join"] == "row by row"


def test_one_value_a_line_beside_a_truth_file_has_no_header(tmp_path: Path) -> None:
    predictions, truths = tmp_path / "p.txt", tmp_path / "t.txt"
    predictions.write_text("1\n-1\n1\n")
    truths.write_text("-1\n-1\n1\n")
    found = inspected(predictions, "--truth-file", str(truths))
    assert (found["rows"], found["truth_file"]["rows"], found["refusal"]) == (3, 3, None)


def test_a_truth_file_that_does_not_fit_is_shown_with_the_reason(joined: tuple[Path, Path]) -> None:
    predictions, truths = joined
    truths.write_text("uid,species\n1,cat\n2,dog\n")
    found = inspected(predictions, "--truth-file", str(truths))
    assert "names its rows by 'id'" in found["refusal"]
    assert [c["name"] for c in found["truth_file"]["columns"]] == ["uid", "species"]
    assert found["command"] is None


def test_predictions_alone_are_told_how_to_name_their_truth(joined: tuple[Path, Path]) -> None:
    found = inspected(joined[0])
    assert found["command"] is None
    assert found["hint"].endswith("name the file that has the truth: --truth-file FILE")


def test_the_rows_of_a_filter_are_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("y_true,y_pred,split\n1,1,test\n0,1,test\n5,5,train\n")
    found = inspected(path, "--filter", "split == 'test'")
    assert found["columns"][0]["examples"] == ["1", "0"]
    assert found["rows_seen"] == 2
    assert shlex.split(found["command"])[3:5] == ["--filter", "split == 'test'"]
    unknown = inspected(path, "--filter", "splt == 'test'")
    assert "no column 'splt'" in unknown["refusal"]
    assert len(unknown["columns"]) == 3


@pytest.mark.parametrize(
    ("flags", "look"),
    [
        (
            ("--truth-file", "t.csv", "--missing", "drop", "--filter", "x > 1"),
            "p.csv --truth-file t.csv",
        ),
        (("--truth-file", "t.csv", "--id", "uid"), "p.csv --truth-file t.csv"),
        (
            ("--truth-file", "t.csv", "--missing", "drop", "--truth", "species"),
            "p.csv --truth-file t.csv",
        ),
        (("--model", "lr"), "p.csv"),
        (("--sep", ";", "--encoding", "cp1252"), "p.csv --sep ';' --encoding cp1252"),
        (("--no-header", "--pred", "guess"), "p.csv --no-header"),
    ],
)
def test_refusals_point_to_it_with_the_flags_that_read_the_file(
    joined: tuple[Path, Path], flags: tuple[str, ...], look: str
) -> None:
    folder = joined[0].parent
    given = [str(folder / word) if word == "t.csv" else word for word in flags]
    result = run("classify", str(joined[0]), *given)
    assert result.status == 3
    said = result.stderr.replace(f"{folder}/", "")
    assert said.rstrip().endswith(f"see its columns: mleval inspect {look}")
