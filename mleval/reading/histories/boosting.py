r"""Logs of boosting: `[10]\ttrain-rmse:0.51\tvalid-rmse:0.62`, LightGBM's `valid_0's l2: 0.6`."""

from __future__ import annotations

import re

import numpy as np

from mleval.errors import InputError
from mleval.reading.content import Content
from mleval.reading.histories.log import Log, Written
from mleval.visible import quoted

_VALUE = r"[-+]?(?:nan|inf|[0-9.]+(?:[eE][-+]?[0-9]+)?)"
_ROUND = re.compile(rf"^\[(\d+)\][\t ]+(?=[^\t\r\n]*?[^\t:]:[\t ]?{_VALUE})(.*?)\s*$", re.MULTILINE)
_CELL = re.compile(rf"^(.*?):[\t ]?({_VALUE})(?: ?\+ ?{_VALUE})?$")
_AGAIN = re.compile(r"best iteration is", re.IGNORECASE)  # LightGBM says that round once more


def is_boosting_log(start: bytes) -> bool:
    r"""Whether the beginning of a file has a line of a round.

    >>> is_boosting_log(b"Will train until ...\n[0]\ttrain-rmse:0.5\n")
    True
    """
    return _ROUND.search(start.decode("utf-8", "replace")) is not None


def boosting_log(content: Content) -> Log:
    """The Log of its rounds; other lines are passed over. Raises InputError for broken ones."""
    with content.open() as stream:
        text = stream.read().decode("utf-8", "replace")
    places, rounds, rows, before = [], [], [], ""
    for number, line in enumerate(text.splitlines(), 1):
        found = _ROUND.match(line)
        if found and not _AGAIN.search(before):
            places.append(number)
            rounds.append(float(found[1]))
            rows.append(_cells(content.name, number, found[2]))
        before = line
    names = list(dict.fromkeys(name for row in rows for name in row))
    numbers = {"round": Written(np.array(rounds), np.ones(len(rounds), bool))}
    for name in names:
        present = np.array([name in row for row in rows])
        numbers[name] = Written(np.array([row.get(name, np.nan) for row in rows]), present)
    return Log(
        name=content.name,
        format="log of boosting",
        rows=len(rows),
        numbers=numbers,
        texts={},
        locate=lambda row: f"{content.name}, line {places[row]}",
    )


def _cells(name: str, number: int, line: str) -> dict[str, float]:
    """Series → value; the ± of cross-validation is left out."""
    found = {}
    for cell in filter(None, re.split(r"\t+", line)):
        parts = _CELL.match(cell.strip())
        if parts is None:
            raise InputError(
                f"{name}, line {number}: expected NAME:NUMBER, found {quoted(cell.strip())}"
            )
        found[parts[1].strip()] = float(parts[2])
    return found
