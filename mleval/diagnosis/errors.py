"""The errors part: which rows are wrong, how sure they were, how they differ, where they gather."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mleval.diagnosis.finding import Section
from mleval.diagnosis.mistakes.confidence import bands, confidence, mistakes, unsure
from mleval.diagnosis.mistakes.confusions import confused, confusions
from mleval.diagnosis.mistakes.contrasts import contrasts
from mleval.diagnosis.mistakes.label_noise import label_noise
from mleval.diagnosis.rows import ClassifiedRows
from mleval.diagnosis.slices.weak import Judged, weak_slices
from mleval.options import DiagnoseOptions

_FOLD = "fold"


def examine(rows: ClassifiedRows, options: DiagnoseOptions) -> Section | None:
    """What is to be learnt from the mistakes; None without rows."""
    if not len(rows):
        return None
    wrong = rows.truth != rows.predicted
    if not wrong.any():
        return Section(part="errors", notes=("no row is wrong",))
    rate = float(np.average(wrong, weights=rows.weight))
    loss = wrong.astype(np.float64)
    judged = Judged("errors", loss, True, "error rate", "accuracy", 1 - rate, 1, rate)
    weak = weak_slices(_with_fold(rows), judged, options.level)
    told = [one for one in weak.findings if one.columns != (_FOLD,)]  # the fit tells of folds
    findings = [*told, *confused(rows, options.level)]
    exhibits = [confusions(rows), *weak.exhibits, *contrasts(rows.others, wrong, rows.weight)]
    sure = confidence(rows)
    if sure is None:
        notes = (*weak.notes, "no probabilities: nothing is said of how sure the mistakes were")
    else:
        elsewhere = np.ones(len(rows), np.bool_)  # a weak slice is not a matter of labels
        for one in weak.slices:
            elsewhere &= ~one.holds(_with_fold(rows).others)
        findings += label_noise(~wrong, sure, rows.weight, len(rows.classes), elsewhere)
        findings += unsure(rows, options.low_confidence, options.level)
        exhibits += [bands(rows, sure, options.low_confidence, options.level), mistakes(rows, sure)]
        notes = weak.notes
    shown = tuple(exhibit for exhibit in exhibits if exhibit is not None)
    return Section(part="errors", findings=tuple(findings), exhibits=shown, notes=notes)


def _with_fold(rows: ClassifiedRows) -> ClassifiedRows:
    """The rows whose fold is one of their columns: an odd fold is a weak slice too."""
    if rows.fold is None or _FOLD in rows.others:
        return rows
    return replace(rows, others={**rows.others, _FOLD: rows.fold})
