"""The application: its commands, and the entry point that owns their exit status."""

from __future__ import annotations

import gc
import os
import shlex
import sys
import warnings
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.main import get_command

from mleval import __version__
from mleval.cli.check import EPILOG as CHECK_EPILOG
from mleval.cli.check import check
from mleval.cli.classify import EPILOG as CLASSIFY_EPILOG
from mleval.cli.classify import classify
from mleval.cli.config import ConfiguredCommand
from mleval.cli.context import Environment, ExitStatus
from mleval.cli.diagnose import EPILOG as DIAGNOSE_EPILOG
from mleval.cli.diagnose import diagnose
from mleval.cli.failures import report_failure
from mleval.cli.history import EPILOG as HISTORY_EPILOG
from mleval.cli.history import history
from mleval.cli.inspect import EPILOG as INSPECT_EPILOG
from mleval.cli.inspect import inspect
from mleval.cli.metrics import EPILOG as METRICS_EPILOG
from mleval.cli.metrics import metrics
from mleval.cli.pairs import EPILOG as PAIRS_EPILOG
from mleval.cli.pairs import pairs
from mleval.cli.parameters import HELP_NAMES, convert_plainly
from mleval.cli.perplexity import EPILOG as PERPLEXITY_EPILOG
from mleval.cli.perplexity import perplexity
from mleval.cli.regress import EPILOG as REGRESS_EPILOG
from mleval.cli.regress import regress
from mleval.cli.text import EPILOG as TEXT_EPILOG
from mleval.cli.text import text

app = typer.Typer(
    name="mleval",
    help="Evaluate files of predictions: every metric with its interval.",
    context_settings={"help_option_names": HELP_NAMES},
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.command(epilog=CLASSIFY_EPILOG, cls=ConfiguredCommand)(classify)
app.command(epilog=REGRESS_EPILOG, cls=ConfiguredCommand)(regress)
app.command(epilog=PAIRS_EPILOG, cls=ConfiguredCommand)(pairs)
app.command(epilog=TEXT_EPILOG, cls=ConfiguredCommand)(text)
app.command(epilog=PERPLEXITY_EPILOG, cls=ConfiguredCommand)(perplexity)
app.command(epilog=CHECK_EPILOG, cls=ConfiguredCommand)(check)
app.command(epilog=DIAGNOSE_EPILOG, cls=ConfiguredCommand)(diagnose)
app.command(epilog=HISTORY_EPILOG, cls=ConfiguredCommand)(history)
app.command(epilog=INSPECT_EPILOG, cls=ConfiguredCommand)(inspect)
app.command(epilog=METRICS_EPILOG, cls=ConfiguredCommand)(metrics)


def _version(context: typer.Context, value: bool) -> None:
    if value:
        context.obj.write(f"mleval {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", "-V", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


def main(args: Sequence[str] | None = None, environment: Environment | None = None) -> int:
    """Run a command line, by default this process's; the exit status. Never raises.

    >>> main(["--version"])
    mleval ...
    0
    """
    if environment is None:
        environment = Environment.of_process()
        if not sys.warnoptions:  # Python's own warnings are for programmers: `python -W` has them
            warnings.simplefilter("ignore")
        # Our own threads share the work. Those of the linear algebra under numpy, which reads this
        # when it is first imported, would only wait for each other over vectors as short as ours.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        # Nothing is garbage while modules are loaded, through all of which it would be looked for.
        gc.freeze()
        gc.set_threshold(20_000)
    with environment.in_use():
        try:
            given = sys.argv[1:] if args is None else list(args)
            environment.command = shlex.join(["mleval", *given])
            status = _run(given, environment)
            environment.stdout.flush()
        except BaseException as error:  # this is the outermost shell: each kind has its status
            status = report_failure(error, environment)
    return int(status)


def _run(args: list[str], environment: Environment) -> int:
    command: Any = get_command(app)
    convert_plainly(command)
    if "_MLEVAL_COMPLETE" in os.environ:
        command.main(args, prog_name="mleval", obj=environment)
    # Not `command.main`, which would print errors and choose exit statuses in its own way.
    with command.make_context("mleval", args or ["--help"], obj=environment) as context:
        return command.invoke(context) or ExitStatus.OK
