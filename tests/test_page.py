"""The page as a file: it needs nothing else, is never too large, and holds what the report says."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import rendering_samples as samples
from command import run

import mleval
from mleval.rendering import render
from mleval.report import Report, SliceRow, SliceTable
from mleval.report_set import ReportSet

DATA = Path(__file__).parent.parent / "sample_data"
VOID = ("meta", "br", "input")
SVG = ("path", "line", "rect", "circle")


class Text(HTMLParser):
    """The elements in order, all of them closed, and the text of the page without its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.said: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in SVG
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & {*self.open}:
            self.said.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.said))


def page_of(report: Report | ReportSet, **look: str) -> Text:
    return Text(render(report, "html", **look))


def many_rows(classes: int, rows: int = 1000) -> Report:
    draw = np.random.default_rng(classes)
    truth = np.arange(rows) % classes
    guess = np.where(draw.random(rows) < 0.7, truth, draw.integers(classes, size=rows))
    names = np.array([f"class number {at}" for at in range(classes)])
    table = {"truth": names[truth], "prediction": names[guess]}
    scores = draw.random((rows, classes)) + 3 * np.eye(classes)[guess]
    scores /= scores.sum(axis=1, keepdims=True)
    table |= {f"prob_{name}": scores[:, at] for at, name in enumerate(names)}
    return mleval.classify(table, plots=True)


@pytest.mark.parametrize("classes", [2, 10, 100, 400])
def test_a_page_stays_small_however_many_classes_there_are(classes: int) -> None:
    report = many_rows(classes)
    text = render(report, "html")
    assert len(text.encode()) < 500_000
    shown = Text(text).text
    if classes > 40:
        assert f"the 20 of {classes} classes with the lowest F1" in shown
        assert f"a matrix of {classes} classes is left out" in shown
    else:
        assert all(f"class number {at}" in shown for at in range(classes))


def test_a_page_that_would_be_too_large_says_what_it_leaves_out() -> None:
    report = samples.binary()
    item = report.metrics["f1"]
    slices = tuple(
        SliceTable(
            column=f"column {at}",
            slices=tuple(
                SliceRow(name=f"value {row}", rows=1, support=1.0,
                         metrics=dict.fromkeys(report.metrics, item))
                for row in range(200)
            ),
        )
        for at in range(60)
    )  # fmt: skip
    text = render(replace(report, slices=slices), "html")
    assert 1_000_000 < len(text.encode()) < 2_000_000
    shown = Text(text).text
    kept, said, left = shown.partition("left out to keep this short: ")
    assert said
    assert "200 slices by column" in left
    assert "0.9334" in kept


def test_every_sample_is_a_whole_page() -> None:
    for report in (samples.binary(), samples.digits(), samples.countries(), samples.hostile(),
                   samples.single(), Report(task="binary")):  # fmt: skip
        page = page_of(report)
        assert page.seen[:2] == ["html", "head"]
        assert page.seen.count("h1") == 1
        assert page.seen.count("script") >= 1


def test_the_policy_names_the_style_sheet_and_the_script_of_the_page() -> None:
    text = render(samples.binary(), "html")
    policy = html.unescape(re.search(r'Security-Policy" content="([^"]+)"', text)[1])  # type: ignore[index]
    for kind in ("style", "script"):
        inside = re.search(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)
        assert inside
        digest = base64.b64encode(hashlib.sha256(inside[1].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_all_metrics_gates_warnings_and_what_was_assumed_are_on_it() -> None:
    report = samples.binary()
    shown = page_of(report).text
    for name, item in report.metrics.items():
        assert name in shown
        if item.value is not None and item.value > 1e-4:
            assert f"{item.value:.4f}" in shown
        if item.low is not None:
            assert f"[{item.low:.4f}, {item.high:.4f}]" in shown
    for said in (*report.warnings, *map(str, report.assumed)):
        assert said in shown
    assert "no interval: the best over thresholds is a maximum" in shown
    assert "undefined: every row is of one class" in shown


def test_the_command_is_on_it_as_a_shell_takes_it(tmp_path: Path) -> None:
    out = str(tmp_path / "two words.html")
    assert run("classify", str(DATA / "cancer.csv"), "-q", "-o", out).status == 0
    shown = Text(Path(out).read_text("utf-8")).text
    assert f"mleval classify {DATA / 'cancer.csv'} -q -o '{out}'" in shown
    assert "To make it again" not in page_of(samples.binary()).text


def test_on_stdout_it_is_the_same_page(tmp_path: Path) -> None:
    line = ("classify", str(DATA / "wine.jsonl"), "-q", "--format", "html")
    done = run(*line)
    assert done.status == 0
    assert Text(done.stdout).seen.count("figure") >= 2
    assert "</html>" in done.stdout


def test_several_models_stand_side_by_side() -> None:
    better, worse = samples.binary(), samples.binary()
    low = replace(worse.metrics["f1"], value=0.5, low=0.4, high=0.6)
    worse = replace(worse, metrics={**worse.metrics, "f1": low})
    page = page_of(ReportSet(systems={"new <model>": better, "old": worse}))
    assert "new <model>" in page.text
    assert "0.9334 ★" in page.text
    assert "0.5000[0.4000, 0.6000]" in page.text.replace("0.5000 ", "0.5000")
    assert page.seen.count("h1") == 1


def test_the_counts_at_thresholds_are_those_of_the_rows() -> None:
    """By counting rows, where there are more thresholds than the page holds."""
    draw = np.random.default_rng(11)
    truth = draw.random(4000) < 0.3
    score = np.round(draw.beta(2 + 2 * truth, 3), 6)
    report = mleval.classify({"y_true": truth.astype(int), "y_score": score}, plots=True)
    text = render(report, "html")
    block = re.search(r'class="slider" hidden>\s*<script type="application/json">(.*?)<', text)
    assert block
    data = json.loads(block[1])
    assert 100 < len(data["thresholds"]) <= 513
    assert data["positives"] == truth.sum()
    assert data["negatives"] == (~truth).sum()
    for threshold, tp, fp in zip(data["thresholds"], data["tp"], data["fp"], strict=True):
        assert tp == (truth & (score >= threshold)).sum()
        assert fp == (~truth & (score >= threshold)).sum()
    assert data["thresholds"][data["start"]] == 0.5


def test_percentages_are_given_as_the_command_line_takes_them(tmp_path: Path) -> None:
    path = tmp_path / "percent.csv"
    lines = [f"{at % 2},{(at * 7) % 100 + 0.1 * (at % 10):.1f}" for at in range(300)]
    path.write_text("y_true,y_score\n" + "\n".join(lines) + "\n")
    out = tmp_path / "page.html"
    run("classify", str(path), "--score-scale", "percent", "-q", "-o", str(out))
    block = re.search(
        r'<script type="application/json">(\{"thresholds.*?)<', out.read_text("utf-8")
    )
    assert block
    found = set(json.loads(block[1])["thresholds"])
    assert found <= {float(line.split(",")[1]) for line in lines} | {50.0}


def test_a_notebook_shows_all_three_kinds() -> None:
    both = ReportSet(systems={"a": samples.binary(), "b": samples.binary()})
    history = mleval.history(str(DATA / "training.csv"))
    for shown in (samples.binary()._repr_html_(), both._repr_html_(), history._repr_html_()):
        assert shown.startswith('<div class="mleval-report"')
        found = Text(shown)
        assert {"table", "b"} <= {*found.seen}
        assert not {"script", "style", "svg", "link"} & {*found.seen}


@pytest.mark.parametrize("name", ["even.csv", "oversampled.csv", "diabetes.csv"])
def test_the_page_of_a_diagnosis_has_every_finding_step_and_table(name: str) -> None:
    found = mleval.diagnose(str(DATA / name))
    page, shown = (Text(render(found, kind)).text for kind in ("html", "html-fragment"))
    assert found.findings
    for text in (page, shown):
        for item in found.findings:
            assert re.sub(r"\s+", " ", item.says) in text
        for step in found.steps:
            assert step.text in text
    tables = [item for section in found.sections for item in section.exhibits if item.most]
    for title in (item.title for item in tables if item.rows):
        assert title[1:] in page


def test_labels_in_a_diagnosis_stay_text() -> None:
    strange = "<script>alert(1)</script>"
    rng = np.random.default_rng(0)
    truth = rng.choice([strange, "b", "c"], 300)
    kind = np.where(np.arange(300) % 3 == 0, "<img src=x>", "d")
    predicted = np.where(rng.random(300) < np.where(kind == "d", 0.05, 0.6), "b", truth)
    table = {"y_true": truth, "y_pred": predicted, "<b>kind": kind}
    text = render(mleval.diagnose(table), "html")
    assert strange not in text.partition("<body")[2].rpartition("<script")[0]
    assert "<img" not in text
    assert "<b>kind" not in text
    assert html.escape(strange) in text
