"""Small charts in the table: what they draw is so, and they are there only where they help."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest

import mleval
from mleval.rendering import render
from mleval.report import Report

RNG = np.random.default_rng(11)


def stated(slope: float, rows: int = 4000, **more: object) -> Report:
    """Probabilities whose log-odds are to be multiplied by the slope to be right."""
    p = RNG.random(rows).round(3).clip(0.001, 0.999)
    truth = RNG.random(rows) < 1 / (1 + np.exp(-slope * np.log(p / (1 - p))))
    return mleval.classify(truth=truth.astype(int), score=p, **more)  # type: ignore[return-value, arg-type]


def strip(report: Report, **look: object) -> list[str]:
    lines = render(report, **look).splitlines()  # type: ignore[arg-type]
    at = [place for place, line in enumerate(lines) if line.startswith("reliability")]
    return lines[at[0] : at[0] + 3] if at else []


def test_the_strip_marks_bins_by_the_intervals_of_their_frequencies() -> None:
    report = stated(0.5)
    head, often, unlike = strip(report, width=100)
    assert head.startswith("reliability  0             1")
    chart = report.curves["reliability"]
    columns = (chart[name] for name in ("confidence", "frequency", "weight"))
    signs, heights = "", ""
    for confidence, frequency, weight in zip(*columns, strict=True):
        found = binomtest(round(frequency * weight), int(weight))
        ends = found.proportion_ci(1 - 0.05 / 15, method="wilson")
        signs += "▲" if confidence < ends.low else "▼" if confidence > ends.high else "·"
        heights += "▁▂▃▄▅▆▇█"[min(int(frequency * 8), 7)]
    assert often[13:28] == heights
    assert unlike[13:28] == signs
    assert {"▲", "▼"} <= set(signs)


def test_what_comes_true_as_stated_has_no_strip() -> None:
    assert strip(stated(1.0)) == []
    assert strip(stated(0.5, metrics="brier")) != []
    assert strip(stated(0.5, metrics="f1")) == []
    assert strip(stated(0.5, weight=RNG.random(4000))) == []
    assert strip(mleval.classify(truth=["a", "b"], prediction=["a", "b"])) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [40, 60])
def test_the_strip_keeps_to_the_width_and_to_ascii(width: int) -> None:
    report = stated(0.4)
    lines = render(report, width=width).splitlines()
    at = next(place for place, line in enumerate(lines) if line.startswith("reliability"))
    assert max(map(len, lines[at : at + 5])) <= width
    plain = strip(report, width=100, ascii=True)
    assert all(line.isascii() for line in plain)
    assert "^ more often" in plain[2]


def test_slices_have_their_intervals_drawn_where_there_is_room(tmp_path: Path) -> None:
    path = Path(__file__).parent.parent / "sample_data" / "progression.parquet"
    report = mleval.classify(path, by="age_group", metrics="accuracy")
    lines = [line for line in render(report, width=90).splitlines() if "●" in line]  # type: ignore[arg-type]
    table = report.slices[0]
    drawn = [line for line in lines if line.startswith(tuple(row.name for row in table.slices))]
    items = [row.metrics["accuracy"] for row in table.slices]
    low, high = min(item.low for item in items), max(item.high for item in items)
    start = min(line.index("━") for line in drawn)
    for line, item in zip(drawn, items, strict=True):
        ends = [round((x - low) / (high - low) * 19) for x in (item.low, item.value, item.high)]
        bar = line[start:].rstrip()
        assert [len(bar) - len(bar.lstrip()), bar.index("●"), len(bar) - 1] == ends
    narrow = render(report, width=60)  # type: ignore[arg-type]
    assert not any("●" in line for line in narrow.splitlines() if line.startswith("40 to"))
