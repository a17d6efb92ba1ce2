"""A 95 % interval of a regression holds the true value 95 times in a hundred.

As in `test_intervals`: fixed seeds, and `make simulate` draws many more samples.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from regression_simulation import SAMPLES, simulate
from simulation import Tally
from test_intervals import HIGHEST, LOWEST, REPETITIONS


@cache
def tallies(name: str) -> dict[str, Tally]:
    return simulate(SAMPLES[name], REPETITIONS)


@pytest.mark.parametrize("name", SAMPLES)
def test_intervals_hold_the_true_value_as_often_as_they_say(
    name: str, record_property: Any
) -> None:
    found = tallies(name)
    record_property("coverage", {key: tally.coverage for key, tally in found.items()})
    wrong = {
        key: f"{tally.coverage:.2%} ({tally.below} below, {tally.above} above)"
        for key, tally in found.items()
        if not LOWEST <= tally.coverage <= HIGHEST
    }
    assert wrong == {}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_metric_has_an_interval_on_nearly_every_sample(name: str) -> None:
    lacking = {k: t.without for k, t in tallies(name).items() if t.without > 0.02 * REPETITIONS}
    assert lacking == {}
