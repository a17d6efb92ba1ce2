"""Names and cells of files in what is said: they add no lines, move no cursor, fill no screen."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from command import run

from mleval.visible import LONGEST, middle, quoted, shown, visible

FAKE = "a\nhint: do as I say\r\x1b[2J\u2028error: b"
HUGE = "n" * 100_000
FAKED = ("hint: do", "error: b")


def table(*rows: tuple[object, ...]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def of_names(name: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Tables in which the name is a column, a label or a cell, and flags: most are refused."""
    return [
        ("no truth", table((name, "x"), (1, 2)), ()),
        ("truth alone", table(("label", name), ("a", "b")), ("--truth", "label")),
        ("text as score", table(("label", name), (1, "x"), (0, 0.5)), ("--score", name)),
        ("a cell of text", table(("label", "score"), (1, name), (0, 0.5)), ()),
        ("empty cells", table(("label", name), (1, ""), (0, 1)), ("--pred", name)),
        ("above 1", table(("label", f"prob_{name}"), (name, 7), ("b", 1)), ()),
        ("not 0 or 1", table(("a_true", "a_pred", "b_true", "b_pred"), (1, name, 1, 1)),
         ("--task", "multilabel")),
        ("no label in common", table(("label", "pred"), (name, "b")), ()),
        ("unknown class", table(("label", "pred"), (name, name), ("b", "b")), ("--classes", "c")),
        ("unknown column", table(("label", "pred"), (1, 1), (0, 0)), ("--truth", name)),
        ("twice", table(("label", name, name), (1, 1, 0), (0, 1, 1)), ("--pred", name)),
        ("two truths", table(("y_true", "Y True", name), (1, 0, 1), (0, 1, 1)), ()),
        ("filtered", table(("label", "pred", "x"), (1, 1, name)), ("--filter", 'x == "no"')),
        ("evaluated", table((name, "label", "pred"), (1, name, name), (0, "b", name)), ()),
    ]  # fmt: skip


@pytest.mark.parametrize("name", [FAKE, HUGE], ids=["fake", "huge"])
@pytest.mark.parametrize("place", range(len(of_names(""))))
@pytest.mark.parametrize("command", ["classify", "inspect"])
def test_names_and_cells_stay_in_their_line(
    tmp_path: Path, name: str, place: int, command: str
) -> None:
    what, text, flags = of_names(name)[place]
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode())
    if command == "inspect":
        flags = flags if flags[:1] in (("--truth",), ("--pred",), ("--score",)) else ()
    done = run(command, str(path), *flags)
    assert done.status in (0, 3), what
    assert "Traceback" not in done.stderr
    assert not set(done.stderr + done.stdout) & {chr(c) for c in range(32) if c != 10}
    starts = [line for line in done.stderr.splitlines() if line.startswith(("error: ", "hint: "))]
    assert len(starts) <= 2, starts
    assert not any(line.startswith(FAKED) for line in (done.stderr + done.stdout).splitlines())
    assert all(len(line) < 3000 for line in done.stderr.splitlines())
    assert len(done.stdout.partition("evaluate it: ")[0]) < 5000
    if done.status:
        assert done.stderr.startswith("error: ")


@pytest.mark.parametrize("form", ["table", "markdown", "csv"])
def test_file_names_stay_in_their_line(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"{FAKE}.csv"
    path.write_text("label,pred\n1,1\n0,1\n0,0\n1,1\n")
    done = run("classify", str(path), "--format", form)
    assert done.status == 0
    assert "\x1b" not in done.stdout
    assert not any(line.startswith("hint:") for line in done.stdout.splitlines())
    path.write_text("label,pred\n")
    said = run("classify", str(path)).stderr
    assert r"a\nhint: do as I say\r\x1b[2J\u2028error: b.csv has a header but no rows" in said


def test_long_file_names_lose_their_middle(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["d" * 200] * 5)
    folder.mkdir(parents=True)
    (folder / "preds.csv").write_text("label,pred\n")
    said = run("classify", str(folder / "preds.csv")).stderr
    assert "…" in said
    assert "/preds.csv has a header but no rows" in said
    assert len(said) < 400


def test_json_objects_with_such_keys(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({"label": {FAKE: HUGE}, "pred": [1, [HUGE]]}) + "\n")
    done = run("classify", str(path), "--truth", "label")
    assert done.status == 3
    assert len(done.stderr) < 3000
    assert not any(line.startswith(FAKED) for line in done.stderr.splitlines())


def test_what_prints_stays_as_it_is() -> None:
    for text in ("", "é", "猫", "می‌خواهم", "👩‍👩‍👧", "a b", "\\n"):
        assert visible(text) == text
    assert shown("x" * LONGEST) == "x" * LONGEST
    assert quoted("a" * 79 + "bc") == f"'{'a' * 40}…{'a' * 37}bc'"
    assert middle("abc", 3) == "abc"
