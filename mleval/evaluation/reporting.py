"""The report of an evaluation: the numbers, and what a reader needs to trust them."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mleval.evaluation.clusters import ROLE, Clusters, in_sections
from mleval.evaluation.evaluator import Evaluator, Opened
from mleval.evaluation.findings import Findings
from mleval.evaluation.measuring import Measured
from mleval.reading import Roles, Tally
from mleval.report import Report, SliceTable
from mleval.version import __version__


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the numbers come from: the input, what its columns are for, how many rows count."""

    opened: Opened
    roles: Roles
    tally: Tally


def assume(
    evaluator: Evaluator[Any, Any, Any],
    origin: Origin,
    coupled: Sequence[str],
    findings: Findings,
) -> None:
    """Say what the input was taken for, and what of it counts.

    coupled: what takes the rows for its interval.
    """
    for notice in origin.roles.notices:
        findings.notice(notice)
    origin.opened.introduce(findings)
    evaluator.assume(origin.roles, findings)
    _assume_rows(evaluator.row, origin.tally, findings)
    if coupled:
        findings.assume("memory", "all rows", f"for the interval of {', '.join(coupled)}")
    origin.opened.assume(findings)


def assume_clusters(clusters: Clusters, roles: Roles, findings: Findings) -> None:
    """Say how many there are, and what keeping their rows costs."""
    findings.assume("clusters", f"{clusters.count:,}", f"of {roles.columns[ROLE]}", "--cluster")
    findings.assume("memory", "all rows", "for the intervals of clusters")
    for caution in clusters.cautions():
        findings.notice(caution)


def _assume_rows(row: str, tally: Tally, findings: Findings) -> None:
    """Say how many rows count, and why the others were left out. row: what one of them is."""
    left = sum(tally.left_out.values())
    why = ", ".join(f"{count:,} {reason}" for reason, count in tally.left_out.items())
    found = f"{left:,} left out: {why}" if left else "all"
    findings.assume(f"{row}s", f"{tally.rows_used:,}", found)
    if left:
        verb = "is" if left == 1 else "are"
        findings.notice(f"{left:,} of {tally.rows_read:,} {row}s {verb} left out: {why}")
    if tally.counted_wrong:
        findings.notice(f"{tally.counted_wrong:,} rows without a prediction count as wrong")


def report_of(
    measured: Measured, origin: Origin, slices: tuple[SliceTable, ...], findings: Findings
) -> Report:
    """All of it; what a careful reader should know becomes a finding."""
    evaluator, evidence, source = measured.evaluator, measured.evidence, origin.opened.source
    metrics = measured.metrics()
    requests = [request for request in measured.requests if not request.part]
    with np.errstate(all="ignore"):  # what overflows is told as infinite, not on stderr
        for caution in evaluator.cautions(evidence, requests, metrics):
            findings.notice(caution)
        sections = evaluator.sections(evidence, requests, source)
        charts = evaluator.charts(evidence, requests) if evaluator.options.plots else {}
    influences = measured.influences
    if influences is not None and influences.clusters is not None:
        sections = in_sections(sections, requests, influences.clustered)
    return Report(
        task=evidence.task,
        inputs=tuple(map(str, source.files)) or (source.name,),
        assumed=tuple(findings.assumed),
        metrics=metrics,
        **sections,
        charts=charts,
        slices=slices,
        warnings=tuple(findings.notices),
        signature=_signature(measured, origin.roles),
        provenance=_provenance(measured, origin),
        environment={
            "mleval": __version__,
            "python": platform.python_version(),
            "numpy": np.__version__,
        },
        lists_worst=evaluator.options.asks_for_rows,
    )


def _signature(measured: Measured, roles: Roles) -> dict[str, Any]:
    """What must be equal for two reports to be compared."""
    derived = {one.key: str(one.derived.expression) for one in measured.derived}
    return {
        "task": measured.evidence.task,
        **measured.evaluator.signature(measured.evidence),
        "weighted": "weight" in roles.columns,
        "missing": measured.evaluator.options.missing,
        **({"derived": derived} if derived else {}),
        "mleval": __version__,
    }


def _provenance(measured: Measured, origin: Origin) -> dict[str, Any]:
    """Which rows of which files the numbers are of."""
    tally = origin.tally
    return {
        **measured.evaluator.provenance(measured.evidence),
        "rows": tally.rows_read,
        "rows_used": tally.rows_used,
        "left_out": dict(tally.left_out),
        "digest": origin.opened.source.digest(),
        **origin.opened.provenance(),
    }
