"""Chunks: rows kept as they are, for what couples them; memory grows with the rows here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Chunks:
    """Chunks of rows, in the order of the input."""

    chunks: tuple[Any, ...] = ()

    def merge(self, other: Chunks) -> Chunks:
        """The rows of both."""
        return Chunks(self.chunks + other.chunks)
