"""Gates that cannot be meant, and baselines that are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gate_samples import CANCER, SAMPLES
from hypothesis import example, given, settings
from hypothesis import strategies as st

import mleval
from mleval.errors import InputError, UsageError
from mleval.expression import Gate
from mleval.report_gates import STATUSES

REPORT = mleval.classify(CANCER)


@pytest.mark.parametrize(
    ("gate", "told", "hint"),
    [
        ("f1 >= 80", "f1 is on 0 … 1, and 80 is not", "for 80 % write 0.8"),
        ("f1 >= 27.5", "and 27.5 is not", "for 27.5 % write 0.275"),
        ("mcc >= 80", "mcc is on -1 … 1", "write a number from -1 to 1"),
        ("f1 >= 2*50", "and 100 is not", "for 100 % write 1"),
        ("log_loss < 0 - 1", "log_loss is on 0 … ∞, and -1 is not", "from 0 to ∞"),
        ("f1 >= 1/0", "1/0 is no number", "for example f1 >= 0.8"),
        ("rmse < 3", "rmse is a regress metric", "mleval regress has it"),
        ("roc_auc.best > 0.3", "only a history of training has a best", None),
        ("f1 >= baseline", "there is no baseline", "--baseline FILE"),
        ("fbeta(gamma=3) > 0.1", "gamma", None),
    ],
)
def test_gates_that_cannot_be_meant(gate: str, told: str, hint: str | None) -> None:
    with pytest.raises(UsageError) as raised:
        mleval.classify(CANCER, gates=gate)
    assert told in str(raised.value)
    assert (hint or "") in str(raised.value.hint)
    report = mleval.classify(CANCER)
    with pytest.raises(UsageError) as saved:
        mleval.check(report, gate)
    assert str(saved.value) == str(raised.value)


def test_limits_at_the_ends_of_a_range_are_right() -> None:
    report = mleval.classify(CANCER, gates=["f1 <= 1", "f1 >= 0", "mcc >= -1"])
    assert report.passed


def test_a_range_is_that_of_the_task_that_it_turns_out_to_be() -> None:
    """brier is on 0-1 for two classes and 0-2 for several."""
    with pytest.raises(InputError, match="turned out to be a binary task, and brier is on 0 … 1"):
        mleval.classify(CANCER, gates="brier <= 1.5")
    assert mleval.classify(SAMPLES / "digits.csv", gates="brier <= 1.5").passed


def test_a_baseline_that_no_gate_speaks_of_is_refused() -> None:
    with pytest.raises(UsageError, match="no gate speaks of the baseline"):
        mleval.classify(CANCER, gates="f1 > 0.1", baseline=CANCER)


@pytest.mark.parametrize(("gate", "decide"), [("f1.low > 0.1", "point"), ("f1 > 0.1", "interval")])
def test_gates_on_intervals_need_intervals(gate: str, decide: Any) -> None:
    with pytest.raises(UsageError, match=r"none are made|no intervals are made"):
        mleval.classify(CANCER, gates=gate, decide=decide, intervals=False)


def test_a_report_of_another_version_is_no_baseline(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    mleval.classify(CANCER).save(path)
    path.write_text(path.read_text().replace("mleval.report/1", "mleval.report/9", 1))
    with pytest.raises(InputError, match=r"expected a report of schema mleval\.report/1, found"):
        mleval.classify(CANCER, gates="f1 >= baseline", baseline=path)


def test_predictions_are_no_baseline_of_a_saved_report() -> None:
    with pytest.raises(UsageError, match="is a saved report"):
        mleval.check(mleval.classify(CANCER), "f1 >= baseline", baseline=str(CANCER))


_WORDS = (
    *(
        "f1",
        "recall",
        "roc_auc",
        "best_f1",
        "rmse",
        "baseline",
        "recall[class=malignant]",
        "f1.low",
    ),
    *("fbeta(beta=2)", "f1{worst a}", "x.best", "0", "0.5", "80", "1e308", "(", ")", "min(", ","),
    *("sqrt(", "+", "-", "*", "/", "<", "<=", ">", ">=", "=="),
)


@settings(max_examples=400, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=9).map(" ".join), st.booleans())
@example("-f1 >= -1e308*1e308", True)
@example("sqrt(f1 - baseline) >= 0", True)
@example("f1/(f1 - f1) == 0/0", True)
def test_whatever_is_written_is_decided_or_refused(text: str, by_interval: bool) -> None:
    decide: Any = "interval" if by_interval else "point"
    baseline = REPORT if "baseline" in text else None
    try:
        found = mleval.check(REPORT, text, baseline=baseline, decide=decide)
    except UsageError:
        return
    (result,) = found.gates
    assert result.status in STATUSES
    assert str(Gate.parse(result.gate)) == result.gate
    assert result.status == "passed" or result.reason or result.value is not None
