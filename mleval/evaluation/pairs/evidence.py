"""Evidence of pairs: the merged states."""

from __future__ import annotations

from dataclasses import dataclass

from mleval.registry import Task
from mleval.states import BinaryScores, Means


@dataclass(frozen=True, kw_only=True)
class PairEvidence:
    """What an evaluation of pairs knows when all rows are in.

    means: of the per-row components; event: that a pair is the same, by −distance, None where that
    is not known of any; measure: how vectors were compared, None for a column of distances.
    """

    rows: int
    means: Means | None = None
    event: BinaryScores | None = None
    measure: str | None = None
    task: Task = "pairs"
