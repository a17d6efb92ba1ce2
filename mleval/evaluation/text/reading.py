"""TextReading: one pass over the segments of a system, a stretch of them at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from mleval.errors import InputError
from mleval.language.blocks import stretches
from mleval.metrics.text_rows import TextRows
from mleval.reading import Tally
from mleval.reading.texts import Segments, TextSource

STRETCH = 1 << 22
"""Bytes of text that are counted at a time: each distinct word is looked at once in them."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some segments, from number `first` on; whole: those that they are of."""

    first: int
    whole: Segments
    rows: TextRows


class TextReading:
    """One pass over a source. Take `parts()`, load each (in any threads), then `finish()`."""

    def __init__(self, source: TextSource) -> None:
        self._source = source
        self._tally = Tally(0, 0)

    def parts(self) -> Iterator[Callable[[], Stretch]]:
        """One loader a stretch, in the order of the input; InputError for no segments."""
        whole = self._source.segments()
        left_out = {why: count for why, count in whole.left_out.items() if count}
        self._tally = Tally(len(whole) + sum(left_out.values()), len(whole), left_out)
        if not len(whole):
            why = "; ".join(f"{count:,} left out: {why}" for why, count in left_out.items())
            raise InputError(
                f"{self._source.name}: there are no segments" + (f" ({why})" if why else ""),
                hint="expected at least one text and its reference",
            )
        ends = whole.hypotheses.offsets.copy()
        for lines in whole.references:
            ends += lines.offsets
        for first, last in stretches(ends, STRETCH):
            yield partial(_load, whole, first, last)

    def finish(self) -> Tally:
        """How many segments there are."""
        return self._tally


def _load(whole: Segments, first: int, last: int) -> Stretch:
    references = [lines.stretch(first, last) for lines in whole.references]
    return Stretch(first, whole, TextRows(whole.hypotheses.stretch(first, last), references))
