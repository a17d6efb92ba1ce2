"""Tables of evidence, before they are set in Markdown or HTML."""

from __future__ import annotations

from mleval.diagnosis.finding import Exhibit
from mleval.rendering.diagnosis import content
from mleval.rendering.grid import Grid, Part


def exhibit_grid(item: Exhibit, digits: int) -> Grid:
    """The rows that are shown; columns of numbers alone are set as numbers."""
    numeric = [
        all(content.is_number(row[at]) for row in item.rows) for at in range(len(item.columns))
    ]
    columns = [
        [
            (Part("sign" if numeric[at] else "text", text),)
            for text in content.column(item, at, digits)
        ]
        for at in range(len(item.columns))
    ]
    rows = [list(row) for row in zip(*columns, strict=True)]
    words = numeric.index(True) if True in numeric else len(numeric)
    return Grid([(Part("text", name),) for name in item.columns], rows, words)
