"""Traps of classification: roles, positive class, averages, undefined values."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from sklearn import metrics as sk
from traps import assumed, refused, reported, values, warned

HEADER = "y_true,y_pred\n"
THREE = "label,prob_a,prob_b,prob_c\na,.5,.3,.2\nb,.5,.4,.1\nc,.1,.1,.8\n"


def test_labels_alone_are_enough_and_scores_are_not_made_up(tmp_path: Path) -> None:
    found = values(reported(tmp_path, HEADER + "1,1\n0,0\n1,0\n"))
    assert found["f1"] == pytest.approx(2 / 3)
    assert not {"roc_auc", "log_loss", "ece"} & set(found)


def test_scores_alone_are_enough_and_the_threshold_is_told(tmp_path: Path) -> None:
    report = reported(tmp_path, "y_true,y_score\n1,.9\n0,.2\n1,.3\n")
    assert assumed(report)["score-scale"] == "probability"
    assert assumed(report)["threshold"] == "0.5"
    found = values(report)
    assert (found["recall"], found["roc_auc"]) == (0.5, 1)
    assert found["log_loss"] == pytest.approx(-math.log(0.9 * 0.8 * 0.3) / 3)


def test_class_probabilities_alone_are_enough_and_the_prediction_is_told(tmp_path: Path) -> None:
    report = reported(tmp_path, THREE)
    assert assumed(report)["prediction"] == "the class with the highest probability"
    assert values(report)["accuracy"] == pytest.approx(2 / 3)
    assert values(report)["log_loss"] == pytest.approx(-math.log(0.5 * 0.4 * 0.8) / 3)


def test_class_probabilities_are_matched_by_name_not_by_place(tmp_path: Path) -> None:
    moved = "label,prob_c,prob_a,prob_b\na,.2,.5,.3\nb,.1,.5,.4\nc,.8,.1,.1\n"
    assert values(reported(tmp_path, moved)) == pytest.approx(values(reported(tmp_path, THREE)))


@pytest.mark.parametrize(
    ("positive", "negative"),
    [("1", "0"), ("1", "-1"), ("true", "false"), ("Yes", "No"), ("positive", "negative"),
     ("pos", "neg")],
)  # fmt: skip
def test_the_positive_class_of_a_known_pair_is_known(tmp_path, positive, negative) -> None:
    rows = f"{positive},{positive}\n{negative},{positive}\n{negative},{negative}\n"
    report = reported(tmp_path, HEADER + rows)
    assert report["metrics"]["precision"]["value"] == 0.5
    assert report["signature"]["positive"] == report["metrics"]["precision"]["class"]
    assert report["signature"]["positive"].lower() in (positive.lower(), "1")


def test_the_positive_class_is_never_guessed_by_the_alphabet(tmp_path: Path) -> None:
    report = reported(tmp_path, HEADER + "no,no\nmaybe,no\n")
    assert report["task"] == "multiclass"
    assert "precision[macro]" in report["metrics"]
    assert "roc_auc" not in report["metrics"]
    assert warned(report, "neither maybe nor no is known as a positive class")
    assert warned(report, "--positive no")
    report = reported(tmp_path, HEADER + "no,no\nmaybe,no\n", "--positive", "maybe")
    assert (report["task"], report["metrics"]["recall"]["value"]) == ("binary", 0)


def test_a_lone_probability_column_names_the_positive_class(tmp_path: Path) -> None:
    report = reported(tmp_path, "y_true,prob_ham\nspam,.2\nham,.7\nham,.1\n")
    assert assumed(report)["positive"] == "ham"
    assert values(report)["roc_auc"] == 0.5


def test_a_score_without_a_known_positive_class_is_refused_with_a_hint(tmp_path: Path) -> None:
    told = refused(tmp_path, "y_true,score\nno,.2\nmaybe,.7\n")
    assert "a score column alone cannot tell 2 classes apart: maybe, no" in told
    assert "--positive" in told


def test_a_confidence_is_of_the_predicted_class_when_it_must_be(tmp_path: Path) -> None:
    rows = [("1", "1", 0.9), ("0", "0", 0.8), ("1", "0", 0.6), ("0", "1", 0.7)]
    text = "".join(f"{t},{p},{c}\n" for t, p, c in rows)
    report = reported(tmp_path, "y_true,y_pred,confidence\n" + text)
    assert assumed(report)["score-of"] == "predicted"
    of_positive = [c if p == "1" else 1 - c for _, p, c in rows]
    truth = [int(t) for t, *_ in rows]
    assert values(report)["roc_auc"] == pytest.approx(sk.roc_auc_score(truth, of_positive))
    assert values(report)["brier"] == pytest.approx(sk.brier_score_loss(truth, of_positive))


def of_predicted(truth: list[int], guess: list[int], score: list[float]) -> dict[str, float]:
    """The metrics when the score is of the predicted class."""
    turned = [s if g else 1 - s for g, s in zip(guess, score, strict=True)]
    return {
        "roc_auc": sk.roc_auc_score(truth, turned),
        "brier": sk.brier_score_loss(truth, turned),
        "log_loss": sk.log_loss(truth, turned),
    }


T, G, S = [0, 0, 1, 1, 1, 0], [0, 0, 1, 1, 0, 1], [0.9, 0.8, 0.9, 0.7, 0.6, 0.75]
NAMES = ("probability", "y_prob", "prob", "score", "y_score", "predicted_prob", "pred_proba")


@pytest.mark.parametrize("name", NAMES)
def test_a_score_that_no_threshold_explains_is_of_the_predicted_class(
    tmp_path: Path, name: str
) -> None:
    rows = "".join(f"{t},{g},{s}\n" for t, g, s in zip(T, G, S, strict=True))
    report = reported(tmp_path, f"label,prediction,{name}\n{rows}")
    assert {k: values(report)[k] for k in ("roc_auc", "brier", "log_loss")} == pytest.approx(
        of_predicted(T, G, S), abs=1e-12
    )
    assert warned(report, f"{name} is read as the probability of the predicted class")
    as_given = reported(tmp_path, f"label,prediction,{name}\n{rows}", "--score-of", "positive")
    assert values(as_given)["roc_auc"] == pytest.approx(sk.roc_auc_score(T, S), abs=1e-12)
    refused(tmp_path, f"label,prediction,{name}\n{rows}", "--strict")


def test_a_score_that_a_threshold_explains_is_of_the_positive_class(tmp_path: Path) -> None:
    rows = "1,1,.95\n0,1,.9\n1,0,.8\n0,0,.6\n"
    report = reported(tmp_path, "label,prediction,score\n" + rows)
    assert values(report)["roc_auc"] == sk.roc_auc_score([1, 0, 1, 0], [0.95, 0.9, 0.8, 0.6])
    assert warned(report, "no score is below it: --score-of predicted if it is of that class")


@pytest.mark.parametrize("guess", [G, [0] * 6, [1] * 6])
def test_the_score_beside_a_label_is_that_of_the_label(tmp_path: Path, guess: list[int]) -> None:
    words = ("NEGATIVE", "POSITIVE")
    rows = [
        {"label": words[t], "prediction": {"label": words[g], "score": s}}
        for t, g, s in zip(T, guess, S, strict=True)
    ]
    report = reported(tmp_path, "".join(json.dumps(row) + "\n" for row in rows), name="x.jsonl")
    expected = of_predicted(T, guess, S)
    assert {spec: values(report)[spec] for spec in expected} == pytest.approx(expected, abs=1e-12)


def test_a_confidence_below_one_half_is_of_the_positive_class(tmp_path: Path) -> None:
    report = reported(tmp_path, "y_true,y_pred,confidence\n1,1,.9\n0,0,.2\n1,0,.1\n0,1,.7\n")
    assert assumed(report)["score-of"] == "positive"
    expected = sk.roc_auc_score([1, 0, 1, 0], [0.9, 0.2, 0.1, 0.7])
    assert values(report)["roc_auc"] == pytest.approx(expected)


def test_scores_beyond_0_to_1_give_ranking_metrics_only(tmp_path: Path) -> None:
    report = reported(tmp_path, "y_true,score\n1,3.2\n0,-1\n1,-2\n0,-5\n")
    assert set(report["metrics"]) == {"roc_auc", "average_precision", "best_f1"}
    assert values(report)["roc_auc"] == 0.75
    assert warned(report, "score is not on 0-1, so only ranking metrics are read off it")
    assert warned(report, "--threshold T predicts from it, --score-scale says what it is")


SCORED = "y_true,y_pred,y_prob\n1,1,.9\n0,0,.2\n1,0,.6\n0,1,.3\n"


def test_given_predictions_stand_and_their_disagreement_is_told(tmp_path: Path) -> None:
    report = reported(tmp_path, SCORED)
    assert values(report)["accuracy"] == 0.5
    assert warned(report, "2 predictions (50.0%) are not what a threshold of 0.5 on the score")


def test_a_threshold_overrides_the_predictions_and_says_so(tmp_path: Path) -> None:
    report = reported(tmp_path, SCORED, "--threshold", "0.5")
    assert values(report)["accuracy"] == 1
    assert warned(report, "--threshold overrides the prediction column y_pred")


TRUTH = ["a", "a", "b", "b", "c", "c"]
GUESS = ["a", "b", "b", "b", "a", "d"]
ROWS = HEADER + "".join(f"{t},{p}\n" for t, p in zip(TRUTH, GUESS, strict=True))


def test_macro_f1_is_the_mean_of_the_classes_f1_over_the_union_of_labels(tmp_path: Path) -> None:
    found = values(reported(tmp_path, ROWS))
    for name, function in (
        ("f1", sk.f1_score),
        ("precision", sk.precision_score),
        ("recall", sk.recall_score),
    ):
        for average in ("macro", "weighted"):
            expected = function(TRUTH, GUESS, average=average, zero_division=0)
            assert found[f"{name}[{average}]"] == pytest.approx(expected)
    mean = 2 * found["precision[macro]"] * found["recall[macro]"]
    assert found["f1[macro]"] != pytest.approx(
        mean / (found["precision[macro]"] + found["recall[macro]"])
    )


def test_balanced_accuracy_is_over_the_labels_of_truth(tmp_path: Path) -> None:
    assert values(reported(tmp_path, ROWS))["balanced_accuracy"] == pytest.approx((0.5 + 1 + 0) / 3)


def test_an_undefined_class_counts_0_and_is_named_or_is_left_out(tmp_path: Path) -> None:
    report = reported(tmp_path, ROWS)
    assert warned(report, "precision is undefined for c (nothing was predicted as it)")
    assert warned(report, "recall is undefined for d")
    assert report["classes"]["c"]["metrics"]["precision"]["value"] is None
    left_out = reported(tmp_path, ROWS, "--zero-division", "nan")
    assert values(left_out)["precision[macro]"] == pytest.approx((0.5 + 2 / 3 + 0) / 3)
    assert warned(left_out, "left out of its averages")


def test_classes_says_what_averages_are_over(tmp_path: Path) -> None:
    report = reported(tmp_path, ROWS, "--classes", "a,b")
    expected = sk.f1_score(TRUTH, GUESS, labels=["a", "b"], average="macro")
    assert values(report)["f1[macro]"] == pytest.approx(expected)
    assert warned(report, "averages are over the 2 classes of --classes; not over c, d")


def test_micro_f1_over_all_classes_is_called_accuracy(tmp_path: Path) -> None:
    report = reported(tmp_path, ROWS, "-m", "f1[micro]")
    assert values(report)["f1[micro]"] == pytest.approx(sk.accuracy_score(TRUTH, GUESS))
    assert warned(report, "over all classes f1[micro] is accuracy")
    assert not any("[micro]" in spec for spec in reported(tmp_path, ROWS)["metrics"])


@pytest.mark.parametrize(
    ("rows", "reason"),
    [("a,a\nb,a\n", "prediction"), ("a,a\na,b\n", "truth"), ("a,a\na,a\n", "constant")],
)
def test_kappa_and_mcc_of_a_constant_column_are_undefined(tmp_path, rows, reason) -> None:
    report = reported(tmp_path, HEADER + rows)
    for name in ("mcc", "kappa"):
        assert report["metrics"][name]["value"] is None
        assert reason in report["metrics"][name]["undefined"]
