"""Files of their own for hypotheses and references: tables, documents and lines, in any mixture.

Where all of them have ids they are joined by these, else their segments go in turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from mleval.errors import InputError
from mleval.reading.names import listed, normalised
from mleval.reading.notes import Guess
from mleval.reading.texts.choices import TextChoices, TextRoles
from mleval.reading.texts.columns import TextColumns
from mleval.reading.texts.documents import document_side, is_data_set, is_list, is_map
from mleval.reading.texts.given import Given, TextFile
from mleval.reading.texts.joining import joined
from mleval.reading.texts.sides import Side
from mleval.reading.texts.source import TextSource
from mleval.reading.texts.synonyms import HYPOTHESIS, REFERENCE
from mleval.reading.texts.tables import Opened, cells_of, is_table, opened_table, read_columns
from mleval.visible import quoted


def recognises(given: Given, choices: TextChoices) -> bool:
    """Files of references, and any of all files a table or a list of texts."""
    if not given.references:
        return False
    return choices.names_columns or any(is_list(file) or is_table(file) for file in given.all)


def opened(given: Given, choices: TextChoices) -> TextSource:
    """The source of several files; InputError for a table that has no such columns."""
    return opened_as("files", given, choices)


def opened_as(title: str, given: Given, choices: TextChoices) -> TextSource:
    """The same, under the name of their shape."""
    if not given.references:
        raise InputError(
            f"{given.hypotheses.name} has nothing to be compared with",
            hint="name the references after it: mleval text HYP REF",
        )
    if is_data_set(given.hypotheses):
        raise InputError(
            f"{given.hypotheses.name} is a data set of questions, not the answers of a system",
            hint="name the predictions first: mleval text PREDICTIONS DATASET",
        )
    ours, *others = _parts(given, choices)
    return TextSource(
        name=ours.file.name,
        files=given.paths,
        roles=TextRoles(
            format=title,
            hypotheses=ours.file.name,
            references=tuple(part.file.name for part in others),
            columns=_columns(ours, others),
            notices=(
                *(notice for part in (ours, *others) for notice in part.notices),
                *_in_turn([ours, *others]),
            ),
        ),
        digest=given.digest,
        names=tuple(dict.fromkeys(name for part in (ours, *others) for name in part.names)),
        segments=lambda: joined(
            ours.side(hypotheses=True), [part.side(hypotheses=False) for part in others]
        ),
    )


def _parts(given: Given, choices: TextChoices) -> list[_Part]:
    """The hypotheses and the references, what is for what in each of them."""
    wanted = [choices.hypothesis, *([choices.references] * len(given.references))]
    parts = [
        _part(file, choices, named=bool(name or choices.id))
        for file, name in zip(given.all, wanted, strict=True)
    ]
    for part, column in zip(parts, _id_columns(parts, choices), strict=True):
        part.id = column
    ours, *others = parts
    for other in others:
        other.find_references(choices.references)
    ours.find_hypotheses(choices.hypothesis, [name for part in others for name in part.texts])
    return parts


@dataclass
class _Part:
    """One file; table: when it is one, with the columns of its texts and its ids."""

    file: TextFile
    table: Opened | None = None
    columns: TextColumns | None = None
    texts: tuple[str, ...] = ()
    id: str | None = None

    @property
    def notices(self) -> tuple[str, ...]:
        """What was assumed of a table."""
        if self.table is None or self.columns is None:
            return ()
        return (*self.table.source.notices, *self.columns.notices)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of a table."""
        return () if self.table is None else self.table.source.names

    @property
    def has_ids(self) -> bool:
        """Whether its segments can be joined by them."""
        return self.id is not None or (_is_document(self.file) and not is_list(self.file))

    def own_id(self, shared: Sequence[str]) -> str | None:
        """The column of ids that all tables have, or else its own."""
        if self.columns is None:
            return None
        named = self.columns.ids_by_name()
        same = [name for name in named if normalised(name) in shared]
        return same[0] if same else self.columns.ids(None)

    def find_references(self, wanted: Sequence[str]) -> None:
        """The columns of references, by their names or because there is no other."""
        if self.columns is not None:
            lone = None if wanted or self.columns.has_any(REFERENCE) else self.columns.lone()
            self.texts = (lone,) if lone else self.columns.references(wanted)

    def find_hypotheses(self, wanted: str | None, theirs: Sequence[str]) -> None:
        """The column of hypotheses, or one that is called as the references are."""
        if self.columns is None:
            return
        known = wanted or self.columns.has_any(HYPOTHESIS)
        lone = None if known else self.columns.lone(theirs)
        self.texts = (lone,) if lone else self.columns.hypotheses(wanted)
        if len(self.texts) > 1:
            raise InputError(
                f"{self.file.name} has hypotheses of {len(self.texts)} systems: "
                f"{', '.join(map(quoted, self.texts))}",
                hint="choose one with --hyp COLUMN; or put the references into the same table",
            )

    def side(self, *, hypotheses: bool) -> Side:
        """What the file says; InputError for an empty id, and for hypotheses that are lists."""
        if self.table is not None:
            return self._of_table(self.table, hypotheses=hypotheses)
        if not _is_document(self.file):
            name, lines = self.file.name, self.file.lines
            return Side(name=name, corpora=(lines,), place=lambda at: f"{name}, line {at + 1:,}")
        side = document_side(self.file)
        if hypotheses and (len(side.corpora) > 1 or side.corpora[0].missing is not None):
            raise InputError(
                f"{side.name} has not one hypothesis of each segment",
                hint='write one text for each: "" where a system said nothing',
            )
        return side

    def _of_table(self, table: Opened, *, hypotheses: bool) -> Side:
        said, wanted = (self.texts, ()) if hypotheses else ((), self.texts)
        read = read_columns(table, said, wanted, self.id)
        if read.ids is not None and "" in read.ids:
            raise InputError(
                f"{read.place(read.ids.index(''))}: {quoted(self.id or '')} is empty, so the row "
                "can be joined with none",
                hint="complete the ids, or name another column with --id COLUMN",
            )
        return Side(
            name=table.source.name,
            corpora=read.hypotheses or read.references,
            ids=read.ids,
            place=read.place,
            columns=table.source.names,
            cells=partial(cells_of, table.source),
        )


def _part(file: TextFile, choices: TextChoices, *, named: bool) -> _Part:
    """named: a column of it is, so that it is a table whatever it looks like."""
    if _is_document(file) or not (named or is_table(file)):
        return _Part(file)
    table = opened_table(file, choices)
    return _Part(file, table, TextColumns(table.source))


def _is_document(file: TextFile) -> bool:
    return is_data_set(file) or is_map(file) or is_list(file)


def _id_columns(parts: Sequence[_Part], choices: TextChoices) -> list[str | None]:
    """The column of ids of each table: the one that is named, that all have, or each its own."""
    tables = [part.columns for part in parts if part.columns is not None]
    if not tables:
        return [None] * len(parts)
    if choices.id is not None:
        ours, _, theirs = choices.id.partition("=")
        wanted = [ours, *[theirs or ours] * (len(parts) - 1)]
        return [
            None if part.columns is None else part.columns.named(name, "--id")
            for part, name in zip(parts, wanted, strict=True)
        ]
    shapes = [[normalised(name) for name in table.ids_by_name()] for table in tables]
    shared = [shape for shape in shapes[0] if all(shape in some for some in shapes)]
    return [part.own_id(shared[:1]) for part in parts]


def _in_turn(parts: Sequence[_Part]) -> Iterator[str]:
    """A notice where some files have ids, and others none to join them by."""
    without = [part.file.name for part in parts if not part.has_ids]
    if 0 < len(without) < len(parts):
        notice = f"segments are taken in turn: there are no ids in {listed(without)}"
        yield Guess(notice, "name the columns of ids: --id COLUMN, or --id A=B")


def _columns(ours: _Part, others: Sequence[_Part]) -> dict[str, str]:
    """Role → the columns that were found."""
    found = {"hypothesis": ours.texts, "references": [n for part in others for n in part.texts]}
    ids = dict.fromkeys(part.id for part in (ours, *others) if part.id is not None)
    return {role: ", ".join(names) for role, names in {**found, "id": [*ids]}.items() if names}
