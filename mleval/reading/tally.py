"""How many rows were read and used, and why the others were left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows read, rows used, and why the others were left out.

    left_out: reason -> rows ("no truth", "weight 0", "missing prediction", …), none of them 0.
    counted_wrong: rows without a prediction that count as a miss for their true class;
    sizes: the rows read of each part, in their order.
    """

    rows_read: int
    rows_used: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    counted_wrong: int = 0
    sizes: tuple[int, ...] = ()
