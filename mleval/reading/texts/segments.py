"""Segments: hypotheses and their references, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from mleval.batch import Labels
from mleval.reading.texts.lines import Lines


def _by_number(at: int) -> str:
    return f"segment {at + 1:,}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Segments:
    """n hypotheses, and one or several corpora of n references each.

    called: what each corpus of references is called, for a person; ids: what identifies each
    segment, None where nothing does; place: says where segment i is; left_out: how many segments
    are not among them, by reason; notices: what a reader should know of how they were read;
    cells: of a column of their table, where they have one, by its name and the flag that names it.

    >>> two = Segments(hypotheses=Lines.of(["a", "b"]), references=(Lines.of(["a", "c"]),))
    >>> len(two), two.place(1)
    (2, 'segment 2')
    """

    hypotheses: Lines
    references: tuple[Lines, ...]
    called: tuple[str, ...] = ()
    ids: Sequence[str] | None = None
    place: Callable[[int], str] = _by_number
    left_out: Mapping[str, int] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    cells: Callable[[str, str], Labels] | None = None

    def __post_init__(self) -> None:
        if not self.called:
            object.__setattr__(self, "called", ("the references",) * len(self.references))

    def __len__(self) -> int:
        return len(self.hypotheses)
