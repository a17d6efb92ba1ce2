"""Which columns of a table hold hypotheses, references and ids, by their names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mleval.errors import InputError
from mleval.reading.candidates import Candidate, best, by_name
from mleval.reading.columns_of_arrow import as_number
from mleval.reading.loading import whole_columns
from mleval.reading.names import alike, by_number, listed, nearest, normalised
from mleval.reading.notes import Guess
from mleval.reading.source import Source
from mleval.reading.synonyms import COUNTS_ROWS, MODEL, WEIGHT
from mleval.reading.texts.synonyms import (
    HYPOTHESIS,
    NUMBERED_STEMS,
    REFERENCE,
    SEGMENT_ID,
    SYSTEM_STEMS,
)
from mleval.visible import quoted

if TYPE_CHECKING:
    import pyarrow as pa

_NUMBERED = re.compile(rf"({'|'.join(NUMBERED_STEMS)})_?([0-9]+)")
_SYSTEM = re.compile(
    rf"(?:(?:{'|'.join(SYSTEM_STEMS)})_.+|(?:{'|'.join(SYSTEM_STEMS)})[0-9]+"
    rf"|.+_(?:{'|'.join(SYSTEM_STEMS)}))"
)


class TextColumns:
    """One search of a table; `notices` tells what was passed over."""

    def __init__(self, source: Source) -> None:
        self._source, self.notices = source, list[str]()
        self._all = [name for name in source.names if name not in source.copies]
        head = source.head()
        self._texts = [name for name in self._all if _may_be_text(head.column(name))]
        weights = [one.column for one in by_name(self._all, WEIGHT)]
        if weights:
            self.notices.append(f"{quoted(weights[0])} is passed over: every segment weighs alike")

    def named(self, wanted: str, flag: str) -> str:
        """The column that the caller names; InputError when it is not there."""
        if wanted in self._source.names:
            return wanted
        found = alike(wanted, self._all)
        if found is None:
            near = nearest(wanted, self._all)
            nor = ", and there is no file of that name" if flag == "--ref" else ""
            raise InputError(
                f"{self._source.name} has no column {quoted(wanted)}{nor}; its columns are "
                f"{listed(self._all)}",
                hint=f"did you mean {listed(near)}?" if near else f"choose one with {flag} COLUMN",
            )
        return found

    def hypotheses(self, wanted: str | None, others: Sequence[str] = ()) -> tuple[str, ...]:
        """The column of hypotheses, or of each of several systems; others: that it is not.

        Raises InputError when there is none, or when two have the same claim.
        """
        if wanted is not None:
            return self._once((self.named(wanted, "--hyp"),))
        texts = [name for name in self._texts if name not in others]
        systems = [name for name in texts if _SYSTEM.fullmatch(normalised(name))]
        found = by_name(texts, HYPOTHESIS)
        if not found and systems:
            return self._once(tuple(systems))
        # Beside references that are texts, numbers are answers.
        found = found or by_name([name for name in self._all if name not in others], HYPOTHESIS)
        return self._once((self._best(found, systems, "hypotheses", "--hyp"),))

    def references(self, wanted: Sequence[str]) -> tuple[str, ...]:
        """The columns of references; InputError when there is none, or two have the same claim."""
        if wanted:
            return self._once(tuple(self.named(name, "--ref") for name in wanted))
        found = by_name(self._texts, REFERENCE)
        numbered = self._numbered()
        stem = _NUMBERED.fullmatch(normalised(numbered[0]))[1] if numbered else None  # type: ignore[index]
        bare = [one for one in found if normalised(one.column) == stem]
        if numbered and (not found or REFERENCE.index(str(stem)) <= found[0].rank):
            if bare and by_number(normalised(numbered[0]))[-2] == 2:  # ref, ref2, ref3
                numbered = [bare[0].column, *numbered]
            elif bare:
                raise InputError(
                    f"{self._source.name}: the references may be {quoted(bare[0].column)} or "
                    f"{listed(numbered)}",
                    hint="choose with --ref COLUMN, once for each",
                )
            return self._once(tuple(numbered))
        return self._once((self._best(found, numbered, "references", "--ref"),))

    def lone(self, called: Sequence[str] = ()) -> str | None:
        """The only column of texts beside ids; or one that is called as another file's is."""
        texts = [name for name in self._texts if name not in self.ids_by_name()]
        same = [name for name in texts if normalised(name) in map(normalised, called)]
        found = texts if len(texts) == 1 else same
        return found[0] if len(found) == 1 else None

    def ids(self, wanted: str | None) -> str | None:
        """The column of ids, if there is one; one that only counts the rows is none."""
        if wanted is not None:
            return self.named(wanted, "--id")
        found = [name for name in self.ids_by_name() if normalised(name) not in COUNTS_ROWS]
        return found[0] if found else None

    def ids_by_name(self) -> list[str]:
        """The columns that are named like ids, best first."""
        return [one.column for one in by_name(self._all, SEGMENT_ID)]

    def has_any(self, synonyms: Sequence[str]) -> bool:
        """Whether a column of texts bears one of the names."""
        return bool(by_name(self._texts, synonyms))

    def systems(self) -> str | None:
        """The column that tells the rows of several systems apart, if there is one."""
        found = by_name(self._all, MODEL)
        return found[0].column if found else None

    def _numbered(self) -> list[str]:
        """The numbered columns of the stem that ranks highest, in the order of the numbers."""
        shapes = {name: _NUMBERED.fullmatch(normalised(name)) for name in self._texts}
        stems = {name: shape[1] for name, shape in shapes.items() if shape}
        if not stems:
            return []
        first = min(stems.values(), key=REFERENCE.index)
        own = [name for name, stem in stems.items() if stem == first]
        return sorted(own, key=lambda name: by_number(normalised(name)))

    def _best(self, found: Sequence[Candidate], others: Sequence[str], role: str, flag: str) -> str:
        chosen = best(found, role, flag)
        if chosen is None:
            raise self._none(role, flag)
        passed = dict.fromkeys([*(one.column for one in found[1:]), *others])
        passed.pop(chosen.column, None)
        if passed:
            notice = (
                f"{role}: {quoted(chosen.column)} is taken; passed over: {listed(passed)} "
                f"({flag} to change)"
            )
            self.notices.append(Guess(notice, f"name it: {flag} {chosen.column}"))
        return chosen.column

    def _none(self, role: str, flag: str) -> InputError:
        names = HYPOTHESIS if role == "hypotheses" else REFERENCE
        numbers = by_name([name for name in self._all if name not in self._texts], names)
        held = f" ({quoted(numbers[0].column)} holds numbers)" if numbers else ""
        return InputError(
            f"{self._source.name} has no column of texts that is named like {role} "
            f"({', '.join(names[:4])} …){held}; its columns are {listed(self._all)}",
            hint=f"name it with {flag} COLUMN; --input-format lines takes every line as a text",
        )

    def _once(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """InputError for a column that is there twice, with other cells."""
        copies = {first: copy for copy, first in self._source.copies.items() if copy not in columns}
        for column in columns:
            if column not in copies:
                continue
            both = whole_columns(self._source, {column: "text", copies[column]: "text"})
            if not both[column].equals(both[copies[column]]):
                raise InputError(
                    f"{self._source.name} has two columns {quoted(column)} with different cells",
                    hint=f"name them apart, or choose the later one as {quoted(copies[column])}",
                )
        return columns


def _may_be_text(column: pa.ChunkedArray) -> bool:
    """Whether the first cells are text or lists, not numbers throughout; or there are none."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return False
    cells = [cell for cell in column.to_pylist() if cell is not None and cell != ""]
    return not cells or any(not _is_number(cell) for cell in cells)


def _is_number(cell: Any) -> bool:
    return not isinstance(cell, list | dict) and as_number(str(cell)) is not None
