"""What the caller says of texts, and what is found of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mleval.batch import Role
from mleval.reading.roles import Roles
from mleval.reading.source import Options

_AS_TOLD = Options()  # by the bytes of the files


@dataclass(frozen=True, kw_only=True)
class TextChoices:
    """What the caller says of the input; what is None is told from its beginning.

    format: the name of one of `FORMATS`; references: columns or keys, or files of references that
    every system is compared with; hypothesis, id: columns or keys of a table, of two tables that
    name their ids differently as `a=b`; files: how text files are written.
    """

    format: str | None = None
    references: tuple[str, ...] = ()
    hypothesis: str | None = None
    id: str | None = None
    files: Options = _AS_TOLD

    @property
    def names_columns(self) -> bool:
        """Whether a column is named, which only a table has."""
        return bool(self.references) or self.hypothesis is not None or self.id is not None


@dataclass(frozen=True, kw_only=True)
class TextRoles(Roles):
    """What was found: `columns` has the columns or keys of what the format does not fix.

    format: what the shape is called; forced: whether the caller named it; hypotheses, references:
    what those are, for a reader: files, columns or keys.
    """

    command: ClassVar[str] = "text"

    format: str = ""
    forced: bool = False
    hypotheses: str = ""
    references: tuple[str, ...] = ()

    @property
    def declared(self) -> tuple[Role, ...]:
        """None: what is looked for depends on the format."""
        return ()
