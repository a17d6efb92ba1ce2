"""Truth in another file: joined on an id, or row by row, or refused with every reason at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import Result, run
from sklearn.metrics import f1_score, roc_auc_score

import mleval
from mleval.errors import InputError, UsageError


@pytest.fixture
def write(tmp_path: Path):
    def write(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def report(result: Result) -> dict[str, Any]:
    assert result.status == 0, result.stderr
    return json.loads(result.stdout)


def assumed(found: dict[str, Any]) -> dict[str, str]:
    return {item["what"]: item["value"] for item in found["assumed"]}


def value(found: dict[str, Any], spec: str) -> float:
    return found["metrics"][spec]["value"]


def test_rows_are_matched_on_the_id_in_any_order(write) -> None:
    rng = np.random.default_rng(3)
    truth, score = rng.integers(0, 2, 500), rng.random(500)
    order = rng.permutation(500)
    predictions = write(
        "p.csv",
        "id,pred,prob_1\n" + "".join(f"r{i},{score[i] > 0.4:d},{score[i]}\n" for i in order),
    )
    truths = write("t.csv", "id,label\n" + "".join(f"r{i},{truth[i]}\n" for i in range(500)))
    found = report(run("classify", predictions, "--truth-file", truths, "--json"))
    assert value(found, "f1") == pytest.approx(f1_score(truth, score > 0.4), abs=1e-12)
    assert value(found, "roc_auc") == pytest.approx(roc_auc_score(truth, score), abs=1e-12)
    assert assumed(found)["join"] == "id"
    assert found["inputs"] == [predictions, truths]


@pytest.mark.parametrize(
    ("command", "offered"), [("classify", True), ("regress", False), ("pairs", False)]
)
def test_only_labels_can_count_as_wrong_where_a_prediction_is_missing(
    write, command: str, offered: bool
) -> None:
    predictions = write("p.csv", "id,prediction,distance\n1,1,1\n2,0,1\n9,0,1\n")
    truths = write("t.csv", "id,label,dissimilar\n1,1,1\n2,1,0\n3,0,0\n")
    refused = run(command, predictions, "--truth-file", truths)
    assert refused.status == 3
    assert f"1 id of {truths} missing in {predictions}: '3'" in refused.stderr
    assert ("--missing wrong" in refused.stderr) == offered
    assert "--missing drop leaves truths without a prediction out" in refused.stderr


def test_kaggle_files_call_both_columns_alike(write) -> None:
    predictions = write("p.csv", "id,label\n3,dog\n1,cat\n2,dog\n")
    truths = write("t.csv", "id,label\n1,cat\n2,cat\n3,dog\n")
    flags = ("--truth-file", truths, "--strict", "--task", "multiclass", "--json")
    found = report(run("classify", predictions, *flags))
    assert value(found, "accuracy") == pytest.approx(2 / 3)
    assert assumed(found)["truth"] == "label (truth file)"


def test_the_ids_may_have_different_names(write) -> None:
    predictions = write("p.csv", "image,pred\na,1\nb,0\n")
    truths = write("t.csv", "filename,y_true\nb,0\na,0\n")
    args = ("classify", predictions, "--truth-file", truths, "--json")
    found = report(run(*args, "--on", "image=filename"))
    assert value(found, "accuracy") == 0.5
    assert assumed(found)["join"] == "image=filename"


def test_ids_under_two_names_are_not_guessed_to_be_the_same(write) -> None:
    predictions, truths = write("p.csv", "id,pred\n1,1\n"), write("t.csv", "uid,y_true\n1,1\n")
    result = run("classify", predictions, "--truth-file", truths)
    assert result.status == 3
    assert "--on id=uid" in result.stderr


def test_the_types_of_the_ids_may_differ(write, tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [2, 1, 3], "pred": ["b", "a", "a"]}), tmp_path / "p.parquet")
    truths = write("t.jsonl", "".join(f'{{"id": "{i}", "label": "a"}}\n' for i in (1, 2, 3)))
    found = report(run("classify", str(tmp_path / "p.parquet"), "--truth-file", truths, "--json"))
    assert value(found, "accuracy") == pytest.approx(2 / 3)


def test_missing_extra_repeated_and_empty_ids_are_told_together(write) -> None:
    rows = "".join(f"{i},cat\n" for i in (1, 1, 2, 90, 91, 92, 93, 94, 95)) + ",dog\n"
    predictions = write("p.csv", "id,pred\n" + rows)
    truths = write("t.csv", "id,label\n1,cat\n2,dog\n3,dog\n3,dog\n")
    result = run("classify", predictions, "--truth-file", truths, "--json")
    assert (result.status, result.stdout) == (3, "")
    assert result.stderr.replace(predictions, "p.csv").replace(truths, "t.csv") == (
        "error: p.csv and t.csv do not match on 'id':\n"
        "  1 id of t.csv missing in p.csv: '3'\n"
        "  6 ids of p.csv that t.csv does not have: '90', '91', '92', '93', '94' and 1 more\n"
        "  1 id repeated in p.csv: '1' (2 times)\n"
        "  1 id repeated in t.csv: '3' (2 times)\n"
        "  1 without an id in 'id' of p.csv: line 11\n"
        "hint: each id belongs once in both files; --missing drop leaves truths without a "
        "prediction out, --missing wrong counts them as wrong; either leaves predictions without a "
        "truth out\n"
    )


@pytest.mark.parametrize(("policy", "accuracy", "used"), [("drop", 1.0, 2), ("wrong", 0.5, 4)])
def test_truths_without_a_prediction(write, policy: str, accuracy: float, used: int) -> None:
    predictions = write("p.csv", "id,pred\n2,b\n1,a\n")
    truths = write("t.csv", "id,label\n1,a\n2,b\n3,a\n4,b\n")
    found = report(
        run("classify", predictions, "--truth-file", truths, "--missing", policy, "--json")
    )
    assert value(found, "accuracy") == accuracy
    assert found["provenance"]["rows_used"] == used
    assert any("2" in warning for warning in found["warnings"])


@pytest.mark.parametrize("header", ["", "label\n"])
@pytest.mark.parametrize("own_header", ["", "prediction\n"])
def test_one_value_a_line_is_taken_in_turn(write, header: str, own_header: str) -> None:
    predictions = write("vw.txt", own_header + "1\n-1\n1\n-1\n-1\n")
    truths = write("t.txt", header + "1\n-1\n-1\n-1\n1\n")
    found = report(run("classify", predictions, "--truth-file", truths, "--json"))
    assert value(found, "accuracy") == 0.6
    (join,) = [item for item in found["assumed"] if item["what"] == "join"]
    assert join["value"] == "row by row"
    assert join["why"].startswith("5 rows of")


def test_one_score_a_line(write) -> None:
    predictions = write("lgb.txt", "0.9\n0.2\n0.6\n0.1\n0.8\n")
    truths = write("t.txt", "1\n0\n0\n0\n1\n")
    found = report(run("classify", predictions, "--truth-file", truths, "--json"))
    expected = roc_auc_score([1, 0, 0, 0, 1], [0.9, 0.2, 0.6, 0.1, 0.8])
    assert value(found, "roc_auc") == pytest.approx(expected)


def test_without_ids_the_counts_must_agree(write) -> None:
    predictions, truths = write("p.csv", "pred\na\nb\n"), write("t.csv", "label\na\nb\na\n")
    result = run("classify", predictions, "--truth-file", truths)
    assert result.status == 3
    assert "found 3 and 2" in result.stderr


def test_strict_does_not_join_row_by_row(write) -> None:
    predictions, truths = write("p.csv", "pred\n1\n0\n"), write("t.csv", "label\n1\n0\n")
    result = run("classify", predictions, "--truth-file", truths, "--strict")
    assert result.status == 3
    assert "join=row by row" in result.stderr


def test_a_bad_value_is_placed_in_both_files(write) -> None:
    predictions = write("p.csv", "id,score\n1,0.5\n2,oops\n")
    truths = write("t.csv", "id,label\n2,1\n1,0\n")
    result = run("classify", predictions, "--truth-file", truths, "--score", "score")
    assert result.status == 3
    assert f"{predictions}, line 3 ({truths}, line 2)" in result.stderr


@pytest.mark.parametrize(
    ("flags", "status", "told"),
    [
        (("--on", "a=b=c"), 2, "on is A=B"),
        (("--on", "id", "--id", "id"), 2, "two ways"),
        (("--on", "id=lable"), 3, "did you mean 'label'"),
        (("--truth", "lable"), 3, "did you mean 'label'"),
    ],
)
def test_flags_that_cannot_be_meant(write, flags: tuple[str, ...], status: int, told: str) -> None:
    predictions, truths = write("p.csv", "id,pred\n1,1\n"), write("t.csv", "id,label\n1,1\n")
    result = run("classify", predictions, "--truth-file", truths, *flags)
    assert result.status == status
    assert told in result.stderr


def test_on_needs_a_truth_file(write) -> None:
    assert run("classify", write("p.csv", "id,pred\n1,1\n"), "--on", "id").status == 2


def test_shards_and_tables_in_memory_are_joined_too(write) -> None:
    shards = [write(f"p{i}.csv", f"id,pred\n{i},{i % 2}\n") for i in range(4)]
    found = mleval.classify(shards, truth_file={"id": [3, 2, 1, 0], "label": [1, 0, 1, 1]})
    assert found["accuracy"].value == 0.75
    table = {"key": ["a", "b"], "pred": [1, 0]}
    found = mleval.classify(table, truth_file={"k": ["b", "a"], "label": [1, 1]}, on="key=k")
    assert found["accuracy"].value == 0.5


def test_the_python_function_refuses_as_the_command_does() -> None:
    with pytest.raises(InputError, match="missing"):
        mleval.classify({"id": [1], "pred": [1]}, truth_file={"id": [1, 2], "label": [1, 0]})
    with pytest.raises(UsageError):
        mleval.classify({"id": [1], "pred": [1], "label": [1]}, on="id")


def test_rows_that_a_filter_leaves_out_are_not_missing_nor_repeated(write) -> None:
    predictions = write("p.csv", "id,model,pred\n1,a,1\n2,a,0\n1,b,0\n2,b,0\n3,b,1\n")
    truths = write("t.csv", "id,label\n1,1\n2,0\n3,0\n")
    args = ("classify", predictions, "--truth-file", truths, "--json", "--filter")
    found = report(run(*args, 'model == "a"'))
    assert value(found, "accuracy") == 1.0
    assert found["provenance"]["rows_filtered_out"] == 3
    assert value(report(run(*args, 'model == "b"')), "accuracy") == pytest.approx(1 / 3)


def test_a_column_that_both_files_have_is_that_of_the_predictions(write) -> None:
    predictions = write("p.csv", "id,pred,part\n1,1,x\n2,0,y\n3,0,z\n4,0,z\n")
    truths = write("t.csv", "id,label,part\n1,1,y\n2,1,x\n3,0,z\n4,0,z\n")
    args = ("classify", predictions, "--truth-file", truths, "--json", "--filter")
    found = report(run(*args, 'part == "x"'))
    assert value(found, "accuracy") == 1.0
    assert any("'part (truth file)'" in warning for warning in found["warnings"])
    assert value(report(run(*args, '"part (truth file)" == "x"')), "accuracy") == 0.0


def test_a_file_is_not_its_own_truth(write) -> None:
    path = write("p.csv", "id,label\n1,1\n")
    assert run("classify", path, "--truth-file", path).status == 3
    assert run("classify", "-", "--truth-file", "-").status == 2


@pytest.mark.parametrize("read_from", ["predictions", "truths"])
def test_one_of_the_two_may_be_standard_input(write, read_from: str) -> None:
    ours, theirs = "id,pred\n1,1\n2,0\n", "id,label\n2,0\n1,0\n"
    predictions, truths = write("p.csv", ours), write("t.csv", theirs)
    if read_from == "predictions":
        result = run("classify", "-", "--truth-file", truths, "--json", stdin=ours.encode())
    else:
        result = run("classify", predictions, "--truth-file", "-", "--json", stdin=theirs.encode())
    assert value(report(result), "accuracy") == 0.5


def test_the_named_id_joins(write) -> None:
    predictions, truths = write("p.csv", "Key,pred\n1,1\n"), write("t.csv", "key,label\n1,0\n")
    found = report(run("classify", predictions, "--truth-file", truths, "--id", "key", "--json"))
    assert assumed(found)["join"] == "Key=key"


def test_ids_that_are_numbers_may_be_spelled_differently(write) -> None:
    predictions = write("p.csv", "id,pred\n1.0,1\n2.0,0\n")
    truths = write("t.csv", "id,y\n2,0\n1,0\n")
    found = report(run("classify", predictions, "--truth-file", truths, "--json"))
    assert value(found, "accuracy") == 0.5
    assert any("compared as numbers" in warning for warning in found["warnings"])
    padded = write("q.csv", "id,y\n01,0\n02,0\n")
    result = run("classify", predictions, "--truth-file", padded)
    assert result.status == 3
    assert "no id is in both files" in result.stderr


@pytest.mark.parametrize("header", ["pred", "prob_1,y_pred", "probability", "species_pred"])
def test_files_given_the_wrong_way_round_are_refused(write, header: str) -> None:
    cells = ",".join(["1"] * len(header.split(",")))
    predictions, truths = (
        write("p.csv", f"id,{header}\n7,{cells}\n"),
        write("t.csv", "id,label\n7,1\n"),
    )
    result = run("classify", truths, "--truth-file", predictions)
    assert (result.status, result.stdout) == (3, "")
    assert "give the predictions first: FILE --truth-file TRUTH" in result.stderr
    assert run("classify", predictions, "--truth-file", truths).status == 0


@pytest.mark.parametrize(("policy", "accuracy", "used"), [("drop", 0.5, 2), ("wrong", 1 / 3, 3)])
def test_predictions_without_a_truth(write, policy: str, accuracy: float, used: int) -> None:
    predictions = write("p.csv", "id,pred\n5,b\n2,b\n4,a\n1,b\n")
    truths = write("t.csv", "id,label\n1,a\n2,b\n3,a\n")
    args = ("classify", predictions, "--truth-file", truths, "--json")
    result = run(*args)
    assert result.status == 3
    assert "either leaves predictions without a truth out" in result.stderr
    found = report(run(*args, "--missing", policy))
    assert value(found, "accuracy") == pytest.approx(accuracy)
    assert found["provenance"]["rows_used"] == used
    assert found["provenance"]["left_out"]["no truth"] == 2
    assert any("2 no truth" in warning for warning in found["warnings"])
    write("t.csv", "id,label\n7,a\n8,b\n")
    assert "no id is in both files" in run(*args, "--missing", policy).stderr


def test_a_bad_value_without_a_truth_is_placed_where_it_is(write) -> None:
    predictions = write("p.csv", "id,score\n9,\n1,0.5\n2,oops\n")
    truths = write("t.csv", "id,label\n2,1\n1,0\n")
    args = ("--truth-file", truths, "--missing", "drop", "--score", "score")
    assert (
        f"{predictions}, line 4 ({truths}, line 2): 'oops'"
        in run("classify", predictions, *args).stderr
    )
