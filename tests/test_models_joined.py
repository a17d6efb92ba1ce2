"""The rows of several models in one file, joined with the truth of another, model by model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from command import run
from sklearn.metrics import f1_score
from test_models import GUESSES, ROWS, TRUTH, expect, set_of

RNG = np.random.default_rng(9)


@pytest.fixture
def truths(tmp_path: Path) -> str:
    path = tmp_path / "truths.csv"
    order = RNG.permutation(ROWS)
    path.write_text("sample_id,y_true\n" + "".join(f"{i},{TRUTH[i]}\n" for i in order))
    return str(path)


def without_truth(tmp_path: Path, *, left_out: tuple[str, int] | None = None) -> str:
    path = tmp_path / "predictions.csv"
    rows = [(m, i, GUESSES[m][i]) for m in GUESSES for i in range(ROWS) if (m, i) != left_out]
    text = "".join(f"{model},{i},{guess}\n" for model, i, guess in rows)
    path.write_text("model,sample_id,y_pred\n" + text)
    return str(path)


def test_each_model_is_joined_with_the_truth_file(tmp_path: Path, truths: str) -> None:
    path = without_truth(tmp_path)
    expect(set_of(path, "--truth-file", truths), scores=False)
    alone = json.loads(
        run("classify", path, "--truth-file", truths, "--model", "dt", "--json").stdout
    )
    assert alone["metrics"]["f1"]["value"] == pytest.approx(f1_score(TRUTH, GUESSES["dt"]))


def test_an_id_that_one_model_lacks_is_missing_though_another_has_it(
    tmp_path: Path, truths: str
) -> None:
    path = without_truth(tmp_path, left_out=("dt", 7))
    result = run("classify", path, "--truth-file", truths)
    assert (result.status, result.stdout) == (3, "")
    assert f"1 id of {truths} missing in {path}: '7'" in result.stderr
    found = set_of(path, "--truth-file", truths, "--missing", "drop")
    used = {name: report["provenance"]["rows_used"] for name, report in found["systems"].items()}
    assert used == {"lr": ROWS, "dt": ROWS - 1}


@pytest.mark.parametrize("condition", ["sample_id < 100", "y_true == 1 or sample_id < 50"])
def test_a_filter_beside_models_and_a_truth_file(
    tmp_path: Path, truths: str, condition: str
) -> None:
    rows = np.arange(ROWS)
    kept = rows < 100 if condition == "sample_id < 100" else (TRUTH == 1) | (rows < 50)
    path = without_truth(tmp_path)
    found = set_of(path, "--truth-file", truths, "--filter", condition)
    for name, report in found["systems"].items():
        accuracy = (TRUTH[kept] == GUESSES[name][kept]).mean()
        assert report["metrics"]["accuracy"]["value"] == pytest.approx(accuracy, abs=1e-12)


def test_one_model_by_a_filter_is_joined_as_if_alone(tmp_path: Path, truths: str) -> None:
    flags = ("--truth-file", truths, "--filter", "model == 'dt'", "--json")
    found = json.loads(run("classify", without_truth(tmp_path), *flags).stdout)
    assert found["schema"] == "mleval.report/1"
    assert found["metrics"]["f1"]["value"] == pytest.approx(f1_score(TRUTH, GUESSES["dt"]))


def test_models_without_ids_are_not_joined_row_by_row(tmp_path: Path) -> None:
    path, truths = tmp_path / "p.csv", tmp_path / "t.csv"
    path.write_text("model,pred\na,1\na,0\nb,1\nb,1\n")
    truths.write_text("y_true\n1\n0\n")
    result = run("classify", str(path), "--truth-file", str(truths))
    assert result.status == 3
    assert "found 2 and 4" in result.stderr
    assert "rows of several models can be joined no other way" in result.stderr
