"""Labels that mean something to a terminal, a page or a spreadsheet are labels and no more."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from command import run
from traps import classify, reported

from mleval.rendering import FORMATS
from mleval.spelling import quote

HOSTILE = ("[red]x[/]", "\x1b[31m", "=1+1", "|", "<b>", "x" * 10_000, "日本語", "two\nlines")
HARMFUL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def rows() -> str:
    """Each label once right, and once taken for the next."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["y_true", "y_pred"])
    for place, label in enumerate(HOSTILE):
        writer.writerow([label, label])
        writer.writerow([label, HOSTILE[place - 1]])
    return text.getvalue()


def test_they_are_unharmed_in_json(tmp_path: Path) -> None:
    report = reported(tmp_path, rows())
    assert set(report["classes"]) == set(report["provenance"]["labels"]) == set(HOSTILE)
    assert report["metrics"]["accuracy"]["value"] == 0.5
    for label in HOSTILE:
        assert report["classes"][label]["support"] == 2


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("terminal", [False, True])
def test_they_are_harmless_in_every_format(tmp_path: Path, format: str, terminal: bool) -> None:
    asked = [f"recall[class={quote(label)}]" for label in HOSTILE]
    flags = [word for spec in asked for word in ("-m", spec, "--gate", f"{spec} >= 0.6")]
    result = classify(tmp_path, rows(), "--format", format, *flags, terminal=terminal, NO_COLOR="1")
    assert result.status == 1
    assert not HARMFUL.search(result.stdout)
    assert not HARMFUL.search(result.stderr)
    assert "日本語" in result.stdout


@pytest.mark.parametrize("ending", [".json", ".md", ".csv", ".txt"])
def test_they_are_harmless_in_every_file(tmp_path: Path, ending: str) -> None:
    output = tmp_path / f"report{ending}"
    assert classify(tmp_path, rows(), "-o", str(output)).status == 0
    assert not HARMFUL.search(output.read_text(encoding="utf-8"))


def test_no_cell_of_csv_is_a_formula(tmp_path: Path) -> None:
    text = classify(tmp_path, rows(), "--format", "csv").stdout
    cells = {cell for row in csv.reader(io.StringIO(text)) for cell in row}
    assert "'=1+1" in cells
    assert "=1+1" not in cells
    assert "x" * 10_000 in cells


def test_markdown_keeps_bars_and_tags_as_text(tmp_path: Path) -> None:
    text = classify(tmp_path, rows(), "--format", "markdown").stdout
    assert "\\|" in text
    assert "<b>" not in text
    assert "&lt;b&gt;" in text


def test_markup_of_the_terminal_is_shown_not_obeyed(tmp_path: Path) -> None:
    text = classify(tmp_path, rows(), terminal=True, COLUMNS="100").stdout
    assert "[red]x[/]" in text
    assert "\\x1b[31m" in text


def test_a_label_cannot_speak_as_mleval_does(tmp_path: Path) -> None:
    forged = 'y_true,y_pred\n"a\nerror: all is lost","a\nerror: all is lost"\nb,b\nc,b\n'
    told = classify(tmp_path, forged, "--json").stderr
    assert "error: all is lost" in told
    assert not any(line.startswith("error:") for line in told.split("\n"))


def test_they_are_harmless_in_errors(tmp_path: Path) -> None:
    result = classify(tmp_path, "y_true,y_pred\n\x1b[31mx,1\n<b>,0\n")
    assert result.status == 3
    assert "\\x1b[31mx" in result.stderr
    assert "\x1b" not in result.stderr


def test_a_column_name_is_harmless_too(tmp_path: Path) -> None:
    result = classify(tmp_path, "y_true,[red]\x1b[31m\na,a\n")
    assert result.status == 3
    assert "\x1b" not in result.stderr
    assert "[red]\\x1b[31m" in result.stderr


def test_standard_input_takes_them_as_a_file_does(tmp_path: Path) -> None:
    result = run("classify", "-", "--json", "-q", stdin=rows().encode())
    assert json.loads(result.stdout)["classes"] == reported(tmp_path, rows())["classes"]


def test_a_broken_pipe_is_silent(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(rows(), encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        ended = subprocess.run(
            [sys.executable, "-m", "mleval", "classify", str(tmp_path / "x.csv"), "--json", "-q"],
            stdout=closed,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (141, b"")
