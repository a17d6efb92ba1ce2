"""Collecting sequences one by one, of formats that Python reads record by record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np

from mleval.errors import InputError
from mleval.reading.logprobs.scored import Failed, Failure, Scored
from mleval.reading.logprobs.texts import Sizes, sizes_of_strings
from mleval.sequences import Ranks, TokenScores

_BEYOND = np.iinfo(np.int64).max  # listed beside a token that has no log-probability: it is settled

Rank = tuple[int, int]
"""The rank of a token among so many alternatives; 0 where it is less likely than all of them."""


class Collected:
    """Sequences as they come; `scored()` has them all.

    clamped: see Scored.
    """

    def __init__(self, clamped: Literal["", "impossible", "unknown"] = "") -> None:
        self._clamped = clamped
        self._values: list[Any] = []
        self._lengths: list[int] = []
        self._rows: list[int] = []
        self._choices: list[int] = []
        self._listed: list[int] = []
        self._spelled: list[float] = []
        self._texts: list[str | None] = []
        self._bytes: list[int | None] = []
        self._counts: list[float] = []
        self._oov: list[float] = []
        self._ranks: list[Rank] = []
        self._keys: list[str] = []
        self._models: set[str] = set()
        self._failed: list[Failed] = []
        self._left_out: dict[str, int] = {}

    def add(
        self,
        row: int,
        values: Sequence[Any],
        *,
        choice: int = 0,
        tokens: Sequence[Any] | None = None,
        spelling: bool = True,
        text: str | None = None,
        utf8: int | None = None,
        count: float | None = None,
        oov: float = np.nan,
        ranks: Sequence[Rank] | None = None,
        key: object = None,
    ) -> None:
        """A sequence: its log-probabilities, None where there is none.

        tokens: as text or as numbers; spelling: whether they are the text, one after another;
        utf8: the bytes of a text that is not known itself;
        count: how many tokens the only value is the sum of, nan where that is not known.
        """
        self._values += values
        self._lengths.append(len(values))
        self._rows.append(row)
        self._choices.append(choice)
        self._listed.append(-1 if tokens is None else len(tokens))
        self._spelled.append(_spelled(tokens) if spelling else np.nan)
        self._texts.append(text)
        self._bytes.append(utf8)
        self._oov.append(oov)
        self._keys.append("" if key is None else str(key))
        if count is not None:
            self._counts.append(count)
        self._ranks += ranks or [(0, 0)] * len(values)

    def fail(self, row: int, what: Failure, text: str) -> None:
        """Something else stands where log-probabilities should."""
        self._failed.append(Failed(row, what, text))

    def leave_out(self, reason: str) -> None:
        """A sequence does not count, and nothing is wrong with that."""
        self._left_out[reason] = self._left_out.get(reason, 0) + 1

    def model(self, name: object) -> None:
        """The model that a record names."""
        if isinstance(name, str) and name:
            self._models.add(name)

    def scored(self) -> Scored:
        """All of them."""
        offsets = np.concatenate([[0], np.cumsum(self._lengths, dtype=np.int64)])
        values = _numbers(self._values)
        absent = None
        if np.isnan(values).any():
            absent = np.array([value is None for value in self._values], dtype=np.bool_)
            values[absent] = 0.0
        return Scored(
            tokens=TokenScores(offsets, values, absent, self._ranked(absent)),
            row=np.array(self._rows, np.int64),
            choice=np.array(self._choices, np.int32),
            listed=np.array(self._listed, np.int64),
            counts=np.array(self._counts) if self._counts else None,
            sizes=self._sizes(),
            spelled=np.array(self._spelled),
            oov=np.array(self._oov),
            names=self._keys if any(self._keys) else None,
            models=frozenset(self._models),
            failed=tuple(self._failed),
            left_out=self._left_out,
            clamped=self._clamped,
        )

    def _ranked(self, absent: Any) -> Ranks | None:
        found = np.array(self._ranks, np.int64).reshape(-1, 2)
        if not found.any():
            return None
        if absent is not None:
            found[absent] = 0, _BEYOND
        return Ranks(found[:, 0].copy(), found[:, 1].copy())

    def _sizes(self) -> Sizes:
        sizes = sizes_of_strings(self._texts)
        known = np.array([np.nan if size is None else size for size in self._bytes], np.float64)
        return sizes._replace(bytes=np.where(np.isnan(sizes.bytes), known, sizes.bytes))


def numbers_in(values: Iterable[Any]) -> list[float]:
    """Those that are numbers."""
    return [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]


def _spelled(tokens: Sequence[Any] | None) -> float:
    """The characters of the tokens; nan of numbers, which spell nothing."""
    if tokens is None or not all(isinstance(token, str) for token in tokens):
        return np.nan
    return float(sum(map(len, tokens)))


def _numbers(values: list[Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """(e,) the numbers, nan for None; numbers as text are numbers too."""
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        found = next(value for value in values if not _is_number(value))
        raise InputError(
            f"expected log-probabilities, found {str(found)[:40]!r} among them",
            hint="write numbers, null where there is none",
        ) from None


def _is_number(value: Any) -> bool:
    try:
        float(np.nan if value is None else value)
    except (TypeError, ValueError, OverflowError):
        return False
    return True
