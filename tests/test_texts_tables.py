"""One table with hypotheses and references: every format, the names of columns, several systems."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from text_tables import HYPOTHESES, REFERENCES, ROWS, WRITERS, opened, references_of, written

from mleval.errors import InputError
from mleval.reading.notes import Guess
from mleval.reading.texts import TextChoices, open_texts

MANY = [["r1", "r2"], [], ["only"], ["", "é", "x\ny"]]


@pytest.mark.parametrize("ending", WRITERS)
def test_every_format_is_read_as_text_cell_by_cell(tmp_path: Path, ending: str) -> None:
    source = opened(written(tmp_path, ROWS, ending))
    segments = source.segments()
    assert list(segments.hypotheses) == HYPOTHESES
    assert references_of(segments) == [[text] for text in REFERENCES]
    assert segments.ids == [f"s{n}" for n in range(10)]
    assert source.roles.columns == {
        "hypothesis": "prediction",
        "references": "reference",
        "id": "id",
    }
    assert not segments.left_out


@pytest.mark.parametrize("ending", WRITERS)
def test_lists_of_references(tmp_path: Path, ending: str) -> None:
    rows = [{"hyp": str(n), "references": texts} for n, texts in enumerate(MANY)]
    segments = opened(written(tmp_path, rows, ending)).segments()
    assert list(segments.hypotheses) == ["0", "2", "3"]
    assert references_of(segments) == [texts for texts in MANY if texts]
    assert segments.called == ("references",) * 3
    assert segments.left_out == {"without a reference": 1}
    place = "line 4" if "sv" in ending else "line 3" if ending == ".jsonl" else "row 3"
    assert segments.place(1).endswith(place)


@pytest.mark.parametrize("spelled", [json.dumps, repr])
def test_lists_as_they_are_printed(tmp_path: Path, spelled: Any) -> None:
    texts = [["it's", 'a "b"'], ["x"], ["1", "2", "3"]]
    path = tmp_path / "t.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["prediction", "answers"])
        writer.writerows(["p", spelled(some)] for some in texts)
    assert references_of(opened(path).segments()) == texts


def test_text_that_only_looks_like_a_list_is_text(tmp_path: Path) -> None:
    texts = ["[applause]", "[1, 2]", "{x}", "[laughs] so"]
    rows = [{"hyp": "a", "ref": text} for text in texts]
    for ending in (".csv", ".jsonl", ".parquet"):
        assert references_of(opened(written(tmp_path, rows, ending)).segments()) == [
            [text] for text in texts
        ]


def test_json_lists_may_stand_beside_texts(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"hyp": "a", "ref": "b"}, {"hyp": "a", "ref": ["b", "c"]}]
    for ending in (".jsonl", ".json"):
        segments = opened(written(tmp_path, rows, ending)).segments()
        assert references_of(segments) == [["b"], ["b", "c"]]


@pytest.mark.parametrize(
    "names", [("ref1", "ref2", "ref10"), ("reference_0", "reference_1", "reference_2"),
              ("ref", "ref2", "ref3"), ("Reference 1", "Reference 2", "Reference 3")]
)  # fmt: skip
def test_several_columns_of_references_in_their_order(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    cells = [("a", "b", "c"), ("d", "", "e"), ("", "", ""), ("", "f", "")]
    rows = [
        {"hypothesis": f"h{n}", **dict(reversed([*zip(names, row, strict=True)]))}
        for n, row in enumerate(cells)
    ]
    source = opened(written(tmp_path, rows, ".csv"))
    segments = source.segments()
    assert source.roles.references == names
    assert list(segments.hypotheses) == ["h0", "h1", "h3"]
    assert references_of(segments) == [["a", "b", "c"], ["d", "e"], ["f"]]
    assert segments.left_out == {"without a reference": 1}
    assert segments.place(2).endswith("line 5")


NAMES = [
    ({"prediction", "reference"}, {}, ("prediction", ("reference",)), None),
    ({"Hyp", " target "}, {}, ("Hyp", ("target",)), None),
    ({"generated_text", "summary", "document"}, {}, ("generated_text", ("summary",)), None),
    ({"output", "prediction", "gold"}, {}, ("prediction", ("gold",)), "'output' (--hyp"),
    ({"hyp", "label", "ref"}, {}, ("hyp", ("ref",)), "'label' (--ref"),
    ({"sys_a", "ref", "question"}, {}, ("sys_a", ("ref",)), None),
    ({"a", "b"}, {"hypothesis": "a", "references": ("b",)}, ("a", ("b",)), None),
    ({"hyp", "x", "y"}, {"references": ("y", "x")}, ("hyp", ("y", "x")), None),
    ({"hyp", "My Ref"}, {"references": ("my_ref",)}, ("hyp", ("My Ref",)), None),
]


@pytest.mark.parametrize(("columns", "chosen", "found", "told"), NAMES)
def test_columns_are_found_by_rank_and_what_is_passed_over_is_told(
    tmp_path: Path, columns: set[str], chosen: Any, found: Any, told: str | None
) -> None:
    rows = [{name: f"{name} text" for name in sorted(columns)}]
    source = opened(written(tmp_path, rows, ".csv"), **chosen)
    assert (source.roles.hypotheses, source.roles.references) == found
    assert [told is not None and told in notice for notice in source.roles.notices] == (
        [] if told is None else [True]
    )
    assert all(isinstance(notice, Guess) for notice in source.roles.notices)


REFUSED = [
    (["prediction", "Prediction ", "ref"], {}, "2 columns may be the hypotheses"),
    (["hyp", "Gold", "gold."], {}, None),
    (["a", "b"], {}, "no column of texts that is named like references .* columns are 'a', 'b'"),
    (["a", "ref"], {}, "named like hypotheses .* columns are 'a', 'ref'"),
    (["hyp", "ref"], {"references": ("reff",)}, "no column 'reff'"),
    (["hyp", "ref", "ref1", "ref2"], {}, "may be 'ref' or 'ref1', 'ref2'"),
]


@pytest.mark.parametrize(("columns", "chosen", "told"), REFUSED)
def test_unclear_columns_are_refused(
    tmp_path: Path, columns: list[str], chosen: Any, told: str | None
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(",".join(columns) + "\n" + ",".join("xyzw"[: len(columns)]) + "\n")
    if told is None:
        assert opened(path, **chosen).roles.references == ("Gold",)
        return
    with pytest.raises(InputError, match=told):
        opened(path, **chosen)


def test_numbers_are_no_texts_unless_they_are_named(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("label,prediction\n1,0\n007,7\n")
    with pytest.raises(InputError, match="'label' holds numbers"):
        opened(path)
    segments = opened(path, hypothesis="prediction", references=("label",)).segments()
    assert list(segments.hypotheses) == ["0", "7"]
    assert references_of(segments) == [["1"], ["007"]]


def test_systems_in_columns(tmp_path: Path) -> None:
    rows = [{"src": "q", "ref": f"r{n}", "sys_b": f"b{n}", "sys_a": f"a{n}"} for n in range(4)]
    sources = open_texts([str(written(tmp_path, rows, ".csv"))], TextChoices())
    assert isinstance(sources, dict)
    assert list(sources) == ["sys_b", "sys_a"]
    for name, source in sources.items():
        assert list(source.segments().hypotheses) == [row[name] for row in rows]
        assert references_of(source.segments()) == [[row["ref"]] for row in rows]
    chosen = opened(tmp_path / "table.csv", hypothesis="sys_a")
    assert list(chosen.segments().hypotheses) == ["a0", "a1", "a2", "a3"]


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_systems_in_rows(tmp_path: Path, ending: str) -> None:
    rows = [
        {"model": m, "id": f"s{n}", "hyp": f"{m}{n}", "ref": f"r{n}"}
        for n in range(5)
        for m in ("x", "y z", "007")
    ]
    sources = open_texts([str(written(tmp_path, rows, ending))], TextChoices())
    assert isinstance(sources, dict)
    assert list(sources) == ["x", "y z", "007"]
    for name, source in sources.items():
        own = [row for row in rows if row["model"] == name]
        segments = source.segments()
        assert list(segments.hypotheses) == [row["hyp"] for row in own]
        assert references_of(segments) == [[row["ref"]] for row in own]
        assert segments.ids == [row["id"] for row in own]
        assert not segments.notices
    assert sources["y z"].segments().place(0).endswith(("line 3", "line 2", "row 2"))


def test_one_system_in_a_column_is_one(tmp_path: Path) -> None:
    rows = [{"model": "x", "hyp": "a", "ref": "b"}] * 2
    assert opened(written(tmp_path, rows, ".csv")).roles.format == "table"


def test_rows_without_a_system_among_several_are_refused(tmp_path: Path) -> None:
    rows = [{"system": s, "hyp": "a", "ref": "b"} for s in ("x", "", "y")]
    with pytest.raises(InputError, match="'system' names no system in 1 of 3 rows"):
        opened(written(tmp_path, rows, ".csv"))


def test_repeated_ids_are_told(tmp_path: Path) -> None:
    rows = [{"id": i, "hyp": "a", "ref": "b"} for i in "xyx"]
    (notice,) = opened(written(tmp_path, rows, ".csv")).segments().notices
    assert "'id' has 2 values in 3 rows" in notice


@pytest.mark.parametrize("ending", [".jsonl", ".json", ".parquet"])
def test_a_missing_hypothesis_is_refused_where_an_empty_one_could_be_written(
    tmp_path: Path, ending: str
) -> None:
    rows = [{"hyp": None if n in (1, 3) else "", "ref": "b"} for n in range(5)]
    rows[0]["hyp"] = "a"
    with pytest.raises(InputError, match=r"(?s)'hyp' has no hypothesis in 2 rows:.*2.*4") as error:
        opened(written(tmp_path, rows, ending)).segments()
    assert '("")' in str(error.value.hint)


def test_tables_in_memory() -> None:
    columns: dict[str, list[Any]] = {
        "prediction": ["a", "", "c"],
        "references": [["x"], ["y", "z"], ["é"]],
    }
    tables = [columns, pd.DataFrame(columns), pa.table(columns), pl.DataFrame(columns)]
    for table in tables:
        segments = opened(table).segments()
        assert list(segments.hypotheses) == columns["prediction"]
        assert references_of(segments) == columns["references"]
        assert segments.place(2) == "row 3"


def test_a_missing_reference_in_memory_leaves_the_row_out() -> None:
    frame = pd.DataFrame({"hyp": ["a", "b", "c"], "ref": ["x", None, float("nan")]})
    segments = opened(frame).segments()
    assert references_of(segments) == [["x"]]
    assert segments.left_out == {"without a reference": 2}


def test_a_plain_name_or_standard_input_may_be_a_table(tmp_path: Path) -> None:
    path = tmp_path / "preds.txt"
    path.write_text("prediction\treference\na b\tc\n")
    assert references_of(opened(path).segments()) == [["c"]]
    path.write_text('{"prediction": "a", "reference": "c"}\n{"prediction": "", "reference": "d"}')
    assert references_of(opened(path).segments()) == [["c"], ["d"]]


BAD = [
    (b"hyp,ref\na\x00b,c\n", "line 2", None),
    (b'{"hyp": "a\\u0000b", "ref": "c"}\n', "line 1: 'hyp' holds the character U.0000", None),
    (b'{"hyp": "a\\ud83d", "ref": "c"}\n', "half a character", None),
    (b"hyp,ref\na,b\nc\n", "1 row of another length", None),
    (b'hyp,ref\n"a,b\n', "line 2", None),
    (b"hyp,ref\n", None, "no rows"),
    (b"", "is empty", None),
    (b'{"hyp": ["a"], "ref": "b"}\n', "'hyp' holds list", None),
    (b'{"hyp": "a", "ref": [["b"]]}\n', "line 1: 'ref' holds list.* expected one text a row", None),
    (b'{"hyp": "a", "ref": "b"}\n{"hyp": "a"\n', "line 2", None),
    (b"hyp,ref,ref\na,b,c\n", "two columns 'ref' with different cells", None),
]


@pytest.mark.parametrize(("data", "told", "empty"), BAD)
def test_damaged_tables_are_refused_with_the_place(
    tmp_path: Path, data: bytes, told: str | None, empty: str | None
) -> None:
    ending = ".jsonl" if data[:1] == b"{" else ".csv"
    path = tmp_path / f"t{ending}"
    path.write_bytes(data)
    if empty:
        assert len(opened(path).segments()) == 0
        return
    with pytest.raises(InputError) as refused:
        opened(path).segments()
    assert told is not None
    assert re.search(told, str(refused.value)), str(refused.value)
