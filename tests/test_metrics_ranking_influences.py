"""The influences of rows on metrics read off scores: how far each moves the metric."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from score_samples import rows, samples, view

from mleval.batch import Floats
from mleval.errors import NoInterval
from mleval.metrics import find
from mleval.references.observed import Observed
from mleval.states import BinaryScores

SMOOTH = [
    ("roc_auc", {}),
    ("roc_auc", {"max_fpr": 0.2345}),
    ("gini", {}),
    ("average_precision", {}),
    ("pr_auc", {}),
]
LOCAL = [
    ("eer", {}),
    ("tpr_at_fpr", {"fpr": 0.2}),
    ("precision_at_k", {"k": 40.0}),
    ("precision_at_k", {"k": 40.5}),
    ("lift_at", {"fraction": 0.25}),
]


def moved(scores: BinaryScores, of_class: int, at: int, by: float) -> BinaryScores:
    columns = [scores.positive.copy(), scores.negative.copy()]
    columns[of_class][at] += by
    return replace(scores, positive=columns[0], negative=columns[1])


@pytest.mark.parametrize(("name", "options"), SMOOTH)
def test_an_influence_is_the_derivative_in_the_weights(
    name: str, options: dict[str, float]
) -> None:
    metric = find(name, "binary")
    assert metric.influence is not None
    for observed in samples(seeds=2):
        scores = view(observed)
        influences = metric.influence(scores, **options)
        step = 1e-6 * scores.total
        for of_class, masses in enumerate((scores.positive, scores.negative)):
            for at in np.flatnonzero(masses)[:12]:
                up, down = (
                    metric.function(moved(scores, of_class, at, by), **options)
                    for by in (step, -step)
                )
                slope = (up - down) / (2 * step) * scores.total
                assert influences[of_class][at] == pytest.approx(slope, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize(("name", "options"), SMOOTH + LOCAL)
def test_influences_are_centred_and_blind_to_the_scale_of_weights(
    name: str, options: dict[str, float]
) -> None:
    metric = find(name, "binary")
    assert metric.influence is not None
    for digits in (1, 15):
        rng = np.random.default_rng(digits)
        truth = rng.integers(0, 2, 200)
        score, weight = np.round(rng.normal(size=200) + truth, digits), rng.random(200) + 0.5
        variances = []
        for factor in (1, 8):
            mine = {k: v * factor if k == "k" else v for k, v in options.items()}
            scores = view(rows(truth, score, weight * factor))
            try:
                up, down = metric.influence(scores, **mine)
            except NoInterval:
                assert digits == 1
                assert name == "tpr_at_fpr"
                continue
            assert up.shape == down.shape == scores.scores.shape
            mean = (scores.positive * up + scores.negative * down).sum() / scores.total
            assert abs(mean) < 1e-11
            variances.append(variance(scores, (up, down)))
        assert variances[:1] == pytest.approx(variances[1:], rel=1e-9)


def variance(scores: BinaryScores, influences: tuple[Floats, Floats]) -> float:
    up, down = influences
    return float((scores.positive2 * up**2 + scores.negative2 * down**2).sum() / scores.total**2)


def test_the_influences_on_the_auc_give_delongs_variance() -> None:
    for observed in samples(seeds=3):
        if observed.weight is None:
            assert observed.score is not None
            high, low = (observed.score[observed.truth == name].tolist() for name in "pn")

            def wins(a: float, b: float) -> float:
                return (a > b) + (a == b) / 2

            mean = sum(wins(a, b) for a in high for b in low) / len(high) / len(low)
            of_high = [sum(wins(a, b) for b in low) / len(low) for a in high]
            of_low = [sum(wins(a, b) for a in high) / len(high) for b in low]
            delong = sum((v - mean) ** 2 for v in of_high) / len(high) ** 2
            delong += sum((v - mean) ** 2 for v in of_low) / len(low) ** 2
            influence = find("roc_auc", "binary").influence
            assert influence is not None
            scores = view(observed)
            assert variance(scores, influence(scores)) == pytest.approx(delong, rel=1e-9, abs=1e-15)


COARSE = BinaryScores(np.arange(3.0), *(np.array(m) for m in ([40.0, 90, 70], [80.0, 100, 20]) * 2))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("eer", {}),
        ("tpr_at_fpr", {"fpr": 0.35}),
        ("precision_at_k", {"k": 190.0}),
        ("lift_at", {"fraction": 0.45}),
    ],
)
def test_an_influence_at_a_cut_through_many_tied_rows_is_exact(
    name: str, options: dict[str, float]
) -> None:
    metric = find(name, "binary")
    assert metric.influence is not None
    influences = metric.influence(COARSE, **options)
    for of_class in (0, 1):
        for at in range(3):
            ends = []
            for by in (1e-4, -1e-4):
                scores = moved(COARSE, of_class, at, by)
                # As a share of the rows: how many there are tells nothing of how well they rank.
                share = {"k": 190 * scores.total / COARSE.total} if "k" in options else options
                ends.append(metric.function(scores, **share))
            slope = (ends[0] - ends[1]) / 2e-4 * COARSE.total
            assert influences[of_class][at] == pytest.approx(slope, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "options", "observed"),
    [
        ("tpr_at_fpr", {"fpr": 0.0}, rows([0, 1] * 40, range(80))),
        ("tpr_at_fpr", {"fpr": 0.01}, rows([0, 1] * 40, range(80))),
        ("tpr_at_fpr", {"fpr": 0.48}, rows([0, 1, 0, 1] * 40, [1, 1, 2, 2] * 40)),
        ("tpr_at_fpr", {"fpr": 1 - 1e-13}, rows([0, 1] * 40, range(80))),
        ("tpr_at_fpr", {"fpr": 1.0}, rows([0, 1] * 40, range(80))),
        ("precision_at_k", {"k": 5.0}, rows([0] * 40 + [1] * 40, range(80))),
        ("lift_at", {"fraction": 1.0}, rows([0, 1] * 40, range(80))),
    ],
)
def test_there_is_no_interval_where_none_is_honest(
    name: str, options: dict[str, float], observed: Observed
) -> None:
    influence = find(name, "binary").influence
    assert influence is not None
    with pytest.raises(NoInterval):
        influence(view(observed), **options)
