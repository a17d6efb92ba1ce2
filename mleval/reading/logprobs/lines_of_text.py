"""Lines of text with log-probabilities: what such formats share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from mleval.batch import Kind
from mleval.reading.content import whole
from mleval.reading.encoding import Encoded
from mleval.reading.lines import LineFile, Where
from mleval.reading.logprobs.records import Shown
from mleval.reading.logprobs.scored import Scored
from mleval.reading.ranges import Range


class ScoredLines(LineFile):
    """A file of lines, each of which may be a sequence."""

    def __init__(self, text: Encoded) -> None:
        super().__init__(text, (), text.start)

    @property
    def dialect(self) -> None:
        """Every line is a record."""
        return None

    def loaders(self) -> Iterator[Callable[[], Scored]]:
        """One a stretch."""
        yield from self.parts({})

    def parse(self, data: bytes, kinds: Mapping[str, Kind], where: Where) -> Any:
        """The sequences of a stretch."""
        del kinds
        return self.score(_lines(data), where)

    def line_of_row(self, data: bytes, row: int) -> int:
        """Rows are lines here."""
        del data
        return row

    def show(self, part: int, row: int, choice: int) -> Shown:
        """A sequence for a person."""
        del choice
        return self.shown(_lines(self.record(part, row))[0])

    @abstractmethod
    def score(self, lines: Sequence[str], where: Where) -> Scored:
        """The sequences of some lines, their rows the places of the lines."""

    def shown(self, line: str) -> Shown:
        """What a line says, for a person."""
        return Shown(None, line)


class ScoredAtOnce(ScoredLines):
    """A file of lines of which several belong together, read as one stretch."""

    def loaders(self) -> Iterator[Callable[[], Scored]]:
        """The only one."""
        yield partial(self.load, self._everything(), {})

    def lines(self) -> list[str]:
        """All of them again."""
        return _lines(self._text.utf8(self._everything().bytes_of(self.content)))

    def _everything(self) -> Range:
        end = len(whole(self.content))
        self._ranges[:] = [(self.rows_start, end)]
        return Range(self.rows_start, end)


def _lines(data: bytes) -> list[str]:
    return [line.removesuffix("\r") for line in data.decode(errors="replace").split("\n")]
