"""Input for another command: classes that are numbers, numbers that are classes."""

from __future__ import annotations

from pathlib import Path

import pytest
from traps import refused, reported, warned

HEADER = "label,pred\n"


def test_classes_that_look_like_measurements_point_to_regression(tmp_path: Path) -> None:
    numbers = [f"{place / 10 + 0.05:.2f}" for place in range(30)]
    pairs = [f"{a},{b}\n" for a, b in zip(numbers, numbers[1:] + numbers[:1], strict=True)]
    told = "the 30 classes look like measurements: mleval regress evaluates numbers"
    assert warned(reported(tmp_path, HEADER + "".join(pairs)), told)
    few = "".join(f"{k}.5,{k}.5\n" for k in range(5))
    assert not warned(reported(tmp_path, HEADER + few), "measurements")
    whole = "".join(f"{k},{k}\n" for k in range(30))
    assert not warned(reported(tmp_path, HEADER + whole), "measurements")


@pytest.mark.parametrize("label", ["cat", "b1"])
def test_texts_for_numbers_point_to_classification(tmp_path: Path, label: str) -> None:
    told = refused(tmp_path, HEADER + f"{label},{label}\n" * 2, command="regress")
    assert "if these are classes: mleval classify" in told
