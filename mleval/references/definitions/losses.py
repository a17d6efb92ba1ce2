"""Losses by their definitions: logits in exact form, the focal loss, and soft labels."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from mleval.references.observed import (
    Observed,
    class_probabilities,
    codes,
    counted,
    weights,
)
from mleval.references.one_vs_rest import EPSILON, OneVsRest, against_rest


def log_loss_of_logits(observed: Observed, *, of_class: str | None = None) -> float:
    """The mean of log(1 + e^−z) of the true class, or of logsumexp(z) − z of it. Never clipped."""
    rows = counted(observed)
    of_class = of_class or rows.positive
    losses: list[float] = []
    if rows.task == "binary":
        assert of_class is not None
        view = against_rest(rows, of_class)
        assert view.logit is not None
        for truth, logit in zip(view.truth, view.logit, strict=True):
            losses.append(-_log_expit(float(logit) if truth else -float(logit)))
    else:
        assert rows.probabilities is not None
        for truth, logits in zip(_true_columns(rows), rows.probabilities, strict=True):
            losses.append(_log_sum_exp(logits.tolist()) - float(logits[truth]))
    return _mean(losses, rows)


def focal_loss(
    observed: Observed,
    *,
    average: str | None = None,
    of_class: str | None = None,
    alpha: float = 0.25,
    gamma: float = 2.0,
    balanced: bool = True,
) -> float:
    """The mean of −α_t (1 − p_t)^γ log p_t (Lin et al. 2017).

    p_t is the probability of the true class, clipped to [ε, 1 − ε] (logits are not clipped).
    Binary or `of_class`: α_t is α for positives and 1 − α for negatives, or α throughout with
    balanced=False. Multiclass: α throughout.
    """
    if average is not None:
        raise ValueError(f"no {average} average of the focal loss")
    rows = counted(observed)
    of_class = of_class or rows.positive
    if of_class is not None:
        view = against_rest(rows, of_class)
        alphas = [alpha if truth or not balanced else 1 - alpha for truth in view.truth]
        pairs = _binary_pairs(view)
    else:
        alphas = [alpha] * len(rows.truth)
        pairs = _multiclass_pairs(rows)
    losses = [
        -share * wrong**gamma * log_right
        for share, (log_right, wrong) in zip(alphas, pairs, strict=True)
    ]
    return _mean(losses, rows)


def _binary_pairs(view: OneVsRest) -> list[tuple[float, float]]:
    """(log p_t, 1 − p_t) of each row."""
    if view.logit is not None:
        signed = [float(z) if t else -float(z) for t, z in zip(view.truth, view.logit, strict=True)]
        return [(_log_expit(z), math.exp(_log_expit(-z))) for z in signed]
    pairs = []
    for truth, probability in zip(view.truth, view.probabilities.tolist(), strict=True):
        right = _clipped(probability if truth else 1 - probability)
        pairs.append((math.log(right), 1 - right))
    return pairs


def _multiclass_pairs(rows: Observed) -> list[tuple[float, float]]:
    """(log p_t, 1 − p_t) of each row."""
    truths = _true_columns(rows)
    if rows.score_scale == "logit":
        assert rows.probabilities is not None
        pairs = []
        for truth, logits in zip(truths, rows.probabilities.tolist(), strict=True):
            others = [logit for column, logit in enumerate(logits) if column != truth]
            whole = _log_sum_exp(logits)
            wrong = math.exp(_log_sum_exp(others) - whole) if others else 0.0
            pairs.append((logits[truth] - whole, wrong))
        return pairs
    table = class_probabilities(rows)
    rights = [_clipped(float(table[row, truth])) for row, truth in enumerate(truths)]
    return [(math.log(right), 1 - right) for right in rights]


def _true_columns(rows: Observed) -> list[int]:
    columns: list[int] = codes(rows.truth, rows.probability_classes).tolist()
    return columns


def _clipped(probability: float) -> float:
    return min(max(probability, EPSILON), 1 - EPSILON)


def _log_expit(logit: float) -> float:
    """log(1 / (1 + e^−z))."""
    return min(logit, 0.0) - math.log1p(math.exp(-abs(logit)))


def _log_sum_exp(logits: list[float]) -> float:
    highest = max(logits)
    return highest + math.log(math.fsum(math.exp(logit - highest) for logit in logits))


def _mean(losses: list[float], rows: Observed) -> float:
    return float(np.average(losses, weights=weights(rows))) if losses else math.nan


def cross_entropy(observed: Observed) -> float:
    """The mean of −Σ p log q, p the true distribution; q is clipped to [ε, 1 − ε], or of logits."""
    return _of_distributions(
        observed, lambda p, q: -math.fsum(x * y for x, y in zip(p, q, strict=True) if x)
    )


def kl_divergence(observed: Observed) -> float:
    """The mean of Σ p log(p / q), 0 log 0 = 0; infinite where q is 0 and p is not."""
    if observed.score_scale != "logit" and _is_impossible(observed):
        return math.inf
    return _of_distributions(
        observed,
        lambda p, q: math.fsum(x * (math.log(x) - y) for x, y in zip(p, q, strict=True) if x),
        clip=False,
    )


def js_divergence(observed: Observed) -> float:
    """The mean of ½ Σ p log(p / m) + ½ Σ q log(q / m), m = (p + q) / 2."""

    def of(p: list[float], logs: list[float]) -> float:
        terms = []
        for x, y in zip(p, map(math.exp, logs), strict=True):
            middle = (x + y) / 2
            terms += [z * math.log(z / middle) / 2 for z in (x, y) if z]
        return math.fsum(terms)

    return _of_distributions(observed, of, clip=False)


def _is_impossible(observed: Observed) -> bool:
    assert observed.truth_probabilities is not None
    assert observed.probabilities is not None
    return bool(((observed.truth_probabilities > 0) & (observed.probabilities <= 0)).any())


def _of_distributions(
    observed: Observed, loss: Callable[[list[float], list[float]], float], *, clip: bool = True
) -> float:
    """The mean of a loss of p and log q."""
    assert observed.truth_probabilities is not None
    assert observed.probabilities is not None
    losses = []
    pairs = zip(observed.truth_probabilities.tolist(), observed.probabilities.tolist(), strict=True)
    for truth, values in pairs:
        if observed.score_scale == "logit":
            whole = _log_sum_exp(values)
            logs = [value - whole for value in values]
        elif clip:
            logs = [math.log(_clipped(value)) for value in values]
        else:
            logs = [math.log(value) if value else -math.inf for value in values]
        losses.append(loss(truth, logs))
    return _mean(losses, observed)
