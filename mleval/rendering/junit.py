"""JUnit XML: a test case a gate, for what shows tests in Jenkins, GitLab and others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from xml.sax.saxutils import escape as xml_text
from xml.sax.saxutils import quoteattr

from mleval.errors import UsageError
from mleval.rendering import escape, gates
from mleval.rendering.look import Look
from mleval.report import GateResult, Report
from mleval.report_set import ReportSet

_KINDS = {"failed": "failure", "inconclusive": "skipped"}


def render(report: Report | ReportSet, look: Look) -> str:
    """A suite a model; a gate passed, failed, or was skipped because it is inconclusive.

    Raises UsageError when there are no gates: what reads tests takes an empty file for an error.
    """
    results = gates.gated(report)
    if not results:
        raise UsageError(
            "the format junit shows gates, and there are none", hint="such as --gate 'f1 >= 0.8'"
        )
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f"<testsuites{_attributes(name='mleval', **_counts(results, skipped=False))}>")
    for name, one in gates.suites(report).items():
        lines += _suite(name, one, look.digits)
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _suite(name: str | None, report: Report, digits: int) -> Iterator[str]:
    title = name if name is not None else f"mleval {report.task}"
    counts = _counts([(name, gate) for gate in report.gates])
    yield f"  <testsuite{_attributes(name=title, **counts, time='0')}>"
    yield "    <properties>"
    for spec, item in report.metrics.items():
        if item.value is not None:
            yield f"      <property{_attributes(name=spec, value=repr(float(item.value)))}/>"
    yield "    </properties>"
    for result in report.gates:
        yield from _case(name, report, result, digits)
    yield "  </testsuite>"


def _case(name: str | None, report: Report, result: GateResult, digits: int) -> Iterator[str]:
    group = ".".join(filter(None, ["mleval", report.task, name]))
    case = f"    <testcase{_attributes(classname=group, name=result.gate, time='0')}"
    kind = _KINDS.get(result.status)
    if kind is None:
        yield f"{case}/>"
        return
    said = gates.sentence(name, result, digits)
    outcome = f"{kind}{_attributes(message=said, type='gate')}"
    yield f"{case}>"
    yield f"      <{outcome}>{xml_text(escape.xml(said))}</{kind}>"  # GitLab shows the text
    yield "    </testcase>"


def _counts(results: gates.Gated, *, skipped: bool = True) -> dict[str, str]:
    found = Counter(result.status for _, result in results)
    counts = {"tests": len(results), "failures": found["failed"], "errors": 0}
    counts |= {"skipped": found["inconclusive"]} if skipped else {}
    return {name: str(count) for name, count in counts.items()}


def _attributes(**values: str) -> str:
    return "".join(f" {name}={quoteattr(escape.xml(text))}" for name, text in values.items())
