"""Sequences: texts that a language model scored token by token; what readers make and states fold.

Log-probabilities are natural here, whatever base their file has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats, Labels

Ints = NDArray[np.int64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ranks:
    """How the tokens stand among the alternatives that their file lists.

    rank: (e,) 1 for the likeliest, 0 for a token that is less likely than all that are listed;
    listed: (e,) how many are.
    """

    rank: Ints
    listed: Ints


@dataclass(frozen=True, slots=True)
class TokenScores:
    """The e tokens of n sequences, one after another.

    offsets: (n + 1,) where each sequence begins; values: (e,) ln p, 0 where `absent`, (e,), says
    that there is none; rows: (e,) where each token is of a row of its own; part: where they are.
    """

    offsets: Ints
    values: Floats
    absent: Marks | None = None
    ranks: Ranks | None = None
    rows: Ints | None = None
    part: int = 0

    def sums(self, values: NDArray[Any]) -> NDArray[Any]:
        """(n,) the sums over each sequence of (e,) numbers.

        >>> TokenScores(np.array([0, 2, 2, 3]), np.empty(0)).sums(np.array([1.0, 2.0, 4.0]))
        array([3., 0., 4.])
        """
        lengths = np.diff(self.offsets)
        found = np.zeros(len(lengths), values.dtype if values.dtype != np.bool_ else np.int64)
        some = lengths > 0
        if some.any():  # an empty one has no place of its own to sum from
            found[some] = np.add.reduceat(values, self.offsets[:-1][some], dtype=found.dtype)
        return found

    def take(self, kept: Marks) -> TokenScores:
        """The tokens of some of the sequences (a mask)."""
        some = np.repeat(kept, np.diff(self.offsets))
        offsets = np.concatenate([[0], np.cumsum(np.diff(self.offsets)[kept])])
        ranks = self.ranks and Ranks(self.ranks.rank[some], self.ranks.listed[some])
        absent = None if self.absent is None else self.absent[some]
        rows = None if self.rows is None else self.rows[some]
        return TokenScores(offsets, self.values[some], absent, ranks, rows, self.part)

    def lowest(self, most: int) -> Ints:
        """The places of the least likely tokens: `most` of them, and those that tie with the last.

        >>> TokenScores(np.array([0, 3]), np.array([-1.0, -9.0, -2.0])).lowest(2).tolist()
        [1, 2]
        """
        values = self.values
        if 0 < most < len(values):
            limit = np.partition(values, most - 1)[most - 1]
            if limit < 0:  # so that none of those that are 0 for want of a value is among them
                low: Ints = np.flatnonzero(values <= limit)
                return low
        scored: Ints = np.arange(len(values))
        if self.absent is not None:
            scored = scored[~self.absent]
        return scored if most else scored[:0]


@dataclass(frozen=True, kw_only=True)
class Sequences:
    """n scored sequences; every array is (n,).

    nll: −Σ ln p of the tokens that are scored, infinite where one was held to be impossible;
    tokens: how many those are, nan where that is not known; skipped: first tokens that have no
    log-probability; bytes, chars, words: of the text (bytes of its UTF-8), nan where it is not
    known; spelled: characters of the tokens, nan where they are not known; oov: tokens out of the
    vocabulary, nan where it is not said; part, row, choice: where they are; edges: 1 where the
    text begins within a word, 2 where it ends within one, 3 where both; keys: what tells a
    sequence from others, where that matters; by: what they are told apart by for slices;
    models: the names that the file gives; scores: the tokens themselves, where they are at hand.
    """

    nll: Floats
    tokens: Floats
    skipped: Floats
    bytes: Floats
    chars: Floats
    words: Floats
    spelled: Floats
    oov: Floats
    part: NDArray[np.int32]
    row: NDArray[np.int32]
    choice: NDArray[np.int32]
    edges: NDArray[np.int8]
    keys: NDArray[np.bytes_] | None = None
    by: Mapping[str, Labels] = field(default_factory=dict)
    models: frozenset[str] = frozenset()
    scores: TokenScores | None = None

    def __len__(self) -> int:
        return len(self.nll)

    @property
    def rows(self) -> int:
        """How many there are, as a batch of rows says it."""
        return len(self)

    @property
    def weight(self) -> None:
        """Every sequence counts once."""
        return None

    @property
    def columns(self) -> Mapping[str, Any]:
        """None: sequences are told apart by their order."""
        return {}

    @property
    def truncated(self) -> Marks:
        """Where the tokens spell fewer characters than the text has."""
        return self.spelled < self.chars

    def within(self, k: int) -> Floats:
        """(n,) the tokens that are among the k likeliest."""
        ranks = self.scores and self.scores.ranks
        if not ranks:
            return np.zeros(len(self))
        assert self.scores
        return self.scores.sums((ranks.rank > 0) & (ranks.rank <= k)).astype(np.float64)

    def undetermined(self, k: int) -> Floats:
        """(n,) the tokens of which the file does not say whether they are."""
        ranks = self.scores and self.scores.ranks
        if not ranks:
            return np.where(np.isnan(self.tokens), 1.0, self.tokens)
        assert self.scores
        return self.scores.sums((ranks.rank == 0) & (ranks.listed < k)).astype(np.float64)

    def take(self, kept: Marks) -> Sequences:
        """Some of the sequences (a mask)."""
        if kept.all():
            return self
        columns = {name: getattr(self, name)[kept] for name in _COLUMNS}
        keys = None if self.keys is None else self.keys[kept]
        scores, by = self.scores and self.scores.take(kept), self._groups(kept)
        return replace(self, **columns, keys=keys, by=by, scores=scores)

    def tokens_alone(self) -> Sequences:
        """The tokens, without the sequences."""
        return replace(self.take_places(np.empty(0, np.int64)), scores=self.scores)

    def take_places(self, places: Ints) -> Sequences:
        """Some of the sequences, by position, without their tokens."""
        columns = {name: getattr(self, name)[places] for name in _COLUMNS}
        return replace(self, **columns, keys=None, by=self._groups(places), scores=None)

    def _groups(self, some: Marks | Ints) -> dict[str, Labels]:
        return {column: labels.take(some) for column, labels in self.by.items()}


_COLUMNS = tuple(
    one.name for one in fields(Sequences) if one.name not in ("keys", "by", "models", "scores")
)


def joined(several: Sequence[Sequences]) -> Sequences:
    """The sequences of several batches as one, without their tokens."""
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(one, name) for one in several]) for name in _COLUMNS
    }
    keyed = [one.keys for one in several if one.keys is not None]
    return Sequences(
        **columns,
        keys=np.concatenate(keyed) if len(keyed) == len(several) else None,
        by={name: _joined([one.by[name] for one in several]) for name in several[0].by},
        models=frozenset().union(*(one.models for one in several)),
    )


def _joined(several: Sequence[Labels]) -> Labels:
    place: dict[str, int] = {}
    codes = []
    for labels in several:
        known = [*(place.setdefault(name, len(place)) for name in labels.names), -1]
        codes.append(np.array(known, np.int32)[labels.codes])  # −1 is the last
    return Labels(np.concatenate(codes), tuple(place))
