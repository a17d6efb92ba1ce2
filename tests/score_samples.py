"""Rows with scores to test on: what a reference is given, and the state that a metric reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mleval.batch import Labels
from mleval.references.observed import Observed
from mleval.states import BinaryScores, ScoreTable


def rows(truth: Any, score: Any, weight: Any = None) -> Observed:
    names = np.array(["p" if one else "n" for one in truth], dtype=object)
    score = np.asarray(score, dtype=float)
    weight = None if weight is None else np.asarray(weight, dtype=float)
    return Observed("binary", names, None, ("n", "p"), "p", score, "any", weight=weight)


def view(observed: Observed) -> BinaryScores:
    assert observed.score is not None
    labels = Labels.of(observed.truth.tolist())
    return ScoreTable.of(labels, observed.score, observed.weight).binary("p")


def samples(seeds: int = 6) -> Iterator[Observed]:
    """Distinct and tied scores, near 0 and near 1e8, unweighted, whole and broken weights."""
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        for size in (2, 9, 60):
            truth = rng.integers(0, 2, size)
            truth[:2] = 0, 1
            score = rng.normal(size=size) + 0.7 * truth
            for at in (score, np.round(score), np.round(score, 1) + 1e8, -score):
                for weight in (None, rng.integers(1, 4, size), rng.random(size) + 0.1):
                    yield rows(truth, at, weight)


EDGES = {
    "all tied": rows([0, 1, 1, 0, 1], [0.5] * 5),
    "perfect": rows([0, 0, 1, 1], [1, 2, 3, 4], [0.1, 0.2, 0.3, 0.4]),
    "backwards": rows([1, 1, 0, 0], [1, 2, 3, 4], [0.1, 0.2, 0.3, 0.4]),
    "only positives": rows([1, 1, 1], [0.1, 0.2, 0.2]),
    "only negatives": rows([0, 0, 0], [0.1, 0.2, 0.2]),
    "one positive row": rows([1], [0.3]),
    "one negative row": rows([0], [0.3]),
}
