"""The page of one report."""

from __future__ import annotations

from mleval.rendering import content, gates
from mleval.rendering.look import Look
from mleval.rendering.page.blocks import Page
from mleval.rendering.page.document import document, fragment
from mleval.rendering.page.headlines import headlines
from mleval.rendering.page.sections import of_report
from mleval.report import Report


def render(report: Report, look: Look) -> str:
    """The whole page as HTML."""
    return document(page_of(report, look))


def summary(report: Report, look: Look) -> str:
    """What a notebook shows of it."""
    return fragment(page_of(report, look))


def page_of(report: Report, look: Look) -> Page:
    """The page before it is set."""
    results = gates.gated(report)
    return Page(
        title=content.task(report).capitalize(),
        facts=[*content.facts(report), *content.files(report)],
        headlines=headlines(report, look.digits),
        assumed=content.assumed(report),
        warnings=content.warnings(report),
        verdict=gates.summary(results),
        status=gates.status(results),
        sections=of_report(report, look),
    )
