"""`mleval metrics`: the catalogue, cards and advice, all read off the registry."""

from __future__ import annotations

import json

import pytest
from command import run

from mleval.metrics import metrics
from mleval.metrics.advice import ADVICE
from mleval.spec import Spec

DECLARED = list(metrics())


def test_the_catalogue_lists_every_metric_once() -> None:
    result = run("metrics")
    assert (result.status, result.stderr) == (0, "")
    header, *lines = result.stdout.splitlines()
    assert header.split() == ["metric", "★", "title", "task", "better", "range", "options"]
    named = [line.split()[0] for line in lines if not line.startswith(" ")]
    assert named == [metric.name for metric in DECLARED]
    assert all(len(line) <= 100 for line in lines)


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_the_catalogue_of_a_task(task) -> None:
    found = json.loads(run("metrics", "--task", task, "--format", "json").stdout)
    assert [item["name"] for item in found["metrics"]] == [m.name for m in metrics(task)]


def test_json_says_all_that_is_declared() -> None:
    found = json.loads(run("metrics", "--format", "json").stdout)
    assert found["schema"] == "mleval.metrics/1"
    for item, metric in zip(found["metrics"], DECLARED, strict=True):
        assert item["title"] == metric.title
        assert item["synopsis"].endswith(".")
        assert [option["name"] for option in item["options"]] == [o.name for o in metric.options]
        assert item["default"] is bool(metric.default)
        assert Spec.parse(item["example"]).name == metric.name


def test_markdown_is_a_table() -> None:
    lines = run("metrics", "--format", "markdown").stdout.splitlines()
    assert lines[0] == "| metric | ★ | title | task | better | range | options |"
    assert len(lines) == 2 + len(DECLARED)
    cells = {line.replace(r"\|", "").count("|") for line in lines}
    assert cells == {8}
    assert "| `f1` | ★ | F1 score | classify | higher | 0 … 1 |  |" in lines


def test_a_card() -> None:
    result = run("metrics", "precision")
    assert (result.status, result.stderr) == (0, "")
    heading, synopsis, blank, *facts = result.stdout.splitlines()
    assert heading == "precision  Precision"
    assert synopsis.startswith("Share of the rows predicted as the class")
    assert blank == ""
    told = {line[:23].strip(): line[23:] for line in facts}
    assert told["task"] == "binary, multiclass, multilabel"
    assert told["formula"] == "TP / (TP + FP)"
    assert told["range"] == "0 … 1"
    assert told["better"] == "higher"
    assert told["averages"] == "macro, weighted, micro, samples"
    assert told["interval"] == "Wilson's"
    assert told["try"] == 'mleval classify preds.csv --metric "precision"'


def test_every_metric_has_a_card() -> None:
    for name in {metric.name for metric in DECLARED}:
        result = run("metrics", name)
        assert result.status == 0
        declarations = [metric for metric in DECLARED if metric.name == name]
        for metric in declarations:
            assert f"{name}  {metric.title}" in result.stdout


def test_an_alias_leads_to_the_card() -> None:
    assert run("metrics", "ppv") == run("metrics", "precision")


def test_a_spec_leads_to_the_card_of_its_metric() -> None:
    assert run("metrics", "fbeta(beta=2)[macro].low") == run("metrics", "fbeta")


def test_a_name_with_two_declarations_shows_both() -> None:
    both = run("metrics", "average_precision").stdout
    one = run("metrics", "average_precision", "--task", "binary").stdout
    assert both.count("average_precision  Average precision") == 2
    assert one.count("average_precision  Average precision") == 1
    assert one in both


def test_an_unknown_name_gives_the_nearest() -> None:
    result = run("metrics", "precison")
    assert (result.status, result.stdout) == (2, "")
    assert result.stderr.startswith(
        "error: there is no metric 'precison'\nhint: did you mean precision"
    )
    assert run("metrics", "gini", "--task", "multiclass").stderr.startswith(
        "error: gini is a binary metric, not a multiclass one\n"
    )


@pytest.mark.parametrize("situation", ADVICE)
def test_advice_fits_the_situation(situation: str) -> None:
    result = run("metrics", "--advise", situation)
    assert (result.status, result.stderr) == (0, "")
    assert result.stdout.startswith(f"{situation}  ")
    for spec, _ in (*ADVICE[situation].look_at, *ADVICE[situation].not_at):
        assert f"\n{spec}  " in result.stdout


def test_the_situations_are_listed() -> None:
    listed = run("metrics", "--advise", "list").stdout
    assert [line.split()[0] for line in listed.splitlines() if line[:1] > " "] == list(ADVICE)
    unknown = run("metrics", "--advise", "xyz")
    assert unknown.status == 2
    assert unknown.stderr.startswith("error: no advice for the situation 'xyz'\nhint: there are: ")


def test_advice_goes_alone() -> None:
    result = run("metrics", "f1", "--advise", "ranking")
    assert (result.status, result.stdout) == (2, "")


def test_colour_on_a_terminal() -> None:
    assert "\x1b[36mf1" in run("metrics", terminal=True, COLUMNS="100", TERM="xterm").stdout
    assert "\x1b" not in run("metrics", terminal=True, COLUMNS="100", NO_COLOR="1").stdout


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120])
def test_the_catalogue_breaks_no_word_at_any_width(width: int) -> None:
    table, _, said = run("metrics", COLUMNS=str(width)).stdout.partition("\n\n")
    assert all(len(line) <= width for line in table.splitlines())
    words = set(table.split())
    for metric in DECLARED:
        assert {metric.name, *metric.title.split()} <= words
    assert "…" not in "".join(
        word for word in words if not word.startswith("…") and "=" not in word
    )
    dropped = {60: "options, range, task", 80: "options"}
    if width in dropped:
        assert said == f"columns left out at this width: {dropped[width]}\n"
    assert ("options" in table.splitlines()[0]) == (width >= 100) == (said == "")


def test_several_names_give_several_cards() -> None:
    cards = [run("metrics", name).stdout for name in ("f1", "recall")]
    assert run("metrics", "F1", "Recall", "f1_score").stdout == "\n".join(cards)
    assert run("metrics", "ROC_AUC") == run("metrics", "roc_auc")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("pinball", "in the default report yes, one for each column of quantiles"),
        ("crps_gaussian", "in the default report yes, where those columns are"),
        ("mae", "in the default report yes"),
        ("huber", "in the default report no"),
        ("contrastive_loss", "needs dissimilar (--same or --dissimilar)"),
    ],
)
def test_a_card_says_of_which_columns_a_metric_is(name: str, line: str) -> None:
    assert line in [" ".join(row.split()) for row in run("metrics", name).stdout.splitlines()]
