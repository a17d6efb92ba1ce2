"""Files of JSON records: what every format of them shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from mleval.batch import Kind
from mleval.reading.jsonl import json_object
from mleval.reading.lines import LineFile, Where
from mleval.reading.logprobs.groups import of_records
from mleval.reading.logprobs.json_text import JsonText
from mleval.reading.logprobs.records import Shown
from mleval.reading.logprobs.scored import Scored


class RecordLines(LineFile):
    """A file of JSON records, each one or several sequences. format: a module of one of them.

    by: the keys that sequences are told apart by.
    """

    def __init__(self, source: JsonText, format: Any, text: str | None) -> None:
        super().__init__(source.text, (), source.text.start)
        self.unit = source.unit
        self._format, self._key = format, text
        self.by: Sequence[str] = ()

    @property
    def dialect(self) -> None:
        """Every line is a record."""
        return None

    def loaders(self) -> Iterator[Callable[[], Scored]]:
        """One a stretch."""
        yield from self.parts({})

    def parse(self, data: bytes, kinds: Mapping[str, Kind], where: Where) -> Any:
        """The sequences of a stretch; InputError for a line that is no object."""
        del kinds
        rows = [
            (number, json_object(line.decode(), partial(where.line, number)))
            for number, line in enumerate(data.split(b"\n"))
            if line.strip()
        ]
        scored: Scored = self._format.score(rows, self._key)
        return replace(scored, by=of_records(rows, scored.row, self.by)) if self.by else scored

    def line_of_row(self, data: bytes, row: int) -> int:
        """Rows are lines here."""
        del data
        return row

    def show(self, part: int, row: int, choice: int) -> Shown:
        """A sequence for a person."""
        record = json_object(self.record(part, row).decode(), self.locate(part, row))
        shown: Shown = self._format.show(record, choice)
        return shown
