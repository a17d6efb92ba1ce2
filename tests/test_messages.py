"""What is said where a hint decides whether the next try succeeds."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from command import run
from traps import assumed, refused, reported, warned

TEXT = "label,pred\ncat,cat\ndog,dog\n"


@pytest.mark.parametrize(
    ("written", "declared", "is_"),
    [
        ("utf-8", "utf-16", "UTF-8"),
        ("utf-8", "utf-32", "UTF-8"),
        ("utf-16", "utf-8", "UTF-16"),
        ("utf-16-le", "cp1252", "UTF-16-LE"),
    ],
)
def test_an_encoding_that_it_is_not(tmp_path: Path, written: str, declared: str, is_: str) -> None:
    told = refused(tmp_path, TEXT.encode(written), "--encoding", declared)
    assert f"x.csv is {is_}, not {declared}" in told
    assert "leave --encoding out" in told


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"]
)
def test_an_encoding_that_it_is(tmp_path: Path, encoding: str) -> None:
    text = TEXT.replace("cat", "caf\u00e9")
    report = reported(tmp_path, text.encode(encoding), "--encoding", encoding)
    assert report["provenance"]["labels"] == ["caf\u00e9", "dog"]


def test_several_arrays_in_one_file_are_named_so(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", y=np.arange(3))
    told = refused(tmp_path, None, name="x.npz")
    assert "an archive of NumPy arrays" in told
    assert "numpy.save" in told


def test_a_file_of_predictions_alone_is_told_of_the_truth_file(tmp_path: Path) -> None:
    assert "--truth-file FILE" in refused(tmp_path, "id,y_pred\n1,1\n")


def test_the_second_of_two_columns_of_one_name_can_be_the_prediction(tmp_path: Path) -> None:
    text = "label,label\na,a\nb,a\n"
    assert "such as --pred 'label (column 2)'" in refused(tmp_path, text)
    report = reported(tmp_path, text, "--pred", "label (column 2)")
    assert report["metrics"]["accuracy"]["value"] == 0.5


def test_labels_that_differ_by_case_are_told(tmp_path: Path) -> None:
    report = reported(tmp_path, "label,pred\nfox,Fox\nowl,owl\nfox,fox\nFox,fox\n")
    assert warned(report, "'Fox' and 'fox' differ only by case")
    report = reported(tmp_path, "label,pred\nfox,Fox\nowl,owl\nfox,fox\n", "--map", "Fox=fox")
    assert not warned(report, "differ only by case")


@pytest.mark.parametrize("other", [" {}", "{} ", " {},x"])
def test_the_map_that_is_suggested_is_understood(tmp_path: Path, other: str) -> None:
    rows = [{"label": x, "pred": other.format(x)} for x in ("cat", "dog", "cat")]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    told = refused(tmp_path, text, "--task", "multiclass", name="x.jsonl")
    suggested = re.search(r"--map (.*); or", told)
    assert suggested
    flags = ("--map", *shlex.split(suggested[1]))
    report = reported(tmp_path, text, "--task", "multiclass", *flags, name="x.jsonl")
    assert report["metrics"]["accuracy"]["value"] == 1.0


def test_a_class_of_two_words_is_quoted_for_the_shell(tmp_path: Path) -> None:
    text = "label,pred\n" + '"North America, US",EU\nEU,EU\n' * 2
    assert warned(reported(tmp_path, text), "--positive 'North America, US' gives")


def test_one_row_is_not_rows(tmp_path: Path) -> None:
    report = reported(tmp_path, "label,pred\na,a\n,b\nb,b\n", "--filter", 'pred != "c"')
    assert warned(report, "1 of 3 rows is left out: 1 no truth")
    report = reported(tmp_path, "label,pred\na,a\nc,c\nb,b\n", "--filter", 'pred != "c"')
    filtered = [item["why"] for item in report["assumed"] if item["what"] == "filter"]
    assert filtered == ["1 row left out"]
    assert assumed(report)["rows"] == "2"


def test_the_option_that_was_meant_is_named_alone() -> None:
    told = run("classify", "x.csv", "--thresold", "1").stderr
    assert told.splitlines()[-1] == "hint: did you mean --threshold?"


def test_an_empty_prefix_and_an_empty_name_are_refused(tmp_path: Path) -> None:
    assert "--proba is empty" in refused(tmp_path, TEXT, "--proba", "", status=2)
    result = run("classify", "")
    assert (result.status, result.stdout) == (2, "")
    assert "the name of a file is empty" in result.stderr


def test_a_link_to_nothing_is_told_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "x.csv").symlink_to(tmp_path / "gone.csv")
    result = run("classify", str(tmp_path / "x.csv"))
    assert result.status == 3
    assert f"it is a link to {tmp_path / 'gone.csv'}, which is not there" in result.stderr
    assert "hint" not in result.stderr


@pytest.mark.parametrize("columns", [60, 65, 70, 200])
def test_intervals_without_room_are_told_of(tmp_path: Path, columns: int) -> None:
    draw = np.random.default_rng(1).integers(0, 2, (100, 3))
    rows = "".join(f"{t},{a},{b}\n" for t, a, b in draw)
    path = tmp_path / "x.csv"
    path.write_text(f"y_true,lr_pred,dt_pred\n{rows}")
    shown = run("classify", str(path), terminal=True, COLUMNS=str(columns), NO_COLOR="1").stdout
    has_interval = re.search(r"accuracy .*\[0\.\d+, 0\.\d+\]", shown) is not None
    assert ("columns left out at this width: intervals" in shown) is not has_interval
    assert has_interval is (columns == 200)
