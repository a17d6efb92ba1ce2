"""What an inspection found, and its JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from mleval.reading.about import About

SCHEMA = "mleval.inspect/1"


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
class FileSeen:
    """A file and its columns. rows_seen: the rows at the start that were looked at."""

    name: str
    about: About
    rows_seen: int
    columns: tuple[ColumnSeen, ...]

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        about = self.about
        return {
            "file": self.name,
            "format": about.format,
            "compression": about.compression,
            "encoding": about.encoding,
            "delimiter": about.delimiter,
            "rows": about.rows,
            "rows_exact": about.exact,
            "rows_seen": self.rows_seen,
            "columns": [
                asdict(column) | {"examples": list(column.examples)} for column in self.columns
            ],
        }


@dataclass(frozen=True, kw_only=True)
class RoleSeen:
    """A role, its column or columns, and why it is these."""

    role: str
    column: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What `mleval inspect` found of a file of predictions, and of the truth file if there is one.

    join: on which id the two are joined, or that they are row by row; models: their names, when
    the file holds several; refusal, hint: why it would not be evaluated, and what to do; else
    `command` evaluates it.
    """

    predictions: FileSeen
    truths: FileSeen | None = None
    join: str | None = None
    roles: tuple[RoleSeen, ...] = ()
    models: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    refusal: str | None = None
    hint: str | None = None
    command: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        return {
            "schema": SCHEMA,
            **self.predictions.to_dict(),
            "truth_file": self.truths and self.truths.to_dict(),
            "join": self.join,
            "roles": [asdict(role) for role in self.roles],
            "models": list(self.models),
            "notices": list(self.notices),
            "refusal": self.refusal,
            "hint": self.hint,
            "command": self.command,
        }
