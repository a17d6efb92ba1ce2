"""Means of percentiles and of rank correlations over targets: the targets of a row go together."""

from __future__ import annotations

import math

import numpy as np
import pytest

import mleval
from mleval.evaluation import requests
from mleval.evaluation.regression import plan
from mleval.metrics import find
from mleval.report import Report
from mleval.uncertainty.intervals import normal_quantile

NAMES = ("medae", "p90", "spearman", "kendall", "d2_absolute_error")
REPETITIONS = 300
LEAST = 0.95 - 4 * (0.95 * 0.05 / REPETITIONS) ** 0.5


def drawn(rng: np.random.Generator, rows: int, shared: float = 0.8) -> dict[str, np.ndarray]:
    """Two targets whose errors have that correlation."""
    common, own = rng.normal(size=rows), rng.normal(size=rows)
    columns = {}
    for name, error in (("a", common), ("b", shared * common + (1 - shared**2) ** 0.5 * own)):
        truth = 2 * rng.normal(size=rows)
        columns |= {f"{name}_true": truth, f"{name}_pred": truth + error}
    return columns


def evaluated(columns: dict[str, np.ndarray], *metrics: str, **options: object) -> Report:
    return mleval.regress(columns, metrics=metrics or NAMES, **options)


def error_of(report: Report, name: str) -> float:
    """The standard error behind an interval on the scale of a metric above 0."""
    found = report[name]
    return found.value * math.log(found.high / found.low) / 2 / normal_quantile(0.95)


def test_a_target_that_is_there_twice_counts_once() -> None:
    one = drawn(np.random.default_rng(1), 300)
    twice = one | {"b_true": one["a_true"], "b_pred": one["a_pred"]}
    single = {"y_true": one["a_true"], "y_pred": one["a_pred"]}
    ranks = ("spearman", "kendall", "d2_absolute_error")
    both, alone = evaluated(twice, *ranks), evaluated(single, *ranks)
    for name in ranks:
        assert both[name].low == pytest.approx(alone[name].low, rel=1e-12)
        assert both[name].high == pytest.approx(alone[name].high, rel=1e-12)
    doubled = evaluated(single, "x = 2*p90")["x"]
    linear = (doubled.high - doubled.low) / 4 / normal_quantile(0.95)
    assert error_of(evaluated(twice, "p90"), "p90") == pytest.approx(linear, rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("weight", [None, "w"])
def test_it_is_the_interval_of_the_mean_of_each(name: str, weight: str | None) -> None:
    rng = np.random.default_rng(2)
    columns = drawn(rng, 400) | {"w": rng.gamma(2, 1, 400)}
    mean = f"x = ({name}[target=a] + {name}[target=b]) / 2"
    report = evaluated(columns, name, mean, weight=weight)
    assert report[name].value == pytest.approx(report["x"].value, rel=1e-12)
    derived = (report["x"].high - report["x"].low) / 2
    top = report[name].range[1]
    slope = report[name].value if top is None else (top - report[name].value)
    if report[name].range[0] == -1:  # on the logit scale
        slope = (1 - report[name].value ** 2) / 2
    ends = [report[name].low, report[name].high]
    if report[name].range[0] == -1:
        spread = np.diff([math.log((1 + e) / (1 - e)) for e in ends])[0] / 2
    else:
        spread = abs(np.diff([math.log(e if top is None else top - e) for e in ends])[0]) / 2
    assert spread * slope == pytest.approx(derived, rel=1e-9)


def test_it_holds_the_true_value_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    asked = ("medae", "p90", "spearman", "d2_absolute_error")
    true = evaluated(drawn(rng, 400_000), *asked, intervals=False)
    holds = dict.fromkeys(asked, 0)
    for _ in range(REPETITIONS):
        report = evaluated(drawn(rng, 300), *asked)
        for name in asked:
            holds[name] += report[name].low <= true[name].value <= report[name].high
    assert {n: c / REPETITIONS for n, c in holds.items() if c / REPETITIONS < LEAST} == {}


def test_the_default_report_has_it() -> None:
    report = mleval.regress(drawn(np.random.default_rng(4), 200))
    assert [key for key, item in report.metrics.items() if item.low is None] == []
    assert report["medae"].method == report["spearman"].method == "delta, rows"
    assert all(item.why != "all rows" for item in report.assumed)


def test_of_many_rows_it_has_to_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "_MOST_RANKED", 100)
    monkeypatch.setattr(requests, "default_metrics", lambda task: [find("medae", task)])
    columns = drawn(np.random.default_rng(5), 200)
    reason = mleval.regress(columns)["medae"].no_interval
    assert reason == "of several targets it takes over 100 rows: ask for it by name"
    assert evaluated(columns, "medae")["medae"].low is not None
