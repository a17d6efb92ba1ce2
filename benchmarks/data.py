"""Write one file of predictions: `python data.py KIND ROWS PATH`, KIND one of those below.

A path that ends in .parquet gives Parquet, .jsonl JSON lines, .shards a directory of 50 Parquet
files with one file of the same rows beside it, any other CSV; .sparse.csv is CSV that is made 10 GB
long by nothing; pairs are a folder of .npy matrices. The same arguments write the same rows.
Probabilities have six decimals, as most tools write them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from language_data import write_documents, write_tokens
from text_lines import write_paragraphs, write_sentences

CHUNK = 500_000
SHARDS = 50
SPARSE_BYTES = 10 << 30
NUMBERS = 128
MILLION = 1_000_000
TEN_THOUSAND = 10_000
CLASSES = np.array(
    ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
)
REGIONS = np.array([f"region {number:03d}" for number in range(200)], dtype=object)
TOPICS = np.array([f"topic {letter}" for letter in "abcdefghijklmnopqrst"], dtype=object)


Maker = Callable[[np.random.Generator, int, int], dict[str, np.ndarray]]


def binary(random: np.random.Generator, first: int, rows: int) -> dict[str, np.ndarray]:
    """Three positives in ten, a score that tells them apart fairly well and is fairly honest."""
    label = (random.random(rows) < 0.3).astype(np.int64)
    logit = random.normal(-1.6 + 1.8 * label, 1.3)
    score = 1 / (1 + np.exp(-logit))
    return {
        "id": np.arange(first, first + rows),
        "label": label,
        "pred": (score >= 0.5).astype(np.int64),
        "score": score,
    }


def multiclass(random: np.random.Generator, first: int, rows: int) -> dict[str, np.ndarray]:
    """Ten classes with names, of which the model finds about four in five, honestly scored."""
    del first
    label = random.integers(0, len(CLASSES), rows)
    logits = random.normal(0, 1.2, (rows, len(CLASSES)))
    logits[np.arange(rows), label] += 3
    odds = np.exp(logits * 3 / 1.2**2)
    probabilities = odds / odds.sum(axis=1, keepdims=True)
    columns = {
        "true_label": CLASSES[label],
        "predicted_label": CLASSES[probabilities.argmax(axis=1)],
    }
    return columns | {f"prob_{name}": probabilities[:, k] for k, name in enumerate(CLASSES)}


def label_tables(random: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Twenty topics, frequent and rare, of which each row has about three, most of them found."""
    shares = np.geomspace(0.4, 0.03, len(TOPICS))
    truth = random.random((rows, len(TOPICS))) < shares
    noise = random.random((rows, len(TOPICS)))
    return truth, np.where(truth, noise < 0.8, noise < 0.25 * shares)


def groups(make: Maker) -> Maker:
    """The same rows with a column of 200 regions beside them."""

    def made(random: np.random.Generator, first: int, rows: int) -> dict[str, np.ndarray]:
        return {**make(random, first, rows), "region": REGIONS[random.integers(0, 200, rows)]}

    return made


def multilabel(random: np.random.Generator, first: int, rows: int) -> dict[str, np.ndarray]:
    """Several topics in a cell, between bars."""
    columns = zip(("true_label", "predicted_label"), label_tables(random, rows), strict=True)
    return {"id": np.arange(first, first + rows)} | {
        name: np.array(["|".join(TOPICS[row]) for row in table], dtype=object)
        for name, table in columns
    }


def indicators(random: np.random.Generator, first: int, rows: int) -> dict[str, np.ndarray]:
    """A 0/1 column a topic for the truth, and one for the prediction."""
    del first
    tables = dict(zip(("true", "pred"), label_tables(random, rows), strict=True))
    return {
        f"{topic}_{role}": table[:, k].astype(np.int64)
        for role, table in tables.items()
        for k, topic in enumerate(TOPICS)
    }


def numbers(random: np.random.Generator, first: int, rows: int) -> dict[str, np.ndarray]:
    """What is measured and what was predicted of it, in ten-thousandths."""
    del first
    truth = random.normal(100, 30, rows)
    columns = {"y_true": truth, "y_pred": truth + random.normal(0, 10, rows)}
    return {name: np.rint(values * TEN_THOUSAND) for name, values in columns.items()}


def pairs(rows: int, folder: Path) -> None:
    """Matrices of vectors in float32, as embeddings come: every other pair is two views of one."""
    random = np.random.default_rng(20)
    shape = (rows, NUMBERS)
    dissimilar = np.arange(rows) % 2
    anchor = random.standard_normal(shape, dtype=np.float32)
    other = random.standard_normal(shape, dtype=np.float32)
    nearer = anchor + other * random.uniform(0.5, 2, (rows, 1)).astype(np.float32)
    arrays = {
        "a": anchor,
        "b": np.where(dissimilar[:, None] > 0, other, nearer),
        "dissimilar": dissimilar,
    }
    folder.mkdir()
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values)


def four_decimals(ten_thousandths: np.ndarray) -> pa.Array:
    """-0.1234 of -1234."""
    size = pa.array(np.abs(ten_thousandths).astype(np.int64))
    digits = pc.utf8_lpad(size.cast(pa.string()), width=5, padding="0")
    sign = pc.if_else(pa.array(ten_thousandths < 0), "-", "")
    whole = pc.utf8_slice_codeunits(digits, 0, -4)
    return pc.binary_join_element_wise(
        pc.binary_join_element_wise(sign, whole, ""), pc.utf8_slice_codeunits(digits, -4), "."
    )


def six_decimals(probabilities: np.ndarray) -> np.ndarray:
    """Probabilities as whole millionths, never 0 or 1."""
    return np.clip(np.rint(probabilities * MILLION), 1, MILLION - 1).astype(np.int64)


def spelled(millionths: np.ndarray) -> pa.Array:
    """0.012345 rather than the shortest spelling, 0.012345 or 1e-06."""
    digits = pc.utf8_lpad(pa.array(millionths).cast(pa.string()), width=6, padding="0")
    return pc.binary_join_element_wise("0.", digits, "")


def chunks(kind: str, rows: int, *, as_text: bool) -> Iterator[pa.Table]:
    """The rows, some at a time; probabilities as text for CSV, as numbers otherwise."""
    make = {
        "binary": binary,
        "binary-groups": groups(binary),
        "numbers-groups": groups(numbers),
        "multiclass": multiclass,
        "multilabel": multilabel,
        "indicators": indicators,
        "numbers": numbers,
    }[kind]
    random = np.random.default_rng(20)
    for first in range(0, rows, CHUNK):
        columns = make(random, first, min(CHUNK, rows - first))
        for name, values in columns.items():
            if values.dtype == object:
                continue
            if kind.startswith("numbers"):
                columns[name] = four_decimals(values) if as_text else values / TEN_THOUSAND
            elif values.dtype == np.float64:
                millionths = six_decimals(values)
                columns[name] = spelled(millionths) if as_text else millionths / MILLION
        yield pa.table(columns)


class JsonWriter:
    """Writes tables as JSON lines, their numbers as they are spelled."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write_table(self, table: pa.Table) -> None:
        """One object a row."""
        columns = [column.to_pylist() for column in table.columns]
        names = table.column_names
        for row in zip(*columns, strict=True):
            pairs = (f'"{name}": {cell}' for name, cell in zip(names, row, strict=True))
            self._file.write("{" + ", ".join(pairs) + "}\n")


@contextmanager
def writer(
    path: Path, header: pa.Schema
) -> Iterator[pa.csv.CSVWriter | pa.parquet.ParquetWriter | JsonWriter]:
    """What writes tables to the path, in the format its ending names."""
    if path.suffix == ".jsonl":
        with path.open("w") as lines:
            yield JsonWriter(lines)
        return
    if path.suffix == ".parquet":
        with pa.parquet.ParquetWriter(path, header) as parquet:
            yield parquet
        return
    plain = pa.csv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as file:
        file.write(",".join(header.names).encode() + b"\n")
        with pa.csv.CSVWriter(file, header, write_options=plain) as text:
            yield text


WHOLE = {
    "pairs": pairs,
    "documents": write_documents,
    "tokens": write_tokens,
    "sentences": write_sentences,
    "paragraphs": write_paragraphs,
}
"""What is written at once, not as chunks of a table."""


def write_shards(kind: str, rows: int, path: Path) -> None:
    """Write one Parquet file, and its rows again as the parts of a directory."""
    whole = path.with_suffix(".parquet")
    if not whole.exists():
        write(kind, rows, whole)
    unfinished = path.with_name(f"unfinished-{path.name}")
    unfinished.mkdir(exist_ok=True)
    table = pa.parquet.read_table(whole)
    size = -(-rows // SHARDS)
    for shard in range(SHARDS):
        part = table.slice(shard * size, size)
        pa.parquet.write_table(part, unfinished / f"part-{shard:05d}.parquet")
    (unfinished / "_SUCCESS").touch()
    unfinished.replace(path)


def write(kind: str, rows: int, path: Path) -> None:
    """Write the file whole or not at all."""
    if path.suffix == ".shards":
        write_shards(kind, rows, path)
        return
    unfinished = path.with_name(f"unfinished-{path.name}")
    if kind in WHOLE:
        WHOLE[kind](rows, unfinished)
        unfinished.replace(path)
        return
    tables = chunks(kind, rows, as_text=path.suffix != ".parquet")
    first = next(tables)
    with writer(unfinished, first.schema) as out:
        out.write_table(first)
        for table in tables:
            out.write_table(table)
    if path.name.endswith(".sparse.csv"):
        os.truncate(unfinished, SPARSE_BYTES)
    unfinished.replace(path)


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
