"""Two runs on the same rows: averages over the classes of both, and whether the truths agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch, Labels, LabelSets
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.classification.kept import KeptLabels
from mleval.evaluation.classification.labels import in_order, is_number


def over_both(evidence: Evidence, other: Evidence) -> Evidence:
    """The evidence with the classes of both; itself where they are the same, or there are two.

    A class that one run alone predicts would count in its macro average, and not in the other's.
    """
    classes = in_order({*evidence.classes, *other.classes})
    if evidence.task == "binary" or set(classes) == set(evidence.classes):
        return evidence
    kept = evidence.label_rows
    return replace(
        evidence,
        classes=classes,
        averaged=len(classes),
        ordered=all(map(is_number, classes)),
        label_rows=kept and _moved(kept, evidence.classes, classes),
    )


def _moved(kept: KeptLabels, before: tuple[str, ...], after: tuple[str, ...]) -> KeptLabels:
    """The same labels of rows, whose positions are among more classes."""
    place = np.array([after.index(name) for name in before], np.int64)
    kinds, labels = np.divmod(kept.cells, len(before))
    return replace(kept, cells=kinds * len(after) + place[labels])


def truths(evidence: Evidence, batch: Batch) -> NDArray[Any] | None:
    """(n,) integers, the same where the true labels are, in any batch; None for soft labels alone.

    They are good for this process alone: Python's hashes.
    """
    column = batch.columns.get("truth")
    names = evidence.spellings.truth
    if isinstance(column, Labels):
        return _hashes(column.names, names)[column.codes]
    if isinstance(column, LabelSets):
        sums = np.append(np.uint64(0), np.cumsum(_hashes(column.names, names)[column.codes]))
        ends = sums[column.offsets]
        return ends[1:] - ends[:-1]  # they may wrap around, and come back
    return None


def _hashes(labels: tuple[str, ...], names: Mapping[str, str]) -> NDArray[np.uint64]:
    called = (hash(names.get(label, label)) & 0xFFFF_FFFF_FFFF_FFFF for label in labels)
    return np.fromiter(called, np.uint64, len(labels))
