"""`mleval check`: the gates of saved reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mleval.cli.context import Environment, ExitStatus
from mleval.cli.evaluating import sent_to
from mleval.cli.flags import Debug, Digits, Format, Json, NoColor, Quiet, Written
from mleval.cli.gate_flags import BaselineFile, Decide, Force, Gate, Inconclusive
from mleval.errors import UsageError

if TYPE_CHECKING:
    from mleval.report import Report
    from mleval.report_set import ReportSet

EPILOG = r"""[bold]Examples[/]

  mleval check report.json --gate 'f1 >= 0.8'
  mleval check report.json --gate 'recall\[class=spam] >= 0.9' --decide interval
  mleval check report.json --gate 'f1 >= baseline - 0.01' --baseline main.json
  mleval check de.json fr.json --gate 'rmse <= 12.5' -o gates.xml"""

_REPORTS = "Reports as -o report.json writes them."


def check(
    context: typer.Context,
    reports: Annotated[list[str], typer.Argument(metavar="REPORT", help=_REPORTS)],
    gate: Gate = None,
    baseline: BaselineFile = None,
    decide: Decide = "point",
    inconclusive: Inconclusive = "warn",
    force: Force = False,
    format_: Format = None,
    json: Json = False,
    output: Written = None,
    digits: Digits = 4,
    quiet: Quiet = False,
    no_color: NoColor = False,  # noqa: ARG001  (its callback acts on it)
    debug: Debug = False,  # noqa: ARG001  (its callback acts on it)
) -> ExitStatus:
    """Check conditions on saved reports: exit 1 when one fails.

    A saved report keeps no rows, so a baseline is compared as if it were of other rows.
    """
    from mleval.cli.gated import print_gates
    from mleval.cli.values import gates
    from mleval.gates import check_saved, require_gates

    environment: Environment = context.obj
    sent = sent_to(format_, json, output, digits, quiet)
    asked = gates(gate or [])
    require_gates(asked, baseline)
    sent.check([*reports, *([baseline] if baseline is not None else [])], {})
    report = _together(reports)
    checked = check_saved(report, asked, baseline=baseline, decide=decide, force=force)
    sent.emit(checked, environment, table="gates")
    return print_gates(checked, environment, sent, inconclusive)


def _together(paths: list[str]) -> Report | ReportSet:
    """The report, or several by their files' names. Raises UsageError for one named twice."""
    from mleval.gates import read_report
    from mleval.report_set import ReportSet

    if len(set(paths)) < len(paths):
        twice = next(path for path in paths if paths.count(path) > 1)
        raise UsageError(f"{twice} is named twice", hint="name every report once")
    found = {path: read_report(path) for path in paths}
    if len(found) == 1:
        return next(iter(found.values()))
    systems: dict[str, Report] = {}
    for path, report in found.items():
        several = report.systems.items() if isinstance(report, ReportSet) else [("", report)]
        systems |= {f"{path}: {name}" if name else path: one for name, one in several}
    return ReportSet(systems=systems)
