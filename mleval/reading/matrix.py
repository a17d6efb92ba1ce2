"""A table of probabilities without a header, one column a class, as `predict_proba` gives it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from mleval.batch import Kind
from mleval.reading.notes import Guess
from mleval.reading.source import Source
from mleval.reading.vocabulary import Head

if TYPE_CHECKING:
    import pyarrow as pa

PREFIX = "prob_"


def are_numbered(names: Sequence[str]) -> bool:
    """Whether columns are called by their places, from 0 or from 1, for want of a header.

    >>> are_numbered(["1", "2", "3"]), are_numbered(["1", "3"])
    (True, False)
    """
    return any(list(names) == [str(at + first) for at in range(len(names))] for first in (0, 1))


def class_matrix(source: Source, classes: Sequence[str]) -> Source:
    """The same source; its columns named for classes where each row is a distribution over them.

    classes: of the columns, in their order; else they are 0, 1, 2 …, as LightGBM, XGBoost and
    scikit-learn number them.
    """
    columns = len(source.names)
    if columns < 2 or not are_numbered(source.names) or len(classes) not in (0, columns):
        return source
    head = Head(source.head())
    found = [head.numbers(name) for name in source.names]
    if not head.rows or any(numbers is None for numbers in found):
        return source
    rows = zip(*(head.cells(name) for name in source.names), strict=True)
    if not all(_is_distribution(row) for row in rows):
        return source
    return ClassMatrix(source, classes or [str(place) for place in range(columns)], bool(classes))


def _is_distribution(cells: Sequence[str | None]) -> bool:
    if None in cells:
        return True  # told as a missing cell when it is read
    numbers = [float(cell) for cell in cells if cell is not None]
    return all(0 <= x <= 1 for x in numbers) and abs(sum(numbers) - 1) <= 0.005 * len(numbers)


class ClassMatrix:
    """A Source whose columns are the probabilities of classes."""

    def __init__(self, inner: Source, classes: Sequence[str], known: bool) -> None:
        self.inner = inner
        self.name, self.files, self.copies = inner.name, inner.files, inner.copies
        self.names = tuple(PREFIX + name for name in classes)
        self._inner_name = dict(zip(self.names, inner.names, strict=True))
        listed = ", ".join(classes[:4]) + (" …" if len(classes) > 4 else "")
        told = f"the columns are the probabilities of the classes {listed}, in this order"
        guess = Guess(told, f"say so: --classes {','.join(classes[:4])}{',…' * (len(classes) > 4)}")
        self.notices = inner.notices if known else (*inner.notices, guess)

    def head(self) -> pa.Table:
        """With the names of the classes."""
        return self.inner.head().rename_columns(list(self.names))

    def parts(self, kinds: Mapping[str, Kind]) -> Iterator[Callable[[], pa.Table]]:
        """With the names of the classes."""
        theirs = {self._inner_name[name]: kind for name, kind in kinds.items()}
        for load in self.inner.parts(theirs):
            yield partial(self._named, load, list(kinds))

    def _named(self, load: Callable[[], pa.Table], names: list[str]) -> pa.Table:
        return load().select([self._inner_name[name] for name in names]).rename_columns(names)

    def locate(self, part: int, row: int) -> str:
        """As it is."""
        return self.inner.locate(part, row)

    def digest(self) -> str:
        """As it is."""
        return self.inner.digest()
