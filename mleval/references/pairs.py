"""Metrics of pairs and triplets: verification by scikit-learn, losses by their definitions."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mleval.references import scores
from mleval.references.definitions import thresholds
from mleval.references.observed import Floats, Observed


@dataclass(frozen=True)
class ObservedPairs:
    """Rows of distances; every column has length n.

    dissimilar: 1 for pairs that are different; negative_distance: of a triplet's anchor and
    negative, `distance` being that of anchor and positive; weight: above 0.
    """

    distance: Floats
    dissimilar: Floats | None = None
    negative_distance: Floats | None = None
    weight: Floats | None = None

    @property
    def scored(self) -> Observed:
        """The pairs as a binary task: positive when they are the same, by −distance."""
        assert self.dissimilar is not None
        truth = np.where(self.dissimilar > 0, "different", "same").astype(object)
        return Observed(
            "binary",
            truth,
            None,
            ("different", "same"),
            positive="same",
            score=-self.distance,
            score_scale="any",
            weight=self.weight,
        )


def _mean(values: list[float], observed: ObservedPairs) -> float:
    weights = [1.0] * len(values) if observed.weight is None else observed.weight.tolist()
    return math.fsum(v * w for v, w in zip(values, weights, strict=True)) / math.fsum(weights)


def contrastive_loss(observed: ObservedPairs, *, margin: float = 1.0) -> float:
    """The mean of d² of the same, max(0, margin − d)² of different ones (Hadsell et al. 2006)."""
    assert observed.dissimilar is not None
    rows = zip(observed.distance.tolist(), observed.dissimilar.tolist(), strict=True)
    return _mean([max(0.0, margin - d) ** 2 if apart else d * d for d, apart in rows], observed)


def triplet_loss(observed: ObservedPairs, *, margin: float = 1.0, squared: bool = False) -> float:
    """The mean of max(0, d(a, p) − d(a, n) + margin), of squared distances if so asked."""
    power = 2 if squared else 1
    return _mean([max(0.0, p**power - n**power + margin) for p, n in _triplets(observed)], observed)


def triplet_accuracy(observed: ObservedPairs) -> float:
    """The share of triplets with d(a, p) < d(a, n)."""
    return _mean([float(p < n) for p, n in _triplets(observed)], observed)


def _triplets(observed: ObservedPairs) -> list[tuple[float, float]]:
    assert observed.negative_distance is not None
    columns = (observed.distance, observed.negative_distance)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def roc_auc(observed: ObservedPairs, *, max_fpr: float | None = None) -> float:
    """By roc_auc_score."""
    return float(scores.roc_auc(observed.scored, max_fpr=max_fpr))


def eer(observed: ObservedPairs) -> float:
    """Where the straight lines of the ROC cross FPR = 1 − TPR."""
    return float(thresholds.eer(observed.scored))
