"""The histogram of a distribution: a row a bin, with its bar."""

from __future__ import annotations

from mleval.rendering.grid import Grid, Part
from mleval.rendering.histogram import bins
from mleval.rendering.numerals import count, whole_counts
from mleval.rendering.page.blocks import Table
from mleval.rendering.page.charts.bars import bars
from mleval.report import Report

MOST = 12  # distributions of one report


def histograms(report: Report) -> list[Table]:
    """One a distribution; none of those in which all values are alike."""
    whole, out = whole_counts(report), []
    for name, distribution in list(report.distributions.items())[:MOST]:
        found = bins(distribution)
        if not found:
            continue
        heads = [(Part("text", text),) for text in (name, "rows")]
        rows = [
            [(Part("text", bin_.words),), (Part("sign", count(bin_.weight, whole)),)]
            for bin_ in found
        ]
        drawings = bars(bin_.share for bin_ in found)
        out.append(
            Table(
                caption=f"How the {name} is distributed",
                grid=Grid(heads, rows),
                drawings=drawings,
                drawn_after=1,
                scale=["share of the rows"],
            )
        )
    return out
