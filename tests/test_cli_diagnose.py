"""`mleval diagnose`: what it prints, writes, refuses, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from command import Result, run
from test_json_schemas import SAMPLES, invalid

import mleval

EVEN, OVERSAMPLED, DIABETES = (
    str(SAMPLES / name) for name in ("even.csv", "oversampled.csv", "diabetes.csv")
)
TEXTS = (str(SAMPLES / "captions.small.txt"), "--ref", str(SAMPLES / "captions.ref1.txt"))


def diagnose(*args: object, **variables: Any) -> Result:
    return run("diagnose", *map(str, args), **variables)


def written(folder: Path, text: str, name: str = "preds.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_the_page_goes_from_the_number_to_what_to_do() -> None:
    result = diagnose(OVERSAMPLED)
    assert (result.status, result.stderr) == (0, "")
    found = mleval.diagnose(OVERSAMPLED)
    text = result.stdout
    parts = ("\naccuracy", "\nfindings\n", "\nclasses\n", "\nnext steps\n")
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    plain = " ".join(text.split())
    for number, item in enumerate(found.findings, 1):
        assert f"{number} {'first of all: ' * item.spoils}{item.says}" in plain
    for number, step in enumerate(found.steps, 1):
        cited = "finding" + "s" * (len(step.findings) > 1)
        assert f"{number}. {step.text} ← {cited} {', '.join(map(str, step.findings))}" in plain


@pytest.mark.parametrize("width", [60, 100])
@pytest.mark.parametrize("files", [(EVEN,), (OVERSAMPLED,), (DIABETES,), TEXTS])
def test_nothing_is_wider_than_the_terminal(files: tuple[str, ...], width: int) -> None:
    for terminal in (False, True):
        result = diagnose(*files, COLUMNS=str(width), terminal=terminal)
        assert result.status == 0, result.stderr
        lines = re.sub(r"\x1b\[[0-9;]*m", "", result.stdout).splitlines()
        assert max(map(len, lines)) <= width


def test_piped_there_are_no_colours_and_a_plain_terminal_gets_ascii() -> None:
    assert "\x1b" not in diagnose(EVEN).stdout
    assert "\x1b[" in diagnose(EVEN, terminal=True).stdout
    assert "\x1b" not in diagnose(EVEN, "--no-color", terminal=True).stdout


@pytest.mark.parametrize("files", [(EVEN,), (OVERSAMPLED,), (DIABETES,), TEXTS])
def test_the_json_is_as_its_schema_says(files: tuple[str, ...]) -> None:
    result = diagnose(*files, "--json")
    assert result.status == 0
    found = json.loads(result.stdout)
    assert invalid("diagnosis", found) == []
    numbers = [item["number"] for item in found["findings"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {n for step in found["steps"] for n in step["findings"]} <= set(numbers)
    for exhibit in (e for s in found["sections"] for e in s["exhibits"]):
        assert {len(row) for row in exhibit["rows"]} <= {len(exhibit["columns"])}


def test_the_report_in_it_is_that_of_a_plain_evaluation() -> None:
    found = json.loads(diagnose(str(SAMPLES / "cancer.csv"), "--json").stdout)["report"]
    plain = json.loads(run("classify", str(SAMPLES / "cancer.csv"), "--json").stdout)
    assert found == plain


def test_files_are_written_in_the_format_of_their_ending(tmp_path: Path) -> None:
    files = [tmp_path / f"page.{ending}" for ending in ("json", "md", "csv", "txt")]
    options = [part for file in files for part in ("-o", file)]
    result = diagnose(OVERSAMPLED, *options, "--quiet")
    assert (result.status, result.stdout, result.stderr) == (0, "", "")
    found = mleval.diagnose(OVERSAMPLED)
    assert json.loads(files[0].read_text())["schema"] == "mleval.diagnosis/1"
    markdown = files[1].read_text()
    assert markdown.count("- [ ] ") == len(found.steps)
    assert "⚠️ **first of all:** leakage" in markdown
    rows = list(csv.DictReader(io.StringIO(files[2].read_text())))
    assert [row["says"] for row in rows] == [item.says for item in found.findings]
    gains = [float(row["then"]) if row["then"] else None for row in rows]
    assert gains == [item.gain and item.gain.then for item in found.findings]
    assert "next steps" in files[3].read_text()


def test_formats_that_show_no_diagnosis_are_refused_before_the_work(tmp_path: Path) -> None:
    result = diagnose(EVEN, "--format", "junit")
    assert result.status == 2
    assert "shows no diagnoses" in result.stderr
    assert "table, json, markdown, csv" in result.stderr
    assert diagnose(EVEN, "-o", tmp_path / "page.xml").status == 2
    assert list(tmp_path.iterdir()) == []


def test_digits_are_those_that_were_asked_for() -> None:
    assert re.search(r"accuracy +0\.81 +\[0\.79, 0\.82\]", diagnose(EVEN, "--digits", "2").stdout)


def test_standard_input_is_read_once() -> None:
    content = Path(OVERSAMPLED).read_bytes()
    piped = diagnose("-", stdin=content)
    assert piped.status == 0
    assert "leakage: 110 rows" in piped.stdout


def test_labels_and_columns_are_never_markup(tmp_path: Path) -> None:
    rows = "".join(
        f'"[red]{"ab"[at % 2]}\x1b[31m","[red]{"ab"[at // 3 % 2]}\x1b[31m",{at % 7}\n'
        for at in range(210)
    )
    path = written(tmp_path, 'y_true,y_pred,"[b]x\x1b[1m"\n' + rows)
    for format_ in ("table", "markdown", "csv", "json"):
        result = diagnose(path, "--format", format_)
        assert result.status == 0, result.stderr
        assert "\x1b" not in result.stdout
    assert "[red]a" in diagnose(path).stdout


@pytest.mark.parametrize(
    ("text", "args", "status", "told"),
    [
        ("", [], 3, "is empty"),
        ("y_true,y_pred\n", [], 3, "has a header but no rows"),
        ("y_true,score\n1,3\n0,-2\n", [], 3, "nothing is predicted"),
        ("y_true,y_pred\na,\n", [], 3, "empty cell"),
        ("y_true,y_pred\na,b\nb,a\n", ["--cost", "fp=x"], 2, "expected a number, found 'x'"),
        ("y_true,y_pred\na,b\nb,a\n", ["--cost", "tp=1"], 2, "--cost is of fp and fn"),
        ("y_true,y_pred\na,b\nb,a\n", ["--bias-limit", "85"], 2, "write 0.85"),
        ("y_true,y_pred\na,b\nb,a\n", ["--train", "x", "--split", "s"], 2, "two ways"),
        ("y_true,y_pred\na,b\nb,a\n", ["--train-size", "0"], 2, "--train-size"),
        ("y_true,y_pred\na,b\nb,a\n", ["--missing", "wrong"], 2, "found 'wrong'"),
    ],
)
def test_bad_input_is_told_in_words(
    tmp_path: Path, text: str, args: list[str], status: int, told: str
) -> None:
    result = diagnose(written(tmp_path, text), *args)
    assert result.status == status, result.stdout
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "text",
    [
        "y_true,y_pred\na,a\na,a\n",
        "y_true,y_prob\n1,0.5\n0,0.5\n",
        "y_true,y_prob\n1,0.5\n1,0.7\n",
        "y_true,y_pred,age\na,b,1\nb,b,2\n",
        "y_true,y_pred\n1.5,2.5\n",
        "y_true,y_pred,x\n1.5,2.5,1\n1.5,2.25,1\n",
        "y_true,y_pred,sample_weight\na,a,0\nb,b,1\na,b,2\n",
        "y_true,y_pred,fold\na,a,1\nb,b,2\n",
        "y_true,y_pred,split\na,a,train\nb,b,test\n",
    ],
)
def test_tiny_and_odd_files_are_examined(tmp_path: Path, text: str) -> None:
    result = diagnose(written(tmp_path, text), "--json")
    assert result.status == 0, result.stderr
    assert invalid("diagnosis", json.loads(result.stdout)) == []


def test_what_others_evaluate_is_said() -> None:
    result = diagnose(SAMPLES / "harbour.jsonl")
    assert result.status == 3
    assert "mleval perplexity" in result.stderr
    result = diagnose(SAMPLES / "fitness.csv")
    assert "--truth weight_true --pred weight_pred" in result.stderr


def test_the_configuration_sets_its_flags(tmp_path: Path) -> None:
    (tmp_path / "mleval.toml").write_text("[diagnose]\nbias-limit = 0.99\ndigits = 2\n")
    result = diagnose(OVERSAMPLED, directory=tmp_path)
    assert "bias-limit" in result.stderr
    assert re.search(r"accuracy +0\.80 ", result.stdout)


def test_python_refuses_what_it_does_not_know() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'thresh'"):
        mleval.diagnose(EVEN, thresh=1)
    with pytest.raises(mleval.UsageError, match="bias_limit must lie between 0 and 1"):
        mleval.diagnose(EVEN, bias_limit=2.0)


def test_a_frame_has_a_row_a_finding() -> None:
    found = mleval.diagnose(EVEN)
    frame = found.to_frame()
    assert frame["says"].tolist() == [item.says for item in found]
    assert frame.index.tolist() == list(range(1, len(found) + 1))
    assert mleval.diagnose(str(SAMPLES / "wine.jsonl")).to_frame().index.name == "finding"


def test_python_saves_pages(tmp_path: Path) -> None:
    mleval.diagnose(EVEN).save(tmp_path / "page.md")
    assert "**next steps**" in (tmp_path / "page.md").read_text()
