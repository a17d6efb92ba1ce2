"""What pipelines read: JUnit, GitHub's workflow commands, flat numbers, Markdown for a comment."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from command import run
from gate_samples import CANCER, SAMPLES
from lxml import etree
from rendering_samples import HOSTILE, binary

import mleval
from mleval.errors import UsageError
from mleval.rendering import format_of, render
from mleval.report import ClassRow, Estimate, GateResult, Report
from mleval.report_set import ReportSet

JUNIT, JENKINS = (
    etree.XMLSchema(etree.parse(Path(__file__).parent / "schemas" / name))
    for name in ("junit.xsd", "jenkins.xsd")
)
GATES = ["f1 >= 0.6", "f1 >= 0.9", "f1 >= 0.75"]
NAMES_OF_MLFLOW = re.compile(r"[/\w.\- :]+")  # what its tracking takes as the name of a metric


def report(*gates: str) -> Report:
    found = mleval.classify(CANCER, gates=gates or GATES, decide="interval")
    assert isinstance(found, Report)
    return found


def hostile() -> Report:
    """Labels and gates that could be markup, commands or new lines wherever they are printed."""
    gates = [
        GateResult(
            gate=f"recall[class={label}] > 0.5", status=status, decide="interval", value=0.25
        )
        for label in (*HOSTILE, "::error::x\n::stop-commands::x", "100%0A::warning::y", "]]>")
        for status in ("passed", "failed", "inconclusive")
    ]
    metrics = {label: Estimate(value=0.5) for label in HOSTILE}
    return Report(task="multiclass", inputs=HOSTILE, metrics=metrics, gates=tuple(gates))


def parsed(text: str) -> Any:
    root = etree.fromstring(text.encode())
    JUNIT.assertValid(root)
    JENKINS.assertValid(root)
    return root


# JUnit


def test_a_gate_is_a_test_case_that_passed_failed_or_was_skipped() -> None:
    root = parsed(render(report(), "junit"))
    (suite,) = root
    assert dict(suite.attrib) == {
        **{"name": "mleval binary", "tests": "3", "failures": "1", "errors": "0", "skipped": "1"},
        "time": "0",
    }
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == GATES
    assert [[child.tag for child in case] for case in cases] == [[], ["failure"], ["skipped"]]
    told = cases[1][0].get("message")
    assert told == cases[1][0].text == "f1 >= 0.9: 0.7512 [0.6799, 0.8111]"
    values = {item.get("name"): float(item.get("value")) for item in suite.find("properties")}
    assert values["f1"] == mleval.classify(CANCER)["f1"].value


def test_each_model_is_a_suite() -> None:
    models = ReportSet(systems={"a": report(), "b & <c>": report(GATES[1])})
    root = parsed(render(models, "junit"))
    assert [suite.get("name") for suite in root] == ["a", "b & <c>"]
    assert (root.get("tests"), root.get("failures")) == ("4", "2")


def test_whatever_labels_hold_the_xml_is_valid() -> None:
    found = hostile()
    root = parsed(render(found, "junit"))
    assert len(root.findall("testsuite/testcase")) == len(found.gates)
    models = ReportSet(systems=dict.fromkeys(HOSTILE, found))
    assert len(parsed(render(models, "junit"))) == len(HOSTILE)


def test_the_schema_refuses_what_is_no_junit() -> None:
    text = render(report(), "junit")
    for wrong in ('tests="3"', 'name="f1 &gt;= 0.6" ', 'type="gate"'):
        assert wrong in text
        assert not JUNIT.validate(
            etree.fromstring(text.replace(wrong, "", 1).replace(wrong, "").encode())
        )
    assert not JUNIT.validate(etree.fromstring(b"<testsuites/>"))
    for wrong, instead in (
        ("testcase", "test"),
        ("skipped=", "ignored="),
        (' tests="', ' count="'),
    ):
        assert not JENKINS.validate(etree.fromstring(text.replace(wrong, instead).encode()))


def test_without_gates_there_is_no_junit(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="shows gates, and there are none"):
        render(binary(), "junit")
    for flags in (("--format", "junit"), ("-o", str(tmp_path / "x.xml"))):
        result = run("classify", str(CANCER), *flags)
        assert (result.status, result.stdout) == (2, "")
        assert "there are none" in result.stderr
    assert not list(tmp_path.iterdir())


# GitHub


def test_what_did_not_pass_is_annotated_and_all_summed_up() -> None:
    lines = render(report(), "github").splitlines()
    assert [line.partition("::")[2].partition("::")[0] for line in lines] == [
        "error title=gate failed",
        "warning title=gate inconclusive",
        "notice title=mleval",
    ]
    assert lines[0].endswith("::f1 >= 0.9: 0.7512 [0.6799, 0.8111]")
    assert lines[-1].endswith("gates: 1 passed · 1 failed · 1 inconclusive")


def test_no_label_is_a_workflow_command() -> None:
    found = hostile()
    lines = render(found, "github").splitlines()
    heads = ("::error title=gate failed::", "::warning title=gate inconclusive::", "::notice title")
    assert all(line.startswith(heads) for line in lines)
    assert len(lines) == 21  # ten of each kind are shown, and the last holds the rest
    for line in lines[:2]:
        assert not re.search(r"%(?!25|0A)", line)


def test_annotations_beyond_those_that_are_shown_are_told_in_the_last() -> None:
    gates = tuple(GateResult(gate=f"f1 > 0.{n:02}", status="failed", value=0.0) for n in range(30))
    lines = render(Report(task="binary", gates=gates), "github").splitlines()
    assert len(lines) == 11
    assert lines[9].count("%0A") == 20
    assert "f1 > 0.29" in lines[9]


def test_the_summary_of_the_job_gets_the_report(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# Before\n")
    flags = ("--gate", GATES[1], "--format", "github")
    result = run("classify", str(CANCER), *flags, GITHUB_STEP_SUMMARY=str(summary))
    assert result.status == 1
    assert result.stdout.startswith("::error ")
    text = summary.read_text()
    assert text.startswith("# Before\n**binary classification**")
    assert "❌ failed | f1 &gt;= 0.9" in text
    saved = tmp_path / "r.json"
    run("classify", str(CANCER), "-q", "-o", str(saved), GITHUB_STEP_SUMMARY=str(summary))
    assert summary.read_text() == text  # another format leaves it alone
    run("check", str(saved), *flags, GITHUB_STEP_SUMMARY=str(summary))
    assert summary.read_text().count("❌ failed") == 2


def test_a_summary_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    flags = ("--gate", GATES[0], "--format", "github")
    result = run("classify", str(CANCER), *flags, GITHUB_STEP_SUMMARY=str(tmp_path))
    assert result.status == 3
    assert "GITHUB_STEP_SUMMARY" in result.stderr


# Markdown


@pytest.mark.parametrize("format", ["markdown"])
def test_a_comment_is_under_sixty_kilobytes(format: str) -> None:
    name = "c" * 50
    item = Estimate(value=0.5, low=0.4, high=0.6, level=0.95, method="wilson")
    rows = {f"{name}{n}": ClassRow(support=5.0, metrics={"f1": item}) for n in range(40)}
    gates = tuple(GateResult(gate=f"f1 > 0.{n}", status="failed", value=0.0) for n in range(10))
    for many in (10, 2000):
        metrics = {f"f1[class={name}{n}]": item for n in range(many)}
        found = Report(task="multiclass", metrics=metrics, classes=rows, gates=gates)
        for shown in (found, ReportSet(systems={"a": found, "b": found})):
            text = render(shown, format)
            assert len(text.encode()) < 60_000
            assert "❌ failed" in text
            assert ("left out to keep this short" in text) == (many == 2000)


def test_no_label_of_a_gate_is_markup() -> None:
    text = render(hostile(), "markdown")
    assert "<script>" not in text
    assert (
        len({line.count("|") - line.count(r"\|") for line in text.splitlines() if "|" in line}) == 2
    )


# Flat


def test_flat_numbers_are_those_of_the_report() -> None:
    found = mleval.classify(CANCER)
    flat = json.loads(render(found, "flat"))
    assert flat["f1"] == found["f1"].value
    assert (flat["f1.low"], flat["f1.high"]) == (found["f1"].low, found["f1"].high)
    assert "best_f1.low" not in flat
    assert all(isinstance(value, float) for value in flat.values())


@pytest.mark.parametrize("file", ["digits.csv", "cancer.csv", "traits.csv"])
def test_every_tracker_takes_the_names(file: str) -> None:
    flat = json.loads(render(mleval.classify(SAMPLES / file), "flat"))
    assert flat
    assert all(NAMES_OF_MLFLOW.fullmatch(name) for name in flat)


def test_averages_classes_and_options_have_names_of_their_own() -> None:
    specs = ["f1[macro]", "f1[weighted]", "recall[class=7]", "fbeta(beta=2)[micro]", "twice = 2*f1"]
    flat = json.loads(render(mleval.classify(SAMPLES / "digits.csv", metrics=specs), "flat"))
    names = [name for name in flat if not name.endswith((".low", ".high"))]
    assert names == ["f1/macro", "f1/weighted", "recall/class:7", "fbeta/micro/beta:2", "twice"]


def test_names_that_would_be_spelled_alike_are_kept_apart() -> None:
    metrics = {f'recall[class="{label}"]': Estimate(value=0.5) for label in ("a b", "a(b", "a)b")}
    flat = json.loads(render(Report(task="multiclass", metrics=metrics), "flat"))
    assert (
        list(flat) == ["recall/class:_a b_", "recall/class:a_b", "recall/class:a_b_2"]
        or len(flat) == 3
    )


def test_models_are_told_apart() -> None:
    both = ReportSet(systems={"lr": report(), "my tree/1": report()})
    flat = json.loads(render(both, "flat"))
    assert flat["lr/f1"] == flat["my tree_1/f1"]


# Files


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.xml", "junit"),
        ("a.flat.json", "flat"),
        ("A.FLAT.JSON", "flat"),
        ("metrics.json", "json"),
        ("flat.json", "json"),
        ("a.tar.md", "markdown"),
    ],
)
def test_the_ending_says_the_format(name: str, format: str) -> None:
    assert format_of(name) == format


def test_a_name_that_is_but_an_ending_says_nothing() -> None:
    with pytest.raises(UsageError, match="ending"):
        format_of(".flat.json")


def test_several_files_at_once_hold_the_same_gates(tmp_path: Path) -> None:
    names = ("r.json", "r.xml", "r.md", "r.csv", "r.txt", "r.flat.json")
    files = [word for name in names for word in ("-o", str(tmp_path / name))]
    result = run("classify", str(CANCER), "-q", "--gate", GATES[1], *files)
    assert (result.status, result.stdout) == (1, "")
    assert result.stderr == "failed: f1 >= 0.9: 0.7512 [0.6799, 0.8111]\n"
    assert Report.load(tmp_path / "r.json").gates[0].status == "failed"
    assert parsed((tmp_path / "r.xml").read_text()).get("failures") == "1"
    assert "❌ failed" in (tmp_path / "r.md").read_text()
    assert "1 failed" in (tmp_path / "r.txt").read_text()
    assert json.loads((tmp_path / "r.flat.json").read_text())["f1"] > 0.7


def test_a_notebook_shows_the_gates() -> None:
    shown = report()._repr_html_()
    assert ">failed</span>" in shown
    assert "rows would settle it" in shown
    assert "<script>" not in hostile()._repr_html_()
