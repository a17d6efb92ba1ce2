"""What a command says of its gates beside the report, and how it ends for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mleval.cli.context import Environment, ExitStatus
from mleval.cli.output import Output

if TYPE_CHECKING:
    from mleval.report import GateResult, Report
    from mleval.report_set import ReportSet
    from mleval.training.history import History


def print_gates(
    report: Report | ReportSet | History,
    environment: Environment,
    output: Output,
    inconclusive: str,
) -> ExitStatus:
    """Say on stderr what stdout does not show; FAILED when a gate failed.

    inconclusive: `warn`, `pass` (say nothing) or `fail`. With --quiet only what did not pass is
    said.
    """
    from mleval.rendering.gates import gated, sentence

    results = gated(report)
    for name, result in results:
        if _is_said(result, output, inconclusive):
            environment.tell(result.status, sentence(name, result, output.digits))
    failing = {"failed", "inconclusive"} if inconclusive == "fail" else {"failed"}
    return ExitStatus.FAILED if any(r.status in failing for _, r in results) else ExitStatus.OK


def _is_said(result: GateResult, output: Output, inconclusive: str) -> bool:
    if output.shows_gates:
        return False
    if result.status == "inconclusive":
        return inconclusive != "pass"
    return result.status == "failed" or not output.quiet
