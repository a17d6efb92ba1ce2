"""Evidence of an evaluation of texts: the merged states of its segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mleval.batch import Floats
from mleval.reading.texts import Segments
from mleval.registry import Task
from mleval.states import Kept, Means, NgramSet


@dataclass(frozen=True, kw_only=True)
class TextEvidence:
    """What is known of a system when all segments are in.

    rows: the segments; means: of the numbers of each; grams: by length, the n-grams of the
    hypotheses; worst: the segments that score lowest; scores: Spec → (n,) of each segment, where
    they were asked for; segments: the texts themselves; names: what hypotheses and references are
    called.
    """

    rows: int
    means: Means
    grams: Mapping[int, NgramSet]
    worst: Kept
    scores: Mapping[str, Floats]
    segments: Segments
    names: tuple[str, tuple[str, ...]]
    task: Task = "text"

    @cached_property
    def references(self) -> tuple[int, int]:
        """How many a segment has at least, and at most."""
        count = np.zeros(len(self.segments), np.int64)
        for lines in self.segments.references:
            count += 1 if lines.missing is None else ~lines.missing
        return int(count.min()), int(count.max())
