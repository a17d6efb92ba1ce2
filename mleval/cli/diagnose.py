"""`mleval diagnose`: why predictions are as good as they are, and what to do next."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from mleval.cli.context import Environment, ExitStatus
from mleval.cli.evaluating import Files, sent_to
from mleval.cli.flags import OUTPUT, Debug, Digits, Json, NoColor, Quiet
from mleval.cli.inputs import (
    Classes,
    Decimal,
    Encoding,
    Filter,
    Id,
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
from mleval.errors import UsageError

EPILOG = r"""[bold]Examples[/]

  mleval diagnose preds.csv
  mleval diagnose preds.csv --train train_preds.csv
  mleval diagnose preds.parquet --split part --cost fp=1,fn=10
  mleval diagnose preds.csv --errors wrong.csv --save-calibration calibration.json
  mleval diagnose house_prices.csv --task regression -o page.md"""

_TRAIN = "The predictions for the rows that the model was fitted on."
_SPLIT = "The column that says which rows are of training."
_FOLD = "The column of the folds of a cross-validation."
_TRAIN_SIZE = "Rows that each fold was fitted on, if not all the others."
_BIAS = "High bias: a score on training rows below this."
_VARIANCE = "High variance: a score on others below this part of it."
_COST = "Of a false positive and of a false negative: fp=1,fn=10."
_LOW = "Rows whose prediction has less confidence are unsure."
_SAVE = "Write the fitted calibration, which mleval.calibrate applies, as JSON."
_ERRORS = "Write the misclassified rows with their scores, the worst first."
_REF = "A file of references, where FILE holds texts. Repeatable."
_WRITTEN = "Write a file too: .json, .md, .html, .csv, .txt. Repeatable."
_FORMAT = "table, json, markdown, csv or html."

_column = partial(typer.Option, metavar="NAME", rich_help_panel="Columns")
_input = partial(typer.Option, rich_help_panel="Input")
_task = partial(typer.Option, rich_help_panel="Task")
_fit = partial(typer.Option, rich_help_panel="Fit")
_threshold = partial(typer.Option, rich_help_panel="Threshold and calibration")
_output = partial(typer.Option, rich_help_panel=OUTPUT)


def diagnose(
    context: typer.Context,
    files: Files,
    train: Annotated[str | None, _fit("--train", metavar="FILE", help=_TRAIN)] = None,
    truth: Truth = None,
    pred: Pred = None,
    score: Score = None,
    proba: Proba = None,
    weight: Weight = None,
    id_: Id = None,
    split: Annotated[str | None, _column("--split", help=_SPLIT)] = None,
    fold: Annotated[str | None, _column("--fold", help=_FOLD)] = None,
    ref: Annotated[list[str] | None, _input("--ref", metavar="FILE", help=_REF)] = None,
    truth_file: TruthFile = None,
    on: On = None,
    model: Annotated[
        str | None, _input("--model", metavar="NAME", help="The one of several in one file.")
    ] = None,
    filter_: Filter = None,
    task: Annotated[
        Literal["binary", "multiclass", "regression", "text"] | None,
        _task("--task", help="When the file cannot say."),
    ] = None,
    positive: Annotated[
        str | None, _task("--positive", metavar="LABEL", help="The positive class.")
    ] = None,
    classes: Classes = None,
    map_: Map = None,
    score_of: Annotated[
        Literal["positive", "predicted"] | None,
        _task("--score-of", help="The class whose probability the score is."),
    ] = None,
    score_scale: Annotated[
        Literal["auto", "probability", "percent", "logit", "any"],
        _task("--score-scale", help="What the scores are."),
    ] = "auto",
    missing: Annotated[
        Literal["error", "drop"],
        _task("--missing", help="What becomes of rows without a prediction or score."),
    ] = "error",
    train_size: Annotated[int | None, _fit("--train-size", metavar="N", help=_TRAIN_SIZE)] = None,
    bias_limit: Annotated[float, _fit("--bias-limit", metavar="X", help=_BIAS)] = 0.85,
    variance_limit: Annotated[float, _fit("--variance-limit", metavar="X", help=_VARIANCE)] = 0.95,
    threshold: Annotated[
        float | None,
        _threshold("--threshold", metavar="T", help="The present one: from there on positive."),
    ] = None,
    cost: Annotated[list[str] | None, _threshold("--cost", metavar="fp=A,fn=B", help=_COST)] = None,
    wanted_precision: Annotated[
        float | None, _threshold("--wanted-precision", metavar="P", help="That it is to give.")
    ] = None,
    wanted_recall: Annotated[
        float | None, _threshold("--wanted-recall", metavar="R", help="That it is to give.")
    ] = None,
    save_calibration: Annotated[
        str | None, _threshold("--save-calibration", metavar="FILE", help=_SAVE)
    ] = None,
    low_confidence: Annotated[
        float,
        typer.Option("--low-confidence", metavar="P", rich_help_panel="Errors", help=_LOW),
    ] = 0.6,
    errors: Annotated[
        str | None,
        typer.Option("--errors", metavar="FILE", rich_help_panel="Errors", help=_ERRORS),
    ] = None,
    level: Annotated[
        float,
        typer.Option(
            "--level", metavar="P", rich_help_panel="Metrics", help="Confidence of intervals."
        ),
    ] = 0.95,
    strict: Annotated[bool, _input("--strict", help="Refuse to guess.")] = False,
    sep: Sep = None,
    encoding: Encoding = None,
    no_header: NoHeader = False,
    decimal: Decimal = None,
    format_: Annotated[str | None, _output("--format", metavar="FORMAT", help=_FORMAT)] = None,
    json: Json = False,
    output: Annotated[
        list[Path] | None, _output("--output", "-o", metavar="FILE", help=_WRITTEN)
    ] = None,
    digits: Digits = 4,
    quiet: Quiet = False,
    no_color: NoColor = False,  # noqa: ARG001  (its callback acts on it)
    debug: Debug = False,  # noqa: ARG001  (its callback acts on it)
) -> ExitStatus:
    """Say why predictions are as good as they are, and what to do next.

    Data, fit, threshold, calibration and errors are examined. Findings come
    in the order of what mending them could gain, each with its evidence, and
    every step cites its finding.
    """
    from mleval.cli.progress import ProgressBar
    from mleval.cli.values import comma_list, mapping
    from mleval.options import DiagnoseOptions

    sent = sent_to(format_, json, output, digits, quiet)
    options = DiagnoseOptions(
        task=task,
        split=split,
        fold=fold,
        train=train,
        train_size=train_size,
        bias_limit=bias_limit,
        variance_limit=variance_limit,
        cost=_costs(mapping(cost or [], "--cost")),
        wanted_precision=wanted_precision,
        wanted_recall=wanted_recall,
        low_confidence=low_confidence,
        save_calibration=save_calibration,
        errors=errors,
        truth=truth,
        prediction=pred,
        score=score,
        proba=proba,
        score_of=score_of,
        score_scale=score_scale,
        positive=positive,
        threshold=threshold,
        classes=() if classes is None else comma_list(classes, "--classes"),
        map=mapping(map_ or [], "--map"),
        references=tuple(ref or ()),
        missing=missing,
        weight=weight,
        id=id_,
        truth_file=truth_file,
        on=on,
        filter=filter_,
        model=model,
        level=level,
        strict=strict,
        sep=sep,
        encoding=encoding,
        header=False if no_header else None,
        decimal=decimal,
    )
    options.check()
    beside = options.beside
    if [*files, *beside.values()].count("-") > 1:
        raise UsageError("standard input is named twice", hint="give one of them a file")
    sent.check([*files, *beside.values()], options.written)
    sent.check_shows("diagnosis")
    from mleval.diagnosis.examining import diagnose as examined

    environment: Environment = context.obj
    with ProgressBar(environment, quiet=quiet) as progress:
        found = examined(files, options, progress=progress)
    sent.emit(found, environment)
    return ExitStatus.OK


def _costs(said: dict[str, str]) -> dict[str, Any]:
    """What each kind of mistake costs."""
    from mleval.cli.parameters import number

    try:
        return {name: number(value) for name, value in said.items()}
    except ValueError as error:
        raise UsageError(f"--cost: {error}", hint="such as --cost fp=1,fn=10") from error
