"""How a verification is printed: both numbers of every metric, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from mleval.cli.context import Environment, ExitStatus

if TYPE_CHECKING:
    from rich.table import Table

    from mleval.verification import Check, Verification

_REST = 66  # cells of a row besides the name when nothing is to be noted


def print_verification(
    verification: Verification, environment: Environment, *, on_stdout: bool, quiet: bool
) -> ExitStatus:
    """Print the rows and how many agree; FAILED when any disagrees.

    on_stdout: beneath a table; else on stderr, so that stdout holds the report and nothing else;
    quiet: only the rows that disagree, if there are any, on stderr.
    """
    wrong = verification.disagreements
    judged = [row for row in verification.rows if row.agrees is not None]
    stream = environment.stdout if on_stdout and not quiet else environment.stderr
    rows = wrong if quiet else verification.rows
    if rows:
        table = _table(rows, environment.width)
        stream.write("\n" + environment.text_of(table, to=stream) + "\n")
    if not quiet:
        agreeing = len(judged) - len(wrong)
        stream.write(f"{agreeing} of {len(judged)} numbers agree with the references.\n")
    if wrong:
        names = ", ".join(row.spec for row in wrong)
        environment.tell("error", f"mleval and the references disagree on {names}")
        return ExitStatus.FAILED
    return ExitStatus.OK


def _table(rows: Sequence[Check], width: int) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("verified", "mleval", "reference", "difference", "by", ""):
        numeric = name in ("mleval", "reference", "difference")
        side: Literal["left", "right"] = "right" if numeric else "left"
        table.add_column(name, justify=side, no_wrap=numeric, overflow="fold")
    marks = {
        True: Text("agrees", "green"),
        False: Text("DISAGREES", "bold red"),
        None: Text("not compared", "dim"),
    }
    longest = max(len(row.spec) for row in rows)
    number = "{:.10g}" if longest + _REST <= width else "{:.6g}"
    for row in rows:
        mark = marks[row.agrees] + Text(f": {row.note}" if row.note else "")
        cells = (
            Text(row.spec),
            Text(_number(row.value, number)),
            Text(_number(row.reference, number)),
            Text(_number(row.difference, "{:.1e}")),
            Text(row.library),
        )
        table.add_row(*cells, mark)
    return table


def _number(value: float | None, how: str) -> str:
    return "–" if value is None else how.format(value)
