"""`mleval inspect`: what a file is, what its columns hold, and what would be made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mleval.cli.context import Environment, ExitStatus
from mleval.cli.flags import OUTPUT, Debug, NoColor
from mleval.cli.inputs import (
    A,
    B,
    Classes,
    ClassTask,
    Decimal,
    Dissimilar,
    Distance,
    Distances,
    Encoding,
    Filter,
    Id,
    LabelSep,
    Lower,
    Map,
    Negative,
    NegativeDistances,
    NoHeader,
    On,
    Pred,
    Proba,
    Quantiles,
    Same,
    Score,
    Sep,
    Std,
    Truth,
    TruthFile,
    TruthProba,
    Upper,
    Weight,
)
from mleval.visible import visible

if TYPE_CHECKING:
    from mleval.inspection.found import Inspection

EPILOG = r"""[bold]Examples[/]

  mleval inspect preds.csv
  mleval inspect preds.csv --truth species
  mleval inspect preds.csv --truth-file labels.csv
  mleval inspect pairs.csv --same is_match
  mleval inspect preds.parquet --json"""


def inspect(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Any file of predictions.")],
    truth: Truth = None,
    pred: Pred = None,
    score: Score = None,
    proba: Proba = None,
    truth_proba: TruthProba = None,
    lower: Lower = None,
    upper: Upper = None,
    std: Std = None,
    quantiles: Quantiles = None,
    same: Same = None,
    dissimilar: Dissimilar = None,
    distances: Distances = None,
    negative_distances: NegativeDistances = None,
    a: A = None,
    b: B = None,
    negative: Negative = None,
    distance: Distance = None,
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

    Only the beginning is read, however long the file is. The flags are those of classify, regress
    and pairs that say which columns are for what.
    """
    from mleval.cli.values import comma_list, mapping
    from mleval.inspection.inspecting import inspect_file

    said = {
        "task": task,
        "truth": truth,
        "prediction": pred,
        "score": score,
        "proba": proba,
        "truth_proba": truth_proba,
        "lower": lower,
        "upper": upper,
        "std": std,
        "quantiles": quantiles,
        "same": same,
        "dissimilar": dissimilar,
        "distances": distances,
        "negative_distances": negative_distances,
        "a": a,
        "b": b,
        "negative": negative,
        "distance": distance,
        "weight": weight,
        "id": id_,
        "truth_file": truth_file,
        "on": on,
        "filter": filter_,
        "label_sep": label_sep,
        "classes": () if classes is None else comma_list(classes, "--classes"),
        "map": mapping(map_ or [], "--map"),
        "sep": sep,
        "encoding": encoding,
        "header": False if no_header else None,
        "decimal": decimal,
    }
    found = inspect_file(file, said)
    environment: Environment = context.obj
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
