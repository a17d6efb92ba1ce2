"""`mleval.pairs`: what it makes of its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Unpack

from mleval.api.common import TableCommon, evaluated, given, named, refuse_lazy, showing
from mleval.options import PairsOptions
from mleval.reading import beside_matrices
from mleval.reading.matrices import Matrices

if TYPE_CHECKING:
    from mleval.report import Report
    from mleval.report_set import ReportSet

_EXAMPLE = (
    'pairs("pairs.csv"), pairs(a="A.npy", b="B.npy", negative="N.npy") or pairs(a=[...], ...)'
)


@showing(TableCommon)
def pairs(
    data: Any = None,
    *,
    same: Any = None,
    dissimilar: Any = None,
    distances: Any = None,
    negative_distances: Any = None,
    a: Any = None,
    b: Any = None,
    negative: Any = None,
    distance: Literal["euclidean", "cosine", "manhattan", "minkowski"] | None = None,
    p: float | None = None,
    weight: Any = None,
    cluster: Any = None,
    id: Any = None,
    missing: Literal["error", "drop"] = "error",
    **common: Unpack[TableCommon],
) -> Report | ReportSet:
    """Evaluate pairs and triplets by their distances, or by the vectors themselves.

    With `data` (a path, several, a pandas, polars or Arrow table, or a dict of columns), the
    others name columns, and a, b and negative columns of vectors or the prefixes of their columns;
    what is not named is found. Without `data` they are the columns themselves: same or dissimilar
    (1 or 0), distances and negative_distances (n,), a, b and negative (n, d). Where a, b and
    negative are paths of .npy matrices, `data` (or truth_file) is the table of labels beside them.

    same, dissimilar: which pairs are the same, or different; of triplets a is the anchor, b the
    positive. distance: how vectors are compared, euclidean unless said; p: of minkowski.
    filter, model, metrics, verify …: as in `classify`. The thresholds of metrics that are a best
    over thresholds are distances, up to which pairs are taken for the same.

    Raises UsageError when the arguments are wrong, InputError when the data cannot be evaluated.

    >>> report = pairs(distances=[0.1, 0.9, 0.3, 0.7], same=[1, 0, 0, 1])
    >>> report["roc_auc"].value
    0.75
    """
    refuse_lazy(data, a, b, negative, distances)
    sides: Mapping[str, Any] = {"a": a, "b": b, "negative": negative}
    columns = {
        "same": same,
        "dissimilar": dissimilar,
        "distances": distances,
        "negative_distances": negative_distances,
        **sides,
        "weight": weight,
        "cluster": cluster,
        "id": id,
    }
    if Matrices.named(**sides):
        data, sides, common["truth_file"] = beside_matrices(data, sides, common.get("truth_file"))
        names = named({**columns, **sides})
    elif data is None:
        data = given(columns, _EXAMPLE, needed=("distances", "a"))
        names = {role: role if role in data else None for role in columns}
    else:
        names = named(columns)
    own = {**names, "distance": distance, "p": p, "missing": missing}
    return evaluated(data, PairsOptions, own, common)
