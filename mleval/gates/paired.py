"""Paired differences: two evaluations of the same rows, and how far each row moves both."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.errors import InputError
from mleval.evaluation.clusters import Clusters
from mleval.evaluation.rows import Rows
from mleval.uncertainty.intervals import ROUNDING, quantile

if TYPE_CHECKING:
    import pyarrow as pa

_LISTED = 5


@dataclass(frozen=True, slots=True)
class RowInfluences:
    """How far each row moves a number: Σw · ∂number/∂w, (n,), with the weights and ids of the rows.

    ids: an Arrow array of text, None where rows have none, and are the same by their order;
    clusters: which of the rows go together, where some do.
    """

    influence: Floats
    weight: Floats
    ids: Any = None
    clusters: Clusters | None = None

    @property
    def moved(self) -> Floats:
        """(n,) what each row adds to the error of the number."""
        found: Floats = self.influence * self.weight / self.weight.sum()
        return found


def variance_of_difference(
    ours: RowInfluences, theirs: RowInfluences, slope: float, name: str
) -> float:
    """The variance of ours − slope · theirs, each row counted once in both.

    Σ (a − slope · b)² · n/(n − 1), a and b what a row adds to either, n the effective rows of
    ours; of clusters the squares are of their sums. name: of the baseline. Raises InputError when
    the rows are not the same.

    >>> rows = RowInfluences(np.array([1.0, -1.0]), np.ones(2))
    >>> variance_of_difference(rows, rows, 1.0, "main.csv")
    0.0
    """
    place = matched(ours.ids, theirs.ids, len(ours.weight), len(theirs.weight), name)
    rest = theirs.moved if place is None else theirs.moved[place]
    apart = ours.moved - slope * rest
    if ours.clusters is not None:
        return ours.clusters.variance(apart)
    rows = float(ours.weight.sum()) ** 2 / float(ours.weight @ ours.weight)
    if rows <= 1:
        return math.inf
    return float(apart @ apart) * rows / (rows - 1)


def ids_of(rows: Rows) -> pa.ChunkedArray | None:
    """The ids of kept rows as text, in their order; None where no column holds any."""
    import pyarrow as pa  # a file is open by now

    if not all("id" in batch.columns for batch in rows.batches):
        return None
    held = [batch.texts("id") for batch in rows.batches]
    chunks = [texts.held if texts.rows is None else texts.held.take(texts.rows) for texts in held]
    pieces = [c for chunk in chunks for c in getattr(chunk, "chunks", [chunk])]
    return pa.chunked_array([piece.cast(pa.string()) for piece in pieces], pa.string())


def matched(ours: Any, theirs: Any, rows: int, others: int, name: str) -> NDArray[np.intp] | None:
    """(n,) where each of our rows is among theirs; None where all are in the same order.

    ours, theirs: Arrow arrays of ids, by which rows are told if both have them, else they are
    taken in turn. Raises InputError when one has what the other lacks.
    """
    if ours is None or theirs is None:
        if rows == others:
            return None
        raise InputError(
            f"there are {rows:,} rows here, and {others:,} in the baseline {name}",
            hint="both must be of the same rows; of a table --id COLUMN tells which",
        )
    if ours.equals(theirs):
        return None
    import pyarrow.compute as pc

    found, back = pc.index_in(ours, theirs), pc.index_in(theirs, ours)
    problems = [
        f"{count:,} {'id is' if count == 1 else 'ids are'} {side}: {_some(lacking)}"
        for lacking, side in (
            (ours.filter(pc.is_null(found)), f"not in the baseline {name}"),
            (theirs.filter(pc.is_null(back)), "in it alone"),
        )
        if (count := len(lacking))
    ]
    for keys, side in ((ours, "here"), (theirs, f"in the baseline {name}")):
        counts = pc.value_counts(keys)
        repeated = counts.filter(pc.greater(pc.struct_field(counts, "counts"), 1))
        if len(repeated):
            told = _some(pc.struct_field(repeated, "values"))
            problems.append(f"ids come several times {side}: {told}")
    if problems:
        raise InputError(*problems, hint="evaluate the same rows in both, such as with --filter")
    return np.asarray(found.to_numpy(), np.intp)


def _some(keys: Any) -> str:
    shown = ", ".join(str(key) for key in keys[:_LISTED].to_pylist())
    return shown + (", …" if len(keys) > _LISTED else "")


def interval(
    difference: float, variance: float, scale: float, level: float, degrees: float = math.inf
) -> tuple[float, float]:
    """difference ± z·SE; the difference itself where no row tells the two apart.

    scale: of the two numbers, for what rounding leaves of none; degrees: of freedom.
    """
    error = math.sqrt(variance)
    if error <= ROUNDING * scale:
        return difference, difference
    half = quantile(level, degrees) * error
    return difference - half, difference + half
