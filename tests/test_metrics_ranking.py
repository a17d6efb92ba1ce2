"""Metrics read off scores: their values, and the curves they are read from."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from score_samples import EDGES, rows, samples, view

from mleval.batch import Labels
from mleval.errors import Undefined, UsageError
from mleval.metrics import find, thresholds
from mleval.metrics.curves import pr_curve, roc_curve
from mleval.references import definitions, reference
from mleval.references.observed import Observed
from mleval.states import BinaryScores, ScoreTable

TOLERANCE = 1e-12

BINARY = [
    ("roc_auc", {}),
    *(("roc_auc", {"max_fpr": share}) for share in (0.01, 0.1, 0.25, 0.5, 0.99)),
    ("gini", {}),
    ("average_precision", {}),
    ("pr_auc", {}),
    ("ks", {}),
    ("youden", {}),
    ("best_f1", {}),
    ("eer", {}),
    *(("recall_at_precision", {"precision": share}) for share in (0.2, 0.5, 0.9, 1.0)),
    *(("precision_at_recall", {"recall": share}) for share in (0.1, 0.5, 1.0)),
    *(("tpr_at_fpr", {"fpr": share}) for share in (0.0, 0.05, 0.2, 1.0)),
    *(("precision_at_k", {"k": size}) for size in (1.0, 2.5, 7.0)),
    *(("lift_at", {"fraction": share}) for share in (0.05, 0.3, 1.0)),
]


def value(name: str, observed: Observed, **options: Any) -> float:
    """The value, or nan where it is undefined: what a reference gives."""
    try:
        return float(find(name, "binary").function(view(observed), **options))
    except Undefined:
        return math.nan


@pytest.mark.parametrize(("name", "options"), BINARY)
def test_a_value_is_the_references_on_random_rows(name: str, options: dict[str, float]) -> None:
    oracle = reference("binary", name)
    assert oracle is not None
    for observed in samples():
        expected = oracle.function(observed, **options)
        found = value(name, observed, **options)
        assert found == pytest.approx(expected, rel=TOLERANCE, abs=TOLERANCE, nan_ok=True)


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize(("name", "options"), BINARY)
@pytest.mark.filterwarnings("ignore:.*only one class:UserWarning", "ignore:No (pos|neg)ative")
def test_a_value_is_the_references_at_the_edges(
    name: str, options: dict[str, float], edge: str
) -> None:
    oracle = reference("binary", name)
    assert oracle is not None
    expected = oracle.function(EDGES[edge], **options)
    found = value(name, EDGES[edge], **options)
    assert found == pytest.approx(expected, rel=TOLERANCE, abs=TOLERANCE, nan_ok=True)


@pytest.mark.parametrize("name", ["roc_auc", "gini", "ks", "youden", "eer"])
def test_without_one_of_the_classes_there_is_no_value(name: str) -> None:
    metric = find(name, "binary")
    with pytest.raises(Undefined, match="no negative rows"):
        metric.function(view(EDGES["only positives"]))
    with pytest.raises(Undefined, match="no positive rows"):
        metric.function(view(EDGES["only negatives"]))
    with pytest.raises(Undefined, match="no positive rows"):
        metric.function(ScoreTable.empty().binary("p"))


def test_the_auc_is_exact_where_it_is_at_its_limits() -> None:
    assert value("roc_auc", EDGES["perfect"]) == 1
    assert value("roc_auc", EDGES["backwards"]) == 0
    assert value("roc_auc", EDGES["all tied"]) == 0.5


@pytest.mark.parametrize("name", ["best_f1", "youden"])
def test_the_threshold_is_the_highest_of_the_best(name: str) -> None:
    ours = getattr(thresholds, f"{name}_threshold")
    theirs = getattr(definitions, f"{name}_threshold")
    assert find(name, "binary").threshold == ours
    for observed in [*samples(), EDGES["all tied"], EDGES["backwards"]]:
        assert ours(view(observed)) == theirs(observed)


def test_equal_sums_of_weights_tie_however_they_round() -> None:
    tied = rows(
        [1, *[0] * 3, *[1] * 3, *[0] * 3], [4, *[3] * 3, *[2] * 3, *[1] * 3], [0.3, *[0.1] * 9]
    )
    # From 4 up: 0.3/0.6 − 0; from 2 up: (0.3 + 0.1 + 0.1 + 0.1)/0.6 − (0.1 + 0.1 + 0.1)/0.6.
    assert thresholds.youden_threshold(view(tied)) == 4
    ten = rows([0] * 10 + [1] * 10, [*range(10), *np.arange(10) + 0.5], [0.1] * 20)
    assert value("tpr_at_fpr", ten, fpr=0.3) == pytest.approx(0.4)
    assert value("precision_at_recall", ten, recall=0.3) == pytest.approx(1 / 2 + 0.1)


def test_several_classes_by_scikit_learns_roc_auc() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 80)
    table = rng.dirichlet(np.ones(3), 80) + np.eye(3)[truth] * 0.3
    table = np.round(table / table.sum(axis=1, keepdims=True), 2)
    table[:, 2] = 1 - table[:, 0] - table[:, 1]
    names = tuple("abc")
    labels = Labels.of([names[code] for code in truth])
    by_class = [ScoreTable.of(labels, table[:, code]) for code in range(3)]

    from sklearn.metrics import roc_auc_score

    ovr = [find("roc_auc_ovr").function(by_class[c].binary(names[c])) for c in range(3)]
    assert np.mean(ovr) == pytest.approx(
        roc_auc_score(truth, table, multi_class="ovr"), rel=TOLERANCE
    )
    pairs = []
    for one, other in combinations(range(3), 2):
        for mine, rest in ((one, other), (other, one)):
            run, against = (by_class[mine].distinct(names[code]) for code in (mine, rest))
            pairs.append(find("roc_auc_ovo").function(BinaryScores.of_runs(run, against)))
    assert np.mean(pairs) == pytest.approx(
        roc_auc_score(truth, table, multi_class="ovo"), rel=TOLERANCE
    )


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("roc_auc", {"max_fpr": 0.0}),
        ("roc_auc", {"max_fpr": 1.1}),
        ("tpr_at_fpr", {"fpr": -0.1}),
        ("recall_at_precision", {"precision": 90.0}),
        ("precision_at_recall", {"recall": 0.0}),
        ("precision_at_k", {"k": 0.0}),
        ("lift_at", {"fraction": math.nan}),
    ],
)
def test_an_option_out_of_its_range_is_refused(name: str, options: dict[str, float]) -> None:
    with pytest.raises(UsageError, match=f"{next(iter(options))} must be"):
        value(name, EDGES["perfect"], **options)


def test_a_limit_that_is_not_reached_is_named() -> None:
    with pytest.raises(Undefined, match=r"no threshold reaches a precision of 0\.9"):
        find("recall_at_precision").function(view(EDGES["all tied"]), precision=0.9)
    with pytest.raises(Undefined, match="fewer than 6 rows"):
        find("precision_at_k").function(view(EDGES["all tied"]), k=6.0)


def test_aliases_lead_to_the_metric_of_the_task() -> None:
    assert find("auc", "binary").name == "roc_auc"
    assert find("auc", "multiclass").name == "roc_auc_ovr"
    assert find("ap", "multiclass").over == "class"


def test_curves_are_those_of_scikit_learn_when_they_are_short() -> None:
    from sklearn.metrics import auc, precision_recall_curve
    from sklearn.metrics import roc_curve as sklearn_curve

    for observed in samples(seeds=2):
        truth = observed.truth == "p"
        fpr, tpr, threshold = roc_curve(view(observed))
        expected = sklearn_curve(truth, observed.score, sample_weight=observed.weight)
        assert (fpr[0], tpr[0], threshold[0]) == (0, 0, math.inf)
        assert (fpr[-1], tpr[-1]) == (1, 1)
        assert auc(fpr, tpr) == pytest.approx(auc(*expected[:2]), rel=1e-9)
        recall, precision, _ = pr_curve(view(observed))
        theirs = precision_recall_curve(truth, observed.score, sample_weight=observed.weight)
        assert (recall[0], precision[0], recall[-1]) == (0, 1, 1)
        assert auc(recall, precision) == pytest.approx(auc(theirs[1], theirs[0]), rel=1e-9)


def test_long_curves_are_thinned_without_losing_their_shape() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 20_000)
    observed = rows(truth, rng.normal(size=20_000) + truth)
    for curve, name, tolerance in ((roc_curve, "roc_auc", 1e-4), (pr_curve, "pr_auc", 2e-3)):
        across, up, threshold = curve(view(observed))
        assert 256 < len(across) <= 512
        assert (np.diff(threshold) < 0).all()
        assert (across[0], across[-1]) == (0, 1)
        assert np.trapezoid(up, across) == pytest.approx(value(name, observed), abs=tolerance)
        assert len(curve(view(observed), points=10)[0]) <= 10


def test_points_on_a_straight_line_are_dropped() -> None:
    fpr, tpr, _ = roc_curve(view(rows([0, 1] * 10, np.repeat(range(10), 2))))
    assert (fpr.tolist(), tpr.tolist()) == ([0, 1], [0, 1])
