"""What the script of the page needs to show one slice beside all rows."""

from __future__ import annotations

from mleval.rendering.numerals import count, interval, number
from mleval.rendering.page.blocks import Picker
from mleval.report import Estimate, Report, SliceRow, SliceTable

MOST = 200  # slices to choose from, the worst first


def picker(table: SliceTable, report: Report, digits: int) -> Picker | None:
    """The block with all that the script reads; None where there is nothing to choose."""
    rows = table.slices[:MOST]
    if len(rows) < 2:
        return None
    names = list(dict.fromkeys(name for row in rows for name in row.metrics))
    data = {
        "metrics": names,
        "all": [_shown(report.metrics.get(name), digits) for name in names],
        "slices": [[_cells(row, name, digits) for name in names] for row in rows],
        "rows": [count(row.rows, whole=True) for row in rows],
    }
    heads = ["metric", "this slice", "all rows", "against the other slices", "p"]
    return Picker(column=table.column, data=data, names=[row.name for row in rows], heads=heads)


def _cells(row: SliceRow, name: str, digits: int) -> list[str]:
    """The slice's value, its difference from the rest and how sure that is."""
    far = row.differences.get(name)
    if far is None:
        return [_shown(row.metrics.get(name), digits), "", ""]
    ends = f"[{number(far.low, digits)}, {number(far.high, digits)}]"
    sign = "+" if far.value > 0 else ""
    sure = " *" if far.differs else ""
    told = f"{sign}{number(far.value, digits)} {ends}{sure}"
    return [_shown(row.metrics.get(name), digits), told, number(far.p, digits)]


def _shown(item: Estimate | None, digits: int) -> str:
    if item is None:
        return ""
    if item.value is None:
        return "—"
    return " ".join(filter(None, [number(item.value, digits), interval(item, digits)]))
