"""Where two files of lines part ways: the line from which on their lengths fit only if shifted."""

from __future__ import annotations

import numpy as np

from mleval.batch import Floats
from mleval.errors import InputError
from mleval.reading.texts.lines import Lines
from mleval.visible import quoted

_CLEARLY = 0.8  # times the cost of the next best explanation
_LONGEST = 60  # characters of a line that is quoted

Named = tuple[str, Lines]


def refusal_of_counts(first: Named, second: Named) -> InputError:
    """The message for files of different numbers of lines, with the first place that tells why."""
    counts = f"{first[0]} has {len(first[1]):,} lines, {second[0]} {len(second[1]):,}"
    longer, shorter = sorted((first, second), key=lambda named: -len(named[1]))
    more = len(longer[1]) - len(shorter[1])
    hint = "line i of each file must be about the same segment; blank lines count"
    return InputError(f"{counts}: {_where(longer, shorter, more)}", hint=hint)


def _where(longer: Named, shorter: Named, more: int) -> str:
    (name, lines), (other, fewer) = longer, shorter
    last = lines[len(fewer) :]
    if not any(text.strip() for text in last):
        return f"{name} ends with {more:,} more that {'is' if more == 1 else 'are'} blank"
    at = slip(_sizes(lines), _sizes(fewer))
    if at is None:
        return "their lengths do not tell where they part ways"
    if at == len(fewer):
        return f"{other} seems to end too early, after line {at:,}"
    text = quoted(lines[at][:_LONGEST])
    return f"by their lengths they part ways at line {at + 1:,}, where {name} has {text}"


def slip(longer: Floats, shorter: Floats) -> int | None:
    """The line, from 0, before which lengths fit line by line, and from which on shifted.

    longer, shorter: (n,), (m,) lengths, n > m. None where no place fits clearly better than most.

    >>> slip(np.array([9.0, 80, 30, 4, 60, 20]), np.array([9.0, 80, 4, 60, 20]))
    2
    """
    m, more = len(shorter), len(longer) - len(shorter)
    straight, moved = _apart(longer[:m], shorter), _apart(longer[more:], shorter)
    cost = np.concatenate([[0.0], np.cumsum(straight)])
    cost += np.concatenate([np.cumsum(moved[::-1])[::-1], [0.0]])
    at = int(cost.argmin())
    return at if cost[at] < _CLEARLY * np.median(cost) or m == at else None


def _apart(one: Floats, two: Floats) -> Floats:
    """(m,) how far lengths are from each other, in proportion."""
    found: Floats = np.abs(np.log1p(one) - np.log1p(two))
    return found


def _sizes(lines: Lines) -> Floats:
    return np.diff(lines.offsets).astype(np.float64) - 1
