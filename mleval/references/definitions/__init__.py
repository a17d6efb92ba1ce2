"""The metrics that no library has, transcribed from their definitions: plain, slow, obvious."""

from mleval.references.definitions.answers import exact_match, token_f1
from mleval.references.definitions.calibration import (
    brier_reliability,
    brier_resolution,
    brier_uncertainty,
    ece,
    mce,
)
from mleval.references.definitions.counts import (
    cost,
    fnr,
    fpr,
    g_mean,
    informedness,
    markedness,
    npv,
    prevalence,
    specificity,
)
from mleval.references.definitions.losses import (
    cross_entropy,
    focal_loss,
    js_divergence,
    kl_divergence,
    log_loss_of_logits,
)
from mleval.references.definitions.texts import distinct, edit_similarity
from mleval.references.definitions.thresholds import (
    best_f1,
    best_f1_threshold,
    eer,
    lift_at,
    precision_at_k,
    precision_at_recall,
    recall_at_precision,
    tpr_at_fpr,
    youden,
    youden_threshold,
)

__all__ = [
    "best_f1",
    "best_f1_threshold",
    "brier_reliability",
    "brier_resolution",
    "brier_uncertainty",
    "cost",
    "cross_entropy",
    "distinct",
    "ece",
    "edit_similarity",
    "eer",
    "exact_match",
    "fnr",
    "focal_loss",
    "fpr",
    "g_mean",
    "informedness",
    "js_divergence",
    "kl_divergence",
    "lift_at",
    "log_loss_of_logits",
    "markedness",
    "mce",
    "npv",
    "precision_at_k",
    "precision_at_recall",
    "prevalence",
    "recall_at_precision",
    "specificity",
    "token_f1",
    "tpr_at_fpr",
    "youden",
    "youden_threshold",
]
