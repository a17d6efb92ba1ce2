"""`mleval classify`: evaluate predicted classes, scores and probabilities."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

import typer

from mleval.cli.evaluating import Asked, Files, evaluating
from mleval.cli.inputs import (
    Classes,
    ClassTask,
    LabelSep,
    Map,
    Pred,
    Proba,
    Score,
    Truth,
    TruthProba,
)

EPILOG = r"""[bold]Examples[/]

  mleval classify preds.csv
  mleval classify preds.csv --truth label --pred guess --positive spam
  mleval classify shard-*.parquet -m f1 -m 'recall\[class=spam]'
  mleval classify preds.jsonl --json -o report.md
  cat preds.csv | mleval classify - --strict"""

_task = partial(typer.Option, rich_help_panel="Task")
_metrics = partial(typer.Option, rich_help_panel="Metrics")

_THRESHOLD = "Predict positive where score >= T, whatever the prediction column says."
_ZERO = "What an undefined class counts in an average; nan leaves it out."


@evaluating
def classify(
    files: Files,
    truth: Truth = None,
    pred: Pred = None,
    score: Score = None,
    proba: Proba = None,
    truth_proba: TruthProba = None,
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
    zero_division: Annotated[Literal["0", "nan"], _metrics("--zero-division", help=_ZERO)] = "0",
    **common: Any,
) -> Asked:
    """Evaluate predicted classes, scores and probabilities against the truth.

    Columns, task and positive class are found, and said; every guess has a flag.
    """
    from mleval.cli.values import comma_list, mapping
    from mleval.options import ClassifyOptions

    return files, ClassifyOptions(
        truth=truth,
        prediction=pred,
        score=score,
        proba=proba,
        truth_proba=truth_proba,
        task=task,
        label_sep=label_sep,
        positive=positive,
        classes=() if classes is None else comma_list(classes, "--classes"),
        map=mapping(map_ or [], "--map"),
        threshold=threshold,
        score_of=score_of,
        score_scale=score_scale,
        missing=missing,
        zero_division=float(zero_division),
        **common,
    )
