"""How much is generated: what shows a slip at each run, or all that there is time for."""

from __future__ import annotations

import os

FULL = os.environ.get("MLEVAL_SIMULATE") == "full"
"""Whether `make simulate` asked for the campaigns at full size."""
