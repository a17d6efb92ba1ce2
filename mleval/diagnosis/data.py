"""The data: classes and their balance, what guessing would score, labels, rows that come again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mleval.diagnosis.baselines import chance, no_better
from mleval.diagnosis.case import Case
from mleval.diagnosis.classes import balance, class_table, only_class, unmatched
from mleval.diagnosis.duplicates import repeated
from mleval.diagnosis.finding import Finding, Section
from mleval.diagnosis.rows import ClassifiedRows
from mleval.diagnosis.spellings import alike
from mleval.visible import shown

_SHOWN = 5  # columns in a sentence


def examine(case: Case) -> Section:
    """What the rows themselves are like, before anybody asks why they are right or wrong."""
    rows, report = case.rows, case.report
    baselines = chance(rows, report)
    again = repeated(rows)
    findings: list[Finding] = [*_only_training(case)]
    exhibits = []
    if isinstance(rows, ClassifiedRows):
        findings += [*only_class(rows), *alike(rows), *unmatched(rows), *balance(rows)]
        exhibits.append(class_table(rows))
    findings += [*no_better(rows, report, baselines), *again.findings]
    exhibits += [baselines.exhibit] if baselines.exhibit.rows else []
    return Section(
        part="data",
        findings=tuple(findings),
        exhibits=tuple(exhibits),
        notes=(*again.notes, *_left_out(case)),
    )


def _only_training(case: Case) -> Iterator[Finding]:
    if case.only_training is not None:
        yield Finding(
            part="data",
            kind="only_training_rows",
            says=f"all rows are of training ({case.only_training}): the scores flatter",
            spoils=True,
            step="Evaluate on rows that the model was not fitted on",
            evidence={"split": case.only_training},
        )


def _left_out(case: Case) -> list[str]:
    """The columns that cannot be looked at, and why."""
    by_reason: dict[str, list[str]] = {}
    for name, why in case.rows.left_out.items():
        by_reason.setdefault(why, []).append(name)
    told = [f"{_some(names)} ({why})" for why, names in by_reason.items()]
    if told:
        return [f"columns left out: {'; '.join(told)}"]
    if not case.rows.others:
        return [
            "there are no columns but truth and prediction: with others (features, where rows "
            "come from) it could be said where the mistakes are"
        ]
    return []


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(map(shown, names[:_SHOWN])) + more
