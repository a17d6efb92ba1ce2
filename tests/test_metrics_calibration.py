"""Whether probabilities mean what they say: bins, Murphy's parts, the logistic line."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mleval.batch import Floats, Labels
from mleval.errors import NoInterval, Undefined, UsageError
from mleval.evaluation.scoring import interval_on
from mleval.metrics import find
from mleval.metrics.calibration import bins_of, ece, mce, reliability
from mleval.metrics.losses import brier
from mleval.metrics.recalibration import (
    brier_reliability,
    brier_resolution,
    brier_uncertainty,
    calibration_intercept,
    calibration_slope,
)
from mleval.references import definitions, recalibration
from mleval.references.observed import Observed
from mleval.states import BinaryScores, ScoreTable


def scores_of(truth: Any, score: Any, weight: Any = None, *, logit: bool = False) -> BinaryScores:
    labels = Labels(np.asarray(truth, np.int32), ("n", "p"))
    weight = None if weight is None else np.asarray(weight, float)
    table = ScoreTable.of(labels, np.asarray(score, float), weight)
    return replace(table.binary("p"), logit=logit)


def observed_of(truth: Any, score: Any, weight: Any = None, *, logit: bool = False) -> Observed:
    names = np.array(["p" if one else "n" for one in truth], dtype=object)
    scale: Any = "logit" if logit else "probability"
    return Observed("binary", names, None, ("n", "p"), "p", score, scale, weight=weight)


def samples() -> Iterator[tuple[Any, Floats, Floats | None]]:
    """Distinct and tied probabilities, on the edges of bins, 0 and 1; one row; weights."""
    for seed in range(5):
        rng = np.random.default_rng(seed)
        for size in (1, 2, 50):
            truth = rng.integers(0, 2, size)
            p = rng.random(size)
            for at in (p, np.round(p, 1), np.round(p * 15) / 15, np.round(p), np.full(size, 0.3)):
                for weight in (None, rng.integers(1, 4, size) * 1.0, rng.random(size) + 0.1):
                    yield truth, at, weight
        yield np.ones(9, int), rng.random(9), None
        yield np.zeros(9, int), rng.random(9), rng.random(9)


def close(ours: float, theirs: float) -> bool:
    return abs(ours - theirs) <= 1e-12 * max(abs(ours), abs(theirs), 1.0)


@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
@pytest.mark.parametrize("bins", [1, 4, 10, 15])
def test_calibration_errors_are_their_definitions(bins: int, strategy: Any) -> None:
    options: dict[str, Any] = {"bins": bins, "strategy": strategy}
    for rows in samples():
        scores, observed = scores_of(*rows), observed_of(*rows)
        assert close(mce(scores, **options), definitions.mce(observed, **options))
        for debias in (False, True):
            theirs = definitions.ece(observed, **options, debias=debias)
            assert close(ece(scores, **options, debias=debias), theirs)


def test_a_probability_on_an_edge_is_in_the_bin_above_and_one_in_the_last() -> None:
    scores = scores_of([1, 0, 0, 1], [0.25, 0.5, 0.75, 1.0])
    found = bins_of(scores, 4, "uniform")
    assert found.place.tolist() == [0, 1, 2, 2]
    assert found.weight.tolist() == [1, 1, 2]
    assert found.confidence.tolist() == [0.25, 0.5, 0.875]


def test_tied_probabilities_stay_in_one_quantile_bin() -> None:
    found = bins_of(scores_of([0, 1] * 5, [0.2] * 6 + [0.6, 0.7, 0.8, 0.9]), 5, "quantile")
    assert found.weight.max() == 6
    assert found.weight.sum() == 10


def test_both_errors_can_be_read_off_the_reliability_table() -> None:
    for rows in samples():
        scores = scores_of(*rows)
        table = reliability(scores)
        gap = np.abs(table["frequency"] - table["confidence"])
        assert close(ece(scores), float(np.average(gap, weights=table["weight"])))
        assert close(mce(scores), float(gap.max()))
        assert (table["lowest"] <= table["confidence"] + 1e-15).all()
        assert (table["confidence"] <= table["highest"] + 1e-15).all()


def test_fewer_than_one_bin_are_refused() -> None:
    with pytest.raises(UsageError, match="at least 1"):
        ece(scores_of([0, 1], [0.2, 0.7]), bins=0)


def test_saturated_log_odds_have_calibration_errors() -> None:
    scores = scores_of([1, 0, 1, 0], [-1000, -1000, 1000, 1000], logit=True)
    assert (ece(scores), mce(scores)) == (0.5, 0.5)


def test_murphys_parts_make_up_the_brier_score() -> None:
    for rows in samples():
        scores, observed = scores_of(*rows), observed_of(*rows)
        parts = [f(scores) for f in (brier_reliability, brier_resolution, brier_uncertainty)]
        assert close(parts[0] - parts[1] + parts[2], brier(scores))
        assert close(parts[0], definitions.brier_reliability(observed))
        assert close(parts[1], definitions.brier_resolution(observed))
        assert close(parts[2], definitions.brier_uncertainty(observed))


def test_log_odds_that_share_a_probability_are_one_forecast() -> None:
    scores = scores_of([1, 0, 1, 1], [800.0, 900.0, 950.0, 1000.0], logit=True)
    assert brier_reliability(scores) == 0.0625
    assert brier_resolution(scores) == 0.0


def logistic(size: int, seed: int, *, weighted: bool) -> tuple[Any, Floats, Floats | None]:
    rng = np.random.default_rng(seed)
    z = rng.normal(0, 1.5, size)
    truth = (rng.random(size) < 1 / (1 + np.exp(-(0.3 + 0.7 * z)))).astype(int)
    return truth, z, rng.random(size) + 0.1 if weighted else None


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("logit", [False, True])
def test_the_logistic_fits_are_scipys(logit: bool, weighted: bool) -> None:
    for seed in range(8):
        truth, z, weight = logistic(40 + 40 * seed, seed, weighted=weighted)
        score = z if logit else np.clip(np.round(1 / (1 + np.exp(-z)), 2), 0.01, 0.99)
        scores = scores_of(truth, score, weight, logit=logit)
        observed = observed_of(truth, score, weight, logit=logit)
        for ours, theirs in (
            (calibration_slope, recalibration.calibration_slope),
            (calibration_intercept, recalibration.calibration_intercept),
        ):
            assert ours(scores) == pytest.approx(theirs(observed), rel=1e-9, abs=1e-9)


def test_moving_and_stretching_log_odds_moves_and_stretches_the_fits() -> None:
    truth, z, _ = logistic(300, 1, weighted=False)
    plain, twice = (scores_of(truth, by * z, logit=True) for by in (1, 2))
    assert calibration_slope(twice) == pytest.approx(calibration_slope(plain) / 2, rel=1e-9)
    later = scores_of(truth, z + 0.5, logit=True)
    assert calibration_intercept(later) == pytest.approx(calibration_intercept(plain) - 0.5)


@pytest.mark.parametrize(
    ("truth", "score"),
    [
        ([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]),
        ([1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9]),
        ([0, 0, 1, 1, 1], [0.1, 0.5, 0.5, 0.8, 0.9]),
        ([0, 1, 1], [0.4, 0.4, 0.4]),
        ([1, 1], [0.3, 0.6]),
        ([0], [0.3]),
    ],
)
def test_there_is_no_slope_without_a_finite_fit(truth: Any, score: Any) -> None:
    with pytest.raises(Undefined):
        calibration_slope(scores_of(truth, score))


@pytest.mark.parametrize("label", [0, 1])
def test_there_is_no_intercept_with_one_class(label: int) -> None:
    with pytest.raises(Undefined, match=r"no (posi|nega)tive rows"):
        calibration_intercept(scores_of([label] * 3, [0.2, 0.5, 0.7]))


def far_off(weight: bool) -> BinaryScores:
    truth, z, w = logistic(3000, 5, weighted=weight)
    return scores_of(truth, np.round(1 / (1 + np.exp(-z - 2)), 2), w)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("ece", {"bins": 3}),
        ("ece", {"bins": 3, "strategy": "quantile"}),
        ("calibration_slope", {}),
        ("calibration_intercept", {}),
    ],
)
def test_an_influence_is_the_derivative_in_the_weights(
    name: str, options: dict[str, Any], weighted: bool
) -> None:
    metric, scores = find(name, "binary"), far_off(weighted)
    assert metric.influence is not None
    phi = metric.influence(scores, **options)
    assert abs(scores.positive @ phi[0] + scores.negative @ phi[1]) < 1e-9 * scores.total
    step = 1e-6 * scores.total
    for side, at in ((side, at) for side in (0, 1) for at in range(0, len(scores.scores), 7)):
        ends = []
        for by in (step, -step):
            columns = [scores.positive.copy(), scores.negative.copy()]
            columns[side][at] += by
            moved = replace(scores, positive=columns[0], negative=columns[1])
            ends.append(metric.function(moved, **options))
        slope = (ends[0] - ends[1]) / (2 * step) * scores.total
        assert phi[side][at] == pytest.approx(slope, rel=1e-4, abs=1e-5)


def outcome(scores: BinaryScores) -> str:
    influence = find("ece", "binary").influence
    assert influence is not None
    try:
        influence(scores)
    except NoInterval as none:
        return none.reason
    return "an interval"


@pytest.mark.parametrize("unit", [2.0**-20, 0.1, 1e6 / 7])
def test_whether_the_error_has_an_interval_does_not_hang_on_the_unit_of_weight(unit: float) -> None:
    answers = set()
    for seed in range(10):
        truth, z, weight = logistic(300, seed, weighted=True)
        for moved in (0.0, 0.5, 3.0):
            p = 1 / (1 + np.exp(-z - moved))
            assert weight is not None
            found = [outcome(scores_of(truth, p, weight * by)) for by in (1.0, unit)]
            assert found[0] == found[1]
            answers.add(found[0])
    assert len(answers) == 2


def test_there_is_no_interval_where_noise_alone_could_make_the_error() -> None:
    rng = np.random.default_rng(0)
    p = rng.random(500)
    assert "noise" in outcome(scores_of(rng.random(500) < p, p))
    debiased = find("ece", "binary").influence
    assert debiased is not None
    with pytest.raises(NoInterval, match="bias"):
        debiased(scores_of([0, 1], [0.9, 0.1]), debias=True)


def misses(draw: Callable[[np.random.Generator, int], BinaryScores], rows: int) -> float:
    """How often, of all samples, an interval of the calibration error misses the true value."""
    metric, rng = find("ece", "binary"), np.random.default_rng(2)
    true, missed = ece(draw(rng, 300_000)), 0
    for _ in range(400):
        scores = draw(rng, rows)
        try:
            found = interval_on(metric, {}, scores, 0.95, ece(scores))
        except NoInterval:
            continue
        missed += not found.low <= true <= found.high
    return missed / 400


@pytest.mark.parametrize("weighted", [False, True])
def test_few_samples_have_an_interval_that_misses(weighted: bool) -> None:
    def draw(rng: np.random.Generator, rows: int) -> BinaryScores:
        z = rng.normal(-0.2, 1.3, rows)
        truth = rng.random(rows) < 1 / (1 + np.exp(-z))
        weight = rng.gamma(1.5, 1, rows) + 0.05 if weighted else None
        return scores_of(truth, 1 / (1 + np.exp(-0.6 - 1.5 * z)), weight)

    limit = 0.05 + 4 * math.sqrt(0.05 * 0.95 / 400)
    assert misses(draw, 600) <= limit
