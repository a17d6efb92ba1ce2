"""What plots have in common: a figure, its title, a key beside it, bands, labels kept apart."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mleval.batch import Floats
from mleval.rendering.content import facts
from mleval.rendering.numerals import interval, number
from mleval.rendering.plots import style
from mleval.report import Estimate, Report
from mleval.report_charts import Chart
from mleval.visible import middle

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DIRECT = "direct label"  # what a test knows them by
_ROW = 13.5  # points a line of a key takes
_TITLE = 68  # characters


def new_figure(width: float = 6.2, height: float = 4.6) -> Figure:
    """An empty figure of so many inches; no window, and no state that is shared."""
    from matplotlib.figure import Figure

    class Plot(Figure):
        """A figure that a notebook shows by itself."""

        def _repr_png_(self) -> bytes:
            stream = io.BytesIO()
            with style.applied():
                self.savefig(stream, format="png")
            return stream.getvalue()

    return Plot(figsize=(width, height))


def headed(axes: Axes, title: str, *more: str) -> None:
    """The title, and beneath it in small what the plot is of."""
    said = " · ".join(filter(None, more))
    axes.set_title(middle(said, 88), loc="left", pad=8)
    titled(axes, title, 23 if said else 9)


def titled(axes: Axes, title: str, above: float) -> None:
    """The title so many points above the axes."""
    axes.annotate(
        middle(title, _TITLE),
        (0, 1),
        (0, above),
        xycoords="axes fraction",
        textcoords="offset points",
        size=11,
        weight="bold",
        va="bottom",
    )


def about(systems: Mapping[str, Report]) -> str:
    """What a report is of: the positive class, rows, classes; of several what is the same."""
    every = [facts(report) for report in systems.values()]
    same = [fact for fact in every[0] if all(fact in others for others in every)]
    return style.drawable(" · ".join(middle(fact, 48) for fact in same))


def column(chart: Chart, name: str) -> Floats:
    """(n,) numbers, nan where there is none."""
    return np.array([np.nan if x is None else x for x in chart[name]], np.float64)


def estimated(item: Estimate | None, name: str) -> str:
    """A number with its interval, as in `AUC 0.912 [0.89, 0.93]`; nothing where there is none.

    >>> estimated(Estimate(value=0.91234, low=0.9, high=0.92), "AUC")
    'AUC 0.912 [0.900, 0.920]'
    """
    if item is None or item.value is None:
        return ""
    ends = interval(item, 3)
    return f"{name} {number(item.value, 3)}" + (f" {ends}" if ends else "")


def named(name: str, report: Report) -> Estimate | None:
    """A metric of the report, if it holds it."""
    return next(
        (item for spec, item in report.metrics.items() if spec.partition("(")[0] == name), None
    )


def share_axes(axes: Axes, x: str, y: str) -> None:
    """Both axes from 0 to 1, with a little room so that no curve is cut at the edge."""
    axes.set(xlim=(-0.015, 1.015), ylim=(-0.015, 1.015), xlabel=x, ylabel=y)
    axes.set_box_aspect(1)
    axes.figure.set_size_inches(5, 5)  # type: ignore[union-attr]
    axes.grid(visible=True)
    axes.set_axisbelow(True)


def key(axes: Axes, lines: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """The names of the lines beside the axes, each after a piece of its line, from the top down."""
    from matplotlib.lines import Line2D

    axes.legend(
        [Line2D([], [], **drawn) for _, drawn in lines],
        [name for name, _ in lines],
        loc="upper left",
        bbox_to_anchor=(1.01, 1.0),
        borderaxespad=0,
        frameon=False,
        handlelength=2.6,
        fontsize=8.5,
    )


def direct(axes: Axes, x: float, y: float, text: str, **more: Any) -> Any:
    """Text in the plot."""
    found = axes.text(x, y, text, clip_on=False, **more)
    found.set_label(DIRECT)
    return found


def band(axes: Axes, x: Floats, low: Floats, high: Floats, colour: str, **more: Any) -> None:
    """What an interval covers along a curve, where there is one."""
    if np.isfinite(low).any():
        axes.fill_between(x, low, high, color=colour, alpha=style.BAND, linewidth=0, **more)


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places near those that are wanted, at least a gap apart, within the ends if they fit.

    >>> apart([0.5, 0.5, 0.9], 0.1, 0.0, 1.0)
    [0.45, 0.55, 0.9]
    """
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    groups: list[
        tuple[float, int]
    ] = []  # the middle of each block of touching labels, and how many
    for at in order:
        middle, count = min(max(wanted[at], low), high), 1
        while (
            groups
            and middle - (count - 1) * gap / 2
            < groups[-1][0] + (groups[-1][1] + 1) * gap / 2 - 1e-12
        ):
            before, many = groups.pop()
            middle = (before * many + middle * count) / (many + count)
            count += many
            reach = (count - 1) * gap / 2
            middle = max(min(middle, high - reach), low + reach)
        groups.append((middle, count))
    places = [round(m + (k - (n - 1) / 2) * gap, 9) for m, n in groups for k in range(n)]
    found = [0.0] * len(wanted)
    for at, place in zip(order, places, strict=True):
        found[at] = place
    return found


def beside(axes: Axes, ends: Iterable[tuple[float, str, str]], *, size: float = 8.5) -> None:
    """Labels to the right of where lines end: (height, text, colour), kept apart."""
    some = [*ends]
    figure: Any = axes.figure
    gap = _ROW / (figure.get_size_inches()[1] * 72 * 0.7)
    low, high = axes.get_ylim()
    shares = [(y - low) / (high - low) for y, _, _ in some]
    for share, (_, text, colour) in zip(apart(shares, gap, 0.0, 1.0), some, strict=True):
        after(axes, share, text, color=colour, size=size)


def after(
    axes: Axes, y: float, text: str, points: float = 6, *, data: bool = False, **more: Any
) -> None:
    """Text so many points to the right of the axes; y in parts of them, or as the data are."""
    found = axes.annotate(
        text,
        (1, y),
        (points, 0),
        xycoords=axes.get_yaxis_transform() if data else "axes fraction",
        textcoords="offset points",
        va="center",
        annotation_clip=False,
        **more,
    )
    found.set_label(DIRECT)


def chance_diagonal(axes: Axes) -> None:
    """What chance gives on axes of shares, with its name along it."""
    axes.plot([0, 1], [0, 1], color=style.QUIET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    direct(
        axes,
        0.56,
        0.525,
        "chance",
        rotation=45,
        color=style.QUIET,
        size=8,
        ha="center",
        va="center",
    )
