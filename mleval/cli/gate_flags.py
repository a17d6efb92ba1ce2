"""The flags of gates."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

import typer

_gates = partial(typer.Option, rich_help_panel="Gates")

_GATE = "A condition such as 'f1 >= 0.8': exit 1 if it fails. Repeatable."
_BASELINE = "An earlier report, or earlier predictions: for 'f1 >= baseline - 0.01'."
_DECIDE = "By the value, or by the interval: all of it must pass, or fail."
_INCONCLUSIVE = "What becomes of a gate whose interval does neither."
_FORCE = "Compare with the baseline, whatever it is of."

Gate = Annotated[list[str] | None, _gates("--gate", metavar="CONDITION", help=_GATE)]
BaselineFile = Annotated[str | None, _gates("--baseline", metavar="FILE", help=_BASELINE)]
Decide = Annotated[Literal["point", "interval"], _gates("--decide", help=_DECIDE)]
Inconclusive = Annotated[
    Literal["warn", "pass", "fail"], _gates("--inconclusive", help=_INCONCLUSIVE)
]
Force = Annotated[bool, _gates("--force", help=_FORCE)]
