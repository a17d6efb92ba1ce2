"""GitHub: what a step prints so that its run shows the gates that did not pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mleval.rendering import content, gates, set_content
from mleval.rendering.escape import workflow, workflow_title
from mleval.rendering.look import Look
from mleval.report import Report
from mleval.report_set import ReportSet

_SHOWN = 10  # annotations of each kind that GitHub shows of a step
_KINDS = {"failed": "error", "inconclusive": "warning"}


def render(report: Report | ReportSet, look: Look) -> str:
    """A workflow command a gate that did not pass, then one that sums up."""
    lines: list[str] = []
    for status, kind in _KINDS.items():
        said = [
            gates.sentence(name, result, look.digits)
            for name, result in gates.gated(report)
            if result.status == status
        ]
        lines += [_command(kind, f"gate {status}", text) for text in _few(said)]
    lines.append(_command("notice", "mleval", _summary(report)))
    return "\n".join(lines) + "\n"


def _few(said: Sequence[str]) -> Iterator[str]:
    """As many as are shown; the last of them holds all that are left."""
    if len(said) <= _SHOWN:
        yield from said
        return
    yield from said[: _SHOWN - 1]
    yield "\n".join(said[_SHOWN - 1 :])


def _summary(report: Report | ReportSet) -> str:
    said = gates.summary(gates.gated(report))
    if isinstance(report, ReportSet):
        facts = [set_content.task(report), *set_content.headline(report)]
    else:
        facts = [content.task(report), *content.facts(report), *content.files(report)]
    return " · ".join([*facts, f"gates: {said}" if said else "no gates"])


def _command(kind: str, title: str, text: str) -> str:
    return f"::{kind} title={workflow_title(title)}::{workflow(text)}"
