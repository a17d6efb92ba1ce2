"""A 95 % interval holds the true value 95 times in a hundred, though labels of a row go together.

Samples are drawn with a fixed seed; limits are at four binomial standard errors.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from campaigns import FULL
from simulation import Tally, count, specs_of

from mleval.batch import Batch, Family
from mleval.evaluation.classification.estimates import estimate
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.classification.multilabel import label_plan
from mleval.evaluation.classification.resolve import resolve
from mleval.evaluation.findings import Findings
from mleval.evaluation.requests import Request, requests_for
from mleval.options import ClassifyOptions
from mleval.reading.label_sets import indicator_sets
from mleval.reading.roles import ClassRoles, LabelLayout

NAMES = tuple("abcde")
ROWS, MANY, REPETITIONS = 500, 200_000, 4000 if FULL else 200
SLACK = 4 * math.sqrt(0.05 * 0.95 / REPETITIONS)
SPECS = """
    subset_accuracy hamming_loss f1[macro] f1[micro] f1[weighted] f1[samples] f1[class=c]
    precision[micro] recall[macro] recall[weighted] jaccard[micro] jaccard[samples]
    specificity[macro] informedness[class=c] markedness[micro] prevalence[macro] prevalence[micro]
"""
SCORED = """
    roc_auc[macro] roc_auc[micro] roc_auc[weighted] average_precision[macro]
    average_precision[micro] average_precision[weighted]
"""


def draw(rng: np.random.Generator, rows: int, *, weighted: bool) -> Batch:
    """Rows that are hard or easy as a whole: what is wrong with one label is wrong with others."""
    mood, bias = rng.normal(size=(2, rows, 1))
    truth = rng.normal(size=(rows, 5)) + mood > np.linspace(0, 1.8, 5)
    evidence = rng.normal(1.3 * truth, 0.6) + 0.9 * bias
    scores = 1 / (1 + np.exp(-evidence))
    columns: dict[str, Any] = {
        "truth": indicator_sets(NAMES, truth),
        "prediction": indicator_sets(NAMES, evidence > 0.6),
        "probabilities": Family(NAMES, np.ascontiguousarray(scores.T)),
    }
    if weighted:
        columns["weight"] = rng.gamma(1.5, 1 + 0.3 * truth[:, 0]) + 0.05
    return Batch(rows, columns)


def seen(batch: Batch, requests: list[Request]) -> Evidence:
    roles = ClassRoles(
        columns={"truth": "t", "prediction": "p"},
        families={"probabilities": {n: n for n in NAMES}},
        labels=LabelLayout("|"),
    )
    plan = label_plan(requests, roles, ClassifyOptions())
    states = plan.states_of(batch)
    return resolve(
        states, roles, ClassifyOptions(), Findings(), rows=batch.rows, by_prediction=False
    )


@cache
def tallies(weighted: bool) -> dict[str, Tally]:
    rng = np.random.default_rng(1)
    requests = requests_for("multilabel", specs_of(SPECS, SCORED))
    whole = seen(draw(rng, MANY, weighted=weighted), requests)
    found = {}
    for request in requests:
        value = estimate(request, whole, None).value
        assert value is not None, request.key
        found[request.key] = Tally(value)
    for _ in range(REPETITIONS):
        sample = seen(draw(rng, ROWS, weighted=weighted), requests)
        for request in requests:
            count(found[request.key], estimate(request, sample, 0.95))
    return found


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
def test_intervals_hold_the_true_value_as_often_as_they_say(weighted: bool) -> None:
    found = tallies(weighted)
    assert all(tally.without == 0 for tally in found.values())
    wrong = {
        key: f"{tally.coverage:.2%} ({tally.below} below, {tally.above} above)"
        for key, tally in found.items()
        if abs(tally.coverage - 0.95) > SLACK
    }
    assert wrong == {}


def test_the_labels_of_a_row_are_not_independent_here() -> None:
    """Else what couples them would not be tested."""
    found = tallies(False)["hamming_loss"]
    alone = math.sqrt(found.truth * (1 - found.truth) / (ROWS * len(NAMES)))
    assert np.std(found.values) > 1.15 * alone
