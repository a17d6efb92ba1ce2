"""Forty rows of three labels, written in every way, and what scikit-learn says of them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from multilabel_data import drawn
from sklearn.metrics import accuracy_score, f1_score, hamming_loss, recall_score

LETTERS = "abc"
ROWS = drawn(50, rows=40, labels=3)
TRUTH, PREDICTION = ROWS.truth.astype(int), ROWS.prediction.astype(int)
COUNTED = ("subset_accuracy", "hamming_loss", "f1", "f1[micro]", "recall")


def expected(truth: Any, prediction: Any) -> dict[str, float]:
    return {
        "subset_accuracy": accuracy_score(truth, prediction),
        "hamming_loss": hamming_loss(truth, prediction),
        "f1[macro]": f1_score(truth, prediction, average="macro", zero_division=0),
        "f1[micro]": f1_score(truth, prediction, average="micro", zero_division=0),
        "recall[macro]": recall_score(truth, prediction, average="macro", zero_division=0),
    }


def values(report: Any) -> dict[str, float]:
    return {key: found.value for key, found in report.metrics.items()}


def close(found: dict[str, float], wanted: dict[str, float]) -> bool:
    assert found == pytest.approx(wanted, abs=1e-12)
    return True


def write(path: Path, columns: dict[str, Any]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([columns, *zip(*columns.values(), strict=True)])
    return path


def marked(pattern: str, table: Any) -> dict[str, list[Any]]:
    return {pattern.format(name): table[:, k].tolist() for k, name in enumerate(LETTERS)}


def lists(table: Any) -> list[list[str]]:
    return [[LETTERS[k] for k in np.flatnonzero(row)] for row in table]
