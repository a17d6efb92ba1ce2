"""`mleval metrics`: the catalogue, the card of a metric, and which metrics suit a situation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from mleval.cli.context import Environment, ExitStatus
from mleval.cli.evaluating import metric_names
from mleval.cli.flags import Debug, NoColor
from mleval.errors import UsageError

if TYPE_CHECKING:
    from mleval.registry import Metric, Task

EPILOG = r"""[bold]Examples[/]

  mleval metrics --task binary
  mleval metrics f1 recall
  mleval metrics --advise imbalanced"""


def situations(incomplete: str) -> list[tuple[str, str]]:
    """The situations that there is advice for, for the shell."""
    from mleval.metrics.advice import ADVICE

    return [(name, item.summary) for name, item in ADVICE.items() if name.startswith(incomplete)]


def metrics(
    context: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME", autocompletion=metric_names, help="Metrics, for all about them."
        ),
    ] = None,
    task: Annotated[
        Literal["binary", "multiclass", "multilabel", "regress", "pairs", "text", "perplexity"]
        | None,
        typer.Option("--task", help="Only of this task."),
    ] = None,
    format_: Annotated[
        Literal["table", "json", "markdown"], typer.Option("--format", help="How to print it.")
    ] = "table",
    advise: Annotated[
        str | None,
        typer.Option(
            "--advise",
            metavar="SITUATION",
            autocompletion=situations,
            help="Which metrics to look at: imbalanced, ranking, costly-fn ...; or list.",
        ),
    ] = None,
    no_color: NoColor = False,  # noqa: ARG001  (its callback acts on it)
    debug: Debug = False,  # noqa: ARG001  (its callback acts on it)
) -> ExitStatus:
    """List the metrics, describe one, or advise which to look at. ★ = in the default report."""
    environment: Environment = context.obj
    if advise is not None:
        if names or format_ != "table" or task is not None:
            raise UsageError("--advise goes with no other argument", hint="leave the others out")
        environment.write(_advice(advise, environment))
    else:
        chosen = _chosen(names or (), task)
        environment.write(_described(chosen, format_, environment, one=bool(names)))
    return ExitStatus.OK


def _chosen(names: Sequence[str], task: Task | None) -> list[Metric]:
    """Every declaration of the names, aliases or Specs; all of the task when there is no name.

    Raises UsageError for the names that are of no metric, all of them together.
    """
    from mleval.metrics import metrics

    found: list[Metric] = []
    problems: list[UsageError] = []
    for name in names:
        try:
            found += _declarations(re.split(r"[(\[{.]", name)[0], task)
        except UsageError as error:
            problems.append(error)
    if problems:
        hints = dict.fromkeys(problem.hint for problem in problems if problem.hint)
        raise UsageError(*(line for p in problems for line in p.args), hint="; ".join(hints))
    chosen = list({id(metric): metric for metric in found or metrics(task)}.values())
    if not chosen:
        raise UsageError(f"there are no {task} metrics yet", hint="see: mleval metrics")
    return chosen


def _declarations(name: str, task: Task | None) -> list[Metric]:
    """Those of a name or alias: a metric of two tasks may be declared for each."""
    from mleval.metrics import find, metrics

    same = name.lower()
    found = [
        metric
        for metric in metrics(task)
        if same in (metric.name.lower(), *map(str.lower, metric.aliases))
    ]
    return found or [find(name, task)]


def _described(chosen: list[Metric], format_: str, environment: Environment, *, one: bool) -> str:
    from mleval.cli import catalogue

    if format_ == "json":
        import json

        return json.dumps(catalogue.catalogue_dict(chosen), indent=2, ensure_ascii=False)
    if format_ == "markdown":
        return catalogue.catalogue_markdown(chosen)
    if not one:
        return environment.text_of(*catalogue.catalogue_table(chosen, environment.width))
    return "\n".join(environment.text_of(*catalogue.card(metric)) for metric in chosen)


def _advice(situation: str, environment: Environment) -> str:
    from mleval.cli.catalogue import advice_list, advice_text
    from mleval.metrics.advice import ADVICE, advise

    if situation == "list":
        return environment.text_of(advice_list(ADVICE.values()))
    return environment.text_of(*advice_text(advise(situation)))
