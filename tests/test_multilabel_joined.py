"""Several labels a row, their truth in one file and their predictions in another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from multilabel_small import (
    COUNTED,
    LETTERS,
    PREDICTION,
    ROWS,
    TRUTH,
    close,
    expected,
    marked,
    values,
    write,
)
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    roc_auc_score,
)

import mleval
from mleval.errors import InputError

IDS = [f"r{at}" for at in range(40)]
ORDER = np.random.default_rng(0).permutation(40)
IN_TWO = {
    "endings": ("{}_true", "{}_pred"),
    "beginnings": ("true_{}", "pred_{}"),
    "truths are called as the labels": ("{}", "{}_pred"),
    "predictions are called as the labels": ("label_{}", "{}"),
    "both are called as the labels": ("{}", "{}"),
}


def moved(columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {name: [cells[at] for at in ORDER] for name, cells in columns.items()}


@pytest.mark.parametrize("task", [None, "multilabel"])
@pytest.mark.parametrize("how", IN_TWO)
def test_columns_of_labels_are_joined(tmp_path: Path, how: str, task: Any) -> None:
    theirs, ours = IN_TWO[how]
    truths = write(tmp_path / "t.csv", {"id": IDS, **marked(theirs, TRUTH)})
    predictions = write(tmp_path / "p.csv", moved({"id": IDS, **marked(ours, PREDICTION)}))
    report = mleval.classify(predictions, truth_file=truths, task=task, metrics=[*COUNTED])
    assert report.provenance["labels"] == [*LETTERS]
    assert close(values(report), expected(TRUTH, PREDICTION))


def test_columns_of_scores_called_as_the_labels_are_joined(tmp_path: Path) -> None:
    truths = write(tmp_path / "t.csv", {"id": IDS, **marked("{}", TRUTH)})
    predictions = write(tmp_path / "p.csv", moved({"id": IDS, **marked("{}", ROWS.scores)}))
    report = mleval.classify(predictions, truth_file=truths, metrics=["roc_auc", *COUNTED])
    found = values(report)
    auc = roc_auc_score(TRUTH, ROWS.scores, average="macro")
    assert found.pop("roc_auc[macro]") == pytest.approx(auc, abs=1e-12)
    assert close(found, expected(TRUTH, ROWS.scores >= 0.5))
    assert any("'a', 'b', 'c' are taken as labels" in text for text in report.warnings)
    with pytest.raises(InputError, match="--strict: 'a', 'b', 'c' are taken as labels"):
        mleval.classify(predictions, truth_file=truths, strict=True)
    strict = mleval.classify(predictions, truth_file=truths, strict=True, task="multilabel")
    assert strict["roc_auc[macro]"].value == pytest.approx(auc, abs=1e-12)


def test_predictions_and_scores_are_joined_row_by_row(tmp_path: Path) -> None:
    truths = write(tmp_path / "t.csv", marked("{}_true", TRUTH))
    ours = marked("{}_pred", PREDICTION) | marked("{}_proba", ROWS.scores)
    report = mleval.classify(
        write(tmp_path / "p.csv", ours), truth_file=truths, metrics=["average_precision", "f1"]
    )
    average = average_precision_score(TRUTH, ROWS.scores, average="macro")
    assert report["average_precision[macro]"].value == pytest.approx(average, abs=1e-12)
    assert report["f1[macro]"].value == pytest.approx(expected(TRUTH, PREDICTION)["f1[macro]"])


def test_the_features_of_a_truth_file_are_no_labels(tmp_path: Path) -> None:
    truths = write(tmp_path / "t.csv", {"id": IDS, **marked("{}", TRUTH)})
    alone = write(tmp_path / "p.csv", {"id": IDS, **marked("{}", PREDICTION), "d": IDS})
    with pytest.raises(InputError, match="no column that is named like a truth"):
        mleval.classify(alone, truth_file=truths)
    report = mleval.classify(alone, truth_file=truths, task="multilabel", metrics=[*COUNTED])
    assert close(values(report), expected(TRUTH, PREDICTION))
    named = write(tmp_path / "y.csv", {"id": IDS, **marked("{}", TRUTH), "target": TRUTH[:, 0]})
    ours = write(tmp_path / "q.csv", {"id": IDS, "pred": PREDICTION[:, 0], **marked("{}", TRUTH)})
    report = mleval.classify(ours, truth_file=named, metrics="accuracy")
    accuracy = accuracy_score(TRUTH[:, 0], PREDICTION[:, 0])
    assert report["accuracy"].value == pytest.approx(accuracy, abs=1e-12)


def test_a_label_without_a_prediction_is_told(tmp_path: Path) -> None:
    truths = write(tmp_path / "t.csv", {"id": IDS, **marked("{}_true", TRUTH)})
    ours = {"id": IDS, **marked("{}_pred", PREDICTION)}
    del ours["c_pred"]
    report = mleval.classify(write(tmp_path / "p.csv", ours), truth_file=truths, metrics=[*COUNTED])
    assert close(values(report), expected(TRUTH[:, :2], PREDICTION[:, :2]))
    assert any("no prediction stands beside 'c_true" in text for text in report.warnings)
