"""Scores by the length of the references and by how rare their words are."""

from __future__ import annotations

import numpy as np

from mleval.batch import Floats
from mleval.diagnosis.finding import Cell, Exhibit
from mleval.diagnosis.slices.confirm import mean_of
from mleval.diagnosis.slices.strength import Lost
from mleval.diagnosis.wording import number

_BUCKETS = 5


def by(name: str, title: str, x: Floats, scores: Floats, ratio: Floats, level: float) -> Exhibit:
    """The mean score of a segment in each fifth of x, and how long hypotheses are there.

    scores: (n,) nan where there is none; ratio: (n,) length over that of the references. The
    column of the score is called `score`: it is the mean of single segments, not of the corpus.
    """
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(scores))
    rows: list[tuple[Cell, ...]] = []
    if len(known):
        lost = Lost.of(scores[known], None, counts=False)
        cuts = np.unique(np.quantile(x[known], np.arange(1, _BUCKETS) / _BUCKETS))
        codes = np.searchsorted(cuts, x[known])
        for code in np.unique(codes):
            here = codes == code
            least, most = float(x[known][here].min()), float(x[known][here].max())
            told = number(least) if least == most else f"{number(least)} to {number(most)}"
            size = np.nanmean(ratio[known][here]) if np.isfinite(ratio[known][here]).any() else None
            rows.append(
                (
                    told,
                    int(here.sum()),
                    mean_of(lost, here, level),
                    None if size is None else float(size),
                )
            )
    return Exhibit(
        name=name,
        title=title,
        columns=(name, "segments", "score", "length ratio"),
        rows=tuple(rows),
        note="means of single segments",
    )
