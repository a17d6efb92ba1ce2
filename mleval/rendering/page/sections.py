"""The sections of a page about one report."""

from __future__ import annotations

from collections.abc import Sequence

from mleval.rendering import content, interval_scale, slice_content
from mleval.rendering.grid import (
    Grid,
    class_grid,
    confusion_grid,
    gate_grid,
    metric_grids,
    quantile_grid,
    slice_grid,
    target_grid,
    worst_grid,
)
from mleval.rendering.look import Look
from mleval.rendering.page.blocks import Block, Code, Figures, Lines, Section, Table
from mleval.rendering.page.charts.bars import Ruler
from mleval.rendering.page.charts.thresholds import over_thresholds
from mleval.rendering.page.explorer import Thresholds, slider
from mleval.rendering.page.glossary import glossary
from mleval.rendering.page.histograms import histograms
from mleval.rendering.page.matrix import matrix
from mleval.rendering.page.origins import origin
from mleval.rendering.page.pickers import picker
from mleval.rendering.page.pictures import pictures
from mleval.report import Estimate, Report, SliceTable

_GOALS = "↑ higher is better · ↓ lower is better · →0 nearer 0 is better"


def of_report(report: Report, look: Look) -> list[Section]:
    """All of them, in order; those that hold nothing have no blocks."""
    notes = content.Notes()
    metrics = _metrics(report, look, notes)
    return [
        Section(heading="Gates", blocks=_gates(report, look), summary=True),
        Section(heading="Metrics", blocks=metrics, summary=True, drop=1),
        *details(report, look),
        Section(heading="What the metrics are", blocks=glossary(report), drop=7),
        Section(heading="How this was made", blocks=origin(report, look)),
    ]


def details(report: Report, look: Look) -> list[Section]:
    """What is known of one model beside its metrics."""
    return [
        Section(heading="Threshold", blocks=_threshold(report, look), drop=3),
        Section(heading="Charts", blocks=_pictures(report, look), drop=4),
        Section(heading="Confusion matrix", blocks=_confusion(report), drop=4),
        Section(
            heading=_heading(content.classes_title(report)), blocks=_classes(report, look), drop=5
        ),
        Section(heading="Targets", blocks=_targets(report, look), drop=5),
        *(_slices(table, report, look) for table in report.slices),
        Section(heading="Distributions", blocks=_distributions(report, look), drop=5),
        Section(heading="Worst rows", blocks=_worst(report, look), drop=6),
    ]


def _heading(text: str) -> str:
    return text[:1].upper() + text[1:]


def _gates(report: Report, look: Look) -> list[Block]:
    grid = gate_grid(report, look.digits)
    return [Table(caption="How each condition came out", grid=grid)] if grid else []


def _metrics(report: Report, look: Look, notes: content.Notes) -> list[Block]:
    """The metrics with their intervals drawn, then what explains them."""
    alone, averaged = content.grouped(report)
    first = [next(iter(row.values())) for row in averaged.rows.values()]
    items = [list(alone.values()), first] if alone else [first]
    start = interval_scale.start_of([item for part in items for item in part])
    grids = metric_grids(report, look.digits, notes)
    captions = [_GOALS, f"Averages {content.heads(report)[0]}"] if alone else [_GOALS]
    blocks: list[Block] = [
        _drawn(caption, grid, part, start)
        for caption, grid, part in zip(captions, grids, items, strict=False)
    ]
    said = [f"{number} {why}" for why, number in notes.reasons.items()]
    made = content.intervals(report)
    if said or made:
        blocks.append(Lines(items=[*said, *filter(None, [made])], quiet=True))
    if report.citations:
        blocks.append(Code(label="As papers quote it", lines=report.citations))
    return blocks


def _drawn(caption: str, grid: Grid, items: Sequence[Estimate], start: float | None) -> Table:
    if start is None:
        return Table(caption=caption, grid=grid)
    ruler = Ruler.between(start, 1.0)
    drawings = [ruler.draw(item) if interval_scale.is_drawn(item) else "" for item in items]
    return Table(
        caption=caption,
        grid=grid,
        drawings=drawings,
        scale=[f"{start:g}", "1"],
        drawn_after=len(grid.heads),
    )


def _threshold(report: Report, look: Look) -> list[Block]:
    found, moved = Thresholds.of(report), slider(report, look.digits)
    chart = over_thresholds(found) if found else None
    blocks: list[Block] = [moved] if moved else []
    return [*blocks, Figures(figures=[chart])] if chart else blocks


def _pictures(report: Report, look: Look) -> list[Block]:
    figures = pictures(report, look.digits)
    return [Figures(figures=figures)] if figures else []


def _confusion(report: Report) -> list[Block]:
    found = matrix(report)
    if found is not None:
        return [found]
    grid = confusion_grid(report)
    if grid is None or report.confusion is None:
        return []
    told = f"a matrix of {len(report.confusion.labels):,} classes is left out; JSON has it"
    return [Table(caption="The confusions that weigh most", grid=grid, notes=[told])]


def _classes(report: Report, look: Look) -> list[Block]:
    grid, said = class_grid(report, look.digits)
    if grid is None:
        return []
    shown = content.shown_classes(report)[0].values()
    name = next((n for n in ("f1", *content.class_metrics(report))), "")
    items = [row.metrics.get(name) for row in shown]
    ruler = Ruler.around([item for item in items if item is not None])
    return [
        Table(
            caption=f"Each {content.heads(report)[1]} against the rest",
            grid=grid,
            notes=[said] if said else [],
            scale=[name] if ruler else (),
            drawings=[ruler.draw(item) for item in items] if ruler else (),
            drawn_after=3 if ruler else 0,
            stacked=True,
        )
    ]


def _targets(report: Report, look: Look) -> list[Block]:
    grid = target_grid(report, look.digits)
    return [Table(caption="Each target", grid=grid, stacked=True)] if grid else []


def _slices(table: SliceTable, report: Report, look: Look) -> Section:
    """The slices, the metric that orders them drawn beside that of all rows."""
    grid, notes = slice_grid(table, look.digits)
    found = slice_content.shown(table)
    name = found.first or next(iter(report.metrics), "")
    whole = report.metrics.get(name)
    items = [
        row.get(name) if n is not None else None
        for row, n in zip(found.rows, found.counts, strict=True)
    ]
    mark = whole.value if whole else None
    ruler = Ruler.around([item for item in items if item is not None], mark)
    drawn = Table(
        caption=f"{name} is drawn; the dashed line is that of all rows" if ruler else "Slices",
        grid=grid,
        notes=notes,
        scale=[name] if ruler else (),
        drawings=[ruler.draw(item) for item in items] if ruler else (),
        drawn_after=2 if ruler else 0,
        stacked=True,
        foot=sum(n is None for n in found.counts),
    )
    blocks: list[Block] = [*filter(None, [picker(table, report, look.digits)]), drawn]
    heading = _heading(slice_content.title(table))
    return Section(heading=heading, blocks=blocks, drop=2)


def _distributions(report: Report, look: Look) -> list[Block]:
    grid = quantile_grid(report, look.digits)
    quantiles = [Table(caption="Quantiles", grid=grid)] if grid else []
    return [*quantiles, *([] if report.charts else histograms(report))]


def _worst(report: Report, look: Look) -> list[Block]:
    """Rows of the data are shown to those who were asked for them alone: a page is sent about."""
    grid = worst_grid(report, look.digits)
    if grid is None:
        return []
    if not report.lists_worst:
        told = "rows of the data are left out of a page; --worst N lists some"
        return [Lines(items=[told], quiet=True)]
    return [Table(caption="The rows that are furthest off", grid=grid)]
