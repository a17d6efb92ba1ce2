"""Plots show what the report holds, whole and readable, whatever the labels and the numbers are."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import run
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Text
from numpy.testing import assert_allclose
from sklearn.metrics import confusion_matrix

import mleval
from mleval.errors import UsageError
from mleval.rendering.plots import HISTORY_PLOTS, PLOTS, figure, names, style
from mleval.rendering.plots.drawing import apart
from mleval.rendering.plots.files import write_plots
from mleval.report import Report
from mleval.report_set import ReportSet

SAMPLES = Path(__file__).parent.parent / "sample_data"
CASES: dict[str, Callable[[], Any]] = {}


def case(made: Callable[[], Any]) -> Callable[[], Any]:
    CASES[made.__name__] = cache(made)
    return CASES[made.__name__]


def probabilities(truth: Any, classes: int, seed: int = 0) -> Any:
    logits = np.random.default_rng(seed).normal(size=(len(truth), classes))
    powers = np.exp(logits + 2 * np.eye(classes)[truth])
    return powers / powers.sum(1, keepdims=True)


def of_labels(labels: list[str], rows: int) -> Report:
    truth = np.arange(rows) % len(labels)
    p = probabilities(truth, len(labels))
    return mleval.classify(  # type: ignore[return-value]
        truth=[labels[at] for at in truth],
        probabilities={label: p[:, at] for at, label in enumerate(labels)},
        plots=True,
    )


@case
def binary() -> Any:
    return mleval.classify(SAMPLES / "cancer.csv", plots=True)


@case
def multiclass() -> Any:
    return mleval.classify(SAMPLES / "digits.csv", plots=True)


@case
def multilabel() -> Any:
    return mleval.classify(SAMPLES / "traits.csv", plots=True)


@case
def regression() -> Any:
    return mleval.regress(SAMPLES / "diabetes.csv", plots=True)


@case
def texts() -> Any:
    references = [SAMPLES / f"captions.ref{n}.txt" for n in (1, 2)]
    return mleval.text(SAMPLES / "captions.large.txt", references, plots=True)


@case
def sequences() -> Any:
    return mleval.perplexity(SAMPLES / "harbour.jsonl", plots=True)


@case
def pairs() -> Any:
    return mleval.pairs(SAMPLES / "digit_pairs.csv", plots=True)


@case
def training() -> Any:
    return mleval.history(SAMPLES / "training.csv")


@case
def trainings() -> Any:
    return mleval.history([SAMPLES / "training.csv", SAMPLES / "training_slow.csv"])


@case
def models() -> Any:
    rng, truth = np.random.default_rng(3), np.arange(300) % 2
    columns = {
        f"{name}_prob": np.clip(0.5 + by * (truth - 0.5) + rng.normal(0, 0.2, 300), 0, 1)
        for name, by in (("lr", 0.2), ("a_very_long_name_of_$a$_model", 0.6))
    }
    return mleval.classify({"label": truth, **columns}, plots=True)


@case
def slices() -> Any:
    rng, truth = np.random.default_rng(4), np.arange(1200) % 2
    place = rng.integers(0, 45, 1200)
    score = np.clip(0.5 + 0.3 * (truth - 0.5) * (place != 7) + rng.normal(0, 0.1, 1200), 0, 1)
    named = [f"the country of number {at} $x_{{{at}}}$" if at else "日本" for at in place]
    data = {"y_true": truth, "y_prob": score, "cost in $": named, "age": rng.normal(size=1200)}
    return mleval.classify(data, by=["cost in $", "age"], bins=3, metrics=["f1"], plots=True)


@case
def fifty_long_names() -> Any:
    return of_labels(
        [f"class {at:02d}, a rather long name 日本語 $x_{at}$" for at in range(50)], 800
    )


@case
def hostile_names() -> Any:
    return of_labels(["東京都", "$\\frac{1}$ $x^2$", "<b>\x1b[31m\nred", "a_b_c" * 30], 120)


@case
def one_class() -> Any:
    return mleval.classify(truth=[1] * 9, score=np.arange(9) / 9, positive=1, plots=True)


@case
def three_rows() -> Any:
    return mleval.classify(truth=[0, 1, 1], score=[0.2, 0.4, 0.9], plots=True)


@case
def constant_scores() -> Any:
    return mleval.classify(truth=[0, 1, 1, 0], score=[0.5] * 4, plots=True)


@case
def parted_scores() -> Any:
    score = np.r_[np.arange(30) / 90, 0.6 + np.arange(20) / 90] * 1e6
    return mleval.classify(truth=[0] * 30 + [1] * 20, score=score, score_scale="any", plots=True)


@case
def far_from_zero() -> Any:
    truth = 1e9 + np.random.default_rng(5).normal(size=300)
    return mleval.regress(truth=truth, prediction=truth[::-1].copy(), plots=True)


@case
def three_equal_numbers() -> Any:
    return mleval.regress(truth=[5, 5, 5], prediction=[5, 5, 5], plots=True)


EVERY = [
    *("binary", "multiclass", "multilabel", "regression", "texts", "sequences", "pairs"),
    *("training", "trainings", "models"),
]
OF_MODELS = ("roc", "precision_recall", "gain", "lift", "reliability")
SOME = {
    "slices": ("slices[cost in $]", "slices[age]"),
    "fifty_long_names": ("roc", "confusion", "classes"),
    "hostile_names": ("precision_recall", "confusion_counts", "classes"),
    "one_class": ("scores", "reliability", "confusion", "classes"),
    "three_rows": ("roc", "thresholds", "lift", "reliability"),
    "constant_scores": ("roc", "precision_recall", "thresholds", "gain", "lift", "scores"),
    "parted_scores": ("roc", "thresholds", "scores"),
    "far_from_zero": ("predicted_true", "residuals", "errors", "normal_quantiles"),
    "three_equal_numbers": ("predicted_true", "residuals", "errors"),
}


def wanted(name: str) -> tuple[str, ...]:
    """The plots of a case that are looked at."""
    if name in SOME:
        return SOME[name]
    report = CASES[name]()
    return OF_MODELS if isinstance(report, ReportSet) else tuple(names(report))


def texts_of(shown: Figure) -> list[tuple[Text, Any]]:
    """What is written in a figure, with the box that each takes in pixels."""
    with style.applied():
        shown.draw_without_rendering()
        axes = shown.axes
        every = [axis for one in axes for axis in (one.xaxis, one.yaxis)]
        ticks = {id(tick.label1) for axis in every for tick in axis._update_ticks()}
        hidden = {id(label) for axis in every for label in axis.get_ticklabels()} - ticks
        spare = {id(tick.label2) for axis in every for tick in axis.get_major_ticks()}
        seen = [
            text
            for text in shown.findobj(Text)
            if id(text) not in hidden | spare and text.get_visible() and text.get_text()
        ]
        return [(text, text.get_window_extent()) for text in seen]


@pytest.mark.parametrize("name", [*EVERY, *SOME])
def test_every_plot_is_whole_and_no_label_lies_on_another(name: str) -> None:
    for plot in wanted(name):
        shown = figure(CASES[name](), plot)
        width, height = shown.get_size_inches() * shown.dpi
        found = texts_of(shown)
        assert len(found) > 3
        for text, box in found:
            whole = min(box.x0, box.y0) >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1
            assert whole, (plot, text.get_text(), box, (width, height))
        level = [(text, box) for text, box in found if text.get_rotation() in (0, 90)]
        for (one, box), (other, its) in combinations(level, 2):
            across = min(box.x1, its.x1) - max(box.x0, its.x0)
            up = min(box.y1, its.y1) - max(box.y0, its.y0)
            assert min(across, up) < 1.5, (plot, one.get_text(), other.get_text())


def test_every_plot_of_the_table_is_drawn_for_some_report() -> None:
    drawn = {plot.partition("[")[0] for name in (*EVERY, *SOME) for plot in wanted(name)}
    assert drawn == {plot.name for plot in (*PLOTS, *HISTORY_PLOTS)}


@pytest.mark.parametrize("name", ["roc", "precision_recall"])
def test_curves_are_those_of_the_report(name: str) -> None:
    chart = binary().charts[{"roc": "roc", "precision_recall": "pr"}[name]]
    x, y = [chart[axis] for axis in list(chart)[:2]]
    lines = [line.get_xydata().tolist() for line in binary().plot(name).axes[0].lines]
    assert [list(pair) for pair in zip(x, y, strict=True)] in lines


def test_cells_are_those_of_a_confusion_matrix() -> None:
    report = multiclass()
    truth, guess = [], []
    for label, taken, weight in report.confusion.cells:
        truth += [label] * int(weight)
        guess += [taken] * int(weight)
    for name, normalize in (("confusion", "true"), ("confusion_counts", None)):
        (image,) = report.plot(name).axes[0].findobj(AxesImage)
        exact = confusion_matrix(truth, guess, labels=report.confusion.labels, normalize=normalize)
        assert_allclose(image.get_array(), exact)


def test_intervals_of_slices_are_those_of_the_report() -> None:
    report = slices()
    table = report.slices[1]
    lines = [line.get_xydata() for line in report.plot("slices[age]").axes[0].lines]
    for place, row in enumerate(table.slices):
        item = row.metrics["f1"]
        assert any(np.array_equal(line, [[item.low, place], [item.high, place]]) for line in lines)
        assert any(np.array_equal(line, [[item.value, place]]) for line in lines)


def test_gain_and_lift_are_counted_from_the_top() -> None:
    rng = np.random.default_rng(9)
    truth, score = rng.integers(0, 2, 60), rng.permutation(60) / 60
    report = mleval.classify(truth=truth, score=score, plots=True)
    ranked = truth[np.argsort(-score)].cumsum() / truth.sum()
    (line,) = [line for line in report.plot("gain").axes[0].lines if len(line.get_xdata()) > 10]
    share = np.arange(61) / 60
    assert_allclose(line.get_ydata(), np.append(0, ranked))
    assert_allclose(line.get_xdata(), share)
    (line,) = [line for line in report.plot("lift").axes[0].lines if len(line.get_xdata()) > 10]
    assert_allclose(line.get_ydata()[1:], ranked / share[1:])


def test_learning_curves_are_the_series() -> None:
    run_ = training().run
    lines = [line.get_ydata() for axes in training().plot().axes for line in axes.lines]
    for series in (run_.watched.train, run_.watched.validation):
        assert any(np.array_equal(line, series.values[series.places]) for line in lines)


def test_labels_are_text_and_what_no_font_has_is_spelled() -> None:
    said = [text.get_text() for text, _ in texts_of(hostile_names().plot("confusion"))]
    assert "$\\frac{1}$ $x^2$" in said
    assert "<b>\\x1b[31m\\nred" in said
    assert not any(len(text) > 60 for text in said if text.startswith("a_b"))
    if style.undrawable(["東京都"]):
        assert "\\u6771\\u4eac\\u90fd" in said
    assert style.label("abc\U0010fffe") == "abc\\U0010fffe"


def test_settings_and_figures_of_others_are_left_alone() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    binary().plot("roc")
    assert dict(mpl.rcParams) == before
    with mpl.rc_context({"axes.facecolor": "black", "text.usetex": True, "lines.linewidth": 9}):
        assert binary().plot("roc").axes[0].get_facecolor() == (1, 1, 1, 1)


def test_what_there_is_not_is_told_with_what_there_is() -> None:
    plain = mleval.classify(SAMPLES / "cancer.csv")
    assert isinstance(plain.plot(), Figure)
    assert len(plain.plot("pr").axes[0].lines) > 1
    with pytest.raises(UsageError, match="nothing to draw 'gain' of") as told:
        plain.plot("gain")
    assert "it has: roc, precision_recall" in str(told.value.hint)
    assert "plots=True" in str(told.value.hint)
    with pytest.raises(UsageError, match="there is no plot 'rock'"):
        plain.plot("rock")
    with pytest.raises(UsageError, match="nothing to draw 'thresholds' of") as told:
        models().plot("thresholds")
    assert "reports['lr'].plot()" in str(told.value.hint)
    with pytest.raises(UsageError, match="there is nothing to draw"):
        mleval.regress(truth=[1, 2], prediction=[1, 2], metrics="mae").plot()
    with pytest.raises(UsageError, match="nothing to draw 'roc'"):
        training().plot("roc")


def test_a_report_that_was_read_back_draws_the_same(tmp_path: Path) -> None:
    binary().save(tmp_path / "r.json")
    again = Report.load(tmp_path / "r.json")
    assert names(again) == names(binary())
    write_plots(again, tmp_path / "a", ("svg",))
    write_plots(binary(), tmp_path / "b", ("svg",))
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_a_notebook_shows_a_figure() -> None:
    assert binary().plot("lift")._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "line", ["classify cancer.csv", "regress diabetes.csv", "history training.csv"]
)
def test_files_are_written_and_said_in_a_line(line: str, tmp_path: Path) -> None:
    command, file = line.split()
    found = run(
        command, str(SAMPLES / file), "--plots", str(tmp_path / "p"), "--plot-format", "both"
    )
    assert found.status == 0
    (said,) = [text for text in found.stderr.splitlines() if text.startswith("plots: ")]
    assert said.endswith(f" in {tmp_path / 'p'}")
    files = sorted(path.name for path in (tmp_path / "p").iterdir())
    assert len(files) % 2 == 0
    for name in files:
        assert name in said or len(files) > 12
        data = (tmp_path / "p" / name).read_bytes()
        if name.endswith(".svg"):
            assert ET.fromstring(data).tag == "{http://www.w3.org/2000/svg}svg"
            assert b"<dc:date>" not in data
        else:
            assert data.startswith(b"\x89PNG")


def test_models_share_curves_and_have_a_directory_each(tmp_path: Path) -> None:
    found = write_plots(models(), tmp_path, ("svg",))
    held = {path.relative_to(tmp_path).as_posix() for path in found.paths}
    assert {"roc.svg", "lr/confusion.svg", "a_very_long_name_of__a__model/scores.svg"} <= held
    assert not any("roc" in path for path in held if "/" in path)


def test_plots_that_cannot_be_are_refused_before_anything_is_read(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    for more, told in (
        (("--plots", str(file)), "is a file"),
        (("--plot-format", "png"), "there are none"),
    ):
        found = run("classify", "nowhere.csv", *more)
        assert found.status == 2
        assert told in found.stderr
    found = run("classify", str(SAMPLES / "cancer.csv"), "--plots", str(file / "in"))
    assert found.status == 3
    assert "the directory cannot be made" in found.stderr


def test_a_configuration_asks_for_plots_and_quiet_says_nothing(tmp_path: Path) -> None:
    asked = f'[classify]\nplots = "{tmp_path / "p"}"\nplot-format = "png"\nquiet = true\n'
    (tmp_path / "mleval.toml").write_text(asked)
    found = run("classify", str(SAMPLES / "cancer.csv"), "-m", "f1", directory=tmp_path)
    assert (found.status, found.stderr) == (0, "")
    assert (tmp_path / "p" / "roc.png").exists()


def test_labels_keep_apart_and_near() -> None:
    rng = np.random.default_rng(1)
    for count in (1, 2, 7, 20):
        wanted = rng.random(count).tolist()
        found = apart(wanted, 0.03, 0.0, 1.0)
        assert (np.diff(np.sort(found)) > 0.03 - 1e-8).all()
        assert np.argsort(found).tolist() == np.argsort(wanted).tolist()
        assert -1e-9 <= min(found) <= max(found) <= 1 + 1e-9
