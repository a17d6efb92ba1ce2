"""`mleval classify`: what reaches the evaluation, and what becomes of its report."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from command import run
from typer.main import get_command

from mleval.cli import progress
from mleval.cli.app import app
from mleval.options import ClassifyOptions
from mleval.rendering import FORMATS, RENDERERS
from mleval.report import Estimate, Report
from mleval.spec import Spec

SAMPLES = Path(__file__).parent.parent / "sample_data"
REPORT = Report(
    task="binary",
    inputs=("x.csv",),
    metrics={"f1": Estimate(value=0.75, low=0.7, high=0.8, level=0.95, range=(0, 1), goal="max")},
    warnings=("the class '\x1b[31mham' has one row",),
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[SimpleNamespace]:
    """What reaches the evaluation, which answers with a report at once."""
    asked: list[SimpleNamespace] = []

    def evaluate(data: object, options: ClassifyOptions, **others: object) -> SimpleNamespace:
        asked.append(SimpleNamespace(data=data, options=options, **others))
        return SimpleNamespace(report=REPORT)

    stand_in = ModuleType("mleval.evaluation.run")
    stand_in.evaluate = evaluate
    monkeypatch.setitem(sys.modules, "mleval.evaluation.run", stand_in)
    return asked


@pytest.fixture
def verified(asked, monkeypatch: pytest.MonkeyPatch):
    """Set whether the references agree."""

    def answer(*agreements: bool | None) -> None:
        rows = tuple(
            SimpleNamespace(
                spec=f"m{number}",
                value=0.75,
                reference=None if agrees is None else 0.5 if agrees is False else 0.75,
                difference=None if agrees is None else 0.25 if agrees is False else 0.0,
                library="scikit-learn",
                agrees=agrees,
                note="one class" if agrees is None else "",
            )
            for number, agrees in enumerate(agreements)
        )
        wrong = tuple(row for row in rows if row.agrees is False)
        stand_in = ModuleType("mleval.verification")
        stand_in.verify = lambda *_: SimpleNamespace(rows=rows, disagreements=wrong)
        monkeypatch.setitem(sys.modules, "mleval.verification", stand_in)

    return answer


def test_every_flag_reaches_the_evaluation(asked) -> None:
    line = (
        "a.csv b.csv --task binary --target y --pred p --score s --score-of predicted "
        "--score-scale percent --truth-proba t --positive -1 --threshold -0.5 --classes b,a "
        "--map x=1,y=0 --map z=0 --weight w --on i=j --truth-file t.csv --filter a==1 --model lr "
        "--missing drop -m f1.low --metric all --zero-division nan --level 0.9 --no-intervals "
        "--by g --by a*b --bins 4 --bins a=1,2 --min-slice 5 --max-slices 50 "
        "--strict --sep tab --encoding cp1252 --no-header --decimal , --verify"
    )
    run("classify", *line.split())
    (call,) = asked
    assert call.data == ["a.csv", "b.csv"]
    assert call.keep_batches
    assert math.isnan(call.options.zero_division)
    assert {**vars(call.options), "zero_division": None} == {
        "task": "binary",
        "truth": "y",
        "prediction": "p",
        "score": "s",
        "score_of": "predicted",
        "proba": None,
        "truth_proba": "t",
        "score_scale": "percent",
        "positive": "-1",
        "threshold": -0.5,
        "classes": ("b", "a"),
        "map": {"x": "1", "y": "0", "z": "0"},
        "weight": "w",
        "id": None,
        "truth_file": "t.csv",
        "on": "i=j",
        "filter": "a==1",
        "model": "lr",
        "missing": "drop",
        "metrics": (Spec("f1", field="low"), Spec("all")),
        "zero_division": None,
        "gates": (),
        "baseline": None,
        "decide": "point",
        "force": False,
        "level": 0.9,
        "intervals": False,
        "by": ("g", "a*b"),
        "bins": ("4", "a=1,2"),
        "min_slice": 5,
        "max_slices": 50,
        "plots": False,
        "cluster": None,  # refused beside slices
        "strict": True,
        "sep": "tab",
        "encoding": "cp1252",
        "label_sep": None,
        "header": False,
        "decimal": ",",
    }


def test_nothing_said_leaves_the_options_at_their_defaults(asked) -> None:
    assert run("classify", "x.csv").status == 0
    assert asked[0].options == ClassifyOptions()


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("--level 95", "--level must lie between 0 and 1, not 95", "for 95 % write 0.95"),
        ("--level 0", "--level must lie between 0 and 1, not 0", None),
        ("--digits -1", "--digits: expected a whole number from 0 up, found '-1'", "see: "),
        (
            "--score s --proba p_",
            "--score and --proba are two ways to say the scores",
            "keep the one that the file has",
        ),
        (
            "--task multiclass --threshold 0.5",
            "--threshold cuts the scores of two classes, and the task is multiclass",
            "leave one of them out",
        ),
        (
            "--task multiclass --positive a",
            "--positive belongs to two classes, and the task is multiclass",
            "leave one of them out",
        ),
        ("--json --format csv", "--json and --format csv name two formats", "keep one"),
        ("--format cvs", "--format: there is no format 'cvs'", "choose one of table, json, "),
        ("-o report.doc", "report.doc: the ending '.doc' says no output format", "end the "),
        ("-o x.csv", "--output: x.csv is an input file", "name another file"),
        ("-o a.md -o a.md", "--output: a.md is given twice", None),
        ("--classes a,,b", "--classes: expected names between commas, found 'a,,b'", None),
        ("--classes a,b,a", "--classes: a is named twice", None),
        ("--map a", "--map: expected LABEL=LABEL, found 'a'", "such as spam=1,ham=0"),
        ("--map a=1,a=0", "--map: 'a' is mapped to '1' and '0'", None),
        ("--threshold nan", "--threshold: expected a number, found 'nan'", "see: "),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_read(
    asked, line: str, message: str, hint: str | None
) -> None:
    result = run("classify", "x.csv", *line.split())
    told, _, hinted = result.stderr.partition("\nhint: ")
    assert told.removesuffix("\n") == f"error: {message}"
    assert hinted.startswith(hint or "")
    assert bool(hinted) == bool(hint)
    assert (result.status, result.stdout, asked) == (2, "", [])


def test_all_specs_that_do_not_parse_are_told_together(asked) -> None:
    result = run("classify", "x.csv", "-m", "f1[", "-m", "f1,recall", "-m", "mcc")
    assert result.status == 2
    assert result.stderr.count("--metric: expected ") == 2
    assert result.stderr.endswith("hint: several metrics are given by repeating --metric\n")


def test_an_output_directory_must_exist(asked, tmp_path: Path) -> None:
    file = tmp_path / "none" / "report.md"
    result = run("classify", "x.csv", "-o", str(file))
    assert (result.status, asked) == (3, [])
    assert result.stderr.startswith(f"error: --output: there is no directory {file.parent}\n")


def test_a_table_holds_its_warnings(asked) -> None:
    result = run("classify", "x.csv")
    assert (result.status, result.stderr) == (0, "")
    assert "f1" in result.stdout
    assert "has one row" in result.stdout
    assert "\x1b" not in result.stdout


def test_colour_is_for_terminals(asked) -> None:
    assert "\x1b[" in run("classify", "x.csv", terminal=True, COLUMNS="100").stdout
    assert "\x1b[" not in run("classify", "x.csv", "--no-color", terminal=True).stdout


@pytest.mark.parametrize("flags", [["--json"], ["--format", "json"]])
def test_json_is_all_there_is_on_stdout_and_warnings_go_to_stderr(asked, flags) -> None:
    result = run("classify", "x.csv", *flags)
    assert json.loads(result.stdout)["metrics"]["f1"]["value"] == 0.75
    assert result.stderr == "warning: the class '\\x1b[31mham' has one row\n"
    assert run("classify", "x.csv", "--quiet", *flags).stderr == ""


def test_files_are_written_beside_the_table(asked, tmp_path: Path) -> None:
    files = [tmp_path / "report.json", tmp_path / "report.md"]
    flags = [word for file in files for word in ("-o", str(file))]
    shown = run("classify", "x.csv")
    assert run("classify", "x.csv", *flags) == shown
    assert json.loads(files[0].read_text())["task"] == "binary"
    assert "f1" in files[1].read_text()


def test_quiet_with_files_leaves_stdout_empty_unless_a_format_is_asked_for(asked, tmp_path) -> None:
    file = ("-o", str(tmp_path / "report.json"))
    silent = run("classify", "x.csv", "-q", *file)
    assert (silent.status, silent.stdout, silent.stderr) == (0, "", "")
    assert json.loads(run("classify", "x.csv", "-q", "--json", *file).stdout)


def test_digits_reach_the_table(asked) -> None:
    assert "0.7500" in run("classify", "x.csv").stdout
    assert "0.75 " in run("classify", "x.csv", "--digits", "2").stdout


def test_verification_stands_beneath_the_table(verified) -> None:
    verified(True, None)
    result = run("classify", "x.csv", "--verify")
    assert (result.status, result.stderr) == (0, "")
    assert result.stdout.endswith(
        "\n"
        "verified  mleval  reference  difference  by\n"
        "m0          0.75       0.75     0.0e+00  scikit-learn  agrees\n"
        "m1          0.75          –           –  scikit-learn  not compared: one class\n"
        "\n"
        "1 of 1 numbers agree with the references.\n"
    )


def test_a_disagreement_fails(verified) -> None:
    verified(True, False)
    result = run("classify", "x.csv", "--verify")
    assert result.status == 1
    assert "DISAGREES" in result.stdout
    assert result.stderr == "error: mleval and the references disagree on m1\n"


def test_verification_leaves_stdout_to_json(verified) -> None:
    verified(True)
    result = run("classify", "x.csv", "--verify", "--json")
    assert json.loads(result.stdout)
    assert "1 of 1 numbers agree" in result.stderr


def test_a_quiet_verification_tells_of_disagreements_only(verified) -> None:
    verified(True, True)
    assert run("classify", "x.csv", "--verify", "--json", "-q").stderr == ""
    verified(True, False)
    result = run("classify", "x.csv", "--verify", "--json", "-q")
    assert result.status == 1
    assert "m1" in result.stderr
    assert "m0" not in result.stderr


def test_progress_shows_on_a_terminal_after_a_second(asked, monkeypatch) -> None:
    run("classify", "x.csv", terminal=True)
    shown = asked[0].progress
    shown(1, 2)
    assert shown._bar is None
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    with shown:
        shown(1, None)
        shown(2, 4)
        assert shown._bar is not None
    run("classify", "x.csv", "--quiet", terminal=True)
    run("classify", "x.csv")
    for hidden in (asked[1].progress, asked[2].progress):
        hidden(1, 2)
        assert hidden._bar is None


def test_help_names_every_format_and_ending() -> None:
    options = {param.name: param.help for param in get_command(app).commands["classify"].params}
    assert [word.strip(",.") for word in options["format_"].replace(" or ", ", ").split(", ")] == [
        *FORMATS
    ]
    for name in FORMATS:
        assert all(ending in options["output"] for ending in RENDERERS[name].endings[:1])


@pytest.mark.parametrize("name", ["cancer.csv", "wine.jsonl"])
def test_a_sample_file_from_beginning_to_end(name: str) -> None:
    result = run("classify", str(SAMPLES / name), "--json", "--verify")
    assert result.status == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["schema"] == "mleval.report/1"
    assert 0.5 < report["metrics"]["accuracy"]["value"] <= 1


def test_standard_input() -> None:
    result = run("classify", "-", "--json", "-q", stdin=b"label,prediction\na,a\nb,b\nb,a\n")
    assert (result.status, result.stderr) == (0, "")
    assert json.loads(result.stdout)["metrics"]["accuracy"]["value"] == 2 / 3


def test_a_missing_file() -> None:
    result = run("classify", "missing.csv")
    assert (result.status, result.stdout) == (3, "")
    assert result.stderr.startswith("error: no file missing.csv\nhint: ")


def test_a_directory_is_no_output_file(asked, tmp_path: Path) -> None:
    result = run("classify", "x.csv", "-o", str(tmp_path))
    assert (result.status, asked) == (2, [])
    assert result.stderr == (
        f"error: --output: {tmp_path} is a directory\n"
        f"hint: name a file in it, such as {tmp_path / 'report.json'}\n"
    )


def test_a_class_of_several_is_not_called_the_positive_one() -> None:
    result = run("classify", "sample_data/digits.csv", "-m", "recall[class=3]")
    assert result.status == 0
    assert "positive" not in result.stdout
