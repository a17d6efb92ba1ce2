"""States keep what they say they keep: against exact arithmetic and against counting by hand."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from mleval.batch import Labels
from mleval.states import BinaryScores, Confusion, Means, ScoreTable, score_table

SEEDS = (0, 1, 2)


def chunks(rows: int, rng: np.random.Generator) -> list[np.ndarray]:
    """The positions of rows in some order, cut in uneven parts, one of them empty."""
    cuts = sorted(rng.integers(0, rows, 5).tolist() + [rows // 2] * 2)
    return np.split(rng.permutation(rows), cuts)


# ---------------------------------------------------------------- Means


def exact(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> dict[str, Any]:
    """Weighted mean, covariance and sandwich covariance of two columns, in fractions."""
    columns = [[Fraction(v) for v in column.tolist()] for column in (x, y)]
    w = [Fraction(v) for v in weight.tolist()]
    total = sum(w)
    means = [sum(a * b for a, b in zip(w, column, strict=True)) / total for column in columns]
    centred = [[v - m for v in column] for column, m in zip(columns, means, strict=True)]

    def product(i: int, j: int, power: int) -> Fraction:
        return sum(c**power * a * b for c, a, b in zip(w, centred[i], centred[j], strict=True))

    return {
        "mean": [float(m) for m in means],
        "covariance": [[float(product(i, j, 1) / total) for j in (0, 1)] for i in (0, 1)],
        "sandwich": [[float(product(i, j, 2) / total**2) for j in (0, 1)] for i in (0, 1)],
    }


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("offset", [0.0, 1e8, -1e8, 1e15])
@pytest.mark.parametrize("seed", SEEDS)
def test_means_keep_their_digits_far_from_zero(seed: int, offset: float, weighted: bool) -> None:
    rng = np.random.default_rng(seed)
    # Steps that numbers of such a size can express.
    x = np.round(rng.normal(size=60) * 8) / 4 * (1 if abs(offset) < 1e15 else 4) + offset
    y = np.round(rng.normal(size=60) * 8) + x - offset
    weight = rng.integers(1, 9, 60) / 8 if weighted else np.ones(60)
    state = Means.empty()
    for rows in chunks(60, rng):
        part = {"x": x[rows], "y": y[rows]}
        state = state.merge(Means.of(part, weight[rows] if weighted else None))
    found = exact(x, y, weight)
    np.testing.assert_allclose(state.mean, found["mean"], rtol=1e-15, atol=1e-14)
    off = state.first / state.weight  # how far the mean is from the pivot
    spread = state.second / state.weight - np.outer(off, off)
    np.testing.assert_allclose(spread, found["covariance"], rtol=1e-12, atol=1e-12)
    sandwich = state.variance_of_mean()
    np.testing.assert_allclose(sandwich, found["sandwich"], rtol=1e-12, atol=1e-12)
    assert (state.low[0], state.high[0]) == (x.min(), x.max())


def test_a_column_that_does_not_move_has_no_variance_however_far_it_is() -> None:
    state = Means.of({"x": np.full(7, 1e15 / 3)}).merge(Means.of({"x": np.full(5, 1e15 / 3)}))
    assert state.value("x") == 1e15 / 3
    assert state.variance_of_mean().tolist() == [[0.0]]


def test_parts_far_apart_are_brought_to_one_pivot() -> None:
    low, high = np.array([1.0, 2.0, 4.0]), np.array([1.0, 3.0, 3.0]) + 2.0**40
    state = Means.of({"x": low}).merge(Means.of({"x": high}))
    both = np.concatenate([low, high])
    found = exact(both, both, np.ones(6))
    assert state.value("x") == pytest.approx(found["mean"][0], rel=1e-15)
    assert state.variance_of_mean()[0, 0] == pytest.approx(found["sandwich"][0][0], rel=1e-14)


# ---------------------------------------------------------------- ScoreTable


def by_hand(
    labels: list[str], scores: np.ndarray, weight: np.ndarray
) -> dict[str, dict[float, tuple[float, float]]]:
    """Label → score → (Σw, Σw²)."""
    table: dict[str, dict[float, tuple[float, float]]] = defaultdict(dict)
    for label, score, w in zip(labels, scores.tolist(), weight.tolist(), strict=True):
        one, two = table[label].get(score, (0.0, 0.0))
        table[label][score] = (one + w, two + w * w)
    return table


def kept(state: ScoreTable) -> dict[str, dict[float, tuple[float, float]]]:
    runs = {label: state.distinct(label) for label in state.labels}
    return {
        label: {
            s: (w, w2)
            for s, w, w2 in zip(
                run.scores.tolist(), run.weight.tolist(), run.weight2.tolist(), strict=True
            )
        }
        for label, run in runs.items()
    }


@pytest.mark.parametrize("pending", [1 << 22, 8, 0])
@pytest.mark.parametrize("weighing", ["none", "some parts", "all parts"])
@pytest.mark.parametrize("seed", SEEDS)
def test_score_tables_hold_each_distinct_score_once(
    seed: int, weighing: str, pending: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(score_table, "_PENDING_ROWS", pending)
    rng = np.random.default_rng(seed)
    labels = rng.choice(["a", "b", "rare"], 200, p=[0.5, 0.49, 0.01]).tolist()
    scores = np.round(rng.normal(size=200), 1) * rng.choice([1, -1], 200)
    weight = rng.integers(1, 16, 200) / 4
    state = ScoreTable.empty()
    for place, rows in enumerate(chunks(200, rng)):
        bare = weighing == "none" or (weighing == "some parts" and place % 2)
        if bare:
            weight[rows] = 1.0
        mine = Labels.of([labels[i] for i in rows]) if len(rows) else Labels.of([])
        state = state.merge(ScoreTable.of(mine, scores[rows], None if bare else weight[rows]))
    assert kept(state) == by_hand(labels, scores + 0.0, weight)
    for label in state.labels:
        assert (np.diff(state.distinct(label).scores) > 0).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_two_classes_by_score_are_one_label_against_all_others(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = rng.choice(list("abc"), 90).tolist()
    scores, weight = np.round(rng.random(90), 1), rng.integers(1, 5, 90).astype(float)
    found: BinaryScores = ScoreTable.of(Labels.of(labels), scores, weight).binary("b")
    own = np.array(labels) == "b"
    for place, score in enumerate(found.scores):
        at, above = scores == score, scores >= score
        assert found.positive[place] == weight[at & own].sum()
        assert found.negative2[place] == (weight[at & ~own] ** 2).sum()
        assert found.positives_at_least[place] == weight[above & own].sum()
        assert found.negatives_at_least[place] == weight[above & ~own].sum()
    assert set(found.scores) == set(scores)
    assert found.total == weight.sum()
    assert found.effective_positives == weight[own].sum() ** 2 / (weight[own] ** 2).sum()


def test_both_zeros_are_one_score() -> None:
    state = ScoreTable.of(Labels.of(["a", "a", "b"]), np.array([-0.0, 0.0, -0.0]))
    assert state.distinct("a").scores.tolist() == [0.0]
    assert state.binary("a").scores.tolist() == [0.0]
    assert not np.signbit(state.binary("a").scores[0])


def test_labels_that_become_one_pool_their_scores() -> None:
    state = ScoreTable.of(Labels.of(["a", "A", "b"]), np.array([0.5, 0.5, 0.1]))
    pooled = state.relabel({"A": "a"})
    assert kept(pooled) == {"a": {0.5: (2.0, 2.0)}, "b": {0.1: (1.0, 1.0)}}
    turned = pooled.map_scores(lambda label, s: 1 - s if label == "b" else s)
    assert kept(turned)["b"] == {0.9: (1.0, 1.0)}


# ---------------------------------------------------------------- Confusion


def cells(state: Confusion) -> dict[tuple[str, str | None], tuple[float, float]]:
    names = (*state.labels, None)
    return {
        (names[t], names[p]): (w, w2)
        for t, p, w, w2 in zip(
            state.truth, state.prediction, state.weight, state.weight2, strict=True
        )
    }


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_confusions_count_each_pair(seed: int, weighted: bool) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.choice(list("abc"), 80)
    prediction = rng.choice(["b", "c", "d", None], 80)
    weight = rng.integers(1, 9, 80) / 4 if weighted else np.ones(80)
    state = Confusion.empty()
    for rows in chunks(80, rng):
        guesses = sorted({p for p in prediction[rows] if p is not None})
        codes = [guesses.index(p) if p is not None else -1 for p in prediction[rows]]
        guessed = Labels(np.array(codes, np.int32), tuple(guesses))
        part = Labels.of(truth[rows].tolist())
        state = state.merge(Confusion.of(part, guessed, weight[rows] if weighted else None))
    counted: dict[Any, Any] = defaultdict(lambda: (0.0, 0.0))
    for pair, w in zip(zip(truth, prediction, strict=True), weight, strict=True):
        counted[pair] = (counted[pair][0] + w, counted[pair][1] + w * w)
    assert cells(state) == counted
    assert state.truth_labels == tuple(sorted(set(truth)))
    assert state.prediction_labels == tuple(sorted({p for p in prediction if p is not None}))
    counts = state.counts(("d", "c", "b", "a"))
    assert counts.total == weight.sum()
    assert counts.truth.tolist() == [weight[truth == x].sum() for x in "dcba"]
    assert counts.prediction.tolist() == [weight[prediction == x].sum() for x in "dcba"]
    assert counts.diagonal.tolist() == [
        weight[(truth == x) & (prediction == x)].sum() for x in "dcba"
    ]


def test_a_row_without_a_prediction_misses_its_class_and_hits_no_other() -> None:
    state = Confusion.of(Labels.of(["a", "b"]), Labels(np.array([-1, 0], np.int32), ("b",)))
    assert cells(state) == {("a", None): (1.0, 1.0), ("b", "b"): (1.0, 1.0)}
    each = state.counts(("a", "b")).by_class()
    assert (each.fn.tolist(), each.fp.tolist()) == ([1.0, 0.0], [0.0, 0.0])
    assert state.counts(("a", "b")).matrix().tolist() == [[0, 0], [0, 1]]


def test_each_side_is_relabelled_by_its_own_names() -> None:
    truth, prediction = Labels.of(["1", "1", "0"]), Labels.of(["1.0", "0.0", "0.0"])
    state = Confusion.of(truth, prediction).relabel({}, {"1.0": "1", "0.0": "0"})
    assert cells(state) == {
        ("1", "1"): (1.0, 1.0),
        ("1", "0"): (1.0, 1.0),
        ("0", "0"): (1.0, 1.0),
    }
    assert state.labels == ("0", "1")


def test_many_labels_are_counted_without_a_table_of_all_pairs() -> None:
    names = tuple(f"{i:05}" for i in range(3000))
    codes = np.arange(3000, dtype=np.int32)
    state = Confusion.of(Labels(codes, names), Labels(codes[::-1].copy(), names))
    assert len(state.weight) == 3000
    assert cells(state)["00000", "02999"] == (1.0, 1.0)
