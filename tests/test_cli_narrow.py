"""Narrow terminals: intervals are what goes last, and no word and no number is broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import run
from rich.cells import cell_len

SAMPLES = Path(__file__).parent.parent / "sample_data"
FORECASTS, TARGETS = SAMPLES / "forecasts.csv", SAMPLES / "fitness.csv"


def lines(*words: object, width: int) -> list[str]:
    result = run(*map(str, words), COLUMNS=str(width))
    assert result.status == 0, result.stderr
    return result.stdout.splitlines()


def row(name: str, found: list[str]) -> list[str]:
    return next(line for line in found if line.startswith(name)).split()


def test_every_metric_keeps_its_interval_at_60_columns() -> None:
    found = lines("regress", FORECASTS, "-m", "all", width=60)
    assert row("metric", found) == ["metric", "value", "95", "%", "interval"]
    assert row("tweedie_deviance(power", found)[0].endswith("…")
    assert len(row("smape", found)) == len(row("mae", found)) == 5  # ↓ value [low, high]
    assert not any("left out" in line for line in found)
    wide = row("smape", lines("regress", FORECASTS, "-m", "all", width=80))
    assert wide[-2:] == ["on", "0-2"]


def test_a_column_that_is_left_out_has_no_head() -> None:
    found = lines("regress", FORECASTS, "-m", "winkler(level=0.9)", "-m", "rmse", width=24)
    assert row("metric", found) == ["metric", "value"]
    assert "columns left out" in " ".join(found)


@pytest.mark.parametrize("width", [40, 60, 70, 80, 100])
def test_a_verification_breaks_no_word(width: int) -> None:
    words = ("regress", FORECASTS, "-m", "d2_pinball(q=0.5)", "-m", "rmse", "--verify")
    every = {word for line in lines(*words, width=200) for word in line.split()}
    found = lines(*words, width=width)
    start = next(i for i, line in enumerate(found) if line.startswith("verified"))
    table = found[start + 1 : start + 3]
    assert all(cell_len(line) <= width for line in table)
    assert all(line.endswith("agrees") for line in table)
    numbers = {"0.211875", "60.5369"}  # shorter where there is less room
    words_of_table = {word for line in table for word in line.split()}
    cut = {word for word in words_of_table if word.endswith("…")}
    assert words_of_table - every - numbers - cut == set()
    heads = found[start].split()
    assert heads[:3] == ["verified", "mleval", "reference"]
    assert ("difference" in heads) == (width >= 60)
    assert ("by" in heads) == (width >= 80)


def test_what_is_not_compared_says_why_on_lines_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("y_true,y_pred\n0,1\n2,2\n3,5\n")
    found = lines("regress", path, "-m", "mape", "--verify", width=60)
    start = next(i for i, line in enumerate(found) if line.startswith("verified"))
    assert found[start + 1].split()[0] == "mape"
    assert all(cell_len(line) <= 60 for line in found)


def test_quantiles_that_find_no_place_are_named() -> None:
    found = lines("regress", TARGETS, width=60)
    assert row("distribution", found) == ["distribution", "p5", "p25", "median", "p75"]
    assert "p95" in " ".join(found[-2:])


def test_of_the_worst_rows_the_error_goes_last() -> None:
    found = lines("regress", TARGETS, width=40)
    assert row("worst rows", found) == ["worst", "rows", "target", "truth", "error"]
