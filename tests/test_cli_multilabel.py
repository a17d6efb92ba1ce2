"""`mleval classify` on rows of several labels: what a person sees and a program reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import run

SAMPLE = Path(__file__).parent.parent / "sample_data" / "traits.csv"
CELLS = "label,pred\na|b,a\n,b\nb,b\na|c,a|c\n"
FILES = {
    "bars.csv": CELLS,
    "commas.tsv": CELLS.replace(",", "\t").replace("|", ","),
    "lists.jsonl": '{"labels": ["a", "b"], "predictions": ["a"]}\n'
    '{"labels": [], "predictions": ["b"]}\n'
    '{"labels": ["b"], "predictions": ["b"]}\n'
    '{"labels": ["a", "c"], "predictions": ["a", "c"]}\n',
    "python.csv": "label,pred\n\"['a', 'b']\",['a']\n[],['b']\n['b'],['b']\n"
    "\"['a', 'c']\",\"['a', 'c']\"\n",
    "marks.csv": "a_true,b_true,c_true,a_pred,b_pred,c_pred\n"
    "1,1,0,1,0,0\n0,0,0,0,1,0\n0,1,0,0,1,0\n1,0,1,1,0,1\n",
    "scores.csv": "a_true,b_true,c_true,a_proba,b_proba,c_proba\n"
    "1,1,0,.9,.2,.1\n0,0,0,.3,.6,0\n0,1,0,0,.7,.1\n1,0,1,.5,.4,.8\n",
}


@pytest.mark.parametrize("name", FILES)
def test_every_shape_is_evaluated_as_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FILES[name])
    result = run("classify", str(tmp_path / name), "--json", "--verify", "--task", "multilabel")
    assert result.status == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["task"] == "multilabel"
    assert report["provenance"]["labels"] == ["a", "b", "c"]
    assert report["metrics"]["subset_accuracy"]["value"] == 0.5
    assert report["metrics"]["hamming_loss"]["value"] == pytest.approx(2 / 12)
    assert report["metrics"]["f1[micro]"]["value"] == pytest.approx(8 / 10)
    assert report["classes"]["b"]["support"] == 2
    assert report["confusion"] is None
    assert ("roc_auc[macro]" in report["metrics"]) == (name == "scores.csv")


def test_the_table_has_averages_and_a_row_a_label() -> None:
    result = run("classify", str(SAMPLE), "-m", "f1[micro]", "-m", "f1[samples]", "-m", "f1")
    assert result.status == 0
    assert result.stdout.startswith("multilabel classification  899 rows · 4 labels")
    assert "labels=between '|'" in result.stdout
    assert "confusion" not in result.stdout
    assert [line.split("  ")[0] for line in result.stdout.splitlines()].count("has a loop") == 1


@pytest.mark.parametrize("form", ["markdown", "csv", "table"])
def test_every_format_takes_it(form: str) -> None:
    result = run("classify", str(SAMPLE), "--format", form)
    assert (result.status, "samples" in result.stdout) == (0, False)
    assert "0.6307" in result.stdout


def test_no_intervals_and_no_averages_of_the_default_report() -> None:
    result = run("classify", str(SAMPLE), "--json", "--no-intervals", "-m", "all")
    assert result.status == 0
    found = json.loads(result.stdout)["metrics"]
    assert {"f1[samples]", "roc_auc[micro]", "jaccard[weighted]"} <= set(found)
    assert all(item["low"] is None for item in found.values())


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ("-m kappa", 3, "kappa is a binary and multiclass metric, not a multilabel one"),
        ("-m f1[samples] --task binary", 2, "f1 has no samples average in a binary task"),
        ("--positive a", 2, "these rows have several labels"),
        ("--task binary --label-sep |", 2, "the task is binary"),
        ("--label-sep list", 3, "expected lists of labels in the truth column 'label'"),
        ("--threshold 0.3", 3, "there is no score column for the labels"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    tmp_path: Path, arguments: str, status: int, said: str
) -> None:
    (tmp_path / "a.csv").write_text(CELLS)
    result = run("classify", str(tmp_path / "a.csv"), *arguments.split())
    assert (result.status, said in result.stderr) == (status, True), result.stderr
    assert result.stdout == ""


def test_the_catalogue_of_the_task() -> None:
    result = run("metrics", "--task", "multilabel", "--format", "json")
    names = {metric["name"] for metric in json.loads(result.stdout)["metrics"]}
    assert {"subset_accuracy", "hamming_loss", "f1", "roc_auc", "average_precision"} <= names
    assert not {"accuracy", "kappa", "mcc"} & names
