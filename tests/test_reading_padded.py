"""Delimited files with a blank after every delimiter."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from sklearn.metrics import accuracy_score, roc_auc_score
from traps import assumed, refused, reported, values, warned

import mleval
from mleval.reading import open_source


def cells(path: Path, **flags) -> dict[str, list]:
    source = open_source(path, **flags)
    kinds = dict.fromkeys(source.names, "text")
    tables = [load() for load in source.parts(kinds)]
    return {name: [c for t in tables for c in t.column(name).to_pylist()] for name in source.names}


def test_the_blanks_are_no_part_of_labels_or_numbers(tmp_path: Path) -> None:
    rows = [(1, 1, 0.67), (0, 1, 0.9), (0, 0, 0.2), (1, 0, 0.3)]
    text = "y_true, y_pred, score\n" + "".join(f"{t}, {p}, {s}\n" for t, p, s in rows)
    report = reported(tmp_path, text)
    truth, guess, score = zip(*rows, strict=True)
    assert values(report)["accuracy"] == accuracy_score(truth, guess)
    assert values(report)["roc_auc"] == roc_auc_score(truth, score)
    assert assumed(report)["positive"] == "1"
    assert warned(report, "the blanks around cells are left out")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("sep", [",", ";", "|"])
def test_quotes_after_a_blank_quote(tmp_path: Path, sep: str, end: str) -> None:
    path = tmp_path / "x.csv"
    lines = ["\ufeffy_true, text, y_pred", ' 1, "yes, ""no""", "a', 'b"', "", "0 , x, caf\u00e9 "]
    path.write_bytes(end.join([*lines, ""]).replace(", ", f"{sep} ").encode())
    assert cells(path) == {
        "y_true": ["1", "0"],
        "text": [f'yes{sep} "no"', "x"],
        "y_pred": [f"a{end}b", "caf\u00e9"],
    }


def test_an_encoding_of_one_byte_and_a_packed_file_are_stripped_too(tmp_path: Path) -> None:
    text = "label, pred\n" + "caf\u00e9, th\u00e9\n" * 3
    (tmp_path / "x.csv").write_bytes(text.encode("cp1252"))
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(text.encode()))
    expected = {"label": ["caf\u00e9"] * 3, "pred": ["th\u00e9"] * 3}
    assert cells(tmp_path / "x.csv") == cells(tmp_path / "x.csv.gz") == expected


def test_a_long_file_is_read_as_the_short_one(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("label, pred\n" + "".join(f"{i % 3}, {i % 2}\n" for i in range(400_000)))
    expected = accuracy_score([i % 3 for i in range(6)], [i % 2 for i in range(6)])
    report = mleval.classify(path)
    assert report["accuracy"].value == pytest.approx(expected, abs=1e-5)
    assert report.provenance["rows"] == 400_000


def test_a_bad_row_is_on_its_own_line(tmp_path: Path) -> None:
    told = refused(tmp_path, "y_true, score\n1, 0.5\n\n0, much\n", "--score", "score")
    assert "x.csv, line 4: 'much'" in told
    assert "line 3: 3 cells" in refused(tmp_path, "y_true, y_pred\n1, 0\n0, 1, 1\n")


def test_blanks_after_some_delimiters_belong_to_the_text(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('label,pred,text\n1,0,"a, b"\n0,1, c\n')
    assert cells(path)["text"] == ["a, b", " c"]
