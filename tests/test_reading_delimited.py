"""Delimited files: dialects, encodings, labels as they are, and where each row is."""

from __future__ import annotations

import random

import pytest
from test_reading import ROWS, columns, loaded, refusal, written

from mleval.errors import InputError, UsageError
from mleval.reading import ColumnChoices, find_roles, open_source, ranges, read
from mleval.reading.records import Dialect, last_record_end, quoted_spans, records

EXPECTED = {
    "truth": ["1", "0", "1", "0"],
    "prediction": ["1", "1", "0", "0"],
    "score": [0.9, 0.6, 0.4, 0.1],
}


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_delimiters_and_line_ends_are_told(tmp_path, delimiter, line_end):
    text = ROWS.replace(",", delimiter).replace("\n", line_end)
    assert columns(written(tmp_path, text)) == EXPECTED


@pytest.mark.parametrize(
    "text",
    [
        ROWS.rstrip("\n"),
        ROWS.replace("\n", "\n\n"),
        ROWS + "\n\n",
        ROWS + "   \n",
        " label , pred,score \n" + ROWS.split("\n", 1)[1],
        '"label","pred","score"\n' + ROWS.split("\n", 1)[1],
        "sep=,\n" + ROWS,
        "\ufeff" + ROWS,
        "\n\n" + ROWS,
        ROWS.replace("\n", ",\n").replace("score,", "score"),
    ],
    ids=["no last end", "blank lines", "blank end", "blanks at end", "padded", "quoted", "sep=",
         "mark", "blank start", "trailing delimiter"],
)  # fmt: skip
def test_the_same_rows_written_otherwise(tmp_path, text):
    assert columns(written(tmp_path, text)) == EXPECTED


def test_a_header_one_short_has_row_names_in_front(tmp_path):
    path = written(tmp_path, '"y_true" "y"\n'.replace('" "', '","') + '"1",a,b\n"2",b,b\n')
    source = open_source(path)
    assert source.names == ("Unnamed: 0", "y_true", "y")
    assert "row names" in source.notices[0]


def test_the_caller_may_name_the_delimiter(tmp_path):
    path = written(tmp_path, ROWS.replace(",", ":"))
    assert columns(path, sep=":") == EXPECTED
    assert columns(written(tmp_path, ROWS.replace(",", "\t")), sep="tab") == EXPECTED
    with pytest.raises(UsageError, match="one character"):
        open_source(path, sep="::")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_encodings_are_told(tmp_path, encoding):
    text = "label,pred\nä,é\né,é\n" * 1 + "ä,ä\n" * 40
    found = columns(written(tmp_path, text.encode(encoding)))
    assert found["truth"] == ["ä", "é"] + ["ä"] * 40
    assert found["prediction"] == ["é", "é"] + ["ä"] * 40


def test_windows_1252_is_said_and_other_encodings_can_be_named(tmp_path):
    path = written(tmp_path, "label,pred\nä,ö\n".encode("cp1252"))
    assert "Windows-1252" in find_roles(open_source(path)).notices[0]
    path = written(tmp_path, "label,pred\n猫,犬\n犬,犬\n".encode("shift_jis"))
    assert columns(path, encoding="shift_jis")["truth"] == ["猫", "犬"]
    with pytest.raises(InputError, match="no encoding is called"):
        open_source(path, encoding="utf-9")


def test_bytes_that_are_no_text_are_located(tmp_path):
    path = written(tmp_path, b"label,pred\na,b\na,\x81\xff\n")
    message, hint = refusal(path)
    assert "preds.csv, line 3: byte 0x81 is not UTF-8" in message
    assert "--encoding" in hint
    message, _ = refusal(written(tmp_path, b"label,pred\na,b\nb\x00,a\n"))
    assert "line 3: byte 0x00" in message
    assert "(byte 16 of the file)" in message


def test_bytes_far_into_a_file_are_located(tmp_path, monkeypatch):
    monkeypatch.setattr("mleval.reading.encoding.CHECKED_BYTES", 64)
    monkeypatch.setattr("mleval.reading.delimited.SAMPLE_BYTES", 64)
    monkeypatch.setattr(ranges, "RANGE_BYTES", 100)
    path = written(tmp_path, b"label,pred\n" + b"a,b\n" * 100 + b"\xe4,b\n")
    message, hint = refusal(path)
    assert "line 102: byte 0xe4 is not UTF-8" in message
    assert "windows-1252" in hint


def test_labels_are_text_as_it_stands(tmp_path):
    cells = ["NA", "None", "nan", "null", "007", "7", "1.0", "1", "-", " a ", "TRUE", "#N/A", "N/A"]
    path = written(tmp_path, "label,pred\n" + "".join(f"{c},{c}\n" for c in cells))
    found = columns(path)
    assert found["truth"] == cells
    assert found["prediction"] == cells


def test_numbers_as_tools_write_them(tmp_path):
    cells = [".00025", "1e-3", "5E-05", " 0.5", "1", "+0.25", "0."]
    path = written(
        tmp_path, "label,score\n" + "".join(f"{i % 2},{c}\n" for i, c in enumerate(cells))
    )
    assert columns(path)["score"] == [0.00025, 0.001, 5e-05, 0.5, 1.0, 0.25, 0.0]


def test_a_quoted_line_end_is_part_of_its_cell(tmp_path):
    path = written(tmp_path, 'text,label,pred\n"a\nb",1,1\n"say ""x""\r\n,y",0,"p\nq"\nc,1,0\n')
    assert columns(path)["prediction"] == ["1", "p\nq", "0"]


def awkward_rows(count: int, seed: int) -> tuple[str, list[tuple[str, str, float]]]:
    draw = random.Random(seed)
    labels = ["cat", "dog", 'sa"id', "a,b", "two\nlines", "cr\r\nlf", '""', "\n", "end\n"]
    rows = [(draw.choice(labels), draw.choice(labels), draw.random()) for _ in range(count)]
    quoted = [(label.replace('"', '""'), pred.replace('"', '""'), s) for label, pred, s in rows]
    return "label,pred,score\n" + "".join(f'"{a}","{b}",{s!r}\n' for a, b, s in quoted), rows


@pytest.mark.parametrize("size", [1, 7, 64, 300, 1 << 20])
@pytest.mark.parametrize("name", ["preds.csv", "preds.csv.gz"])
def test_where_the_file_is_cut_changes_nothing(tmp_path, monkeypatch, size, name):
    import gzip

    text, rows = awkward_rows(120, seed=size)
    data = text.encode() if name.endswith(".csv") else gzip.compress(text.encode())
    monkeypatch.setattr(ranges, "RANGE_BYTES", size)
    found = columns(written(tmp_path, data, name))
    assert list(zip(found["truth"], found["prediction"], found["score"], strict=True)) == rows


@pytest.mark.parametrize("size", [20, 90, 1 << 20])
def test_stray_quotes_within_cells_are_text(tmp_path, monkeypatch, size):
    monkeypatch.setattr(ranges, "RANGE_BYTES", size)
    text = "note,label,pred\n" + '5" disk,1,1\n"a\nb",0,1\n12" x 3",1,0\n' * 20
    assert columns(written(tmp_path, text))["truth"] == ["1", "0", "1"] * 20


def test_quotes_that_open_and_never_close_are_text_in_tsv(tmp_path):
    text = "sentence\tlabel\tpred\n" + '"hello\t1\t1\n"you" said\t0\t1\n' * 20 + '"well\t1\t0\n'
    assert len(columns(written(tmp_path, text, "preds.tsv"))["truth"]) == 41


def test_random_text_is_cut_only_where_a_record_ends():
    draw = random.Random(5)
    dialect = Dialect(b",")
    for _ in range(3000):
        data = "".join(draw.choice('ab,"\n"') for _ in range(draw.randrange(1, 14))).encode()
        ends = [r.next for r in records(data, dialect) if r.next > r.end]
        assert last_record_end(data, quoted_spans(data, dialect)) == (ends[-1] if ends else 0), data


@pytest.mark.parametrize("size", [30, 1 << 20])
@pytest.mark.parametrize("name", ["preds.csv", "preds.csv.gz"])
def test_uneven_rows_are_listed_with_their_lines(tmp_path, monkeypatch, size, name):
    import gzip

    monkeypatch.setattr(ranges, "RANGE_BYTES", size)
    text = 'label,pred,score\n1,1,0.5\n1,0\n\n"0\n",1,0.5\n1,1,0.5,7,8\n' + "1\n" * 5 + "0,1,0.5\n"
    data = text.encode() if name.endswith(".csv") else gzip.compress(text.encode())
    message, hint = refusal(written(tmp_path, data, name))
    assert "expected 3 cells a row as in the header of" in message
    assert "found 7 rows of another length" in message
    for place in ("line 3: 2 cells", "line 7: 5 cells", "line 8: 1 cell"):
        assert f"{name}, {place}" in message
    assert "line 11" not in message
    assert "and 2 more" in message
    assert "--sep" in hint


@pytest.mark.parametrize("size", [40, 1 << 20])
def test_a_place_is_the_line_the_row_begins_on(tmp_path, monkeypatch, size):
    monkeypatch.setattr(ranges, "RANGE_BYTES", size)
    text = "text,label,score\n" + '"two\nlines",1,0.5\n\n' * 6 + "x,1,abc\n" + "y,0,0.5\n" * 9
    text += "y,1,def\n"
    message, _ = refusal(written(tmp_path, text))
    assert "line 20: 'abc'" in message
    assert "line 30: 'def'" in message
    assert "found 2 cells of text" in message


def test_every_row_is_where_locate_says(tmp_path, monkeypatch):
    monkeypatch.setattr(ranges, "RANGE_BYTES", 25)
    text = "label,pred\n" + "".join(f"{i},{i}\n" + "\n" * (i % 3) for i in range(60))
    path = written(tmp_path, text)
    lines = text.split("\n")
    source = open_source(path)
    for part, load in enumerate(source.parts({"label": "text"})):
        for row, cell in enumerate(load().column("label").to_pylist()):
            line = int(source.locate(part, row).rsplit(" ", 1)[1])
            assert lines[line - 1] == f"{cell},{cell}"


def test_blank_headers_are_named_by_their_place(tmp_path):
    source = open_source(written(tmp_path, ",label,pred\n0,a,b\n1,b,b\n"))
    assert source.names == ("Unnamed: 0", "label", "pred")
    assert find_roles(source).columns["id"] == "Unnamed: 0"


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("0,5", "decimal points"),
        ("1,000.5", "thousands"),
        ("50.50%", "--score-scale percent"),
        ("[0.1 0.9]", "one number a cell"),
        ("abc", "--score"),
        ("1_000", "--score"),
    ],
)
def test_cells_that_are_no_numbers_say_how_to_write_them(tmp_path, cell, hint):
    path = written(tmp_path, f'label,score\n1,0.5\n0,0.25\n0,"{cell}"\n')
    message, told = refusal(path, ColumnChoices(score="score"))
    assert "expected numbers in the score column 'score', found 1 cell of text" in message
    assert f"preds.csv, line 4: '{cell}'" in message
    assert hint in told


def test_decimal_commas_between_semicolons_are_read_and_said(tmp_path):
    path = written(tmp_path, "label;score;x\n" + "1;0,5;\n0;0,25;\n" * 3)
    assert columns(path)["score"] == [0.5, 0.25] * 3
    assert "commas read as decimal points" in find_roles(open_source(path)).notices[0]
    path = written(tmp_path, "label\tscore\n" + "1\t0,5\n0\t0,25\n" * 3)
    message, hint = refusal(path)
    assert "found 6 cells of text" in message
    assert "decimal points" in hint


def test_empty_files_and_lone_headers_are_refused(tmp_path):
    for text in ("", "\n\n", "  "):
        message, hint = refusal(written(tmp_path, text))
        assert "is empty" in message
        assert "header" in hint
    message, _ = refusal(written(tmp_path, "label,pred\n"))
    assert "has a header but no rows" in message


def test_a_single_column_counts_blank_lines_as_missing(tmp_path):
    source = open_source(written(tmp_path, "label\na\n\nb\n"))
    (load,) = source.parts({"label": "text"})
    assert load().column("label").to_pylist() == ["a", None, "b"]


def test_parts_hold_no_bytes_of_a_local_file(tmp_path, monkeypatch):
    monkeypatch.setattr(ranges, "RANGE_BYTES", 10)
    cuts = list(ranges.cut(open_source(written(tmp_path, ROWS))._tables[0].content, 0, None))
    assert len(cuts) > 2
    assert all(cut.data is None for cut in cuts)


def test_parts_may_be_loaded_in_threads_in_any_order(tmp_path, monkeypatch):
    from concurrent.futures import ThreadPoolExecutor

    monkeypatch.setattr(ranges, "RANGE_BYTES", 64)
    path = written(tmp_path, "label,pred\n" + "".join(f"{i},{i % 3}\n" for i in range(2000)))
    source = open_source(path)
    reading = read(source, find_roles(source))
    with ThreadPoolExecutor(4) as pool:
        loads = list(reading.parts())
        rows = sum(batch.rows for batch in pool.map(lambda load: load(), reversed(loads)))
    assert rows == reading.finish().rows_used == 2000


def test_loaded_tally(tmp_path):
    _, tally = loaded(written(tmp_path, ROWS))
    assert (tally.rows_read, tally.rows_used, dict(tally.left_out)) == (4, 4, {})
