"""The confusion matrix of the page: shaded by the share of the true class."""

from __future__ import annotations

from mleval.rendering.numerals import count, row_totals, whole_counts
from mleval.rendering.page.blocks import Cell, Matrix
from mleval.report import Report

MOST = 40  # classes that an eye can take in on a page
_DEEPEST = 9


def matrix(report: Report) -> Matrix | None:
    """A row a true class, a column a predicted one; None where there are too many, or none."""
    table = report.confusion
    if table is None or not table.cells or not 0 < len(table.labels) <= MOST:
        return None
    weights = {(truth, guess): weight for truth, guess, weight in table.cells}
    none: list[str | None] = [None] * any(guess is None for _, guess in weights)
    whole, totals = whole_counts(report), row_totals(table)
    rows = [
        [
            _cell(weights.get((truth, guess), 0.0), totals.get(truth) or 1.0, truth == guess, whole)
            for guess in (*table.labels, *none)
        ]
        for truth in table.labels
    ]
    return Matrix(
        caption="Confusion matrix. Rows: truth; columns: prediction",
        names=table.labels,
        heads=[*table.labels, *("none" for _ in none)],
        rows=rows,
        notes=["shaded by the share of the true class"],
    )


def _cell(weight: float, total: float, right: bool, whole: bool) -> Cell:
    share = weight / total
    depth = min(share if right else 2 * share, 1.0)
    shade = max(1, round(depth * _DEEPEST)) if depth >= 0.005 else 0
    return Cell(text=count(weight, whole) if weight else "·", shade=shade, right=right)
