"""Reports as text: a row of `RENDERERS` and a file is an output format.

Importing this loads no renderer, and so neither rich nor anything else that is slow.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from mleval.errors import UsageError
from mleval.rendering.look import Look

if TYPE_CHECKING:
    from rich.console import Console

    from mleval.diagnosis.result import Diagnosis
    from mleval.report import Report
    from mleval.report_set import ReportSet
    from mleval.training.history import History

    Shown: TypeAlias = Report | ReportSet | History | Diagnosis

__all__ = ["FORMATS", "RENDERERS", "Look", "format_of", "print_table", "render", "write"]


@dataclass(frozen=True, slots=True)
class Renderer:
    """An output format. module: the file whose `render(report, look)` makes the text.

    of_set, of_history, of_diagnosis: the same for several models' reports, for histories of
    training and for diagnoses, if the format shows them; another function than `render` is named
    behind a colon; endings: of the files it is written to; offered: whether a person may ask for
    it by name.
    """

    name: str
    module: str
    endings: tuple[str, ...] = ()
    offered: bool = True
    of_set: str | None = None
    of_history: str | None = None
    of_diagnosis: str | None = None

    def __call__(self, report: Shown, look: Look) -> str:
        """The report as text that ends with a newline; UsageError for reports it cannot show."""
        from mleval.report import Report
        from mleval.report_set import ReportSet

        if isinstance(report, Report):
            module: str | None = self.module
        elif isinstance(report, ReportSet):
            module = self.of_set
            if module is None:
                raise UsageError(
                    f"the format {self.name} shows one model, and there are {len(report)}",
                    hint="choose one with --model NAME",
                )
        else:
            kind: Literal["history", "diagnosis"] = (
                "history" if hasattr(report, "runs") else "diagnosis"
            )
            self.require(kind)
            module = getattr(self, f"of_{kind}")
        file, _, function = str(module).partition(":")
        made = cast(
            "Callable[[Shown, Look], str]", getattr(import_module(file), function or "render")
        )
        return made(report, look)

    def require(self, kind: Literal["history", "diagnosis"]) -> None:
        """UsageError when the format shows none of that kind."""
        if getattr(self, f"of_{kind}") is None:
            some = (name for name, r in RENDERERS.items() if getattr(r, f"of_{kind}"))
            what = {"history": "histories of training", "diagnosis": "diagnoses"}[kind]
            raise UsageError(
                f"the format {self.name} shows no {what}",
                hint=f"choose one of {', '.join(some)}",
            )


_SET = "mleval.rendering.set_"
_HISTORY = "mleval.rendering.history."
_DIAGNOSIS = "mleval.rendering.diagnosis."
_PAGE = "mleval.rendering.page."
_JSON = "mleval.rendering.json"
RENDERERS = {
    renderer.name: renderer
    for renderer in (
        Renderer(
            "table",
            "mleval.rendering.table",
            (".txt",),
            of_set=_SET + "table",
            of_history=_HISTORY + "table",
            of_diagnosis=_DIAGNOSIS + "table",
        ),
        Renderer("json", _JSON, (".json",), of_set=_JSON, of_history=_JSON, of_diagnosis=_JSON),
        Renderer(
            "markdown",
            "mleval.rendering.markdown",
            (".md", ".markdown"),
            of_set=_SET + "markdown",
            of_history=_HISTORY + "markdown",
            of_diagnosis=_DIAGNOSIS + "markdown",
        ),
        Renderer(
            "csv",
            "mleval.rendering.csv",
            (".csv",),
            of_set=_SET + "csv",
            of_history=_HISTORY + "csv",
            of_diagnosis=_DIAGNOSIS + "csv",
        ),
        Renderer("junit", "mleval.rendering.junit", (".xml",), of_set="mleval.rendering.junit"),
        Renderer("github", "mleval.rendering.github", of_set="mleval.rendering.github"),
        Renderer("flat", "mleval.rendering.flat", (".flat.json",), of_set="mleval.rendering.flat"),
        Renderer(
            "gates",
            "mleval.rendering.gate_table",
            offered=False,
            of_set="mleval.rendering.gate_table",
        ),
        Renderer(
            "html",
            _PAGE + "report",
            (".html", ".htm"),
            of_set=_PAGE + "models",
            of_history=_PAGE + "history",
            of_diagnosis=_PAGE + "diagnosis",
        ),
        Renderer(
            "html-fragment",
            _PAGE + "report:summary",
            offered=False,
            of_set=_PAGE + "models:summary",
            of_history=_PAGE + "history:summary",
            of_diagnosis=_PAGE + "diagnosis:summary",
        ),
    )
}
FORMATS = tuple(name for name, renderer in RENDERERS.items() if renderer.offered)


def render(
    report: Shown,
    format: str = "table",
    *,
    digits: int = 4,
    width: int | None = None,
    colour: bool = False,
    ascii: bool = False,
    command: str | None = None,
) -> str:
    """The report as text of a format, ending with a newline.

    Numbers are rounded to `digits` in what people read, and in full in what programs read.
    `width`, `colour` and `ascii` matter to the table, `command` to the page. Raises UsageError for
    an unknown format.
    """
    if format not in RENDERERS:
        raise UsageError(
            f"there is no output format '{format}'", hint=f"choose one of {', '.join(FORMATS)}"
        )
    look = Look(digits=digits, width=width, colour=colour, ascii=ascii, command=command)
    return RENDERERS[format](report, look)


def print_table(report: Report, console: Console, *, digits: int = 4) -> None:
    """Print the table to a rich console: in its width, its colours and its character set."""
    from mleval.rendering.table import print_to  # rich loads here

    print_to(console, report, digits=digits)


def format_of(path: str | os.PathLike[str]) -> str:
    """The format that a file's ending asks for; UsageError when none does.

    >>> format_of("out/report.MD")
    'markdown'
    """
    name, ending = Path(path).name.lower(), Path(path).suffix.lower()
    known = {e: name for name, renderer in RENDERERS.items() for e in renderer.endings}
    longest = max(filter(name.endswith, known), key=len, default=None)
    if ending not in known or longest is None or name == longest:
        found = f"the ending '{ending}' says no output format"
        raise UsageError(
            f"{path}: {found if ending else 'there is no ending to say the output format'}",
            hint=f"end the file's name in one of {', '.join(known)}",
        )
    return known[longest]


def write(
    report: Shown, path: str | os.PathLike[str], *, digits: int = 4, command: str | None = None
) -> None:
    """Write the report in the format of the path's ending, whole or not at all.

    Raises UsageError for an unknown ending, InputError when the file cannot be written.
    """
    from mleval.writing import write_whole

    text = render(report, format_of(path), digits=digits, width=100, command=command)
    write_whole(Path(path), text)
