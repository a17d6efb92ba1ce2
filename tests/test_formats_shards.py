"""Shards, matrices and joins whose order or names could mislead: what they give, or why not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import mleval
from mleval.errors import InputError, UsageError


def _write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def _shards(folder: Path) -> list[Path]:
    """Twelve shards of two rows whose numbers sort otherwise than their names, and their truth."""
    made = []
    for shard in range(1, 13):
        labels = ["a", "b"] if shard % 3 else ["b", "b"]
        made.append(_write(folder / f"preds-{shard}.csv", "pred\n" + "\n".join(labels) + "\n"))
    lines = [line for path in made for line in path.read_text().split()[1:]]
    _write(folder / "truth.csv", "label\n" + "\n".join(lines) + "\n")
    return made


@pytest.mark.parametrize("how", ["glob", "directory", "in order"])
def test_shards_are_taken_in_the_order_of_their_numbers(tmp_path: Path, how: str) -> None:
    (tmp_path / "in").mkdir()
    made = _shards(tmp_path / "in")
    (tmp_path / "in" / "truth.csv").rename(tmp_path / "truth.csv")
    data = {"glob": tmp_path / "in" / "preds-*.csv", "directory": tmp_path / "in", "in order": made}
    report = mleval.classify(data[how], truth_file=tmp_path / "truth.csv")
    assert report["accuracy"].value == 1.0


def test_shards_in_the_order_of_a_shell_are_refused_where_rows_are_taken_in_turn(
    tmp_path: Path,
) -> None:
    made = sorted(_shards(tmp_path), key=str)
    with pytest.raises(InputError, match="not in the order of their numbers"):
        mleval.classify(made, truth_file=tmp_path / "truth.csv")


def test_a_zero_on_top_of_both_files_is_a_value_or_a_name(tmp_path: Path) -> None:
    predictions = _write(tmp_path / "p.csv", "0\n1\n0\n")
    truths = _write(tmp_path / "t.csv", "0\n1\n1\n")
    with pytest.raises(InputError, match="a value, or the name of a column"):
        mleval.classify(predictions, truth_file=truths)
    as_values = mleval.classify(predictions, truth_file=truths, header=False)
    assert as_values["accuracy"].value == 2 / 3
    as_names = mleval.classify(predictions, truth_file=truths, header=True)
    assert as_names["accuracy"].value == 1 / 2


def test_a_score_does_not_hide_the_predicted_labels_of_a_join(tmp_path: Path) -> None:
    predictions = _write(tmp_path / "p.csv", "id,label,score\n1,0,0.9\n2,1,0.2\n3,0,0.6\n")
    truths = _write(tmp_path / "t.csv", "id,label\n1,1\n2,0\n3,1\n")
    report = mleval.classify(predictions, truth_file=truths)
    assert report["accuracy"].value == 0.0
    assert report["roc_auc"].value == 1.0


@pytest.mark.parametrize("kind", ["csv", "npy"])
@pytest.mark.parametrize("classes", [2, 3])
def test_a_matrix_without_a_header_holds_the_probabilities_of_the_classes(
    tmp_path: Path, kind: str, classes: int
) -> None:
    random = np.random.default_rng(classes)
    matrix = random.dirichlet(np.ones(classes), 40).round(6)
    truth = random.integers(0, classes, 40)
    if kind == "csv":
        np.savetxt(tmp_path / "p.csv", matrix, fmt="%.6f", delimiter=",")
    else:
        np.save(tmp_path / "p.npy", matrix)
    truths = _write(tmp_path / "t.csv", "label\n" + "\n".join(map(str, truth)) + "\n")
    report = mleval.classify(tmp_path / f"p.{kind}", truth_file=truths)
    expected = float((matrix.argmax(axis=1) == truth).mean())
    assert report["accuracy"].value == pytest.approx(expected, abs=1e-12)
    with pytest.raises(InputError, match="strict"):
        mleval.classify(tmp_path / f"p.{kind}", truth_file=truths, strict=True)


def test_the_classes_of_a_matrix_can_be_named(tmp_path: Path) -> None:
    matrix = _write(tmp_path / "p.tsv", "0.9\t0.1\t0\n0.2\t0.8\t0\n0.1\t0.2\t0.7\n")
    truths = _write(tmp_path / "t.csv", "label\ncat\ndog\ncat\n")
    report = mleval.classify(matrix, truth_file=truths, classes=["cat", "dog", "cow"])
    assert report["accuracy"].value == 2 / 3


def test_numbered_columns_are_no_classes(tmp_path: Path) -> None:
    rows = [
        f"{x},{y},{1 + (x > y)},{1 + (x > 0)}" for x, y in zip((6, 3, -1), (4, 5, 2), strict=True)
    ]
    table = _write(tmp_path / "p.csv", "\n".join(rows) + "\n")
    report = mleval.classify(table, truth="3", prediction="4", header=False)
    assert "log_loss" not in report.metrics
    assert report["accuracy"].value == 2 / 3


def test_a_repeated_column_is_compared_to_its_end(tmp_path: Path) -> None:
    rows = ["a,a,a"] * 1500
    same = _write(tmp_path / "same.csv", "label,pred,pred\n" + "\n".join(rows) + "\n")
    assert mleval.classify(same)["accuracy"].value == 1.0
    other = _write(tmp_path / "other.csv", "label,pred,pred\n" + "\n".join([*rows, "a,a,b"]) + "\n")
    with pytest.raises(InputError, match="two columns 'pred' with different values"):
        mleval.classify(other)


def test_a_point_among_decimal_commas_is_refused_where_it_stands(tmp_path: Path) -> None:
    rows = ["0;2,25", "1;0,5"] * 600
    table = _write(tmp_path / "p.csv", "label;score\n" + "\n".join([*rows, "1;1.234"]) + "\n")
    with pytest.raises(InputError, match=r"line 1202: '1\.234 \(a point"):
        mleval.classify(table)


def test_a_filter_tells_long_numbers_apart_or_says_that_it_cannot() -> None:
    keys = ["9007199254740993", "9007199254740992"]
    table = {"key": keys, "label": ["a", "b"], "pred": ["a", "a"]}
    with pytest.raises(UsageError, match="cannot be told from it"):
        mleval.classify(table, filter=f"key == {keys[0]}")
    assert mleval.classify(table, filter=f'key == "{keys[0]}"')["accuracy"].n == 1


def test_a_filter_does_not_compare_lists(tmp_path: Path) -> None:
    lines = '{"label": ["a"], "pred": ["a", "b"]}\n' * 3
    table = _write(tmp_path / "p.jsonl", lines)
    with pytest.raises(InputError, match="expected one value a row in 'label'"):
        mleval.classify(table, filter='label == "a"')


ROWS = '[{"label": 1, "pred": 1}, {"label": 0, "pred": 0}]'


@pytest.mark.parametrize(
    "text",
    [
        ROWS + "\n" + ROWS,
        ROWS + " xyz",
        ROWS[:-1] + "}",
        ROWS[:-1],
        '{"rows": ' + ROWS,
        '{"rows": ' + ROWS + "]",
        '{"rows": ' + ROWS + "} {}",
        '{"rows": ' + ROWS[:-1] + "}]",
    ],
)
@pytest.mark.parametrize("padding", [0, 3 << 20])
def test_json_is_read_to_its_end(tmp_path: Path, text: str, padding: int) -> None:
    whole = {"rows": json.loads(ROWS), "note": "x" * padding}
    for complete in (ROWS + " " * padding + "\n", json.dumps(whole), " " + json.dumps(whole)):
        report = mleval.classify(_write(tmp_path / "p.json", complete))
        assert report["accuracy"].n == 2
    with pytest.raises(InputError, match=r"p\.json"):
        mleval.classify(_write(tmp_path / "p.json", " " * padding + text))


def test_an_encoding_that_decodes_nothing_is_refused(tmp_path: Path) -> None:
    table = _write(tmp_path / "p.csv", "label,pred\na,a\n")
    with pytest.raises(InputError, match="no encoding is called 'undefined'"):
        mleval.classify(table, encoding="undefined")


def _of(label: int, share: float) -> dict[str, float]:
    return {"label": label, "prob": share}


def test_numbers_of_a_list_are_no_models(tmp_path: Path) -> None:
    rows = [
        {"label": truth, "predicted_label_probs": [_of(1, share), _of(0, 1 - share)]}
        for truth, share in ((0, 0.25), (1, 0.75), (1, 0.125))
    ]
    lines = [json.dumps(row) for row in rows]
    report = mleval.classify(_write(tmp_path / "p.jsonl", "\n".join(lines) + "\n"))
    assert isinstance(report, mleval.Report)
    assert report["accuracy"].value == 2 / 3


def test_models_are_named_after_the_prediction(tmp_path: Path) -> None:
    table = {"y_true": [1, 0, 1], "y_pred_lr": [1, 0, 1], "y_pred_dt": [0, 0, 1]}
    reports = mleval.classify(table)
    assert isinstance(reports, mleval.ReportSet)
    assert reports["dt"]["accuracy"].value == 2 / 3
    assert reports.best("accuracy") == ("lr",)


def test_no_model_is_best_of_other_rows() -> None:
    table = {
        "model": ["a"] * 4 + ["b"] * 3,
        "id": [1, 2, 3, 4, 1, 2, 3],
        "y_true": [1, 0, 1, 0, 1, 0, 1],
        "y_pred": [1, 0, 0, 0, 1, 0, 1],
    }
    reports = mleval.classify(table)
    assert isinstance(reports, mleval.ReportSet)
    assert reports.best("accuracy") == ()
    assert "the models have other rows: a 4, b 3" in repr(reports)


@pytest.mark.parametrize("before", [0, 1500])
def test_two_objects_on_a_line_are_refused_wherever_they_stand(tmp_path: Path, before: int) -> None:
    row = '{"label": "a", "pred": "a"}'
    table = _write(tmp_path / "p.jsonl", f"{row}\n" * before + f"{row}{row}\n{row}\n")
    with pytest.raises(InputError, match=f"line {before + 1}: expected one JSON object"):
        mleval.classify(table)
    blank = _write(tmp_path / "p.jsonl", f"{row}\n" * 1500 + f"\n \n{row}\n\n")
    assert mleval.classify(blank)["accuracy"].n == 1501


def _joined(folder: Path, predictions: str, truths: str) -> tuple[Path, Path]:
    return _write(folder / "p.csv", predictions), _write(folder / "t.csv", truths)


@pytest.mark.parametrize("name", ["row_id", "id"])
def test_two_ids_that_match_the_rows_differently_are_refused(tmp_path: Path, name: str) -> None:
    predictions, truths = _joined(
        tmp_path,
        f"{name},image_id,pred\n0,i3,c\n1,i1,a\n2,i2,b\n",
        f"{name},image_id,label\n0,i1,a\n1,i2,b\n2,i3,c\n",
    )
    with pytest.raises(InputError, match="match their rows differently"):
        mleval.classify(predictions, truth_file=truths)
    named = mleval.classify(predictions, truth_file=truths, id="image_id")
    assert named["accuracy"].value == 1.0


def test_rows_that_are_not_the_same_are_not_compared_in_turn(tmp_path: Path) -> None:
    predictions, truths = _joined(
        tmp_path,
        "patient,visit,pred\n1,1,a\n2,1,b\n1,2,a\n2,2,b\n",
        "patient,visit,label\n1,1,a\n1,2,a\n2,1,b\n2,2,b\n",
    )
    with pytest.raises(InputError, match="in row 2 'patient' is '2' in the one and '1' in the"):
        mleval.classify(predictions, truth_file=truths)
    in_order = _write(tmp_path / "t.csv", "patient,visit,label\n1,1,a\n2.0,1,b\n1,2,a\n2,2,b\n")
    assert mleval.classify(predictions, truth_file=in_order)["accuracy"].value == 1.0


def test_models_whose_truths_differ_are_told_of(tmp_path: Path) -> None:
    rows = ["1,a,1,1", "2,a,0,0", "3,a,1,1", "1,b,0,1", "2,b,0,0", "3,b,0,0"]
    table = _write(tmp_path / "p.csv", "id,model,y_true,y_pred\n" + "\n".join(rows) + "\n")
    reports = mleval.classify(table)
    assert list(reports) == ["a", "b"]
    assert any("2 ids have another truth" in told for told in reports["a"].warnings)


def test_labels_that_only_look_alike_are_told_of(tmp_path: Path) -> None:
    composed, apart = "caf\u00e9", "cafe\u0301"
    table = _write(tmp_path / "p.csv", f"label,pred\n{composed},{apart}\ntea,tea\n")
    assert any("differ only by case" in told for told in mleval.classify(table).warnings)
    disjoint = _write(tmp_path / "p.csv", f"label,pred\n{composed},{apart}\n")
    with pytest.raises(InputError, match="no label in common") as refused:
        mleval.classify(disjoint)
    assert "accents" in str(refused.value.hint)
