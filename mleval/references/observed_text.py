"""ObservedText: the segments that a reference implementation is given."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ObservedText:
    """n hypotheses, and one or several corpora of n references each, None where one is missing.

    >>> list(ObservedText(["a cat"], [["the cat"], ["one cat"]]).segments())
    [('a cat', ['the cat', 'one cat'])]
    """

    hypotheses: Sequence[str]
    references: Sequence[Sequence[str | None]]

    def segments(self) -> Iterator[tuple[str, list[str]]]:
        """Each hypothesis with all of its references."""
        columns = zip(*self.references, strict=True)
        for hypothesis, references in zip(self.hypotheses, columns, strict=True):
            yield hypothesis, [text for text in references if text is not None]


def mean_of_best(score: Callable[[str, str], float], observed: ObservedText) -> float:
    """The mean over segments of the best score against any of the references."""
    if not observed.hypotheses:
        return math.nan
    best = [
        max(score(hypothesis, reference) for reference in references)
        for hypothesis, references in observed.segments()
    ]
    return math.fsum(best) / len(best)
