"""Look: how a reader wants the report set, apart from its format."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

NARROWEST = 40


@dataclass(frozen=True, kw_only=True)
class Look:
    """digits: decimals of a number below 10; width: columns of the terminal, None for this one's.

    colour: whether to use colour codes; ascii: whether the stream takes nothing but ASCII;
    command: the command line that made the report, for a page that tells how to make it again.

    >>> Look(width=10).columns
    40
    """

    digits: int = 4
    width: int | None = None
    colour: bool = False
    ascii: bool = False
    command: str | None = None

    @property
    def columns(self) -> int:
        """The width to fill at most; 100 where there is no terminal to ask."""
        width = self.width or shutil.get_terminal_size((100, 24)).columns
        return max(width, NARROWEST)
