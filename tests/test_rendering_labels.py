"""Whatever a label, a column or a file is called, it harms no medium: checked on any text."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser

import pytest
import rendering_samples as samples
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mleval.metrics import metrics
from mleval.rendering import RENDERERS, escape, render
from mleval.report import Assumption, ClassRow, ConfusionTable, Estimate, GateResult, Report
from mleval.report_gates import STATUSES

NASTY = st.sampled_from([*samples.HOSTILE, "[/]", "\\[", "`|`", "&lt;", "--", "  ", "e\u0301", ""])
LABELS = st.one_of(st.text(alphabet=st.characters(), max_size=30), NASTY)
METRICS = {metric.name for metric in metrics("binary")}
HARMFUL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
stable = settings(derandomize=True, deadline=None, max_examples=60)


def about(label: str) -> Report:
    """A report in which data speaks wherever it can."""
    item = Estimate(value=0.5, low=0.4, high=0.6, level=0.95, method="wilson", goal="max", n=9,
                    of_class=label)  # fmt: skip
    condition = f"recall[class={label}] > 0.5"  # a Spec would quote what does not print
    return Report(
        task="binary",
        gates=tuple(GateResult(gate=condition, status=s, reason=label) for s in STATUSES),
        inputs=(label,),
        assumed=(Assumption(what="truth", value=label, why=label),),
        metrics={label: item, "f1": item, "mcc": Estimate(undefined=label)},
        classes={label: ClassRow(support=1, metrics={"f1": item}), "a": ClassRow(support=1)},
        confusion=ConfusionTable(labels=(label, "a "), cells=((label, "a ", 1.0),)),
        warnings=(label,),
    )


@pytest.mark.parametrize("name", RENDERERS)
@stable
@given(label=LABELS)
def test_nothing_acts_on_the_terminal_that_shows_it(name, label):
    text = render(about(label), name, width=80)
    assert not HARMFUL.search(text)
    text.encode("utf-8")


@stable
@given(label=LABELS, width=st.integers(60, 160))
def test_the_table_keeps_its_width(label, width):
    text = render(about(label), "table", width=width)
    assert all(cell_len(line) <= width for line in text.split("\n"))


@stable
@given(label=LABELS)
def test_markdown_keeps_its_rows_and_cells(label):
    def bars(text: str) -> list[int]:
        return [len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in text.split("\n")]

    assert bars(render(about(label), "markdown")) == bars(render(about("b"), "markdown"))


@stable
@given(label=LABELS)
def test_csv_reads_back_with_the_label_in_full(label):
    rows = list(csv.DictReader(io.StringIO(render(about(label), "csv"), newline="")))
    assert len(rows) == 6
    assert {row["class"] for row in rows[:2]} == {escape.csv(label)}
    assert rows[0]["value"] == "0.5"
    for row in rows:
        first = row["class"][:1]
        assert first not in ("=", "@", "\t", "\r")


@stable
@given(label=LABELS)
def test_json_reads_back_as_it_was(label):
    assert json.loads(render(about(label), "json")) == about(label).to_dict()


@pytest.mark.parametrize("name", ["html", "html-fragment"])
@stable
@given(label=LABELS)
def test_html_keeps_its_tags(name, label):
    assume(label not in METRICS)  # a page explains a metric that it knows

    def tags(text: str) -> list[tuple[str, object]]:
        found: list[tuple[str, object]] = []
        parser = HTMLParser()
        parser.handle_starttag = lambda tag, attrs: found.append((tag, attrs))
        parser.feed(text)
        return found

    assert tags(render(about(label), name)) == tags(render(about("b"), name))


@pytest.mark.parametrize("name", ["table", "markdown", "html-fragment"])
def test_what_people_read_cuts_a_label_of_ten_thousand_characters(name):
    assert len(render(about("x" * 10_000), name, width=80)) < 10_000
    assert "x" * 10_000 in render(about("x" * 10_000), "json")
    assert "x" * 10_000 in render(about("x" * 10_000), "csv")
