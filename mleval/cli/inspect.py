"""`mleval inspect`: what a file is, what its columns hold, and what would be made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mleval.cli.context import Environment, ExitStatus
from mleval.cli.flags import OUTPUT, Debug, NoColor
from mleval.cli.inputs import (
    Classes,
    ClassTask,
    Decimal,
    Encoding,
    Filter,
    Id,
    LabelSep,
    Map,
    NoHeader,
    On,
    Pred,
    Proba,
    Score,
    Sep,
    Truth,
    TruthFile,
    Weight,
)
from mleval.visible import visible

if TYPE_CHECKING:
    from mleval.inspection.found import Inspection

EPILOG = r"""[bold]Examples[/]

  mleval inspect preds.csv
  mleval inspect preds.csv --truth species
  mleval inspect preds.csv --truth-file labels.csv
  mleval inspect preds.parquet --json"""


def inspect(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Any file of predictions.")],
    truth: Truth = None,
    pred: Pred = None,
    score: Score = None,
    proba: Proba = None,
    weight: Weight = None,
    id_: Id = None,
    truth_file: TruthFile = None,
    on: On = None,
    filter_: Filter = None,
    task: ClassTask = None,
    label_sep: LabelSep = None,
    classes: Classes = None,
    map_: Map = None,
    sep: Sep = None,
    encoding: Encoding = None,
    no_header: NoHeader = False,
    decimal: Decimal = None,
    json: Annotated[bool, typer.Option("--json", rich_help_panel=OUTPUT, help="As JSON.")] = False,
    no_color: NoColor = False,  # noqa: ARG001  (its callback acts on it)
    debug: Debug = False,  # noqa: ARG001  (its callback acts on it)
) -> ExitStatus:
    """Look at a file: its format, its columns, their roles, and the command that evaluates it.

    Only the beginning is read, however long the file is.
    """
    from mleval.cli.values import comma_list, mapping
    from mleval.inspection.inspecting import inspect_file
    from mleval.options import ClassifyOptions

    options = ClassifyOptions(
        task=task,
        truth=truth,
        prediction=pred,
        score=score,
        proba=proba,
        weight=weight,
        id=id_,
        truth_file=truth_file,
        on=on,
        filter=filter_,
        label_sep=label_sep,
        classes=() if classes is None else comma_list(classes, "--classes"),
        map=mapping(map_ or [], "--map"),
        sep=sep,
        encoding=encoding,
        header=False if no_header else None,
        decimal=decimal,
    )
    environment: Environment = context.obj
    found = inspect_file(file, options)
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
