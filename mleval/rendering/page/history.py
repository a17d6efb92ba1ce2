"""The page of histories of training."""

from __future__ import annotations

from mleval.rendering import gates
from mleval.rendering.grid import gate_grid
from mleval.rendering.history import content
from mleval.rendering.history.markdown import grid_of
from mleval.rendering.look import Look
from mleval.rendering.page.blocks import (
    Block,
    Figure,
    Figures,
    Headline,
    Lines,
    Page,
    Section,
    Table,
)
from mleval.rendering.page.charts.training import Drawn, learning
from mleval.rendering.page.document import document, fragment
from mleval.rendering.page.origins import made_by
from mleval.training.history import History
from mleval.training.run import Run
from mleval.visible import middle

_CHARTS = 8  # curves of one run


def render(history: History, look: Look) -> str:
    """The whole page as HTML."""
    return document(page_of(history, look))


def summary(history: History, look: Look) -> str:
    """What a notebook shows of it."""
    return fragment(page_of(history, look))


def page_of(history: History, look: Look) -> Page:
    """The page before it is set."""
    results = gates.gated(history)
    return Page(
        title="Training history",
        facts=content.headline(history),
        headlines=_headlines(history, look),
        assumed=content.shared(history, "assumed"),
        warnings=content.shared(history, "warnings"),
        verdict=gates.summary(results),
        status=gates.status(results),
        sections=_sections(history, look),
    )


def _headlines(history: History, look: Look) -> list[Headline]:
    """The best of what is watched: of the only run, or of the best one."""
    name = history.best or next(iter(history.runs))
    run = history[name]
    if run.watched is None or (len(history) > 1 and history.best is None):
        return []
    one = run.watched.judged
    best = content.value(one, one.best, look.digits)
    whose = f" of {name}" if len(history) > 1 else ""
    at = f"best at {run.axis} {content.label(run.at(one.best))}{whose}"
    return [Headline(name=one.name, value=best, interval=at, main=True)]


def _sections(history: History, look: Look) -> list[Section]:
    grid = gate_grid(history, look.digits)
    caption = "Each series" if len(history) == 1 else "Each run"
    return [
        Section(
            heading="Gates",
            blocks=[Table(caption="How each condition came out", grid=grid)] if grid else [],
            summary=True,
        ),
        Section(heading="Findings", blocks=_findings(history, look), summary=True),
        Section(heading="Learning curves", blocks=_curves(history), drop=3),
        Section(
            heading="Series" if len(history) == 1 else "Runs",
            blocks=[Table(caption=caption, grid=grid_of(history, look.digits))],
            drop=2,
            summary=True,
        ),
        Section(heading="How this was made", blocks=made_by(look)),
    ]


def _findings(history: History, look: Look) -> list[Block]:
    said = []
    for name, run in history.runs.items():
        whose = f"{name}: " if len(history) > 1 else ""
        said += [whose + sentence for sentence in content.findings(run, look.digits)]
    return [Lines(items=said)] if said else []


def _curves(history: History) -> list[Block]:
    """Training and validation of each metric of one run; of several, what they watch."""
    if len(history) == 1:
        figures = [_of_curve(history.run, place) for place in range(len(history.run.curves))]
    else:
        figures = [_of_runs(history)] if history.alike else []
    found = [figure for figure in figures[:_CHARTS] if figure is not None]
    return [Figures(figures=found)] if found else []


def _of_curve(run: Run, place: int) -> Figure | None:
    curve = run.curves[place]
    series = [one for one in (curve.validation, curve.train) if one is not None]
    drawn = [Drawn(_name(one.name), run, one, one is curve.judged) for one in series]
    return learning(_name(curve.name), run.axis, drawn)


def _of_runs(history: History) -> Figure | None:
    watched = content.watched(history)
    if not watched:
        return None
    drawn = [Drawn(_name(name), run, curve.judged, marked=True) for name, run, curve in watched]
    return learning(_name(watched[0][2].judged.name), watched[0][1].axis, drawn)


def _name(text: str) -> str:
    return middle(text, content.LONGEST)
