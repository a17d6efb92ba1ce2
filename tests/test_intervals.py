"""A 95 % interval holds the true value 95 times in a hundred.

Samples are drawn with fixed seeds. `MLEVAL_SIMULATE=full` (make simulate) draws many more of them
and prints what it found.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from campaigns import FULL
from evidence import binary_batch, class_batch, evidence_of, plan_of
from registered import specs
from simulation import SCENARIOS, Tally, simulate

from mleval.errors import NoInterval
from mleval.evaluation.classification.estimates import estimate, missing
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.requests import Request, requests_for
from mleval.registry import Task
from mleval.uncertainty.intervals import delta

REPETITIONS = 10_000 if FULL else 300
# At full size, what is good enough; else four binomial standard errors to either side of 95 %.
MARGIN = 0.02 if FULL else 4 * math.sqrt(0.95 * 0.05 / REPETITIONS)
LOWEST, HIGHEST = 0.95 - MARGIN, 0.95 + MARGIN
# They have an interval only where the value stands out of the noise, so that those which have
# one are not like all: what counts is how often, of all samples, an interval misses.
AT_TIMES = ("ece",)
WITHOUT = {
    "prevalence[macro]": "it is 1 / classes, whatever the rows",
    "prevalence[micro]": "it is 1 / classes, whatever the rows",
}


@cache
def tallies(name: str) -> dict[str, Tally]:
    return simulate(SCENARIOS[name], REPETITIONS)


@pytest.mark.parametrize("name", SCENARIOS)
def test_intervals_hold_the_true_value_as_often_as_they_say(
    name: str, record_property: Any
) -> None:
    found = tallies(name)
    record_property("coverage", {key: tally.coverage for key, tally in found.items()})
    always = {key: t for key, t in found.items() if not key.startswith(AT_TIMES)}
    wrong = {
        key: f"{tally.coverage:.2%} ({tally.below} below, {tally.above} above)"
        for key, tally in always.items()
        if tally.intervals and not LOWEST <= tally.coverage <= HIGHEST
    }
    assert wrong == {}


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_has_an_interval_has_it_on_nearly_every_sample(name: str) -> None:
    lacking = {
        key: tally.without
        for key, tally in tallies(name).items()
        if tally.without > 0.02 * REPETITIONS and not key.startswith(AT_TIMES)
    }
    assert set(lacking) <= set(WITHOUT), lacking


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_has_one_at_times_misses_no_oftener_than_others(name: str) -> None:
    misses = {
        key: (tally.below + tally.above) / REPETITIONS
        for key, tally in tallies(name).items()
        if key.startswith(AT_TIMES)
    }
    assert all(share <= 1 - LOWEST for share in misses.values()), misses


PERFECT = np.repeat([0, 1, 2], [30, 20, 10])


def perfect(task: Task) -> Evidence:
    """Every row right, by predictions and by scores alike."""
    truth = PERFECT if task == "multiclass" else np.minimum(PERFECT, 1)
    jitter = np.random.default_rng(0).random((3, len(truth))) / 10
    if task == "binary":
        batch = binary_batch(truth, truth, 0.85 * truth + jitter[0])
    else:
        table = (np.arange(3)[:, None] == truth) + jitter
        batch = class_batch(truth, truth, table / table.sum(axis=0), "abc")
    return evidence_of(plan_of(requests(task)).states_of(batch), batch)


@cache
def requests(task: Task) -> list[Request]:
    from pathlib import Path

    every = specs(task, ("0", "1") if task == "binary" else "abc", Path("costs.csv"))
    return [r for r in requests_for(task, every) if "matrix" not in r.options]


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_perfection_on_few_rows_is_not_certainty(task: Task) -> None:
    evidence = perfect(task)
    bounded = 0
    for request in requests(task):
        if missing(request, evidence) is not None:
            continue
        found = estimate(request, evidence, 0.95)
        best = {"max": found.range[1], "min": found.range[0]}.get(found.goal)
        if found.value is None or found.value != best or found.no_interval:
            continue
        bounded += 1
        assert found.low is not None, request.key
        assert found.high is not None, request.key
        assert found.high - found.low > 0.01, request.key
        assert found.value in (found.low, found.high), request.key
    assert bounded > 30


@pytest.mark.parametrize("wrong", [0, 1])
def test_a_perfect_auc_of_ten_against_ten_says_no_more_than_four_fifths(wrong: int) -> None:
    truth = np.repeat([0, 1], 10)
    score = np.linspace(0.05, 0.95, 20)
    if wrong:
        score = 1 - score
    batch = binary_batch(truth, truth, score)
    (auc,) = (r for r in requests("binary") if r.key == "roc_auc")
    found = estimate(auc, evidence_of(plan_of([auc]).states_of(batch), batch), 0.95)
    assert found.method == "newcombe 5"
    limits = (found.low, found.high)
    assert limits == pytest.approx((0, 0.200) if wrong else (0.800, 1), abs=5e-4)


@pytest.mark.parametrize("task", ["binary", "multiclass"])
@pytest.mark.parametrize(("level", "wider"), [(0.5, 0.9), (0.95, 0.99)])
def test_a_higher_level_is_a_wider_interval(task: Task, level: float, wider: float) -> None:
    rng = np.random.default_rng(3)
    batch = SCENARIOS["binary" if task == "binary" else "four classes"].draw(rng, 300)
    names = ("0", "1") if task == "binary" else "0123"
    some = [r for r in requests(task) if r.spec.of_class in (None, *names)]
    evidence = evidence_of(plan_of(some).states_of(batch), batch)
    for request in some:
        if missing(request, evidence) is not None:
            continue
        narrow, wide = (estimate(request, evidence, at) for at in (level, wider))
        if narrow.low is not None:
            assert wide.low <= narrow.low <= narrow.high <= wide.high, request.key
            assert wide.high - wide.low > narrow.high - narrow.low, request.key


def test_a_root_without_a_slope_at_its_edge_says_so() -> None:
    for variance in (math.inf, math.nan):
        with pytest.raises(NoInterval, match="at the edge of its range"):
            delta(0.0, variance, (0, math.inf), 0.95)
        with pytest.raises(NoInterval, match="beyond what a float can hold"):
            delta(1.0, variance, (0, math.inf), 0.95)
