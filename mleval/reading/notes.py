"""What the reader of a report is told of columns: mixed parts, words for missing, disagreement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from mleval.errors import InputError
from mleval.reading.names import normalised
from mleval.reading.synonyms import COUNTS_ROWS, MIXED
from mleval.reading.vocabulary import Head, matched
from mleval.visible import quoted

MISSING_WORDS = ("NA", "N/A", "n/a", "<NA>", "nan", "NaN", "NAN", "NULL", "null", "None")
"""What other readers take as missing. In a label column they are labels, and told."""


class Guess(str):
    """A notice of something that was guessed, which `--strict` refuses; hint: how to say it."""

    hint: str

    def __new__(cls, notice: str, hint: str) -> Guess:
        """The notice itself is the text."""
        made = super().__new__(cls, notice)
        made.hint = hint
        return made


def refuse_guesses(notices: Iterable[str]) -> None:
    """Raise InputError, as `--strict` asks, for what was guessed of the input."""
    for notice in notices:
        if isinstance(notice, Guess):
            raise InputError(f"--strict: {notice}", hint=notice.hint)


def mixed_notice(head: Head, column: str) -> str | None:
    """That a file may hold the rows of several splits, models or resamples."""
    shape = normalised(column)
    values = len(head.vocabulary(column)) if shape in MIXED else 0
    if values < 2:
        return None
    what = "models" if shape in ("model_name", "classifier") else f"{shape}s"
    rows = "train and test rows" if shape == "split" else f"rows of several {what}"
    return f"{rows} may be mixed in one file: column {quoted(column)} has {values} values"


def repeated_notice(head: Head, id_: str | None) -> str | None:
    """That rows share an id: they may be of several models, runs or annotators."""
    if id_ is None or normalised(id_) in COUNTS_ROWS:  # shards each count from 0
        return None
    cells = [cell for cell in head.cells(id_) if cell is not None]
    different = len(set(cells))
    if different == len(cells):
        return None
    return (
        f"{quoted(id_)} has {different:,} values in the first {head.rows:,} rows: rows of one id "
        "are taken as independent"
    )


def separated_notice(head: Head, columns: Iterable[str]) -> str | None:
    """That cells taken as one label each have parts which come again in other cells."""
    cells = {cell for column in columns for cell in head.vocabulary(column)}
    for separator in (",", ";", "|"):
        held = [cell for cell in sorted(cells) if separator in cell.strip()]
        parts = Counter(p.strip() for c in cells for p in {*c.split(separator)} if p.strip())
        if held and any(parts[p.strip()] > 1 for c in held for p in c.split(separator)):
            return (
                f"a cell such as {quoted(held[0])} is taken as one label (--label-sep "
                f"'{separator}' if it is several)"
            )
    return None


def missing_words(head: Head, columns: Iterable[str], classes: Iterable[str]) -> Iterator[str]:
    """A notice for each word that may mean missing, in the label columns; not for known classes."""
    named = set(classes)
    for column in columns:
        found = head.vocabulary(column)
        for word in MISSING_WORDS:
            if word in found and word not in named:
                yield (
                    f"'{word}' in column {quoted(column)} is taken as a label; leave the cell "
                    "empty if it means missing"
                )


def means_missing(text: str) -> bool:
    """Whether a cell of a number column is a word for missing, in any case."""
    return text.strip().lower() in {word.lower() for word in MISSING_WORDS}


def disagreement(head: Head, chosen: str, other: str) -> str:
    """On how many of the first rows two columns differ; empty when on none."""
    pairs = zip(head.cells(chosen), head.cells(other), strict=True)
    differing = sum(_matched(one) != _matched(two) for one, two in pairs)
    if not differing:
        return ""
    return f"; {quoted(other)} disagrees on {differing:,} of the first {head.rows:,} rows"


def _matched(cell: str | None) -> str | None:
    return None if cell is None else matched(cell)
