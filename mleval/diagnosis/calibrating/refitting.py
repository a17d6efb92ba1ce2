"""The best mapping of a case, fitted to all its rows as it is saved."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mleval.diagnosis.calibrating.comparing import Compared, Tried
from mleval.diagnosis.calibrating.forecasts import forecasts
from mleval.diagnosis.calibrating.saved import Calibration
from mleval.diagnosis.calibration import comparison, too_few
from mleval.diagnosis.case import Case, TextCase
from mleval.diagnosis.rows import ClassifiedRows
from mleval.errors import InputError


def fitted_calibration(case: Case | TextCase) -> Calibration:
    """That with the lowest log loss on rows that did not fit it.

    Raises InputError where there is nothing to calibrate.
    """
    rows = case.rows
    if not isinstance(rows, ClassifiedRows) or rows.probability is None:
        raise InputError(
            "nothing to calibrate: there are no probabilities of classes",
            hint="name their column with --score, or their columns with --proba PREFIX; leave out "
            "--save-calibration",
        )
    few = too_few(rows)
    found = None if few else comparison(rows, case.options.level)[1]
    best = None if found is None else found.best
    if found is None or best is None:
        why = few or "; ".join(found.untried if found else ())
        raise InputError(f"nothing to calibrate: {why}", hint="leave out --save-calibration")
    return Calibration(
        mapping=forecasts(rows).fit(best.method),
        classes=rows.classes,
        positive=None if rows.positive is None else rows.classes[rows.positive],
        fitted_on={
            "rows": len(rows),
            "inputs": list(case.report.inputs),
            "digest": case.report.provenance.get("digest"),
        },
        gained=_gained(found, best),
    )


def _gained(found: Compared, best: Tried) -> dict[str, Any]:
    """On rows that did not fit it: metric → now, then and the difference with its interval."""
    apart = {"log_loss": best.log_loss, "brier": best.brier}
    return {
        name: {
            "now": now,
            "then": getattr(best.then, name),
            "difference": asdict(apart[name]) if name in apart else None,
        }
        for name, now in asdict(found.now).items()
    }
