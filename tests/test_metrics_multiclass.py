"""Losses of class probabilities: against scikit-learn, in exact arithmetic, and at the edges."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn import metrics as sklearn_metrics

from mleval.batch import Floats
from mleval.errors import UsageError
from mleval.metrics import find
from mleval.metrics.multiclass import ClassRows, top_label
from mleval.references.definitions import focal_loss as focal_by_definition
from mleval.references.observed import Observed
from mleval.states import Means

Sample = tuple[NDArray[np.int64], Floats, Floats | None]


def samples() -> Iterator[Sample]:
    """Truth, (k, n) probabilities and weights: spread, tied, certain; some classes absent."""
    for seed in range(5):
        rng = np.random.default_rng(seed)
        for classes, size in ((3, 1), (3, 25), (6, 40)):
            truth = rng.integers(0, classes, size)
            spread = rng.dirichlet(np.ones(classes), size).T
            tied = rng.integers(0, 3, (classes, size)) + 0.5
            certain = (np.arange(classes)[:, None] == rng.integers(0, classes, size)) * 1.0
            for table in (spread, tied / tied.sum(axis=0), certain):
                for weight in (None, rng.random(size) + 0.1):
                    yield truth, table, weight


def value(name: str, rows: ClassRows, weight: Floats | None = None, **options: Any) -> float:
    metric = find(name, "multiclass")
    assert metric.components is not None
    columns = {c.name: c.of(rows) for c in metric.components(**options)}
    means = Means.of(columns, weight)
    return float(metric.function(dict(zip(means.names, means.mean, strict=True)), **options))


def close(ours: float, theirs: float) -> bool:
    return abs(ours - theirs) <= 1e-12 * max(abs(ours), abs(theirs), 1.0)


def test_log_loss_is_scikit_learns() -> None:
    for truth, table, weight in samples():
        theirs = sklearn_metrics.log_loss(
            truth, table.T, sample_weight=weight, labels=range(len(table))
        )
        assert close(value("log_loss", ClassRows(truth, table), weight), theirs)


def test_brier_is_scikit_learns() -> None:
    for truth, table, weight in samples():
        theirs = sklearn_metrics.brier_score_loss(
            truth,
            table.T,
            sample_weight=weight,
            labels=list(range(len(table))),
            scale_by_half=False,
        )
        assert close(value("brier", ClassRows(truth, table), weight), theirs)


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_top_k_accuracy_is_scikit_learns_ties_and_all(k: int) -> None:
    for truth, table, weight in samples():
        if k < len(table):
            theirs = sklearn_metrics.top_k_accuracy_score(
                truth, table.T, k=k, sample_weight=weight, labels=range(len(table))
            )
            assert close(value("top_k_accuracy", ClassRows(truth, table), weight, k=k), theirs)


def test_everything_is_among_as_many_as_there_are_classes() -> None:
    rows = ClassRows(np.array([0, 2]), np.full((3, 2), 1 / 3))
    assert value("top_k_accuracy", rows, k=3) == value("top_k_accuracy", rows, k=9) == 1.0


@pytest.mark.parametrize("scale", ["probability", "logit"])
@pytest.mark.parametrize(("alpha", "gamma"), [(0.25, 2.0), (1.0, 0.0), (3.0, 0.5)])
def test_focal_loss_is_its_definition(alpha: float, gamma: float, scale: Any) -> None:
    for truth, table, weight in samples():
        values = 6 * table if scale == "logit" else table
        names = tuple("abcdef"[: len(table)])
        labels = np.array([names[code] for code in truth], dtype=object)
        observed = Observed(
            "multiclass",
            labels,
            None,
            names,
            score_scale=scale,
            probabilities=values.T,
            probability_classes=names,
            weight=weight,
        )
        rows = ClassRows(truth, values, logits=scale == "logit")
        theirs = focal_by_definition(observed, alpha=alpha, gamma=gamma)
        assert close(value("focal_loss", rows, weight, alpha=alpha, gamma=gamma), theirs)


def test_the_brier_score_of_sure_rows_keeps_its_digits() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 5, 50)
    table = 1e-6 * rng.dirichlet(np.ones(5), 50).T
    each = np.arange(50)
    table[truth, each] = 0
    table[truth, each] = 1 - table.sum(axis=0)
    exact = sum(
        (Fraction(float(table[c, row])) - (c == truth[row])) ** 2 for c in range(5) for row in each
    )
    assert value("brier", ClassRows(truth, table)) == pytest.approx(
        float(exact / 50), rel=1e-13, abs=0
    )


def test_logits_of_a_thousand_are_exact() -> None:
    values = np.array([[1000.0, -1000.0, 0.0], [-1000.0, 1000.0, 0.0], [0.0, 0.0, 0.0]])
    rows = ClassRows(np.array([1, 1, 2]), values, logits=True)
    assert rows.true_log_probability.tolist() == pytest.approx([-2000.0, 0.0, -math.log(3)])
    assert value("log_loss", rows) == pytest.approx((2000 + math.log(3)) / 3, rel=1e-15)
    assert value("brier", rows) == pytest.approx((2 + 0 + 2 / 3) / 3, rel=1e-15)


def test_adding_the_same_to_all_logits_of_a_row_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    truth, values = rng.integers(0, 4, 30), rng.normal(size=(4, 30))
    for name in ("log_loss", "brier", "focal_loss"):
        options = {"alpha": 0.25, "gamma": 2.0} if name == "focal_loss" else {}
        one, other = (
            value(name, ClassRows(truth, values + by, logits=True), **options) for by in (0, 512)
        )
        assert one == pytest.approx(other, rel=1e-12)


def test_a_probability_of_nothing_costs_the_logarithm_of_the_clip() -> None:
    rows = ClassRows(np.array([0, 1]), np.array([[0.0, 0.0], [1.0, 1.0]]))
    losses = -rows.true_log_probability
    assert losses[0] == -math.log(np.finfo(float).eps)
    assert losses[1] == pytest.approx(np.finfo(float).eps, rel=1e-12, abs=0)


@pytest.mark.parametrize("logits", [False, True])
def test_the_top_label_is_the_first_of_equals(logits: bool) -> None:
    table = np.array([[0.4, 0.2], [0.4, 0.3], [0.2, 0.5]])
    values = np.log(table) if logits else table
    confidence, right = top_label(ClassRows(np.array([1, 2]), values, logits))
    assert confidence.tolist() == pytest.approx([0.4, 0.5])
    assert right.tolist() == [False, True]


def test_rows_are_not_changed() -> None:
    truth, table = np.array([0, 2]), np.array([[0.2, 0.1], [0.3, 0.3], [0.5, 0.6]])
    for logits in (False, True):
        rows = ClassRows(truth, table.copy(), logits)
        for name, options in (("log_loss", {}), ("brier", {}), ("top_k_accuracy", {"k": 2})):
            value(name, rows, **options)
        np.testing.assert_array_equal(rows.values, table)


def test_components_of_different_options_have_different_names() -> None:
    for name, sets in (
        ("top_k_accuracy", [{"k": 1}, {"k": 2}]),
        ("focal_loss", [{"alpha": 0.25, "gamma": 2.0}, {"alpha": 0.5, "gamma": 2.0}]),
    ):
        components = find(name, "multiclass").components
        assert components is not None
        assert len({components(**options)[0].name for options in sets}) == len(sets)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("top_k_accuracy", {"k": 0}),
        ("focal_loss", {"alpha": 0.25, "gamma": -1.0}),
        ("focal_loss", {"alpha": -0.25, "gamma": 2.0}),
        ("focal_loss", {"alpha": math.nan, "gamma": 2.0}),
    ],
)
def test_options_without_sense_are_refused(name: str, options: Any) -> None:
    components = find(name, "multiclass").components
    assert components is not None
    with pytest.raises(UsageError, match=name):
        components(**options)
