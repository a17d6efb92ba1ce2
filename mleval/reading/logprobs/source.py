"""LogprobSource: the files of log-probabilities that are evaluated together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mleval.errors import InputError
from mleval.reading.content import LocalFile
from mleval.reading.digest import digest_of_contents
from mleval.reading.logprobs.choices import LogprobChoices
from mleval.reading.logprobs.lines_of_text import ScoredLines
from mleval.reading.logprobs.memory import content_in_memory, table_in_memory
from mleval.reading.logprobs.opening import LogprobFile, OpenedFile, open_file, open_memory
from mleval.reading.logprobs.records import Shown
from mleval.reading.logprobs.scored import Scored
from mleval.reading.logprobs.tables import ScoredTable
from mleval.reading.logprobs.text_files import TextFile, open_text_file
from mleval.reading.logprobs.token_rows import TokenRows
from mleval.reading.opening import named_contents


class LogprobSource:
    """Files of one shape, whose sequences are evaluated together.

    texts: the file that has the texts, when it is another; digest: what identifies the input;
    names: the columns or keys that its sequences may be told apart by.
    """

    def __init__(
        self,
        opened: Sequence[OpenedFile],
        files: tuple[Path, ...],
        digest: Callable[[], str],
        texts: TextFile | None = None,
    ) -> None:
        self._files = [one.file for one in opened]
        self.files, self.texts, self.digest = files, texts, digest
        first = self._files[0].name
        self.name = first if len(opened) == 1 else f"{first} and {len(opened) - 1} more"
        self.roles = replace(
            opened[0].roles,
            notices=tuple(notice for one in opened for notice in one.roles.notices),
            text=opened[0].roles.text if texts is None else texts.name,
            place=self.locate,
        )
        self.names = tuple(dict.fromkeys(name for one in opened for name in one.names))
        self._first_parts: list[int] = []
        self._last_shown: tuple[tuple[int, int, int], Shown] | None = None
        for shard, file in enumerate(self._files):
            if isinstance(file, ScoredTable):
                file.keyed = self.keyed
                if len(opened) > 1:  # the same name in another file is another document
                    file.shard = f"{shard}: "

    @property
    def keyed(self) -> bool:
        """Whether it matters what sequences are called."""
        return self.in_pieces or (self.texts is not None and self.texts.keys is not None)

    def tell_apart(self, by: Sequence[str]) -> None:
        """Read what sequences are told apart by: columns or keys that are among `names`."""
        for file in self._files:
            if not isinstance(file, ScoredLines):
                file.by = by

    @property
    def in_pieces(self) -> bool:
        """Whether the parts hold pieces of documents, which must be put together."""
        return isinstance(self._files[0], TokenRows)

    @property
    def columns(self) -> tuple[str, ...]:
        """Those of the table; none where it is no table."""
        first = self._files[0]
        return first.table.names if isinstance(first, ScoredTable) else ()

    def loaders(self) -> Iterator[Callable[[], Scored]]:
        """One a part, file after file."""
        number = 0
        for place, file in enumerate(self._files):
            if place == len(self._first_parts):
                self._first_parts.append(number)
            for load in file.loaders():
                number += 1
                yield load

    def locate(self, part: int, row: int) -> str:
        """The file and the place in it."""
        file, part = self._file_of(part)
        return file.locate(part, row)

    def show(self, part: int, row: int, choice: int) -> Shown:
        """A sequence for a person, read again; once for all that is told of it in a row."""
        place = (part, row, choice)
        if self._last_shown is None or self._last_shown[0] != place:
            file, part = self._file_of(part)
            self._last_shown = place, file.show(part, row, choice)
        return self._last_shown[1]

    def _file_of(self, part: int) -> tuple[LogprobFile, int]:
        place = max(i for i, first in enumerate(self._first_parts) if first <= part)
        return self._files[place], part - self._first_parts[place]


def open_logprobs(data: Any, choices: LogprobChoices) -> LogprobSource:
    """The source of paths, globs, `-`, several of them, a table in memory, or a list of records.

    Raises InputError for what cannot be read or has no log-probabilities, UsageError when `data`
    is none of these.
    """
    table = table_in_memory(data)
    if table is not None:
        opened = [open_memory(table, choices)]
        return LogprobSource(opened, (), table.digest, _texts(opened, choices))
    held = content_in_memory(data)
    contents, notices = ([held], ()) if held is not None else named_contents(data)
    opened = [open_file(content, choices) for content in contents]
    _require_one_shape(opened)
    texts = _texts(opened, choices)
    files = tuple(content.path for content in contents if isinstance(content, LocalFile))
    read = [*contents, *([texts.content] if texts else [])]
    source = LogprobSource(opened, files, lambda: digest_of_contents(read), texts)
    source.roles = replace(source.roles, notices=(*notices, *source.roles.notices))
    return source


def _require_one_shape(opened: Sequence[OpenedFile]) -> None:
    first = opened[0]
    for other in opened[1:]:
        if other.roles.format != first.roles.format:
            raise InputError(
                f"{first.file.name} holds {first.roles.format}, {other.file.name} "
                f"{other.roles.format}",
                hint="files given together are parts of one set, and of one shape",
            )


def _texts(opened: Sequence[OpenedFile], choices: LogprobChoices) -> TextFile | None:
    """The file of the texts, when `--text` names no column."""
    named = choices.text
    if named is None or any(one.has_text for one in opened):
        return None
    if named != "-" and not Path(named).exists():
        raise InputError(
            f"--text {named}: there is no such file, nor a column of {opened[0].file.name}",
            hint="name a column with the text of each sequence, or a file with one a line",
        )
    return open_text_file(named, choices.files)
