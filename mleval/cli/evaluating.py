"""What every command that evaluates has in common: its options, and what is done with them.

A command is a function of its own options, which returns what is evaluated and how:

    @evaluating
    def regress(files: Files, truth: Truth = None, **common: Any) -> Asked:
        return files, RegressOptions(truth=truth, **common)

`evaluating_with` has other options than those of tables: weights, ids, joins, filters, models.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mleval.cli.context import Environment, ExitStatus
from mleval.cli.flags import (
    Debug,
    Digits,
    Format,
    Json,
    NoColor,
    PlotFormat,
    Plots,
    Quiet,
    Written,
)
from mleval.cli.gate_flags import BaselineFile, Decide, Force, Gate, Inconclusive
from mleval.cli.inputs import (
    Bins,
    By,
    Cluster,
    Decimal,
    Encoding,
    Filter,
    Id,
    MaxSlices,
    MinSlice,
    NoHeader,
    On,
    Sep,
    TruthFile,
    Weight,
)
from mleval.cli.output import Output
from mleval.cli.plotting import Plotting
from mleval.errors import UsageError

if TYPE_CHECKING:
    from mleval.options import Options

    Asked = tuple[Sequence[str], Options]
else:  # the signatures of commands are read when the program starts, and options not yet loaded
    Asked = Any


def metric_names(incomplete: str) -> list[tuple[str, str]]:
    """The names that a metric being typed can have, for the shell."""
    from mleval.metrics import metrics

    named = {metric.name: metric.title for metric in metrics()} | {"all": "every metric"}
    return [(name, title) for name, title in named.items() if name.startswith(incomplete)]


_input = partial(typer.Option, rich_help_panel="Input")
_metrics = partial(typer.Option, rich_help_panel="Metrics")

_FILES = (
    "CSV, TSV, JSON, JSONL, Parquet, Arrow or NumPy, also compressed; a directory of part files; "
    "several are shards of one set; - is stdin."
)
_METRIC = (
    "Report this and not the default metrics; or all; or your own: 'x = 0.7*mse + 0.3*mae'. "
    "Repeatable; see: mleval metrics"
)
_VERIFY = (
    "Recompute with reference libraries, show both (on stderr but beneath a table; with --quiet "
    "only what disagrees), and exit 1 if they disagree."
)
_MODEL = "Of several models in one file, this one alone."

Files = Annotated[list[str], typer.Argument(metavar="FILE", help=_FILES)]
OptionalFiles = Annotated[list[str] | None, typer.Argument(metavar="FILE", help=_FILES)]


def _of_tables(
    weight: Weight = None,
    cluster: Cluster = None,
    id_: Id = None,
    truth_file: TruthFile = None,
    on: On = None,
    model: Annotated[str | None, _input("--model", metavar="NAME", help=_MODEL)] = None,
    filter_: Filter = None,
    bins: Bins = None,
) -> dict[str, Any]:
    """The options of every command whose input is a table, by their names in `TableOptions`."""
    return {
        "weight": weight,
        "cluster": cluster,
        "id": id_,
        "truth_file": truth_file,
        "on": on,
        "model": model,
        "filter": filter_,
        "bins": tuple(bins or ()),
    }


def _common(
    metric: Annotated[
        list[str] | None,
        _metrics("--metric", "-m", metavar="SPEC", autocompletion=metric_names, help=_METRIC),
    ] = None,
    by: By = None,
    min_slice: MinSlice = 10,
    max_slices: MaxSlices = 1000,
    gate: Gate = None,
    baseline: BaselineFile = None,
    decide: Decide = "point",
    force: Force = False,
    level: Annotated[
        float, _metrics("--level", metavar="P", help="Confidence level of intervals.")
    ] = 0.95,
    no_intervals: Annotated[bool, _metrics("--no-intervals", help="Values alone.")] = False,
    strict: Annotated[bool, _input("--strict", help="Refuse to guess.")] = False,
    sep: Sep = None,
    encoding: Encoding = None,
    no_header: NoHeader = False,
    decimal: Decimal = None,
) -> dict[str, Any]:
    """The options that every command that evaluates has, by their names in `Options`."""
    from mleval.cli.values import gates, specs

    return {
        "metrics": specs(metric or []),
        "by": tuple(by or ()),
        "min_slice": min_slice,
        "max_slices": max_slices,
        "gates": gates(gate or []),
        "baseline": baseline,
        "decide": decide,
        "force": force,
        "level": level,
        "intervals": not no_intervals,
        "strict": strict,
        "sep": sep,
        "encoding": encoding,
        "header": False if no_header else None,
        "decimal": decimal,
    }


def _sent(
    verify: Annotated[bool, _metrics("--verify", help=_VERIFY)] = False,
    inconclusive: Inconclusive = "warn",
    format_: Format = None,
    json: Json = False,
    output: Written = None,
    plots: Plots = None,
    plot_format: PlotFormat = None,
    digits: Digits = 4,
    quiet: Quiet = False,
    no_color: NoColor = False,  # noqa: ARG001  (its callback acts on it)
    debug: Debug = False,  # noqa: ARG001  (its callback acts on it)
) -> tuple[bool, str, Output]:
    """Whether to verify, what becomes of inconclusive gates, and where the report goes."""
    drawn = Plotting.asked(plots, plot_format)
    return verify, inconclusive, sent_to(format_, json, output, digits, quiet, drawn)


def sent_to(
    format_: str | None,
    json: bool,
    files: list[Path] | None,
    digits: int,
    quiet: bool,
    plots: Plotting | None = None,
) -> Output:
    """Where a report goes. Raises UsageError when two formats are named."""
    if json and format_ not in (None, "json"):
        raise UsageError(f"--json and --format {format_} name two formats", hint="keep one")
    shown = "json" if json else format_
    return Output(format=shown, digits=digits, files=tuple(files or ()), plots=plots, quiet=quiet)


def evaluating(command: Callable[..., Asked]) -> Callable[..., ExitStatus]:
    """A command with the options that all have whose input is a table; see `evaluating_with`."""
    return evaluating_with(_of_tables)(command)


def evaluating_with(
    *more: Callable[..., dict[str, Any]],
) -> Callable[[Callable[..., Asked]], Callable[..., ExitStatus]]:
    """A command with these options and those that all have, which evaluates what it returns."""
    return lambda command: _with_options(command, (*more, _common))


def _with_options(
    command: Callable[..., Asked], shared: Sequence[Callable[..., dict[str, Any]]]
) -> Callable[..., ExitStatus]:
    own, sent = (inspect.signature(f, eval_str=True) for f in (command, _sent))
    theirs = [(options, inspect.signature(options, eval_str=True)) for options in shared]

    @wraps(command)
    def run(context: typer.Context, **given: Any) -> ExitStatus:
        def some(of: inspect.Signature) -> dict[str, Any]:
            return {name: given[name] for name in of.parameters if name in given}

        verify, inconclusive, output = _sent(**some(sent))
        common = {k: v for make, of in theirs for k, v in make(**some(of)).items()}
        data, options = command(**some(own), **common)
        return _run(context.obj, data, options, output, inconclusive, verify=verify)

    context = inspect.Parameter("context", _KIND, annotation=typer.Context)
    mine = [p for p in own.parameters.values() if p.kind is not p.VAR_KEYWORD]
    added = [p for of in (*(of for _, of in theirs), sent) for p in of.parameters.values()]
    parameters = [context, *mine, *added]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    del run.__wrapped__  # the signature and the types are not the command's own
    return run


_KIND = inspect.Parameter.POSITIONAL_OR_KEYWORD


def _write_segments(done: Any, options: Options) -> None:
    for file in options.written.values():
        from mleval.rendering.segments import write_segments

        write_segments(done, file)


def _keeps_rows(options: Options) -> bool:
    if options.baseline is None:
        return False
    from mleval.gates import keeps_rows

    return keeps_rows(options)


def _gated(data: Any, done: Any, options: Options) -> Any:
    from mleval.gates import gated  # few runs have any

    return gated(data, done, options)


def _run(
    environment: Environment,
    data: Sequence[str],
    options: Options,
    output: Output,
    inconclusive: str,
    *,
    verify: bool,
) -> ExitStatus:
    """Evaluate, check the gates, write the report, and verify it if that was asked for."""
    from mleval.cli.gated import print_gates
    from mleval.cli.progress import ProgressBar

    options.check()
    beside = options.beside
    if [*data, *beside.values()].count("-") > 1:
        flags = " and ".join(flag for flag, file in beside.items() if file == "-")
        raise UsageError("standard input is named twice", hint=f"give FILE or {flags} a file")
    output.check([*data, *beside.values()], options.written, gates=bool(options.gates))
    from mleval.evaluation.run import evaluate

    options = replace(options, plots=output.draws)
    with ProgressBar(environment, quiet=output.quiet) as progress:
        keep = verify or _keeps_rows(options)
        done = evaluate(data, options, keep_batches=keep, progress=progress)
        report = _gated(data, done, options) if options.gates else done.report
    output.emit(report, environment)
    _write_segments(done, options)
    status = print_gates(report, environment, output, inconclusive)
    if not verify:
        return status
    from mleval.cli.verified import print_verification
    from mleval.verification import verify as recompute

    checked = recompute(done, options)
    verified = print_verification(
        checked, environment, on_stdout=output.on_stdout, quiet=output.quiet
    )
    return max(status, verified)
