"""`mleval inspect`: what a file is, what its columns hold, and what would be made of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from mleval.cli.context import Environment, ExitStatus
from mleval.cli.flags import OUTPUT, Debug, NoColor
from mleval.visible import visible

if TYPE_CHECKING:
    from mleval.inspection import Inspection

EPILOG = r"""[bold]Examples[/]

  mleval inspect preds.csv
  mleval inspect preds.csv --truth species
  mleval inspect preds.parquet --json"""

_column = partial(typer.Option, metavar="NAME", rich_help_panel="Columns")
_input = partial(typer.Option, rich_help_panel="Input")


def inspect(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Any file of predictions.")],
    truth: Annotated[
        str | None, _column("--truth", "--label", "--target", help="The true class.")
    ] = None,
    pred: Annotated[str | None, _column("--pred", help="The predicted class.")] = None,
    score: Annotated[str | None, _column("--score", help="The score of one class.")] = None,
    proba: Annotated[
        str | None, _column("--proba", metavar="PREFIX", help="Of the classes' columns.")
    ] = None,
    sep: Annotated[
        str | None, _input("--sep", metavar="CHAR", help="The delimiter, or tab.")
    ] = None,
    encoding: Annotated[
        str | None, _input("--encoding", metavar="NAME", help="Of text, such as cp1252.")
    ] = None,
    no_header: Annotated[
        bool, _input("--no-header", help="The first line is a row; columns are 1, 2, ...")
    ] = False,
    decimal: Annotated[
        str | None, _input("--decimal", metavar="CHAR", help="The decimal mark, . or a comma.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", rich_help_panel=OUTPUT, help="As JSON.")] = False,
    no_color: NoColor = False,  # noqa: ARG001  (its callback acts on it)
    debug: Debug = False,  # noqa: ARG001  (its callback acts on it)
) -> ExitStatus:
    """Look at a file: its format, its columns, their roles, and the command that evaluates it.

    Only the beginning is read, however long the file is.
    """
    from mleval.inspection import inspect_file
    from mleval.reading import ColumnChoices

    environment: Environment = context.obj
    choices = ColumnChoices(truth=truth, prediction=pred, score=score, proba=proba)
    header = False if no_header else None
    found = inspect_file(file, choices, sep=sep, encoding=encoding, header=header, decimal=decimal)
    environment.write(_json(found) if json else _table(found, environment))
    return ExitStatus.OK


def _json(found: Inspection) -> str:
    import json

    from mleval.rendering import escape

    text = json.dumps(found.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)
    return escape.json(text)


def _table(found: Inspection, environment: Environment) -> str:
    from mleval.cli.inspected import inspected

    text = environment.text_of(*inspected(found, ascii=environment.ascii))
    # In one line however long, so that it can be copied.
    return text + (f"evaluate it: {visible(found.command)}\n" if found.command else "")
