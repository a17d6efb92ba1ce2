"""Finder: the search for the columns of the roles, as far as every command goes about it alike."""

from __future__ import annotations

import shlex
from abc import ABC, abstractmethod
from typing import Any

from mleval.batch import ROLES
from mleval.errors import InputError
from mleval.reading.candidates import by_name
from mleval.reading.headers import are_comma_numbers
from mleval.reading.likely import odd_header
from mleval.reading.loading import whole_columns
from mleval.reading.names import alike, listed, nearest, normalised
from mleval.reading.notes import Guess, disagreement, mixed_notice, repeated_notice
from mleval.reading.roles import Choices, Roles
from mleval.reading.source import Source
from mleval.reading.synonyms import ID, WEIGHT
from mleval.reading.vocabulary import Head
from mleval.visible import quoted


class Finder(ABC):
    """One search: it fills role after role, and notes what it assumed and passed over.

    choices: what the caller chose; the subclass knows the roles that only its command has.
    """

    def __init__(self, source: Source, choices: Choices) -> None:
        self._source = source
        self._chosen = choices
        self._flags = {role.name: role.flag for role in ROLES[choices.command]}
        self._head = Head(source.head())
        self._columns = [name for name in source.names if name not in source.copies]
        self._taken: dict[str, str] = {}
        self._families: dict[str, dict[str, str]] = {}
        self._assumed: list[str] = []
        self._notices: list[str] = []
        self._passed_over: dict[str, list[str]] = {}

    def roles(self) -> Roles:
        """The roles of the columns.

        Raises InputError when there is no truth, nothing to compare it with, a chosen column that
        does not exist, two columns with equal claims, or (`strict`) a claim that was passed over.
        """
        self._take_named()
        found = self._search()
        self._check_copies()
        self._note_other_columns()
        self._tell_passed_over()
        self._refuse_guesses()
        return self._roles(found)

    @abstractmethod
    def _search(self) -> dict[str, Any]:
        """Take the columns that the caller did not name; what else `_roles` is to be told."""

    @abstractmethod
    def _roles(self, found: dict[str, Any]) -> Roles:
        """What was taken, as the roles of the command."""

    def _common(self) -> dict[str, Any]:
        """What the roles of every command are told."""
        return {
            "columns": dict(self._taken),
            "families": {role: dict(columns) for role, columns in self._families.items()},
            "assumed": tuple(self._assumed),
            "notices": (*self._source.notices, *self._notices),
        }

    def _take_named(self) -> None:
        """The columns the caller named; InputError with all that do not exist."""
        unknown, hints = [], []
        for role in ROLES[self._chosen.command]:
            wanted = getattr(self._chosen, role.name, None)
            if wanted is None or role.kind in ("family", "nested"):
                continue
            found = self._named(wanted)
            if found is not None:
                self._taken[role.name] = found
                continue
            near, flag = nearest(wanted, self._columns), role.flag
            if wanted.isdecimal():
                flag = f"--no-header if columns are meant by number, or {flag}"
            unknown.append(wanted)
            hints.append((f"did you mean {listed(near)}? " if near else "") + f"{flag} COLUMN")
        if unknown:
            raise InputError(
                f"{self._source.name} has no column{'s' if len(unknown) > 1 else ''} "
                f"{listed(unknown)}; the columns are {listed(self._columns)}",
                hint=odd_header(self._columns) or "; ".join(hints),
            )

    def _named(self, wanted: str) -> str | None:
        """The column of that name: exactly, or alike when only one is."""
        return wanted if wanted in self._source.names else alike(wanted, self._columns)

    def _take(self, role: str, column: str) -> None:
        self._taken[role] = column
        self._assumed.append(f"{role}={column}")

    def _free(self) -> list[str]:
        used = self._used()
        return [column for column in self._columns if column not in used]

    def _used(self) -> set[str]:
        columns = (self._taken, *self._families.values())
        return {column for some in columns for column in some.values()}

    def _find_weight_and_id(self) -> None:
        for role, synonyms in (("weight", WEIGHT), ("id", ID)):
            found = by_name(self._free(), synonyms)
            if role in self._taken or not found:
                continue
            self._taken[role] = found[0].column
            # Which column names the rows is worth no word: nothing is computed from it.
            if role == "weight":
                self._assumed.append(f"weight={found[0].column}")

    def _with_commas(self) -> frozenset[str]:
        """The number columns that have decimal commas, which is said."""
        if self._chosen.decimal is not None:
            return frozenset()
        kinds = {role.name: role.kind for role in ROLES[self._chosen.command]}
        columns = [column for role, column in self._taken.items() if kinds[role] == "number"]
        columns += [column for family in self._families.values() for column in family.values()]
        found = [c for c in dict.fromkeys(columns) if are_comma_numbers(self._head.cells(c))]
        if found:
            notice = f"{listed(found, 4)}: commas read as decimal points (--decimal . if not)"
            self._notices.append(Guess(notice, "say so: --decimal ,"))
        return frozenset(found)

    def _check_copies(self) -> None:
        used = self._used()
        for copy, original in self._source.copies.items():
            if self._head.is_same(copy, original) and (
                original not in used or self._is_same(copy, original)
            ):
                self._notices.append(
                    f"column {quoted(original)} is there twice with the same values"
                )
            elif original in used and copy not in used:
                raise InputError(
                    f"{self._source.name} has two columns {quoted(original)} with different values",
                    hint=f"name them apart, or choose the later one as {quoted(copy)}",
                )

    def _is_same(self, copy: str, original: str) -> bool:
        """Of all rows, since what is used may differ below the first ones."""
        found = whole_columns(self._source, {copy: "text", original: "text"})
        return bool(found[copy].equals(found[original]))

    def _note_other_columns(self) -> None:
        for column in self._free():
            shape = normalised(column)
            if shape in ("weight", "weights") and "weight" not in self._taken:
                self._notices.append(
                    f"column {quoted(column)} is not used: --weight {shlex.quote(column)} weights "
                    "the rows by it"
                )
            if (mixed := mixed_notice(self._head, column)) is not None:
                self._notices.append(mixed)
        if (again := repeated_notice(self._head, self._taken.get("id"))) is not None:
            self._notices.append(again)

    def _tell_passed_over(self) -> None:
        used = self._used()
        for role, columns in self._passed_over.items():
            left = [column for column in dict.fromkeys(columns) if column not in used]
            if not left:
                continue
            chosen = quoted(self._taken[role]) if role in self._taken else self._called(role)
            flag = f"{self._flags[role]} {'COLUMN' if role in self._taken else 'PREFIX'}"
            if self._chosen.strict:
                raise InputError(
                    f"--strict: the {role} may be {chosen}, but also {listed(left)}",
                    hint=f"choose with {flag}",
                )
            told = f"{role}: {chosen} is taken; passed over: {listed(left)} ({flag} to change)"
            if role in ("truth", "prediction"):
                told += "".join(disagreement(self._head, self._taken[role], c) for c in left)
            self._notices.append(told)

    def _called(self, role: str) -> str:
        """What the columns of a family are called."""
        return f"the columns of {role}"

    def _refuse_guesses(self) -> None:
        for notice in (*self._source.notices, *self._notices):
            if self._chosen.strict and isinstance(notice, Guess):
                raise InputError(f"--strict: {notice}", hint=notice.hint)
