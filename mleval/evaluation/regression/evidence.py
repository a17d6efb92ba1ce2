"""Evidence of a regression: the merged states of each target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mleval.evaluation.regression.targets import ONE
from mleval.registry import Task
from mleval.states import Kept, Means, Ordered


@dataclass(frozen=True, kw_only=True)
class RegressionEvidence:
    """What a regression knows when all rows are in.

    targets: their names, of which the only one's is empty; means: of the per-row components of
    all targets, components: the names of those of each; by target, errors: prediction − truth;
    ranked: what ranks and means of percentiles are read off, of every row, in the same order;
    samples: truth and prediction of some of the rows, for pictures, where they were asked for;
    worst: the rows with the largest errors, the largest first; heaviest: of weighted rows,
    −(weight · squared error) of those where it weighs the most.
    """

    rows: int
    targets: tuple[str, ...] = (ONE,)
    means: Means | None = None
    components: frozenset[str] = frozenset()
    errors: Mapping[str, Ordered] = field(default_factory=dict)
    ranked: Mapping[str, Kept] = field(default_factory=dict)
    worst: Mapping[str, Kept] = field(default_factory=dict)
    heaviest: Mapping[str, Kept] = field(default_factory=dict)
    samples: Mapping[str, Kept] = field(default_factory=dict)
    task: Task = "regress"
