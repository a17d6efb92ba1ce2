"""Windows: the stretches of a sequence that go through a model, so that each token counts once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Window(NamedTuple):
    """Tokens `begin` to `end` of a document's sequence, of which each predicts the next.

    first: the predictions that count are those of the tokens from here on.
    """

    document: int
    begin: int
    end: int
    first: int

    @property
    def size(self) -> int:
        """The tokens that the model sees."""
        return self.end - self.begin


def windows_of(document: int, size: int, window: int, stride: int) -> Iterator[Window]:
    """The windows of a sequence of `size` tokens, each as far to the left as it can reach.

    The first scores all that it predicts, every other one the `stride` tokens after those of the
    one before it, the last one what is left. So the first `window` tokens that are predicted have
    all tokens before them for a context, and every later one at least window − stride + 1.

    >>> [tuple(one) for one in windows_of(0, 9, window=4, stride=3)]
    [(0, 0, 4, 0), (0, 3, 7, 4), (0, 4, 8, 7)]
    """
    last = size - 1  # nothing is there for the last token to predict
    first, end = 0, min(window, last)
    while first < last:
        yield Window(document, max(0, end - window), end, first)
        first, end = end, min(end + stride, last)


def batches_of(
    windows: Sequence[Window], most: int | None, most_tokens: int
) -> Iterator[Sequence[Window]]:
    """Windows that go through the model together, those of about a size, the longest first.

    most: so many; where None, as many as have `most_tokens` when they are as long as the longest.
    """
    ordered = sorted(windows, key=lambda one: one.size, reverse=True)
    start = 0
    while start < len(ordered):
        count = most or max(1, most_tokens // ordered[start].size)
        yield ordered[start : start + count]
        start += count
