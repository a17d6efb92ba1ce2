"""Gates: conditions on a report that pass, fail, or cannot be told from noise.

gate ──▶ Numbers (of an evaluation, or of a saved report) ──▶ left, limit ──▶ GateResult
Baseline (of either) ──────────────────────┘
"""

from mleval.gates.baseline import keeps_rows, read_report
from mleval.gates.checking import check_saved, gated, require_gates

__all__ = ["check_saved", "gated", "keeps_rows", "read_report", "require_gates"]
