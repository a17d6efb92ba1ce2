"""Plots: a row of `PLOTS` and a function is a plot. Importing this loads no matplotlib.

Plots are drawn from what a report holds, never from rows, so they cost the same for any file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from mleval.errors import UsageError
from mleval.report import Report
from mleval.report_set import ReportSet

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from mleval.training.history import History

FORMATS = ("svg", "png")


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot. module: the file whose function of this name draws it on a figure.

    has: the function there that tells whether a report has what is drawn; parts: that which tells
    of what it is drawn once each; together: whether several models are drawn in one.
    """

    name: str
    module: str
    has: str = ""
    parts: str = ""
    chart: str = ""
    together: bool = False
    also: tuple[str, ...] = ()

    def parts_of(self, shown: Any) -> tuple[str | None, ...]:
        """What it is drawn of: None for the whole; nothing where the report has not got it."""
        home = import_module(f"mleval.rendering.plots.{self.module}")
        if self.parts:
            found: tuple[str | None, ...] = getattr(home, self.parts)(
                shown, *([self.chart] if self.chart else [])
            )
            return found
        return (None,) if getattr(home, self.has)(shown) else ()

    @property
    def draw(self) -> Callable[[Figure, Any, str | None], None]:
        """The function that draws it."""
        found: Callable[[Figure, Any, str | None], None] = getattr(
            import_module(f"mleval.rendering.plots.{self.module}"), self.name
        )
        return found


PLOTS = (
    Plot("roc", "curves", "has_roc", together=True),
    Plot("precision_recall", "curves", "has_pr", together=True, also=("pr",)),
    Plot("thresholds", "thresholds", "has_thresholds"),
    Plot("gain", "thresholds", "has_thresholds", together=True),
    Plot("lift", "thresholds", "has_thresholds", together=True),
    Plot("scores", "scores", "has_scores"),
    Plot("reliability", "scores", "has_reliability", together=True, also=("calibration",)),
    Plot("confusion", "confusion", "has_confusion"),
    Plot("confusion_counts", "confusion", "has_confusion"),
    Plot("classes", "intervals", "has_classes"),
    Plot("predicted_true", "errors", parts="parts", chart="true_by_predicted"),
    Plot("residuals", "errors", parts="parts", chart="error_by_predicted"),
    Plot("errors", "errors", parts="parts", chart="error"),
    Plot("normal_quantiles", "errors", parts="parts", chart="qq", also=("qq",)),
    Plot("segments", "texts", "has_segments"),
    Plot("score_by_length", "texts", "has_segments"),
    Plot("perplexities", "texts", "has_perplexities"),
    Plot("slices", "intervals", parts="tables"),
)
HISTORY_PLOTS = (Plot("learning_curves", "history", "has_curves"),)


def names(shown: Report | History) -> dict[str, tuple[Plot, str | None]]:
    """What can be drawn: a plot's name, with `[PART]` where there are several parts of it."""
    plots = PLOTS if isinstance(shown, Report) else HISTORY_PLOTS
    found: dict[str, tuple[Plot, str | None]] = {}
    for plot in plots:
        parts = plot.parts_of(shown)
        for part in parts:
            alone = part is None or len(parts) == 1
            found[plot.name if alone else f"{plot.name}[{part}]"] = (plot, part)
    return found


def figure(shown: Report | ReportSet | History, name: str | None = None) -> Figure:
    """The plot of that name; without one, the first that there is.

    Raises UsageError for a plot that the report has nothing for, with those that it has.
    """
    wanted = _canonical(name)
    if isinstance(shown, ReportSet):
        return _of_several(shown, name, wanted)
    possible = names(shown)
    for text, (plot, part) in possible.items():
        if wanted is None or text == wanted or plot.name == wanted:
            return drawn(plot, {"": shown} if isinstance(shown, Report) else shown, part)
    bare = isinstance(shown, Report) and not shown.charts
    raise _refusal(name, wanted, [*possible], "evaluate with plots=True for more" if bare else "")


def _of_several(shown: ReportSet, name: str | None, wanted: str | None) -> Figure:
    together = several(shown)
    for text, plot in together.items():
        if wanted in (None, text):
            some = {n: report for n, report in shown.systems.items() if plot.parts_of(report)}
            return drawn(plot, some, None)
    one = f"of one model: reports['{next(iter(shown), '')}'].plot()"
    raise _refusal(name, wanted, [*together], one)


def _refusal(name: str | None, wanted: str | None, possible: list[str], more: str) -> UsageError:
    known = any(wanted in (plot.name, *plot.also) for plot in (*PLOTS, *HISTORY_PLOTS))
    told = f"the report has nothing to draw '{name}' of" if name else "there is nothing to draw"
    if name and not known:
        told = f"there is no plot '{name}'"
    there = f"it has: {', '.join(possible)}" if possible else ""
    return UsageError(told, hint="; ".join(filter(None, (there, more))) or None)


def _canonical(name: str | None) -> str | None:
    """Plots are found by other names, too."""
    return next((plot.name for plot in PLOTS if name in plot.also), name)


def drawn(plot: Plot, shown: Mapping[str, Report] | History, part: str | None) -> Figure:
    """A plot of one report or of several by name, or of a history."""
    from mleval.rendering.plots import style
    from mleval.rendering.plots.drawing import new_figure
    from mleval.rendering.plots.fitting import fitted

    with style.applied():
        found = new_figure()
        plot.draw(found, shown, part)
        fitted(found)
    return found


def several(shown: ReportSet) -> dict[str, Plot]:
    """The plots in which models are drawn together: those that two of them have."""
    return {
        plot.name: plot
        for plot in PLOTS
        if plot.together and sum(bool(plot.parts_of(r)) for r in shown.systems.values()) > 1
    }
