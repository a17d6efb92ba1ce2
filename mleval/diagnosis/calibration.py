"""Calibration: whether probabilities come true as often as they say, and what would mend them."""

from __future__ import annotations

import numpy as np

from mleval.diagnosis.calibrating.comparing import Compared, Tried, compared
from mleval.diagnosis.calibrating.direction import Direction, direction
from mleval.diagnosis.calibrating.exhibits import mappings, numbers, reliability
from mleval.diagnosis.calibrating.forecasts import Binary, Several, forecasts
from mleval.diagnosis.finding import Finding, Gain, Section
from mleval.diagnosis.halves import part_of
from mleval.diagnosis.ranked import PARTS
from mleval.diagnosis.rows import ClassifiedRows
from mleval.diagnosis.wording import number, percent
from mleval.options import DiagnoseOptions
from mleval.visible import quoted

_FEWEST = 20  # rows, and of a binary task half as many of either class
_MOST = 100_000  # rows that mappings are compared on; of several classes fewer
_CELLS = 1_000_000  # rows times classes


def examine(rows: ClassifiedRows, options: DiagnoseOptions) -> Section | None:
    """None where there are no probabilities."""
    if rows.probability is None:
        return None
    if few := too_few(rows):
        return Section(part="calibration", notes=(few,))
    whole = forecasts(rows)
    event = whole.event(whole.probability)
    data, found, every = comparison(rows, options.level)
    better = found.better
    gained = 0.0 if better is None else -(better.log_loss.value or 0.0)
    how = direction(data, gained, options.level)
    findings: tuple[Finding, ...] = ()
    if better is not None:
        step = _step(better.method, options.save_calibration)
        findings = (_finding(found, better, how, _said(rows, how, data), step),)
    notes = list(found.untried)
    if every > 1:
        told = f"recalibrations are compared on {len(data.probability):,} of {len(rows):,} rows"
        notes.append(told)
    exhibits = reliability(event, _what(rows), options.level), numbers(event, how), mappings(found)
    return Section(part="calibration", findings=findings, exhibits=exhibits, notes=tuple(notes))


def too_few(rows: ClassifiedRows) -> str:
    """Why nothing can be said of so few rows; empty where something can."""
    held = np.bincount(rows.truth, minlength=len(rows.classes))
    if rows.positive is None:
        if len(rows) < _FEWEST or np.count_nonzero(held) < 2:
            return f"no calibration of fewer than {_FEWEST} rows, or of one class"
        return ""
    if held.min() < _FEWEST // 2:
        return f"no calibration with fewer than {_FEWEST // 2} rows of a class"
    return ""


def comparison(rows: ClassifiedRows, level: float) -> tuple[Binary | Several, Compared, int]:
    """Every mapping, on rows that did not fit it; every how manieth row is looked at."""
    assert rows.probability is not None
    classes = 1 if rows.probability.ndim == 1 else rows.probability.shape[1]
    most = min(_MOST, max(_CELLS // classes, _MOST // 10))
    step = -(-len(rows) // most)
    data = forecasts(rows, step)
    part = part_of(rows.numbers, rows.ids, PARTS)[::step]
    return data, compared(data, part, level), step


def _what(rows: ClassifiedRows) -> str:
    if rows.positive is None:
        return "the likeliest class is the true one"
    return f"rows are {quoted(rows.classes[rows.positive])}"


def _finding(found: Compared, best: Tried, how: Direction, said: str, step: str) -> Finding:
    """What is wrong with the probabilities, and what the best mapping takes from the log loss."""
    now, then = found.now.log_loss, best.then.log_loss
    return Finding(
        part="calibration",
        kind=how.kind,
        says=f"{said}; ece {found.now.ece:.4f}, by {best.method} calibration {best.then.ece:.4f}",
        gain=Gain("log_loss", now, then, best.log_loss, min((now - then) / now, 1.0)),
        step=step,
        evidence={
            "method": best.method,
            "slope": how.slope.value,
            "slope_low": how.slope.low,
            "slope_high": how.slope.high,
            "intercept": how.intercept.value,
            "intercept_low": how.intercept.low,
            "intercept_high": how.intercept.high,
            "temperature": how.temperature,
            "ece": found.now.ece,
            "ece_then": best.then.ece,
            "brier": found.now.brier,
            "brier_then": best.then.brier,
        },
    )


def _step(method: str, saved: str | None) -> str:
    if saved is not None:
        return f"Recalibrate: mleval.calibrate(FILE, probabilities) applies {saved} ({method})"
    return (
        f"Recalibrate: --save-calibration FILE writes the mapping ({method}), which "
        "mleval.calibrate applies"
    )


def _said(rows: ClassifiedRows, how: Direction, data: Binary | Several) -> str:
    sides = {"overconfident": "too sure", "underconfident": "not sure enough"}
    if how.kind in sides:
        told = (
            f"temperature {number(how.temperature)}"
            if how.temperature is not None
            else (f"slope {number(how.slope)}")
        )
        return f"probabilities are {sides[how.kind]}: calibration {told}, where 1 is right"
    if isinstance(data, Several) or how.kind == "miscalibrated":
        return "probabilities do not come true as often as they say"
    if how.kind == "probabilities_reversed":
        return "the higher the probability, the rarer it comes true: perhaps it is of another class"
    stated = float(np.average(data.probability, weights=data.weight))
    true = float(np.average(data.positive, weights=data.weight))
    assert rows.positive is not None
    return (
        f"probabilities are too {'high' if how.kind.endswith('high') else 'low'}: "
        f"{percent(stated)} {quoted(rows.classes[rows.positive])} on average, and "
        f"{percent(true)} came true"
    )
