"""Histories whose truth is planted: it is named in 95 % of seeds, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest
from histories import KINDS, LENGTHS, NOISES, Planted, keras_early_stopping, planted

import mleval
from mleval.training.stopping import stop

SEEDS = range(60)


def named(truth: Planted) -> dict[str, float]:
    """Kind → from which epoch."""
    return {found.kind: found.epoch for found in mleval.history(truth.log).run.findings}


def latest(truth: Planted, noise: float) -> float:
    """The epoch at which even the series without noise has lost what counts as lost.

    That is six standard deviations of a point and a hundredth beside; windows add their width.
    """
    lost = truth.clean[truth.turn :] - truth.clean[truth.turn] > 6 * noise + 0.01
    return truth.turn + float(np.flatnonzero(lost)[0]) + 3


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("kind", KINDS[:3])
def test_what_is_planted_is_named_at_its_epoch(kind: str, length: int, noise: float) -> None:
    right = 0
    for seed in SEEDS:
        truth = planted(kind, length, noise, seed)
        found = named(truth)
        if kind == "plateau":  # it seems to begin where what is still to gain is less than noise
            window = length / 20 + 3
            near = abs(found.get(kind, np.inf) - truth.turn) <= window + 6 * noise * truth.turn
        else:
            near = truth.turn - 2 <= found.get(kind, np.inf) <= latest(truth, noise)
        right += near and len(found) == 1
    assert right >= 0.95 * len(SEEDS)


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("kind", KINDS[2:])
def test_what_is_not_there_is_not_named(kind: str, length: int, noise: float) -> None:
    wrong = {"overfitting", "divergence", "worsening", "not finite"} - {kind}
    wrong |= {"plateau"} if kind == "falling" else set()
    false = sum(bool(wrong & set(named(planted(kind, length, noise, seed)))) for seed in SEEDS)
    assert false <= 0.05 * len(SEEDS)


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("length", LENGTHS)
def test_the_best_epoch_is_as_good_as_the_planted_one(length: int, noise: float) -> None:
    for seed in SEEDS:
        truth = planted("overfitting", length, noise, seed)
        run = mleval.history(truth.log).run
        assert run.watched is not None
        best = run.watched.judged.best
        assert best == int(np.argmin(truth.log["val_loss"]))
        # The lowest of the noisy values has a low noise, by its span at most.
        span = np.ptp(truth.log["val_loss"] - truth.clean)
        assert truth.clean[best] - truth.clean.min() <= span + 1e-12


@pytest.mark.parametrize("patience", [1, 2, 5, 30])
@pytest.mark.parametrize("min_delta", [0.0, 0.01])
def test_early_stopping_is_that_of_keras(patience: int, min_delta: float) -> None:
    for seed in SEEDS:
        values = planted("overfitting", 40, 0.01, seed).log["val_loss"]
        values[seed % 40] = np.nan if seed % 3 == 0 else values[seed % 40]
        kept, last = keras_early_stopping(list(values), patience, min_delta)
        if np.isnan(values[0]) and patience == 1:
            continue  # Keras waives the first epoch's patience: there is nothing kept yet
        found = stop(values, patience, min_delta)
        assert found is not None
        assert (found.kept, found.saved) == (kept, 39 - last)
        assert found.missed == values[kept] - np.nanmin(values)


def test_a_series_that_is_better_high_is_turned() -> None:
    truth = planted("overfitting", 60, 0.003, 1)
    loss = named(truth)
    log = {"accuracy": -truth.log["loss"], "val_accuracy": -truth.log["val_loss"]}
    found = mleval.history({"epoch": truth.log["epoch"], **log}).run.findings
    assert {f.kind: f.epoch for f in found} == loss


def test_nan_is_found_where_it_begins() -> None:
    truth = planted("converging", 20, 0.003, 0)
    truth.log["loss"][12:] = np.nan
    assert named(truth)["not finite"] == 12
