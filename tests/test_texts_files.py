"""Hypotheses and references in files of their own: joined by ids, or in turn."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from text_tables import ROWS, WRITERS, opened, references_of, written

from mleval.errors import InputError
from mleval.reading.notes import Guess
from mleval.reading.source import Options
from mleval.reading.texts import TextChoices, open_texts

SAID = {row["id"]: row["prediction"] for row in ROWS}
WANTED = {row["id"]: row["reference"] for row in ROWS}


def shuffled(rows: Sequence[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    mixed = [*rows]
    random.Random(seed).shuffle(mixed)
    return mixed


def table(folder: Path, texts: dict[str, Any], column: str, ending: str, id_: str = "id") -> Path:
    rows = [{id_: key, "source": "q", column: text} for key, text in texts.items()]
    return written(folder, shuffled(rows, len(column)), ending, column)


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("other", [".csv", ".jsonl"])
def test_tables_are_joined_by_the_ids_of_both(tmp_path: Path, ending: str, other: str) -> None:
    hyp = table(tmp_path, SAID, "hypothesis", ending)
    ref = table(tmp_path, WANTED, "target", other)
    source = opened(hyp, ref)
    segments = source.segments()
    assert segments.ids is not None
    assert sorted(segments.ids) == sorted(SAID)
    assert list(segments.hypotheses) == [SAID[id_] for id_ in segments.ids]
    assert references_of(segments) == [[WANTED[id_]] for id_ in segments.ids]
    assert source.roles.columns == {
        "hypothesis": "hypothesis",
        "references": "target",
        "id": "id",
    }
    assert segments.place(0).startswith(str(hyp))


def test_several_tables_of_references_with_lists(tmp_path: Path) -> None:
    hyp = table(tmp_path, SAID, "hyp", ".csv")
    lists = {
        id_: [text, "more"] if n % 2 else [text] for n, (id_, text) in enumerate(WANTED.items())
    }
    refs = [
        table(tmp_path, lists, "references", ".jsonl"),
        table(tmp_path, WANTED, "gold", ".parquet"),
    ]
    segments = opened(hyp, *refs).segments()
    assert segments.ids is not None
    assert references_of(segments) == [[*lists[id_], WANTED[id_]] for id_ in segments.ids]


@pytest.mark.parametrize(
    ("ours", "theirs", "chosen"),
    [("id", "qid", None), ("utt_id", "utt_id", None), ("a", "b", "a=b"), ("x", "x", "x"),
     ("index", "index", None)],
)  # fmt: skip
def test_ids_by_whatever_name(tmp_path: Path, ours: str, theirs: str, chosen: str | None) -> None:
    hyp = table(tmp_path, SAID, "hyp", ".csv", ours)
    ref = table(tmp_path, WANTED, "ref", ".csv", theirs)
    segments = opened(hyp, ref, id=chosen).segments()
    assert segments.ids is not None
    assert references_of(segments) == [[WANTED[id_]] for id_ in segments.ids]


def test_references_for_other_ids_are_refused_with_five_of_each(tmp_path: Path) -> None:
    said = {f"q{n}": "a" for n in range(20)}
    wanted = {f"q{n}": "b" for n in range(8, 22)}
    hyp, ref = table(tmp_path, said, "hyp", ".csv"), table(tmp_path, wanted, "ref", ".jsonl")
    with pytest.raises(InputError) as refused:
        opened(hyp, ref).segments()
    lines = str(refused.value).split("\n")
    assert lines[1].startswith(f"  8 ids of {hyp} without a reference in {ref}: ")
    assert lines[1].count("'q") == 5
    assert lines[1].endswith(" and 3 more")
    assert lines[2].startswith(f"  2 ids of {ref} without a hypothesis in {hyp}: ")
    assert {"'q20'", "'q21'"} == {*lines[2].rpartition(": ")[2].split(", ")}


def test_repeated_and_empty_ids_are_refused(tmp_path: Path) -> None:
    hyp, ref = tmp_path / "hyp.csv", tmp_path / "ref.csv"
    hyp.write_text("id,hyp\n1,a\n2,b\n1,c\n")
    ref.write_text("id,ref\n1,a\n2,b\n")
    with pytest.raises(InputError, match=r"1 id repeated in .*hyp.csv: '1'"):
        opened(hyp, ref).segments()
    hyp.write_text("id,hyp\n1,a\n,b\n")
    with pytest.raises(InputError, match=r"hyp.csv, line 3: 'id' is empty"):
        opened(hyp, ref).segments()


def test_ids_that_are_nowhere_alike_say_how_to_name_them(tmp_path: Path) -> None:
    hyp, ref = tmp_path / "hyp.csv", tmp_path / "ref.csv"
    hyp.write_text("id,hyp\n1,a\n")
    ref.write_text("id,ref\nx1,a\n")
    with pytest.raises(InputError) as refused:
        opened(hyp, ref).segments()
    assert "--id A=B" in str(refused.value.hint)


def test_without_ids_rows_go_in_turn_and_a_side_that_has_some_is_told(tmp_path: Path) -> None:
    hyp, ref = tmp_path / "hyp.csv", tmp_path / "ref.txt"
    hyp.write_text("id,prediction\n2,b\n1,\n")
    ref.write_text("B\nA\n")
    source = opened(hyp, ref)
    segments = source.segments()
    assert list(segments.hypotheses) == ["b", ""]
    assert references_of(segments) == [["B"], ["A"]]
    (notice,) = source.roles.notices
    assert isinstance(notice, Guess)
    assert notice == f"segments are taken in turn: there are no ids in '{ref}'"
    hyp.write_text("prediction\nb\na\n")
    assert not opened(hyp, ref).roles.notices


def test_different_counts_are_refused_with_both(tmp_path: Path) -> None:
    hyp, ref = tmp_path / "hyp.csv", tmp_path / "ref.txt"
    hyp.write_text("prediction\nb\na\n")
    ref.write_text("B\nA\nC\n")
    with pytest.raises(InputError, match=r"hyp.csv has 2 lines, .*ref.txt 3"):
        opened(hyp, ref).segments()


def test_lone_columns_and_columns_of_one_name(tmp_path: Path) -> None:
    hyp, ref = tmp_path / "hyp.csv", tmp_path / "ref.csv"
    hyp.write_text("id,said\n1,a\n2,b\n")
    ref.write_text("id,caption\n2,B\n1,A\n")
    assert references_of(opened(hyp, ref).segments()) == [["A"], ["B"]]
    hyp.write_text("id,source,summary\n1,q,a\n2,q,b\n")
    ref.write_text("id,source,summary\n2,q,B\n1,q,A\n")
    segments = opened(hyp, ref).segments()
    assert list(segments.hypotheses) == ["a", "b"]
    assert references_of(segments) == [["A"], ["B"]]


def test_columns_may_be_named_of_any_text_file(tmp_path: Path) -> None:
    hyp, ref = tmp_path / "hyp.txt", tmp_path / "ref.txt"
    hyp.write_text("key\tmine\n1\ta\n2\tb\n")
    ref.write_text("key\ttheirs\n2\tB\n1\tA\n")
    found = opened(hyp, ref, hypothesis="mine", references=("theirs",), id="key").segments()
    assert references_of(found) == [["A"], ["B"]]
    with pytest.raises(InputError, match=r"hyp.txt has no column 'my'"):
        opened(hyp, ref, hypothesis="my")


def test_a_table_of_several_systems_beside_references_is_refused(tmp_path: Path) -> None:
    hyp, ref = tmp_path / "hyp.csv", tmp_path / "ref.txt"
    hyp.write_text("sys_a,sys_b\na,b\n")
    ref.write_text("A\n")
    with pytest.raises(InputError, match="hypotheses of 2 systems: 'sys_a', 'sys_b'"):
        opened(hyp, ref)


def test_lists_of_texts_in_json(tmp_path: Path) -> None:
    hyp, ref = tmp_path / "hyp.json", tmp_path / "ref.json"
    hyp.write_text(json.dumps(["a", "", "é\n"]))
    ref.write_text(json.dumps([["b", "c"], "d", ["e"]], indent=2))
    segments = opened(hyp, ref).segments()
    assert list(segments.hypotheses) == ["a", "", "é\n"]
    assert references_of(segments) == [["b", "c"], ["d"], ["e"]]
    with pytest.raises(InputError, match="not one hypothesis of each"):
        opened(ref, hyp).segments()
    hyp.write_text('["a", {"b": 1}, "c"]')
    with pytest.raises(InputError, match="text 2: expected a text or a list of texts"):
        opened(hyp, ref).segments()


def test_lines_that_look_like_json_stay_lines(tmp_path: Path) -> None:
    hyp, ref = tmp_path / "hyp.txt", tmp_path / "ref.txt"
    lines = ['{"name": "x", "n": 1}', '["a"]', '{"name": "y"}']
    hyp.write_text("\n".join(lines))
    ref.write_text("\n".join(lines[::-1]))
    source = opened(hyp, ref)
    assert source.roles.format == "lines"
    assert list(source.segments().hypotheses) == lines


def test_a_named_encoding_is_of_every_file_and_utf8_is_told_from_it(tmp_path: Path) -> None:
    """An encoding of one byte a character takes any UTF-8, and makes other text of it."""
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_bytes("Zürich – ja\n".encode("cp1252"))
    new.write_bytes("Zürich – ja\n".encode())
    as_named = TextChoices(files=Options(encoding="cp1252"))
    assert list(open_texts([old, old], as_named).segments().hypotheses) == ["Zürich – ja"]
    with pytest.raises(InputError, match=r"new.txt is UTF-8, not cp1252") as error:
        open_texts([new, old], as_named).segments()
    assert "in one encoding" in str(error.value.hint)
    two_bytes = "联通"  # in GBK its bytes are UTF-8, too
    old.write_bytes(f"{two_bytes}\n".encode("gbk"))
    as_named = TextChoices(files=Options(encoding="gbk"))
    assert list(open_texts([old, old], as_named).segments().hypotheses) == [two_bytes]
