"""What is said of the worst rows, whatever they are set in."""

from __future__ import annotations

from mleval.rendering.numerals import number
from mleval.report import Report


def heads(report: Report) -> list[str]:
    """What the columns are called: where, the id where rows have one, and the fields."""
    ids = any(row.id is not None for row in report.worst)
    return ["worst rows", *(["id"] if ids else []), *_fields(report)]


def rows(report: Report, digits: int) -> list[list[tuple[str, bool]]]:
    """The cells of each row, and whether they are numbers."""
    ids = any(row.id is not None for row in report.worst)
    found = []
    for row in report.worst:
        cells = [(place(row.place, report), False)]
        cells += [(row.id or "", False)] if ids else []
        for name in _fields(report):
            value = row.fields.get(name)
            if isinstance(value, str) or value is None:
                cells.append((value or "", False))
            else:
                cells.append((number(value, digits), True))
        found.append(cells)
    return found


def texts(report: Report) -> list[str]:
    """The fields that are texts."""
    fields = [row.fields for row in report.worst]
    return [name for name in _fields(report) if any(isinstance(f.get(name), str) for f in fields)]


def are_pairs_of_texts(report: Report) -> bool:
    """Whether the rows are to be read by comparing one text with another."""
    return {"hypothesis", "reference"} <= {*texts(report)}


def _fields(report: Report) -> list[str]:
    return list(dict.fromkeys(name for row in report.worst for name in row.fields))


def place(place: str, report: Report) -> str:
    """Where a row is; in the only file, or that of a system's texts, without its name."""
    only = report.inputs[0] if len(report.inputs) == 1 or report.task == "text" else ""
    return place.removeprefix(f"{only}, ")
