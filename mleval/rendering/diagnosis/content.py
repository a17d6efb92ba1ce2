"""What is said of a diagnosis, whatever it is set in."""

from __future__ import annotations

from collections.abc import Iterator

from mleval.diagnosis.finding import Cell, Exhibit, Finding, Gain, Ranged
from mleval.diagnosis.result import Diagnosis, Step
from mleval.rendering import content, palette
from mleval.rendering.numerals import interval, number

NOTHING = "nothing stands out in what was examined"


def facts(diagnosis: Diagnosis) -> list[str]:
    """Beside the title."""
    report = diagnosis.report
    return [content.task(report), *content.facts(report), *content.files(report)]


def metrics(diagnosis: Diagnosis, digits: int) -> list[tuple[str, str, str]]:
    """The name, value and interval of the metrics that stand for all."""
    return [
        (name, palette.DASH if item.value is None else number(item.value, digits), span)
        for name, item in diagnosis.headline.items()
        for span in [interval(item, digits) or ""]
    ]


def gain(item: Gain, digits: int) -> str:
    """What it could gain.

    >>> gain(Gain("f1", 0.7, 0.75, Ranged(0.05, 0.01, 0.09), 0.2), 3)
    'f1 0.700 → 0.750 (+0.050 [0.010, 0.090])'
    """
    now, then = number(item.now, digits), number(item.then, digits)
    apart = item.difference
    told = ""
    if apart.value is not None:
        sign = "+" if apart.value >= 0 else ""
        told = f" ({sign}{ranged(apart, digits)})"
    return f"{item.metric} {now} {palette.TO} {then}{told}"


def ranged(item: Ranged, digits: int) -> str:
    """A number with its interval where it has one."""
    if item.value is None:
        return palette.DASH
    if item.low is None or item.high is None:
        return number(item.value, digits)
    ends = (number(end, digits, like=item.value) for end in (item.low, item.high))
    return f"{number(item.value, digits)} [{', '.join(ends)}]"


def cell(item: Cell, digits: int) -> str:
    """A cell of a table of evidence."""
    if isinstance(item, Ranged):
        return ranged(item, digits)
    if item is None:
        return palette.DASH
    if isinstance(item, str):
        return item
    return f"{item:,}" if isinstance(item, int) else number(float(item), digits)


def column(item: Exhibit, place: int, digits: int) -> list[str]:
    """The cells of a column that are shown; numbers without decimals where all are whole."""
    cells = [row[place] for row in item.rows]
    plain = [one for one in cells if isinstance(one, float)]
    whole = all(number.is_integer() for number in plain) and max(map(abs, plain), default=0) > 1
    return [
        cell(int(one) if whole and isinstance(one, float) else one, digits)
        for one in cells[: item.most]
    ]


def is_number(item: Cell) -> bool:
    """Whether a cell holds no text."""
    return not isinstance(item, str)


def exhibits(diagnosis: Diagnosis) -> Iterator[Exhibit]:
    """Those of which rows are shown, in the order of the examination."""
    for section in diagnosis.sections:
        yield from (item for item in section.exhibits if item.rows and item.most)


def asides(diagnosis: Diagnosis) -> str:
    """The tables that a terminal only names; empty where there are none."""
    names = [item.title for item in exhibits(diagnosis) if item.aside]
    return f"more tables with -o page.md: {'; '.join(names)}" if names else ""


def more(item: Exhibit) -> str:
    """What is said of the rows that there is no room for."""
    left = len(item.rows) - item.most
    return f"… and {left:,} more (--json has all)" if left > 0 else ""


def notes(diagnosis: Diagnosis) -> list[str]:
    """What was looked at and what was left out, each once."""
    return list(dict.fromkeys(note for s in diagnosis.sections for note in s.notes))


def cited(step: Step) -> str:
    """The findings that a step follows from.

    >>> cited(Step("do it", (1, 3)))
    'findings 1, 3'
    """
    word = "finding" if len(step.findings) == 1 else "findings"
    return f"{word} {', '.join(map(str, step.findings))}"


def mark(item: Finding) -> str:
    """What stands before a finding that spoils the numbers."""
    return "first of all: " if item.spoils else ""
