"""ScoreTable: the distinct scores of each truth label, and the two-class view read off it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats, Labels
from mleval.states.vocabulary import renamed, union

CLIP = float(np.finfo(np.float64).eps)  # how near 0 and 1 a probability is taken for a logarithm
_PENDING_ROWS = 1 << 22  # rows kept unsorted before they are boiled down


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """n scores of one label with Σw and Σw²; weight None: unsorted scores that count 1 each.

    Rows that count 1 are kept bare because sorting numbers is ten times as fast as sorting
    positions, which is what carrying weights along would take.
    """

    scores: Floats
    weight: Floats | None = None
    weight2: Floats | None = None


_NOTHING = Run(np.empty(0), np.empty(0), np.empty(0))


@dataclass(frozen=True, eq=False)
class ScoreTable:
    """Sorted distinct scores with Σw and Σw² of each raw truth label at that score.

    runs: label → its runs, boiled down to one sorted run of distinct scores when it is read or
    when many rows are pending.

    >>> table = ScoreTable.of(Labels.of(["n", "p", "p"]), np.array([0.2, 0.2, 0.9]))
    >>> table.distinct("p").scores.tolist(), table.distinct("p").weight.tolist()
    ([0.2, 0.9], [1.0, 1.0])
    """

    runs: Mapping[str, tuple[Run, ...]]

    @classmethod
    def empty(cls) -> ScoreTable:
        """No rows."""
        return cls({})

    @classmethod
    def of(cls, truth: Labels, score: Floats, weight: Floats | None = None) -> ScoreTable:
        """Sort n rows apart by label; `score` (n,) finite, `weight` (n,) or None for ones."""
        score = score + 0.0  # -0.0 becomes 0.0: equal scores are one score
        runs: dict[str, tuple[Run, ...]] = {}
        for code, rows in enumerate(_rows_by_code(truth)):
            if len(rows):
                mine = None if weight is None else weight[rows]
                square = None if mine is None else mine * mine
                runs[truth.names[code]] = (Run(score[rows], mine, square),)
        return cls(runs)

    def merge(self, other: ScoreTable) -> ScoreTable:
        """The scores of both."""
        runs = {
            label: self.runs.get(label, ()) + other.runs.get(label, ())
            for label in union(tuple(self.runs), tuple(other.runs))
        }
        pending = sum(len(run.scores) for parts in runs.values() for run in parts[1:])
        settled = sum(len(parts[0].scores) for parts in runs.values() if parts)
        if pending > max(_PENDING_ROWS, settled):
            return ScoreTable({label: (_distinct(parts),) for label, parts in runs.items()})
        return ScoreTable(runs)

    def relabel(self, names: Mapping[str, str]) -> ScoreTable:
        """Rename labels, pooling those that become one; a label not named stays."""
        old = tuple(self.runs)
        runs: dict[str, tuple[Run, ...]] = {}
        for before, after in zip(old, renamed(old, names), strict=True):
            runs[after] = runs.get(after, ()) + self.runs[before]
        return ScoreTable(runs)

    def map_scores(self, function: Callable[[str, Floats], Floats]) -> ScoreTable:
        """Every score s of a label replaced by function(label, scores), elementwise."""
        return ScoreTable(
            {
                label: tuple(
                    Run(function(label, run.scores) + 0.0, run.weight, run.weight2) for run in parts
                )
                for label, parts in self.runs.items()
            }
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that occur, sorted."""
        return tuple(sorted(self.runs))

    @cached_property
    def _distinct_runs(self) -> dict[str, Run]:
        return {label: _distinct(parts) for label, parts in self.runs.items()}

    def distinct(self, label: str) -> Run:
        """The scores of a label, ascending, each once, with Σw and Σw²."""
        return self._distinct_runs.get(label, _NOTHING)

    def binary(self, positive: str) -> BinaryScores:
        """`positive` against all the other labels."""
        rest = [self.distinct(label) for label in self.labels if label != positive]
        negative = rest[0] if len(rest) == 1 else _distinct(tuple(rest))
        return BinaryScores.of_runs(self.distinct(positive), negative)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """See `State.to_arrays`."""
        parts = [self.distinct(label) for label in self.labels]
        arrays = {
            "labels": np.asarray(self.labels, dtype=np.str_),
            "sizes": np.array([len(part.scores) for part in parts], dtype=np.int64),
        }
        for name in ("scores", "weight", "weight2"):
            arrays[name] = np.concatenate([np.empty(0), *(getattr(part, name) for part in parts)])
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> ScoreTable:
        """See `State.from_arrays`."""
        ends = np.cumsum(arrays["sizes"])[:-1]
        columns = (np.split(arrays[name], ends) for name in ("scores", "weight", "weight2"))
        parts = zip(arrays["labels"].tolist(), *columns, strict=False)
        return cls({label: (Run(scores, w, w2),) for label, scores, w, w2 in parts})


@dataclass(frozen=True, eq=False)
class BinaryScores:
    """Two classes by score: what score and probability metrics read.

    scores: (s,) distinct, ascending; positive, negative: (s,) Σw of either class at each;
    positive2, negative2: (s,) Σw²; logit: whether scores are log-odds of the positive class.
    """

    scores: Floats
    positive: Floats
    negative: Floats
    positive2: Floats
    negative2: Floats
    logit: bool = False

    @classmethod
    def of_runs(cls, positive: Run, negative: Run) -> BinaryScores:
        """Interleave two sorted distinct runs."""
        both = np.concatenate([positive.scores, negative.scores])
        both.sort(kind="stable")  # two sorted runs: a merge
        scores = both[_starts(both)]
        columns = []
        for run in (positive, negative):
            place = np.searchsorted(scores, run.scores)
            for mass in (run.weight, run.weight2):
                column = np.zeros(len(scores))
                column[place] = mass
                columns.append(column)
        return cls(scores, columns[0], columns[2], columns[1], columns[3])

    def places(self, scores: Floats, positive: NDArray[Any]) -> NDArray[np.intp]:
        """(n,) where rows with these scores are among the positives, then the negatives, by score.

        >>> BinaryScores(np.array([2.0]), *np.ones((4, 1))).places(np.array([2.0]), np.zeros(1))
        array([1])
        """
        order = np.argsort(scores)  # looked up in order they are found in a fifth of the time
        at = np.empty(len(scores), np.intp)
        at[order] = np.searchsorted(self.scores, scores[order])
        at = at.clip(max=len(self.scores) - 1)
        return np.where(positive, at, at + len(self.scores))

    @cached_property
    def positives(self) -> float:
        """Σw of the positive class."""
        return float(self.positive.sum())

    @cached_property
    def negatives(self) -> float:
        """Σw of the other class."""
        return float(self.negative.sum())

    @cached_property
    def total(self) -> float:
        """Σw of all rows."""
        return self.positives + self.negatives

    @cached_property
    def positives_at_least(self) -> Floats:
        """(s,) Σw of positives with at least each score: tp when it is the threshold."""
        return self.positive[::-1].cumsum()[::-1]

    @cached_property
    def negatives_at_least(self) -> Floats:
        """(s,) Σw of negatives with at least each score: fp when it is the threshold."""
        return self.negative[::-1].cumsum()[::-1]

    @cached_property
    def probability(self) -> Floats:
        """(s,) P(positive)."""
        return np.exp(self.log_probability) if self.logit else self.scores

    @cached_property
    def log_probability(self) -> Floats:
        """(s,) log P(positive); exact for log-odds, else of the probability clipped."""
        if self.logit:
            return -np.logaddexp(0.0, -self.scores)
        return np.log(np.clip(self.scores, CLIP, 1 - CLIP))

    @cached_property
    def log_complement(self) -> Floats:
        """(s,) log P(negative)."""
        if self.logit:
            return -np.logaddexp(0.0, self.scores)
        return np.log1p(-np.clip(self.scores, CLIP, 1 - CLIP))

    @property
    def clipped(self) -> float:
        """Σw of the rows with a probability nearer 0 or 1 than logarithms are taken of."""
        if self.logit:
            return 0.0
        low, high = (
            np.searchsorted(self.scores, CLIP),
            np.searchsorted(self.scores, 1 - CLIP, "right"),
        )
        both = self.positive, self.negative
        return float(sum(side[:low].sum() + side[high:].sum() for side in both))

    @cached_property
    def effective_positives(self) -> float:
        """(Σw)² / Σw² of the positive class: how many equally weighted rows it is worth."""
        square = float(self.positive2.sum())
        return self.positives**2 / square if square else 0.0

    @cached_property
    def effective_negatives(self) -> float:
        """(Σw)² / Σw² of the other class."""
        square = float(self.negative2.sum())
        return self.negatives**2 / square if square else 0.0


def _rows_by_code(labels: Labels) -> list[NDArray[np.intp]]:
    """The row positions of each code, in order."""
    if len(labels.names) <= 16:
        return [np.flatnonzero(labels.codes == code) for code in range(len(labels.names))]
    order = np.argsort(labels.codes, kind="stable")
    ends = np.cumsum(np.bincount(labels.codes, minlength=len(labels.names)))
    return np.split(order, ends[:-1])


def _starts(ordered: Floats) -> NDArray[np.intp]:
    """Where each distinct value of a sorted array begins."""
    if not len(ordered):
        return np.empty(0, np.intp)
    fresh = np.empty(len(ordered), np.bool_)
    fresh[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return np.flatnonzero(fresh)


def _distinct(runs: tuple[Run, ...]) -> Run:
    """The runs of a label as one sorted run of distinct scores."""
    bare = [run.scores for run in runs if run.weight is None]
    if len(bare) == 0 and len(runs) == 1 and _is_distinct(runs[0].scores):
        return runs[0]
    weighted = [run for run in runs if run.weight is not None]
    if bare:
        counted = _counted(np.concatenate(bare) if len(bare) > 1 else bare[0].copy())
        weighted.append(counted)
    return weighted[0] if bare and len(weighted) == 1 else _summed(weighted)


def _is_distinct(scores: Floats) -> bool:
    return bool((scores[1:] > scores[:-1]).all())


def _counted(scores: Floats) -> Run:
    """Bare scores, sorted in place and counted."""
    scores.sort()
    starts = _starts(scores)
    count = np.diff(starts, append=len(scores)).astype(np.float64)
    return Run(scores[starts], count, count)


def _summed(runs: list[Run]) -> Run:
    """Weighted runs, their weights added up at each distinct score."""
    if not runs:
        return _NOTHING
    scores = np.concatenate([run.scores for run in runs])
    order = np.argsort(scores, kind="stable")
    scores = scores[order]
    starts = _starts(scores)
    sums = []
    for name in ("weight", "weight2"):
        mass = np.concatenate([getattr(run, name) for run in runs])[order]
        sums.append(np.add.reduceat(mass, starts) if len(starts) else mass)
    return Run(scores[starts], sums[0], sums[1])
