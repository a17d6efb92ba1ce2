"""`mleval.check`: what it makes of its arguments."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal

from mleval.api.common import Gates, parsed_gates

if TYPE_CHECKING:
    from mleval.report import Report
    from mleval.report_set import ReportSet


def check(
    report: Report | ReportSet | str | os.PathLike[str],
    gates: Gates,
    *,
    baseline: Any = None,
    decide: Literal["point", "interval"] = "point",
    force: bool = False,
) -> Report | ReportSet:
    """The report with these gates in place of those it had: `.gates`, `.passed`.

    report: one, or several models', or a file of either; gates: such as "f1 >= 0.8", one or
    several; baseline: a report, or a file of one, that gates compare with as `baseline`;
    decide: by the value, or by the interval: then a gate passes only if all of it does, fails only
    if all of it fails, and is inconclusive otherwise; force: compare with a baseline whatever it
    is of. A report keeps no rows, so that a baseline is taken to be of other rows than it.

    Raises UsageError for gates that cannot be meant, InputError for files that hold no report.

    >>> from mleval.api import classify
    >>> found = classify(truth=[1, 0, 1, 1], prediction=[1, 0, 0, 1])
    >>> [result.status for result in check(found, ["recall > 0.6", "f1 >= 0.9"]).gates]
    ['passed', 'failed']
    """
    from mleval.gates import check_saved, read_report, require_gates

    asked = parsed_gates(gates)
    require_gates(asked, baseline)
    held = read_report(report) if isinstance(report, str | os.PathLike) else report
    return check_saved(held, asked, baseline=baseline, decide=decide, force=force)
