"""Derived metrics: their values by hand, and their intervals by the influence of each row."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from command import run
from sklearn.metrics import average_precision_score, f1_score, recall_score, roc_auc_score

import mleval
from mleval.errors import UsageError
from mleval.expression import Derived
from mleval.report import Estimate, Report

SAMPLES = Path(__file__).parent.parent / "sample_data"

Z = NormalDist().inv_cdf(0.975)
RNG = np.random.default_rng(5)
ROWS = 120
TRUTH = np.round(RNG.normal(50, 9, ROWS), 2)
PREDICTION = np.round(TRUTH + RNG.normal(1, 4, ROWS), 2)
ERROR = PREDICTION - TRUTH
LABEL = (RNG.random(ROWS) < 0.4).astype(int)
SCORE = np.round(np.clip(0.3 * LABEL + RNG.random(ROWS) * 0.7, 0, 1), 2)
GUESS = (SCORE >= 0.5).astype(int)


def regressed(*metrics: str, **options: object) -> Report:
    report = mleval.regress(truth=TRUTH, prediction=PREDICTION, metrics=list(metrics), **options)
    assert isinstance(report, Report)
    return report


def classified(*metrics: str) -> Report:
    data = {"y_true": LABEL, "y_pred": GUESS, "prob": SCORE}
    report = mleval.classify(data, score="prob", metrics=list(metrics), positive="1")
    assert isinstance(report, Report)
    return report


def half_width(found: Estimate) -> float:
    assert found.low is not None
    assert found.high is not None
    assert found.value is not None
    assert found.high - found.value == pytest.approx(found.value - found.low, rel=1e-9)
    return (found.high - found.low) / 2


def by_weights(metric: Callable[[np.ndarray], float], *, small: bool) -> float:
    """z times the root of Σφ², φ the slope of a metric in the weight of each row.

    small: with n / (n − 1), as for means and scores.
    """
    step, slopes = 1e-4, []
    for row in range(ROWS):
        moved = np.zeros(ROWS)
        moved[row] = step
        slopes.append((metric(1 + moved) - metric(1 - moved)) / (2 * step))
    spread = float(np.sum(np.square(slopes)))
    return Z * float(np.sqrt(spread * (ROWS / (ROWS - 1) if small else 1)))


def test_a_sum_of_means_is_the_mean_of_the_sums() -> None:
    report = regressed("combined = 0.7*mse + 0.3*mae")
    each = 0.7 * ERROR**2 + 0.3 * np.abs(ERROR)
    found = report["combined"]
    assert found.value == pytest.approx(each.mean(), rel=1e-12)
    assert half_width(found) == pytest.approx(Z * each.std(ddof=1) / ROWS**0.5, rel=1e-9)
    assert (found.method, found.n, found.level) == ("delta", ROWS, 0.95)
    assert list(report) == ["combined"]


def test_a_ratio_of_means_by_the_chain_rule() -> None:
    square, absolute = ERROR**2, np.abs(ERROR)
    value = np.sqrt(square.mean()) / absolute.mean()
    each = value * (square / square.mean() / 2 - absolute / absolute.mean())
    found = regressed("ratio = rmse/mae")["ratio"]
    assert found.value == pytest.approx(value, rel=1e-12)
    assert half_width(found) == pytest.approx(Z * each.std(ddof=1) / ROWS**0.5, rel=1e-9)


def test_of_a_maximum_only_the_larger_moves() -> None:
    plain, larger = regressed("x = 2*mse", "m = max(2*mse, mae)").metrics.values()
    assert larger.to_dict() == plain.to_dict()


def test_counts_move_together() -> None:
    def of(weight: np.ndarray) -> float:
        both = (f1_score, recall_score)
        return sum(m(LABEL, GUESS, sample_weight=weight) for m in both) / 2

    found = classified("mean = (f1 + recall)/2")["mean"]
    assert found.value == pytest.approx(of(np.ones(ROWS)), rel=1e-12)
    assert half_width(found) == pytest.approx(by_weights(of, small=False), rel=1e-5)


def test_scores_move_together() -> None:
    def of(weight: np.ndarray) -> float:
        areas = (roc_auc_score, average_precision_score)
        return sum(area(LABEL, SCORE, sample_weight=weight) for area in areas)

    found = classified("areas = roc_auc + average_precision")["areas"]
    assert found.value == pytest.approx(of(np.ones(ROWS)), rel=1e-12)
    assert half_width(found) == pytest.approx(by_weights(of, small=True), rel=1e-5)


def test_a_part_without_an_interval_leaves_none() -> None:
    found = classified("both = f1 + best_f1")["both"]
    assert found.value is not None
    assert (found.low, found.high) == (None, None)
    assert str(found.no_interval).startswith("best_f1: ")


def test_what_has_no_value_is_told() -> None:
    found = regressed("x = 1/(mae - mae)")["x"]
    assert (found.value, found.low) == (None, None)
    assert found.undefined == "infinite: it divides by 0, or is beyond what a float can hold"
    found = regressed("x = sqrt(-mae)")["x"]
    assert found.undefined == "it divides 0 by 0, or takes the square root of a negative number"
    report = mleval.regress(truth=[1.0, 1.0], prediction=[1.0, 2.0], metrics="x = 1 - r2")
    assert str(report["x"].undefined).startswith("r2: ")


def test_without_intervals_there_are_values_alone() -> None:
    found = regressed("x = 2*mae", intervals=False)["x"]
    assert (found.low, found.level, found.no_interval) == (None, None, None)


def test_parts_are_reported_only_when_they_are_asked_for_themselves() -> None:
    report = regressed("x = mse - mae", "mae", "bias")
    assert list(report) == ["mae", "bias", "x"]
    assert report.signature["derived"] == {"x": "mse - mae"}


def test_averages_of_several_classes_in_a_derived_metric(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("y_true,y_pred\n" + "a,a\nb,a\nc,c\nb,b\nc,b\n" * 5)
    asked = "gap = f1[micro] - f1[macro]"
    result = run("classify", str(path), "-m", asked, "--json", "--verify")
    assert result.status == 0, result.stderr
    truth, guess = list("abcbc") * 5, list("aacbb") * 5
    gap = f1_score(truth, guess, average="micro") - f1_score(truth, guess, average="macro")
    assert json.loads(result.stdout)["metrics"]["gap"]["value"] == pytest.approx(gap, abs=1e-12)
    assert "1 of 1 number" in result.stderr or "agrees" in result.stderr


def test_in_python_as_an_object() -> None:
    asked = Derived.parse("x = 2*mae")
    report = mleval.regress(truth=TRUTH, prediction=PREDICTION, metrics=asked)
    assert report["x"].value == pytest.approx(2 * np.abs(ERROR).mean(), rel=1e-12)


def test_an_unknown_metric_is_pointed_at(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("y_true,y_pred\n1.5,2\n2,3\n")
    result = run("regress", str(path), "-m", "maee = 0.7*mse + 0.3*maee")
    assert result.status == 2
    lines = result.stderr.splitlines()
    assert lines[0] == "error: there is no metric 'maee'"
    at = lines[1].index("maee", lines[1].index("="))
    assert lines[2].index("^") == at


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["mae = 2*mse"], "mae is a name that mleval has given already"),
        (["f1 = 2*mse"], "f1 is a name that mleval has given already"),
        (["x = 2*mse", "x = 3*mse"], "x is derived in two ways"),
        (["x = 2*mse.low"], "mse.low: a derived metric is of values"),
        (["mse.low"], "mse.low: a report holds the whole estimate"),
    ],
)
def test_what_cannot_be_meant_is_refused(asked: list[str], told: str) -> None:
    with pytest.raises(UsageError, match=told.replace("(", r"\(")):
        regressed(*asked)


@pytest.mark.parametrize("command", ["regress", "classify"])
def test_a_field_in_a_derived_metric_is_pointed_at(command: str) -> None:
    one, other = ("mae", "rmse") if command == "regress" else ("f1", "roc_auc")
    file = {"regress": "diabetes.csv", "classify": "cancer.csv"}[command]
    result = run(command, str(SAMPLES / file), "-m", f"x = {one} - 2*{other}.low")
    assert (result.status, result.stdout) == (2, "")
    lines = result.stderr.splitlines()
    assert lines[0] == f"error: {other}.low: a derived metric is of values"
    assert lines[2].index("^") == lines[1].index(other)
    assert lines[3] == f"hint: write {other}"


def test_each_is_computed_once() -> None:
    assert list(regressed("x = 2*mse", "x=2*mse")) == ["x"]
