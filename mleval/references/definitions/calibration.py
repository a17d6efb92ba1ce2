"""Calibration by its definitions: binned errors, and Murphy's decomposition of the Brier score."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mleval.references.observed import Observed, class_probabilities, counted, weights
from mleval.references.one_vs_rest import OneVsRest, over_classes

SLACK = 1e-12


@dataclass(frozen=True)
class Forecast:
    """One row: the stated confidence, whether it came true (1 or 0), the row's weight."""

    confidence: float
    outcome: float
    weight: float


@dataclass(frozen=True)
class Group:
    """Forecasts taken together: their weight, mean confidence and mean outcome."""

    weight: float
    confidence: float
    outcome: float


@over_classes
def _binned_error(rows: OneVsRest, *, of: str, bins: int, strategy: str, debias: bool) -> float:
    return _error(_binary_forecasts(rows), of, bins, strategy, debias)


def ece(
    observed: Observed,
    *,
    average: str | None = None,
    of_class: str | None = None,
    bins: int = 15,
    strategy: str = "uniform",
    debias: bool = False,
) -> float:
    """Expected calibration error Σ_b (W_b / W) |outcome_b − confidence_b| (Naeini et al. 2015).

    Binary, `of_class`, or averaged over classes: P(class) against its frequency. Bare
    multiclass: the highest probability against whether that class (the first of equals) is
    true (Guo et al. 2017).

    `strategy` "uniform": bin i of B is [i/B, (i+1)/B), the last closed. "quantile": the inner
    edges are the i/B quantiles of the confidence (weighted, averaged inverted CDF), and a bin
    is [edge, next edge), so that ties stay together. Empty bins are skipped.

    `debias`: max(0, 2·ECE − E[ECE*]), where ECE* has normal noise of variance
    outcome_b (1 − outcome_b) / W_b in each bin (Kumar, Liang & Ma 2019, the debiased estimator
    for the absolute error; its expectation in closed form, the mean of a folded normal).
    """
    return _calibration_error(observed, average, of_class, "mean", bins, strategy, debias)


def mce(
    observed: Observed,
    *,
    average: str | None = None,
    of_class: str | None = None,
    bins: int = 15,
    strategy: str = "uniform",
) -> float:
    """Maximum calibration error max_b |outcome_b − confidence_b|, the bins those of `ece`."""
    return _calibration_error(observed, average, of_class, "max", bins, strategy, debias=False)


def _calibration_error(
    observed: Observed,
    average: str | None,
    of_class: str | None,
    of: str,
    bins: int,
    strategy: str,
    debias: bool,
) -> float:
    if observed.task == "multiclass" and average is None and of_class is None:
        return _error(_top_label_forecasts(counted(observed)), of, bins, strategy, debias)
    return _binned_error(
        observed,
        average=average,
        of_class=of_class,
        of=of,
        bins=bins,
        strategy=strategy,
        debias=debias,
    )


def _binary_forecasts(rows: OneVsRest) -> list[Forecast]:
    columns = (rows.probabilities.tolist(), rows.truth.tolist(), rows.weights.tolist())
    return [Forecast(p, float(t), w) for p, t, w in zip(*columns, strict=True)]


def _top_label_forecasts(rows: Observed) -> list[Forecast]:
    if rows.probabilities is None:
        return _stated_forecasts(rows)
    forecasts = []
    for truth, probabilities, weight in zip(
        rows.truth, class_probabilities(rows).tolist(), weights(rows).tolist(), strict=True
    ):
        confidence = max(probabilities)
        label = rows.probability_classes[probabilities.index(confidence)]
        forecasts.append(Forecast(confidence, float(label == truth), weight))
    return forecasts


def _stated_forecasts(rows: Observed) -> list[Forecast]:
    """Of a score that is the probability of the predicted class."""
    if rows.score is None or rows.prediction is None:
        raise ValueError("no probabilities")
    right = (rows.truth == rows.prediction).tolist()
    columns = zip(rows.score.tolist(), right, weights(rows).tolist(), strict=True)
    return [Forecast(confidence, float(hit), weight) for confidence, hit, weight in columns]


def _error(forecasts: list[Forecast], of: str, bins: int, strategy: str, debias: bool) -> float:
    if not forecasts:
        return math.nan
    if strategy == "uniform":
        edges = [i / bins for i in range(1, bins)]
    else:
        edges = quantile_edges(forecasts, bins)
    groups = _grouped([(sum(edge <= f.confidence for edge in edges), f) for f in forecasts])
    gaps = [abs(group.outcome - group.confidence) for group in groups]
    if of == "max":
        return max(gaps)
    total = sum(group.weight for group in groups)
    plain = sum(g.weight * gap for g, gap in zip(groups, gaps, strict=True)) / total
    if not debias:
        return plain
    noisy = sum(g.weight * _noisy_gap(g) for g in groups) / total
    return max(0.0, 2 * plain - noisy)


def quantile_edges(forecasts: list[Forecast], bins: int) -> list[float]:
    """The i/B quantiles of the confidence, i = 1 … B−1: weighted averaged inverted CDF.

    The least value whose cumulative weight reaches iW/B, or, where it meets iW/B exactly (within
    1e-12 W), the midpoint between it and the next distinct value.
    """
    weight: dict[float, float] = {}
    for forecast in forecasts:
        weight[forecast.confidence] = weight.get(forecast.confidence, 0.0) + forecast.weight
    return [_quantile(weight, i, bins) for i in range(1, bins)]


def _quantile(weight: dict[float, float], part: int, parts: int) -> float:
    """`weight`: each distinct confidence -> the weight of the forecasts that state it."""
    values, total = sorted(weight), sum(weight.values())
    target, below = part * total / parts, 0.0
    for value, following in zip(values, [*values[1:], values[-1]], strict=True):
        below += weight[value]
        if below > target + SLACK * total:
            return value
        if below >= target - SLACK * total:
            return (value + following) / 2
    return values[-1]


def _grouped(keyed: list[tuple[float, Forecast]]) -> list[Group]:
    """The forecasts of equal key taken together, in the order of the keys."""
    members: dict[float, list[Forecast]] = {}
    for key, forecast in keyed:
        members.setdefault(key, []).append(forecast)
    groups = []
    for key in sorted(members):
        weight = math.fsum(f.weight for f in members[key])
        confidence = math.fsum(f.weight * f.confidence for f in members[key]) / weight
        outcome = math.fsum(f.weight * f.outcome for f in members[key]) / weight
        groups.append(Group(weight, confidence, outcome))
    return groups


def _noisy_gap(group: Group) -> float:
    """E|N(d, s²)| = s √(2/π) e^(−d²/2s²) + d erf(d / s√2)."""
    gap = group.outcome - group.confidence
    deviation = math.sqrt(max(0.0, group.outcome * (1 - group.outcome)) / group.weight)
    if deviation == 0:
        return abs(gap)
    scaled = gap / (deviation * math.sqrt(2))
    return deviation * math.sqrt(2 / math.pi) * math.exp(-(scaled**2)) + gap * math.erf(scaled)


def _murphy(rows: OneVsRest) -> tuple[float, float, float]:
    """(reliability, resolution, uncertainty) over the distinct forecast values."""
    forecasts = _binary_forecasts(rows)
    groups = _grouped([(forecast.confidence, forecast) for forecast in forecasts])
    total = math.fsum(group.weight for group in groups)
    rate = math.fsum(group.weight * group.outcome for group in groups) / total
    reliability = math.fsum(g.weight * (g.confidence - g.outcome) ** 2 for g in groups) / total
    resolution = math.fsum(g.weight * (g.outcome - rate) ** 2 for g in groups) / total
    return reliability, resolution, rate * (1 - rate)


@over_classes
def _murphy_part(rows: OneVsRest, *, part: int) -> float:
    return _murphy(rows)[part]


def _summed_murphy_part(
    observed: Observed, average: str | None, of_class: str | None, part: int
) -> float:
    value = _murphy_part(observed, average=average, of_class=of_class, part=part)
    if observed.task == "multiclass" and average is None and of_class is None:
        return value * len(observed.probability_classes)
    return value


def brier_reliability(
    observed: Observed, *, average: str | None = None, of_class: str | None = None
) -> float:
    """Σ_f (W_f / W) (f − ō_f)² over the distinct forecasts f (Murphy 1973).

    Bare multiclass: the sum over the classes, each grouped by its own probability, so that
    brier = reliability − resolution + uncertainty exactly, as it is in a binary task.
    """
    return _summed_murphy_part(observed, average, of_class, 0)


def brier_resolution(
    observed: Observed, *, average: str | None = None, of_class: str | None = None
) -> float:
    """Σ_f (W_f / W) (ō_f − ō)² over the distinct forecasts f (Murphy 1973); see reliability."""
    return _summed_murphy_part(observed, average, of_class, 1)


def brier_uncertainty(
    observed: Observed, *, average: str | None = None, of_class: str | None = None
) -> float:
    """ō (1 − ō), the Brier score of always forecasting the base rate (Murphy 1973)."""
    return _summed_murphy_part(observed, average, of_class, 2)
