"""Given: the files that one system's texts are read from, and how they begin."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mleval.errors import InputError
from mleval.reading.content import Content, LocalFile
from mleval.reading.digest import digest_of_contents
from mleval.reading.encoding import marked
from mleval.reading.readers import unpacked
from mleval.reading.texts.lines import Lines, read_lines

START_BYTES = 1 << 16
"""How much of a file tells what shape its texts have."""


class TextFile:
    """A file of a system or of references. What is read of it is kept: systems share references."""

    def __init__(self, content: Content, encoding: str | None) -> None:
        self.content, self.name, self.encoding = content, content.name, encoding

    @cached_property
    def start(self) -> bytes:
        """The first bytes, decompressed; InputError for what is known for no text."""
        inner, first = unpacked(self.content)
        return first if len(first) < 4096 else inner.read(0, START_BYTES)

    @cached_property
    def first_lines(self) -> Sequence[str]:
        """The lines that begin the file, whole ones; undecodable bytes replaced."""
        cut = len(self.start) == START_BYTES
        lines = self._decoded_start.split("\n")
        return [line.removesuffix("\r") for line in (lines[:-1] if cut else lines)]

    @property
    def _decoded_start(self) -> str:
        encoding = self.encoding or marked(self.start) or "utf-8"
        with suppress(LookupError):  # a name that no encoding has is refused with the whole file
            return self.start.decode(encoding, "replace")
        return ""

    @cached_property
    def lines(self) -> Lines:
        """Every line. Raises InputError for an empty file, and for bytes that are no text."""
        found = read_lines(self.content, self.encoding) if self.start else None
        if not found:
            raise InputError(f"{self.name} is empty", hint="expected lines of text, one a segment")
        return found


@dataclass(frozen=True)
class Given:
    """What was named for one system: its file, and those of the references, if they are others."""

    hypotheses: TextFile
    references: tuple[TextFile, ...] = ()

    @property
    def all(self) -> tuple[TextFile, ...]:
        """The system's, then the references'."""
        return (self.hypotheses, *self.references)

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where they are; standard input by what it is called."""
        contents = (file.content for file in self.all)
        return tuple(
            content.path if isinstance(content, LocalFile) else Path(content.name)
            for content in contents
        )

    def digest(self) -> str:
        """What identifies them."""
        return digest_of_contents([file.content for file in self.all])
