"""Evaluate predictions: every metric with its interval, its definition, and a reason to trust it.

>>> import mleval
>>> report = mleval.classify(truth=[1, 0, 1, 1], prediction=[1, 0, 0, 1])
>>> report["recall"].value
0.6666666666666666
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mleval.version import __version__

if TYPE_CHECKING:
    from mleval.api import (
        calibrate,
        check,
        classify,
        diagnose,
        history,
        pairs,
        perplexity,
        regress,
        text,
    )
    from mleval.errors import InputError, MlevalError, UsageError
    from mleval.registry import metric
    from mleval.report import Estimate, GateResult, Report
    from mleval.report_set import ReportSet
    from mleval.spec import Spec


__all__ = [
    "Estimate",
    "GateResult",
    "InputError",
    "MlevalError",
    "Report",
    "ReportSet",
    "Spec",
    "UsageError",
    "__version__",
    "calibrate",
    "check",
    "classify",
    "diagnose",
    "history",
    "metric",
    "pairs",
    "perplexity",
    "regress",
    "text",
]

# Loaded when first asked for, so that `import mleval`, and with it every command, starts fast.
_HOMES = {
    "Estimate": "mleval.report",
    "GateResult": "mleval.report",
    "InputError": "mleval.errors",
    "MlevalError": "mleval.errors",
    "Report": "mleval.report",
    "ReportSet": "mleval.report_set",
    "Spec": "mleval.spec",
    "UsageError": "mleval.errors",
    "calibrate": "mleval.api",
    "check": "mleval.api",
    "classify": "mleval.api",
    "diagnose": "mleval.api",
    "history": "mleval.api",
    "metric": "mleval.registry",
    "pairs": "mleval.api",
    "perplexity": "mleval.api",
    "regress": "mleval.api",
    "text": "mleval.api",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'mleval' has no attribute '{name}'")
    from importlib import import_module

    found = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
