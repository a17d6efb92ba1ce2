"""Losses against soft labels: of each row a true distribution over the classes is known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.metrics.multiclass import ClassRows
from mleval.registry import Component, metric
from mleval.states import Means
from mleval.states.score_table import CLIP

of_distributions = partial(
    metric,
    tasks=("binary", "multiclass"),
    state=Means,
    goal="min",
    scale="probability",
    needs=("truth_probabilities",),
    default=True,
)


def _truth(rows: ClassRows) -> Floats:
    assert rows.truth_probabilities is not None
    return rows.truth_probabilities


def _entropies(rows: ClassRows) -> Floats:
    """(n,) −Σ p log q, q clipped as for the log loss; logits are exact."""
    logs = rows.log_probabilities if rows.logits else np.log(np.clip(rows.values, CLIP, 1 - CLIP))
    return -_sum_of_products(_truth(rows), logs)


@of_distributions(
    "cross_entropy",
    title="Cross-entropy against soft labels",
    range=(0, float("inf")),
    formula="−Σ Σ_c p_c log q_c / n, p true and q predicted",
    source="Good 1952; Szegedy et al. 2016 (soft labels)",
    use="the truth is a share of votes, or the output of a teacher; one certain class a row gives "
    "log_loss",
    beware="the least there can be is the entropy of the truth, not 0: see kl_divergence; "
    "probabilities are clipped at 2.2e-16, logits (--score-scale logit) are exact",
    aliases=("soft_cross_entropy",),
    components=lambda: (Component("cross_entropy", _entropies),),
)
def cross_entropy(mean: Mapping[str, Any]) -> Any:
    """Mean negative logarithm of the predicted probabilities, under the true ones.

    >>> cross_entropy({"cross_entropy": 0.5})
    0.5
    """
    return mean["cross_entropy"]


def _impossible(rows: ClassRows) -> Floats:
    """1 where a class that can come is predicted never to; no logit says so."""
    if rows.logits:
        return np.zeros(rows.values.shape[1])
    found: Floats = np.where((_truth(rows) > 0) & (rows.values <= 0), 1.0, 0.0).max(axis=0)
    return found


def _where_above(values: Floats) -> Floats:
    """The values above 0, and 1 for the others."""
    return np.where(values > 0, values, 1.0)


def _divergences(rows: ClassRows) -> Floats:
    """(n,) Σ p log(p / q) over the classes with p > 0, without those where q is 0."""
    truth = _truth(rows)
    if rows.logits:
        return _sum_of_products(truth, np.log(_where_above(truth)) - rows.log_probabilities)
    possible = np.where(rows.values > 0, truth, 0.0)
    # of the ratio, not of each: near 1 its logarithm keeps the digits that theirs would lose
    return _sum_of_products(possible, np.log(_where_above(truth) / _where_above(rows.values)))


@of_distributions(
    "kl_divergence",
    title="Kullback-Leibler divergence",
    range=(0, float("inf")),
    formula="Σ Σ_c p_c log(p_c / q_c) / n in nats, p true and q predicted; 0 log 0 = 0",
    source="Kullback & Leibler 1951; scipy.special.rel_entr",
    use="as cross_entropy, with 0 for a perfect prediction",
    beware="infinite as soon as a class that can come is given a probability of 0, as in scipy "
    "(logits never are): see js_divergence; not symmetric; the mean over rows is what PyTorch "
    "calls batchmean",
    aliases=("kl", "kl_div", "relative_entropy"),
    undefined="a class that can come is given a probability of 0",
    components=lambda: (
        Component("kl_divergence", _divergences),
        Component("impossible", _impossible),
    ),
)
def kl_divergence(mean: Mapping[str, Any]) -> Any:
    """Mean of how much is lost by taking the predicted distribution for the true one.

    >>> kl_divergence({"kl_divergence": 0.5, "impossible": 0.0})
    0.5
    """
    return math.inf if mean["impossible"] > 0 else mean["kl_divergence"]


def _towards_middle(one: Floats, other: Floats) -> Floats:
    """(n,) Σ one · log(one / middle of both)."""
    ratio = np.divide(2 * one, one + other, out=np.ones_like(one), where=one > 0)
    return _sum_of_products(one, np.log(ratio))


def _symmetric_divergences(rows: ClassRows) -> Floats:
    p, q = _truth(rows), rows.probabilities
    return (_towards_middle(p, q) + _towards_middle(q, p)) / 2


@of_distributions(
    "js_divergence",
    title="Jensen-Shannon divergence",
    range=(0, math.log(2)),
    formula="Σ ½ (KL(p, m) + KL(q, m)) / n in nats, m = (p + q) / 2",
    source="Lin 1991",
    use="as kl_divergence, where predicted probabilities are 0: it is symmetric and at most log 2",
    beware="scipy's jensenshannon is its square root, the distance; some divide by log 2",
    aliases=("js", "jensen_shannon"),
    interval="delta",
    components=lambda: (Component("js_divergence", _symmetric_divergences),),
)
def js_divergence(mean: Mapping[str, Any]) -> Any:
    """Mean divergence of the true and the predicted distribution from their middle.

    >>> js_divergence({"js_divergence": 0.25})
    0.25
    """
    return mean["js_divergence"]


def _sum_of_products(one: Floats, other: Floats) -> Floats:
    """(n,) over the classes; 0 · −∞ is 0."""
    products: Floats = np.where(one > 0, one * other, 0.0)
    result: Floats = products.sum(axis=0)
    return result
