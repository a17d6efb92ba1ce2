"""Thresholds: against scikit-learn and brute force, planted ones are named, right ones are not."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from calibrated import binary, told
from campaigns import FULL
from diagnosed import finding, kinds, section, table
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    precision_recall_curve,
    precision_score,
    recall_score,
    roc_curve,
)

import mleval
from mleval.diagnosis.cuts.paired import Paired, accuracy, cost_of
from mleval.diagnosis.finding import Exhibit, Finding, Ranged, Section
from mleval.diagnosis.rows import ClassifiedRows
from mleval.diagnosis.threshold import examine
from mleval.metrics.counts import f1, informedness, precision, recall
from mleval.options import DiagnoseOptions

SEEDS = range(200 if FULL else 8)


def looked_at(rows: ClassifiedRows, **options: Any) -> Section:
    found = examine(rows, DiagnoseOptions(**options))
    assert found is not None
    return found


def exhibit(found: Section, name: str) -> Exhibit:
    return next(item for item in found.exhibits if item.name == name)


def lines(found: Section, name: str) -> dict[Any, dict[str, Any]]:
    item = exhibit(found, name)
    return {row[0]: dict(zip(item.columns, row, strict=True)) for row in item.rows}


def slack(share: float) -> float:
    """Seeds: four binomial standard errors where there are few of them."""
    return 0.0 if FULL else 4 * math.sqrt(len(SEEDS) * share * (1 - share))


def scored(seed: int, rows: int, digits: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    rows_ = told(seed, rows)
    score = rows_.score if digits is None else np.round(rows_.score, digits)
    return rows_.truth, score


@pytest.mark.parametrize("digits", [None, 2, 1])
@pytest.mark.parametrize("weighted", [False, True])
def test_every_operating_point_is_that_of_scikit_learn(digits: int | None, weighted: bool) -> None:
    truth, score = scored(1, 300, digits)
    weight = np.random.default_rng(2).random(300) + 0.1 if weighted else None
    found = looked_at(binary(truth, score, weight=weight))
    both = precision_recall_curve(truth, score, sample_weight=weight)
    theirs = {t: (p, r) for p, r, t in zip(*(part.tolist() for part in both), strict=False)}
    for name in ("operating_points", "threshold_curve"):
        for at, line in lines(found, name).items():
            p, r = theirs[at]
            cut = score >= at
            assert line["precision"] == pytest.approx(p, rel=1e-12)
            assert line["recall"] == pytest.approx(r, rel=1e-12)
            assert line["f1"] == pytest.approx(f1_score(truth, cut, sample_weight=weight))
            same = accuracy_score(truth, cut, sample_weight=weight)
            assert line["accuracy"] == pytest.approx(same, rel=1e-12)
            assert line["predicted"] == pytest.approx(np.average(cut, weights=weight))
    assert len(exhibit(found, "threshold_curve").rows) == min(len(np.unique(score)), 512)


def test_curves_are_thinned_from_end_to_end() -> None:
    found = looked_at(told(0, 5000))
    for name, most in (("operating_points", 15), ("threshold_curve", 512)):
        rows = exhibit(found, name).rows
        assert most * 0.9 <= len(rows) <= most
        at = [row[0] for row in rows]
        assert at == sorted(at)
        assert rows[0][1] == 1
        steps = np.diff([row[1] for row in rows])
        assert np.abs(steps + 1 / (most - 1)).max() < 2e-3


def test_the_best_thresholds_are_those_of_a_search() -> None:
    rows = told(3, 500)
    truth, score = rows.truth, rows.score
    found = lines(looked_at(rows, cost={"fp": 1, "fn": 7}, wanted_recall=0.9), "thresholds")
    cuts = np.unique(score)
    f1s = [f1_score(truth, score >= cut) for cut in cuts]
    assert found["f1"]["threshold"] == cuts[np.argmax(f1s)]
    assert found["f1"]["f1"] == pytest.approx(max(f1s))
    rates = roc_curve(truth, score, drop_intermediate=False)
    assert found["youden"]["threshold"] == rates[2][np.argmax(rates[1] - rates[0])]
    right = [accuracy_score(truth, score >= cut) for cut in cuts]
    assert found["accuracy"]["accuracy"] == pytest.approx(max(right))
    costs = [((score >= c) & (truth == 0)).mean() + 7 * ((score < c) & truth).mean() for c in cuts]
    assert found["cost(fp=1,fn=7)"]["cost"] == pytest.approx(min(costs))
    reached = [c for c in cuts if recall_score(truth, score >= c) >= 0.9]
    best = max(precision_score(truth, score >= cut) for cut in reached)
    assert found["recall 0.9"]["precision"] == pytest.approx(best)


def test_the_present_values_are_those_of_the_report() -> None:
    rows = told(4, 400)
    data = {"y_true": rows.truth, "y_pred": rows.predicted, "y_prob": rows.score}
    found = mleval.diagnose(data)
    present = table(found, "thresholds")["present"]
    for name in ("precision", "recall", "f1", "accuracy"):
        assert present[name] == pytest.approx(found.report[name].value, rel=1e-12)
    assert present["threshold"] == 0.5


METRICS = {"f1": f1, "accuracy": accuracy, "precision": precision, "recall": recall}
METRICS |= {"informedness": informedness, "cost": cost_of(1.0, 5.0)}


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("weighted", [False, True])
def test_paired_differences_are_those_of_leaving_rows_out(name: str, weighted: bool) -> None:
    """The delta method against the jackknife, whose variance is of the same first order."""
    random = np.random.default_rng(5)
    n = 200
    truth = random.random(n) < 0.4
    now, then = (np.where(random.random(n) < 0.2, ~truth, truth) for _ in range(2))
    weight = random.random(n) + 0.5 if weighted else None
    found = Paired.of(truth, now, then, weight).difference(METRICS[name], 0.95)
    left = []
    for row in range(n):
        rest = np.arange(n) != row
        w = None if weight is None else weight[rest]
        pair = Paired.of(truth[rest], now[rest], then[rest], w)
        left.append(pair.difference(METRICS[name], 0.95))
    values = np.array([one.value for one in left])
    error = math.sqrt((n - 1) / n * np.square(values - values.mean()).sum())
    assert found.high - found.value == pytest.approx(1.959964 * error, rel=0.015)


def test_the_interval_of_a_gain_covers_it() -> None:
    """Two fixed thresholds: the difference over many rows is inside as often as is said."""
    whole = told(99, 400_000)
    truth = whole.truth == 1
    pair = Paired.of(truth, whole.score >= 0.5, whole.score >= 0.3, None)
    true = pair.difference(f1, 0.95).value
    inside = 0
    for seed in range(400):
        rows = told(seed, 300)
        found = Paired.of(rows.truth == 1, rows.score >= 0.5, rows.score >= 0.3, None)
        gain = found.difference(f1, 0.95)
        inside += gain.low <= true <= gain.high
    assert abs(inside / 400 - 0.95) < 4 * math.sqrt(0.95 * 0.05 / 400)


@pytest.mark.parametrize(("threshold", "side"), [(0.9, "high"), (0.1, "low")])
@pytest.mark.parametrize("named", [True, False])
def test_planted_thresholds_are_named_with_their_side(
    threshold: float, side: str, named: bool
) -> None:
    right = 0
    for seed in SEEDS:
        rows = told(seed, 1000, threshold=threshold)
        found = looked_at(rows, **({} if named else {"cost": {"fp": 1, "fn": 1}})).findings
        right += len(found) == 1 and found[0].evidence["too"] == side
    assert right >= len(SEEDS) * 0.95 - slack(0.95)


@pytest.mark.parametrize("size", [60, 200, 1000])
@pytest.mark.parametrize("cost", [{}, {"fp": 1, "fn": 1}, {"fp": 1, "fn": 4}])
def test_right_thresholds_are_rarely_named(size: int, cost: dict[str, float]) -> None:
    """Of right probabilities the cost is least from fp / (fp + fn) up."""
    best = 1 / (1 + cost.get("fn", 1))
    found = [looked_at(told(s, size, threshold=best), cost=cost).findings for s in SEEDS]
    assert sum(map(bool, found)) <= len(SEEDS) * 0.05 + slack(0.05)


def test_gains_are_of_rows_that_did_not_choose() -> None:
    """On noise a threshold chosen on all rows looks better than it is; cross-fitted ones do not."""
    flattered, honest = [], []
    for seed in range(60):
        random = np.random.default_rng(seed)
        rows = binary(random.random(80) < 0.5, random.random(80))
        line = lines(looked_at(rows), "thresholds")
        flattered.append(line["accuracy"]["accuracy"] - line["present"]["accuracy"])
        honest.append(line["accuracy"]["gain"].value)
    assert np.mean(flattered) > 0.08
    assert abs(np.mean(honest)) < 0.03


def test_costs_move_the_threshold() -> None:
    rows = told(0, 4000)
    (dear_misses,) = looked_at(rows, cost={"fp": 1, "fn": 10}).findings
    assert dear_misses.evidence["better"] == pytest.approx(1 / 11, abs=0.05)
    assert dear_misses.gain is not None
    assert dear_misses.gain.metric == "cost(fp=1,fn=10)"
    assert dear_misses.gain.difference.high < 0
    assert 0 < dear_misses.gain.recovers < 1
    (dear_alarms,) = looked_at(rows, cost={"fp": 10}).findings
    assert dear_alarms.evidence["better"] == pytest.approx(10 / 11, abs=0.05)


def gain_of(found: Finding) -> tuple[str, Ranged]:
    assert found.gain is not None
    return found.gain.metric, found.gain.difference


def test_a_wanted_precision_that_is_not_met_is_pursued_then_recall() -> None:
    rows = told(0, 4000)
    (found,) = looked_at(rows, wanted_precision=0.9).findings
    assert gain_of(found)[0] == "precision"
    assert found.gain.then == pytest.approx(0.9, abs=0.02)
    assert found.evidence["too"] == "low"
    (met,) = looked_at(rows, wanted_precision=0.6).findings
    metric, difference = gain_of(met)
    assert (metric, met.evidence["too"]) == ("recall", "high")
    assert difference.low > 0


def test_a_wanted_recall_that_is_not_met_is_pursued_then_precision() -> None:
    rows = told(0, 4000)
    (found,) = looked_at(rows, wanted_recall=0.95).findings
    assert gain_of(found)[0] == "recall"
    assert found.gain.then == pytest.approx(0.95, abs=0.02)
    (met,) = looked_at(rows, wanted_recall=0.5).findings
    assert gain_of(met)[0] == "precision"


def test_a_precision_that_no_threshold_reaches_is_told() -> None:
    random = np.random.default_rng(0)
    found = looked_at(binary(random.random(400) < 0.5, random.random(400)), wanted_precision=0.999)
    told_ = "threshold for precision 0.999: no threshold reaches a precision of 0.999"
    assert found.notes == (told_,)
    assert "precision 0.999" not in lines(found, "thresholds")


def test_where_nothing_is_worth_predicting_no_threshold_is_finite() -> None:
    random = np.random.default_rng(0)
    rows = binary(random.random(1000) < 0.05, random.random(1000))
    (found,) = looked_at(rows, cost={"fp": 1, "fn": 1}).findings
    assert found.evidence["better"] is None
    assert "above all" in found.says
    assert (
        lines(looked_at(rows, cost={"fp": 1, "fn": 1}), "thresholds")["cost(fp=1,fn=1)"]["recall"]
        == 0
    )


def test_predictions_that_no_score_cuts_are_compared_as_they_are() -> None:
    rows = told(0, 2000)
    few = np.where(np.random.default_rng(1).random(2000) < 0.7, 0, rows.predicted)
    data = {"y_true": rows.truth, "y_pred": few, "y_prob": rows.score}
    item = finding(mleval.diagnose(data), "threshold")
    assert item.says.startswith("too few rows are predicted '1' for the best f1")
    assert item.evidence["threshold"] is None
    now = f1_score(rows.truth, few)
    assert item.gain.now == pytest.approx(now, rel=1e-12)


@pytest.mark.parametrize(
    ("rows", "note"),
    [
        (binary([1] * 30, np.linspace(0, 1, 30)), "fewer than 10 rows of a class"),
        (binary([1, 0, 1], [0.2, 0.9, 0.8]), "fewer than 10 rows of a class"),
        (binary([1, 0] * 20, [0.4] * 40), "all scores are alike"),
    ],
    ids=["one class", "three rows", "constant"],
)
def test_where_no_threshold_can_be_chosen_that_is_told(rows: ClassifiedRows, note: str) -> None:
    found = looked_at(rows)
    assert note in found.notes[0]
    assert found.findings == found.exhibits == ()


def test_perfect_scores_at_a_wrong_threshold_and_at_a_right_one() -> None:
    truth = np.arange(200) % 2
    score = 0.2 + 0.1 * truth + 0.0001 * np.arange(200)
    (found,) = looked_at(binary(truth, score)).findings
    assert found.evidence["too"] == "high"
    assert found.gain.then > 0.95
    assert looked_at(binary(truth, score, 0.26)).findings == ()


def test_without_scores_or_with_several_classes_there_is_no_such_part() -> None:
    data = {"y_true": ["a", "b", "c"] * 9, "y_pred": ["a", "b", "a"] * 9}
    assert "threshold" not in {section.part for section in mleval.diagnose(data).sections}
    assert examine(replace(told(0, 50), score=None), DiagnoseOptions()) is None
    note = "no threshold for cost(fp=1,fn=5): there are no scores of a positive class"
    assert note in section(mleval.diagnose(data, cost={"fn": 5}), "threshold").notes


def test_scores_that_are_no_probabilities_have_thresholds_too() -> None:
    rows = told(0, 1000)
    data = {"y_true": rows.truth, "score": 50 * np.log(rows.score / (1 - rows.score))}
    found = mleval.diagnose(data, threshold=80.0, score_scale="any")
    assert "threshold" in kinds(found)
    assert finding(found, "threshold").evidence["too"] == "high"


def test_weights_count_as_rows_that_come_twice() -> None:
    rows = told(6, 300)
    weight = np.random.default_rng(0).integers(1, 3, 300)
    once = looked_at(told(6, 300, weight=weight.astype(float)))
    again = np.repeat(np.arange(300), weight)
    twice = looked_at(binary(rows.truth[again], rows.score[again]))
    for name in ("threshold_curve", "operating_points"):
        assert np.allclose(
            np.array(exhibit(once, name).rows, float), np.array(exhibit(twice, name).rows, float)
        )
