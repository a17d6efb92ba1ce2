"""Which rows of two evaluations are the same: by their ids, or their order, and by their truth."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Texts
from mleval.errors import InputError
from mleval.evaluation.rows import Rows
from mleval.evaluation.run import Evaluated

if TYPE_CHECKING:
    import pyarrow as pa

_LISTED = 5
_ROUNDED = 1e-5  # of a number
_MANY = 0.1  # of the rows, or half of what chance would give, and the rows are not the same


def ids_of(rows: Rows) -> pa.ChunkedArray | None:
    """The ids of kept rows as text, in their order; None where no column holds any."""
    import pyarrow as pa  # a file is open by now

    found = [batch.columns.get("id") for batch in rows.batches]
    held = [ids for ids in found if isinstance(ids, Texts)]
    if len(held) < len(found):
        return None
    chunks = [texts.held if texts.rows is None else texts.held.take(texts.rows) for texts in held]
    pieces = [c for chunk in chunks for c in getattr(chunk, "chunks", [chunk])]
    return pa.chunked_array([piece.cast(pa.string()) for piece in pieces], pa.string())


def matched(rows: Rows, others: Rows, name: str) -> NDArray[np.intp] | None:
    """(n,) where each of our rows is among the others; None where all are in the same order.

    name: of the others. Rows are told by their ids if both have them, else they are taken in turn.
    Raises InputError when one has what the other lacks.
    """
    return matched_ids(ids_of(rows), ids_of(others), len(rows.weight), len(others.weight), name)


def matched_ids(
    ours: Any, theirs: Any, rows: int, others: int, name: str
) -> NDArray[np.intp] | None:
    """The same of Arrow arrays of ids; None where there are none."""
    if ours is None or theirs is None:
        if rows == others:
            return None
        raise InputError(
            f"there are {rows:,} rows here, and {others:,} in the baseline {name}",
            hint="name a column of ids that both have: --id COLUMN",
        )
    if ours.equals(theirs):
        return None
    import pyarrow.compute as pc

    found = pc.index_in(ours, theirs)
    if rows == others and not found.null_count:
        place = np.asarray(found.to_numpy(), np.intp)
        if (np.bincount(place, minlength=others) == 1).all():  # so no id comes twice on either side
            return place
    raise _refusal(ours, theirs, name)


def _refusal(ours: Any, theirs: Any, name: str) -> InputError:
    """What is said of ids that one side lacks, or has several times."""
    import pyarrow.compute as pc

    alone = (
        (ours.filter(pc.is_null(pc.index_in(ours, theirs))), f"not in the baseline {name}"),
        (theirs.filter(pc.is_null(pc.index_in(theirs, ours))), "in it alone"),
    )
    problems = [
        f"{len(ids):,} {'id is' if len(ids) == 1 else 'ids are'} {where}: {_some(ids)}"
        for ids, where in alone
        if len(ids)
    ]
    for ids, where in ((ours, "here"), (theirs, f"in the baseline {name}")):
        counts = pc.value_counts(ids)
        repeated = counts.filter(pc.greater(pc.struct_field(counts, "counts"), 1))
        if len(repeated):
            told = _some(pc.struct_field(repeated, "values"))
            problems.append(f"ids come several times {where}: {told}")
    return InputError(*problems, hint="evaluate the same rows in both, such as with --filter")


def _some(keys: Any) -> str:
    shown = ", ".join(str(key) for key in keys[:_LISTED].to_pylist())
    return shown + (", …" if len(keys) > _LISTED else "")


def differing(
    ours: Evaluated, theirs: Evaluated, place: NDArray[np.intp] | None
) -> tuple[int, bool]:
    """In how many rows the truth is another, and whether that is too many for the same rows.

    place: as `matched` has it. Too many are a tenth, or half of what rows paired by chance have.
    """
    one, other = _truths(ours), _truths(theirs)
    if one is None or other is None:
        return 0, False
    if len(one) != len(other):
        return one.shape[-1], True
    other = other if place is None else other[..., place]
    count = int(np.count_nonzero(_apart(one, other).any(axis=0)))
    share = count / max(one.shape[-1], 1)
    return count, share > _MANY or (count > 0 and share > _by_chance(one, other) / 2)


def _truths(done: Evaluated) -> NDArray[Any] | None:
    """(k, n) what is true of each row."""
    assert done.influences
    evaluator, evidence = done.measured.evaluator, done.evidence
    found = [evaluator.truths(evidence, batch) for batch in done.influences.rows.batches]
    known = [np.atleast_2d(one) for one in found if one is not None]
    return np.concatenate(known, axis=1) if len(known) == len(found) else None


def _apart(one: NDArray[Any], other: NDArray[Any]) -> NDArray[np.bool_]:
    """(k, n) where two truths are not the same; numbers may have been rounded to be written."""
    apart: NDArray[np.bool_] = one != other
    if one.dtype.kind == "f":
        apart &= np.abs(one - other) > _ROUNDED * np.maximum(np.abs(one), np.abs(other))
    return apart


def _by_chance(one: NDArray[Any], other: NDArray[Any]) -> float:
    """The share of rows that differ if they are paired by chance."""
    counts = []
    for column in (one[0], other[0]):
        values, times = np.unique(column, return_counts=True)
        shares = (times / len(column)).tolist()
        counts.append(Counter(dict(zip(values.tolist(), shares, strict=True))))
    return 1.0 - sum(share * counts[1][value] for value, share in counts[0].items())
