"""Inspection: what a file is, what its columns hold, and what `mleval classify` makes of them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mleval.errors import InputError
from mleval.reading import (
    ClassRoles,
    ColumnChoices,
    Models,
    Source,
    find_models,
    find_roles,
    open_source,
)
from mleval.reading.about import About, about
from mleval.reading.flattened import FlatSource
from mleval.reading.names import normalised
from mleval.reading.source import FileSource, Options
from mleval.reading.synonyms import ID, PREDICTION, SCORE, TRUTH, WEIGHT
from mleval.reading.vocabulary import Head

SCHEMA = "mleval.inspect/1"
EXAMPLES = 3
_LONGEST = 40  # characters of an example
_CELLS = 200_000  # of the head that are looked at: fewer rows of a file with many columns

_NAMES: Mapping[str, Sequence[str]] = {
    "truth": TRUTH, "prediction": PREDICTION, "score": SCORE, "weight": WEIGHT, "id": ID,
}  # fmt: skip
_FLAGS = {"truth": "--truth", "prediction": "--pred", "score": "--score", "weight": "--weight"}


@dataclass(frozen=True, kw_only=True)
class ColumnSeen:
    """A column in the first rows. type: integer, number, boolean, list, text or empty.

    distinct, missing: of the rows looked at; role: what it was found to be for, if anything.
    """

    name: str
    type: str
    missing: int
    distinct: int
    examples: tuple[str, ...]
    role: str | None = None


@dataclass(frozen=True, kw_only=True)
class RoleSeen:
    """A role, its column, and why it is that one."""

    role: str
    column: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What `mleval inspect` found. rows_seen: the rows at the start that were looked at.

    models: their names, when the file holds several; refusal, hint: why `mleval classify` would
    not evaluate it, and what to do; else `command` evaluates it.
    """

    file: str
    about: About
    rows_seen: int
    columns: tuple[ColumnSeen, ...]
    roles: tuple[RoleSeen, ...] = ()
    models: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    refusal: str | None = None
    hint: str | None = None
    command: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        told = asdict(self.about)
        return {
            "schema": SCHEMA,
            "file": self.file,
            **{key: told[key] for key in ("format", "compression", "encoding", "delimiter")},
            "rows": self.about.rows,
            "rows_exact": self.about.exact,
            "rows_seen": self.rows_seen,
            "columns": [
                asdict(column) | {"examples": list(column.examples)} for column in self.columns
            ],
            "roles": [asdict(role) for role in self.roles],
            "models": list(self.models),
            "notices": list(self.notices),
            "refusal": self.refusal,
            "hint": self.hint,
            "command": self.command,
        }


def inspect_file(
    name: str,
    choices: ColumnChoices,
    *,
    sep: str | None = None,
    encoding: str | None = None,
    header: bool | None = None,
    decimal: str | None = None,
) -> Inspection:
    """Look at the first rows of a file; InputError when they cannot be read."""
    source = open_source(name, sep=sep, encoding=encoding, header=header, decimal=decimal)
    files = source.inner if isinstance(source, FlatSource) else source
    assert isinstance(files, FileSource)
    table = source.head()
    rows = max(20, _CELLS // max(1, len(source.names)))
    seen = Head(table.slice(0, rows))
    models = find_models(source, choices, head_only=True)
    one = models.of(models.names[0], source, choices) if models else (source, choices)
    roles, refusal = _roles(*one)
    by_column = _roles_by_column(roles) | _roles_of_models(models)
    return Inspection(
        file=source.name,
        about=about(files, table.num_rows),
        rows_seen=seen.rows,
        columns=tuple(_column(seen, column, by_column.get(column)) for column in source.names),
        roles=_reasons(roles, one[1], models) if roles else (),
        models=models.names if models else (),
        notices=roles.notices if roles else source.notices,
        refusal=str(refusal) if refusal else None,
        hint=refusal.hint if refusal else None,
        command=_command(name, roles, choices, models, files.options) if roles else None,
    )


def _roles_of_models(models: Models | None) -> dict[str, str]:
    if models is None:
        return {}
    if models.column is not None:
        return {models.column: "model"}
    return {
        column: f"{role} of {name}"
        for name, columns in models.wide.items()
        for role, column in columns.items()
        if role != "unused"
    }


def _roles(source: Source, choices: ColumnChoices) -> tuple[ClassRoles | None, InputError | None]:
    try:
        return find_roles(source, choices), None
    except InputError as error:
        return None, error


def _roles_by_column(roles: ClassRoles | None) -> dict[str, str]:
    if roles is None:
        return {}
    named = {column: role for role, column in roles.columns.items()}
    return {column: f"probability of {name}" for name, column in roles.family.items()} | named


def _column(seen: Head, name: str, role: str | None) -> ColumnSeen:
    cells = [cell for cell in seen.cells(name) if cell is not None]
    distinct = list(dict.fromkeys(cells))
    shown = (c if len(c) <= _LONGEST else c[: _LONGEST - 1] + "…" for c in distinct[:EXAMPLES])
    return ColumnSeen(
        name=name,
        type=_type(seen, name, distinct),
        missing=seen.rows - len(cells),
        distinct=len(distinct),
        examples=tuple(shown),
        role=role,
    )


def _type(seen: Head, name: str, distinct: Sequence[str]) -> str:
    if not distinct:
        return "empty"
    if seen.numbers(name) is not None:
        whole = all(cell.strip().lstrip("+-").isdecimal() for cell in distinct)
        return "integer" if whole else "number"
    if {cell.strip().lower() for cell in distinct} <= {"true", "false"}:
        return "boolean"
    nested = all(cell.strip()[:1] in ("[", "{") for cell in distinct)
    return "list" if nested else "text"


def _reasons(
    roles: ClassRoles, choices: ColumnChoices, models: Models | None
) -> tuple[RoleSeen, ...]:
    of_models = _roles_of_models(models)
    found = [
        RoleSeen(role=role, column=column, why=_why(role, column, roles, choices))
        for role, column in roles.columns.items()
        if column not in of_models
    ]
    found += [
        RoleSeen(role=role, column=column, why="one of several models")
        for column, role in of_models.items()
    ]
    if roles.family:
        columns = list(roles.family.values())
        shown = columns if len(columns) < 4 else [columns[0], "…", columns[-1]]
        why = f"{len(columns)} columns, one a class: {', '.join(list(roles.family)[:5])}"
        why += " …" if len(columns) > 5 else ""
        given = "as given: " if choices.proba else ""
        found.append(RoleSeen(role="probabilities", column=", ".join(shown), why=given + why))
    return tuple(found)


def _why(role: str, column: str, roles: ClassRoles, choices: ColumnChoices) -> str:
    if getattr(choices, role, None) is not None:
        return "as given"
    if role == "score" and roles.score_class is not None:
        return f"named like a {roles.score_kind} of the class {roles.score_class}"
    if normalised(column) in _NAMES[role]:
        article = "an" if role == "id" else "a"
        return f"named like {article} {role}"
    return "by its values" if role == "score" else "named after what is predicted"


def _command(
    name: str,
    roles: ClassRoles,
    choices: ColumnChoices,
    models: Models | None,
    options: Options,
) -> str:
    words = ["mleval", "classify", name]
    of_models = _roles_of_models(models)
    for role, flag in _FLAGS.items():
        if role in roles.columns and roles.columns[role] not in of_models:
            words += [flag, roles.columns[role]]
    if options.header is False:
        words.append("--no-header")
    for flag, value in (
        ("--proba", choices.proba),
        ("--sep", options.sep),
        ("--encoding", options.encoding),
        ("--decimal", options.decimal),
    ):
        if value is not None:
            words += [flag, value]
    return shlex.join(words)
