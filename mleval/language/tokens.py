"""Tokens: a whole corpus of segments as integers, each distinct token spelled once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The tokens of n segments, one after the other.

    codes: (t,) int32, positions in `names`; offsets: (n + 1,) int64, those of segment i from
    offsets[i] to offsets[i + 1]; names: each spelling once. Tokens of several corpora can be
    compared by code only when they share their names.

    >>> Tokens.of([["a", "b"], [], ["b"]]).codes.tolist()
    [0, 1, 1]
    """

    codes: NDArray[np.int32]
    offsets: NDArray[np.int64]
    names: Sequence[str]

    @classmethod
    def of(cls, segments: Iterable[Iterable[str]]) -> Tokens:
        """Encode lists of tokens, names in the order of appearance."""
        place: dict[str, int] = {}
        rows = [[place.setdefault(token, len(place)) for token in segment] for segment in segments]
        sizes = [len(row) for row in rows]
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])
        codes = np.array([code for row in rows for code in row], np.int32)
        return cls(codes, offsets, tuple(place))

    def between(self, first: int, last: int) -> Tokens:
        """Segments `first` up to, not with, `last`."""
        ends = self.offsets[first : last + 1]
        return Tokens(self.codes[ends[0] : ends[-1]], ends - ends[0], self.names)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """(n,) how many tokens each segment has."""
        return np.diff(self.offsets)

    @property
    def segments(self) -> NDArray[np.int64]:
        """(t,) the segment of each token."""
        return np.repeat(np.arange(len(self.offsets) - 1), self.lengths)
