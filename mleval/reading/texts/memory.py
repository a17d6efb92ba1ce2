"""Texts in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mleval.reading.digest import digest_of_bytes
from mleval.reading.texts.choices import TextRoles
from mleval.reading.texts.lines import Lines
from mleval.reading.texts.segments import Segments
from mleval.reading.texts.source import TextSource


@dataclass(frozen=True)
class HeldTexts:
    """Hypotheses, and one or several corpora of as many references, None for one that is missing.

    >>> source = HeldTexts(["a b"], [["a c"]]).source()
    >>> source.name, source.segments().references[0].texts
    ('the hypotheses', ['a c'])
    """

    hypotheses: Sequence[str]
    references: Sequence[Sequence[str | None]]
    ids: Sequence[str] | None = None

    def source(self) -> TextSource:
        """The source of them; InputError for half a surrogate pair."""
        hypotheses = Lines.of(self.hypotheses, "hypotheses")
        corpora = [Lines.of(corpus, "references") for corpus in self.references]
        segments = Segments(hypotheses=hypotheses, references=tuple(corpora), ids=self.ids)
        return TextSource(
            name="the hypotheses",
            files=(),
            roles=TextRoles(
                format="lists",
                hypotheses="the hypotheses",
                references=("the references",) * len(corpora),
            ),
            digest=lambda: digest_of_bytes(
                b"\x00".join(lines.data for lines in (hypotheses, *corpora))
            ),
            segments=lambda: segments,
        )
