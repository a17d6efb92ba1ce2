"""Evidence: the merged states with everything decided that only the whole could tell.

Metrics are read off this, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np

from mleval.evaluation.classification.kept import KeptLabels, KeptScores
from mleval.evaluation.classification.labels import Spellings
from mleval.registry import Task
from mleval.states import BinaryScores, ClassCounts, Confusion, Counts, Means, RowShapes, ScoreTable

Scale = Literal["any", "probability", "logit"]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a classification knows when all rows are in.

    classes: every class, in order; in the binary task (negative, positive); averaged: how many of
    them, from the first, averages are taken over; ordered: whether their order means something;
    confusion: counts of the classes, None with the reason in `absent["predictions"]`;
    event: scores of the yes-or-no event (binary: the positive class; multiclass: the top label is
    right); scale: what scores are; class_tables: class → its scores, of "it" and of "rest", in the
    order of the columns; means: of the per-row components; kept: the class scores of rows;
    spellings: which raw label is which class; threshold: at which scores become predictions;
    shapes: the counts of each row over the averaged labels of a multilabel task; label_rows: which
    label of which row is right or wrong, where that was kept;
    derived: whether the predictions were made so; of_predicted: whether the score column is the
    probability of the predicted class; labelled: whether truth has labels, not soft ones alone;
    zero_division: what an undefined class counts in an
    average, nan to leave it out; absent: why what a metric reads is not there.
    """

    task: Task
    classes: tuple[str, ...]
    averaged: int
    ordered: bool = True
    positive: str | None = None
    rows: int = 0
    confusion: Confusion | None = None
    event: BinaryScores | None = None
    scale: Scale = "any"
    class_tables: Mapping[str, ScoreTable] = field(default_factory=dict)
    means: Means | None = None
    kept: KeptScores | None = None
    shapes: RowShapes | None = None
    label_rows: KeptLabels | None = None
    spellings: Spellings = field(default_factory=lambda: Spellings({}, {}))
    threshold: float | None = None
    derived: bool = False
    of_predicted: bool = False
    labelled: bool = True
    zero_division: float = 0.0
    absent: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def counts(self) -> Counts | None:
        """The marginals of Σw."""
        return self._counts(squared=False)

    @cached_property
    def counts2(self) -> Counts | None:
        """The marginals of Σw²."""
        return self._counts(squared=True)

    @cached_property
    def weighted(self) -> bool:
        """Whether rows weigh differently."""
        counts = self.confusion
        return counts is not None and not np.array_equal(counts.weight, counts.weight2)

    @cached_property
    def by_class(self) -> ClassCounts | None:
        """Σw of each class against the rest."""
        return self.counts.by_class() if self.counts else None

    @cached_property
    def by_class2(self) -> ClassCounts | None:
        """Σw² of each class against the rest."""
        return self.counts2.by_class() if self.counts2 else None

    @cached_property
    def smallest_class(self) -> float:
        """Effective rows of the smallest class that occurs in truth."""
        sizes = self.class_sizes
        return min((n for n in sizes.values() if n > 0), default=0.0)

    @cached_property
    def class_sizes(self) -> dict[str, float]:
        """Effective rows, (Σw)² / Σw², of each class in truth."""
        if self.counts is None or self.counts2 is None:
            if self.event is None:
                return {}
            return {
                self.classes[1]: self.event.effective_positives,
                self.classes[0]: self.event.effective_negatives,
            }
        pairs = zip(self.classes, self.counts.truth, self.counts2.truth, strict=True)
        return {name: float(w * w / w2) if w2 else 0.0 for name, w, w2 in pairs}

    @cached_property
    def class_scores(self) -> dict[str, BinaryScores]:
        """Each class that has scores against the rest."""
        with ThreadPoolExecutor(2) as pool:  # sorting lets go of the lock
            scores = pool.map(self._against_rest, self.class_tables.values())
            return dict(zip(self.class_tables, scores, strict=True))

    def _against_rest(self, table: ScoreTable) -> BinaryScores:
        return replace(table.binary("it"), logit=self.scale == "logit")

    def _counts(self, *, squared: bool) -> Counts | None:
        if self.confusion is None:
            return None
        counts = self.confusion.counts(self.classes, squared=squared, ordered=self.ordered)
        if self.shapes is None:
            return counts
        rows = self.shapes.weight2 if squared else self.shapes.weight
        return replace(counts, total=rows.sum())  # a row has several labels, or none
