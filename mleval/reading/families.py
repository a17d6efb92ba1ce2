"""Class families: one number column a class, found by what their names have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from mleval.errors import InputError
from mleval.reading.names import listed, nearest, normalised
from mleval.reading.roles import FamilyKind
from mleval.reading.synonyms import (
    CERTAIN_FAMILIES,
    CONFIDENCE,
    FAMILIES,
    LONE_CLASS,
    PREDICTION,
    SCORE,
    TRUTH,
)
from mleval.reading.vocabulary import ROUNDING, Head, matched

_NAMED_OTHERWISE = frozenset(TRUTH) | frozenset(PREDICTION) | frozenset(SCORE) | CONFIDENCE


class Lone(NamedTuple):
    """The only column that names a class: a score of that class."""

    column: str
    name: str
    kind: FamilyKind


@dataclass(frozen=True, slots=True)
class FoundFamily:
    """columns: class -> column; none where `lone` is the only one of its kind.

    strangers: columns named like a family whose classes are no labels of the file.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    kind: FamilyKind = "probability"
    lone: Lone | None = None
    strangers: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()


def found_family(head: Head, columns: Iterable[str], labels: set[str]) -> FoundFamily:
    """The family among `columns`, for a file whose truth and predictions spell `labels`."""
    numeric = [column for column in columns if head.is_numeric(column)]
    known = {matched(label) for label in labels}
    families: list[tuple[float, dict[str, str], FamilyKind]] = []
    strangers: tuple[str, ...] = ()
    lone: Lone | None = None
    for place, (before, after, kind_name) in enumerate(FAMILIES):
        kind = cast(FamilyKind, kind_name)
        members = _members(numeric, before, after)
        covered = len(known & {matched(name) for name in members}) / len(known) if known else 0.0
        if len(members) == 1 and before in LONE_CLASS and lone is None:
            (name, column), *_ = members.items()
            lone = Lone(column, name, kind)
        elif len(members) >= 2:
            if covered == 1 or (place < CERTAIN_FAMILIES and (covered or not known)):
                families.append((covered, members, kind))
            elif place < CERTAIN_FAMILIES and not strangers:
                strangers = tuple(members.values())
    bare = _bare(numeric, labels)
    if bare:
        families.append((1.0, bare, _bare_kind(head, bare)))
    if not families:
        return FoundFamily(lone=lone, strangers=strangers)
    best = max(families, key=lambda family: family[0])
    used = set(best[1].values())
    others = [c for _, members, _ in families for c in members.values() if c not in used]
    return FoundFamily(best[1], best[2], passed_over=tuple(dict.fromkeys(others)))


def prefixed_family(columns: tuple[str, ...], prefix: str) -> dict[str, str]:
    """The columns that begin with the prefix the caller gave, by class; InputError for none."""
    found = [c for c in columns if c.startswith(prefix) and len(c) > len(prefix)]
    if not found:
        shape = normalised(prefix)
        found = [c for c in columns if normalised(c).startswith(shape) and len(c) > len(shape)]
    if not found:
        near = nearest(prefix, columns)
        raise InputError(
            f"no column begins with '{prefix}'; the columns are {listed(columns)}",
            hint=f"--proba PREFIX, such as the start of {listed(near or columns[:3])}",
        )
    family: dict[str, str] = {}
    for column in found:
        name = column[len(prefix) :].strip()
        bare = name.lstrip("_.- ") or name
        bare = bare[1:-1] if bare[:1] + bare[-1:] == "()" else bare
        _add(family, bare, column)
    return family


def _members(columns: list[str], before: str, after: str) -> dict[str, str]:
    members: dict[str, str] = {}
    for column in columns:
        shape = normalised(column)
        inner = len(shape) - len(before) - len(after)
        if inner < 1 or not (shape.startswith(before) and shape.endswith(after)):
            continue
        if after == "" and before == "p" and shape in ("pred", "prob", "proba"):
            continue
        if (after not in ("", ")") or before == "pred_") and shape in _NAMED_OTHERWISE:
            continue
        _add(members, column[len(before) : len(before) + inner].strip(), column)
    return members


def _add(members: dict[str, str], name: str, column: str) -> None:
    if name in members:
        raise InputError(
            f"columns '{members[name]}' and '{column}' both name the class '{name}'",
            hint="choose the class columns with --proba PREFIX",
        )
    members[name] = column


def _bare(columns: list[str], labels: set[str]) -> dict[str, str]:
    """Columns that bear the labels' own names, when every label has one."""
    by_label = {matched(column): column for column in columns}
    if len(labels) < 2 or not all(matched(label) in by_label for label in labels):
        return {}
    return {
        by_label[matched(label)]: by_label[matched(label)]
        for label in sorted(labels, key=lambda label: columns.index(by_label[matched(label)]))
    }


def _bare_kind(head: Head, family: Mapping[str, str]) -> FamilyKind:
    """Probabilities when every row of the head has numbers from 0 to 1 that sum to 1."""
    rows = zip(*(head.cells(column) for column in family.values()), strict=True)
    for row in rows:
        try:
            numbers = [float(cell) for cell in row if cell is not None]
        except ValueError:
            return "score"
        if len(numbers) < len(row):
            continue
        if any(not -ROUNDING <= n <= 1 + ROUNDING for n in numbers) or abs(sum(numbers) - 1) > 0.05:
            return "score"
    return "probability"
