"""The same metrics by somebody else: the oracle of the tests, and what `--verify` prints.

A reference is called as f(observed, *, average=None, of_class=None, **options) and returns nan
where the metric has no value. Bare it is the positive class of a binary task, or the metric (for
a metric of one class: its macro average) of a multiclass one. One of numbers is called as
f(observed, **options), with ObservedNumbers; one of pairs with ObservedPairs, of a language model
with a list of ObservedSequence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mleval.references import (
    bleu,
    counts,
    definitions,
    error_rates,
    multilabel,
    pairs,
    perplexity,
    probabilities,
    recalibration,
    regression,
    rouge,
    scores,
)
from mleval.references.definitions import regression as by_row
from mleval.references.numbers import ObservedNumbers
from mleval.references.observed import Observed
from mleval.references.pairs import ObservedPairs

__all__ = ["REFERENCES", "Observed", "ObservedNumbers", "ObservedPairs", "Reference", "reference"]


@dataclass(frozen=True)
class Reference:
    """An implementation that is not ours, and whose it is.

    library: "scikit-learn", "scipy", or "definition" for a transcription in this package; chosen:
    which of several it is, by the metric's options.
    """

    library: str
    function: Callable[..., float]
    chosen: Callable[[Mapping[str, Any]], str] | None = None

    def by(self, options: Mapping[str, Any]) -> str:
        """Whose it is under these options.

        >>> bleu = REFERENCES["text", "bleu"]
        >>> bleu.by({"smooth": "exp"}), bleu.by({"smooth": "method0"})
        ('sacrebleu', 'NLTK')
        """
        return self.library if self.chosen is None else self.chosen(options)


def _by(library: str, *functions: Callable[..., float]) -> dict[str, Reference]:
    return {function.__name__: Reference(library, function) for function in functions}


_EITHER_TASK = {
    **_by(
        "scikit-learn",
        counts.accuracy,
        counts.balanced_accuracy,
        counts.precision,
        counts.recall,
        counts.f1,
        counts.fbeta,
        counts.jaccard,
        counts.mcc,
        counts.kappa,
        counts.hamming_loss,
        counts.zero_one_loss,
        scores.roc_auc,
        scores.average_precision,
        scores.pr_auc,
        scores.gini,
        scores.ks,
        probabilities.log_loss,
        probabilities.brier,
        probabilities.brier_skill,
    ),
    **_by("scipy", recalibration.calibration_slope, recalibration.calibration_intercept),
    **_by(
        "definition",
        definitions.specificity,
        definitions.npv,
        definitions.fpr,
        definitions.fnr,
        definitions.informedness,
        definitions.markedness,
        definitions.g_mean,
        definitions.prevalence,
        definitions.cost,
        definitions.eer,
        definitions.recall_at_precision,
        definitions.precision_at_recall,
        definitions.tpr_at_fpr,
        definitions.precision_at_k,
        definitions.lift_at,
        definitions.best_f1,
        definitions.youden,
        definitions.focal_loss,
        definitions.cross_entropy,
        definitions.kl_divergence,
        definitions.js_divergence,
        definitions.ece,
        definitions.mce,
        definitions.brier_reliability,
        definitions.brier_resolution,
        definitions.brier_uncertainty,
    ),
}
_BINARY = _by("scikit-learn", probabilities.hinge_loss)
_MULTICLASS = _by("scikit-learn", scores.roc_auc_ovr, scores.roc_auc_ovo, scores.top_k_accuracy)
_PERPLEXITY = _by(
    "definition",
    perplexity.perplexity,
    perplexity.cross_entropy,
    perplexity.bits_per_token,
    perplexity.bits_per_byte,
    perplexity.bits_per_char,
    perplexity.word_perplexity,
    perplexity.sequence_perplexity,
    perplexity.mean_perplexity,
    perplexity.token_accuracy,
    perplexity.token_top_k,
    perplexity.oov_rate,
)
_REGRESS = {
    **_by(
        "scikit-learn",
        regression.mae,
        regression.mse,
        regression.rmse,
        regression.mape,
        regression.msle,
        regression.rmsle,
        regression.medae,
        regression.max_error,
        regression.r2,
        regression.explained_variance,
        regression.d2_absolute_error,
        regression.d2_pinball,
        regression.d2_tweedie,
        regression.pinball,
        regression.poisson_deviance,
        regression.gamma_deviance,
        regression.tweedie_deviance,
    ),
    **_by(
        "scipy",
        regression.huber,
        regression.gaussian_nll,
        regression.crps_gaussian,
        regression.pearson,
        regression.rsq,
        regression.spearman,
        regression.kendall,
    ),
    **_by(
        "definition",
        by_row.bias,
        by_row.smape,
        by_row.wape,
        by_row.nrmse,
        by_row.smooth_l1,
        by_row.log_cosh,
        by_row.p50,
        by_row.p90,
        by_row.p95,
        by_row.p99,
        by_row.interval_coverage,
        by_row.interval_width,
        by_row.winkler,
        by_row.ccc,
    ),
}
_PAIRS = {
    **_by("scikit-learn", pairs.roc_auc),
    **_by(
        "definition", pairs.eer, pairs.contrastive_loss, pairs.triplet_loss, pairs.triplet_accuracy
    ),
}

_TEXT = {
    **{
        function.__name__: Reference("sacrebleu, NLTK", function, bleu.library)
        for function in (bleu.bleu, bleu.bleu1, bleu.bleu2, bleu.bleu3, bleu.sentence_bleu)
    },
    **_by(
        "sacrebleu",
        bleu.bleu_precision,
        bleu.brevity_penalty,
        bleu.length_ratio,
        bleu.chrf,
        error_rates.ter,
    ),
    **_by("rouge-score", rouge.rouge1, rouge.rouge2, rouge.rouge),
    "rougeL": Reference("rouge-score", rouge.rouge_l),
    "rougeLsum": Reference("rouge-score", rouge.rouge_lsum),
    "rougeS": Reference("definition", rouge.rouge_s),
    "rougeSU": Reference("definition", rouge.rouge_su),
    **_by("jiwer", error_rates.wer, error_rates.cer, error_rates.mer, error_rates.wil),
    **_by(
        "definition",
        definitions.exact_match,
        definitions.token_f1,
        definitions.distinct,
        definitions.edit_similarity,
    ),
}

REFERENCES: dict[tuple[str, str], Reference] = {
    **{("binary", name): row for name, row in (_EITHER_TASK | _BINARY).items()},
    **{("multiclass", name): row for name, row in (_EITHER_TASK | _MULTICLASS).items()},
    **{("regress", name): row for name, row in _REGRESS.items()},
    **{("pairs", name): row for name, row in _PAIRS.items()},
    **{("text", name): row for name, row in _TEXT.items()},
    **{("multilabel", name): Reference(*row) for name, row in multilabel.references().items()},
    **{("perplexity", name): row for name, row in _PERPLEXITY.items()},
}


def reference(task: str, name: str) -> Reference | None:
    """The reference of a metric in a task ("binary", "multiclass" or "multilabel"), if it has one.

    >>> import numpy as np
    >>> truth, prediction = (np.array(list(column), dtype=object) for column in ("aabb", "abbb"))
    >>> rows = Observed("binary", truth, prediction, ("a", "b"), positive="a")
    >>> npv = reference("binary", "npv")
    >>> npv.library, npv.function(rows)
    ('definition', 0.6666666666666666)
    >>> reference("binary", "rmse") is None
    True
    """
    return REFERENCES.get((task, name))
