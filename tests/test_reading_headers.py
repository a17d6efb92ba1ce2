"""Files without a header, and headers that say more than names."""

from __future__ import annotations

from pathlib import Path

import pytest
from formats import P2, PRED2, TRUTH2, close, report, value
from sklearn.metrics import accuracy_score, roc_auc_score
from traps import refused, warned

from mleval.reading import open_source


@pytest.mark.parametrize("row", ["img0.png,cat", "img0.png,cat,0.5", "7,cat"])
def test_a_first_line_like_those_below_is_a_row(tmp_path: Path, row: str) -> None:
    path = tmp_path / "x.csv"
    rest = row.replace("0", "1").replace("7", "8").replace("cat", "dog")
    path.write_text(f"{row}\n{rest}\n{row.replace('0', '2', 1)}\n")
    assert open_source(path).names == tuple("123"[: row.count(",") + 1])


@pytest.mark.parametrize("header", ["image,cat", "img0,cat", "id,label1", "text1,label"])
def test_a_first_line_of_other_words_is_a_header(tmp_path: Path, header: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"{header}\na1,eel\nb2,dog\n")
    assert open_source(path).names == tuple(header.split(","))


def test_two_files_without_headers_are_joined_on_what_both_hold(tmp_path: Path) -> None:
    names, guess = ["dog", "cat", "cat", "dog"], ["cat", "cat", "cat", "dog"]
    predictions, truths = tmp_path / "p.csv", tmp_path / "t.csv"
    predictions.write_text("".join(f"img{i},{g}\n" for i, g in enumerate(guess)))
    truths.write_text("".join(f"img{i},{names[i]}\n" for i in (2, 0, 3, 1)))
    found = report(predictions, "--truth-file", str(truths))
    assert value(found, "accuracy") == accuracy_score(names, guess)


def test_no_header_is_named_where_it_may_help(tmp_path: Path) -> None:
    told = refused(tmp_path, "img0,cat\nimg1,dog\nimg2,eel\n")
    assert "if the first line is a row: --no-header" in told
    told = refused(tmp_path, "id,label\n1,cat\n", "--truth", "2")
    assert "--no-header if columns are meant by number" in told


def test_one_column_without_a_header_is_not_told_of_a_second(tmp_path: Path) -> None:
    told = refused(tmp_path, "0.25\n0.5\n")
    assert "--pred 2" not in told


def test_libsvm_writes_the_prediction_under_labels(tmp_path: Path) -> None:
    predictions, truths = tmp_path / "p.txt", tmp_path / "t.txt"
    rows = zip(PRED2, P2[:, 1], P2[:, 0], strict=True)
    predictions.write_text("labels 1 0\n" + "".join(f"{p} {a} {b}\n" for p, a, b in rows))
    truths.write_text("".join(f"{label}\n" for label in TRUTH2))
    found = report(predictions, "--truth-file", str(truths))
    assert value(found, "accuracy") == close(accuracy_score(TRUTH2, PRED2))
    assert value(found, "roc_auc") == close(roc_auc_score(TRUTH2, P2[:, 1]))
    assert not warned(found, "are not what a threshold")
