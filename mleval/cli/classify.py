"""`mleval classify`: evaluate predicted classes, scores and probabilities."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

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
from mleval.errors import UsageError

if TYPE_CHECKING:
    from mleval.cli.output import Output
    from mleval.options import ClassifyOptions

EPILOG = r"""[bold]Examples[/]

  mleval classify preds.csv
  mleval classify preds.csv --truth label --pred guess --positive spam
  mleval classify shard-*.parquet -m f1 -m 'recall\[class=spam]'
  mleval classify preds.jsonl --json -o report.md
  cat preds.csv | mleval classify - --strict"""


def metric_names(incomplete: str) -> list[tuple[str, str]]:
    """The names that a metric being typed can have, for the shell."""
    from mleval.metrics import metrics

    named = {metric.name: metric.title for metric in metrics()} | {"all": "every metric"}
    return [(name, title) for name, title in named.items() if name.startswith(incomplete)]


def format_names(incomplete: str) -> list[str]:
    """The output formats, for the shell."""
    from mleval.rendering import FORMATS

    return [name for name in FORMATS if name.startswith(incomplete)]


_task = partial(typer.Option, rich_help_panel="Task")
_metrics = partial(typer.Option, rich_help_panel="Metrics")
_output = partial(typer.Option, rich_help_panel=OUTPUT)
_input = partial(typer.Option, rich_help_panel="Input")

_FILES = (
    "CSV, TSV, JSON, JSONL, Parquet, Arrow or NumPy, also compressed; a directory of part files; "
    "several are shards of one set; - is stdin."
)
_THRESHOLD = "Predict positive where score >= T, whatever the prediction column says."
_METRIC = "Report this and not the default metrics; or all. Repeatable; see: mleval metrics"
_ZERO = "What an undefined class counts in an average; nan leaves it out."
_VERIFY = (
    "Recompute with reference libraries, show both (on stderr but beneath a table; with --quiet "
    "only what disagrees), and exit 1 if they disagree."
)
_MODEL = "Of several models in one file, this one alone."
_QUIET = "Nothing but the report; with -o, nothing on stdout."


def classify(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE", help=_FILES)],
    truth: Truth = None,
    pred: Pred = None,
    score: Score = None,
    proba: Proba = None,
    weight: Weight = None,
    id_: Id = None,
    truth_file: TruthFile = None,
    on: On = None,
    model: Annotated[str | None, _input("--model", metavar="NAME", help=_MODEL)] = None,
    filter_: Filter = None,
    task: ClassTask = None,
    label_sep: LabelSep = None,
    positive: Annotated[
        str | None, _task("--positive", metavar="LABEL", help="The positive class.")
    ] = None,
    classes: Classes = None,
    map_: Map = None,
    threshold: Annotated[float | None, _task("--threshold", metavar="T", help=_THRESHOLD)] = None,
    score_of: Annotated[
        Literal["positive", "predicted"] | None,
        _task("--score-of", help="The class whose probability the score is."),
    ] = None,
    score_scale: Annotated[
        Literal["auto", "probability", "percent", "logit", "any"],
        _task("--score-scale", help="What the scores are."),
    ] = "auto",
    missing: Annotated[
        Literal["error", "drop", "wrong"],
        _task("--missing", help="What becomes of rows without a prediction or score."),
    ] = "error",
    metric: Annotated[
        list[str] | None,
        _metrics("--metric", "-m", metavar="SPEC", autocompletion=metric_names, help=_METRIC),
    ] = None,
    zero_division: Annotated[Literal["0", "nan"], _metrics("--zero-division", help=_ZERO)] = "0",
    level: Annotated[
        float,
        _metrics("--level", metavar="P", help="Confidence level of intervals."),
    ] = 0.95,
    no_intervals: Annotated[bool, _metrics("--no-intervals", help="Values alone.")] = False,
    verify: Annotated[bool, _metrics("--verify", help=_VERIFY)] = False,
    format_: Annotated[
        str | None,
        _output(
            "--format",
            metavar="FORMAT",
            autocompletion=format_names,
            help="table, json, markdown or csv.",
        ),
    ] = None,
    json: Annotated[bool, _output("--json", help="Short for --format json.")] = False,
    output: Annotated[
        list[Path] | None,
        _output(
            "--output",
            "-o",
            metavar="FILE",
            help="Write a file too: .json, .md, .csv or .txt. Repeatable.",
        ),
    ] = None,
    digits: Annotated[int, _output("--digits", metavar="N", help="Decimals to print.")] = 4,
    quiet: Annotated[bool, _output("--quiet", "-q", help=_QUIET)] = False,
    strict: Annotated[bool, _input("--strict", help="Refuse to guess.")] = False,
    sep: Sep = None,
    encoding: Encoding = None,
    no_header: NoHeader = False,
    decimal: Decimal = None,
    no_color: NoColor = False,  # noqa: ARG001  (its callback acts on it)
    debug: Debug = False,  # noqa: ARG001  (its callback acts on it)
) -> ExitStatus:
    """Evaluate predicted classes, scores and probabilities against the truth.

    Columns, task and positive class are found, and said; every guess has a flag.
    """
    from mleval.cli.output import Output
    from mleval.cli.values import comma_list, mapping, specs
    from mleval.options import ClassifyOptions

    if json and format_ not in (None, "json"):
        raise UsageError(f"--json and --format {format_} name two formats", hint="keep one")
    options = ClassifyOptions(
        task=task,
        truth=truth,
        prediction=pred,
        score=score,
        score_of=score_of,
        proba=proba,
        score_scale=score_scale,
        positive=positive,
        threshold=threshold,
        classes=() if classes is None else comma_list(classes, "--classes"),
        map=mapping(map_ or [], "--map"),
        weight=weight,
        id=id_,
        truth_file=truth_file,
        on=on,
        filter=filter_,
        model=model,
        missing=missing,
        metrics=specs(metric or []),
        zero_division=float(zero_division),
        level=level,
        intervals=not no_intervals,
        strict=strict,
        sep=sep,
        encoding=encoding,
        label_sep=label_sep,
        header=False if no_header else None,
        decimal=decimal,
    )
    shown = "json" if json else format_
    sent = Output(format=shown, digits=digits, files=tuple(output or ()), quiet=quiet)
    return _run(context.obj, files, options, sent, verify=verify)


def _run(
    environment: Environment,
    files: list[str],
    options: ClassifyOptions,
    output: Output,
    *,
    verify: bool,
) -> ExitStatus:
    """Evaluate, write the report, and verify it if that was asked for."""
    from mleval.cli.progress import ProgressBar

    options.check()
    if "-" in files and options.truth_file == "-":
        raise UsageError("standard input is named twice", hint="give FILE or --truth-file a file")
    output.check([*files, *([options.truth_file] if options.truth_file else [])])
    from mleval.evaluation.run import evaluate

    with ProgressBar(environment, quiet=output.quiet) as progress:
        done = evaluate(files, options, keep_batches=verify, progress=progress)
    output.emit(done.report, environment)
    if not verify:
        return ExitStatus.OK
    from mleval.cli.verified import print_verification
    from mleval.verification import verify as recompute

    checked = recompute(done, options)
    return print_verification(checked, environment, on_stdout=output.on_stdout, quiet=output.quiet)
