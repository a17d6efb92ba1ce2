"""Which way a series is better: by the metrics that mleval knows, else by the words in its name."""

from __future__ import annotations

import re
from typing import NamedTuple

from mleval.training.settings import Goal

_LESS = (
    *("loss", "error", "err", "cost", "mae", "mse", "rmse", "mape", "smape", "rmsle", "msle"),
    *("l1", "l2", "logloss", "mlogloss", "nll", "neg_log_likelihood", "perplexity", "ppl", "bpb"),
    *("wer", "cer", "ter", "fid", "deviance", "distance", "crossentropy", "cross_entropy"),
    *("merror", "divergence", "kl", "eer", "mphe", "quantile", "huber", "fair", "gamma_deviance"),
    *("poisson", "energy", "brier"),
)
_MORE = (
    *("accuracy", "acc", "auc", "auroc", "aucpr", "auprc", "map", "ap", "precision", "recall"),
    *("f1", "fscore", "f_score", "score", "bleu", "rouge", "meteor", "chrf", "r2", "iou", "miou"),
    *("dice", "jaccard", "ndcg", "mrr", "hit", "psnr", "ssim", "sensitivity", "specificity"),
    *("mcc", "kappa", "reward", "return", "elbo", "log_likelihood", "similarity", "margins"),
    *("correlation", "pearson", "spearman", "win_rate", "em", "exact_match", "top", "accuracies"),
)
_BY_WORD: dict[str, Goal] = {**dict.fromkeys(_LESS, "min"), **dict.fromkeys(_MORE, "max")}


class Direction(NamedTuple):
    """goal: None where nobody can tell; why: for the line of what was assumed."""

    goal: Goal | None
    why: str


def direction(metric: str) -> Direction:
    """Which way a metric is better.

    >>> direction("rmse").goal, direction("mAP50-95(B)").goal, direction("box_loss").goal
    ('min', 'max', 'min')
    >>> direction("neg_mean_squared_error").goal, direction("sparsity")
    ('max', Direction(goal=None, why='unknown'))
    """
    words = re.findall(r"[a-z]+\d*(?![a-z])|[a-z]+|\d+", metric.lower())
    whole = "_".join(words)
    if whole in _BY_WORD:
        return Direction(_BY_WORD[whole], "by its name")
    if words[:1] == ["neg"]:  # as scikit-learn's scorers have it
        inner = direction("_".join(words[1:]))
        flipped: dict[Goal | None, Goal | None] = {"min": "max", "max": "min", None: None}
        return Direction(flipped[inner.goal], inner.why)
    if (known := _registered(whole)) is not None:
        return Direction(known, "a metric of mleval")
    for size in range(len(words), 0, -1):
        for start in range(len(words) - size, -1, -1):
            if (goal := _of_word("_".join(words[start : start + size]))) is not None:
                return Direction(goal, "by its name")
    return Direction(None, "unknown")


def _of_word(word: str) -> Goal | None:
    plain = re.sub(r"\d+$", "", word)
    for ending in ("loss", "error"):
        if plain.endswith(ending):
            return "min"
    return _BY_WORD.get(word) or _BY_WORD.get(plain) or _registered(word)


def _registered(name: str) -> Goal | None:
    """That of the metric of mleval, if there is one that has a better end."""
    from mleval.errors import UsageError
    from mleval.metrics import find  # the families load here

    try:
        goal = find(name).goal
    except UsageError:
        return None
    return goal if goal in ("max", "min") else None
