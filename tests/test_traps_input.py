"""Traps of reading: what the cells of a prediction file mean, however it is written."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from traps import assumed, refused, reported, values, warned

HEADER = "y_true,y_pred\n"


def labels(report: dict) -> list[str]:
    return report["provenance"]["labels"]


def test_words_that_mean_missing_elsewhere_are_labels(tmp_path: Path) -> None:
    rows = "NA,NA\nNone,null\nnull,null\nnan,nan\n"
    report = reported(tmp_path, HEADER + rows)
    assert labels(report) == ["NA", "None", "nan", "null"]
    assert values(report)["accuracy"] == 3 / 4
    lines = '{"label":"NA","prediction":"NA"}\n{"label":"None","prediction":"null"}\n'
    assert labels(reported(tmp_path, lines, name="x.jsonl")) == ["NA", "None", "null"]


def test_leading_zeros_keep_labels_apart(tmp_path: Path) -> None:
    report = reported(tmp_path, HEADER + "007,7\n7,7\n012,012\n")
    assert labels(report) == ["007", "7", "012"]
    assert values(report)["accuracy"] == pytest.approx(2 / 3)


def test_only_an_empty_cell_is_missing_truth(tmp_path: Path) -> None:
    report = reported(tmp_path, HEADER + "1,1.0\n,0.0\n0,0.0\n")
    assert values(report)["accuracy"] == 1
    assert warned(report, "1 of 3 rows is left out: 1 no truth")
    assert report["provenance"]["rows"] == 3
    assert report["provenance"]["rows_used"] == 2
    assert report["provenance"]["left_out"] == {"no truth": 1}


def test_numbers_are_one_label_in_every_spelling(tmp_path: Path) -> None:
    report = reported(tmp_path, HEADER + "1,1.0\n0,0.0\n1,0.0\n")
    assert labels(report) == ["0", "1"]
    assert values(report)["accuracy"] == pytest.approx(2 / 3)
    assert warned(report, "labels are compared as numbers")


def test_true_and_false_are_1_and_0(tmp_path: Path) -> None:
    report = reported(tmp_path, HEADER + "True,1\nFalse,0\nTrue,0\n")
    assert labels(report) == ["0", "1"]
    assert values(report)["recall"] == 0.5
    assert warned(report, "true = 1, false = 0")


def test_lines_end_at_newlines_only(tmp_path: Path) -> None:
    report = reported(tmp_path, HEADER + "a\u2028b,a\u2028b\nc\x0bd,c\x0bd\ne\x85f,c\x0cd\n")
    assert report["provenance"]["rows"] == 3
    assert labels(report) == ["a\u2028b", "c\x0bd", "c\x0cd", "e\x85f"]


def test_a_quoted_cell_may_hold_a_line_end_and_stays_one_label(tmp_path: Path) -> None:
    report = reported(tmp_path, HEADER + '"a\nb","a\nb"\nb,c\n')
    assert report["provenance"]["rows"] == 2
    assert "a\nb" in labels(report)


WRITTEN = {
    "plain": (HEADER + "a,é\né,é\n").encode(),
    "CRLF": (HEADER + "a,é\né,é\n").replace("\n", "\r\n").encode(),
    "no last line end": (HEADER + "a,é\né,é").encode(),
    "blank lines": (HEADER + "\na,é\n\né,é\n\n").encode(),
    "UTF-8 with BOM": (HEADER + "a,é\né,é\n").encode("utf-8-sig"),
    "UTF-16": (HEADER + "a,é\né,é\n").encode("utf-16"),
    "Windows-1252": (HEADER + "a,é\né,é\n").encode("cp1252"),
    "semicolons": (HEADER + "a,é\né,é\n").replace(",", ";").encode(),
    "tabs": (HEADER + "a,é\né,é\n").replace(",", "\t").encode(),
    "quoted": b'"y_true","y_pred"\n' + '"a","é"\n"é","é"\n'.encode(),
    "padded header": (" y_true , y_pred \na,é\né,é\n").encode(),
    "a column twice": ("y_true,y_pred,y_pred\na,é,é\né,é,é\n").encode(),
    "gzip": gzip.compress((HEADER + "a,é\né,é\n").encode()),
    "JSON lines": '{"label":"a","prediction":"é"}\n{"label":"é","prediction":"é"}\n'.encode(),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_the_same_rows_are_read_however_they_are_written(tmp_path: Path, how: str) -> None:
    report = reported(tmp_path, WRITTEN[how])
    assert labels(report) == ["a", "é"]
    assert report["confusion"]["cells"] == [["a", "é", 1.0], ["é", "é", 1.0]]


def test_a_guessed_encoding_and_a_repeated_column_are_told(tmp_path: Path) -> None:
    assert warned(reported(tmp_path, WRITTEN["Windows-1252"]), "read as Windows-1252")
    assert warned(reported(tmp_path, WRITTEN["a column twice"]), "'y_pred' is there twice")


def test_a_name_that_lies_about_the_format_does_no_harm(tmp_path: Path) -> None:
    sample = Path(__file__).parent.parent / "sample_data" / "progression.parquet"
    report = reported(tmp_path, sample.read_bytes(), name="x.csv")
    assert values(report) == values(reported(tmp_path, sample.read_bytes(), name="x.parquet"))


def test_columns_passed_over_and_mixed_rows_are_told(tmp_path: Path) -> None:
    report = reported(tmp_path, "y_true,label,y_pred,split\n1,1,1,train\n0,0,1,test\n")
    assert assumed(report)["truth"] == "y_true"
    assert warned(report, "truth: 'y_true' is taken; passed over: 'label'")
    assert warned(report, "column 'split' has 2 values")


def test_percentages_are_fractions_when_declared(tmp_path: Path) -> None:
    report = reported(tmp_path, "y_true,y_prob\n1,90\n0,20\n", "--score-scale", "percent")
    assert values(report)["brier"] == pytest.approx((0.1**2 + 0.2**2) / 2)
    assert values(report)["recall"] == 1


def test_logits_are_never_guessed(tmp_path: Path) -> None:
    rows = "y_true,score\n1,3.2\n0,-1\n1,-2\n0,-5\n"
    plain = reported(tmp_path, rows)
    assert "log_loss" not in plain["metrics"]
    declared = values(reported(tmp_path, rows, "--score-scale", "logit"))
    from sklearn.metrics import log_loss
    from sklearn.utils.extmath import softmax

    logits = [[0, 3.2], [0, -1], [0, -2], [0, -5]]
    assert declared["log_loss"] == pytest.approx(log_loss([1, 0, 1, 0], softmax(logits)))


def test_weights_count_by_name_and_other_weights_are_pointed_out(tmp_path: Path) -> None:
    weighted = reported(tmp_path, "y_true,y_pred,sample_weight\na,a,3\nb,a,1\n")
    assert values(weighted)["accuracy"] == 0.75
    named = reported(tmp_path, "y_true,y_pred,weight\na,a,3\nb,a,1\n")
    assert values(named)["accuracy"] == 0.5
    assert warned(named, "--weight weight weights the rows by it")


def test_a_weight_of_zero_leaves_the_row_out_wholly(tmp_path: Path) -> None:
    report = reported(tmp_path, "y_true,y_pred,sample_weight\na,a,1\nb,a,0\nc,c,2\n")
    assert labels(report) == ["a", "c"]
    assert values(report)["accuracy"] == 1
    assert warned(report, "1 of 3 rows is left out: 1 weight 0")


def test_missing_predictions_are_dropped_or_wrong_as_told(tmp_path: Path) -> None:
    rows = HEADER + "1,1\n0,\n1,\n0,0\n"
    dropped = reported(tmp_path, rows, "--missing", "drop")
    assert values(dropped)["accuracy"] == 1
    assert warned(dropped, "2 of 4 rows are left out: 2 missing prediction")
    wrong = reported(tmp_path, rows, "--missing", "wrong")
    assert (values(wrong)["accuracy"], values(wrong)["recall"]) == (0.5, 0.5)
    assert warned(wrong, "2 rows without a prediction count as wrong")


def test_a_missing_prediction_is_a_miss_and_no_new_class(tmp_path: Path) -> None:
    report = reported(tmp_path, HEADER + "a,a\nb,\nc,\nb,b\n", "--missing", "wrong")
    assert labels(report) == ["a", "b", "c"]
    found = values(report)
    assert found["recall[macro]"] == pytest.approx((1 + 0.5 + 0) / 3)
    assert found["precision[macro]"] == pytest.approx((1 + 1 + 0) / 3)


def test_missing_scores_are_dropped_when_told_and_never_wrong(tmp_path: Path) -> None:
    rows = "y_true,y_prob\n1,.3\n0,\n1,\n0,.1\n"
    report = reported(tmp_path, rows, "--missing", "drop")
    assert values(report)["roc_auc"] == 1
    assert warned(report, "2 of 4 rows are left out: 2 missing score")
    told = refused(tmp_path, "y_true,y_pred,y_prob\n1,1,.3\n0,,\n0,0,.1\n", "--missing", "wrong")
    assert "found 1 empty cell in 'y_prob'" in told
