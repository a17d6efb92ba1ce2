"""What an evaluation of pairs can be told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from mleval.options.common import Called, Problem, TableOptions
from mleval.reading.roles import PairChoices


@dataclass(frozen=True, kw_only=True)
class PairsOptions(TableOptions):
    """Everything `mleval pairs` can be told.

    dissimilar, same: the column that says which pairs are different, or which are the same;
    distances, negative_distances: columns of distances of the pair (of triplets: of anchor and
    positive), and of anchor and negative; a, b, negative: columns of vectors, or the prefixes of
    their columns; distance: how vectors are compared, euclidean unless said; p: of minkowski.

    >>> PairsOptions(p=3).measure
    'minkowski'
    """

    command: ClassVar[str] = "pairs"

    dissimilar: str | None = None
    same: str | None = None
    distances: str | None = None
    negative_distances: str | None = None
    a: str | None = None
    b: str | None = None
    negative: str | None = None
    distance: Literal["euclidean", "cosine", "manhattan", "minkowski"] | None = None
    p: float | None = None
    missing: Literal["error", "drop"] = "error"

    @property
    def measure(self) -> Literal["euclidean", "cosine", "manhattan", "minkowski"]:
        """How vectors are compared."""
        return self.distance or ("euclidean" if self.p is None else "minkowski")

    def choices(self) -> PairChoices:
        """What they say of the columns."""
        return PairChoices(
            dissimilar=self.dissimilar or self.same,
            says_same=self.same is not None,
            distance=self.distances,
            negative_distance=self.negative_distances,
            a=self.a,
            b=self.b,
            negative=self.negative,
            measured=self.distance is not None or self.p is not None,
            directed=self.measure == "cosine",
            weight=self.weight,
            cluster=self.cluster,
            id=self.id,
            decimal=self.decimal,
            strict=self.strict,
        )

    def _problems(self, called: Called) -> Iterator[Problem]:
        yield from super()._problems(called)
        yield (
            self.same is not None and self.dissimilar is not None,
            f"{called('same')} and {called('dissimilar')} are two ways to say which pairs are the "
            "same",
            "keep the one that the file has",
        )
        computed = any((self.a, self.b, self.negative, self.distance, self.p is not None))
        given = self.distances or self.negative_distances
        yield (
            bool(given) and computed,
            "distances are given by a column, or computed of vectors: both are asked for",
            f"leave {called('distances')} out, or "
            + ", ".join(map(called, ("a", "b", "negative", "distance")))
            + f" and {called('p')}",
        )
        yield (
            (self.a is None) != (self.b is None),
            f"{called('a')} and {called('b')} are the two vectors of a pair, and one is named",
            "name both",
        )
        yield (
            self.p is not None and self.measure != "minkowski",
            f"{called('p')} is an exponent of minkowski, and the distance is {self.measure}",
            f"choose minkowski with {called('distance')}, or leave {called('p')} out",
        )
        yield (
            self.p is not None and not self.p >= 1,
            f"{called('p')} is at least 1, not {self.p}",
            "1 is manhattan, 2 euclidean",
        )
