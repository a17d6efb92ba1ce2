"""Traps of scores, probabilities and statistics: ties, clipping, calibration, intervals."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics as sk
from traps import reported, values, warned

SCORED = "y_true,y_prob\n"


def scored(truth: list[int], scores: list[float]) -> str:
    return SCORED + "".join(f"{t},{s!r}\n" for t, s in zip(truth, scores, strict=True))


def test_tied_scores_count_half(tmp_path: Path) -> None:
    truth, scores = [1, 0, 1, 0, 1, 0], [0.5, 0.5, 0.5, 0.2, 0.2, 0.2]
    found = values(reported(tmp_path, scored(truth, scores)))
    assert found["roc_auc"] == pytest.approx(sk.roc_auc_score(truth, scores))
    report = reported(tmp_path, scored([1, 0, 1, 0], [0.5] * 4))
    assert values(report)["roc_auc"] == 0.5
    assert warned(report, "all scores are 0.5: they rank nothing")


@pytest.mark.parametrize(("label", "reason"), [(1, "no negative rows"), (0, "no positive rows")])
def test_the_auc_of_one_class_is_undefined(tmp_path, label: int, reason: str) -> None:
    found = reported(tmp_path, scored([label] * 2, [0.5, 0.6]))["metrics"]["roc_auc"]
    assert (found["value"], found["undefined"]) == (None, reason)


def test_an_auc_below_one_half_is_warned_about_and_not_turned(tmp_path: Path) -> None:
    report = reported(tmp_path, scored([1, 0, 1, 0], [0.1, 0.9, 0.3, 0.2]))
    assert values(report)["roc_auc"] == 0.25
    assert warned(report, "ROC-AUC 0.250 is below 0.5")


def test_average_precision_steps_and_the_trapezoid_is_another_metric(tmp_path: Path) -> None:
    truth, scores = [1, 0, 1, 0, 1], [0.9, 0.8, 0.7, 0.6, 0.5]
    flags = ("-m", "average_precision", "-m", "pr_auc")
    found = values(reported(tmp_path, scored(truth, scores), *flags))
    assert found["average_precision"] == pytest.approx((1 + 2 / 3 + 3 / 5) / 3)
    precision, recall, _ = sk.precision_recall_curve(truth, scores)
    assert found["pr_auc"] == pytest.approx(sk.auc(recall, precision))


def test_an_averaged_auc_with_an_absent_class_is_undefined_and_names_it(tmp_path: Path) -> None:
    report = reported(tmp_path, "label,prob_a,prob_b,prob_c\na,.5,.3,.2\nb,.5,.5,0\na,.6,.3,.1\n")
    found = report["metrics"]["roc_auc_ovr[macro]"]
    assert (found["value"], found["undefined"]) == (None, "no positive rows for class 'c'")


def test_log_loss_is_clipped_at_2e_16_and_says_of_how_many_rows(tmp_path: Path) -> None:
    report = reported(tmp_path, scored([1, 0, 1, 0], [0.0, 0.0, 1.0, 0.5]))
    expected = (-math.log(np.finfo(np.float64).eps) + math.log(2)) / 4
    assert values(report)["log_loss"] == pytest.approx(expected, rel=1e-9)
    assert warned(report, "3 rows have probability 0 or 1, clipped at 2.2e-16 for log loss")


def test_brier_is_on_0_to_1_with_two_classes_and_on_0_to_2_with_more(tmp_path: Path) -> None:
    two = reported(tmp_path, scored([1, 0], [0.0, 1.0]))["metrics"]["brier"]
    assert (two["value"], two["range"]) == (1, [0, 1])
    three = reported(tmp_path, "label,prob_a,prob_b,prob_c\na,0,1,0\nb,1,0,0\nc,1,0,0\n")
    found = three["metrics"]["brier"]
    assert (found["value"], found["range"]) == (2, [0, 2])


def test_calibration_error_closes_the_last_bin_and_skips_empty_ones(tmp_path: Path) -> None:
    found = values(reported(tmp_path, scored([1, 1, 0, 0], [1.0, 0.9, 0.0, 0.2])))
    # Bins of 1/15: 0 and 0.2 are alone; 0.9 and 1.0 are alone, the last one closed.
    assert found["ece"] == pytest.approx((0 + 0.1 + 0 + 0.2) / 4)


def test_calibration_is_of_the_positive_class_or_of_the_top_label(tmp_path: Path) -> None:
    two = values(reported(tmp_path, scored([0, 0], [0.1, 0.1])))
    assert two["ece"] == pytest.approx(0.1)
    three = reported(tmp_path, "label,prob_a,prob_b,prob_c\nb,.1,.8,.1\na,.1,.8,.1\nc,.1,.1,.8\n")
    assert values(three)["ece"] == pytest.approx(0.8 - 2 / 3)


def test_intervals_stay_within_the_range_and_are_never_empty(tmp_path: Path) -> None:
    rows = scored([1, 0] * 10, [0.9, 0.1] * 10)
    for name, found in reported(tmp_path, rows)["metrics"].items():
        if found["low"] is None:
            assert found["no_interval"]
            continue
        low, high = found["range"]
        assert found["low"] < found["high"], name
        assert low is None or found["low"] >= low, name
        assert high is None or found["high"] <= high, name


def test_proportions_have_wilson_intervals(tmp_path: Path) -> None:
    text = "y_true,y_pred\n" + "1,1\n" * 8 + "1,0\n" * 2 + "0,0\n" * 10
    found = reported(tmp_path, text)["metrics"]
    z = 1.959963984540054
    for name, successes, trials in (("recall", 8, 10), ("accuracy", 18, 20), ("precision", 8, 8)):
        share = successes / trials
        middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
        half = z / (1 + z * z / trials)
        half *= math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
        assert found[name]["low"] == pytest.approx(middle - half)
        assert found[name]["high"] == pytest.approx(middle + half)


def test_a_perfect_auc_has_an_interval_with_a_width(tmp_path: Path) -> None:
    found = reported(tmp_path, scored([1, 0] * 20, [0.9, 0.1] * 20))["metrics"]["roc_auc"]
    assert found["value"] == found["high"] == 1
    assert 0.5 < found["low"] < 1


def test_few_rows_are_pointed_out_by_class(tmp_path: Path) -> None:
    report = reported(tmp_path, "y_true,score\n" + "1,5\n" * 60 + "0,1\n0,7\n")
    assert warned(report, "under 50 rows of 0: intervals are approximate")


def test_weights_scaled_alike_change_no_value_and_no_interval(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = [(rng.integers(2), rng.random(), rng.integers(1, 5)) for _ in range(60)]

    def metrics(factor: float) -> dict:
        text = "y_true,y_prob,sample_weight\n"
        text += "".join(f"{t},{s!r},{w * factor}\n" for t, s, w in rows)
        found = reported(tmp_path, text)["metrics"]
        keys = ("value", "low", "high")
        return {(name, key): m[key] for name, m in found.items() for key in keys if m[key]}

    assert metrics(0.25) == pytest.approx(metrics(1.0), rel=1e-9)


def test_a_weight_of_2_is_the_row_twice_for_values(tmp_path: Path) -> None:
    rows = [("1", "0.9", 2), ("0", "0.3", 1), ("1", "0.2", 1), ("0", "0.7", 3)]
    head = "y_true,y_prob,sample_weight\n"
    weighted = head + "".join(f"{t},{s},{w}\n" for t, s, w in rows)
    repeated = head + "".join(f"{t},{s},1\n" * w for t, s, w in rows)
    expected = values(reported(tmp_path, repeated))
    assert values(reported(tmp_path, weighted)) == pytest.approx(expected)
