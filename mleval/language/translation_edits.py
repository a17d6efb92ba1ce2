"""Translation edits by sacreBLEU's own algorithm, pairs side by side in processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.language.blocks import cores

_WORTH_A_PROCESS = 1_000_000  # word pairs to compare: below, starting one takes longer
_SHARE = 500  # segments that a process takes at a time


@dataclass(frozen=True, slots=True)
class TerOptions:
    """sacreBLEU's options: how text is cut into words before they are compared."""

    normalized: bool = False
    no_punct: bool = False
    asian_support: bool = False
    case_sensitive: bool = False


def translation_edits(
    hypotheses: Sequence[str], references: Sequence[Sequence[str | None]], options: TerOptions
) -> tuple[Floats, Floats]:
    """(n,) edits to the nearest reference and (n,) words of the average one, of each segment.

    references: one or several corpora of n segments each, None where there is none.

    >>> found = translation_edits(["b c a"], [["a b c"], ["b c d a"]], TerOptions())
    >>> [count.tolist() for count in found]
    [[1.0], [3.5]]
    """
    segments = list(zip(hypotheses, zip(*references, strict=True), strict=True))
    work = sum(hyp.count(" ") * sum(map(_spaces, refs)) for hyp, refs in segments)
    processes = min(cores(), 1 + work // _WORTH_A_PROCESS)
    if processes == 1:
        counts = _counts(segments, options)
    else:
        from joblib import Parallel, delayed

        shares = [segments[start : start + _SHARE] for start in range(0, len(segments), _SHARE)]
        found = Parallel(processes)(delayed(_counts)(share, options) for share in shares)
        counts = [pair for share in found for pair in share]
    edits, words = np.array(counts, np.float64).reshape(-1, 2).T
    return edits, words


def _spaces(text: str | None) -> int:
    return (text or "").count(" ")


def _counts(
    segments: Sequence[tuple[str, tuple[str | None, ...]]], options: TerOptions
) -> list[tuple[int, float]]:
    from sacrebleu.metrics.ter import TER

    score: Any = TER(**asdict(options)).sentence_score  # None for a reference is no mistake
    found = (score(hypothesis, references) for hypothesis, references in segments)
    return [(one.num_edits, one.ref_length) for one in found]
