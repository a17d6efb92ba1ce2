"""Learning curves: training and validation of each metric; of several runs, what all watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mleval.batch import Floats
from mleval.rendering.numerals import number
from mleval.rendering.plots import style
from mleval.rendering.plots.drawing import headed, key, titled
from mleval.training.history import History
from mleval.training.run import Run
from mleval.training.series import Curve, Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PANELS = 6
_RUNS = 12
_DECADES = 2.0  # from which on the scale is of ratios


def has_curves(history: History) -> bool:
    """Whether there is a metric with a number at two points."""
    return any(_curves(run) for run in history.runs.values())


def _curves(run: Run) -> list[Curve]:
    """Those worth drawing: what is watched first."""
    first = [run.watched] if run.watched is not None else []
    several = [*first, *(curve for curve in run.curves if curve is not run.watched)]
    return [curve for curve in several if len(curve.judged.places) > 1]


def learning_curves(figure: Figure, history: History, part: str | None) -> None:
    """A panel a metric; of several runs one panel, a line a run."""
    del part
    if len(history) > 1:
        _of_runs(figure, history)
        return
    run = history.run
    some = _curves(run)[:_PANELS]
    figure.set_size_inches(6.4, 1.2 + 2.3 * len(some))
    panels = figure.subplots(len(some), 1, squeeze=False, gridspec_kw={"hspace": 0.35})[:, 0]
    for place, (axes, curve) in enumerate(zip(panels, some, strict=True)):
        _panel(axes, run, curve)
        if place == len(some) - 1:
            axes.set_xlabel(style.label(run.axis))
    title = f"Learning curves of {style.label(run.name, 40)}"
    titled(panels[0], title, 23)


def _panel(axes: Axes, run: Run, curve: Curve) -> None:
    lines = []
    values: list[Floats] = []
    for place, (role, one) in enumerate(
        (("validation", curve.validation), ("training", curve.train))
    ):
        if one is None:
            continue
        drawn = {"color": style.colour(place), "linestyle": style.dash(place)}
        at = one.places
        axes.plot(
            run.labels[at],
            one.values[at],
            **drawn,
            marker="o" if len(at) < 30 else None,
            markersize=3,
        )
        lines.append((role if one.split else style.label(one.name, 18), drawn))
        values.append(one.values[at])
    _scale(axes, np.concatenate(values))
    axes.grid(visible=True)
    axes.set_ylabel(style.label(curve.name, 24))
    said = _best(axes, run, curve.judged)
    if curve is run.watched:
        said = f"watched · {said}"
    axes.set_title(said)
    key(axes, lines)


def _best(axes: Axes, run: Run, judged: Series) -> str:
    point = judged.best
    if point is None:
        return ""
    at = float(run.labels[point])
    axes.axvline(at, color=style.QUIET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    axes.plot([at], [judged.values[point]], "o", color=style.COLOURS[0], markersize=6, zorder=4)
    value = number(float(judged.values[point]), 4)
    return f"best {value} at {style.label(run.axis, 12)} {at:.10g}, dashed"


def _scale(axes: Axes, values: Floats) -> None:
    from mleval.rendering.plots.texts import logarithmic

    low, high = float(values.min()), float(values.max())
    if low > 0 and np.log10(high / low) > _DECADES:
        logarithmic(axes.yaxis, low, high)


def _of_runs(figure: Figure, history: History) -> None:
    axes = figure.add_subplot()
    lines = []
    watched = [(name, run, run.watched) for name, run in history.runs.items() if run.watched]
    values = []
    for place, (name, run, curve) in enumerate(watched[:_RUNS]):
        judged = curve.judged
        drawn = {"color": style.colour(place), "linestyle": style.dash(place)}
        at = judged.places
        axes.plot(run.labels[at], judged.values[at], **drawn)
        values.append(judged.values[at])
        if judged.best is not None:
            x, y = run.labels[judged.best], judged.values[judged.best]
            axes.plot(
                [x], [y], style.MARKERS[place % 7], color=drawn["color"], markersize=6, zorder=4
            )
        lines.append((style.label(name, 26), drawn))
    _scale(axes, np.concatenate([*values, np.ones(0)]))
    axes.grid(visible=True)
    first = watched[0][1]
    same = {curve.judged.name for _, _, curve in watched}
    axes.set(
        xlabel=style.label(first.axis),
        ylabel=style.label(next(iter(same)), 24) if len(same) == 1 else "what each watches",
    )
    left = len(watched) - len(lines)
    some = f"the first {len(lines)} of {len(watched)}" if left else ""
    headed(axes, f"Learning curves of {len(history)} runs", "marked: the best of each", some)
    key(axes, lines)
