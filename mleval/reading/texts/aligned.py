"""Aligned lines: line i of every file is about the same segment."""

from __future__ import annotations

from mleval.errors import InputError
from mleval.reading.texts.choices import TextChoices, TextRoles
from mleval.reading.texts.given import Given
from mleval.reading.texts.segments import Segments
from mleval.reading.texts.slip import refusal_of_counts
from mleval.reading.texts.source import TextSource


def recognises(given: Given, choices: TextChoices) -> bool:
    """Whatever no other shape is."""
    del given, choices
    return True


def opened(given: Given, choices: TextChoices) -> TextSource:
    """The source of files of lines; InputError for a file without another of references."""
    name = given.hypotheses.name
    if not given.references:
        raise InputError(
            f"{name} has nothing to be compared with",
            hint="name the references after it, with as many lines: mleval text HYP REF",
        )
    if choices.names_columns:
        raise InputError(
            f"{name} is read as lines, which have no columns",
            hint="leave --hyp, --ref and --id out, or --input-format to have it recognised",
        )
    roles = TextRoles(
        format="lines",
        hypotheses=name,
        references=tuple(file.name for file in given.references),
    )
    return TextSource(
        name=name,
        files=given.paths,
        roles=roles,
        digest=given.digest,
        segments=lambda: _segments(given),
    )


def _segments(given: Given) -> Segments:
    hypotheses, name = given.hypotheses.lines, given.hypotheses.name
    for file in given.references:
        if len(file.lines) != len(hypotheses):
            raise refusal_of_counts((name, hypotheses), (file.name, file.lines))
    return Segments(
        hypotheses=hypotheses,
        references=tuple(file.lines for file in given.references),
        called=tuple(file.name for file in given.references),
        place=lambda at: f"{name}, line {at + 1:,}",
    )
