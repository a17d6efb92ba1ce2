"""`mleval regress`: evaluate predicted numbers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from mleval.cli.evaluating import Asked, Files, evaluating
from mleval.cli.inputs import Lower, Pred, Quantiles, Std, Truth, Upper

EPILOG = r"""[bold]Examples[/]

  mleval regress preds.csv
  mleval regress preds.csv --truth price --pred estimate --worst 20
  mleval regress shard-*.parquet -m rmse -m 'pinball(q=0.9)'
  mleval regress forecasts.csv --lower lo --upper hi --json -o report.md"""

_WORST = "Rows with the largest errors to list: 5, but none when metrics are named."


@evaluating
def regress(
    files: Files,
    truth: Truth = None,
    pred: Pred = None,
    lower: Lower = None,
    upper: Upper = None,
    std: Std = None,
    quantiles: Quantiles = None,
    missing: Annotated[
        Literal["error", "drop"],
        typer.Option(
            "--missing", rich_help_panel="Input", help="What becomes of rows without a prediction."
        ),
    ] = "error",
    worst: Annotated[
        int | None, typer.Option("--worst", metavar="N", rich_help_panel="Metrics", help=_WORST)
    ] = None,
    **common: Any,
) -> Asked:
    """Evaluate predicted numbers against the truth.

    Columns are found, and said; every guess has a flag. Several targets are pairs of columns
    such as price_true and price_pred.
    """
    from mleval.options import RegressOptions

    return files, RegressOptions(
        truth=truth,
        prediction=pred,
        lower=lower,
        upper=upper,
        std=std,
        quantiles=quantiles,
        missing=missing,
        worst=worst,
        **common,
    )
