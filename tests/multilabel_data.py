"""Rows of several labels to evaluate: random, degenerate and weighted, in every shape of file."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.options import ClassifyOptions

Table = NDArray[np.bool_]
LETTERS = tuple("abcdef")
ODD = ("naïve café", "日本語", "a, b", "x;y", "it's", 'say "so"')


@dataclass(frozen=True)
class Rows:
    """0/1 tables (n, K) of truth and prediction, scores in columns, and what has to be said."""

    truth: Table
    prediction: Table
    names: tuple[str, ...] = LETTERS
    scores: NDArray[np.float64] | None = None
    weight: NDArray[np.float64] | None = None
    options: ClassifyOptions = field(default_factory=ClassifyOptions)

    def lists(self, table: Table) -> list[list[str]]:
        return [[self.names[k] for k in np.flatnonzero(row)] for row in table]

    def cells(self) -> dict[str, Any]:
        """Two columns of lists, and scores."""
        columns = {"label": self.lists(self.truth), "pred": self.lists(self.prediction)}
        return columns | self._others("prob_", "")

    def marks(self) -> dict[str, Any]:
        """A 0/1 column a label for the truth and one for the prediction."""
        columns: dict[str, Any] = {}
        for role, table in (("true", self.truth), ("pred", self.prediction)):
            columns |= {f"{n}_{role}": table[:, k].astype(int) for k, n in enumerate(self.names)}
        return columns | self._others("", "_proba")

    def _others(self, before: str, after: str) -> dict[str, Any]:
        columns: dict[str, Any] = {}
        if self.scores is not None:
            columns |= {f"{before}{n}{after}": self.scores[:, k] for k, n in enumerate(self.names)}
        return columns if self.weight is None else columns | {"sample_weight": self.weight}


def drawn(seed: int, rows: int = 80, labels: int = 6, digits: int = 9, **more: Any) -> Rows:
    """Labels frequent and rare, and scores that mean something."""
    rng = np.random.default_rng(seed)
    shares = np.linspace(0.5, 0.1, labels)
    truth = rng.random((rows, labels)) < shares
    scores = np.round(1 / (1 + np.exp(-rng.normal(2 * truth - 1, 1.3))), digits)
    prediction = np.where(rng.random((rows, labels)) < 0.1, ~truth, scores >= 0.5)
    names = more.pop("names", LETTERS)[:labels]
    return Rows(truth, prediction, names, scores, **more)


def tables(truth: list[str], prediction: list[str], **more: Any) -> Rows:
    """Rows of letters: "ab" is the set {a, b}."""
    made = (np.array([[c in row for c in "abc"] for row in rows]) for rows in (truth, prediction))
    return Rows(*made, names=("a", "b", "c"), **more)


def weights(seed: int, rows: int = 80) -> NDArray[np.float64]:
    return np.random.default_rng(seed).random(rows) * 3 + 0.01


EVERY = ClassifyOptions(classes=("a", "b", "c"))
DATA = {
    **{f"random {seed}": drawn(seed) for seed in range(3)},
    "ties": drawn(3, digits=1),
    "few rows": drawn(4, rows=7, digits=1),
    "weighted": drawn(5, weight=weights(5)),
    "whole weights, some zero": drawn(
        6, weight=np.random.default_rng(6).integers(0, 4, 80).astype(float)
    ),
    "weights far apart": drawn(7, weight=10 ** np.random.default_rng(7).uniform(-6, 6, 80)),
    "odd names": drawn(8, names=ODD),
    "left out": drawn(9, rows=6, options=ClassifyOptions(zero_division=math.nan)),
    "left out, weighted": drawn(
        10, rows=6, weight=weights(1, 6), options=ClassifyOptions(zero_division=math.nan)
    ),
    "over some labels": drawn(11, options=ClassifyOptions(classes=("f", "b", "c"))),
    "two labels": drawn(12, labels=2),
    "empty sets": tables(["ab", "", "c", "", ""], ["a", "", "", "b", "c"]),
    "all equal": tables(["ab", "c", ""], ["ab", "c", ""]),
    "never predicted": tables(["ab", "c", "a"], ["", "", ""]),
    "no overlap": tables(["a", "b", "a"], ["b", "c", "bc"]),
    "nothing in common": tables(["a", "a"], ["b", "c"], options=replace(EVERY, task="multilabel")),
    "every label everywhere": tables(["abc"] * 3, ["abc"] * 3),
    "one row": tables(["ab"], ["bc"]),
    "one label": tables(["a", "", "a"], ["a", "a", ""], options=ClassifyOptions(task="multilabel")),
    "a label of no row": tables(["ab", "b"], ["a", "b"], options=EVERY),
}
