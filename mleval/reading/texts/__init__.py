"""Reading texts: open_texts, Segments.

    source = open_texts(["system.txt", "reference.txt"], TextChoices())
    segments = source.segments()
    list(segments.hypotheses), segments.place(0)

A shape that texts come in is a file here, and a row of `FORMATS`.
"""

from mleval.reading.texts.choices import TextChoices, TextRoles
from mleval.reading.texts.formats import FORMATS
from mleval.reading.texts.in_memory import earlier_texts, held_texts
from mleval.reading.texts.lines import Lines, read_lines
from mleval.reading.texts.memory import HeldTexts
from mleval.reading.texts.opening import open_texts
from mleval.reading.texts.segments import Segments
from mleval.reading.texts.source import TextSource

__all__ = [
    "FORMATS",
    "HeldTexts",
    "Lines",
    "Segments",
    "TextChoices",
    "TextRoles",
    "TextSource",
    "earlier_texts",
    "held_texts",
    "open_texts",
    "read_lines",
]
