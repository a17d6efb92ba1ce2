"""Names: distinct words as one text, taken apart only if somebody asks for one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

ZERO = b"\xff"
"""Stands for a zero byte in the bytes of words; no UTF-8 has it."""


class Names(Sequence[str]):
    r"""A tuple of words, as good as: none has a line feed.

    >>> names = Names([b"to\nbe\n", b"or\n"], 3)
    >>> names, names[2], names.lines
    (('to', 'be', 'or'), 'or', 'to\nbe\nor\n')
    """

    def __init__(self, lines: Iterable[bytes], count: int) -> None:
        self._data = b"".join(lines)
        self._count = count

    @cached_property
    def lines(self) -> str:
        """The words, a line feed after each."""
        return self._data.replace(ZERO, b"\x00").decode()

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Each by itself."""
        return tuple(self.lines.split("\n")[:-1])

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: Any) -> Any:
        return self.words[at]

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __repr__(self) -> str:
        return repr(self.words)

    def __eq__(self, other: object) -> bool:
        return self.words == (other.words if isinstance(other, Names) else other)

    def __hash__(self) -> int:
        return hash(self.words)
