"""Where stated probabilities do not come true, in a strip of signs; nothing where they do."""

from __future__ import annotations

import re

from rich.text import Text

from mleval.metrics import default_metrics
from mleval.rendering import palette
from mleval.rendering.layout import hanging
from mleval.rendering.look import Look
from mleval.report import Report
from mleval.uncertainty.intervals import wilson

_TITLE = "reliability  "
_BINS = 15  # of equal width on 0-1, as those of the report
_LEVEL = 0.95  # of all bins together
_HEIGHTS, _DIGITS = "▁▂▃▄▅▆▇█", "0123456789"
_SIGNS = {"more": "▲", "less": "▼", "as said": "·"}
_PLAIN = str.maketrans("▲▼", "^v")
_STYLES = {"▲": "bold bright_blue", "▼": "yellow"}


def strip_lines(report: Report, look: Look) -> list[Text]:
    """How often each bin came true, and where that is unlike what was stated, beyond chance.

    Nothing where no metric that was asked for is of probabilities.
    """
    found = _bins(report) if _is_of_probabilities(report) else {}
    if not {verdict for _, verdict in found.values()} & {"more", "less"}:
        return []
    heights = _DIGITS if look.ascii else _HEIGHTS
    often, unlike = Text(), Text()
    for place in range(_BINS):
        if place not in found:
            often.append(" ")
            unlike.append(" ")
            continue
        frequency, verdict = found[place]
        often.append(heights[min(int(frequency * len(heights)), len(heights) - 1)])
        sign = _SIGNS[verdict]
        unlike.append(sign.translate(_PLAIN) if look.ascii else sign, _STYLES.get(sign, ""))
    more, less = ("^", "v") if look.ascii else ("▲", "▼")
    room = " " * len(_TITLE)
    lines = [
        Text.assemble((_TITLE, palette.TITLE), f"0{'':{_BINS - 2}}1", ("  stated", palette.QUIET)),
        Text.assemble(room, often, ("  came true", palette.QUIET)),
    ]
    told = Text(f"{more} more often than stated, {less} less often, beyond chance", palette.QUIET)
    return lines + hanging(Text.assemble(room, unlike, "  "), told, look.columns)


def _is_of_probabilities(report: Report) -> bool:
    of = {metric.name for metric in default_metrics("binary") if metric.scale == "probability"}
    return any(re.split(r"\W", key, maxsplit=1)[0] in of for key in report.metrics)


def _bins(report: Report) -> dict[int, tuple[float, str]]:
    """By place, how often what was stated came true, and how that compares with what was stated.

    Weighted rows tell not how many they are worth, so nothing is said of them.
    """
    chart = report.curves.get("reliability", {})
    if not chart or report.signature.get("weighted", True):
        return {}
    found = {}
    level = 1 - (1 - _LEVEL) / _BINS
    columns = (chart[name] for name in ("confidence", "frequency", "weight"))
    for confidence, frequency, weight in zip(*columns, strict=True):
        if confidence is None or frequency is None or weight is None:
            continue
        ends = wilson(frequency, weight, level)
        verdict = "more" if confidence < ends.low else "as said"
        verdict = "less" if confidence > ends.high else verdict
        found[min(int(confidence * _BINS), _BINS - 1)] = (frequency, verdict)
    return found
