"""The output formats: what each says, how it escapes, and how it is written to a file."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import rendering_samples as samples

from mleval.errors import InputError, UsageError
from mleval.rendering import FORMATS, RENDERERS, format_of, render, write
from mleval.report import Assumption, ClassRow, ConfusionTable, Estimate, GateResult, Report
from mleval.spec import Spec
from mleval.spelling import quote

_TAGS = ("div", "b", "span", "table", "tr", "th", "td", "details", "summary", "sup", "br")

SMALL = Report(
    task="binary",
    inputs=("preds.csv",),
    assumed=(Assumption(what="positive", value="yes", why="of the pair yes/no"),),
    metrics={
        "f1": Estimate(value=0.93214, low=0.9, high=0.95, level=0.95, method="wilson", goal="max",
                       range=(0.0, 1.0), n=40, of_class="yes"),
        "best_f1": Estimate(value=0.95, goal="max", n=40, threshold=0.43, no_interval="a maximum"),
        "brier": Estimate(goal="min", undefined="no probabilities"),
    },
    classes={"yes": ClassRow(support=15, predicted=14.5, metrics={
        "f1": Estimate(value=0.93214, low=0.9, high=0.95, goal="max")})},
    confusion=ConfusionTable(labels=("yes", "no"), cells=(("no", "yes", 2.0),)),
    warnings=("3 rows were left out",),
    provenance={"rows": 40},
)  # fmt: skip


def test_importing_loads_neither_rich_nor_a_renderer():
    code = "import sys, mleval.rendering; print(sorted(m for m in sys.modules if 'rich' in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_offered_format_renders_every_sample():
    assert FORMATS == ("table", "json", "markdown", "csv", "junit", "github", "flat", "html")
    gates = (GateResult(gate="f1 >= 0.8", status="failed", value=0.75, limit=0.8),)
    for name in RENDERERS:
        for report in (samples.binary(), samples.digits(), samples.single(), Report(task="binary")):
            assert render(replace(report, gates=gates), name).endswith("\n")


def test_an_unknown_format_names_the_known_ones():
    with pytest.raises(UsageError, match="no output format 'xlsx'") as error:
        render(SMALL, "xlsx")
    assert error.value.hint == "choose one of table, json, markdown, csv, junit, github, flat, html"


def test_json_is_the_report_in_full_precision():
    assert json.loads(render(SMALL, "json", digits=1)) == SMALL.to_dict()


def test_json_has_a_curve_on_a_line_and_a_cell_on_a_line():
    report = replace(SMALL, curves={"roc": {"fpr": [0.0, 0.5, 1.0], "threshold": [None, 0.5]}})
    text = render(report, "json")
    assert json.loads(text) == report.to_dict()
    for line in ('"fpr": [0.0, 0.5, 1.0],', '"threshold": [null, 0.5]', '["no", "yes", 2.0]'):
        assert f" {line}\n" in text
    assert '  "inputs": [\n    "preds.csv"\n  ],\n' in text


def test_csv_names_every_number_once():
    report = samples.digits()
    report = replace(report, metrics={**report.metrics, "f1[class=3]": Estimate(value=0.5)})
    rows = list(csv.DictReader(io.StringIO(render(report, "csv"))))
    names = [row["metric"] for row in rows]
    assert len(names) == len(set(names))
    assert all(str(Spec.parse(name)) == name for name in names)
    assert {row["class"] for row in rows if row["metric"] == "f1[class=3]"} == {"3"}


def test_long_labels_in_notices_are_cut_in_the_middle():
    label, word = "long label " * 30, "x" * 150 + "END"
    warning = f"under 50 rows of {label}, {word}: intervals are approximate"
    report = replace(SMALL, classes={label: ClassRow(support=1)}, confusion=None)
    text = render(replace(report, warnings=(warning,)), "markdown")
    (notice,) = (line for line in text.splitlines() if line.startswith("- "))
    assert len(notice) < 250
    assert notice.endswith("END: intervals are approximate")
    assert notice.count("…") == 2


def test_a_goal_of_zero_has_a_sign_that_is_no_digit():
    report = Report(task="binary", metrics={"slope": Estimate(value=0.5, goal="zero")})
    assert "slope   →0  0.5000" in render(report, "table")
    assert "| slope →0 |" in render(report, "markdown")


@pytest.mark.parametrize(
    ("number", "told"), [(1, "1 class"), (2, "2 classes"), (1200, "1,200 classes")]
)
def test_the_headline_counts_classes(number, told):
    classes = {f"c{place}": ClassRow(support=1) for place in range(number)}
    text = render(Report(task="multiclass", classes=classes), "table")
    assert text.splitlines()[0].endswith(f"  {told}")


def test_json_of_hostile_labels_reads_back_and_prints_harmlessly():
    text = render(samples.hostile(), "json")
    assert json.loads(text) == samples.hostile().to_dict()
    assert not any(char in text for char in "\x1b\x7f\x9b\u202e\u2066\ud800")
    assert "東京都" in text


def test_csv_has_a_row_a_number():
    assert render(SMALL, "csv") == (
        "metric,class,value,low,high,level,method,goal,n,undefined,no_interval,threshold,"
        "difference,difference_low,difference_high,p\n"
        "f1,yes,0.93214,0.9,0.95,0.95,wilson,max,40,,,,,,,\n"
        "best_f1,,0.95,,,,,max,40,,a maximum,0.43,,,,\n"
        "brier,,,,,,,min,,no probabilities,,,,,,\n"
        "support[class=yes],yes,15,,,,,none,,,,,,,,\n"
        "predicted[class=yes],yes,14.5,,,,,none,,,,,,,,\n"
        "f1[class=yes],yes,0.93214,0.9,0.95,,,max,,,,,,,,\n"
    )


@pytest.mark.parametrize(
    ("label", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("@cmd", "'@cmd"),
        ("+cmd", "'+cmd"),
        ("-cmd|calc", "'-cmd|calc"),
        ("＝1+1", "'＝1+1"),
        ("\tx", "\\tx"),
        ("-1", "-1"),  # a number is no formula
        ("a,b\n", "a,b\\n"),
    ],
)
def test_csv_cells_from_data_are_no_formulas(label, cell):
    report = replace(SMALL, metrics={}, classes={label: ClassRow(support=1)})
    rows = list(csv.reader(io.StringIO(render(report, "csv"))))
    assert rows[1][:3] == [f"support[class={quote(label)}]", cell, "1"]


def test_markdown_is_a_comment_on_a_merge_request():
    assert render(SMALL, "markdown") == (
        "**binary classification** · positive: yes · 40 rows · preds.csv\n"
        "\n"
        "| metric | value | 95 % interval |\n"
        "| :-- | --: | --: |\n"
        "| f1 ↑ | **0.9321** | [0.9000, 0.9500] |\n"
        "| best\\_f1 ↑ | **0.9500** | <sup>1</sup> at 0.4300 |\n"
        "| brier ↓ | — | <sup>2</sup> |\n"
        "\n"
        "<details><summary>1 class</summary>\n"
        "\n"
        "| class | support | predicted | f1 |\n"
        "| :-- | --: | --: | --: |\n"
        "| yes | 15.0 | 14.5 | 0.9321 [0.9000, 0.9500] |\n"
        "\n"
        "</details>\n"
        "\n"
        "<details><summary>most confused</summary>\n"
        "\n"
        "| truth | prediction | rows | of the class |\n"
        "| :-- | :-- | --: | --: |\n"
        "| no | yes | 2.0 | 100 % |\n"
        "\n"
        "</details>\n"
        "\n"
        "- ⚠️ 3 rows were left out\n"
        "\n"
        "<sub><sup>1</sup> no interval: a maximum<br><sup>2</sup> undefined: no probabilities"
        "<br>assumed: positive=yes (of the pair yes/no)<br>95 % intervals: wilson</sub>\n"
    )


@pytest.mark.parametrize("label", ["@team", "see #12", ":tada:"])
def test_markdown_calls_nobody(label):
    report = replace(SMALL, classes={label: ClassRow(support=1)})
    assert f"| <code>{label}</code> |" in render(report, "markdown")


def test_html_is_one_balanced_div_without_scripts():
    class Tags(HTMLParser):
        def __init__(self):
            super().__init__()
            self.open, self.seen = [], set()

        def handle_starttag(self, tag, attrs):
            self.seen.add(tag)
            assert not any(name.startswith("on") for name, _ in attrs)
            if tag != "br":
                self.open.append(tag)

        def handle_endtag(self, tag):
            assert self.open.pop() == tag

    tags = Tags()
    tags.feed(render(samples.hostile(), "html-fragment"))
    assert not tags.open
    assert tags.seen <= set(_TAGS)


def test_the_ending_says_the_format():
    endings = [("a.json", "json"), ("A.MD", "markdown"), ("a.b.csv", "csv"), ("x/a.txt", "table")]
    assert [format_of(path) for path, _ in endings] == [name for _, name in endings]


@pytest.mark.parametrize(
    ("path", "found"), [("a.xlsx", "the ending '.xlsx'"), ("report", "no ending")]
)
def test_an_unknown_ending_names_the_known_ones(path, found, tmp_path):
    with pytest.raises(UsageError, match=found) as error:
        write(SMALL, tmp_path / path)
    endings = ".txt, .json, .md, .markdown, .csv, .xml, .flat.json, .html, .htm"
    assert error.value.hint == f"end the file's name in one of {endings}"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ["json", "md", "csv", "txt", "html"])
def test_a_file_holds_what_is_rendered(ending, tmp_path):
    path = tmp_path / f"report.{ending}"
    write(samples.hostile(), path, digits=2)
    expected = render(samples.hostile(), format_of(path), digits=2, width=100)
    assert path.read_bytes().decode() == expected
    assert list(tmp_path.iterdir()) == [path]


def test_saving_and_loading_gives_the_same_report(tmp_path):
    samples.binary().save(tmp_path / "report.json")
    assert Report.load(tmp_path / "report.json") == samples.binary()


def test_a_failure_leaves_the_file_that_was_there(tmp_path, monkeypatch):
    path = tmp_path / "report.json"
    path.write_text("before")
    monkeypatch.setattr(os, "fdopen", lambda *_: (_ for _ in ()).throw(OSError(28, "disk full")))
    with pytest.raises(InputError, match="cannot be written: disk full"):
        write(SMALL, path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_followed_and_permissions_are_kept(tmp_path):
    path, link = tmp_path / "real.csv", tmp_path / "link.csv"
    path.write_text("before")
    path.chmod(0o640)
    link.symlink_to(path)
    write(SMALL, link)
    assert link.is_symlink()
    assert path.read_text().startswith("metric,")
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_missing_folder_says_how_to_make_it(tmp_path):
    with pytest.raises(InputError, match="there is no folder") as error:
        write(SMALL, tmp_path / "no" / "report.json")
    assert error.value.hint == f"mkdir -p {tmp_path / 'no'}"


def test_a_folder_is_not_a_file(tmp_path):
    (tmp_path / "report.json").mkdir()
    with pytest.raises(InputError, match="cannot be written") as error:
        write(SMALL, tmp_path / "report.json")
    assert error.value.hint == "that is a folder: name a file in it"
