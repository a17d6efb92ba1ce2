"""The flags that every command has."""

from __future__ import annotations

from typing import Annotated

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
