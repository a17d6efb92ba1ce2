"""Texts of another file, matched with the sequences: by id where both have one, else in order."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace

import numpy as np

from mleval.errors import InputError
from mleval.reading.logprobs.checks import Checks
from mleval.reading.logprobs.scored import Failed
from mleval.reading.logprobs.text_files import TextFile
from mleval.reading.logprobs.texts import Sizes
from mleval.reading.problems import COUNT, PLURAL, Fault
from mleval.sequences import Ints, Sequences


class Texts:
    """The texts of one pass, and how many sequences have come so far."""

    def __init__(self, file: TextFile) -> None:
        self._file = file
        self._turn: Future[int] = Future()
        self._turn.set_result(0)
        self._by_id = self._is_whole = False

    def next_turn(self) -> tuple[Future[int], Future[int]]:
        """How many sequences are before a part, and where to say how many are after it."""
        before, self._turn = self._turn, Future()
        return before, self._turn

    def added(
        self,
        sequences: Sequences,
        failed: Sequence[Failed],
        start: int,
        alone: bool,
        checks: Checks,
    ) -> Sequences:
        """The sequences with the lengths of their texts.

        start: how many are before them; failed: rows between them that are none, but have a text;
        alone: whether no others follow, so that the one that there may be has the whole file.
        """
        if self._file.keys is not None and sequences.keys is not None:
            self._by_id = True
            return _sized(sequences, self._file.at(self._matched(sequences, checks)))
        whole = self._file.whole if len(self._file) != 1 else None
        if alone and len(sequences) == 1 and not failed and whole is not None:
            self._is_whole = True
            return _sized(sequences, whole)
        rows = np.concatenate([sequences.row, [one.row for one in failed]])
        places = np.empty(len(rows), np.int64)
        places[np.argsort(rows, kind="stable")] = np.arange(len(rows))
        if not failed:
            places = np.arange(len(rows))
        return _sized(sequences, self._file.at(start + places[: len(sequences)]))

    def _matched(self, sequences: Sequences, checks: Checks) -> Ints:
        assert sequences.keys is not None
        places = self._file.by_key(sequences.keys)
        lacking = places < 0
        fault = Fault(
            f"found {COUNT} sequence{PLURAL} whose id {self._file.name} has not",
            "give every sequence its text, or texts without ids in the same order",
            rank=6,
        )
        for part in np.unique(sequences.part[lacking]).tolist():
            rows = sequences.row[lacking & (sequences.part == part)]
            checks.tell(fault, part, dict.fromkeys(rows.tolist(), "no text of that id"))
        return places

    def require_as_many(self, name: str) -> None:
        """InputError when there are more texts or fewer than sequences, in order."""
        count, texts = self._turn.result(), len(self._file)
        if self._by_id or self._is_whole or count == texts:
            return
        raise InputError(
            f"--text {self._file.name} has {texts:,} texts, and {name} {count:,} sequences",
            hint="give one text a line (or row) for each sequence, in their order; or ids in both",
        )


def _sized(sequences: Sequences, sizes: Sizes) -> Sequences:
    return replace(sequences, bytes=sizes.bytes, chars=sizes.chars, words=sizes.words)
