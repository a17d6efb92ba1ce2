"""TextReading: one pass over the segments of a system, a stretch of them at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from mleval.batch import Column, Floats, Labels, Texts
from mleval.errors import InputError
from mleval.evaluation.clusters import ROLE
from mleval.language.blocks import cores, stretches
from mleval.metrics.text_rows import TextRows
from mleval.reading import Tally
from mleval.reading.by_checks import no_cluster
from mleval.reading.problems import Problems
from mleval.reading.slicing import role_of
from mleval.reading.texts import Segments

STRETCH = 1 << 23
"""Bytes of text that are counted at a time at most: a distinct word is looked at once in them."""
SHARED = 1 << 20
"""Bytes of text that are worth sharing among the cores."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some segments, from number `first` on.

    columns: `id`, where something identifies segments, and what they are told apart by and go
    together by, by its role; counts: component → (n,) of each segment, once they have been counted.
    """

    first: int
    texts: TextRows
    columns: Mapping[str, Column] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many there are, as a batch of rows says it."""
        return len(self.texts.hypotheses)

    @property
    def weight(self) -> None:
        """Every segment counts once."""
        return None

    def labels(self, role: str) -> Labels:
        """What segments are told apart by, as a batch of rows says it."""
        column = self.columns[role]
        assert isinstance(column, Labels)
        return column

    def numbers(self, component: str) -> Floats:
        """(n,) what was counted of each."""
        counted: Floats = self.counts[component]
        return counted


class TextReading:
    """One pass over segments. Take `parts()`, load each (in any threads), then `finish()`.

    by: the columns that segments are told apart by; cluster: the one that they go together by.
    """

    def __init__(
        self, name: str, segments: Segments, by: Iterable[str] = (), cluster: str | None = None
    ) -> None:
        self._name, self._segments = name, segments
        cells = segments.cells
        self._groups = {role_of(one): cells(one, "--by") for one in by} if cells else {}
        if cells and cluster is not None:
            self._groups[ROLE] = _clusters(segments, cells(cluster, "--cluster"), cluster)

    def parts(self) -> Iterator[Callable[[], Stretch]]:
        """One loader a stretch, in the order of the input."""
        segments = self._segments
        ends = segments.hypotheses.offsets.copy()
        for lines in segments.references:
            ends += lines.offsets
        for first, last in stretches(ends, _stretch(int(ends[-1]))):
            yield partial(_load, segments, self._groups, first, last)

    def finish(self) -> Tally:
        """How many segments there are; InputError for none."""
        left_out = {why: count for why, count in self._segments.left_out.items() if count}
        used = len(self._segments)
        if not used:
            why = "; ".join(f"{count:,} left out: {why}" for why, count in left_out.items())
            raise InputError(
                f"{self._name}: there are no segments" + (f" ({why})" if why else ""),
                hint="expected at least one text and its reference",
            )
        return Tally(used + sum(left_out.values()), used, left_out)


def _clusters(segments: Segments, held: Labels, column: str) -> Labels:
    """Those of a column; InputError for a segment of none."""
    missing, problems = np.flatnonzero(held.codes < 0), Problems()
    problems.add(no_cluster(column), 0, missing, lambda _: "empty")
    if problems:
        raise problems.error(lambda _, at: segments.place(at))
    return held


def _stretch(size: int) -> int:
    """How many bytes make a stretch, so that every core has as many stretches as another."""
    if size <= min(SHARED, STRETCH):
        return size
    rounds = -(-size // (cores() * STRETCH))
    return -(-size // (cores() * rounds)) + size // 1000  # some are a line longer than others


def _load(segments: Segments, groups: Mapping[str, Labels], first: int, last: int) -> Stretch:
    references = [lines.stretch(first, last) for lines in segments.references]
    texts = TextRows(segments.hypotheses.stretch(first, last), references)
    columns: dict[str, Column] = {
        role: Labels(held.codes[first:last], held.names) for role, held in groups.items()
    }
    if segments.ids is not None:
        import pyarrow as pa  # few inputs have ids

        columns["id"] = Texts(pa.array(segments.ids[first:last], pa.string()))
    return Stretch(first, texts, columns)
