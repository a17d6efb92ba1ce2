"""Histories with planted truths, and what plain early stopping makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

KINDS = ("overfitting", "plateau", "divergence", "falling", "converging")
NOISES = (0.0, 0.003, 0.01)  # of a point, where about 1 is gained in all
LENGTHS = (20, 60, 200)


@dataclass(frozen=True)
class Planted:
    """A history and its truth. turn: the epoch at which it turns; clean: series without noise."""

    log: dict[str, Any]
    clean: np.ndarray
    turn: int


def planted(kind: str, length: int, noise: float, seed: int) -> Planted:
    """One history of that kind, its noise a little autocorrelated, as that of training is."""
    random = np.random.default_rng([seed, length, KINDS.index(kind)])
    epoch = np.arange(length)
    turn = int(random.integers(length * 4 // 10, length * 6 // 10))
    decay = turn / 4
    falling = 0.3 + np.exp(-epoch / decay)
    train = 0.1 + np.exp(-epoch / (length / 2))
    since = (epoch - turn).clip(0) / (length - 1 - turn)
    if kind == "overfitting":
        validation = falling[epoch.clip(max=turn)] + 0.4 * since
    elif kind == "plateau":
        validation = np.where(epoch < turn, 0.3 + (1 - epoch / turn), 0.3)
    elif kind == "divergence":
        train = 0.1 + np.exp(-epoch.clip(max=turn) / decay) + 1.5 * since
        validation = falling[epoch.clip(max=turn)] + 1.5 * since
    elif kind == "falling":
        validation = 1.3 - epoch / length
    else:
        validation = falling
    log = {
        "epoch": epoch,
        "loss": train + _noise(random, length, noise),
        "val_loss": validation + _noise(random, length, noise),
    }
    return Planted(log, validation, turn)


def _noise(random: np.random.Generator, length: int, size: float) -> np.ndarray:
    found = random.normal(size=length)
    for at in range(1, length):
        found[at] = 0.2 * found[at - 1] + np.sqrt(1 - 0.2**2) * found[at]
    return size * found


def keras_early_stopping(values: list[float], patience: int, min_delta: float) -> tuple[int, int]:
    """The epoch kept and the last one trained, as keras.callbacks.EarlyStopping has it (min)."""
    best, best_epoch, wait = np.inf, 0, 0
    for epoch, current in enumerate(values):
        wait += 1
        if np.less(current, best - min_delta):
            best, best_epoch, wait = current, epoch, 0
            continue
        if wait >= patience and epoch > 0:
            return best_epoch, epoch
    return best_epoch, len(values) - 1
