"""Data and reports for the tests of gates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from mleval.report import GateResult

SAMPLES = Path(__file__).parent.parent / "sample_data"
CANCER = SAMPLES / "cancer.csv"


def labels(rows: int = 300, seed: int = 0, wrong: float = 0.2) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    truth = random.integers(0, 2, rows)
    return {"truth": truth, "prediction": np.where(random.random(rows) < wrong, 1 - truth, truth)}


def numbers(rows: int = 200, seed: int = 0) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    truth = random.normal(size=rows)
    return {"truth": truth, "prediction": truth + random.normal(0, 0.5, rows)}


def only(report: Any) -> GateResult:
    (result,) = report.gates
    assert isinstance(result, GateResult)
    return result
