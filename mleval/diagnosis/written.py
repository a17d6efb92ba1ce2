"""Texts that are examined: each with the scores that it has alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mleval.diagnosis.case import TextCase
from mleval.diagnosis.rows import WrittenRows
from mleval.errors import InputError, UsageError
from mleval.evaluation.fold import Progress
from mleval.evaluation.run import evaluate_opened
from mleval.evaluation.text.evaluator import Text
from mleval.evaluation.text.opened import SegmentRoles
from mleval.evaluation.text.plan import TextPlan, plan_of
from mleval.evaluation.wanted import Wanted
from mleval.options import DiagnoseOptions, TextOptions

_JUDGED = ("chrf", "rouge1", "bleu")
_OWN = ("hypothesis", "references", "id", "level", "strict", "sep", "encoding", "header", "decimal")


class EachText(Text):
    """The evaluator of texts, which keeps the scores of each."""

    def plan(self, wanted: Wanted, roles: SegmentRoles) -> TextPlan:
        """Which states are kept."""
        del roles
        return plan_of(wanted.of("text"), worst=0, scores=True)


def read_texts(
    data: Any, options: DiagnoseOptions, *, progress: Progress | None = None
) -> TextCase:
    """The texts of one system. Raises UsageError for options of tables, InputError for several."""
    said = options.said
    strange = [name for name in said if name not in _OWN]
    if strange or options.train is not None or options.split or options.fold:
        raise UsageError(
            "texts have no columns, splits or training rows to be told apart by",
            hint="give the texts and their references: mleval diagnose HYP --ref REF",
        )
    evaluator = EachText(TextOptions(**said))
    opened = evaluator.open(data)
    if isinstance(opened, Mapping):
        raise InputError(
            f"there are {len(opened)} systems: {', '.join(opened)}",
            hint="one is examined at a time: name one file of texts, and the references with --ref",
        )
    done = evaluate_opened(opened, evaluator, progress=progress)
    scores = done.evidence.scores
    metric = next((name for name in _JUDGED if name in scores), next(iter(scores)))
    rows = WrittenRows(segments=done.evidence.segments, scores=scores, metric=metric)
    return TextCase(rows, done.report, options)
