"""TextSource: what one system wrote, and what it is compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from mleval.reading.texts.choices import TextRoles
from mleval.reading.texts.segments import Segments


@dataclass(frozen=True, kw_only=True)
class TextSource:
    """One system's segments, still to be read. name: for messages, and of the system in a set.

    names: of the columns that segments may be told apart by; files: those named, none for what
    is in memory; digest: what identifies the input; segments: reads them, with InputError for
    what does not fit together.
    """

    name: str
    files: tuple[Path, ...]
    roles: TextRoles
    names: tuple[str, ...] = ()
    digest: Callable[[], str] = field(repr=False)
    segments: Callable[[], Segments] = field(repr=False)
