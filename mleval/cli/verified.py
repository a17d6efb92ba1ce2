"""How a verification is printed: both numbers of every metric, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mleval.cli.context import Environment, ExitStatus

if TYPE_CHECKING:
    from rich.table import Table

    from mleval.verification import Check, Verification


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
        stream.write("\n" + environment.text_of(_table(rows), to=stream) + "\n")
    if not quiet:
        agreeing = len(judged) - len(wrong)
        stream.write(f"{agreeing} of {len(judged)} numbers agree with the references.\n")
    if wrong:
        names = ", ".join(row.spec for row in wrong)
        environment.tell("error", f"mleval and the references disagree on {names}")
        return ExitStatus.FAILED
    return ExitStatus.OK


def _table(rows: Iterable[Check]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("verified", "mleval", "reference", "difference", "by", ""):
        numeric = name in ("mleval", "reference", "difference")
        table.add_column(name, justify="right" if numeric else "left", no_wrap=numeric)
    marks = {
        True: Text("agrees", "green"),
        False: Text("DISAGREES", "bold red"),
        None: Text("not compared", "dim"),
    }
    for row in rows:
        mark = marks[row.agrees] + Text(f": {row.note}" if row.note else "")
        cells = (
            Text(row.spec),
            Text(_number(row.value)),
            Text(_number(row.reference)),
            Text(_number(row.difference, "{:.1e}")),
            Text(row.library),
        )
        table.add_row(*cells, mark)
    return table


def _number(value: float | None, how: str = "{:.10g}") -> str:
    return "–" if value is None else how.format(value)
