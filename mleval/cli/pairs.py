"""`mleval pairs`: evaluate distances of pairs and triplets."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

import typer

from mleval.cli.evaluating import Asked, OptionalFiles, evaluating

EPILOG = r"""[bold]Examples[/]

  mleval pairs pairs.csv
  mleval pairs pairs.csv --distances d --same is_match -m 'contrastive_loss(margin=0.5)'
  mleval pairs --a A.npy --b B.npy --labels labels.csv --distance cosine
  mleval pairs --a anchor.npy --b positive.npy --negative negative.npy"""

_column = partial(typer.Option, metavar="NAME", rich_help_panel="Columns")
_vectors = partial(typer.Option, metavar="VECTORS", rich_help_panel="Columns")

_A = "A column of vectors, the prefix of its columns, or a .npy matrix; of triplets the anchor."
_LABELS = "A table of labels, a row a row of the matrices; FILE may be it as well."
_DISTANCES = "Distances of the pairs; of triplets, of anchor and positive."
_DISTANCE = "How vectors are compared: euclidean unless said."


@evaluating
def pairs(
    files: OptionalFiles = None,
    same: Annotated[str | None, _column("--same", help="1 for pairs that are the same.")] = None,
    dissimilar: Annotated[
        str | None, _column("--dissimilar", help="1 for pairs that are different.")
    ] = None,
    distances: Annotated[str | None, _column("--distances", help=_DISTANCES)] = None,
    negative_distances: Annotated[
        str | None, _column("--negative-distances", help="Of anchor and negative.")
    ] = None,
    a: Annotated[str | None, _vectors("--a", help=_A)] = None,
    b: Annotated[str | None, _vectors("--b", help="The other; of triplets the positive.")] = None,
    negative: Annotated[str | None, _vectors("--negative", help="The negative.")] = None,
    labels: Annotated[
        str | None,
        typer.Option("--labels", metavar="FILE", rich_help_panel="Input", help=_LABELS),
    ] = None,
    distance: Annotated[
        Literal["euclidean", "cosine", "manhattan", "minkowski"] | None,
        typer.Option("--distance", rich_help_panel="Metrics", help=_DISTANCE),
    ] = None,
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
