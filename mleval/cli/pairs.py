"""`mleval pairs`: evaluate distances of pairs and triplets."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from mleval.cli.evaluating import Asked, OptionalFiles, evaluating
from mleval.cli.inputs import (
    A,
    B,
    Dissimilar,
    Distance,
    Distances,
    Negative,
    NegativeDistances,
    Same,
)

EPILOG = r"""[bold]Examples[/]

  mleval pairs pairs.csv
  mleval pairs pairs.csv --distances d --same is_match -m 'contrastive_loss(margin=0.5)'
  mleval pairs --a A.npy --b B.npy --labels labels.csv --distance cosine
  mleval pairs --a anchor.npy --b positive.npy --negative negative.npy"""

_LABELS = "A table of labels, a row a row of the matrices; FILE may be it as well."


@evaluating
def pairs(
    files: OptionalFiles = None,
    same: Same = None,
    dissimilar: Dissimilar = None,
    distances: Distances = None,
    negative_distances: NegativeDistances = None,
    a: A = None,
    b: B = None,
    negative: Negative = None,
    labels: Annotated[
        str | None,
        typer.Option("--labels", metavar="FILE", rich_help_panel="Input", help=_LABELS),
    ] = None,
    distance: Distance = None,
    p: Annotated[
        float | None,
        typer.Option("--p", metavar="P", rich_help_panel="Metrics", help="Of minkowski: 2."),
    ] = None,
    missing: Annotated[
        Literal["error", "drop"],
        typer.Option(
            "--missing", rich_help_panel="Input", help="What becomes of rows without a distance."
        ),
    ] = "error",
    **common: Any,
) -> Asked:
    """Evaluate pairs and triplets by their distances, or by the vectors themselves.

    Losses need to know which pairs are the same (--same or --dissimilar), or a negative a row.
    """
    from mleval.options import PairsOptions
    from mleval.reading import beside_matrices

    data, sides, common["truth_file"] = beside_matrices(
        files, {"a": a, "b": b, "negative": negative}, labels, common["truth_file"]
    )
    return data, PairsOptions(
        same=same,
        dissimilar=dissimilar,
        distances=distances,
        negative_distances=negative_distances,
        distance=distance,
        p=p,
        missing=missing,
        **sides,
        **common,
    )
