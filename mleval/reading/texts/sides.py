"""Side: what one file says of its segments, before it is put beside the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Labels
from mleval.errors import InputError
from mleval.reading.texts.lines import Lines

Rows = NDArray[np.int64]
Cells = Callable[[str, str], Labels]
"""What a column holds, by its name and the flag that names it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """n segments of a file, in its own order.

    corpora: one of hypotheses, or one or several of references; ids: what identifies each segment,
    None where nothing does; place: says where segment i is; columns: of its table, if it is one,
    and cells: what they hold.
    """

    name: str
    corpora: tuple[Lines, ...]
    place: Callable[[int], str]
    ids: Sequence[str] | None = None
    columns: tuple[str, ...] = ()
    cells: Cells | None = None

    def __len__(self) -> int:
        return len(self.corpora[0])


def taken(lines: Lines, rows: Rows) -> Lines:
    """The segments of some rows, in that order.

    >>> list(taken(Lines.of(["a", "b", "c"]), np.array([2, 0])))
    ['c', 'a']
    """
    if np.array_equal(rows, np.arange(len(lines))):
        return lines
    data, missing = lines.data, lines.missing
    starts, ends = lines.offsets[rows].tolist(), lines.offsets[rows + 1]
    pieces = [data[a:b] for a, b in zip(starts, ends.tolist(), strict=True)]
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(ends - lines.offsets[rows])])
    return Lines(b"".join(pieces), offsets, None if missing is None else missing[rows])


def corpora_of(segments: Sequence[Sequence[str]], name: str) -> tuple[Lines, ...]:
    """As many corpora as the segment with the most references has; the others lack some.

    segments: the references of each. Raises InputError for half a surrogate pair, and for more
    references of a segment than any corpus has.

    >>> [list(lines) for lines in corpora_of([["a"], ["b", "c"]], "refs")]
    [['a', 'b'], ['', 'c']]
    """
    most = max(map(len, segments), default=0)
    if most > MOST:
        raise InputError(
            f"{name} has {most:,} references of one segment, which are more than {MOST}",
            hint="is a text written as a list of its words or characters?",
        )
    return tuple(
        Lines.of((texts[at] if at < len(texts) else None for texts in segments), name)
        for at in range(max(most, 1))
    )


MOST = 1000
"""References of a segment."""
