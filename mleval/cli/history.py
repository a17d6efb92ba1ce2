"""`mleval history`: what training histories show."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from mleval.cli.context import Environment, ExitStatus
from mleval.cli.evaluating import sent_to
from mleval.cli.flags import OUTPUT, Debug, Digits, Json, NoColor, PlotFormat, Plots, Quiet
from mleval.cli.inputs import Decimal, Encoding, Sep
from mleval.cli.plotting import Plotting

EPILOG = r"""[bold]Examples[/]

  mleval history training.csv
  mleval history trainer_state.json --gate 'eval_loss.best <= 0.3'
  mleval history run1/metrics.csv run2/metrics.csv --patience 3
  mleval history log.csv --monitor val_acc --goal lift=max -o history.json"""

_FILES = "Logs of training, one a run: CSV, JSON, JSON lines, Parquet, logs of boosting."
_MONITOR = "The series that epochs and runs are judged by; else a loss of validation."
_GOAL = "Which way a series is better, max or min, where its name does not say. Repeatable."
_PAIR = "Which series are training and validation of the same metric. Repeatable."
_RUN = "The column that tells several runs apart."
_RESTARTS = "What epochs that go back mean: replace those before, continue, or other runs."
_PATIENCE = "Epochs without a gain after which early stopping stops."
_MIN_DELTA = "A gain must be more than this."
_GATE = "A condition such as 'val_loss.best <= 0.3' (val_loss is the last). Repeatable."
_WRITTEN = "Write a file too: .json, .md, .html, .csv, .txt. Repeatable."
_FORMAT = "table, json, markdown, csv or html."

_series = partial(typer.Option, rich_help_panel="Series")
_runs = partial(typer.Option, rich_help_panel="Runs")
_stopping = partial(typer.Option, rich_help_panel="Early stopping")
_output = partial(typer.Option, rich_help_panel=OUTPUT)


def history(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE", help=_FILES)],
    monitor: Annotated[str | None, _series("--monitor", metavar="NAME", help=_MONITOR)] = None,
    goal: Annotated[list[str] | None, _series("--goal", metavar="NAME=max", help=_GOAL)] = None,
    pair: Annotated[list[str] | None, _series("--pair", metavar="A=B", help=_PAIR)] = None,
    run: Annotated[str | None, _runs("--run", metavar="COLUMN", help=_RUN)] = None,
    restarts: Annotated[
        Literal["replace", "continue", "runs"] | None, _runs("--restarts", help=_RESTARTS)
    ] = None,
    patience: Annotated[int, _stopping("--patience", metavar="N", help=_PATIENCE)] = 5,
    min_delta: Annotated[float, _stopping("--min-delta", metavar="X", help=_MIN_DELTA)] = 0.0,
    gate: Annotated[
        list[str] | None,
        typer.Option("--gate", metavar="CONDITION", rich_help_panel="Gates", help=_GATE),
    ] = None,
    sep: Sep = None,
    encoding: Encoding = None,
    decimal: Decimal = None,
    format_: Annotated[str | None, _output("--format", metavar="FORMAT", help=_FORMAT)] = None,
    json: Json = False,
    output: Annotated[
        list[Path] | None, _output("--output", "-o", metavar="FILE", help=_WRITTEN)
    ] = None,
    plots: Plots = None,
    plot_format: PlotFormat = None,
    digits: Digits = 4,
    quiet: Quiet = False,
    no_color: NoColor = False,  # noqa: ARG001  (its callback acts on it)
    debug: Debug = False,  # noqa: ARG001  (its callback acts on it)
) -> ExitStatus:
    """Look at how training went: the best epoch, overfitting, plateaus, divergence.

    Series of training and validation are paired by their names, and what early stopping would have
    kept and saved is said. Several files are several runs, side by side.
    """
    from mleval.cli.gated import print_gates
    from mleval.cli.values import gates, named_values
    from mleval.training.reading import read_history
    from mleval.training.settings import HistoryOptions

    environment: Environment = context.obj
    drawn = Plotting.asked(plots, plot_format)
    sent = sent_to(format_, json, output, digits, quiet, drawn)
    goals: Any = named_values(goal or [], "--goal", "lift=max")
    options = HistoryOptions(
        monitor=monitor,
        goals=goals,
        pairs=named_values(pair or [], "--pair", "train-rmse=holdout-rmse"),
        run=run,
        restarts=restarts,
        patience=patience,
        min_delta=min_delta,
        gates=gates(gate or []),
        sep=sep,
        encoding=encoding,
        decimal=decimal,
    )
    options.check()
    sent.check(files, {})
    sent.check_histories()
    found = read_history(files, options)
    sent.emit(found, environment)
    return print_gates(found, environment, sent, "warn")
