"""Soft labels: a true distribution over the classes a row, in place of a label or beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mleval.batch import Batch, Floats
from mleval.evaluation.classification.evidence import Evidence, Scale
from mleval.evaluation.classification.labels import column_of
from mleval.evaluation.findings import Findings
from mleval.evaluation.requests import Request
from mleval.metrics.multiclass import ClassRows
from mleval.options import ClassifyOptions
from mleval.reading import ClassRoles
from mleval.registry import Component
from mleval.states import Means

ROLE = "truth_probabilities"


@dataclass(frozen=True)
class SoftPlan:
    """What is kept where there are soft labels alone. logits: the class columns hold logits."""

    components: tuple[Component, ...] = ()
    logits: bool = False
    by_prediction: bool = False

    def states_of(self, batch: Batch) -> Mapping[str, Any]:
        """The means of one batch."""
        return {"means": Means.of(self.components_of(self.class_rows(batch)), batch.weight)}

    def class_rows(self, batch: Batch) -> ClassRows:
        """The class columns of a batch, predicted and true."""
        none = np.zeros(batch.rows, np.int64)  # no metric of soft labels looks at it
        values = batch.family("probabilities").values
        return ClassRows(none, values, self.logits, true_probabilities(batch))

    def components_of(self, rows: ClassRows) -> dict[str, Any]:
        """What `Means` sums up."""
        return {component.name: component.of(rows) for component in self.components}


def true_probabilities(batch: Batch) -> Floats | None:
    """(k, n) the soft labels, in the order of the predicted probabilities; None without any."""
    if ROLE not in batch.columns:
        return None
    soft, predicted = batch.family(ROLE), batch.family("probabilities")
    places = [column_of(name, soft.names) for name in predicted.names]
    return soft.values[[place for place in places if place is not None]]


def of_soft_labels(requests: Sequence[Request]) -> list[Request]:
    """Those that read soft labels."""
    return [request for request in requests if ROLE in request.metric.needs]


def soft_evidence(
    states: Mapping[str, Any],
    roles: ClassRoles,
    options: ClassifyOptions,
    findings: Findings,
    rows: int,
) -> Evidence:
    """Means over the rows, and nothing that would need a label of each."""
    findings.assume("truth", "soft labels alone", "no labels", flag="--truth")
    classes, none = tuple(roles.family), "no truth labels: the soft labels are all there is"
    scale: Scale = "any" if roles.family_kind == "score" else roles.family_kind
    if options.score_scale != "auto":
        findings.assume("score-scale", options.score_scale, "as given", "--score-scale")
    return Evidence(
        task="binary" if options.task == "binary" else "multiclass",
        classes=classes,
        averaged=len(classes),
        rows=rows,
        means=states["means"],
        scale=scale,
        labelled=False,
        absent={"labels": none, "probabilities": "the class scores are not probabilities"},
    )
