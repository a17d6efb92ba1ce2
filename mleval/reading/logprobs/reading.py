"""LogprobReading: one pass over log-probabilities, as checked Sequences part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import Literal

from mleval.errors import InputError
from mleval.reading.logprobs.checks import Checks
from mleval.reading.logprobs.matching import Texts
from mleval.reading.logprobs.pieces import put_together
from mleval.reading.logprobs.scored import Scored
from mleval.reading.logprobs.source import LogprobSource
from mleval.reading.tally import Tally
from mleval.sequences import Sequences, joined

Load = Callable[[], Scored]


class LogprobReading:
    """One pass over a source. Take `parts()`, load each (in any threads), then `finish()`."""

    def __init__(self, source: LogprobSource, missing: Literal["error", "drop"]) -> None:
        self._source = source
        self._texts = None if source.texts is None else Texts(source.texts)
        self._checks = Checks(source.roles.base, missing, keyed=source.keyed)

    def parts(self) -> Iterator[Callable[[], Sequences]]:
        """One loader a part, in the order of the files; each may run in any thread, once."""
        if self._source.in_pieces:
            return self._in_pieces()
        if self._texts is not None:
            return self._with_texts(self._texts)
        return (partial(self._load, n, load) for n, load in enumerate(self._source.loaders()))

    def finish(self) -> Tally:
        """How many sequences count; InputError with everything that was wrong with them."""
        tally = self._checks.finish(self._source.name, self._source.locate)
        if self._texts is not None:
            self._texts.require_as_many(self._source.name)
        if not tally.rows_used:
            told = ", ".join(f"{count:,} {why}" for why, count in tally.left_out.items())
            raise InputError(
                f"{self._source.name}: no token has a log-probability"
                + (f": {told}" if told else ""),
                hint="expected at least one sequence with a log-probability for each token",
            )
        return tally

    def _load(self, number: int, load: Load) -> Sequences:
        return self._checks.counted(self._checks.examined(load(), number))

    def _with_texts(self, texts: Texts) -> Iterator[Callable[[], Sequences]]:
        """Part after part, each told how many sequences are before it."""
        loaders = self._source.loaders()
        load = next(loaders, None)
        number = 0
        while load is not None:
            following = next(loaders, None)
            alone = number == 0 and following is None
            yield partial(self._load_with_texts, number, load, texts, *texts.next_turn(), alone)
            load, number = following, number + 1

    def _load_with_texts(
        self,
        number: int,
        load: Load,
        texts: Texts,
        before: Future[int],
        after: Future[int],
        alone: bool,
    ) -> Sequences:
        try:
            scored = load()
            start = before.result()
        except BaseException as error:
            after.set_exception(error)
            raise
        after.set_result(start + len(scored) + len(scored.failed))
        found = self._checks.examined(scored, number)
        return self._checks.counted(texts.added(found, scored.failed, start, alone, self._checks))

    def _in_pieces(self) -> Iterator[Callable[[], Sequences]]:
        """The tokens part by part, then the documents that they are of."""
        pieces: list[Future[Sequences]] = []
        for number, load in enumerate(self._source.loaders()):
            pieces.append(Future())
            yield partial(self._load_piece, number, load, pieces[-1])
        yield partial(self._put_together, pieces)

    def _load_piece(self, number: int, load: Load, piece: Future[Sequences]) -> Sequences:
        try:
            found = self._checks.examined(load(), number)
        except BaseException as error:
            piece.set_exception(error)
            raise
        piece.set_result(replace(found, scores=None))
        return found.tokens_alone()

    def _put_together(self, pieces: list[Future[Sequences]]) -> Sequences:
        found = joined([piece.result() for piece in pieces])
        documents, headless = put_together(found, self._source.name)
        for part in set(found.part[headless].tolist()):
            rows = found.row[headless & (found.part == part)].tolist()
            self._checks.lack(part, rows)
        if self._texts is not None:
            self._texts.next_turn()[1].set_result(len(documents))
            documents = self._texts.added(documents, (), 0, True, self._checks)
        return self._checks.counted(documents)
