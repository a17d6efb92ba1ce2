"""What is said of gates, whatever it is set in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mleval.rendering.escape import shortened
from mleval.rendering.numerals import number
from mleval.report import GateResult, Report
from mleval.report_gates import STATUSES
from mleval.report_set import ReportSet
from mleval.visible import middle

if TYPE_CHECKING:
    from mleval.training.history import History

_LONGEST = 200  # characters of a gate
_REASON = 300

Gated = Sequence[tuple[str | None, GateResult]]  # the model, where there are several


def gated(report: Report | ReportSet | History) -> Gated:
    """The gates of a report, or of each model or training."""
    if isinstance(report, Report):
        return [(None, gate) for gate in report.gates]
    several = report.systems if isinstance(report, ReportSet) else report.runs
    alone = len(several) == 1 and not isinstance(report, ReportSet)
    return [(None if alone else name, g) for name, one in several.items() for g in one.gates]


def suites(report: Report | ReportSet) -> Mapping[str | None, Report]:
    """The reports of the models, or the one report under None."""
    return dict(report.systems.items()) if isinstance(report, ReportSet) else {None: report}


def summary(results: Gated) -> str:
    """How many came out how.

    >>> summary([(None, GateResult(gate="f1 >= 0.8", status="failed"))])
    '1 failed'
    """
    counts = Counter(result.status for _, result in results)
    return " · ".join(f"{counts[status]:,} {status}" for status in STATUSES if counts[status])


def status(results: Gated) -> str:
    """That of all together: the worst that occurs; empty where there is none.

    >>> status([(None, GateResult(gate="f1 >= 0.8", status="passed"))])
    'passed'
    """
    found = {result.status for _, result in results}
    return next((one for one in ("failed", "inconclusive", "passed") if one in found), "")


def condition(result: GateResult) -> str:
    """The gate, cut in the middle where it is long."""
    return middle(result.gate, _LONGEST)


def value(result: GateResult, digits: int) -> str:
    """The value, with as many decimals as it takes to tell it from its limit.

    >>> value(GateResult(gate="f1 >= 0.8", status="failed", value=0.79999, limit=0.8), 4)
    '0.79999'
    """
    return _both(result, digits)[0]


def _both(result: GateResult, digits: int) -> tuple[str, str]:
    if result.value is None:
        return "undefined", "" if result.limit is None else number(result.limit, digits)
    if result.limit is None:
        return number(result.value, digits), ""
    for decimals in range(digits, 18):
        shown, limit = number(result.value, decimals), number(result.limit, decimals)
        if shown != limit or result.value == result.limit:
            return shown, limit
    return repr(result.value), repr(result.limit)


def interval(result: GateResult, digits: int) -> str:
    """The interval of the value; empty when there is none, or it is a number."""
    if result.low is None or result.high is None or result.low == result.high:
        return ""
    decimals = max(digits, len(value(result, digits).partition(".")[2]))
    ends = (number(end, decimals, like=result.value) for end in (result.low, result.high))
    return "[" + ", ".join(ends) + "]"


def notes(result: GateResult, digits: int) -> str:
    """What explains how it came out: the limit, the baseline, what would settle it, the reason."""
    said = []
    if result.limit is not None and (result.baseline is not None or result.difference is not None):
        said.append(f"limit {_both(result, digits)[1]}")
    if result.baseline is not None:
        said.append(f"baseline {number(result.baseline, digits)}")
    if result.difference is not None:
        said.append(_difference(result, digits))
    if result.rows is not None:
        said.append(f"about {result.rows:,.0f} rows would settle it")
    if result.reason is not None:
        said.append(shortened(result.reason, _REASON))
    return ", ".join(said)


def _difference(result: GateResult, digits: int) -> str:
    ends = (result.difference_low, result.difference_high)
    shown = f"difference {number(result.difference or 0.0, digits)}"
    if ends[0] is None or ends[1] is None:
        return shown
    shown += " [" + ", ".join(number(end, digits) for end in ends if end is not None) + "]"
    return shown + {True: " paired", False: " unpaired", None: ""}[result.paired]


def sentence(name: str | None, result: GateResult, digits: int) -> str:
    """All of it but the status, in one line."""
    shown = " ".join(filter(None, [value(result, digits), interval(result, digits)]))
    about = f"{name}: " if name is not None else ""
    rest = notes(result, digits)
    return f"{about}{condition(result)}: {shown}" + (f", {rest}" if rest else "")
