"""Diagnoses of planted truths: each is named in 95 % of the seeds, and clean sets name nothing.

`MLEVAL_SIMULATE=full pytest -s tests/test_diagnosis_planted.py` prints the table.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from campaigns import FULL
from planted import Planted, planted

import mleval
from mleval.diagnosis.finding import Finding
from mleval.filter import parse
from mleval.reading.conditions import ColumnName, Comparison, Condition, Every

SEEDS = range(200 if FULL else 5)
WANTED, ALLOWED = 0.95, 0.05
CLEAN = ("clean", "fitted", "folded", "regress_clean")
OF_ANY_MODEL = {"low_confidence"}  # whatever knows how sure it is has rows of which it is unsure


def comparisons(condition: Condition) -> list[Comparison]:
    """Those that must all hold."""
    if isinstance(condition, Every):
        return [part for inner in condition.conditions for part in comparisons(inner)]
    return [condition] if isinstance(condition, Comparison) else []


def is_the_part(found: Finding, truth: Planted) -> bool:
    """Whether a slice is by the planted columns, on the planted side or at the planted value."""
    told = comparisons(parse(str(found.evidence["slice"])))
    for column in truth.columns:
        limits = {c.sign: c.right for c in told if c.left == ColumnName(column)}
        if column in truth.high:
            cells = truth.data[column]
            only = limits.get("==")
            low, high = limits.get(">", -math.inf), limits.get("<=", math.inf)
            inside = cells == only if only is not None else (cells > low) & (cells <= high)
            if (cells[inside].mean() > np.nanmean(cells)) != truth.high[column]:
                return False
        elif limits.get("==") != truth.value:
            return False
    return set(found.columns) == truth.columns


def is_too_high(found: Finding, truth: Planted) -> bool:
    return (float(found.evidence["bias"]) > 0) == truth.high["bias"]


Judge = Callable[[Finding, Planted], bool]
NAMED: dict[str, tuple[str, Judge]] = {
    "imbalance": ("imbalance", lambda f, t: f.evidence["smallest"] == t.value),
    "miscalibration": (
        "overconfident or underconfident",
        lambda f, t: (f.kind == "overconfident") == t.high["confidence"],
    ),
    "bad_threshold": (
        "threshold",
        lambda f, t: (f.evidence["too"] == "high") == t.high["threshold"],
    ),
    "weak_one": ("weak_slice", is_the_part),
    "weak_two": ("weak_slice", is_the_part),
    "label_noise": ("label_noise", lambda f, t: 0.03 < f.evidence["noise"] < 0.09),
    "leakage": ("leaked_ids", lambda f, t: f.evidence["rows"] == int(t.value)),
    "overfitting": ("high_variance", lambda f, t: f.evidence["gap"] > 0),
    "odd_fold": (
        "odd_fold",
        lambda f, t: f.evidence["fold"] == t.value and f.evidence["difference"] < 0,
    ),
    "confusion": (
        "confusion",
        lambda f, t: " ".join(sorted([f.evidence["first"], f.evidence["second"]])) == t.value,
    ),
    "regress_weak": ("weak_slice", is_the_part),
    "regress_biased_slice": (
        "biased_slice",
        lambda f, t: is_the_part(f, t) and is_too_high(f, t),
    ),
    "regress_bias": ("bias", is_too_high),
    "regress_shrunk": (
        "shrunk or overreaching",
        lambda f, t: (f.kind == "overreaching") == t.high["spread"],
    ),
    "regress_spread": (
        "heteroscedastic",
        lambda f, t: (f.evidence["highest"] > f.evidence["lowest"]) == t.high["prediction"],
    ),
    "regress_outliers": ("outliers", lambda f, t: f.evidence["held"] > 0.2),
}
"""What is planted → the kind of finding that names it, and whether it names it rightly."""


def findings(truth: Planted) -> tuple[Finding, ...]:
    return mleval.diagnose(truth.data, **truth.options).findings


@pytest.mark.parametrize("kind", NAMED)
def test_what_is_planted_is_named_with_its_column_and_direction(kind: str) -> None:
    called, is_right = NAMED[kind]
    right, beside = 0, Counter[str]()
    for seed in SEEDS:
        truth = planted(kind, seed)
        found = findings(truth)
        first = [one for one in found if one.kind in called.split(" or ")][:1]
        right += all(is_right(one, truth) for one in first) and len(first) == 1
        beside.update({one.kind for one in found} - {*called.split(" or ")})
    said = ", ".join(f"{other} {count}" for other, count in beside.most_common())
    print(f"\n{kind:<21} {called:<32} {right:>3} of {len(SEEDS)}   beside: {said or 'nothing'}")  # noqa: T201
    assert right >= len(SEEDS) * WANTED - slack()


@pytest.mark.parametrize("kind", CLEAN)
def test_clean_sets_name_no_weak_slice_and_no_problem_of_the_fit(kind: str) -> None:
    parts = ("fit", "threshold", "calibration", "errors", "residuals")
    named, false = Counter[str](), 0
    for seed in SEEDS:
        found = findings(planted(kind, seed))
        false += any(one.part in parts and one.kind not in OF_ANY_MODEL for one in found)
        named.update({one.kind for one in found})
    said = ", ".join(f"{other} {count}" for other, count in named.most_common())
    print(f"\n{kind:<21} {'nothing':<32} {false:>3} of {len(SEEDS)} false: {said or 'nothing'}")  # noqa: T201
    assert false <= len(SEEDS) * ALLOWED + slack()


def slack() -> float:
    """Seeds: four binomial standard errors where there are few of them."""
    return 0.0 if FULL else 4 * math.sqrt(len(SEEDS) * WANTED * ALLOWED)
