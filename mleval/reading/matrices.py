"""Vectors that lie in `.npy` matrices, a row a vector: a Source of them side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Kind
from mleval.errors import InputError, UsageError
from mleval.reading.arrow_arrays import vectors_array
from mleval.reading.content import Content, LocalFile
from mleval.reading.digest import digest_of_contents
from mleval.reading.npy import NpyTable
from mleval.reading.readers import open_table
from mleval.reading.source import HEAD_ROWS, Options

if TYPE_CHECKING:
    import pyarrow as pa

_ENDINGS = (".npy", ".npy.gz", ".npy.bz2", ".npy.zst")


@dataclass(frozen=True, slots=True)
class Matrices:
    """Files of vectors that belong together row by row; role -> path."""

    paths: Mapping[str, str]

    @classmethod
    def named(cls, **sides: Any) -> Matrices | None:
        """The files among what says the vectors, None when none is one.

        Raises UsageError when only some of them are files.

        >>> Matrices.named(a="A.npy", b="B.npy", negative=None)
        Matrices(paths={'a': 'A.npy', 'b': 'B.npy'})
        """
        given = {role: side for role, side in sides.items() if side is not None}
        paths = {
            role: os.fspath(side)
            for role, side in given.items()
            if isinstance(side, str | os.PathLike) and str(side).endswith(_ENDINGS)
        }
        if not paths:
            return None
        if len(paths) < len(given) or not {"a", "b"} <= paths.keys():
            found = ", ".join(f"{role} {path}" for role, path in paths.items())
            raise UsageError(
                f"of matrices both a and b are needed, and nothing but matrices; found {found}",
                hint="--a A.npy --b B.npy, of triplets also --negative N.npy",
            )
        return cls(paths)

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths.values())

    def open(self, contents: Mapping[str, Content]) -> MatrixSource:
        """The files as one table."""
        return MatrixSource({role: _opened(content) for role, content in contents.items()})


def _opened(content: Content) -> tuple[Content, NpyTable]:
    table = open_table(content, Options()).table
    if not isinstance(table, NpyTable):
        raise InputError(f"{content.name} is no .npy file", hint="write it with numpy.save")
    if table.dtype.kind not in "biuf" or len(table.shape) != 2:
        shape = "×".join(map(str, table.shape))
        raise InputError(
            f"{content.name}: expected a matrix of numbers, a row a vector, found an array of "
            f"{shape} of type {table.dtype}",
            hint="np.save(file, vectors), vectors of shape (rows, numbers)",
        )
    return content, table


class MatrixSource:
    """A Source with a column of vectors a matrix; blocks of rows are read as they are needed."""

    def __init__(self, matrices: Mapping[str, tuple[Content, NpyTable]]) -> None:
        self._tables = {role: table for role, (_, table) in matrices.items()}
        self._contents = [content for content, _ in matrices.values()]
        shapes = {table.name: table.shape for table in self._tables.values()}
        for place, what in ((0, "rows"), (1, "numbers in a vector")):
            if len({shape[place] for shape in shapes.values()}) > 1:
                told = ", ".join(f"{name} has {shape[place]:,}" for name, shape in shapes.items())
                raise InputError(
                    f"expected as many {what} in each matrix: {told}",
                    hint="row by row, the vectors of one pair stand in the same place",
                )
        first = next(iter(self._tables.values()))
        self.rows = first.rows
        self.name = ", ".join(shapes)
        self.names = tuple(self._tables)
        self.copies: Mapping[str, str] = {}
        self.notices: tuple[str, ...] = ()
        self.files = tuple(c.path for c in self._contents if isinstance(c, LocalFile))
        self._part_rows = min(table.part_rows for table in self._tables.values())

    def head(self) -> pa.Table:
        """The first vectors."""
        return self._load(0, min(self.rows, HEAD_ROWS), dict.fromkeys(self.names, "nested"))

    def parts(self, kinds: Mapping[str, Kind]) -> Iterator[Callable[[], pa.Table]]:
        """Stretches of rows; asked for anything but vectors there are but rows to be counted."""
        for start in range(0, self.rows, self._part_rows):
            yield partial(self._load, start, min(start + self._part_rows, self.rows), kinds)

    def locate(self, part: int, row: int) -> str:
        """Rows are counted from 1, and are the same in each matrix."""
        return f"{self.name}, row {part * self._part_rows + row + 1}"

    def digest(self) -> str:
        """Of the files."""
        return digest_of_contents(self._contents)

    def _load(self, start: int, end: int, kinds: Mapping[str, Kind]) -> pa.Table:
        import pyarrow as pa

        return pa.table(
            {
                name: vectors_array(_numbers(self._tables[name].block(start, end)))
                if kind == "nested"
                else pa.nulls(end - start)
                for name, kind in kinds.items()
            }
        )


def _numbers(block: NDArray[Any]) -> NDArray[Any]:
    """Of a type that Arrow has."""
    plain = block.dtype.kind in "iuf" and block.dtype.itemsize <= 8
    return block if plain else block.astype(np.float64)


class Beside(NamedTuple):
    """What is evaluated, the vectors named in it, and the table of labels beside it."""

    data: Any
    sides: Mapping[str, Any]
    labels: Any


def beside_matrices(data: Any, sides: Mapping[str, Any], *labels: Any) -> Beside:
    """The matrices among the sides as what is evaluated, and `data` as the labels beside them.

    labels: a table of labels, in whichever way it may be named. Without matrices all stays as it
    is. Raises UsageError for two tables of labels, and where there is nothing to evaluate.
    """
    matrices = Matrices.named(**sides)
    if matrices and isinstance(data, list) and len(data) == 1:
        data = data[0]
    tables = [table for table in (*labels, *([data] if matrices else [])) if table is not None]
    if len(tables) > 1 or (matrices and isinstance(data, list)):
        raise UsageError("two tables of labels are named", hint="keep one")
    beside = tables[0] if tables else None
    if matrices is None:
        if data is None:
            raise UsageError("there is nothing to evaluate", hint="name a FILE, or --a and --b")
        return Beside(data, sides, beside)
    return Beside(matrices, dict.fromkeys(sides), beside)
