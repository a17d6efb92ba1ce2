"""Scenarios to draw samples from, and how often the intervals of samples hold the true value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from evidence import binary_batch, class_batch, evidence_of, plan_of

from mleval.batch import Batch, Floats
from mleval.evaluation.classification.estimates import estimate
from mleval.evaluation.requests import requests_for
from mleval.registry import Task
from mleval.spec import Spec

Rng = np.random.Generator
MANY = 500_000  # rows of the sample that true values are read off

COUNTED = """
    accuracy zero_one_loss balanced_accuracy g_mean mcc kappa cost(fp=1,fn=5) precision recall f1
    fbeta(beta=2) fbeta(beta=0.5) jaccard specificity npv fpr fnr informedness markedness prevalence
    f1[macro] f1[weighted] precision[macro] fbeta(beta=2)[macro]
"""
RANKED = """
    roc_auc roc_auc(max_fpr=0.3) gini average_precision pr_auc eer tpr_at_fpr(fpr=0.2)
    lift_at(fraction=0.2)
"""
STATED = """
    log_loss brier brier_skill focal_loss focal_loss(balanced=false)
    calibration_slope calibration_intercept ece ece(bins=5)
"""
CLASSED = """
    accuracy balanced_accuracy g_mean mcc kappa kappa(weights=linear) kappa(weights=quadratic)
    precision[macro] precision[weighted] recall[macro] recall[weighted] f1[macro] f1[weighted]
    precision[micro] recall[micro] f1[micro] fbeta(beta=2)[micro] jaccard[micro] specificity[micro]
    npv[micro] fpr[micro] fnr[micro] informedness[micro] markedness[micro]
    fbeta(beta=2)[macro] jaccard[macro] specificity[macro] specificity[weighted]
    npv[macro] informedness[macro] informedness[weighted] markedness[macro] markedness[weighted]
    prevalence[macro] prevalence[weighted] f1[class=3] precision[class=3] recall[class=0]
    fbeta(beta=2)[class=3] informedness[class=3] markedness[class=0]
"""
CLASS_SCORED = """
    roc_auc_ovr[macro] roc_auc_ovr[weighted] roc_auc_ovr[class=3]
    average_precision[macro] average_precision[weighted]
    average_precision[class=3] log_loss brier focal_loss top_k_accuracy(k=2) ece
"""


@dataclass(frozen=True)
class Scenario:
    """Where samples of `rows` rows come from, and the Specs that are read off them."""

    task: Task
    rows: int
    draw: Callable[[Rng, int], Batch]
    specs: tuple[Spec, ...]


@dataclass
class Tally:
    """Samples whose interval holds the true value, lies below it, lies above, does not exist."""

    truth: float
    holds: int = 0
    below: int = 0
    above: int = 0
    without: int = 0
    values: list[float] = field(default_factory=list)

    @property
    def intervals(self) -> int:
        return self.holds + self.below + self.above

    @property
    def coverage(self) -> float:
        return self.holds / self.intervals if self.intervals else math.nan


def specs_of(*texts: str) -> tuple[Spec, ...]:
    return tuple(Spec.parse(text) for text in " ".join(texts).split())


def two_classes(prevalence: float, apart: float = 1.466, *, weighted: bool = False) -> object:
    """Normal scores, `apart` from each other (1.466: AUC 0.85); log-odds stretched and moved."""

    def draw(rng: Rng, rows: int) -> Batch:
        truth = rng.random(rows) < prevalence
        evidence = rng.normal(apart * truth)
        odds = math.log(prevalence / (1 - prevalence)) + apart * evidence - apart**2 / 2
        probability = 1 / (1 + np.exp(-(0.8 * odds + 0.5)))
        weight = rng.gamma(1.5, 1 + 0.5 * truth) + 0.05 if weighted else None
        return binary_batch(truth, probability >= 0.4, probability, weight)

    return draw


def four_classes(*, weighted: bool = False) -> object:
    """Shares of 0.4, 0.3, 0.17 and 0.13; the log-odds are moved by noise and stretched."""
    shares = np.array([0.4, 0.3, 0.17, 0.13])

    def draw(rng: Rng, rows: int) -> Batch:
        truth = rng.choice(4, rows, p=shares)
        own = np.arange(4)[:, None] == truth
        table: Floats = np.exp(1.3 * (rng.normal(1.5 * own) + 0.5 * np.log(shares)[:, None]))
        weight = rng.gamma(1.5, 1.0 + 0.2 * truth) + 0.05 if weighted else None
        return class_batch(truth, table.argmax(axis=0), table / table.sum(axis=0), "0123", weight)

    return draw


SCENARIOS = {
    "binary": Scenario(
        "binary",
        500,
        two_classes(0.3),
        specs_of(COUNTED, RANKED, STATED, "precision_at_k(k=100)"),
    ),
    "binary, a rare class": Scenario(
        "binary", 1500, two_classes(0.05), specs_of(COUNTED, RANKED, STATED)
    ),
    "binary, weighted": Scenario(
        "binary", 500, two_classes(0.3, weighted=True), specs_of(COUNTED, RANKED, STATED)
    ),
    "four classes": Scenario(
        "multiclass", 500, four_classes(), specs_of(CLASSED, CLASS_SCORED, "roc_auc_ovo[macro]")
    ),
    "four classes, weighted": Scenario(
        "multiclass",
        900,
        four_classes(weighted=True),
        specs_of(CLASSED, CLASS_SCORED, "roc_auc_ovo[weighted]"),
    ),
}


def simulate(scenario: Scenario, repetitions: int, seed: int = 1) -> dict[str, Tally]:
    """Draw samples, read every Spec with its interval, and see where the true value is."""
    rng = np.random.default_rng(seed)
    requests = requests_for(scenario.task, scenario.specs)
    plan = plan_of(requests)

    def draw(rows: int) -> object:
        batch = scenario.draw(rng, rows)
        return evidence_of(plan.states_of(batch), batch)

    tallies = {}
    whole = draw(MANY)
    for request, at_large in zip(
        requests, requests_for(scenario.task, map(scaled(scenario), scenario.specs)), strict=True
    ):
        value = estimate(at_large, whole, None).value
        assert value is not None, request.key
        tallies[request.key] = Tally(value)
    for _ in range(repetitions):
        sample = draw(scenario.rows)
        for request in requests:
            count(tallies[request.key], estimate(request, sample, 0.95))
    return tallies


def scaled(scenario: Scenario) -> Callable[[Spec], Spec]:
    """The Spec for the large sample: k is a number of rows."""

    def of(spec: Spec) -> Spec:
        if spec.name != "precision_at_k":
            return spec
        k = dict(spec.options)["k"] * MANY / scenario.rows
        return Spec(spec.name, (("k", k),))

    return of


def count(tally: Tally, found: object) -> None:
    if found.value is not None:
        tally.values.append(found.value)
    if found.low is None:
        tally.without += 1
    elif found.high < tally.truth:
        tally.below += 1
    elif found.low > tally.truth:
        tally.above += 1
    else:
        tally.holds += 1
