"""Resolve: from merged states to evidence. Here falls every decision that needs all the rows."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import numpy as np

from mleval.errors import InputError
from mleval.evaluation.classification.binary import binary_evidence
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.classification.labels import (
    Spellings,
    almost_alike,
    column_of,
    in_order,
    match_spellings,
    positive_of,
    refuse_disjoint,
    unknown_label,
)
from mleval.evaluation.classification.material import Material
from mleval.evaluation.classification.multiclass import multiclass_evidence
from mleval.evaluation.classification.multilabel import multilabel_evidence
from mleval.evaluation.classification.soft_labels import soft_evidence
from mleval.evaluation.findings import Findings
from mleval.options import ClassifyOptions
from mleval.reading.label_separators import HOW_MANY, certain_separator
from mleval.reading.roles import ClassRoles
from mleval.reading.source import HEAD_ROWS
from mleval.visible import quoted


def resolve(
    states: Mapping[str, Any],
    roles: ClassRoles,
    options: ClassifyOptions,
    findings: Findings,
    *,
    rows: int,
    by_prediction: bool,
) -> Evidence:
    """The evidence of a classification.

    Raises InputError when the labels, the task, the positive class or the scores do not fit
    together.
    """
    if roles.labels is not None:
        none = Spellings(options.map, options.map)
        several = Material(states, roles, options, rows, False, findings, none)
        return multilabel_evidence(several)
    if not roles.plays("truth"):
        return soft_evidence(states, roles, options, findings, rows)
    _refuse_late_sets(states, options)
    spellings = _spellings(states, tuple(roles.family), options)
    if spellings.rule:
        rule, example = spellings.rule
        findings.assume("labels", rule, example, "--map", guess=True)
        findings.notice(f"labels are compared {rule}: {example}")
    material = Material(states, roles, options, rows, by_prediction, findings, spellings)
    labels = in_order({*spellings.truth.values(), *spellings.prediction.values()})
    if (pair := almost_alike(labels)) is not None:
        findings.notice(
            f"{quoted(pair[0])} and {quoted(pair[1])} differ only by case, blanks or how accents "
            "are composed, and are two classes (--map to make them one)"
        )
    known = _with_columns(labels, tuple(roles.family))
    positive = _positive(known, material)
    if positive is not None:
        return binary_evidence(material, known, positive)
    return multiclass_evidence(material, labels)


def _raw_labels(states: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The spellings that occur as truth and as prediction (given or of the highest probability)."""
    for name in ("confusion", "argmax"):
        if name in states:
            return states[name].truth_labels, states[name].prediction_labels
    return states["score"].labels, ()


def _refuse_late_sets(states: Mapping[str, Any], options: ClassifyOptions) -> None:
    """Raise InputError where labels as a whole look like several a row, and the first did not."""
    if options.task is not None or options.classes:
        return
    cells = {cell for labels in _raw_labels(states) for cell in labels}
    separator = certain_separator(cells)
    if separator is not None:
        one = min(cell for cell in cells if separator in cell.strip())
        raise InputError(
            f"labels such as '{one}' may be several between '{separator}', which the first "
            f"{HEAD_ROWS:,} rows do not show",
            hint=HOW_MANY,
        )


def _spellings(
    states: Mapping[str, Any], columns: tuple[str, ...], options: ClassifyOptions
) -> Spellings:
    """One spelling a class. With class columns, a label is the class whose column it finds."""
    truth, prediction = _raw_labels(states)
    spellings = match_spellings(truth, prediction, options.map)
    if not columns:
        refuse_disjoint(spellings, options.classes, _usual(states, spellings))
        return spellings
    spelled = in_order(spellings.truth.values())
    lost = [label for label in spelled if column_of(label, columns) is None]
    if lost:
        raise InputError(
            f"no probability column for the {_counted('class', lost)} {', '.join(lost[:5])}"
            f"{' …' if len(lost) > 5 else ''} of truth; the columns are for {', '.join(columns)}",
            hint="rename the columns, choose them with --proba PREFIX, or rename labels with --map",
        )
    of_column = {column_of(label, columns): label for label in reversed(spelled)}

    def one(label: str) -> str:
        return of_column.get(column_of(label, columns), label)

    spellings = Spellings(
        {raw: one(label) for raw, label in spellings.truth.items()},
        {raw: one(label) for raw, label in spellings.prediction.items()},
        spellings.rule,
    )
    if "confusion" in states:
        refuse_disjoint(spellings, options.classes, _usual(states, spellings))
    return spellings


def _with_columns(labels: tuple[str, ...], columns: tuple[str, ...]) -> tuple[str, ...]:
    """The labels, and the classes that only have a column: a task does not hang on rare rows."""
    found = {column_of(label, columns) for label in labels}
    return in_order([*labels, *(c for at, c in enumerate(columns) if at not in found)])


def _usual(states: Mapping[str, Any], spellings: Spellings) -> dict[str, str]:
    """The class that is predicted most often for each true one."""
    if "confusion" not in states:
        return {}
    counts = states["confusion"].relabel(spellings.truth, spellings.prediction)
    order = np.argsort(counts.weight, kind="stable")  # the most frequent is written last
    return {
        counts.labels[counts.truth[i]]: counts.labels[counts.prediction[i]]
        for i in order
        if counts.prediction[i] >= 0
    }


def _positive(labels: tuple[str, ...], material: Material) -> str | None:
    """The positive class, or None for a task over classes."""
    options, findings = material.options, material.findings
    if options.task == "multiclass":
        findings.assume("task", "multiclass", "as given", "--task")
        return None
    found, why = _named_positive(labels, material)
    if found is None and len(labels) <= 2 and len(options.classes) in (0, 2):
        found, why = positive_of(labels), "by its name"
    if options.task == "binary" and found is None:
        raise InputError(
            f"binary task: which class is positive? truth and prediction have {', '.join(labels)}",
            hint=f"for example --positive {shlex.quote(labels[-1])}",
        )
    if found is None:
        if len(labels) == 2:
            example = shlex.quote(labels[-1])
            findings.notice(
                f"neither {labels[0]} nor {labels[1]} is known as a positive class: "
                f"reported as two plain classes; --positive {example} gives precision, recall "
                "and ranking metrics of one"
            )
        unsure = len(labels) == 2 and not options.classes
        count = f"{len(labels)} {_counted('class', list(labels))}"
        findings.assume("task", "multiclass", count, "--task", guess=unsure)
        return None
    findings.assume("task", "binary", flag="--task")
    findings.assume("positive", found, why, "--positive")
    return found


def _named_positive(labels: tuple[str, ...], material: Material) -> tuple[str | None, str]:
    """The positive class that an option or a lone probability column names."""
    options, roles = material.options, material.roles
    if options.positive is not None:
        wanted = options.map.get(options.positive, options.positive)
        beyond = filter(None, (roles.score_class, positive_of(labels)))
        for known in (labels, tuple(beyond)):
            place = column_of(wanted, known)
            if place is not None:
                return known[place], "as given"
        raise unknown_label("--positive", options.positive, labels)
    if roles.score_class is not None and len(labels) <= 2:
        place = column_of(roles.score_class, labels)
        if place is not None:
            return labels[place], f"named by column {roles.columns['score']}"
        if len(labels) == 1:
            return roles.score_class, f"named by column {roles.columns['score']}"
    return None, ""


def _counted(noun: str, things: list[str]) -> str:
    return noun if len(things) == 1 else noun + "es"
