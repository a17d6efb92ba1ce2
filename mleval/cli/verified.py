"""How a verification is printed: both numbers of every metric, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mleval.cli.context import Environment, ExitStatus

if TYPE_CHECKING:
    from rich.text import Text

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
        lines = _lines(rows, environment.width)
        stream.write("\n" + environment.text_of(*lines, to=stream) + "\n")
    if not quiet:
        agreeing = len(judged) - len(wrong)
        stream.write(f"{agreeing} of {len(judged)} numbers agree with the references.\n")
    if wrong:
        names = ", ".join(row.spec for row in wrong)
        environment.tell("error", f"mleval and the references disagree on {names}")
        return ExitStatus.FAILED
    return ExitStatus.OK


def _lines(rows: Sequence[Check], width: int) -> list[Text]:
    """A line a metric; in a narrow terminal first the libraries, then the differences are left."""
    from rich.text import Text

    from mleval.rendering.layout import Column, Row, lay_out

    marks = {
        True: Text("agrees", "green"),
        False: Text("DISAGREES", "bold red"),
        None: Text("not compared", "dim"),
    }
    longest = max(len(row.spec) for row in rows)
    how = "{:.10g}" if longest + _REST <= width else "{:.6g}"
    heads = ("verified", "mleval", "reference", "difference", "by")
    columns = [
        Column(least=8),
        *(Column(right=True), Column(right=True)),
        Column(right=True, drop=1),
        Column(drop=2),
    ]
    laid = [Row([Text(head, "bold") for head in heads])]
    for row in rows:
        mark = marks[row.agrees] + Text(f": {row.note}" if row.note else "")
        numbers = (_number(row.value, how), _number(row.reference, how))
        cells = (row.spec, *numbers, _number(row.difference, "{:.1e}"), row.library)
        laid.append(Row([*map(Text, cells), mark], runs_on=True))
    marked = max(len(marks[row.agrees].plain) for row in rows)
    return lay_out(columns, laid, width, after=marked)


def _number(value: float | None, how: str) -> str:
    return "–" if value is None else how.format(value)
