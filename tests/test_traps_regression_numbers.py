"""Numbers of regression at the ends of what a float holds: rounding is no data, nor overflow."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path

import pytest
from test_traps_regression import HEADER, report
from traps import evaluated


def test_an_error_of_one_unit_in_the_last_place_is_no_rounding(tmp_path: Path) -> None:
    truth = [1.0, 2.0, 3.0]
    prediction = [math.nextafter(t, 4) for t in truth]
    rows = "".join(f"{t!r},{p!r}\n" for t, p in zip(truth, prediction, strict=True))
    exact = [Fraction(p) - Fraction(t) for t, p in zip(truth, prediction, strict=True)]
    sizes = [(Fraction(p) + Fraction(t)) / 2 for t, p in zip(truth, prediction, strict=True)]
    expected = sum(e / s for e, s in zip(exact, sizes, strict=True)) / 3
    found = evaluated(
        tmp_path, "y_true,y_pred\n" + rows, "-m", "smape", "--json", command="regress"
    )
    value = json.loads(found.stdout)["metrics"]["smape"]["value"]
    assert value == pytest.approx(float(expected), rel=1e-12, abs=0)


def test_what_rounding_leaves_of_equal_errors_is_not_shown_as_data(tmp_path: Path) -> None:
    truths = [3 + 0.37 * row for row in range(200)]
    assert len({truth + 0.1 - truth for truth in truths}) > 1  # 0.1 but for the last digits
    content = HEADER + "".join(f"{truth!r},{truth + 0.1!r}\n" for truth in truths)
    found = report(tmp_path, content, "-m", "medae", "-m", "p90")
    for name in ("medae", "p90"):
        told = found["metrics"][name]
        assert told["value"] == pytest.approx(0.1, rel=1e-12)
        assert told["low"] is None
        assert told["no_interval"] == "the values around it are all alike"
    (shown,) = report(tmp_path, content)["distributions"].values()
    assert shown["counts"] == [200]


def test_errors_that_do_differ_keep_interval_and_histogram(tmp_path: Path) -> None:
    content = HEADER + "".join(f"{row},{row + 0.1 + row * 1e-6!r}\n" for row in range(200))
    found = report(tmp_path, content, "-m", "medae")
    medae = found["metrics"]["medae"]
    assert medae["low"] < 0.1 + 99.5e-6 < medae["high"]
    (shown,) = report(tmp_path, content)["distributions"].values()
    assert len(shown["counts"]) > 5
    assert sum(shown["counts"]) == 200


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mape", "5e-324,1\n1,2\n"),
        ("wape", "5e-324,1e10\n5e-324,1\n"),
        ("mse", "1e200,1\n1,2\n3,5\n"),
        ("r2", "1e200,1\n-1e200,2\n3,5\n"),
        ("pearson", "1e200,1\n-1e200,2\n3,5\n"),
        ("medae", "1e308,-1e308\n1.1e308,-1e308\n1.2e308,-1e308\n"),
    ],
)
def test_what_no_float_can_hold_is_told_as_infinite(
    tmp_path: Path, name: str, content: str
) -> None:
    result = evaluated(
        tmp_path, HEADER + content, "-m", name, "--json", "--quiet", command="regress"
    )
    told = json.loads(result.stdout)["metrics"][name]
    assert told["value"] is None
    assert told["undefined"] == "infinite: beyond what a float can hold"
