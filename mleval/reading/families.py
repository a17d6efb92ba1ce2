"""Class families: one number column a class, found by what their names have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
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
    VECTOR_ENDINGS,
    VECTORS,
)
from mleval.reading.vocabulary import ROUNDING, Head, matched
from mleval.visible import quoted

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


def found_family(
    head: Head,
    columns: Iterable[str],
    labels: set[str],
    *,
    stems: Iterable[str] = (),
    classes: Sequence[str] = (),
) -> FoundFamily:
    """The family among `columns`, for a file whose truth and predictions spell `labels`.

    stems: what is predicted, as in `<stem>_<class>_PREDICTION`; classes: what the numbers of a
    list are of, in its order.
    """
    columns = list(columns)
    elements = [column for column in columns if _ELEMENT.fullmatch(column)]
    numeric = [c for c in columns if not _ELEMENT.fullmatch(c) and head.is_numeric(c)]
    known = {matched(label) for label in labels}
    found = _Candidates(known)
    patterns = (*FAMILIES, *((f"{stem}_", "_prediction", "probability") for stem in stems))
    for place, (before, after, kind) in enumerate(patterns):
        members = _members(numeric, before, after)
        if len(members) == 1 and before in LONE_CLASS and found.lone is None:
            (name, column), *_ = members.items()
            found.lone = Lone(column, name, cast(FamilyKind, kind))
        elif len(members) >= 2:
            found.add(members, cast(FamilyKind, kind), certain=place < CERTAIN_FAMILIES)
    found.add_vectors(head, elements, classes)
    bare = _bare(numeric, labels)
    if bare:
        found.families.append((1.0, bare, _bare_kind(head, bare)))
    return found.best()


class _Candidates:
    """Families with a claim, each with the share of the labels that it covers."""

    def __init__(self, known: set[str]) -> None:
        self._known = known
        self.families: list[tuple[float, dict[str, str], FamilyKind]] = []
        self.strangers: tuple[str, ...] = ()
        self.lone: Lone | None = None

    def add(self, members: dict[str, str], kind: FamilyKind, *, certain: bool) -> None:
        """Columns named alike. certain: a family by their names alone."""
        known = self._known
        covered = len(known & {matched(name) for name in members}) / len(known) if known else 0.0
        if covered == 1 or (certain and (covered or not known)):
            self.families.append((covered, members, kind))
        elif certain and not self.strangers:
            self.strangers = tuple(members.values())

    def add_vectors(self, head: Head, elements: list[str], classes: Sequence[str]) -> None:
        """The list of numbers that is the likeliest; the others are no second opinion."""
        for rank, (base, by_place) in enumerate(_vectors(elements)):
            members = _in_order_of(classes, by_place)
            if len(members) > 1 and self._known <= {matched(name) for name in members}:
                self.families.append((1.0, members, _kind_of_vector(head, base, members)))
                return
            if not self.strangers and not rank:
                self.strangers = tuple(members.values())

    def best(self) -> FoundFamily:
        """The family that covers most labels; those of the same share in the order found."""
        if not self.families:
            return FoundFamily(lone=self.lone, strangers=self.strangers)
        best = max(self.families, key=lambda family: family[0])
        used = set(best[1].values())
        others = [
            column
            for _, members, _ in self.families
            for column in members.values()
            if column not in used and not _ELEMENT.fullmatch(column)
        ]
        return FoundFamily(best[1], best[2], passed_over=tuple(dict.fromkeys(others)))


_ELEMENT = re.compile(r"(.*[^_ .-])\[(.*)\]", re.DOTALL)  # `prob_[c]` is of a class "[c]"


def _vectors(elements: Iterable[str]) -> list[tuple[str, dict[str, str]]]:
    """Lists of numbers, by class, the likeliest to be probabilities first."""
    found: dict[str, dict[str, str]] = {}
    for column in elements:
        if match := _ELEMENT.fullmatch(column):
            _add(found.setdefault(match[1], {}), match[2], column)
    return sorted(found.items(), key=lambda item: vector_rank(item[0]))


def vector_rank(base: str) -> int:
    """How likely a list of that name holds one number a class: 0 is the likeliest."""
    last = normalised(base.rpartition(".")[2])
    if last in VECTORS:
        return VECTORS.index(last)
    return len(VECTORS) + (not last.endswith(VECTOR_ENDINGS))


def _kind_of_vector(head: Head, base: str, elements: Mapping[str, str]) -> FamilyKind:
    last = normalised(base.rpartition(".")[2])
    if "logit" in last:
        return "logit"
    return "probability" if "prob" in last else _bare_kind(head, elements)


def prefixed_family(
    columns: tuple[str, ...], prefix: str, classes: Sequence[str] = (), *, flag: str = "--proba"
) -> dict[str, str]:
    """The columns that begin with the prefix the caller gave, by class; InputError for none."""
    found = [c for c in columns if c.startswith(prefix) and len(c) > len(prefix)]
    if not found:
        shape = normalised(prefix)
        found = [c for c in columns if normalised(c).startswith(shape) and len(c) > len(shape)]
    if not found:
        near = nearest(prefix, columns)
        raise InputError(
            f"no column begins with {quoted(prefix)}; the columns are {listed(columns)}",
            hint=f"{flag} PREFIX, such as the start of {listed(near or columns[:3])}",
        )
    family: dict[str, str] = {}
    for column in found:
        name = column[len(prefix) :].strip()
        bare = name.lstrip("_.- ") or name
        bare = bare[1:-1] if bare[:1] + bare[-1:] in ("()", "[]") else bare
        _add(family, bare, column)
    lists = all(_ELEMENT.fullmatch(column) for column in found)
    return _in_order_of(classes, family) if lists else family


def _in_order_of(classes: Sequence[str], elements: dict[str, str]) -> dict[str, str]:
    """The numbers of a list by class, when they are known by position only."""
    if [str(place) for place in range(len(classes))] != list(elements):
        return elements
    return dict(zip(classes, elements.values(), strict=True))


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
            f"columns {quoted(members[name])} and {quoted(column)} both name the class "
            f"{quoted(name)}",
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
