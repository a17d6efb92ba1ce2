"""What plots and pages draw is what scikit-learn and plain counting say, and no larger for more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from sklearn.calibration import calibration_curve
from sklearn.metrics import average_precision_score, confusion_matrix, roc_auc_score, roc_curve

import mleval
from mleval.report import Report

SAMPLES = Path(__file__).parent.parent / "sample_data"
RNG = np.random.default_rng(7)
TRUTH = RNG.integers(0, 2, 3000)
SCORE = np.clip(0.5 + 0.2 * (TRUTH - 0.5) + RNG.normal(0, 0.2, 3000), 0, 1).round(4)


def arrays(chart: Any) -> dict[str, Any]:
    """The columns as arrays, nan where there is nothing."""
    return {
        name: np.array(column)
        if any(isinstance(item, str) for item in column)
        else np.array(column, np.float64)
        for name, column in chart.items()
    }


@pytest.fixture(scope="module")
def binary() -> Report:
    return mleval.classify(truth=TRUTH, score=SCORE, plots=True)


def test_a_report_has_charts_only_when_asked() -> None:
    plain = mleval.classify(truth=TRUTH, score=SCORE)
    assert plain.charts == {}
    assert "charts" not in plain.to_dict()


def test_the_counts_at_each_threshold_are_those_of_a_confusion_matrix(binary: Report) -> None:
    found = arrays(binary.charts["thresholds"])
    assert 400 < len(found["threshold"]) <= 512
    for at in range(0, len(found["threshold"]), 20):
        tn, fp, fn, tp = confusion_matrix(TRUTH, found["threshold"][at] <= SCORE).ravel()
        assert [found[name][at] for name in ("tn", "fp", "fn", "tp")] == [tn, fp, fn, tp]


def test_the_roc_curve_is_on_that_of_scikit_learn_with_wilson_bands(binary: Report) -> None:
    found = arrays(binary.charts["roc"])
    fpr, tpr, _at = roc_curve(TRUTH, SCORE, drop_intermediate=False)
    points = {(x, y) for x, y in zip(fpr, tpr, strict=True)}
    assert {(x, y) for x, y in zip(found["fpr"], found["tpr"], strict=True)} <= points
    assert len(found["fpr"]) <= 512
    for place in (1, 100, 300):
        hits = round(found["tpr"][place] * TRUTH.sum())
        ends = stats.binomtest(hits, int(TRUTH.sum())).proportion_ci(0.95, method="wilson")
        assert_allclose([found["low"][place], found["high"][place]], ends, rtol=1e-9)


def test_the_band_of_precision_is_of_the_rows_that_are_predicted(binary: Report) -> None:
    found = arrays(binary.charts["pr"])
    for place in (5, 60, 200):
        above = found["threshold"][place] <= SCORE
        hits, n = int(TRUTH[above].sum()), int(above.sum())
        assert_allclose(found["precision"][place], hits / n)
        ends = stats.binomtest(hits, n).proportion_ci(0.95, method="wilson")
        assert_allclose([found["low"][place], found["high"][place]], ends, rtol=1e-9)


def test_scores_and_reliability_are_counted_in_bins(binary: Report) -> None:
    scores = arrays(binary.charts["scores"])
    edges = np.append(scores["lowest"], scores["highest"][-1])
    for name, label in (("positive", 1), ("negative", 0)):
        assert scores[name].tolist() == np.histogram(SCORE[label == TRUTH], edges)[0].tolist()
    score = SCORE * 0.999 + 0.00037  # none of them on the edge of a bin
    found = arrays(mleval.classify(truth=TRUTH, score=score, plots=True).charts["reliability"])
    frequency, confidence = calibration_curve(TRUTH, score, n_bins=15)
    assert_allclose(found["frequency"], frequency)
    assert_allclose(found["confidence"], confidence)


def test_weighted_rows_count_as_often_as_they_weigh() -> None:
    weight = RNG.integers(1, 4, 400)
    some = {"truth": TRUTH[:400], "score": SCORE[:400]}
    weighted = mleval.classify(**some, weight=weight, plots=True).charts
    repeated = {name: np.repeat(column, weight) for name, column in some.items()}
    plain = mleval.classify(**repeated, plots=True).charts
    assert weighted["thresholds"] == plain["thresholds"]
    assert weighted["roc"]["tpr"] == pytest.approx(plain["roc"]["tpr"])
    wide = np.diff([arrays(weighted["roc"])[end][9] for end in ("low", "high")])
    assert wide > np.diff([arrays(plain["roc"])[end][9] for end in ("low", "high")])


def test_each_class_has_the_curves_of_it_against_the_rest() -> None:
    truth = RNG.integers(0, 3, 300)
    logits = RNG.normal(size=(300, 3)) + 1.5 * np.eye(3)[truth]
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    found = mleval.classify(truth=truth, probabilities=p, classes=[0, 1, 2], plots=True).charts
    roc, pr = found["roc_by_class"], arrays(found["pr_by_class"])
    for name in range(3):
        mine = [at for at, label in enumerate(roc["class"]) if label == str(name)]
        area = np.trapezoid(arrays(roc)["tpr"][mine], arrays(roc)["fpr"][mine])
        assert_allclose(area, roc_auc_score(truth == name, p[:, name]), atol=2e-3)
        of_class = pr["class"] == str(name)
        steps = np.diff(pr["recall"][of_class]) @ pr["precision"][of_class][1:]
        exact = average_precision_score(truth == name, p[:, name])
        assert_allclose(steps, exact, atol=2e-2)
    assert None in roc["class"]


def test_a_thousand_classes_have_no_more_points_than_a_few() -> None:
    truth = np.arange(2000) % 500
    p = RNG.dirichlet(np.ones(500), 2000)
    report = mleval.classify(
        truth=truth, probabilities=p, classes=list(range(500)), metrics="accuracy", plots=True
    )
    assert len(report.charts["roc_by_class"]["fpr"]) < 7000


def test_errors_are_counted_and_compared_with_the_normal() -> None:
    truth = RNG.normal(size=901)
    prediction = truth + RNG.normal(1, 2, 901)
    found = mleval.regress(truth=truth, prediction=prediction, plots=True).charts
    error = prediction - truth
    counted = arrays(found["error"])
    inner = counted["weight"][1:-1]
    edges = np.append(counted["lowest"], counted["highest"][-1])
    assert inner.tolist() == np.histogram(error, edges)[0][1:-1].tolist()
    assert counted["weight"].sum() == 901
    qq = arrays(found["qq"])
    share = stats.norm.cdf(qq["normal"])
    exact = np.quantile(error, share, method="averaged_inverted_cdf")
    assert_allclose(qq["error"], exact, atol=1e-9)
    inside = (qq["low"] <= qq["error"]) & (qq["error"] <= qq["high"])
    assert inside.mean() > 0.8


@pytest.mark.parametrize("name", ["true_by_predicted", "error_by_predicted"])
def test_cells_hold_the_rows_that_lie_in_them(name: str) -> None:
    truth, prediction = RNG.normal(size=700), RNG.normal(size=700)
    charts = mleval.regress(truth=truth, prediction=prediction, plots=True).charts
    cells = arrays(charts[name])
    y = truth if name.startswith("true") else prediction - truth
    assert cells["weight"].sum() == 700
    at = int(cells["weight"].argmax())
    inside = (cells["x_lowest"][at] <= prediction) & (prediction < cells["x_highest"][at])
    inside &= (cells["y_lowest"][at] <= y) & (y < cells["y_highest"][at])
    assert inside.sum() == cells["weight"][at]


def test_the_sample_does_not_hang_on_how_rows_come() -> None:
    truth = RNG.normal(size=60_000)
    found = mleval.regress(truth=truth, prediction=truth + 1, plots=True).charts
    again = mleval.regress(truth=truth, prediction=truth + 1, plots=True).charts
    assert found == again
    spread = arrays(found["error_spread"])
    assert spread["weight"].sum() == 20_000
    assert_allclose(spread["p50"], 1.0)


def test_segments_and_sequences_and_pairs_are_counted() -> None:
    texts = mleval.text(["a cat sat", "hello", "b"], ["the cat sat", "hello", "c"], plots=True)
    segments = arrays(texts.charts["segments"])
    for name in set(segments["metric"]):
        assert segments["weight"][segments["metric"] == name].sum() == 3
    lengths = arrays(texts.charts["score_by_length"])
    assert lengths["lowest"].min() == 1
    assert lengths["highest"].max() == len("the cat sat")
    sequences = mleval.perplexity(SAMPLES / "harbour.jsonl", plots=True)
    assert sum(sequences.charts["perplexities"]["weight"]) == sequences.provenance["rows_used"]
    pairs = mleval.pairs(SAMPLES / "digit_pairs.csv", plots=True)
    best = pairs["best_f1"] if "best_f1" in pairs.metrics else None
    counts = arrays(pairs.charts["thresholds"])
    assert (np.diff(counts["threshold"]) < 0).all()
    assert (np.diff(counts["tp"]) <= 0).all()
    assert best is None or best.threshold is not None


@pytest.mark.parametrize(
    ("truth", "score"),
    [([1, 1, 1], [0.2, 0.5, 0.9]), ([0, 1, 1], [0.5, 0.5, 0.5]), ([0, 0, 1], [1e300, -1e300, 2])],
)
def test_what_has_no_curve_has_none(truth: list[int], score: list[float]) -> None:
    report = mleval.classify(truth=truth, score=score, positive=1, score_scale="any", plots=True)
    assert ("roc" in report.charts) == (len(set(truth)) == 2)
    assert Report.from_dict(json.loads(json.dumps(report.to_dict(), allow_nan=False))) == report
    assert sum(report.charts["scores"]["positive"]) == sum(truth)


@pytest.mark.parametrize("offset", [0.0, 1e15, 1e300])
def test_constant_and_far_numbers_have_cells(offset: float) -> None:
    truth = [offset, offset, offset]
    report = mleval.regress(truth=truth, prediction=[offset, offset, offset * 2], plots=True)
    json.dumps(report.to_dict(), allow_nan=False)
    assert sum(report.charts["true_by_predicted"]["weight"]) == 3
