"""The page of several models or systems side by side."""

from __future__ import annotations

from dataclasses import replace

from mleval.rendering import content, gates, set_content
from mleval.rendering.grid import gate_grid, set_grid
from mleval.rendering.look import Look
from mleval.rendering.page.blocks import Block, Code, Figures, Lines, Page, Section, Table
from mleval.rendering.page.charts.curves import PR, ROC, curve
from mleval.rendering.page.document import document, fragment
from mleval.rendering.page.glossary import glossary
from mleval.rendering.page.headlines import of_models
from mleval.rendering.page.origins import origin
from mleval.rendering.page.sections import details
from mleval.report import Report
from mleval.report_set import ReportSet

_DETAILED = 6  # models whose own sections are on the page


def render(reports: ReportSet, look: Look) -> str:
    """The whole page as HTML."""
    return document(page_of(reports, look))


def summary(reports: ReportSet, look: Look) -> str:
    """What a notebook shows of them."""
    return fragment(page_of(reports, look))


def page_of(reports: ReportSet, look: Look) -> Page:
    """The page before it is set."""
    results = gates.gated(reports)
    return Page(
        title=set_content.task(reports).capitalize(),
        facts=set_content.headline(reports),
        headlines=of_models(reports, look.digits),
        assumed=set_content.assumed(reports),
        warnings=set_content.warnings(reports),
        verdict=gates.summary(results),
        status=gates.status(results),
        sections=_sections(reports, look),
    )


def _sections(reports: ReportSet, look: Look) -> list[Section]:
    grid = gate_grid(reports, look.digits)
    gate_table = [Table(caption="How each condition came out", grid=grid)] if grid else []
    return [
        Section(heading="Gates", blocks=gate_table, summary=True),
        Section(heading="Metrics", blocks=_metrics(reports, look), summary=True, drop=1),
        *(_slices(found, reports, look) for found in set_content.slices(reports)),
        Section(heading="Curves", blocks=_curves(reports, look), drop=4),
        *_each(reports, look),
        Section(
            heading="What the metrics are",
            blocks=glossary(next(iter(reports.systems.values()))),
            drop=7,
        ),
        Section(heading="How this was made", blocks=_origins(reports, look), drop=1),
    ]


def _metrics(reports: ReportSet, look: Look) -> list[Block]:
    best = {spec: reports.best(spec) for spec in reports.metrics}
    grid = set_grid(reports, "metric", reports.metrics, best, look.digits)
    note = set_content.note(reports)
    made = content.intervals(next(iter(reports.systems.values())))
    blocks: list[Block] = [
        Table(caption="Metrics, side by side", grid=grid, stacked=True),
        Lines(items=[*filter(None, [note, made])], quiet=True),
    ]
    said = set_content.citations(reports)
    return [*blocks, Code(label="As papers quote it", lines=said)] if said else blocks


def _slices(found: set_content.Slices, reports: ReportSet, look: Look) -> Section:
    grid = set_grid(reports, found.head, found.rows, {}, look.digits)
    notes = [found.note] if found.note else []
    heading = found.head[:1].upper() + found.head[1:]
    table = Table(caption=heading, grid=grid, notes=notes, stacked=True)
    return Section(heading=heading, blocks=[table], drop=2)


def _curves(reports: ReportSet, look: Look) -> list[Block]:
    charts = (curve(kind, reports.systems, look.digits) for kind in (ROC, PR))
    figures = [figure for figure in charts if figure is not None]
    return [Figures(figures=figures)] if figures else []


def _each(reports: ReportSet, look: Look) -> list[Section]:
    """What is known of each model by itself; slices stand side by side already."""
    if len(reports) > _DETAILED:
        return []
    found = {name: details(_of_its_own(one), look) for name, one in reports.systems.items()}
    return [
        Section(heading=name, blocks=[b for section in parts for b in section.blocks], drop=6)
        for name, parts in found.items()
    ]


def _of_its_own(report: Report) -> Report:
    """Without what stands side by side already, and what a page has but once."""
    shared = ("roc", "pr", "thresholds")
    charts = {name: chart for name, chart in report.charts.items() if name not in shared}
    return replace(report, slices=(), curves={}, charts=charts)


def _origins(reports: ReportSet, look: Look) -> list[Block]:
    """Of all models what the first one's says, which is enough to make all of them again."""
    first = next(iter(reports.systems.values()))
    return origin(first, look)
