"""The table: the report as a person reads it on a terminal, or piped into a file."""

from __future__ import annotations

import io

from rich.console import Console
from rich.text import Text

from mleval.rendering import content, escape, palette
from mleval.rendering.class_table import class_lines, slice_lines, target_lines
from mleval.rendering.confusion_table import confusion_lines
from mleval.rendering.distribution_table import distribution_lines
from mleval.rendering.gate_table import gate_lines
from mleval.rendering.layout import hanging
from mleval.rendering.look import Look
from mleval.rendering.metric_table import metric_lines
from mleval.rendering.numerals import whole_counts
from mleval.rendering.reliability_strip import strip_lines
from mleval.rendering.worst_table import worst_lines
from mleval.report import Report

_NAMED = 8  # columns that are left out and named


def render(report: Report, look: Look) -> str:
    """The table as text, with colour codes when the look has colour."""
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=look.columns,
        force_terminal=look.colour,
        color_system="truecolor" if look.colour else None,
        no_color=not look.colour,
        force_jupyter=False,
        legacy_windows=False,
    )
    _print(console, report, look)
    return stream.getvalue()


def print_to(console: Console, report: Report, *, digits: int = 4) -> None:
    """Print the table to a console in its width, its colours and its character set."""
    ascii = not console.encoding.lower().startswith("utf")
    _print(console, report, Look(digits=digits, width=console.width, ascii=ascii))


def _print(console: Console, report: Report, look: Look) -> None:
    for line in lines(report, look):
        if look.ascii:
            line.plain = line.plain.translate(palette.ASCII)
        if console.color_system is None:  # spaces in colour are cells of the matrix
            line.rstrip()
        console.print(line, no_wrap=True, overflow="ignore", crop=False, soft_wrap=True)


def lines(report: Report, look: Look) -> list[Text]:
    """The lines of the table, its sections parted by empty lines."""
    whole, notes = whole_counts(report), content.Notes()
    metrics, missing = metric_lines(report, look, notes)
    classes, more = class_lines(report, look, whole=whole) if report.classes else ([], [])
    targets, yet_more = target_lines(report, look) if report.targets else ([], [])
    slices = [slice_lines(table, look) for table in report.slices]
    yet_more += [name for _, names in slices for name in names]
    spread, unspread = distribution_lines(report, look, whole=whole)
    worst, unlisted = worst_lines(report, look)
    sections = [
        _headline(report, look),
        metrics + _notes(notes, look),
        strip_lines(report, look),
        _citations(report, look),
        classes,
        targets,
        *(lines for lines, _ in slices),
        confusion_lines(report, look, whole=whole),
        spread,
        worst,
        gate_lines(report, look),
        _warnings(report, look),
        _made(report, look, [*missing, *more, *yet_more, *unspread, *unlisted]),
    ]
    out: list[Text] = []
    for section in filter(None, sections):
        out += [Text(), *section] if out else section
    return out


def _said(text: str, look: Look, style: str = "") -> Text:
    return Text(escape.terminal(text, ascii=look.ascii), style)


def _headline(report: Report, look: Look) -> list[Text]:
    """The task, what it was run on, and what was assumed."""
    head = Text(content.task(report), palette.TITLE)
    facts = [
        escape.shortened(text, 200) for text in (*content.facts(report), *content.files(report))
    ]
    rest = Text(f" {palette.DOT} ", palette.QUIET).join(_said(text, look) for text in facts)
    out = hanging(Text.assemble(head, "  "), rest, look.columns) if facts else [head]
    if report.assumed:
        said = f" {palette.DOT} ".join(_said(item, look).plain for item in content.assumed(report))
        out += hanging(Text("assumed  ", palette.QUIET), Text(said, palette.QUIET), look.columns)
    return out


def _notes(notes: content.Notes, look: Look) -> list[Text]:
    out: list[Text] = []
    for reason, number in notes.reasons.items():
        mark = Text(palette.raised(number) + " ", palette.QUIET)
        out += hanging(mark, _said(reason, look, palette.QUIET), look.columns)
    return out


def _citations(report: Report, look: Look) -> list[Text]:
    """Whole, however wide: they are there to be copied."""
    return [_said(said, look) for said in report.citations]


def _warnings(report: Report, look: Look) -> list[Text]:
    out: list[Text] = []
    for warning in content.warnings(report):
        out += hanging(Text("! ", palette.WARNING), _said(warning, look), look.columns)
    return out


def _made(report: Report, look: Look, left_out: list[str]) -> list[Text]:
    """How the intervals that are shown were made, and which columns found no place."""
    names = [escape.shortened(name, 40) for name in dict.fromkeys(filter(None, left_out))]
    made = content.intervals(report)
    of_rows = content.TARGET_INTERVALS if report.targets else content.CLASS_INTERVALS
    some = report.classes or report.targets
    unseen = content.INTERVALS in names and (not some or of_rows in names)
    out: list[Text] = []
    if made and not unseen:
        out += hanging(Text(), _said(made, look, palette.QUIET), look.columns)
    if not names:
        return out
    more = [f"and {len(names) - _NAMED} more"] if len(names) > _NAMED else []
    said = "columns left out at this width: " + ", ".join([*names[:_NAMED], *more])
    return [*out, *hanging(Text(), _said(said, look, palette.QUIET), look.columns)]
