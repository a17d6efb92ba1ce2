"""`mleval diagnose --errors FILE`: the rows that are wrong, the worst first."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from command import run
from planted import planted

import mleval

TABLE = """id,y_true,y_pred,y_prob,note,=sum(a1)
a,1,1,0.90,fine,1
b,1,0,0.30,=HYPERLINK("x"),2
c,0,1,0.95,"two\nlines",3
d,0,0,0.10,fine,4
e,0,1,0.60,\x1b[31mred,5
f,1,0,0.05,@home,-6
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "preds.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_csv_has_all_columns_of_the_mistakes_the_surest_first(table: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    assert run("diagnose", str(table), "--errors", str(wrong)).status == 0
    with wrong.open(encoding="utf-8", newline="") as stream:
        head, *rows = csv.reader(stream)
    assert head == ["row", "id", "y_true", "y_pred", "y_prob", "note", "'=sum(a1)", "confidence"]
    assert [row[:2] for row in rows] == [["3", "c"], ["6", "f"], ["2", "b"], ["5", "e"]]
    assert [float(row[-1]) for row in rows] == [0.95, 0.95, 0.7, 0.6]
    assert [row[4] for row in rows] == ["0.95", "0.05", "0.30", "0.60"]
    notes = [row[5] for row in rows]
    assert notes == ["two\\nlines", "'@home", '\'=HYPERLINK("x")', "\\x1b[31mred"]
    assert rows[1][6] == "-6"


def test_json_lines_keep_what_cells_hold(table: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.jsonl"
    mleval.diagnose(str(table), errors=str(wrong))
    text = wrong.read_text(encoding="utf-8")
    assert "\x1b" not in text
    rows = [json.loads(line) for line in text.splitlines()]
    assert [row["note"] for row in rows] == [
        "two\nlines",
        "@home",
        '=HYPERLINK("x")',
        "\x1b[31mred",
    ]
    assert rows[0]["row"] == 3


def test_rows_are_those_of_the_file_under_a_filter_and_a_split(tmp_path: Path) -> None:
    path, wrong = tmp_path / "preds.csv", tmp_path / "wrong.jsonl"
    data = planted("overfitting", 0, rows=500).data
    names = list(data)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(names)
        writer.writerows(zip(*data.values(), strict=True))
    mleval.diagnose(str(path), errors=str(wrong), filter="age > 40")
    rows = [json.loads(line) for line in wrong.read_text(encoding="utf-8").splitlines()]
    expected = (data["y_true"] != data["y_pred"]) & (data["split"] == "test") & (data["age"] > 40)
    assert sorted(row["row"] - 1 for row in rows) == np.flatnonzero(expected).tolist()
    for row in rows:
        assert float(row["age"]) == data["age"][row["row"] - 1]


def test_regressions_give_the_tenth_with_the_largest_residuals(tmp_path: Path) -> None:
    data = planted("regress_clean", 0, rows=400).data
    wrong = tmp_path / "wrong.jsonl"
    mleval.diagnose(data, errors=str(wrong))
    rows = [json.loads(line) for line in wrong.read_text(encoding="utf-8").splitlines()]
    residual = data["y_true"] - data["y_pred"]
    assert [row["row"] - 1 for row in rows] == np.argsort(-np.abs(residual))[:40].tolist()
    assert [row["residual"] for row in rows] == residual[
        np.argsort(-np.abs(residual))[:40]
    ].tolist()


def test_texts_give_the_tenth_that_score_lowest(tmp_path: Path) -> None:
    hypotheses, references = tmp_path / "hyp.txt", tmp_path / "ref.txt"
    references.write_text("".join(f"the {i} cats sat on mats\n" for i in range(30)))
    bad = {7: "nothing alike", 11: "the 11 cats", 20: ""}
    lines = [bad.get(i, f"the {i} cats sat on mats") for i in range(30)]
    hypotheses.write_text("".join(f"{line}\n" for line in lines))
    wrong = tmp_path / "wrong.csv"
    done = run("diagnose", str(hypotheses), "--ref", str(references), "--errors", str(wrong))
    assert done.status == 0
    with wrong.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["segment"] for row in rows] == ["21", "8", "12"]
    assert rows[2]["reference"] == "the 11 cats sat on mats"


def test_a_file_that_cannot_be_written_is_refused(table: Path, tmp_path: Path) -> None:
    done = run("diagnose", str(table), "--errors", str(tmp_path / "no" / "wrong.csv"))
    assert done.status == 3
    assert "there is no directory" in done.stderr
    assert not done.stdout


def test_no_mistakes_make_a_file_without_rows(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    mleval.diagnose({"y_true": ["a", "b"] * 9, "y_pred": ["a", "b"] * 9}, errors=str(wrong))
    assert wrong.read_text(encoding="utf-8") == "row,y_true,y_pred\n"
