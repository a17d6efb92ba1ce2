"""Labels that look wrong: more confident mistakes than any calibration of the scores explains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mleval.batch import Floats
from mleval.diagnosis.finding import Finding, Gain, Ranged
from mleval.diagnosis.slices.pieces import Mask
from mleval.diagnosis.slices.strength import Lost
from mleval.diagnosis.wording import percent

_SURE = (0.99, 0.95)
_CHANCE = 0.001
_LEAST = 0.005  # of the labels: fewer are not worth a search
_FEWEST = 200  # rows
_ROWS = 50_000  # that the curves are fitted to
_EDGE = 1e-6  # scores beyond are no surer


@dataclass(frozen=True, slots=True)
class _Curve:
    """P(right) = (1 − η) q + η (1 − q) / (K − 1), q = σ(a + b·logit(confidence))."""

    x: Floats
    right: Floats
    weight: Floats
    classes: int

    def loss(self, found: Floats) -> tuple[float, Floats]:
        """−log-likelihood a row of (a, log b, η), and its gradient."""
        a, log_b, noise = found.tolist()
        steep, other = np.exp(log_b), noise / (self.classes - 1)
        q = 1 / (1 + np.exp(-np.clip(a + steep * self.x, -500, 500)))
        chance = np.clip((1 - noise) * q + other * (1 - q), 1e-12, 1 - 1e-12)
        each = self.right * np.log(chance) + (1 - self.right) * np.log1p(-chance)
        total = float(self.weight.sum())
        pull = self.weight * (self.right - chance) / (chance * (1 - chance)) / total
        along = pull * (1 - noise - other) * q * (1 - q)
        to_noise = pull @ ((1 - q) / (self.classes - 1) - q)
        slopes = np.array([along.sum(), steep * (along @ self.x), to_noise])
        return -float(self.weight @ each) / total, -slopes

    def fitted(self, noise: float | None) -> Floats:
        """The likeliest (a, log b, η), η as given or free."""
        from scipy.optimize import minimize

        ends = (0.0, 0.45) if noise is None else (noise, noise)
        bounds = [(-10.0, 10.0), (-4.0, 4.0), ends]
        start = np.array([0.0, 0.0, 0.02 if noise is None else noise])
        return np.asarray(minimize(self.loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x)


def label_noise(
    right: Mask, sure: Floats, weight: Floats | None, classes: int, among: Mask
) -> Iterator[Finding]:
    """Whether a part of the labels was drawn anew, as far as scores can tell.

    Overconfidence alone bends the curve of being right against confidence; labels that are wrong
    cap it: mistakes do not vanish however sure the scores are. So a logistic recalibration with
    such a cap is weighed against one without (likelihood ratio), and the mistakes of the surest
    rows must exceed what their own scores expect. among: (n,) the rows that are looked at.
    """
    at = np.flatnonzero(among)
    if len(at) < max(_FEWEST, 0.5 * len(among)) or classes < 2:
        return
    every: Floats = np.ones(len(right)) if weight is None else weight
    whole = float(every @ right / every.sum()), float(every[at].sum() / every.sum())
    right, sure = right[at], np.clip(sure[at], _EDGE, 1 - _EDGE)
    weights = every[at]
    excess = next(_excess(right, sure), None)
    if excess is None:
        return
    some = slice(None, None, -(-len(at) // _ROWS))
    kept = Lost.of(right[some].astype(np.float64), weights[some], counts=True)
    curve = _Curve(np.log(sure / (1 - sure))[some], kept.loss, kept.weight, classes)
    free, none = curve.fitted(None), curve.fitted(0.0)
    rows = float(kept.weight.sum())
    p = _tail(2 * rows * (curve.loss(none)[0] - curve.loss(free)[0]))
    if p > _CHANCE or free[2] < _LEAST:
        return
    noise = (float(free[2]), *_interval(curve, free))
    accuracy = float(weights @ right / weights.sum())
    yield _finding(excess, noise, p, _gain(noise, accuracy, whole, classes))


def _tail(ratio: float) -> float:
    """P of a likelihood ratio for a part that cannot be negative: half of it is 0."""
    from scipy.stats import chi2

    return 1.0 if ratio <= 0 else float(chi2.sf(ratio, 1)) / 2


def _interval(curve: _Curve, free: Floats) -> tuple[float, float]:
    """The shares of wrong labels that are nearly as likely (profile likelihood, 95 %)."""
    limit = curve.loss(free)[0] + 3.841459 / (2 * float(curve.weight.sum()))

    def beyond(noise: float) -> float:
        return curve.loss(curve.fitted(noise))[0] - limit

    ends = []
    for inside, outside in ((free[2], 0.0), (free[2], 0.45)):
        if beyond(outside) <= 0:
            ends.append(float(outside))
            continue
        for _ in range(12):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if beyond(middle) <= 0 else (inside, middle)
        ends.append(float((inside + outside) / 2))
    return ends[0], ends[1]


@dataclass(frozen=True, slots=True)
class _Excess:
    least: float
    rows: int
    wrong: int
    expected: float
    p: float


def _excess(right: Mask, sure: Floats) -> Iterator[_Excess]:
    """Mistakes of the surest rows beyond what their scores expect.

    P by the binomial of the mean chance, which is never below that of unlike chances
    (Hoeffding 1956).
    """
    from scipy.stats import binom

    for least in _SURE:
        surest = sure >= least
        rows, wrong = int(surest.sum()), int((~right & surest).sum())
        expected = float((1 - sure[surest]).sum())
        if rows:
            p = float(binom.sf(wrong - 1, rows, expected / rows))
            if wrong > expected + 1 and p <= _CHANCE:
                yield _Excess(least, rows, wrong, expected, p)


def _gain(
    noise: tuple[float, float, float], accuracy: float, whole: tuple[float, float], classes: int
) -> Gain:
    """Of accuracy: that of the rows that were looked at; whole: of all, and their part of all."""
    now, part = whole
    gained = [part * (_corrected(accuracy, share, classes) - accuracy) for share in noise]
    return Gain("accuracy", now, now + gained[0], Ranged(*gained), gained[0] / (1 - now))


def _finding(excess: _Excess, noise: tuple[float, float, float], p: float, gain: Gain) -> Finding:
    return Finding(
        part="errors",
        kind="label_noise",
        says=f"{excess.wrong:,} of {excess.rows:,} rows with a confidence of {excess.least:g} or "
        f"more are wrong where the scores expect {excess.expected:.3g}: it is as if "
        f"{percent(noise[0])} of the labels were wrong ({percent(noise[1])} to "
        f"{percent(noise[2])})",
        gain=gain,
        step="Check the labels of the most confident mistakes first (--errors FILE writes them)",
        evidence={
            "noise": noise[0],
            "low": noise[1],
            "high": noise[2],
            "p": p,
            "confidence": excess.least,
            "rows": excess.rows,
            "wrong": excess.wrong,
            "expected": excess.expected,
        },
    )


def _corrected(accuracy: float, noise: float, classes: int) -> float:
    """The accuracy by the true labels, solved from accuracy = (1 − η) a + η (1 − a) / (K − 1)."""
    other = noise / (classes - 1)
    return min((accuracy - other) / (1 - noise - other), 1.0)
