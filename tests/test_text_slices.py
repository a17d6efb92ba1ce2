"""Slices of texts: each is what its segments alone would give, however the texts are written."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import run

import mleval
from mleval.errors import InputError
from mleval.report import Estimate, Report, SliceTable

DOMAINS = ["law", "news", None]
WORDS = ["a", "cat", "dog", "saw", "the", "house", "on", "hill", "old", "red", "barn", "near"]
METRICS = ["bleu", "chrf", "rougeL", "wer", "exact_match", "distinct", "distinct(n=1)"]

Rows = list[dict[str, Any]]


def texts(count: int = 90, seed: int = 0) -> Rows:
    random = np.random.default_rng(seed)
    found = []
    for at in range(count):
        words = random.choice(WORDS, int(random.integers(4, 12)))
        said = np.where(random.random(len(words)) < 0.1 + 0.1 * (at % 3), "owl", words)
        pair = {"hypothesis": " ".join(said), "reference": " ".join(words)}
        found.append({"id": f"s{at}", **pair, "domain": DOMAINS[at % 3], "year": 2000 + at % 2})
    return found


def as_csv(path: Path, rows: Rows) -> str:
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def as_json_lines(path: Path, rows: Rows) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def as_columns(rows: Rows) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def require_alone(table: SliceTable, rows: Rows, metrics: Any) -> None:
    """Each slice is what its segments alone give."""
    assert {row.name for row in table.slices} == {"law", "news", "(missing)"}
    for domain in DOMAINS:
        some = [row for row in rows if row["domain"] == domain]
        columns = as_columns([{k: row[k] for k in ("hypothesis", "reference")} for row in some])
        alone: Any = mleval.text(columns, metrics=metrics)
        found = table[domain or "(missing)"]
        assert found.rows == found.support == len(some)
        assert list(found.metrics) == list(alone.metrics)
        for key, item in alone.metrics.items():
            mine = found.metrics[key]
            assert (mine.undefined, mine.no_interval) == (item.undefined, item.no_interval), key
            for found_end, end in zip(_ends(mine), _ends(item), strict=True):
                assert found_end == (end if end is None else pytest.approx(end, rel=1e-9)), key


def _ends(item: Estimate) -> tuple[float | None, ...]:
    return item.value, item.low, item.high


def sliced(*data: Any, **more: Any) -> SliceTable:
    report: Any = mleval.text(*data, by="domain", **more)
    (table,) = report.slices
    assert isinstance(table, SliceTable)
    return table


@pytest.mark.parametrize("written", [as_csv, as_json_lines])
def test_slices_of_a_table(written: Any, tmp_path: Path) -> None:
    rows = texts()
    require_alone(sliced(written(tmp_path / "t", rows), metrics=METRICS), rows, METRICS)


def test_slices_of_columns_in_memory_under_every_metric() -> None:
    rows = texts(60)
    require_alone(sliced(as_columns(rows), metrics="all"), rows, "all")


@pytest.mark.parametrize("of", ["hypothesis", "reference"])
def test_slices_of_two_files_that_are_joined(of: str, tmp_path: Path) -> None:
    """The column may be in either, and rows in another order."""
    rows = texts()
    order = np.random.default_rng(1).permutation(len(rows)).tolist()
    sides = []
    for side, places in (("hypothesis", range(len(rows))), ("reference", order)):
        held = ["id", side, *(["domain"] if side == of else [])]
        some = [{name: rows[at][name] for name in held} for at in places]
        sides.append(as_csv(tmp_path / f"{side}.csv", some))
    require_alone(sliced(*sides, metrics=METRICS), rows, METRICS)


def test_segments_without_a_reference_are_of_no_slice(tmp_path: Path) -> None:
    rows = texts()
    without = [row | {"reference": None} if at < 7 else row for at, row in enumerate(rows)]
    table = sliced(as_json_lines(tmp_path / "t.jsonl", without), metrics="chrf")
    require_alone(table, rows[7:], "chrf")


def test_every_system_has_slices(tmp_path: Path) -> None:
    rows = texts()
    both = [row | {"system": name} for name in ("one", "two") for row in rows]
    reports: Any = mleval.text(
        as_csv(tmp_path / "t.csv", both), by="domain", metrics=["wer", "distinct"]
    )
    for report in reports.systems.values():
        require_alone(report.slices[0], rows, ["wer", "distinct"])


def test_columns_are_crossed_and_gated(tmp_path: Path) -> None:
    path = as_csv(tmp_path / "t.csv", texts())
    gates = ["--gate", "bleu{worst domain} >= 0.9", "--gate", "bleu{domain=law} > 0.1"]
    done = run("text", path, "-m", "bleu", "--by", "domain*year", *gates, "--json", "-q")
    assert done.status == 1
    report = Report.from_dict(json.loads(done.stdout))
    assert [table.column for table in report.slices] == ["domain*year", "domain"]
    assert {row.name for row in report.slices[0].slices} >= {"law*2000", "(missing)*2001"}
    assert [gate.status for gate in report.gates] == ["failed", "passed"]
    assert report.gates[0].reason == "the worst is (missing)"


def test_many_segments_are_put_together_of_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    from mleval.evaluation.text import reading

    rows = texts()
    whole = sliced(as_columns(rows), metrics=METRICS)
    monkeypatch.setattr(reading, "STRETCH", 400)
    monkeypatch.setattr(reading, "SHARED", 100)
    for row in sliced(as_columns(rows), metrics=METRICS).slices:
        for key, item in row.metrics.items():
            assert item.value == pytest.approx(whole[row.name].metrics[key].value, rel=1e-12)


def test_what_has_no_slices_is_refused(tmp_path: Path) -> None:
    rows = texts()
    path = as_csv(tmp_path / "t.csv", rows)
    with pytest.raises(InputError, match=r"--by: .* has no column 'domian'") as error:
        mleval.text(path, by="domian")
    assert "did you mean 'domain'" in str(error.value.hint)
    for side in ("hypothesis", "reference"):
        (tmp_path / side).write_text("".join(f"{row[side]}\n" for row in rows))
    lines = [str(tmp_path / side) for side in ("hypothesis", "reference")]
    with pytest.raises(
        InputError, match=r"--by: there are no columns to tell .*read as lines"
    ) as error:
        mleval.text(*lines, by="domain")
    assert "in one table" in str(error.value.hint)
    with pytest.raises(InputError, match=r"--gate: there are no columns to tell .*read as lines"):
        mleval.text(*lines, gates="bleu{domain=law} > 0.1")
    with pytest.raises(InputError, match="all 90 rows have the same value"):
        mleval.text(as_columns([row | {"one": "x"} for row in rows]), by="one")
    lists = as_json_lines(tmp_path / "l.jsonl", [row | {"tags": ["x"]} for row in rows])
    with pytest.raises(InputError, match="'tags' should hold one value a row"):
        mleval.text(lists, by="tags")
