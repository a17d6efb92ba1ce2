"""Whether what is no table of predictions looks like texts, which have a command of their own."""

from __future__ import annotations

import shlex

from mleval.reading import Source
from mleval.reading.names import normalised

_NAMES = frozenset({"hypothesis", "hypotheses", "hyp", "generated", "generated_text", "candidate"})
_WORDS = 3  # of a line on average: labels have fewer
_SEEN = 100  # lines


def text_hint(name: str, source: Source) -> str | None:
    """The command for texts, if the columns are called so, or are one with sentences."""
    if any(normalised(column) in _NAMES for column in source.names):
        return f"if these are texts: {shlex.join(['mleval', 'text', name])}"
    head = source.head().slice(0, _SEEN)
    if len(source.names) != 1 or not head.num_rows:
        return None
    cells = [str(cell or "") for cell in head.column(source.names[0]).to_pylist()]
    if sum(len(cell.split()) for cell in cells) < _WORDS * len(cells):
        return None
    return f"if these are lines of text: {shlex.join(['mleval', 'text', name, 'REFERENCES'])}"
