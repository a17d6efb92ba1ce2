"""Rows with scores whose miscalibration is known."""

from __future__ import annotations

from typing import Any

import numpy as np

from mleval.diagnosis.rows import ClassifiedRows


def sigmoid(x: Any) -> np.ndarray:
    return 1 / (1 + np.exp(-np.asarray(x, float)))


def binary(truth: Any, score: Any, threshold: float = 0.5, **fields: Any) -> ClassifiedRows:
    """Rows whose scores are probabilities of class "yes"."""
    truth, score = np.asarray(truth, np.int32), np.asarray(score, float)
    return ClassifiedRows(
        classes=("no", "yes"),
        truth=truth,
        predicted=(score >= threshold).astype(np.int32),
        positive=1,
        probability=score,
        score=score,
        threshold=threshold,
        **fields,
        others={},
        left_out={},
        numbers=np.arange(1, len(truth) + 1),
    )


def told(
    seed: int,
    rows: int,
    *,
    shift: float = 0.0,
    stretch: float = 1.0,
    rate: float = 0.0,
    threshold: float = 0.5,
    **fields: Any,
) -> ClassifiedRows:
    """A model that says shift + stretch times the log-odds; rate: their mean."""
    random = np.random.default_rng(seed)
    odds = random.normal(rate, 2.0, rows)
    truth = random.random(rows) < sigmoid(odds)
    return binary(truth, sigmoid(shift + stretch * odds), threshold, **fields)


def several(seed: int, rows: int, *, stretch: float = 1.0, classes: int = 4) -> ClassifiedRows:
    """Several classes, log-probabilities stretched."""
    random = np.random.default_rng(seed)
    odds = random.normal(0, 1.5, (rows, classes))
    chance = softmax(odds)
    truth = (chance.cumsum(axis=1) > random.random((rows, 1))).argmax(axis=1)
    said = softmax(stretch * odds)
    return ClassifiedRows(
        classes=tuple("abcdefgh"[:classes]),
        truth=truth.astype(np.int32),
        predicted=said.argmax(axis=1).astype(np.int32),
        probability=said,
        others={},
        left_out={},
        numbers=np.arange(1, rows + 1),
    )


def softmax(x: np.ndarray) -> np.ndarray:
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
