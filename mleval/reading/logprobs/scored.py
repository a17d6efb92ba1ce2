"""Scored: log-probabilities as a stretch of a file holds them, before anything is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats, Labels
from mleval.reading.logprobs.texts import Sizes
from mleval.reading.problems import COUNT, DROP, PLURAL
from mleval.sequences import Ints, TokenScores

Names = Any
"""(n,) an Arrow array or a list of text: made Python's only where it matters."""


class Failure(NamedTuple):
    """What may stand where log-probabilities should: in a headline, and as a reason to leave out.

    reason: none for what `--missing drop` does not leave out; hint: what to do.
    """

    headline: str
    reason: str | None
    hint: str = DROP


ERROR = Failure(f"{COUNT} error response{PLURAL}", "answered with an error")
NONE = Failure(f"{COUNT} record{PLURAL} without log-probabilities", "without log-probabilities")
NEGATIVE = Failure(
    f"{COUNT} row{PLURAL} with a loss below 0",
    None,
    "a loss is −Σ ln p; a column of Σ ln p is known by a name such as loglikelihood",
)
WORD = Failure(
    f"{COUNT} cell{PLURAL} that should be a number", None, "leave a cell empty where there is none"
)


class Failed(NamedTuple):
    """A row with something else than log-probabilities, and what is said of it."""

    row: int
    what: Failure
    text: str


@dataclass(frozen=True, kw_only=True)
class Scored:
    """n sequences, their log-probabilities in the base of their file.

    tokens: their values are as in the file, and 0 where `absent`; row, choice: (n,) where each is;
    listed: (n,) tokens listed beside the log-probabilities, −1 where there is no list;
    counts: (n,) how many tokens a sequence's only value is the sum of, nan where that is not
    known; None where every value is of one token. names: what the sequences are called;
    by: what they are told apart by for slices;
    left_out: reason → sequences that do not count, though nothing is wrong with them;
    edges: (n,) 1 where the text begins within a word, 2 where it ends within one, 3 both;
    clamped: what −9999 stands for: itself, an impossible token, or a value that is not known.
    """

    tokens: TokenScores
    row: Ints
    choice: NDArray[np.int32] | None = None
    listed: Ints | None = None
    counts: Floats | None = None
    sizes: Sizes | None = None
    edges: NDArray[np.int8] | None = None
    spelled: Floats | None = None
    oov: Floats | None = None
    names: Names | None = None
    by: Mapping[str, Labels] = field(default_factory=dict)
    models: frozenset[str] = frozenset()
    failed: tuple[Failed, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    clamped: Literal["", "impossible", "unknown"] = ""

    def __len__(self) -> int:
        return len(self.row)

    @property
    def first_rows(self) -> Ints | None:
        """(e,) where tokens have rows, for each row that of the first token of its sequence."""
        rows = self.tokens.rows
        if rows is None:
            return None
        found = np.empty(len(rows), np.int64)
        found[rows] = np.repeat(self.row, np.diff(self.tokens.offsets))
        return found

    def sequence_of(self, at: Ints) -> Ints:
        """Which sequence each of some tokens is in, by their places among all."""
        found: Ints = np.searchsorted(self.tokens.offsets, at, side="right") - 1
        return found

    def first_of_each(self, at: Ints) -> Ints:
        """Of some tokens the first of each sequence."""
        return at[np.unique(self.sequence_of(at), return_index=True)[1]]

    def row_of(self, at: Ints) -> Ints:
        """The rows that some tokens are in."""
        return self.row[self.sequence_of(at)] if self.tokens.rows is None else self.tokens.rows[at]

    def token(self, place: int) -> str:
        """Which token of its sequence one is, by its place among all, with its value.

        >>> tokens = TokenScores(np.array([0, 2, 5]), np.array([-1.0, -2, -3, 0.25, -5]))
        >>> Scored(tokens=tokens, row=np.arange(2)).token(3)
        'token 2 of 3: 0.25'
        """
        value, absent = float(self.tokens.values[place]), self.tokens.absent
        text = f"{value:g}"
        if absent is not None and absent[place]:
            text = f"{text}, which stands for an unknown value" if value else "no value"
        if self.tokens.rows is not None or self.counts is not None:
            return text
        sequence = int(self.sequence_of(np.array([place]))[0])
        start, end = self.tokens.offsets[sequence : sequence + 2].tolist()
        return f"token {place - start + 1:,} of {end - start:,}: {text}"
