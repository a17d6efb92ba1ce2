"""Checks: what is wrong with log-probabilities, and what is left of them: Sequences."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock
from typing import Literal

import numpy as np

from mleval.batch import Floats
from mleval.reading.logprobs.choices import Base
from mleval.reading.logprobs.keys import digests_of
from mleval.reading.logprobs.positives import Positives
from mleval.reading.logprobs.scored import Scored
from mleval.reading.logprobs.texts import unknown
from mleval.reading.problems import COUNT, PLURAL, Fault, Problems
from mleval.reading.tally import Tally
from mleval.sequences import Ints, Marks, Sequences, TokenScores

NATURAL: Mapping[Base, float] = {"e": 1.0, "2": math.log(2), "10": math.log(10)}
"""What a logarithm of a base is multiplied by to be a natural one."""

CLAMPED = -9999.0
"""What servers write for a token that has no log-probability they could give."""

_UNEQUAL = Fault(
    f"expected one log-probability a token, found {COUNT} sequence{PLURAL} with more or fewer",
    "write one for each token: null for the first, if it has none; fairseq has one for the end too",
    rank=1,
)
_NAN = Fault(
    f"found NaN in {COUNT} sequence{PLURAL}",
    "a first token without a log-probability is null; NaN elsewhere is a failure of the model",
    rank=2,
)
_ABSENT = Fault(
    f"found {COUNT} sequence{PLURAL} with a token that has no log-probability",
    "only a first token may lack it; --missing drop leaves these sequences out",
    rank=3,
)
_COUNTS = Fault(
    f"expected whole numbers of tokens, found {COUNT} other{PLURAL}",
    "write how many tokens the sum or mean is over",
    rank=4,
)


class Checks:
    """The checks of one pass, from all its threads. keyed: what tells sequences apart is kept."""

    def __init__(
        self, base: Base, missing: Literal["error", "drop"], *, keyed: bool = False
    ) -> None:
        self._factor, self._keyed = NATURAL[base], keyed
        self._drop = missing == "drop"
        self._problems, self._positives = Problems(), Positives()
        self._lock = Lock()
        self._read = self._used = 0
        self._left_out: dict[str, int] = {}

    def examined(self, scored: Scored, part: int) -> Sequences:
        """The sequences of a part; nll is nan where they lack a log-probability.

        What is wrong with them is told by `finish`.
        """
        scored = _unclamped(scored)
        self._tell_failed(scored, part)
        for reason, count in scored.left_out.items():
            self._leave_out(reason, count)
        self._positives.note(scored, part, self._problems)
        if scored.listed is not None:
            self._tell_unequal(scored, scored.listed, part)
        if scored.counts is not None:
            self._tell_uncounted(scored, scored.counts, part)
        values, absent = scored.tokens.values, scored.tokens.absent
        if len(values) and math.isnan(values.min()):
            self._tell_tokens(_NAN, scored, np.flatnonzero(np.isnan(values)), part)
        found = self._natural(scored, part)
        if absent is not None:
            at = _elsewhere(scored.tokens, absent)
            found.nll[scored.sequence_of(at)] = np.nan
            if not self._drop:
                self._tell_tokens(_ABSENT, scored, at, part)
        return found

    def counted(self, sequences: Sequences) -> Sequences:
        """Those that can be used, and count."""
        lacking, empty = np.isnan(sequences.nll), sequences.tokens == 0
        self._leave_out("with a missing log-probability", int(lacking.sum()))
        self._leave_out("without a scored token", int((empty & ~lacking).sum()))
        used = sequences.take(~(lacking | empty))
        with self._lock:
            self._read += len(sequences)
            self._used += len(used)
        return used

    def finish(self, name: str, locate: Callable[[int, int], str]) -> Tally:
        """How many sequences count; InputError with everything that was wrong with them."""
        self._positives.refuse_other_numbers(name)
        if self._problems:
            raise self._problems.error(locate)
        return Tally(self._read, self._used, dict(self._left_out))

    def _tell_failed(self, scored: Scored, part: int) -> None:
        with self._lock:
            self._read += len(scored.failed) + sum(scored.left_out.values())
        for what in dict.fromkeys(failed.what for failed in scored.failed):
            some = {failed.row: failed.text for failed in scored.failed if failed.what is what}
            if self._drop and what.reason:
                self._leave_out(what.reason, len(some))
            else:
                self.tell(Fault(f"found {what.headline}", what.hint), part, some)

    def _tell_unequal(self, scored: Scored, listed: Ints, part: int) -> None:
        lengths = np.diff(scored.tokens.offsets)
        bad = np.flatnonzero((listed >= 0) & (listed != lengths))
        text = {int(scored.row[i]): _lengths(int(listed[i]), int(lengths[i])) for i in bad}
        self.tell(_UNEQUAL, part, text)

    def _tell_uncounted(self, scored: Scored, counts: Floats, part: int) -> None:
        with np.errstate(invalid="ignore"):
            bad = ~np.isnan(counts) & ((counts < 0) | (counts != np.floor(counts)))
        at = np.flatnonzero(bad)
        self.tell(_COUNTS, part, {int(scored.row[i]): f"{counts[i]:g} tokens" for i in at})

    def _tell_tokens(self, fault: Fault, scored: Scored, at: Ints, part: int) -> None:
        """Tell of tokens, by their places among all: of the first in each sequence."""
        first = scored.first_of_each(at)
        rows = scored.row_of(first).tolist()
        told = zip(rows, map(scored.token, first.tolist()), strict=True)
        self.tell(fault, part, dict(told))

    def tell(self, fault: Fault, part: int, text: Mapping[int, str]) -> None:
        """Tell what is wrong in some rows of a part."""
        self._problems.add(fault, part, np.array([*text], np.intp), text.__getitem__)

    def lack(self, part: int, rows: list[int]) -> None:
        """Tell of documents that lack a log-probability where a piece of them begins."""
        if not self._drop:
            self.tell(_ABSENT, part, dict.fromkeys(rows, "no value"))

    def _leave_out(self, reason: str, count: int) -> None:
        if count:
            with self._lock:
                self._left_out[reason] = self._left_out.get(reason, 0) + count

    def _natural(self, scored: Scored, part: int) -> Sequences:
        """All sequences, their sums in natural logarithms."""
        size, tokens, unsaid = len(scored), scored.tokens, np.full(len(scored), np.nan)
        values = tokens.values if self._factor == 1.0 else tokens.values * self._factor
        sizes = scored.sizes or unknown(size)
        skipped = _skipped(tokens)
        return Sequences(
            nll=0.0 - tokens.sums(values),
            tokens=np.diff(tokens.offsets) - skipped if scored.counts is None else scored.counts,
            skipped=skipped,
            bytes=sizes.bytes,
            chars=sizes.chars,
            words=sizes.words,
            spelled=unsaid if scored.spelled is None else scored.spelled,
            oov=unsaid if scored.oov is None else scored.oov,
            edges=np.zeros(size, np.int8) if scored.edges is None else scored.edges,
            part=np.full(size, part, np.int32),
            row=scored.row.astype(np.int32),
            choice=np.zeros(size, np.int32) if scored.choice is None else scored.choice,
            keys=digests_of(scored.names) if self._keyed and scored.names is not None else None,
            by=scored.by,
            models=scored.models,
            scores=replace(tokens, values=values, part=part) if scored.counts is None else None,
        )


def _lengths(tokens: int, logprobs: int) -> str:
    """How many there are of both.

    >>> _lengths(1, 2)
    '1 token, 2 log-probabilities'
    """
    some = "token" if tokens == 1 else "tokens"
    return f"{tokens:,} {some}, {logprobs:,} log-probabilit{'y' if logprobs == 1 else 'ies'}"


def _skipped(tokens: TokenScores) -> Floats:
    """(n,) 1 where the first token has no log-probability."""
    found = np.zeros(len(tokens.offsets) - 1)
    if tokens.absent is not None:
        some = np.diff(tokens.offsets) > 0
        found[some] = tokens.absent[tokens.offsets[:-1][some]]
    return found


def _elsewhere(tokens: TokenScores, absent: Marks) -> Ints:
    """The places of tokens without a log-probability that are not the first of their sequence."""
    later = absent.copy()
    later[tokens.offsets[:-1][np.diff(tokens.offsets) > 0]] = False
    return np.flatnonzero(later)


def _unclamped(scored: Scored) -> Scored:
    """What −9999 stands for in its place."""
    tokens = scored.tokens
    at = tokens.values == CLAMPED if scored.clamped else None
    if at is None or not at.any():
        return scored
    if scored.clamped == "impossible":
        values, absent = np.where(at, -np.inf, tokens.values), tokens.absent
    else:
        absent = at if tokens.absent is None else tokens.absent | at
        first = np.zeros(len(at) + 1, dtype=np.bool_)
        first[tokens.offsets[:-1]] = True
        values = np.where(at & first[:-1], 0.0, tokens.values)
    return replace(scored, tokens=replace(tokens, values=values, absent=absent))
