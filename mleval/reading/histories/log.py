"""Log: what a file of a training history holds, before anything is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats


@dataclass(frozen=True, slots=True)
class Written:
    """A column of numbers: (n,) values, nan where the file says so, and where it says anything."""

    values: Floats
    present: NDArray[np.bool_]

    def taken(self, rows: NDArray[Any]) -> Written:
        """Some of its rows, by their places or a mask."""
        return Written(self.values[rows], self.present[rows])


@dataclass(frozen=True)
class Log:
    """One file: columns in its order, all with a cell a row.

    texts: columns that hold no numbers; locate: where a row stands in the file, for messages;
    notices: what to warn of; assumed: what was made of what the file does not say.
    """

    name: str
    format: str
    rows: int
    numbers: Mapping[str, Written]
    texts: Mapping[str, tuple[str | None, ...]]
    locate: Callable[[int], str]
    notices: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
