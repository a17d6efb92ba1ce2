"""Joining sides: segments of several files put together, by their ids or in turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from mleval.batch import Labels
from mleval.errors import InputError
from mleval.reading.names import listed
from mleval.reading.problems import SHOWN
from mleval.reading.texts.segments import Segments
from mleval.reading.texts.sides import Rows, Side, taken
from mleval.reading.texts.slip import refusal_of_counts

NO_REFERENCE = "without a reference"


def joined(hypotheses: Side, references: Sequence[Side]) -> Segments:
    """The segments in the order of the hypotheses; those that have no reference are left out.

    Raises InputError for ids that are missing, repeated or of one side alone, and for files of
    different numbers of segments where these go in turn.
    """
    sides = [hypotheses, *references]
    by_id = all(side.ids is not None for side in sides)
    rows = [rows_by_id(hypotheses, side) if by_id else _in_turn(hypotheses, side) for side in sides]
    corpora = [
        taken(lines, order)
        for side, order in zip(references, rows[1:], strict=True)
        for lines in side.corpora
    ]
    whole = Segments(
        hypotheses=hypotheses.corpora[0],
        references=tuple(corpora),
        called=tuple(side.name for side in references for _ in side.corpora),
        ids=next((side.ids for side in sides if side.ids is not None), None),
        place=hypotheses.place,
        cells=lambda name, flag: _cells(name, flag, sides, rows),
    )
    return with_references(whole)


def _cells(name: str, flag: str, sides: Sequence[Side], rows: Sequence[Rows]) -> Labels:
    """Those of the first side that has such a column, in the order of the segments."""
    pairs = zip(sides, rows, strict=True)
    side, order = next((side, order) for side, order in pairs if name in side.columns)
    assert side.cells
    return side.cells(name, flag).take(order)


def with_references(whole: Segments) -> Segments:
    """The segments that have a reference; the others are counted."""
    gone = [lines.missing for lines in whole.references if lines.missing is not None]
    if len(gone) < len(whole.references):
        return whole
    bare = np.logical_and.reduce(gone)
    if not bare.any():
        return whole
    kept = np.flatnonzero(~bare)
    ids, cells = whole.ids, whole.cells
    return Segments(
        hypotheses=taken(whole.hypotheses, kept),
        references=tuple(taken(lines, kept) for lines in whole.references),
        called=whole.called,
        ids=None if ids is None else [ids[row] for row in kept.tolist()],
        place=lambda at: whole.place(int(kept[at])),
        left_out={**whole.left_out, NO_REFERENCE: int(bare.sum())},
        notices=whole.notices,
        cells=cells and (lambda name, flag: cells(name, flag).take(kept)),
    )


def rows_by_id(hypotheses: Side, other: Side) -> Rows:
    """For each hypothesis the row of the other side; InputError unless each id is once in both."""
    assert hypotheses.ids is not None
    assert other.ids is not None
    if other is hypotheses:
        return np.arange(len(other), dtype=np.int64)
    for side in (hypotheses, other):
        if not len(side):
            raise InputError(
                f"there are no segments in {side.name}", hint="expected at least one text"
            )
    places = {id_: row for row, id_ in enumerate(other.ids)}
    ours = set(hypotheses.ids)
    missing = [id_ for id_ in hypotheses.ids if id_ not in places]
    extra = [id_ for id_ in places if id_ not in ours]
    told = [
        _told(missing, f"of {hypotheses.name} without a reference in {other.name}"),
        _told(extra, f"of {other.name} without a hypothesis in {hypotheses.name}"),
        *(_told(_repeated(side.ids or ()), f"repeated in {side.name}")
          for side in (hypotheses, other)),
    ]  # fmt: skip
    if any(told):
        hint = "each id belongs once in both files"
        if len(missing) == len(hypotheses):
            hint = "no id is in both: are they spelled alike? name their columns with --id A=B"
        raise InputError(
            f"the ids of {hypotheses.name} and {other.name} do not match:",
            *(f"  {line}" for line in told if line),
            hint=hint,
        )
    found: Rows = np.array([places[id_] for id_ in hypotheses.ids], np.int64)
    return found


def _in_turn(hypotheses: Side, other: Side) -> Rows:
    if len(other) != len(hypotheses):
        first, second = hypotheses.corpora[0], other.corpora[0]
        raise refusal_of_counts((hypotheses.name, first), (other.name, second))
    return np.arange(len(other), dtype=np.int64)


def _repeated(ids: Iterable[str]) -> list[str]:
    return [id_ for id_, count in Counter(ids).items() if count > 1]


def _told(ids: Sequence[str], what: str) -> str:
    if not ids:
        return ""
    return f"{len(ids):,} id{'s' if len(ids) > 1 else ''} {what}: {listed(ids, SHOWN)}"
