"""Losses of binary scores: against scikit-learn, at the edges, and how far each row moves them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from mleval.batch import Floats, Labels
from mleval.errors import Undefined, UsageError
from mleval.metrics import find
from mleval.metrics.losses import brier, brier_skill, focal_loss, hinge_loss, log_loss
from mleval.references.definitions import focal_loss as focal_by_definition
from mleval.references.observed import Observed
from mleval.states import BinaryScores, ScoreTable

EPS = float(np.finfo(float).eps)
Rows = tuple[Any, Floats, Floats | None]  # truth (1 or 0), score, weight


def scores_of(rows: Rows, *, logit: bool = False) -> BinaryScores:
    truth, score, weight = rows
    labels = Labels(np.asarray(truth, np.int32), ("n", "p"))
    return replace(ScoreTable.of(labels, score, weight).binary("p"), logit=logit)


def samples() -> Iterator[Rows]:
    """Distinct and tied probabilities, 0 and 1 among them, unweighted and weighted."""
    for seed in range(6):
        rng = np.random.default_rng(seed)
        for size in (1, 2, 40):
            truth = rng.integers(0, 2, size)
            p = rng.random(size)
            for at in (p, np.round(p, 1), np.round(p), np.zeros(size), np.ones(size)):
                for weight in (None, rng.integers(1, 4, size) * 1.0, rng.random(size) + 0.1):
                    yield truth, at, weight
        yield np.ones(9, int), rng.random(9), None
        yield np.zeros(9, int), rng.random(9), rng.random(9)


def close(ours: float, theirs: float) -> bool:
    return abs(ours - theirs) <= 1e-12 * max(abs(ours), abs(theirs), 1.0)


def test_log_loss_is_scikit_learns() -> None:
    for truth, p, weight in samples():
        theirs = sklearn_metrics.log_loss(truth, p, sample_weight=weight, labels=[0, 1])
        assert close(log_loss(scores_of((truth, p, weight))), theirs)


def test_brier_is_scikit_learns() -> None:
    for truth, p, weight in samples():
        theirs = sklearn_metrics.brier_score_loss(truth, p, sample_weight=weight, pos_label=1)
        assert close(brier(scores_of((truth, p, weight))), theirs)


def test_hinge_loss_is_scikit_learns() -> None:
    for truth, p, weight in samples():
        score = 6 * p - 3
        # scikit-learn takes a single class for the negative one: show it both, without weight.
        both = np.concatenate([truth, [0, 1]])
        weights = np.concatenate([np.ones(len(truth)) if weight is None else weight, [0, 0]])
        theirs = sklearn_metrics.hinge_loss(both, [*score, 0, 0], sample_weight=weights)
        assert close(hinge_loss(scores_of((truth, score, weight))), theirs)


@pytest.mark.parametrize("balanced", [True, False])
@pytest.mark.parametrize(("alpha", "gamma"), [(0.25, 2.0), (0.7, 0.5), (1.0, 0.0), (0.0, 3.0)])
def test_focal_loss_is_its_definition(alpha: float, gamma: float, balanced: bool) -> None:
    options: dict[str, Any] = {"alpha": alpha, "gamma": gamma, "balanced": balanced}
    for truth, p, weight in samples():
        names = np.array(["p" if one else "n" for one in truth], dtype=object)
        observed = Observed("binary", names, None, ("n", "p"), "p", p, weight=weight)
        ours = focal_loss(scores_of((truth, p, weight)), **options)
        assert close(ours, focal_by_definition(observed, **options))


def test_focal_loss_without_focus_is_log_loss() -> None:
    for rows in samples():
        scores = scores_of(rows)
        assert close(focal_loss(scores, alpha=1, gamma=0, balanced=False), log_loss(scores))


def test_brier_skill_is_the_share_of_the_base_rates_brier_taken_away() -> None:
    for truth, p, weight in samples():
        if truth.min() == truth.max():
            continue
        rate = np.full(len(p), np.average(truth, weights=weight))
        chance = brier(scores_of((truth, rate, weight)))
        whole = scores_of((truth, p, weight))
        assert close(brier_skill(whole), 1 - brier(whole) / chance)


def test_a_certain_mistake_costs_the_logarithm_of_the_clip() -> None:
    wrong = scores_of((np.array([1, 0]), np.array([0.0, 1.0]), None))
    assert log_loss(wrong) == -math.log(EPS)
    assert wrong.clipped == 2
    right = scores_of((np.array([0, 1]), np.array([0.0, 1.0]), None))
    assert log_loss(right) == pytest.approx(EPS, rel=1e-12, abs=0)


def test_log_odds_of_a_thousand_are_exact() -> None:
    odds = np.array([-1000.0, 1000.0])
    wrong = scores_of((np.array([1, 0]), odds, None), logit=True)
    assert (log_loss(wrong), brier(wrong), wrong.clipped) == (1000.0, 1.0, 0.0)
    assert focal_loss(wrong, alpha=1, gamma=2, balanced=False) == 1000.0
    right = scores_of((np.array([0, 1]), odds, None), logit=True)
    assert (log_loss(right), brier(right), focal_loss(right)) == (0.0, 0.0, 0.0)


def test_the_loss_of_sure_and_right_log_odds_keeps_its_digits() -> None:
    sure = scores_of((np.array([0, 1]), np.array([-50.0, 50.0]), None), logit=True)
    assert log_loss(sure) == pytest.approx(math.exp(-50), rel=1e-12, abs=0)
    assert brier(sure) == pytest.approx(math.exp(-100), rel=1e-12, abs=0)


@pytest.mark.parametrize("function", [log_loss, brier, brier_skill, focal_loss])
def test_log_odds_read_as_their_probabilities(function: Any) -> None:
    rng = np.random.default_rng(0)
    truth, odds, weight = rng.integers(0, 2, 60), rng.normal(0, 2, 60), rng.random(60)
    stated = scores_of((truth, 1 / (1 + np.exp(-odds)), weight))
    assert close(function(scores_of((truth, odds, weight), logit=True)), function(stated))


MOVED: list[tuple[str, dict[str, Any]]] = [
    ("log_loss", {}),
    ("brier", {}),
    ("brier_skill", {}),
    ("focal_loss", {}),
    ("focal_loss", {"alpha": 0.6, "gamma": 1.5, "balanced": False}),
    ("hinge_loss", {}),
]


@pytest.mark.parametrize("logit", [False, True])
@pytest.mark.parametrize(("name", "options"), MOVED)
def test_an_influence_is_the_derivative_in_the_weights(
    name: str, options: dict[str, Any], logit: bool
) -> None:
    metric = find(name, "binary")
    assert metric.influence is not None
    rng = np.random.default_rng(1)
    truth = np.arange(30) % 2
    p = np.round(rng.uniform(0.02, 0.98, 30), 1)
    score = np.log((p + 0.05) / (1.05 - p)) if logit else p
    scores = scores_of((truth, score, rng.random(30) + 0.2), logit=logit)
    phi = metric.influence(scores, **options)
    assert abs(scores.positive @ phi[0] + scores.negative @ phi[1]) < 1e-12 * scores.total
    step = 1e-5 * scores.total
    for side, at in ((side, at) for side in (0, 1) for at in range(len(scores.scores))):
        ends = []
        for by in (step, -step):
            columns = [scores.positive.copy(), scores.negative.copy()]
            columns[side][at] += by
            moved = replace(scores, positive=columns[0], negative=columns[1])
            ends.append(metric.function(moved, **options))
        slope = (ends[0] - ends[1]) / (2 * step) * scores.total
        assert phi[side][at] == pytest.approx(slope, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(
    "options",
    [
        {"gamma": -1.0},
        {"gamma": math.nan},
        {"alpha": -0.1},
        {"alpha": 1.5},
        {"alpha": math.nan},
        {"alpha": -0.1, "balanced": False},
    ],
)
def test_options_that_would_make_a_loss_negative_or_infinite_are_refused(options: Any) -> None:
    scores = scores_of((np.array([0, 1]), np.array([0.0, 1.0]), None))
    with pytest.raises(UsageError, match="focal_loss"):
        focal_loss(scores, **options)


def test_a_constant_alpha_may_be_any_multiple() -> None:
    scores = scores_of((np.array([0, 1]), np.array([0.5, 0.5]), None))
    once, thrice = (focal_loss(scores, alpha=a, balanced=False) for a in (1.0, 3.0))
    assert thrice == pytest.approx(3 * once)


@pytest.mark.parametrize("function", [log_loss, brier, focal_loss, hinge_loss, brier_skill])
def test_no_rows_have_no_loss(function: Any) -> None:
    with pytest.raises(Undefined):
        function(scores_of((np.empty(0, int), np.empty(0), None)))


@pytest.mark.parametrize("label", [0, 1])
def test_one_class_has_losses_but_no_skill(label: int) -> None:
    scores = scores_of((np.full(3, label), np.array([0.1, 0.5, 0.5]), None))
    assert log_loss(scores) > 0
    with pytest.raises(Undefined, match="one class"):
        brier_skill(scores)
