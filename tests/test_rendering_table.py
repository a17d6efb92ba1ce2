"""The table: exact pictures of small reports, and what holds at every width."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
import rendering_samples as samples
from rich.cells import cell_len
from rich.console import Console

from mleval.rendering import print_table, render
from mleval.report import ClassRow, ConfusionTable, Estimate, Report

ALL = [samples.binary, samples.digits, samples.countries, samples.hostile, samples.single]
WIDTHS = [40, 60, 80, 100, 160]


def test_a_binary_report_at_60_columns():
    report = samples.binary()
    kept = ("accuracy", "best_f1", "brier", "ece(bins=15)", "brier_skill")
    report = replace(report, metrics={name: report.metrics[name] for name in kept})
    assert (
        render(report, "table", width=60)
        == """\
binary classification  positive: malignant · 569 rows ·
                       sample_data/cancer.csv
assumed  truth=diagnosis (by its name) · positive=malignant
         (of the column prob_malignant) · threshold=0.5 (no
         prediction column)

metric           value     95 % interval
accuracy      ↑  0.9508    [0.9297, 0.9613]
best_f1       ↑  0.9412    —¹ at 0.4300
brier         ↓  0.0379    [0.0291, 0.0468]
ece(bins=15)  ↓  1.20e-05  —²
brier_skill   ↑  —         every row is of one class
¹ no interval: the best over thresholds is a maximum
² no interval: the estimate is biased near perfect
  calibration

class      support  predicted  precision  recall      f1
benign         357        363     0.9532  0.9692  0.9611
malignant      212        206     0.9479  0.9193  0.9334

confusion matrix  rows: truth, columns: prediction
              benign  malignant
benign           346         11
malignant         17        195

! 3 rows without a truth were left out
! the column score_old was passed over for prob_malignant,
  whose name says more; choose it with --score score_old

95 % intervals: wilson · delta
columns left out at this width: class intervals
"""
    )


def test_averages_stand_side_by_side():
    report = replace(samples.many(("a", "b", "c")), classes={}, confusion=None, warnings=())
    assert (
        render(report, "table", width=80)
        == """\
multiclass classification  1,797 rows · digits.csv
assumed  classes=the 3 that occur

metric                value   95 % interval
accuracy           ↑  0.9021  [0.8870, 0.9096]
balanced_accuracy  ↑  0.9013  [0.8866, 0.9086]
mcc                ↑  0.8902  [0.8755, 0.8975]
kappa              ↑  0.8791  [0.8644, 0.8864]
log_loss           ↓  0.3412  [0.3100, 0.3800]
ece(bins=15)       ↓  0.0213  —¹

over classes          macro   95 % interval     weighted  95 % interval
precision          ↑  0.9011  [0.8861, 0.9086]  0.9035    [0.8887, 0.9109]
recall             ↑  0.9211  [0.9061, 0.9286]  0.9235    [0.9087, 0.9309]
f1                 ↑  0.9411  [0.9261, 0.9486]  0.9435    [0.9287, 0.9509]
roc_auc_ovr        ↑  0.9611  [0.9461, 0.9686]  0.9635    [0.9487, 0.9709]
average_precision  ↑  0.9612  [0.9512, 0.9662]
¹ no interval: the estimate is biased near calibration

95 % intervals: wilson · delta · influence
"""
    )


@pytest.mark.parametrize(
    ("provenance", "said"),
    [
        ({"rows": 1}, "1 row"),
        ({"rows": 1200, "rows_used": 1200}, "1,200 rows"),
        ({"rows": 1200, "rows_used": 1198}, "1,198 of 1,200 rows"),
    ],
)
def test_the_headline_says_how_many_rows(provenance, said):
    text = render(Report(task="binary", provenance=provenance), "table")
    assert text == f"binary classification  {said}\n"


def test_one_metric_is_three_lines():
    assert render(samples.single(), "table", width=80) == (
        "binary classification\n\nmetric     value\nf1      ↑  0.5000\n"
    )


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("width", WIDTHS)
def test_lines_fit_the_width_and_end_in_no_space(make, width):
    for line in render(make(), "table", width=width).splitlines():
        assert cell_len(line) <= width
        assert line == line.rstrip()


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_ascii_table_is_ascii_and_otherwise_the_same(make, width):
    plain = render(make(), "table", width=width, ascii=True)
    assert plain.isascii()
    if make is not samples.hostile:
        usual = render(make(), "table", width=width)
        assert len(plain.splitlines()) == len(usual.splitlines())


@pytest.mark.parametrize("make", ALL)
def test_numbers_are_never_cut(make):
    for width in range(40, 130):
        for word in render(make(), "table", width=width).split():
            assert not re.fullmatch(r"\[?\d+\.?\d*…\]?", word)


@pytest.mark.parametrize("make", ALL)
def test_colour_adds_codes_and_changes_no_word(make):
    coloured = render(make(), "table", width=100, colour=True)
    assert "\x1b[1m" in coloured
    stripped = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    lines = [line.rstrip() for line in stripped.splitlines()]
    assert lines == render(make(), "table", width=100).splitlines()


def test_a_console_gets_its_own_width_and_characters():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    print_table(samples.digits(), Console(file=stream, width=60), digits=2)
    stream.flush()
    text = stream.buffer.getvalue().decode()
    assert text == render(samples.digits(), "table", width=60, digits=2, ascii=True)


def test_no_color_and_jupyter_in_the_environment_do_not_reach_render(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in render(samples.single(), "table", colour=True)
    assert "\x1b" not in render(samples.single(), "table", colour=False)


def test_few_averages_are_no_columns():
    metrics = {"f1[macro]": Estimate(value=0.5), "accuracy": Estimate(value=0.25)}
    text = render(Report(task="multiclass", metrics=metrics), "table", width=80)
    assert text.splitlines()[2:] == ["metric     value", "f1[macro]  0.5000", "accuracy   0.2500"]


def test_weights_show_one_decimal():
    confusion = ConfusionTable(labels=("a", "b"), cells=(("a", "a", 2.5), ("a", "b", 1.0)))
    report = Report(task="binary", confusion=confusion, classes={"a": ClassRow(support=3.5)})
    lines = render(report, "table", width=80).splitlines()
    assert lines[-2:] == ["a  2.5  1.0", "b    ·    ·"]
    assert "a          3.5" in lines


def test_a_row_without_a_prediction_has_its_own_column():
    confusion = ConfusionTable(labels=("a", "b"), cells=(("a", "a", 2.0), ("a", None, 1.0)))
    lines = render(Report(task="binary", confusion=confusion), "table", width=80).splitlines()
    assert lines[-3:] == ["      a     b  none", "a     2     ·     1", "b     ·     ·     ·"]


def test_a_matrix_that_does_not_fit_becomes_a_list():
    report = samples.many(tuple(f"class {place}" for place in range(20)), rows=1_000_000)
    assert "confusion matrix" in render(report, "table", width=200)
    narrow = render(report, "table", width=80)
    assert "confusion matrix" not in narrow
    assert "most confused\ntruth" in narrow


def test_of_many_classes_the_worst_are_shown():
    report = samples.many(tuple(f"c{place}" for place in range(50)))
    text = render(report, "table", width=80)
    assert "the 20 of 50 classes with the lowest F1; JSON has them all" in text
    assert sum(line.startswith("c") and "0." in line for line in text.splitlines()) == 20


def test_marks_and_notes_come_together_and_columns_left_out_are_named():
    undefined = Estimate(undefined="no rows", goal="max")
    report = samples.digits()
    added = {"npv[macro]": undefined, "npv[weighted]": undefined}
    report = replace(report, metrics={**report.metrics, **added})
    for width in range(40, 130):
        text = render(report, "table", width=width)
        notes = re.findall(r"^([¹²³]) ", text, re.MULTILINE)
        assert set(notes) == set(re.findall(r".([¹²³])", text))
        assert notes == list("¹²³")[: len(notes)]
        assert "undefined: no rows" in text
        assert text.count("columns left out at this width") <= 1
    narrow = render(report, "table", width=40)
    said = " ".join(narrow[narrow.index("columns left out") :].split())
    assert said.startswith("columns left out at this width: intervals, weighted, ")
    assert "95 % intervals" not in narrow
    assert "columns left out" not in render(report, "table", width=400)
