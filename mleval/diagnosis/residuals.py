"""The residuals part: what is left of the truth by a regression's predictions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.diagnosis.deviations.by_column import by_column
from mleval.diagnosis.deviations.corrections import fit_line, group_means
from mleval.diagnosis.deviations.overall import overall
from mleval.diagnosis.deviations.spread import by_prediction, outliers, uneven
from mleval.diagnosis.finding import Exhibit, Section
from mleval.diagnosis.halves import first_half
from mleval.diagnosis.mistakes.contrasts import contrasts
from mleval.diagnosis.rows import PredictedRows
from mleval.diagnosis.slices.groups import grouped
from mleval.diagnosis.slices.strength import Lost
from mleval.diagnosis.slices.weak import Judged, WeakSlices, weak_slices
from mleval.options import DiagnoseOptions

_FEWEST = 30  # rows of which residuals say something
_LISTED = 10
LARGE = 0.9  # quantile of absolute residuals above which rows are set against the others


def examine(rows: PredictedRows, options: DiagnoseOptions) -> Section | None:
    """What is to be learnt from the residuals, truth less prediction; None without rows."""
    if not len(rows):
        return None
    residual = rows.truth - rows.predicted
    if len(rows) < _FEWEST or not np.ptp(residual) > 0:
        why = "all residuals are the same" if len(rows) >= _FEWEST else f"under {_FEWEST} rows"
        return Section(part="residuals", exhibits=(_largest(rows),), notes=(why,))
    weight = Lost.of(residual, rows.weight, counts=False).weight
    first = first_half(rows.numbers, rows.ids)
    biased, shown = by_column(rows.others, residual, weight, first, options.level)
    left = _unbiased(rows, residual, weight, [name for found in biased for name in found.columns])
    judged, weak = _weak(rows, left, options.level)
    findings = [
        *overall(residual, rows.predicted, weight, first, options.level),
        *biased,
        *weak.findings,
        *uneven(left, rows.predicted, weight),
        *outliers(residual, weight),
    ]
    large = judged.loss > np.quantile(judged.loss, LARGE)
    exhibits = [
        by_prediction(residual, rows.predicted, weight),
        *shown,
        *weak.exhibits,
        *contrasts(rows.others, large, rows.weight),
        _largest(rows),
    ]
    return Section(
        part="residuals", findings=tuple(findings), exhibits=tuple(exhibits), notes=weak.notes
    )


def _unbiased(rows: PredictedRows, residual: Floats, weight: Floats, columns: list[str]) -> Floats:
    """Residuals without their line against predictions and their means by some columns.

    What is off in one direction is told as such; it is not told once more as large residuals.
    """
    slope, intercept = fit_line(rows.predicted, residual, weight)
    left = residual - intercept - slope * rows.predicted
    everywhere = np.ones(len(left), np.bool_)
    for group in grouped({name: rows.others[name] for name in columns}):
        left = left - group_means(left, weight, group.codes)(everywhere)
    return left


def _weak(rows: PredictedRows, left: Floats, level: float) -> tuple[Judged, WeakSlices]:
    """Slices of larger residuals, once what is biased there is taken off."""
    now = float(np.average(np.abs(rows.truth - rows.predicted), weights=rows.weight))
    judged = Judged("residuals", np.abs(left), False, "mean absolute residual", "mae", now, -1, now)
    return judged, weak_slices(rows, judged, level)


def largest_first(rows: PredictedRows) -> NDArray[np.intp]:
    """The positions of the rows, the largest residuals first."""
    return np.argsort(-np.abs(rows.truth - rows.predicted), kind="stable")


def _largest(rows: PredictedRows) -> Exhibit:
    """The rows that are most off."""
    found = tuple(
        (
            int(rows.numbers[at]),
            float(rows.truth[at]),
            float(rows.predicted[at]),
            float(rows.truth[at] - rows.predicted[at]),
        )
        for at in largest_first(rows)[:_LISTED].tolist()
    )
    return Exhibit(
        name="largest",
        title="the largest residuals",
        columns=("row", "truth", "predicted", "residual"),
        rows=found,
    )
