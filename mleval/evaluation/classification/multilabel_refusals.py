"""What cannot be meant of rows with several labels, refused."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from mleval.errors import InputError, UsageError
from mleval.evaluation.classification.evidence import Evidence
from mleval.evaluation.classification.labels import (
    Spellings,
    match_spellings,
    refuse_disjoint,
    unknown_label,
)
from mleval.options import ClassifyOptions
from mleval.reading.names import listed
from mleval.reading.roles import ClassRoles
from mleval.states import Confusion


def refuse_what_is_of_one_label(options: ClassifyOptions) -> None:
    """Raise UsageError for options that speak of one label or one event."""
    if options.positive is not None:
        raise UsageError(
            "a positive class belongs to two classes, and these rows have several labels",
            hint=f"for one label: -m 'f1[class={options.positive}]'",
        )
    if options.score is not None:
        raise UsageError(
            "--score is of one event, and these rows have several labels",
            hint="name a score column for each label with --proba PREFIX",
        )


def refuse_strangers(confusion: Confusion, roles: ClassRoles, options: ClassifyOptions) -> None:
    """Raise InputError when truth and prediction have no label in common, or seem to have none."""
    if roles.labels and roles.labels.truth:
        return  # columns of the same names
    truth = {label: label for label in confusion.truth_labels}
    prediction = {label: label for label in confusion.prediction_labels}
    rule = match_spellings(tuple(truth), tuple(prediction), {}).rule
    if rule and rule[0] == "as numbers":
        shortest, *others = rule[1].split(" = ")
        raise InputError(
            f"truth and prediction spell labels in several ways: {rule[1]}",
            hint=f"if these are one label: --map {','.join(f'{o}={shortest}' for o in others)}",
        )
    refuse_disjoint(Spellings(truth, prediction), options.classes, {})


def refuse_unknown_renames(
    states: Mapping[str, Any], roles: ClassRoles, options: ClassifyOptions
) -> None:
    """Raise InputError when `--map` names a label that is nowhere."""
    if not options.map:
        return
    assert roles.labels
    columns = (*roles.labels.truth, *roles.labels.prediction, *roles.family)
    known = {name for names in states["spelled"].chunks for name in names}.union(columns)
    unknown = sorted(options.map.keys() - known)
    if unknown:
        raise unknown_label("--map", unknown[0], known)


def refuse_labels_without_scores(
    evidence: Evidence, roles: ClassRoles, options: ClassifyOptions
) -> None:
    """Raise InputError when a true label has no column: its scores are not to be left out."""
    assert evidence.confusion
    true = evidence.confusion.truth_labels
    scored = [options.map.get(name, name) for name in roles.family]
    averaged = evidence.classes[: evidence.averaged]
    lost = [name for name in averaged if name in true and name not in scored]
    if not lost:
        return
    noun = "label" if len(lost) == 1 else "labels"
    known = shlex.quote(",".join(scored))
    raise InputError(
        f"no score column for the {noun} {listed(lost, 5)} of truth; the columns are for "
        f"{listed(scored, 5)}",
        hint=f"rename the columns, choose them with --proba PREFIX, or labels with --map; "
        f"--classes {known} averages over those that have one",
    )


def refuse_shared_scores(roles: ClassRoles, options: ClassifyOptions) -> None:
    """Raise InputError when `--map` makes one label of two that have scores."""
    first: dict[str, str] = {}
    for raw, column in roles.family.items():
        name = options.map.get(raw, raw)
        if name in first:
            raise InputError(
                f"--map makes one label of two: '{first[name]}' and '{column}' would both be the "
                f"score of '{name}'",
                hint="name metrics of the predictions alone, such as -m f1, or leave a column out",
            )
        first[name] = column
