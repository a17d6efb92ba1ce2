"""Fitting: a page kept under a size, such as a comment on a merge request may have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 60_000  # bytes; a comment on GitHub holds 65,536 characters
_SAID = 500  # bytes kept for saying what was left out


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of a page. name: what to call it when it is left out; drop: the highest goes first.

    What has drop 0 stays.
    """

    text: str
    name: str = ""
    drop: int = 0


def fitted(sections: Sequence[Section]) -> str:
    r"""The page, without the sections that would make it too long, and what these were.

    >>> fitted([Section("a"), Section(""), Section("b" * 70_000, "the classes", 1)])
    'a\n\n<sub>left out to keep this short: the classes</sub>\n'
    """
    kept, left = parted([section for section in sections if section.text], LONGEST)
    texts = [section.text for section in kept]
    if left:
        texts.append(f"<sub>{told(left)}</sub>")
    return "\n\n".join(texts) + "\n"


def parted(sections: Sequence[Section], longest: int) -> tuple[list[Section], list[Section]]:
    """The sections that fit into so many bytes, and those to leave out, both in their order."""
    kept, left = list(sections), []
    while _size(kept) > longest - _SAID and any(section.drop for section in kept):
        last = max(kept, key=lambda section: (section.drop, len(section.text)))
        kept.remove(last)
        left.append(last)
    return kept, [section for section in sections if section in left]


def told(left: Sequence[Section]) -> str:
    """What is said of sections that are left out."""
    return "left out to keep this short: " + ", ".join(section.name for section in left)


def _size(sections: Sequence[Section]) -> int:
    return sum(len(section.text.encode()) + 2 for section in sections)
