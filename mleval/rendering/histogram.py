"""What is said of a distribution, whatever it is set in: quantiles, and a bar a bin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mleval.rendering.numerals import number
from mleval.report import Distribution

_EIGHTHS = " ▏▎▍▌▋▊▉"
FULL = "█"


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin in words, the weight in it, and that as a share of the fullest bin."""

    words: str
    weight: float
    share: float


def bins(distribution: Distribution) -> list[Bin]:
    """The bins, in order; none where all values are alike.

    >>> found = bins(Distribution(edges=(-1.7, 0.0, 1.0, 2.3), counts=(2.0, 4.0, 1.0)))
    >>> [(bin.words, bin.share) for bin in found]
    [('below 0', 0.5), ('0 … 1', 1.0), ('above 1', 0.25)]
    """
    edges, counts = distribution.edges, distribution.counts
    most = max(counts, default=0.0)
    if len(counts) < 2 or not most > 0:
        return []
    words = [f"{_edge(a, edges)} … {_edge(b, edges)}" for a, b in pairwise(edges)]
    words[0], words[-1] = f"below {_edge(edges[1], edges)}", f"above {_edge(edges[-2], edges)}"
    return [Bin(w, count, count / most) for w, count in zip(words, counts, strict=True)]


def _edge(edge: float, edges: Sequence[float]) -> str:
    """An edge with the decimals that tell it from the next."""
    step = min((b - a for a, b in pairwise(edges[1:-1])), default=0.0)
    if not 1e-6 < step < 1e9:
        return f"{edge:.6g}"
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    decimals += round(step, decimals) != round(step, decimals + 1)  # as of 0.25
    return f"{round(edge, decimals) + 0.0:.{decimals}f}"


def bar(share: float, width: int) -> str:
    """A bar of at most `width` cells, to an eighth of a cell.

    >>> bar(0.5, 5), bar(0.001, 5), bar(0.0, 5)
    ('██▌', '▏', '')
    """
    eighths = max(round(share * width * 8), 1) if share > 0 else 0
    return (FULL * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()


def quantiles(distribution: Distribution, digits: int) -> list[tuple[str, str]]:
    """Each quantile in words, and its value.

    >>> quantiles(Distribution(edges=(), counts=(), quantiles={"0.05": -1.0, "0.5": 0.25}), 2)
    [('p5', '-1.00'), ('median', '0.25')]
    """
    return [
        ("median" if share == "0.5" else f"p{100 * float(share):g}", number(value, digits))
        for share, value in distribution.quantiles.items()
    ]
