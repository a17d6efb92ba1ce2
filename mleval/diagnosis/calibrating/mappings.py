"""Mappings from stated probabilities to those that come true: what is saved and applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from mleval.batch import Floats
from mleval.metrics.recalibration import expit
from mleval.states.score_table import CLIP


class Mapping(Protocol):
    """A fitted calibration."""

    @property
    def method(self) -> str:
        """Its name."""
        ...

    @property
    def parameters(self) -> dict[str, Any]:
        """As JSON has them."""
        ...

    def apply(self, probability: Floats) -> Floats:
        """(n,) of the positive class, or (n, K) of every class, to the same shape."""
        ...


def logit(probability: Floats) -> Floats:
    """log p − log(1 − p), of probabilities clipped to [2.2e-16, 1 − 2.2e-16].

    >>> logit(np.array([0.5])).tolist()
    [0.0]
    """
    clipped = np.clip(probability, CLIP, 1 - CLIP)
    return np.asarray(np.log(clipped) - np.log1p(-clipped))


@dataclass(frozen=True, slots=True)
class Platt:
    """A logistic line through the log-odds. Source: Platt 1999, on log-odds.

    >>> Platt(1.0, 0.0).apply(np.array([0.25])).tolist()
    [0.25]
    """

    slope: float
    intercept: float
    method = "platt"

    @property
    def parameters(self) -> dict[str, Any]:
        """See Mapping."""
        return {"slope": self.slope, "intercept": self.intercept}

    def apply(self, probability: Floats) -> Floats:
        """Binary alone."""
        return expit(self.intercept + self.slope * logit(probability))


@dataclass(frozen=True, slots=True)
class Temperature:
    """All logarithms divided by one number: above 1 makes less sure. Source: Guo et al. 2017.

    >>> Temperature(2.0).apply(np.array([[0.8, 0.2]])).round(4).tolist()
    [[0.6667, 0.3333]]
    """

    temperature: float
    method = "temperature"

    @property
    def parameters(self) -> dict[str, Any]:
        """See Mapping."""
        return {"temperature": self.temperature}

    def apply(self, probability: Floats) -> Floats:
        """Binary or of several classes."""
        if probability.ndim == 1:
            return expit(logit(probability) / self.temperature)
        powers = log_probabilities(probability) / self.temperature
        found = np.exp(powers - powers.max(axis=1, keepdims=True))
        return np.asarray(found / found.sum(axis=1, keepdims=True))


def log_probabilities(probability: Floats) -> Floats:
    """(n, K) logarithms, of probabilities no nearer 0 than 2.2e-16."""
    return np.log(np.maximum(probability, CLIP))


@dataclass(frozen=True, slots=True, eq=False)
class Isotonic:
    """Straight lines between (t,) x, ascending, with y, which never falls. Binary alone."""

    x: Floats
    y: Floats
    method = "isotonic"

    @property
    def parameters(self) -> dict[str, Any]:
        """See Mapping."""
        return {"x": self.x.tolist(), "y": self.y.tolist()}

    def apply(self, probability: Floats) -> Floats:
        """That of the nearest end beyond the ends.

        >>> Isotonic(np.array([0.2, 0.4]), np.array([0.1, 0.5])).apply(np.array([0, 0.4])).tolist()
        [0.1, 0.5]
        """
        return np.interp(probability, self.x, self.y)


@dataclass(frozen=True, slots=True, eq=False)
class OneVsRest:
    """Isotonic curves of each class against the others, then divided by their sum.

    Source: Zadrozny & Elkan 2002. Rows whose sum is 0 are as likely of every class.
    """

    curves: tuple[Isotonic, ...]
    method = "isotonic"

    @property
    def parameters(self) -> dict[str, Any]:
        """See Mapping."""
        return {"curves": [curve.parameters for curve in self.curves]}

    def apply(self, probability: Floats) -> Floats:
        """Of several classes."""
        columns = [curve.apply(probability[:, k]) for k, curve in enumerate(self.curves)]
        found = np.stack(columns, axis=1)
        total = found.sum(axis=1, keepdims=True)
        share = np.where(total > 0, found / np.where(total > 0, total, 1.0), 1 / found.shape[1])
        return np.asarray(share)
