"""Metrics of pairs and triplets by distance: metric learning, verification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from mleval.batch import Floats, Labels
from mleval.errors import UsageError
from mleval.metrics.cuts import eer, eer_influence, eer_threshold
from mleval.metrics.ranking import auc_influence, roc_auc
from mleval.registry import Component, Proportion, metric
from mleval.states import Means, ScoreTable


@dataclass(frozen=True)
class PairRows:
    """n pairs, or triplets of an anchor, a positive and a negative.

    distance: (n,) of the pair, or of anchor and positive; dissimilar: (n,) 1 where the two are
    different, 0 where they are the same; negative_distance: (n,) of anchor and negative.
    """

    distance: Floats
    dissimilar: Floats | None = None
    negative_distance: Floats | None = None


def similarity_table(rows: PairRows, weight: Floats | None = None) -> ScoreTable:
    """Pairs by −distance, labelled "same" and "different": what verification is read off.

    >>> rows = PairRows(np.array([0.5, 2.0]), np.array([0.0, 1.0]))
    >>> similarity_table(rows).distinct("same").scores.tolist()
    [-0.5]
    """
    assert rows.dissimilar is not None
    truth = Labels(rows.dissimilar.astype(np.int32), ("same", "different"))
    return ScoreTable.of(truth, -rows.distance, weight)


loss = partial(
    metric,
    tasks=("pairs",),
    state=Means,
    goal="min",
    range=(0, float("inf")),
    default=True,
)


def _contrastive_components(margin: float) -> tuple[Component, ...]:
    if not 0 < margin < float("inf"):
        raise UsageError(f"contrastive_loss: margin must be above 0, not {margin:g}")

    def of(rows: PairRows) -> Floats:
        assert rows.dissimilar is not None
        short = np.maximum(margin - rows.distance, 0.0)
        return np.square(np.where(rows.dissimilar > 0, short, rows.distance))

    return (Component(f"contrastive({margin!r})", of),)


@loss(
    "contrastive_loss",
    title="Contrastive loss",
    formula="same · d² + different · max(0, margin − d)², mean",
    source="Hadsell, Chopra & LeCun 2006, without their ½",
    use="comparing with a model that was trained on it",
    beware="a column `dissimilar` has 1 for pairs that are different; some implementations halve "
    "the loss, or mark the same pairs with 1",
    needs=("dissimilar",),
    example="contrastive_loss(margin=0.5)",
    components=_contrastive_components,
)
def contrastive_loss(mean: Mapping[str, Any], *, margin: float = 1.0) -> Any:
    """Mean squared distance of pairs that are the same, or by which others are within the margin.

    >>> contrastive_loss({"contrastive(1.0)": 0.5})
    0.5
    """
    return mean[f"contrastive({margin!r})"]


def _triplet_components(margin: float, squared: bool) -> tuple[Component, ...]:
    if not 0 <= margin < float("inf"):
        raise UsageError(f"triplet_loss: margin must be at least 0, not {margin:g}")

    def of(rows: PairRows) -> Floats:
        near, far = rows.distance, rows.negative_distance
        assert far is not None
        gap = (near - far) * (near + far) if squared else near - far
        return np.maximum(gap + margin, 0.0)

    return (Component(f"triplet({margin!r},{squared!r})", of),)


@loss(
    "triplet_loss",
    title="Triplet loss",
    formula="max(0, d(a, p) − d(a, n) + margin), mean; squared=true: of squared distances",
    source="Schroff, Kalenichenko & Philbin 2015 (squared); PyTorch TripletMarginLoss (unsquared)",
    use="comparing with a model that was trained on it",
    beware="squared or not are two losses; PyTorch adds 1e-6 to each difference before it takes "
    "the distance, which shows in the sixth digit",
    aliases=("triplet_margin_loss",),
    needs=("negative_distance",),
    example="triplet_loss(margin=0.2,squared=true)",
    components=_triplet_components,
)
def triplet_loss(mean: Mapping[str, Any], *, margin: float = 1.0, squared: bool = False) -> Any:
    """Mean of how much the negative fails to be farther than the positive by the margin.

    >>> triplet_loss({"triplet(1.0,False)": 0.5})
    0.5
    """
    return mean[f"triplet({margin!r},{squared!r})"]


def _in_order(rows: PairRows) -> Floats:
    assert rows.negative_distance is not None
    return (rows.distance < rows.negative_distance).astype(np.float64)


@metric(
    "triplet_accuracy",
    title="Triplet accuracy",
    tasks=("pairs",),
    state=Means,
    goal="max",
    range=(0, 1),
    formula="triplets with d(a, p) < d(a, n) / n",
    source="Schultz & Joachims 2004",
    use="whether the positive is the nearer one, whatever the scale of the distances",
    beware="easy triplets are right by chance half the time; equal distances count as wrong",
    default=True,
    needs=("negative_distance",),
    proportion=Proportion(),
    components=lambda: (Component("in_order", _in_order),),
)
def triplet_accuracy(mean: Mapping[str, Any]) -> Any:
    """Share of the triplets whose positive is nearer to the anchor than the negative.

    >>> triplet_accuracy({"in_order": 0.9})
    0.9
    """
    return mean["in_order"]


verification = partial(
    metric,
    tasks=("pairs",),
    state=ScoreTable,
    over="event",
    default=True,
    needs=("dissimilar",),
    undefined="no pairs are the same, or none different",
)

verification(
    "roc_auc",
    title="ROC AUC of verification",
    goal="max",
    range=(0, 1),
    formula="P(d of a same pair < d of a different pair) + ½ P(equal)",
    source="Hanley & McNeil 1982",
    use="telling same pairs from different ones by distance, whatever the threshold",
    beware="random pairs are easy to tell apart: it depends on how hard the different ones are",
    aliases=("auc", "auroc"),
    example="roc_auc(max_fpr=0.1)",
    influence=auc_influence,
    interval="auc",
)(roc_auc)

verification(
    "eer",
    title="Equal error rate of verification",
    goal="min",
    range=(0, 1),
    formula="share of different pairs taken for same, at the distance where as many same ones are "
    "taken for different; on the ROC of straight lines",
    source="ISO/IEC 19795-1",
    use="speakers or faces are verified and both errors are alike",
    beware="no system need run there; both errors count alike whatever the share of same pairs",
    aliases=("equal_error_rate",),
    influence=eer_influence,
    threshold=eer_threshold,
)(eer)
