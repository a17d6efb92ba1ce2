"""`mleval history`: what it prints, writes, refuses, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import Result, run
from histories import planted
from test_json_schemas import SAMPLES, invalid

import mleval

FAST, SLOW = (str(SAMPLES / name) for name in ("training.csv", "training_slow.csv"))


def history(*args: object, **variables: Any) -> Result:
    return run("history", *map(str, args), **variables)


def written(folder: Path, text: str, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_the_table_says_what_a_data_frame_says() -> None:
    import pandas as pd

    log = pd.read_csv(FAST, index_col="epoch")
    result = history(FAST)
    assert (result.status, result.stderr) == (0, "")
    best = int(log["val_loss"].idxmin())
    row = next(line for line in result.stdout.splitlines() if line.startswith("val_loss "))
    gap = log["val_loss"][best] - log["loss"][best]
    numbers = [log["val_loss"][best], best, log["val_loss"].iloc[-1], gap]
    assert [float(cell) for cell in row.split()[2:]] == pytest.approx(numbers, abs=5e-5)
    assert "overfitting from epoch" in result.stdout
    assert f"kept epoch {best} " in result.stdout


@pytest.mark.parametrize("width", [40, 60, 80, 200])
@pytest.mark.parametrize("files", [(FAST,), (FAST, SLOW)], ids=["one", "two"])
def test_nothing_is_wider_than_the_terminal(files: tuple[str, ...], width: int) -> None:
    for terminal in (False, True):
        result = history(*files, "--gate", "val_loss < 1", COLUMNS=str(width), terminal=terminal)
        assert result.status == 0, result.stderr
        lines = re.sub(r"\x1b\[[0-9;]*m", "", result.stdout).splitlines()
        # Names of files are never broken; the table of series and the chart always fit.
        assert max(len(line) for line in lines if "sample_data" not in line) <= width


def chart_of(text: str) -> list[str]:
    return [line.partition("│")[2] for line in text.splitlines() if "│" in line]


def test_the_chart_stands_where_the_numbers_are(tmp_path: Path) -> None:
    path = written(tmp_path, "epoch,val_loss\n" + "".join(f"{i},{11 - i}\n" for i in range(12)))
    rows = chart_of(history(path, COLUMNS="60").stdout)
    places = [[at for at, sign in enumerate(row) if sign != " "] for row in rows]
    assert all(len(place) == 1 for place in places)  # twelve heights, one point on each
    across = [place[0] for place in places]
    width = across[-1]
    assert across == [round(i / 11 * width) for i in range(12)]


def test_a_chart_over_decades_is_logarithmic(tmp_path: Path) -> None:
    text = "epoch,val_loss\n" + "".join(f"{i},{10.0 ** (11 - i)}\n" for i in range(12))
    result = history(written(tmp_path, text), COLUMNS="60")
    assert "(logarithmic)" in result.stdout
    assert all(len(row.strip()) == 1 for row in chart_of(result.stdout))


def test_ascii_terminals_get_ascii() -> None:
    from mleval.rendering import render

    for data in (FAST, [FAST, SLOW]):
        text = render(mleval.history(data), "table", width=60, ascii=True)
        assert text.isascii()


def test_names_from_files_never_act(tmp_path: Path) -> None:
    path = written(tmp_path, "epoch,val_[red]\x1b[31mx_loss,val_|y_loss\n1,2,3\n2,1,2\n")
    for form in ("table", "markdown", "csv", "json"):
        result = history(path, "--format", form)
        assert result.status == 0, result.stderr
        assert "\x1b" not in result.stdout + result.stderr
        assert "[red]" in result.stdout.replace("\\", "")


def test_each_format_holds_the_same_numbers(tmp_path: Path) -> None:
    files = [tmp_path / f"x.{ending}" for ending in ("json", "csv", "md", "txt")]
    flags = [word for file in files for word in ("-o", file)]
    result = history(FAST, *flags)
    assert result.status == 0, result.stderr
    found = json.loads(files[0].read_text())
    (of_run,) = found["runs"].values()
    rows = list(csv.DictReader(io.StringIO(files[1].read_text())))
    assert [row["series"] for row in rows] == [one["name"] for one in of_run["series"].values()]
    for row in rows:
        one = of_run["series"][row["series"]]
        assert float(row["best"]) == one["best"]["value"]
        assert float(row["best_at"]) == one["best"]["at"]
        assert f"**{one['best']['value']:.4f}**" in files[2].read_text()
        assert f"{one['best']['value']:.4f}" in files[3].read_text()
    onset = next(row["overfitting_from"] for row in rows if row["series"] == "val_loss")
    assert float(onset) == of_run["findings"][0]["at"]


@pytest.mark.parametrize(
    "args",
    [(FAST,), (FAST, SLOW), (FAST, "--gate", "val_loss.best <= 0.3"), (FAST, "--monitor", "loss")],
)
def test_the_json_is_as_its_schema_says(args: tuple[str, ...]) -> None:
    assert invalid("history", json.loads(history(*args, "--json").stdout)) == []


@pytest.mark.parametrize("kind", ["overfitting", "plateau", "divergence"])
def test_the_json_of_findings_is_as_its_schema_says(kind: str) -> None:
    log = planted(kind, 60, 0.003, 0).log
    log["loss"][-1] = np.inf
    found = json.loads(json.dumps(mleval.history(log).to_dict(), allow_nan=False))
    assert invalid("history", found) == []
    (of_run,) = found["runs"].values()
    assert {item["kind"] for item in of_run["findings"]} == {"not finite", kind}


@pytest.mark.parametrize(
    "damage",
    [
        lambda found: found.update(schema="mleval.history/2"),
        lambda found: found.pop("best"),
        lambda found: found["runs"].clear(),
        lambda found: found["runs"]["training.csv"].update(colour="red"),
        lambda found: found["runs"]["training.csv"]["findings"][0].update(kind="bad luck"),
        lambda found: found["runs"]["training.csv"]["early_stopping"].pop("saved"),
        lambda found: found["runs"]["training.csv"]["series"]["loss"].update(goal="up"),
    ],
)
def test_the_schema_refuses_what_is_none(damage: Any) -> None:
    found = mleval.history([FAST, SLOW]).to_dict()
    assert invalid("history", found) == []
    damage(found)
    assert invalid("history", found)


@pytest.mark.parametrize(
    ("gate", "status", "says"),
    [
        ("val_loss.best <= 0.3", 0, "passed"),
        ("val_loss.best <= 0.2", 1, "failed"),
        ("val_loss <= 0.26", 1, "0.2669"),  # the last
        ("val_loss - val_loss.best < 0.02", 0, "0.0122"),
        ("val_loss - train_loss > 0.2", 0, "0.2620"),
        ("VAL_LOSS.best < 1", 0, "passed"),
        ("val_los < 1", 2, "it has val_loss"),
        ("val_loss.low < 1", 2, "val_loss is the last value, val_loss.best the best one"),
        ("val_loss.last < 1", 2, "expected low, high or best, found"),
        ("val_loss[macro] < 1", 2, "a last value and a best one"),
        ("val_loss.best < baseline", 2, "has no baseline"),
    ],
)
def test_gates_are_on_the_last_value_and_the_best(gate: str, status: int, says: str) -> None:
    result = history(FAST, "--gate", gate)
    assert (result.status, says in result.stdout + result.stderr) == (status, True), result.stderr


def test_gates_are_on_every_run_and_nan_passes_none(tmp_path: Path) -> None:
    ok = written(tmp_path, "epoch,val_loss\n1,0.5\n2,0.4\n", "ok.csv")
    bad = written(tmp_path, "epoch,val_loss\n1,0.5\n2,nan\n", "bad.csv")
    result = history(ok, bad, "--gate", "val_loss < 1", "--json")
    assert result.status == 1
    found = json.loads(result.stdout)["runs"]
    (passed,), (failed,) = (found[name]["gates"] for name in ("ok.csv", "bad.csv"))
    assert (passed["status"], passed["value"]) == ("passed", 0.4)
    assert (failed["status"], failed["reason"]) == ("failed", "val_loss is nan at epoch 2")
    assert "bad.csv" in result.stderr


def test_early_stopping_is_as_its_flags_say(tmp_path: Path) -> None:
    path = written(tmp_path, "epoch,val_loss\n1,5\n2,4\n3,4.5\n4,4.2\n5,3\n6,2.9\n")
    for flags, expected in (
        (
            ("--patience", 2),
            "stopped after epoch 4, kept epoch 2 (4.0000), saved 2 epochs, and mis",
        ),
        (("--patience", 3), "would not have stopped, and kept epoch 6 (2.9000)"),
        (("--patience", 3, "--min-delta", 2), "stopped after epoch 4, kept epoch 1 (5.0000)"),
    ):
        assert expected in re.sub(r"\s+", " ", history(path, *flags).stdout)


REFUSALS = [
    ("--patience 0", 2, "--patience: expected 1 or more epochs, found 0"),
    ("--min-delta -1", 2, "--min-delta: expected a number from 0 on, found -1"),
    ("--goal loss=up", 2, "--goal: expected loss=max or loss=min, found loss=up"),
    ("--goal loss", 2, "--goal: expected NAME=VALUE, found 'loss'"),
    ("--monitor los", 2, "--monitor: log.csv has no series 'los'"),
    ("--pair a=val_loss", 2, "--pair: there is no series 'a'"),
    ("--run x", 3, "log.csv: there is no column 'x' to tell runs apart"),
    ("--format junit", 2, "the format junit shows no histories of training"),
    ("-o x.xml", 2, "the format junit shows no histories of training"),
    ("--restarts maybe", 2, "--restarts"),
]


@pytest.mark.parametrize(("flags", "status", "says"), REFUSALS, ids=[r[0] for r in REFUSALS])
def test_what_cannot_be_meant_is_refused_with_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str, status: int, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "epoch,loss,val_loss\n1,2,3\n2,1,2\n")
    result = history("log.csv", *flags.split())
    assert result.status == status
    assert result.stdout == ""
    assert says in result.stderr
    assert "hint: " in result.stderr or flags == "--min-delta -1"
    assert not (tmp_path / "x.xml").exists()


def test_one_series_and_few_points_are_said(tmp_path: Path) -> None:
    told = history(written(tmp_path, "epoch,loss\n1,2\n2,1\n")).stdout
    assert "loss has no series of validation beside it" in told
    assert "fewer than 6 points" in told


def test_the_history_reads_standard_input() -> None:
    result = history("-", stdin=Path(FAST).read_bytes())
    assert result.status == 0, result.stderr
    assert "standard input" in result.stdout


def test_the_python_function_is_the_command() -> None:
    found = mleval.history(FAST, patience=3, gates="val_loss.best < 0.2")
    told = json.loads(
        history(FAST, "--patience", 3, "--gate", "val_loss.best < 0.2", "--json").stdout
    )
    assert found.to_dict() == told
    assert not found.passed
    frame = found.to_frame()
    assert frame.shape == (40, 4)
    assert frame["val_loss"].min() == told["runs"][FAST]["series"]["val_loss"]["best"]["value"]
