"""The flags that every command has, and those of every report."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer


def _debug(context: typer.Context, value: bool) -> None:
    context.obj.debug |= value


def _no_color(context: typer.Context, value: bool) -> None:
    context.obj.no_color |= value


OUTPUT = "Output"

Debug = Annotated[
    bool,
    typer.Option(
        "--debug",
        callback=_debug,
        expose_value=False,
        rich_help_panel=OUTPUT,
        help="Show the traceback of an error.",
    ),
]
NoColor = Annotated[
    bool,
    typer.Option(
        "--no-color",
        callback=_no_color,
        expose_value=False,
        rich_help_panel=OUTPUT,
        help="No colours; NO_COLOR=1 does the same.",
    ),
]

_FORMAT = "table, json, markdown, csv, junit, github, flat or html."
_WRITTEN = "Write a file too: .json, .md, .html, .csv, .txt, .xml (JUnit), .flat.json. Repeatable."
_PLOTS = "Write every plot there is of the report to a directory: ROC, confusion, errors, ..."
_PLOT_FORMAT = "Of --plots; svg unless said."
_QUIET = "Nothing but the report; with -o, nothing on stdout."


def format_names(incomplete: str) -> list[str]:
    """The output formats, for the shell."""
    from mleval.rendering import FORMATS

    return [name for name in FORMATS if name.startswith(incomplete)]


_output = partial(typer.Option, rich_help_panel=OUTPUT)

Format = Annotated[
    str | None,
    _output("--format", metavar="FORMAT", autocompletion=format_names, help=_FORMAT),
]
Json = Annotated[bool, _output("--json", help="Short for --format json.")]
Written = Annotated[list[Path] | None, _output("--output", "-o", metavar="FILE", help=_WRITTEN)]
Plots = Annotated[Path | None, _output("--plots", metavar="DIR", help=_PLOTS)]
PlotFormat = Annotated[
    Literal["svg", "png", "both"] | None, _output("--plot-format", help=_PLOT_FORMAT)
]
Digits = Annotated[int, _output("--digits", metavar="N", help="Decimals to print.")]
Quiet = Annotated[bool, _output("--quiet", "-q", help=_QUIET)]
