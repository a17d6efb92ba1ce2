"""Which column of pairs or triplets plays which role: labels, distances, vectors."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from mleval.errors import InputError
from mleval.reading.candidates import best, by_name
from mleval.reading.finder import Finder
from mleval.reading.likely import odd_header
from mleval.reading.names import listed, nearest, normalised
from mleval.reading.roles import PairChoices, PairRoles
from mleval.reading.source import Source
from mleval.reading.synonyms import TRUTH
from mleval.reading.values import numbers_in
from mleval.visible import quoted

DISSIMILAR = ("dissimilar", "different", "is_different", "is_dissimilar", "mismatch")
SAME = (
    "same", "is_same", "similar", "is_similar", "match", "is_match", "is_duplicate", "duplicate",
    "genuine", "same_person", "same_class", "same_identity",
)  # fmt: skip
DISTANCE = (
    "distance", "distances", "dist", "d", "positive_distance", "distance_positive", "d_ap",
    "dist_ap", "pos_dist", "dist_pos", "d_pos",
)  # fmt: skip
NEGATIVE_DISTANCE = (
    "negative_distance", "distance_negative", "d_an", "dist_an", "neg_dist", "dist_neg", "d_neg",
)  # fmt: skip
SIMILARITY = ("similarity", "cos_sim", "cossim")
VECTORS: Mapping[str, tuple[str, ...]] = {
    "a": (
        "a", "anchor", "vector_a", "embedding_a", "emb_a", "vec_a", "vector1", "embedding1", "emb1",
        "vec1", "x1", "vector_1", "embedding_1", "emb_1", "anchor_embedding", "embedding_anchor",
    ),
    "b": (
        "b", "positive", "vector_b", "embedding_b", "emb_b", "vec_b", "vector2", "embedding2",
        "emb2", "vec2", "x2", "vector_2", "embedding_2", "emb_2", "positive_embedding",
        "embedding_positive",
    ),
    "negative": ("negative", "negative_embedding", "embedding_negative", "neg", "n"),
}  # fmt: skip
"""Names of columns of vectors; with a number after them, of a column a number."""


class PairFinder(Finder):
    """The search for the columns of pairs or triplets."""

    def __init__(self, source: Source, choices: PairChoices) -> None:
        super().__init__(source, choices)
        self._choices = choices

    def _search(self) -> dict[str, Any]:
        """Distances where they are given; else the vectors to compute them of."""
        says_same = self._find_labels()
        vectors = self._choices.measured or bool(self._choices.a or self._choices.b)
        if not vectors:
            self._find_distances()
        if "distance" not in self._taken:
            self._find_vectors()
        self._require_pairs()
        width = self._width()
        self._find_weight_and_id()
        return {
            "commas": self._with_commas(),
            "says_same": says_same,
            "width": width,
            "directed": self._choices.directed and width > 0,
        }

    def _roles(self, found: dict[str, Any]) -> PairRoles:
        return PairRoles(**self._common(), **found)

    def _find_labels(self) -> bool:
        """Which pairs are different; whether the column says which are the same."""
        if "dissimilar" in self._taken:
            return self._choices.says_same
        for names, says_same in ((DISSIMILAR, False), (SAME, True)):
            flag = "--same" if says_same else "--dissimilar"
            candidates = by_name(self._free(), names)
            found = best(candidates, "same" if says_same else "dissimilar", flag)
            if found is not None:
                self._take("dissimilar", found.column)
                others = by_name(self._free(), (*DISSIMILAR, *SAME))
                self._passed_over["dissimilar"] = [c.column for c in others]
                return says_same
        return False

    def _find_distances(self) -> None:
        for role, names in (("negative_distance", NEGATIVE_DISTANCE), ("distance", DISTANCE)):
            candidates = by_name(self._free(), names)
            found = best(candidates, role, self._flags[role])
            if role not in self._taken and found is not None:
                self._take(role, found.column)
                self._passed_over[role] = [c.column for c in candidates]

    def _find_vectors(self) -> None:
        for role, names in VECTORS.items():
            wanted = getattr(self._choices, role)
            if wanted is not None:
                self._take_vectors(role, wanted)
                continue
            lists = [column for column in self._free() if self._first_vector(column) is not None]
            found = best(by_name(lists, names), role, self._flags[role])
            if found is not None:
                self._take(role, found.column)
                continue
            families = {name: _numbered(self._free(), name) for name in names}
            family = next((columns for columns in families.values() if len(columns) > 1), None)
            if family:
                self._take_family(role, family)

    def _take_vectors(self, role: str, wanted: str) -> None:
        """The column of that name, or the columns that begin so."""
        column = self._named(wanted)
        if column is not None:
            self._taken[role] = column
            return
        family = _numbered(self._free(), wanted)
        if not family:
            near = nearest(wanted, self._columns)
            raise InputError(
                f"{self._source.name} has no column {quoted(wanted)}, nor columns such as "
                f"{quoted(wanted.rstrip('_') + '_0')}; the columns are {listed(self._columns)}",
                hint=(f"did you mean {listed(near)}? " if near else "")
                + f"{self._flags[role]} COLUMN, the prefix of the columns, or a .npy file",
            )
        self._take_family(role, family)

    def _take_family(self, role: str, columns: Mapping[str, str]) -> None:
        self._families[role] = dict(columns)
        first, *_, last = columns.values()
        self._assumed.append(f"{role}={first}…{last}")

    def _first_vector(self, column: str) -> list[float] | None:
        """The first list of numbers in the first rows of a column, if it holds such."""
        first = self._head.first(column)
        if isinstance(first, str) and first.strip()[:1] not in ("[", "(") and "(" not in first:
            return None
        found = numbers_in(first)
        return found if isinstance(found, list) else None

    def _width(self) -> int:
        """The numbers of a vector; InputError where families have not as many columns."""
        widths = {role: len(self._families[role]) for role in VECTORS if self._families.get(role)}
        if len(set(widths.values())) > 1:
            told = ", ".join(f"{role} has {count} columns" for role, count in widths.items())
            raise InputError(
                f"the vectors differ in length: {told}",
                hint="vectors that are compared have as many numbers",
            )
        for role in VECTORS:
            if role in self._taken:
                widths.setdefault(role, len(self._first_vector(self._taken[role]) or ()))
        return next((width for width in widths.values() if width), 0)

    def _has(self, role: str) -> bool:
        return role in self._taken or bool(self._families.get(role))

    def _require_pairs(self) -> None:
        vectors = [role for role in VECTORS if self._has(role)]
        if "distance" not in self._taken and not {"a", "b"} <= {*vectors}:
            found = f" but of {' and '.join(vectors)}" if vectors else ""
            raise InputError(
                f"{self._source.name} has neither distances nor two vectors a row{found}; its "
                f"columns are {listed(self._columns)}",
                hint=odd_header(self._columns)
                or self._likeness()
                or "name them with --distances COLUMN, or with --a and --b (a column of lists, "
                "the prefix of columns, or a .npy file)",
            )
        if not (self._has("dissimilar") or self._has("negative_distance") or "negative" in vectors):
            raise self._no_labels()

    def _likeness(self) -> str | None:
        """What to do with a column of similarities, which grow where distances fall."""
        like = [c for c in self._free() if normalised(c).endswith(SIMILARITY)]
        if not like:
            return None
        return (
            f"{quoted(like[0])} has similarities, it seems: write distances, such as 1 minus a "
            "cosine similarity; as a score it is judged by mleval classify --score "
            f"{shlex.quote(like[0])}"
        )

    def _no_labels(self) -> InputError:
        either = [c for c in self._free() if normalised(c) in (*TRUTH, "0", "1")]
        if either:
            name = shlex.quote(either[0])
            return InputError(
                f"{quoted(either[0])} may say of pairs that they are the same, or that they are "
                "different",
                hint=f"say which: --same {name} when 1 is the same, else --dissimilar {name}",
            )
        return InputError(
            f"{self._source.name} does not say which pairs are the same, and has no negatives; its "
            f"columns are {listed(self._columns)}",
            hint="name a column of 1 and 0: --same COLUMN or --dissimilar COLUMN; or, of triplets, "
            "--negative-distances or --negative",
        )


def _numbered(columns: Iterable[str], prefix: str) -> dict[str, str]:
    """The columns of a name and a number, by number: `a_0`, `a_1`, or `a0`, `a1`.

    >>> _numbered(["a_1", "a_0", "a_x", "b_0"], "a")
    {'0': 'a_0', '1': 'a_1'}
    """
    start, found = normalised(prefix).rstrip("_"), {}
    for column in columns:
        shape = normalised(column)
        number = shape.removeprefix(start).lstrip("_")
        if shape.startswith(start) and number.isdecimal():
            found[number] = column
    return {number: found[number] for number in sorted(found, key=int)}
