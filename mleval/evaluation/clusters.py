"""Clusters: rows that go together, such as those of one patient, and the intervals that know it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats, Labels
from mleval.errors import NoInterval
from mleval.evaluation.requests import Request
from mleval.evaluation.rows import Rows
from mleval.report import Estimate
from mleval.states.vocabulary import positions, union

METHOD = "cluster-robust"
ROLE = "cluster"
_FEW = 20  # clusters


@dataclass(frozen=True, slots=True)
class Clusters:
    """codes: (n,) the cluster of each row, from 0 to count − 1."""

    codes: NDArray[np.int64]
    count: int

    @classmethod
    def of(cls, rows: Rows) -> Clusters:
        """Those of rows that are kept, with the column that tells them."""
        held = [batch.labels(ROLE) for batch in rows.batches]
        found = [np.unique(labels.codes, return_inverse=True) for labels in held]
        names = [_named(labels, seen) for labels, (seen, _) in zip(held, found, strict=True)]
        whole = union(*names)
        pairs = zip(names, found, strict=True)
        return cls(
            np.concatenate([positions(mine, whole)[at] for mine, (_, at) in pairs]), len(whole)
        )

    @property
    def degrees(self) -> int:
        """Of freedom, that the variance of their sums has."""
        return self.count - 1

    def variance(self, moved: Floats) -> float:
        """Σ over clusters (Σ moved)² · G/(G − 1), moved: (n,) what each row adds to the error.

        Source: Liang and Zeger 1986; G/(G − 1) as Cameron and Miller 2015 have it.
        Raises NoInterval for one cluster.

        >>> Clusters(np.array([0, 0, 1]), 2).variance(np.array([0.5, 0.5, -1.0]))
        4.0
        """
        if self.count < 2:
            raise NoInterval("one cluster")
        sums = np.bincount(self.codes, moved, minlength=self.count)
        return float(sums @ sums) * self.count / (self.count - 1)

    def cautions(self) -> Iterator[str]:
        """What a careful reader of their intervals should know."""
        if self.count < _FEW:
            told = "cluster" if self.count == 1 else "clusters"
            yield f"{self.count} {told}: under {_FEW}, intervals are approximate"


def shared(parts: Iterable[Rows]) -> bool:
    """Whether rows of several of these parts are of one cluster."""
    taken: set[str] = set()
    for rows in parts:
        held = [batch.labels(ROLE) for batch in rows.batches]
        mine = {name for labels in held for name in _named(labels, np.unique(labels.codes))}
        if not taken.isdisjoint(mine):
            return True
        taken |= mine
    return False


def _named(labels: Labels, codes: NDArray[Any]) -> list[str]:
    return [labels.names[code] for code in codes]


Again = Callable[[Request, Estimate], Estimate]


def in_sections(
    found: Mapping[str, Any], requests: Sequence[Request], again: Again
) -> dict[str, Any]:
    """The sections of a report, with what they say of each class and target estimated again."""
    made = dict(found)
    by_class = {str(replace(r.spec, average=None, of_class=None)): r for r in requests}
    by_key = {r.key: r for r in requests}

    def of(request: Request, **parts: Any) -> Request:
        return replace(request, spec=replace(request.spec, **parts))

    for name, row in found.get("classes", {}).items():
        metrics = {
            key: again(of(by_class[key], average=None, of_class=name), item)
            for key, item in row.metrics.items()
        }
        made["classes"] = made["classes"] | {name: replace(row, metrics=metrics)}
    for name, items in found.get("targets", {}).items():
        metrics = {key: again(of(by_key[key], target=name), item) for key, item in items.items()}
        made["targets"] = made["targets"] | {name: metrics}
    return made
