"""What is said of histories of training, whatever it is set in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from mleval.rendering import palette
from mleval.rendering.escape import shortened
from mleval.rendering.numerals import number
from mleval.training.findings import Finding
from mleval.training.history import History
from mleval.training.run import Run
from mleval.training.series import Curve, Series

LONGEST = 60  # characters of a series' or a run's name


def label(value: float | None) -> str:
    """Where a point stands on its axis.

    >>> label(12.0), label(0.5)
    ('12', '0.5')
    """
    return "" if value is None else f"{value:.10g}"


def headline(history: History) -> list[str]:
    """The facts beside the title."""
    if len(history) > 1:
        return [f"{len(history)} runs"]
    run = history.run
    count = len(run.labels)
    ends = f" ({label(run.labels[0])} to {label(run.labels[-1])})" if count > 1 else ""
    word = run.axis if count == 1 else f"{run.axis}s"
    return [f"{count:,} {word}{ends}", f"{len(run.series)} series", shortened(run.name, 200)]


def shared(history: History, texts: Literal["assumed", "warnings"]) -> list[str]:
    """What was assumed, or warned of, in all runs once, and in some with their names."""
    told: dict[str, list[str]] = {}
    for name, run in history.runs.items():
        for item in run.assumed if texts == "assumed" else run.warnings:
            told.setdefault(item, []).append(name)
    every = [item for item, names in told.items() if len(names) == len(history)]
    some: dict[str, list[str]] = {}
    for item, names in told.items():
        if len(names) < len(history):
            some.setdefault(", ".join(names), []).append(item)
    return [*every, *(f"{names}: {', '.join(items)}" for names, items in some.items())]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table, as text: a series, where and what its best is, its last, and the gap."""

    name: str
    goal: str
    best: str
    at: str
    last: str
    gap: str = ""


def value(one: Series, point: int | None, digits: int) -> str:
    """That of a series at a point; a dash where there is none."""
    return palette.DASH if point is None else number(float(one.values[point]), digits)


def lines(run: Run, digits: int) -> list[Line]:
    """The series of a run, each curve's validation first and its training under it."""
    return [
        _line(run, curve, one, digits)
        for curve in run.curves
        for one in (curve.validation, curve.train)
        if one is not None
    ]


def _line(run: Run, curve: Curve, one: Series, digits: int) -> Line:
    gap = ""
    if one is curve.validation and one.best is not None:
        apart = curve.gap(one.best)
        gap = "" if apart is None else number(apart, digits)
    return Line(
        one.name,
        palette.GOALS[one.goal or "none"],
        value(one, one.best, digits),
        label(run.at(one.best)),
        value(one, one.last, digits),
        gap,
    )


def run_line(name: str, run: Run, digits: int, *, named: bool) -> Line:
    """A run in the table of several: by what it watches, which is named where that differs."""
    if run.watched is None:
        return Line(name, "", palette.DASH, "", palette.DASH)
    line = _line(run, run.watched, run.watched.judged, digits)
    return replace(line, name=f"{name}: {line.name}" if named else name)


def findings(run: Run, digits: int) -> list[str]:
    """Each finding in a sentence, then early stopping; or that there is nothing to find."""
    said = [_sentence(run, item, digits) for item in run.findings]
    if not said and len(run.labels) >= 6 and run.watched is not None:
        said = ["no overfitting, divergence or plateau beyond noise"]
    return said + stopping(run, digits)


def kinds(run: Run) -> str:
    """The findings in short, for a row of several runs."""
    return ", ".join(f"{f.kind} from {label(f.epoch)}" for f in run.findings)


def _sentence(run: Run, item: Finding, digits: int) -> str:
    one = next(one for one in run.series if one.key == item.series)
    name, at = shortened(one.name, LONGEST), f"{run.axis} {label(item.epoch)}"
    numbers = {key: number(value, digits) for key, value in item.evidence.items()}
    if item.kind == "not finite":
        count = int(item.evidence["count"])
        often = "once" if count == 1 else f"{count:,} times, first"
        return f"not finite: {name} is nan or infinite {often} at {at}"
    if item.kind == "plateau":
        count = int(item.evidence["count"])
        return f"plateau: {name} stays near {numbers['level']} from {at}, {count:,} {run.axis}s"
    moved = f"{name} goes from {numbers['best']} to {numbers['end']}"
    why = {
        "overfitting": ", while training still gains",
        "worsening": "; training gains no more",
        "divergence": ": half of what was gained, or more, is lost",
    }[item.kind]
    if item.kind == "worsening" and (run.watched is None or run.watched.train is None):
        why = "; there is no series of training to tell why"
    elif item.kind == "worsening" and run.watched and run.watched.validation is None:
        why = ""
    return f"{item.kind} from {at}: {moved}{why}"


def stopping(run: Run, digits: int) -> list[str]:
    """What early stopping would have done, in a sentence."""
    found = run.stopping_at()
    if found is None:
        return []
    setting = f"patience {run.patience}"
    if run.min_delta:
        setting += f", min delta {run.min_delta:g}"
    kept = f"{run.axis} {label(found['kept'])} ({number(found['value'], digits)})"
    if found["stopped"] is None:
        return [f"early stopping ({setting}): would not have stopped, and kept {kept}"]
    saved = found["saved"]
    words = f"{saved:,} {run.axis}{'' if saved == 1 else 's'}"
    missed = found["missed"]
    rest = f", and missed {number(missed, digits)} gained later" if missed > 0 else ""
    stopped = f"{run.axis} {label(found['stopped'])}"
    return [
        f"early stopping ({setting}): stopped after {stopped}, kept {kept}, saved {words}{rest}"
    ]


def watched(history: History) -> Sequence[tuple[str, Run, Curve]]:
    """The runs that watch a curve."""
    return [(n, run, run.watched) for n, run in history.runs.items() if run.watched is not None]
