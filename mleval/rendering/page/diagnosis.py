"""The page of a diagnosis."""

from __future__ import annotations

from mleval.diagnosis.finding import Exhibit
from mleval.diagnosis.result import Diagnosis
from mleval.rendering import content as of_reports
from mleval.rendering.diagnosis import content
from mleval.rendering.diagnosis.grids import exhibit_grid
from mleval.rendering.grid import Cell, Grid, Part
from mleval.rendering.look import Look
from mleval.rendering.page.blocks import Block, Lines, Page, Section, Table
from mleval.rendering.page.document import document, fragment
from mleval.rendering.page.headlines import of_metrics
from mleval.rendering.page.origins import origin


def render(diagnosis: Diagnosis, look: Look) -> str:
    """The whole page as HTML."""
    return document(page_of(diagnosis, look))


def summary(diagnosis: Diagnosis, look: Look) -> str:
    """What a notebook shows of it."""
    return fragment(page_of(diagnosis, look))


def page_of(diagnosis: Diagnosis, look: Look) -> Page:
    """The page before it is set."""
    task, *facts = content.facts(diagnosis)
    return Page(
        title=f"Diagnosis of a {task}",
        facts=facts,
        headlines=of_metrics(diagnosis.headline, look.digits),
        assumed=of_reports.assumed(diagnosis.report),
        warnings=diagnosis.warnings,
        sections=_sections(diagnosis, look),
    )


def _sections(diagnosis: Diagnosis, look: Look) -> list[Section]:
    exhibits = [_exhibit(item, look) for item in content.exhibits(diagnosis)]
    notes = content.notes(diagnosis)
    return [
        Section(heading="Findings", blocks=_findings(diagnosis, look), summary=True),
        Section(heading="Next steps", blocks=_steps(diagnosis), summary=True),
        Section(heading="Evidence", blocks=exhibits, drop=2),
        Section(heading="Notes", blocks=[Lines(items=notes)] if notes else []),
        Section(heading="How this was made", blocks=origin(diagnosis.report, look)),
    ]


def _findings(diagnosis: Diagnosis, look: Look) -> list[Block]:
    if not diagnosis.findings:
        return [Lines(items=[_capital(content.NOTHING)])]
    rows: list[list[Cell]] = [
        [
            (Part("sign", str(number)),),
            (Part("sentence", content.mark(item) + item.says),),
            (Part("sign", content.gain(item.gain, look.digits) if item.gain else ""),),
        ]
        for number, item in enumerate(diagnosis.findings, 1)
    ]
    return [_listed("What was found, what could gain most first", ("finding", "could gain"), rows)]


def _steps(diagnosis: Diagnosis) -> list[Block]:
    rows: list[list[Cell]] = [
        [
            (Part("sign", str(number)),),
            (Part("sentence", step.text),),
            (Part("sign", content.cited(step)),),
        ]
        for number, step in enumerate(diagnosis.steps, 1)
    ]
    if not rows:
        return []
    return [_listed("What to do, and which findings say so", ("step", "because of"), rows)]


def _listed(caption: str, heads: tuple[str, str], rows: list[list[Cell]]) -> Table:
    """Numbered sentences and what belongs to each."""
    named = [(Part("text", head),) for head in ("number", *heads)]
    return Table(caption=caption, grid=Grid(named, rows, words=len(named)))


def _exhibit(item: Exhibit, look: Look) -> Table:
    said = [text for text in (content.more(item), item.note) if text]
    return Table(caption=_capital(item.title), grid=exhibit_grid(item, look.digits), notes=said)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
