"""Logistic recalibration, by scipy's optimisers: calibration slope and intercept."""

from __future__ import annotations

import math

import numpy as np

from mleval.references.observed import Floats
from mleval.references.one_vs_rest import EPSILON, OneVsRest, expit, over_classes


def log_odds(rows: OneVsRest) -> Floats:
    """logit(p), p clipped to [ε, 1 − ε], ε = 2.2e-16; logits as they are given."""
    if rows.logit is not None:
        return rows.logit
    clipped = np.clip(rows.probabilities, EPSILON, 1 - EPSILON)
    odds: Floats = np.log(clipped) - np.log1p(-clipped)
    return odds


@over_classes
def calibration_slope(rows: OneVsRest) -> float:
    """b of logit P(truth) = a + b · logit(p), fitted jointly by weighted maximum likelihood.

    Cox 1958; Steyerberg 2009. 1 is calibrated, below 1 overconfident. Undefined unless both
    classes occur, and where no finite fit exists: the scores separate the classes, or do but for
    rows tied at the boundary, or are all equal (Albert & Anderson 1984).
    """
    from scipy.optimize import minimize

    if not rows.has_both:
        return math.nan
    logit = log_odds(rows)
    positives, negatives = logit[rows.truth == 1], logit[rows.truth == 0]
    if positives.min() >= negatives.max() or negatives.min() >= positives.max():
        return math.nan
    weight = rows.weights / rows.weights.sum()
    centre = float(np.sum(weight * logit))
    scale = math.sqrt(float(np.sum(weight * (logit - centre) ** 2)))
    design = np.column_stack([np.ones_like(logit), (logit - centre) / scale])

    def loss(fit: Floats) -> float:
        margin = design @ fit
        return float(np.sum(weight * (np.logaddexp(0.0, margin) - rows.truth * margin)))

    def gradient(fit: Floats) -> Floats:
        step: Floats = design.T @ (weight * (expit(design @ fit) - rows.truth))
        return step

    def hessian(fit: Floats) -> Floats:
        chance = expit(design @ fit)
        curvature: Floats = design.T @ (design * (weight * chance * (1 - chance))[:, None])
        return curvature

    fit: Floats = minimize(
        loss, np.zeros(2), jac=gradient, hess=hessian, method="trust-exact", tol=1e-10
    ).x
    for _ in range(5):  # Newton's steps from there reach the last digits
        fit = fit - np.linalg.solve(hessian(fit), gradient(fit))
    return float(fit[1]) / scale


@over_classes
def calibration_intercept(rows: OneVsRest) -> float:
    """a of logit P(truth) = a + logit(p), the slope held at 1: calibration in the large.

    The root of Σ w (y − expit(a + logit p)), by brentq. Cox 1958; Steyerberg 2009. 0 is
    calibrated, below 0 the probabilities are too high. Undefined unless both classes occur.
    """
    from scipy.optimize import brentq

    if not rows.has_both:
        return math.nan
    logit = log_odds(rows)
    weight = rows.weights / rows.weights.sum()

    def excess(intercept: float) -> float:
        # y - expit(z) is expit(-z) or -expit(z): near certainty the difference has no digits
        z = intercept + logit
        return float(np.sum(weight * np.where(rows.truth == 1, expit(-z), -expit(z))))

    bound = float(np.max(np.abs(logit))) + abs(math.log(float(weight.min()))) + 50
    return float(brentq(excess, -bound, bound, xtol=1e-14, rtol=1e-15))
