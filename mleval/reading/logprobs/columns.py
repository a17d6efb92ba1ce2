"""Columns of log-probabilities: what the first rows hold, and which column is for what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from mleval.reading.columns_of_arrow import as_number
from mleval.reading.names import normalised
from mleval.reading.notes import means_missing

Held = Literal["numbers", "lists", "text", "objects", "nothing"]


class Seen(NamedTuple):
    """The first rows of a table, by column."""

    cells: Mapping[str, Sequence[Any]]

    @classmethod
    def of_records(cls, records: Sequence[Mapping[str, Any]]) -> Seen:
        """The keys of objects are columns."""
        names = dict.fromkeys(name for record in records for name in record)
        return cls({name: [record.get(name) for record in records] for name in names})

    def names(self, *held: Held) -> list[str]:
        """The columns that hold one of these."""
        return [name for name, cells in self.cells.items() if held_by(cells) in held]

    def repeats(self, name: str) -> bool:
        """Whether some value of a column stands in several rows."""
        cells = [str(cell) for cell in self.cells[name] if cell is not None]
        return len(set(cells)) < len(cells)


def held_by(cells: Iterable[Any]) -> Held:
    """What the cells of a column hold.

    >>> held_by(["-1.5", None, "nan"]), held_by(["[-1.5]"]), held_by([[None, -2]]), held_by(["a"])
    ('numbers', 'lists', 'lists', 'text')
    """
    there = [cell for cell in cells if cell is not None]
    if not there:
        return "nothing"
    if all(isinstance(cell, int | float) for cell in there):
        return "numbers"
    if all(isinstance(cell, list) for cell in there):
        return "lists"
    if not all(isinstance(cell, str) for cell in there):
        return "objects"
    if all(cell[:1] == "[" and cell.rstrip()[-1:] == "]" for cell in there):
        return "lists"
    # One that is no number among many is told, with its place, when it is read.
    spelled = sum(as_number(cell) is not None or means_missing(cell) for cell in there)
    return "numbers" if spelled > len(there) / 2 else "text"


def first_of(ranked: Sequence[str], names: Iterable[str]) -> list[str]:
    """The names that are among the ranked ones, best first.

    >>> first_of(["token_logprobs", "logprob"], ["id", "logprob", "Token Logprobs"])
    ['Token Logprobs', 'logprob']
    """
    places = {name: place for place, name in enumerate(ranked)}
    found = [name for name in names if normalised(name) in places]
    return sorted(found, key=lambda name: places[normalised(name)])


def list_of(cell: Any) -> list[Any] | None:
    """The list that a cell is or spells, as JSON or as Python does; None for no list.

    >>> list_of("[None, -1.5]")
    [None, -1.5]
    """
    if cell is None or isinstance(cell, list):
        return cell
    for text in (cell, cell.replace("None", "null").replace("nan", "NaN").replace("'", '"')):
        try:
            found = json.loads(text)
        except ValueError:
            continue
        return found if isinstance(found, list) else None
    return None
