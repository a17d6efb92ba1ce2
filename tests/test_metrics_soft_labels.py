"""Losses against soft labels: by scipy and scikit-learn, at the edges, and as PyTorch has them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from sklearn import metrics as sklearn_metrics

from mleval.batch import Floats
from mleval.evaluation.moments import interval_on
from mleval.metrics import find
from mleval.metrics.multiclass import ClassRows
from mleval.references import Observed, reference
from mleval.states import BinaryScores, Means

NAMES = ("cross_entropy", "kl_divergence", "js_divergence")


def means(name: str, rows: ClassRows, weight: Floats | None = None) -> Means:
    metric = find(name, "multiclass")
    assert metric.components
    return Means.of({c.name: c.of(rows) for c in metric.components()}, weight)


def value(name: str, rows: ClassRows, weight: Floats | None = None) -> float:
    return float(find(name, "multiclass").function(means(name, rows, weight).readings()))


def rows_of(truth: Any, values: Any, *, logits: bool = False) -> ClassRows:
    """(k, n) true distributions and what was predicted."""
    truth, values = np.array(truth, float), np.array(values, float)
    return ClassRows(truth.argmax(axis=0), values, logits, truth)


def samples() -> Iterator[tuple[ClassRows, Floats | None]]:
    """Spread and sparse distributions, near each other and not; probabilities and logits."""
    for seed in range(4):
        rng = np.random.default_rng(seed)
        for classes, size in ((2, 1), (3, 30), (6, 40)):
            truth = rng.dirichlet(np.full(classes, 0.5), size).T
            sparse = truth * (rng.random((classes, size)) < 0.6)
            sparse[0] += sparse.sum(axis=0) == 0
            for p in (truth, sparse / sparse.sum(axis=0)):
                q = rng.dirichlet(np.ones(classes), size).T
                near = p + 1e-6 * rng.random((classes, size))
                for values, logits in ((q, False), (near / near.sum(axis=0), False), (8 * q, True)):
                    for weight in (None, rng.random(size) + 0.1):
                        yield rows_of(p, values, logits=logits), weight


@pytest.mark.parametrize("name", NAMES)
def test_every_number_agrees_with_its_definition(name: str) -> None:
    for rows, weight in samples():
        names = tuple("abcdef"[: len(rows.values)])
        assert rows.truth_probabilities is not None
        observed = Observed(
            "multiclass",
            np.array([names[code] for code in rows.truth], dtype=object),
            None,
            names,
            score_scale="logit" if rows.logits else "probability",
            probabilities=rows.values.T,
            probability_classes=names,
            weight=weight,
            truth_probabilities=rows.truth_probabilities.T,
        )
        by = reference("multiclass", name)
        assert by
        theirs = by.function(observed)
        assert abs(value(name, rows, weight) - theirs) <= 1e-12 * max(abs(theirs), 1.0)


def test_a_divergence_is_scipys() -> None:
    for rows, weight in samples():
        if rows.logits:
            continue
        theirs = np.average(rel_entr(rows.truth_probabilities, rows.values).sum(0), weights=weight)
        assert value("kl_divergence", rows, weight) == pytest.approx(theirs, rel=1e-12, abs=1e-15)


def test_a_symmetric_divergence_is_the_square_of_scipys_distance() -> None:
    for rows, weight in samples():
        each = jensenshannon(rows.truth_probabilities, rows.probabilities) ** 2
        theirs = np.average(each, weights=weight)
        assert value("js_divergence", rows, weight) == pytest.approx(theirs, rel=1e-9, abs=1e-12)


def test_hard_labels_give_the_log_loss() -> None:
    rng = np.random.default_rng(0)
    truth, table = rng.integers(0, 4, 50), rng.dirichlet(np.ones(4), 50).T
    table[:, 0] = np.eye(4)[(truth[0] + 1) % 4]  # sure and wrong: clipped
    rows = rows_of(np.eye(4)[:, truth], table)
    theirs = sklearn_metrics.log_loss(truth, table.T, labels=range(4))
    assert value("cross_entropy", rows) == pytest.approx(theirs, rel=1e-14)


def test_cross_entropy_is_divergence_and_entropy_of_the_truth() -> None:
    for rows, weight in samples():
        p = rows.truth_probabilities
        assert p is not None
        entropy = -np.average(
            np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0).sum(0), weights=weight
        )
        both = value("kl_divergence", rows, weight) + entropy
        assert value("cross_entropy", rows, weight) == pytest.approx(both, rel=1e-9, abs=1e-9)


def test_nothing_times_its_logarithm_is_nothing() -> None:
    rows = rows_of([[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]])
    assert value("kl_divergence", rows) == value("js_divergence", rows) == 0.0
    assert value("cross_entropy", rows) == pytest.approx(0.0, abs=1e-15)


def test_a_class_that_comes_and_was_ruled_out_makes_the_divergence_infinite() -> None:
    rows = rows_of([[0.5, 0.5], [0.5, 0.5]], [[1.0, 0.5], [0.0, 0.5]])
    assert value("kl_divergence", rows) == math.inf
    assert rel_entr(rows.truth_probabilities, rows.values).sum() == math.inf
    assert value("js_divergence", rows) < math.log(2)
    assert value("cross_entropy", rows) < math.inf


def test_distributions_without_a_common_class_are_log_two_apart() -> None:
    rows = rows_of([[1.0], [0.0]], [[0.0], [1.0]])
    assert value("js_divergence", rows) == pytest.approx(math.log(2), rel=1e-15)


def test_logits_of_a_thousand_are_exact() -> None:
    rows = rows_of([[0.25], [0.75]], [[1000.0], [-1000.0]], logits=True)
    assert value("cross_entropy", rows) == 0.75 * 2000
    entropy = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75))
    assert value("kl_divergence", rows) == pytest.approx(1500 - entropy, rel=1e-15)
    assert value("js_divergence", rows) < math.log(2)


def test_a_divergence_of_nearly_equal_distributions_keeps_its_digits() -> None:
    from decimal import Decimal, localcontext

    p, q = np.array([0.25, 0.75]), np.array([0.25 + 2.0**-20, 0.75 - 2.0**-20])
    with localcontext(prec=50):
        exact = sum(Decimal(a) * (Decimal(a) / Decimal(b)).ln() for a, b in zip(p, q, strict=True))
    rows = rows_of(p[:, None], q[:, None])
    assert value("kl_divergence", rows) == pytest.approx(float(exact), abs=2e-16)


def test_kl_is_pytorchs() -> None:
    """torch.nn.KLDivLoss(reduction="batchmean")(log q, p): Σ p (log p − log q) / rows."""
    rng = np.random.default_rng(0)
    p, logits = rng.dirichlet(np.ones(3), 20), rng.normal(size=(20, 3))
    log_q = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    theirs = (p * (np.log(p) - log_q)).sum() / len(p)
    rows = rows_of(p.T, logits.T, logits=True)
    assert value("kl_divergence", rows) == pytest.approx(theirs, rel=1e-12)


def test_focal_loss_is_torchvisions() -> None:
    """sigmoid_focal_loss: α_t (1 − p_t)^γ · binary cross-entropy with logits, mean."""
    rng = np.random.default_rng(0)
    logits, truth = rng.normal(size=50) * 3, rng.integers(0, 2, 50)
    p = 1 / (1 + np.exp(-logits))
    entropy = np.maximum(logits, 0) - logits * truth + np.log1p(np.exp(-np.abs(logits)))
    right = p * truth + (1 - p) * (1 - truth)
    theirs = np.mean((0.25 * truth + 0.75 * (1 - truth)) * (1 - right) ** 2 * entropy)
    order = np.argsort(logits)
    positive = truth[order].astype(float)
    scores = BinaryScores(logits[order], positive, 1 - positive, positive, 1 - positive, logit=True)
    found = find("focal_loss", "binary").function(scores, alpha=0.25, gamma=2.0)
    assert found == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_intervals_hold_the_true_value_as_often_as_they_say(name: str) -> None:
    rng = np.random.default_rng(1)
    metric = find(name, "multiclass")

    def draw(size: int) -> ClassRows:
        evidence = rng.normal(size=(3, size))
        p, q = (np.exp(evidence + 0.5 * rng.normal(size=(3, size))) for _ in range(2))
        return rows_of(p / p.sum(axis=0), q / q.sum(axis=0))

    true, holds = value(name, draw(400_000)), 0
    for _ in range(300):
        state = means(name, draw(400))
        found = interval_on(metric, {}, state, 0.95, float(metric.function(state.readings())))
        holds += found.low <= true <= found.high
    assert abs(holds / 300 - 0.95) <= 4 * math.sqrt(0.95 * 0.05 / 300)
