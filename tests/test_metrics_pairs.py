"""Distances by scipy, losses of pairs and triplets by their definitions and as PyTorch has them."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import distance as scipy_distance

from mleval.batch import Floats
from mleval.errors import InputError, UsageError
from mleval.evaluation.moments import interval_on
from mleval.evaluation.scoring import interval_on as interval_on_scores
from mleval.metrics import find, metrics
from mleval.metrics.distances import distances
from mleval.metrics.pairs import PairRows, similarity_table
from mleval.references import ObservedPairs, reference
from mleval.states import Means, ScoreTable

CATALOGUE = "contrastive_loss triplet_loss triplet_accuracy roc_auc eer"
law = settings(derandomize=True, deadline=None, max_examples=20)
OPTIONS: dict[str, tuple[dict[str, Any], ...]] = {
    "contrastive_loss": ({"margin": 1.0}, {"margin": 0.3}),
    "triplet_loss": (
        {"margin": 1.0, "squared": False},
        {"margin": 0.2, "squared": True},
        {"margin": 0.0, "squared": False},
    ),
    "roc_auc": ({"max_fpr": 1.0}, {"max_fpr": 0.3}),
}
EVERY = [(name, options) for name in CATALOGUE.split() for options in OPTIONS.get(name, ({},))]


def state_of(name: str, options: Any, rows: PairRows, weight: Floats | None = None) -> Any:
    metric = find(name, "pairs")
    if metric.state is ScoreTable:
        return similarity_table(rows, weight)
    assert metric.components
    return Means.of({c.name: c.of(rows) for c in metric.components(**options)}, weight)


def value_of(name: str, options: Any, state: Any) -> float:
    told = state.binary("same") if isinstance(state, ScoreTable) else state.readings()
    return float(find(name, "pairs").function(told, **options))


def value(name: str, rows: PairRows, weight: Floats | None = None, **options: Any) -> float:
    return value_of(name, options, state_of(name, options, rows, weight))


def samples() -> Iterator[tuple[PairRows, Floats | None]]:
    """Distances spread and tied, near 0 and far from it."""
    for seed in range(4):
        rng = np.random.default_rng(seed)
        for size in (2, 40):
            dissimilar = (np.arange(size) % 2).astype(float)
            for near in (rng.gamma(2.0, 0.4, size), rng.integers(0, 4, size) / 2, np.zeros(size)):
                far = near * rng.random(size) * 2.5
                for weight in (
                    None,
                    rng.integers(1, 4, size).astype(float),
                    rng.random(size) + 0.1,
                ):
                    yield PairRows(near + dissimilar / 3, dissimilar, far), weight


def test_the_catalogue_is_registered() -> None:
    assert sorted(metric.name for metric in metrics("pairs")) == sorted(CATALOGUE.split())


@pytest.mark.parametrize(("name", "options"), EVERY, ids=str)
def test_every_number_agrees_with_its_reference(name: str, options: Any) -> None:
    by = reference("pairs", name)
    assert by
    for rows, weight in samples():
        observed = ObservedPairs(rows.distance, rows.dissimilar, rows.negative_distance, weight)
        given = {k: None if (k, v) == ("max_fpr", 1.0) else v for k, v in options.items()}
        theirs = by.function(observed, **given)
        ours = value(name, rows, weight, **options)
        assert abs(ours - theirs) <= 1e-12 * max(abs(ours), abs(theirs), 1.0)


# ---------------------------------------------------------------- as PyTorch has them


def embeddings(seed: int = 0) -> tuple[Floats, Floats, Floats]:
    rng = np.random.default_rng(seed)
    anchor, positive, negative = rng.normal(size=(3, 25, 8))
    return anchor, positive, negative


@pytest.mark.parametrize(("margin", "p"), [(1.0, 2.0), (0.5, 1.0), (2.0, 3.0)])
def test_the_triplet_loss_is_pytorchs(margin: float, p: float) -> None:
    """torch.nn.TripletMarginLoss(margin, p, eps=0): max(0, ‖a − p‖ − ‖a − n‖ + margin), mean."""
    a, b, c = embeddings()
    near, far = ((np.abs(a - x) ** p).sum(axis=1) ** (1 / p) for x in (b, c))
    theirs = np.maximum(near - far + margin, 0).mean()
    rows = PairRows(
        distances(a, b, "minkowski", p=p), negative_distance=distances(a, c, "minkowski", p=p)
    )
    assert value("triplet_loss", rows, margin=margin, squared=False) == pytest.approx(theirs)


def test_the_squared_triplet_loss_is_of_squared_distances() -> None:
    """Schroff et al.: max(0, ‖a − p‖² − ‖a − n‖² + α)."""
    a, b, c = embeddings(1)
    theirs = np.maximum(((a - b) ** 2).sum(1) - ((a - c) ** 2).sum(1) + 0.2, 0).mean()
    rows = PairRows(distances(a, b), negative_distance=distances(a, c))
    assert value("triplet_loss", rows, margin=0.2, squared=True) == pytest.approx(theirs)


def test_the_contrastive_loss_is_that_of_its_paper_without_the_half() -> None:
    """Hadsell et al. with Y = dissimilar: (1 − Y) D² + Y max(0, m − D)²."""
    a, b, _ = embeddings(2)
    y = (np.arange(25) % 3 == 0).astype(float)
    d = np.sqrt(((a - b) ** 2).sum(axis=1))
    theirs = ((1 - y) * d**2 + y * np.maximum(0, 4.0 - d) ** 2).mean()
    assert value("contrastive_loss", PairRows(distances(a, b), y), margin=4.0) == pytest.approx(
        theirs
    )


def test_equal_distances_are_no_success() -> None:
    rows = PairRows(np.array([1.0, 1.0]), negative_distance=np.array([1.0, 2.0]))
    assert value("triplet_accuracy", rows) == 0.5


def test_a_larger_distance_is_less_alike() -> None:
    rows = PairRows(np.array([0.1, 0.2, 5.0, 6.0]), np.array([0.0, 0.0, 1.0, 1.0]))
    assert value("roc_auc", rows, max_fpr=1.0) == 1.0
    assert value("eer", rows) == 0.0


def test_large_distances_keep_the_digits_of_a_squared_gap() -> None:
    near, far = 1e8 + 0.5, 1e8
    rows = PairRows(np.array([near]), negative_distance=np.array([far]))
    exact = Fraction(near) ** 2 - Fraction(far) ** 2 + 1
    found = value("triplet_loss", rows, margin=1.0, squared=True)
    assert found == pytest.approx(float(exact), rel=1e-15)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("contrastive_loss", {"margin": 0.0}),
        ("contrastive_loss", {"margin": math.nan}),
        ("triplet_loss", {"margin": -0.1, "squared": False}),
    ],
)
def test_options_without_sense_are_refused(name: str, options: Any) -> None:
    rows = PairRows(np.ones(2), np.zeros(2), np.ones(2))
    with pytest.raises(UsageError, match="margin"):
        state_of(name, options, rows)


# ---------------------------------------------------------------- laws and intervals


@law
@given(st.data())
def test_every_split_of_the_rows_in_every_order_reads_the_same(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 20))
    rng = np.random.default_rng(data.draw(st.integers(0, 9)))
    whole = PairRows(rng.integers(0, 5, size) / 2, np.arange(size) % 2.0, rng.random(size))
    weight = rng.random(size) + 0.1 if data.draw(st.booleans()) else None
    order = np.array(data.draw(st.permutations(range(size))))
    cuts = sorted(data.draw(st.lists(st.integers(0, size), max_size=3)))
    for name, options in EVERY:
        metric = find(name, "pairs")
        state = metric.state.empty()
        for some in np.split(order, cuts):
            part = PairRows(*(column[some] for column in vars(whole).values()))
            mine = None if weight is None else weight[some]
            state = state.merge(state_of(name, options, part, mine))
        ours = value_of(name, options, state)
        assert ours == pytest.approx(value(name, whole, weight, **options), rel=1e-12, abs=1e-15)


def test_intervals_hold_the_true_value_as_often_as_they_say() -> None:
    rng = np.random.default_rng(0)

    def draw(size: int) -> PairRows:
        dissimilar = (rng.random(size) < 0.4).astype(float)
        near = rng.gamma(3.0, 0.25 + 0.2 * dissimilar)
        return PairRows(near, dissimilar, rng.gamma(4.0, 0.4, size))

    large = draw(400_000)
    true = {str(pair): value(pair[0], large, **pair[1]) for pair in EVERY}
    holds = dict.fromkeys(true, 0)
    for _ in range(300):
        rows = draw(400)
        for name, options in EVERY:
            metric, state = find(name, "pairs"), state_of(name, options, rows)
            found = value_of(name, options, state)
            if metric.state is ScoreTable:
                limits = interval_on_scores(metric, options, state.binary("same"), 0.95, found)
            else:
                limits = interval_on(metric, options, state, 0.95, found)
            holds[str((name, options))] += limits.low <= true[str((name, options))] <= limits.high
    slack = 4 * math.sqrt(0.95 * 0.05 / 300)
    assert {k: n / 300 for k, n in holds.items() if abs(n / 300 - 0.95) > slack} == {}


# ---------------------------------------------------------------- distances


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("rows", "width"), [(1, 1), (7, 3), (700, 128), (3, 40_000), (0, 4)])
def test_distances_are_scipys(rows: int, width: int, dtype: Any) -> None:
    rng = np.random.default_rng(rows + width)
    a, b = (rng.normal(size=(rows, width)).astype(dtype) for _ in range(2))
    pairs = [(x.astype(float), y.astype(float)) for x, y in zip(a, b, strict=True)]
    for name, theirs in (
        ("euclidean", scipy_distance.euclidean),
        ("manhattan", scipy_distance.cityblock),
        ("cosine", scipy_distance.cosine),
    ):
        found = distances(a, b, name)
        assert found.dtype == np.float64
        np.testing.assert_allclose(found, [theirs(x, y) for x, y in pairs], rtol=1e-12, atol=1e-14)
    for p in (1.0, 1.5, 2.0, 3.0, math.inf):
        expected = [scipy_distance.minkowski(x, y, p) for x, y in pairs]
        np.testing.assert_allclose(distances(a, b, "minkowski", p=p), expected, rtol=1e-12)


def test_distances_change_nothing_they_are_given() -> None:
    a, b = np.random.default_rng(0).normal(size=(2, 9, 4))
    for side in (a, b):
        side.flags.writeable = False
    for name in ("euclidean", "cosine", "manhattan", "minkowski"):
        distances(a, b, name)


@pytest.mark.parametrize("size", [1e-300, 1e-170, 1.0, 1e170, 1e300])
def test_distances_of_tiny_and_huge_vectors(size: float) -> None:
    a, b = np.array([[3.0, 0.0]]) * size, np.array([[0.0, 4.0]]) * size
    assert distances(a, b)[0] == pytest.approx(5 * size, rel=1e-15)
    assert distances(a, b, "minkowski", p=3.0)[0] == pytest.approx(91 ** (1 / 3) * size, rel=1e-14)
    assert distances(a, b, "cosine")[0] == pytest.approx(1.0, rel=1e-15)


def test_the_angle_of_nearly_parallel_vectors_keeps_its_digits() -> None:
    a, b = np.array([[1.0, 0.0]]), np.array([[1.0, 1e-9]])
    assert distances(a, b, "cosine")[0] == pytest.approx(0.5e-18, rel=1e-9)
    assert distances(a, a, "cosine")[0] == 0.0
    assert distances(a, -a, "cosine")[0] == 2.0


def test_a_vector_of_zeros_has_no_direction() -> None:
    a, b = np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    assert np.isnan(distances(a, b, "cosine")).tolist() == [True, False]
    assert distances(a, a).tolist() == [0.0, 0.0]


def test_memory_stays_flat() -> None:
    a, b = np.zeros((2, 100_000, 16), np.float32)
    for name in ("euclidean", "cosine", "manhattan", "minkowski"):
        tracemalloc.start()
        distances(a, b, name, p=3.0)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 100_000 * 8 + 2_500_000, name


def test_what_cannot_be_a_distance_is_refused() -> None:
    a = np.zeros((2, 3))
    with pytest.raises(InputError, match=r"2×3 and 2×4"):
        distances(a, np.zeros((2, 4)))
    with pytest.raises(InputError, match=r"2×3 and 3×3"):
        distances(a, np.zeros((3, 3)))
    with pytest.raises(UsageError, match="hamming"):
        distances(a, a, "hamming")
    with pytest.raises(UsageError, match="at least 1"):
        distances(a, a, "minkowski", p=0.5)
