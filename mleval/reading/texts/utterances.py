"""Utterances: lines of words and an id, of recognised speech. Blank lines and comments are none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from mleval.errors import InputError
from mleval.reading.notes import Guess
from mleval.reading.texts.choices import TextChoices, TextRoles
from mleval.reading.texts.given import Given, TextFile
from mleval.reading.texts.joining import joined
from mleval.reading.texts.lines import Lines
from mleval.reading.texts.sides import Side
from mleval.reading.texts.source import TextSource
from mleval.visible import quoted

Parse = Callable[[str], tuple[str, str] | None]
"""From a line to its id and its words; None where it has not that shape."""

_NEARLY_ALL = 0.95
_IDENTIFIES = re.compile(r"(?=.*[0-9])(?=.*[-_A-Za-z]|[0-9]{4})[-\w.:/@#+~]+")
_FEWEST = 2  # lines under which the same beginning is nothing to go by


def are_utterances(given: Given, choices: TextChoices, parse: Parse) -> bool:
    """Whether nearly all lines of both sides have ids, each its own, that mostly are in both."""
    if not given.references or choices.names_columns:
        return False
    if not all(_look_so(file.first_lines, parse) for file in given.all):
        return False
    found = [_ids(file.lines, parse) for file in given.all]
    if any(ids is None for ids in found):
        return False
    shared = set[str].intersection(*(ids or set() for ids in found))
    return 2 * len(shared) > min(len(ids or ()) for ids in found)


def _look_so(lines: Iterable[str], parse: Parse) -> bool:
    """Whether lines have ids that look as such, so that no first word is taken for one."""
    there = [line for line in lines if _says_something(line)]
    ids = {found[0] for line in there if (found := parse(line))}
    fits = [id_ for id_ in ids if _IDENTIFIES.fullmatch(id_)]
    return len(there) >= _FEWEST and len(fits) >= _NEARLY_ALL * len(there)


def _ids(lines: Iterable[str], parse: Parse) -> set[str] | None:
    """The ids of a whole file; None where many lines have none, or one that is repeated."""
    there = [line for line in lines if _says_something(line)]
    ids = {found[0] for line in there if (found := parse(line))}
    return ids if there and len(ids) >= _NEARLY_ALL * len(there) else None


def opened_utterances(given: Given, choices: TextChoices, parse: Parse, title: str) -> TextSource:
    """The source of files that are joined by the ids of their lines."""
    if not given.references:
        raise InputError(
            f"{given.hypotheses.name} has nothing to be compared with",
            hint="name the references after it: mleval text HYP REF",
        )
    name = given.hypotheses.name
    notice = f"read as {title}: joined by utterance id (--input-format lines if not)"
    return TextSource(
        name=name,
        files=given.paths,
        roles=TextRoles(
            format=title,
            hypotheses=name,
            references=tuple(file.name for file in given.references),
            notices=() if choices.format else (Guess(notice, "say so with --input-format"),),
        ),
        digest=given.digest,
        segments=lambda: joined(
            side_of(given.hypotheses, parse, title),
            [side_of(file, parse, title) for file in given.references],
        ),
    )


def side_of(file: TextFile, parse: Parse, title: str) -> Side:
    """The utterances of a file; InputError for a line without an id."""
    ids: list[str] = []
    texts: list[str] = []
    numbers: list[int] = []
    for number, line in enumerate(file.lines, 1):
        if not _says_something(line):
            continue
        found = parse(line)
        if found is None:
            raise InputError(
                f"{file.name}, line {number:,}: expected {title}, found {quoted(line)}",
                hint="--input-format lines takes lines as they are",
            )
        ids.append(found[0])
        texts.append(found[1])
        numbers.append(number)
    return _side(file.name, ids, texts, numbers)


def _side(name: str, ids: Sequence[str], texts: Sequence[str], numbers: Sequence[int]) -> Side:
    return Side(
        name=name,
        corpora=(Lines.of(texts, name),),
        ids=ids,
        place=lambda at: f"{name}, line {numbers[at]:,}",
    )


def _says_something(line: str) -> bool:
    return bool(line.strip(" \t\r")) and not line.startswith(";;")
