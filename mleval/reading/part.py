"""One part of the rows while it is checked: which of them count, and what became of the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mleval.reading.columns_of_arrow import one_chunk
from mleval.reading.problems import COUNT, DROP, PLURAL, Fault, Problems
from mleval.reading.roles import Roles
from mleval.visible import quoted

if TYPE_CHECKING:
    import pyarrow as pa

Mask = NDArray[np.bool_]


class Policy(NamedTuple):
    """How missing cells and scales are treated; see `read`."""

    missing: str
    scale: str

    def is_probability(self, named_so: bool) -> bool:
        """Whether numbers are probabilities: as the caller says, else as their columns' names."""
        return named_so if self.scale == "auto" else self.scale in ("probability", "percent")


class Part:
    """The rows of one part. used: (n,) the rows that count so far; `left_out`: why others do not.

    counted_wrong: rows without a prediction that count as a miss; number: the part's, from 0.
    """

    def __init__(
        self, table: pa.Table, roles: Roles, policy: Policy, problems: Problems, number: int
    ) -> None:
        self.roles, self.policy = roles, policy
        self.number, self.rows = number, int(table.num_rows)
        self.used: Mask = np.ones(self.rows, dtype=np.bool_)
        self.left_out: dict[str, int] = {}
        self.counted_wrong = 0
        self._table, self._problems = table, problems

    def array(self, column: str) -> Any:
        """The cells of a column."""
        return one_chunk(self._table.column(column))

    def leave_out(self, rows: Mask | None, reason: str) -> None:
        """Rows that do not count, with no harm done."""
        if rows is None:
            return
        out = rows & self.used
        if count := int(np.count_nonzero(out)):
            self.left_out[reason] = self.left_out.get(reason, 0) + count
            self.used &= ~out

    def refuse(self, fault: Fault, rows: Mask, text: Callable[[int], str]) -> None:
        """Report rows, of those that count, and leave them out so that they are told once."""
        found = np.flatnonzero(rows & self.used)
        self._problems.add(fault, self.number, found, text)
        self.used &= ~rows

    def miss(self, missing: Mask | None, column: str, what: str, hint: str = DROP) -> None:
        """Rows whose cell of a prediction, score or probability is empty: as the policy says."""
        if missing is None:
            return
        if self.policy.missing == "drop":
            self.leave_out(missing, f"missing {what}")
            return
        fault = Fault(
            f"expected {'an' if what[0] in 'aeiou' else 'a'} {what} beside every truth, "
            f"found {COUNT} empty cell{PLURAL} in {quoted(column)}",
            hint,
        )
        self.refuse(fault, missing, lambda _: "empty")
