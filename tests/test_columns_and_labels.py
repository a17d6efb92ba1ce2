"""Class columns whose names are spelled unlike the labels, renamed labels, and logits."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import log_loss, recall_score, roc_auc_score

import mleval
from mleval.evaluation.run import evaluate
from mleval.options import ClassifyOptions
from mleval.verification import verify

RNG = np.random.default_rng(3)


def agree(columns: dict[str, object], **options: object) -> None:
    told = ClassifyOptions(**options)  # type: ignore[arg-type]
    rows = verify(evaluate(columns, told, keep_batches=True), told).rows
    assert rows
    assert [row for row in rows if row.agrees is False] == []


def test_a_positive_class_is_a_label_before_it_is_a_column() -> None:
    columns = {
        "truth": ["True", "False", "True", "False"],
        "prediction": ["1", "0", "0", "0"],
        "prob_True": [0.9, 0.2, 0.4, 0.1],
        "prob_False": [0.1, 0.8, 0.6, 0.9],
    }
    for options in ({}, {"positive": "True"}, {"positive": "1"}):
        report = mleval.classify(columns, **options)
        assert report["accuracy"].value == 0.75
        assert report["recall"].value == 0.5
    agree(columns, positive="True")


def test_renamed_labels_find_their_columns() -> None:
    spam = RNG.random(60)
    truth = (RNG.random(60) < spam).astype(int)
    columns = {"label": truth, "prob_spam": spam, "prob_ham": 1 - spam}
    options = {"map": {"1": "spam", "0": "ham"}, "positive": "spam"}
    report = mleval.classify(columns, **options)
    assert report["log_loss"].value == pytest.approx(log_loss(truth, spam), abs=1e-12)
    assert report["roc_auc"].value == pytest.approx(roc_auc_score(truth, spam), abs=1e-12)
    agree(columns, **options)


@pytest.mark.parametrize("scale", [1.0, 300.0])
def test_one_of_three_columns_of_logits_is_an_event_by_its_log_odds(scale: float) -> None:
    logits = RNG.normal(size=(90, 3)) * scale
    truth = np.array(list("abc"))[(logits + RNG.gumbel(size=(90, 3)) * scale).argmax(axis=1)]
    columns = {"y_true": truth} | {f"logit_{c}": logits[:, i] for i, c in enumerate("abc")}
    report = mleval.classify(columns, positive="a")
    others = np.logaddexp(logits[:, 1], logits[:, 2])
    auc = roc_auc_score(truth == "a", logits[:, 0] - others)
    assert report["roc_auc"].value == pytest.approx(auc, abs=1e-12)
    agree(columns, positive="a")
    agree(columns)


@pytest.mark.parametrize(
    ("column", "flags"),
    [("logit_yes", {}), ("logit", {"score": "logit"}), ("y_logits", {"score": "y_logits"})],
)
@pytest.mark.parametrize("predicted", [True, False])
def test_a_lone_column_of_logits_is_evaluated_as_such(column, flags, predicted) -> None:
    logits = RNG.normal(size=60) * 2
    truth = np.where(RNG.random(60) < 1 / (1 + np.exp(-logits)), "yes", "no")
    columns = {"y_true": truth, column: logits}
    if predicted:
        columns["y_pred"] = np.where(logits >= 0, "yes", "no")
    report = mleval.classify(columns, **flags)
    agree(dict(columns), **flags)
    declared = mleval.classify(
        {**columns, "score": columns.pop(column)}, score="score", score_scale="logit"
    )
    assert report["log_loss"].value == pytest.approx(log_loss(truth, 1 / (1 + np.exp(-logits))))
    for spec, estimate in declared.metrics.items():
        assert report[spec] == estimate, spec
    assert not [w for w in report.warnings if "threshold" in w]
    assert report["recall"].value == recall_score(truth == "yes", logits >= 0)


def test_a_logit_of_the_predicted_class_is_turned_by_its_sign() -> None:
    margin = RNG.normal(size=80) * 3
    truth = (margin + RNG.normal(size=80) * 2 > 0).astype(int)
    plain = mleval.classify({"y_true": truth, "score": margin}, score_scale="logit")
    columns = {"y_true": truth, "y_pred": (margin > 0).astype(int), "score": np.abs(margin)}
    options = {"score_of": "predicted", "score_scale": "logit"}
    turned = mleval.classify(columns, **options)
    for name in ("roc_auc", "log_loss", "brier"):
        assert turned[name].value == pytest.approx(plain[name].value, abs=1e-12)
    agree(columns, **options)
    with pytest.raises(mleval.InputError, match="score-of predicted"):
        mleval.classify(columns, score_of="predicted", score_scale="any")


def test_predictions_that_share_no_label_with_the_truth_are_refused_beside_columns() -> None:
    columns = {
        "y_true": ["a", "b", "a"],
        "y_pred": ["x", "y", "x"],
        "prob_a": [0.9, 0.2, 0.7],
        "prob_b": [0.1, 0.8, 0.3],
    }
    with pytest.raises(mleval.InputError, match="no label in common"):
        mleval.classify(columns)


def test_a_task_does_not_hang_on_which_classes_happen_to_occur() -> None:
    columns = {
        "label": ["no", "yes", "no", "yes"],
        "prob_no": [0.7, 0.2, 0.6, 0.1],
        "prob_yes": [0.2, 0.7, 0.2, 0.8],
        "prob_maybe": [0.1, 0.1, 0.2, 0.1],
    }
    report = mleval.classify(columns)
    assert report.task == "multiclass"
    assert "maybe" in (report["roc_auc_ovr[macro]"].undefined or "")
    assert mleval.classify(columns, metrics="accuracy")["accuracy"].value == 1.0


def test_averages_over_some_classes_are_so_for_scores_too() -> None:
    p = RNG.dirichlet([1, 1, 1], 100)
    truth = np.array([RNG.choice(list("abc"), p=row) for row in p])
    columns = {"y_true": truth} | {f"prob_{c}": p[:, i] for i, c in enumerate("abc")}
    report = mleval.classify(columns, classes=["a", "b"])
    areas = [roc_auc_score(truth == c, p[:, i]) for i, c in enumerate("ab")]
    assert report["roc_auc_ovr[macro]"].value == pytest.approx(np.mean(areas), abs=1e-12)
    agree(columns, classes=("a", "b"))


def test_a_missing_prediction_is_wrong_whatever_labels_occur() -> None:
    columns = {"y_true": ["1", "0", "0", "1"], "y_pred": ["1", None, "0", None]}
    report = mleval.classify(columns, missing="wrong")
    assert report["accuracy"].value == 0.5
    assert report["specificity"].value == 0.5
    agree(columns, missing="wrong")
    alone = mleval.classify({"y_true": ["0", "0"], "y_pred": ["0", None]}, missing="wrong")
    assert alone["specificity"].value == 0.5
    several = {"y_true": list("abca"), "y_pred": ["a", None, "c", "b"]}
    agree(several, missing="wrong")


def test_a_number_too_large_to_write_out_is_a_label_like_any() -> None:
    report = mleval.classify(truth=["1e99999999", "2"], prediction=["1e99999999", "2"])
    assert report["accuracy"].value == 1.0
