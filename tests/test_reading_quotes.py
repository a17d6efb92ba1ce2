"""Quotes that open a cell: those that do not close as they should are told, others are text."""

from __future__ import annotations

import csv
import gzip
import io
import random

import pytest
from test_reading import columns, loaded, refusal, written

from mleval.errors import InputError
from mleval.reading import ColumnChoices, open_source, ranges
from mleval.reading.quotes import MANY_LINES, TornCell, torn_cell, torn_lines
from mleval.reading.records import Dialect, quoted_spans


def torn(data: bytes, columns: int) -> TornCell | None:
    dialect = Dialect(b",", columns=columns)
    return torn_cell(data, dialect, quoted_spans(data, dialect))


def torn_by_hand(data: str) -> bool:
    """Character by character: a quote that opens a cell stays open, or closes within text."""
    at = 0
    while at < len(data):
        if data[at] == '"':
            began, at = at, at + 1
            while data[at : at + 1] != '"' or data[at : at + 2] == '""':
                at += 2 if data[at : at + 2] == '""' else 1
                if at >= len(data):
                    return True
            if data[at + 1 : at + 2] not in ("", ",", "\n") and "\n" in data[began:at]:
                return True
        while at < len(data) and data[at] not in ",\n":
            at += 1
        at += 1
    return False


def test_torn_cells_of_random_text():
    draw = random.Random(11)
    found = 0
    for _ in range(20_000):
        data = "".join(draw.choice('ab,"\n"') for _ in range(draw.randrange(1, 16)))
        is_torn = torn(data.encode(), 2) is not None
        assert is_torn == torn_by_hand(data), data
        found += is_torn
    assert 1000 < found < 19_000


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC])
def test_what_a_quoting_writer_writes_is_whole(quoting):
    draw = random.Random(2)
    pieces = ["a", ",", '"', "\n", "\r\n", " ", '""', "x" * 300, "\n" * 300, "one, two\n" * 40]
    for _ in range(300):
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, quoting=quoting, lineterminator=draw.choice(["\n", "\r\n"]))
        for _ in range(draw.randrange(1, 6)):
            writer.writerow(["".join(draw.choices(pieces, k=4)) for _ in range(3)])
        assert torn(stream.getvalue().encode(), 3) is None


def test_a_table_within_a_cell_is_text_unless_it_is_long_and_alike():
    inner = "b,0,1\n" * (MANY_LINES - 2)
    assert torn(f'"a,1,1\n{inner}c",1,1\n'.encode(), 3) is None
    inner = "b,0,1\n" * MANY_LINES
    found = torn(f'"a,1,1\n{inner}c",1,1\n'.encode(), 3)
    assert found == TornCell(0, 8 + len(inner), MANY_LINES)
    assert torn(f'"a,1,1\n{inner}c",1,1,2\n'.encode(), 4) is None
    assert torn(("x\n" * 500 + '"' + "y\n" * 500 + '"\n').encode(), 1) is None


@pytest.mark.parametrize("size", [16, 1 << 20])
@pytest.mark.parametrize("name", ["preds.csv", "preds.csv.gz"])
@pytest.mark.parametrize("quoted", [True, False])
def test_the_line_where_the_quote_opens_is_told(tmp_path, monkeypatch, size, name, quoted):
    monkeypatch.setattr(ranges, "RANGE_BYTES", size)
    row = '"two\nlines","1","1"\n' if quoted else "plain,1,1\n"
    text = "text,label,pred\n" + row * 9 + '"open,0,1\n' + row * 9
    data = text.encode() if name.endswith("csv") else gzip.compress(text.encode())
    message, hint = refusal(written(tmp_path, data, name))
    line = 2 + 9 * row.count("\n")
    assert f"{name}, line {line}: a quote opens the cell '\"open,0,1' and " in message
    assert ("before other text" if quoted else "never closes") in message
    assert '"""a"' in hint


def test_a_quote_beyond_the_beginning_of_a_file_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("mleval.reading.delimited.SAMPLE_BYTES", 100)
    monkeypatch.setattr(ranges, "RANGE_BYTES", 64)
    monkeypatch.setattr(ranges, "LONGEST_RECORD", 400)
    text = "label,pred\n" + "1,1\n" * 100 + '1,"1\n' + "1,1\n" * 300
    path = written(tmp_path, text)
    assert open_source(path).head().num_rows > 10
    message, _ = refusal(path)
    assert "preds.csv, line 102: a quote opens the cell '\"1' and never closes" in message


def test_quotes_within_cells_are_text(tmp_path):
    text = 'size,label,pred\n5" pipe,"a ""b""","a ""b"""\n12" x 3",a",a"\nx "y,b,a"\n'
    found = columns(written(tmp_path, text))
    assert found == {"truth": ['a "b"', 'a"', "b"], "prediction": ['a "b"', 'a"', 'a"']}


@pytest.mark.parametrize("delimiter", ["\t", "|"])
def test_quotes_are_text_where_several_lines_leave_one_open(tmp_path, delimiter):
    rows = [['"Well', "a", "a"], ['"Oh" he', "b", "a"], ["x", "a", "b"]]
    text = "\n".join(delimiter.join(row) for row in [["text", "label", "pred"], *rows])
    found = columns(written(tmp_path, text, "x.tsv"))
    assert found == {"truth": ["a", "b", "a"], "prediction": ["a", "a", "b"]}
    one = text.replace('"Oh" he', "Oh he")
    message, _ = refusal(written(tmp_path, one, "x.tsv"))
    assert "x.tsv, line 2: a quote opens the cell" in message
    deep = delimiter.join(["text", "label", "pred\n"]) + f"x{delimiter}a{delimiter}a\n" * 500
    path = written(tmp_path, deep + text.split("\n", 1)[1], "deep.tsv")
    assert len(columns(path)["truth"]) == 503


def test_tables_that_quote_stay_quoted_whatever_the_delimiter(tmp_path):
    lines = ["text\tlabel\tpred", '"tab\there"\ta\ta', '"two\nlines"\tb\ta', '"a ""b"""\ta\tb']
    found = columns(written(tmp_path, "\n".join(lines), "x.tsv"))
    assert found == {"truth": ["a", "b", "a"], "prediction": ["a", "a", "b"]}
    cut = refusal(written(tmp_path, "\n".join([*lines, 'x\t"a']), "x.tsv"))[0]
    assert "x.tsv, line 6: a quote opens the cell '\"a' and never closes" in cut


def table_of(draw: random.Random, rows: int) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(
        stream,
        quoting=draw.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
        lineterminator="\n",
        delimiter=draw.choice(",;\t"),
    )
    writer.writerow(["text", "label", "pred", "score"])
    texts = ["plain", "a, b", 'say "x"', "two\nlines", "semi; colon", ""]
    for _ in range(rows):
        writer.writerow([draw.choice(texts), draw.choice("ab"), draw.choice("ab"), draw.random()])
    return stream.getvalue()


def test_a_quote_lost_or_won_loses_no_row_in_silence(tmp_path):
    draw = random.Random(4)
    outcomes = {"refused": 0, "read": 0}
    for _ in range(500):
        rows = draw.randrange(3, 30)
        text = table_of(draw, rows)
        quotes = [at for at, char in enumerate(text) if char == '"']
        if quotes and draw.random() < 0.6:
            at = draw.choice(quotes)
            text = text[:at] + text[at + 1 :]
        else:
            at = draw.randrange(len(text))
            text = text[:at] + '"' + text[at:]
        path = written(tmp_path, text)
        try:
            _, tally = loaded(path, ColumnChoices(truth="label", prediction="pred"), missing="drop")
        except InputError:
            outcomes["refused"] += 1
        else:
            assert tally.rows_read == rows, text
            outcomes["read"] += 1
    assert min(outcomes.values()) > 50


def test_cells_torn_were_every_line_a_record():
    assert torn_lines(b'"a"\t"b\n"c" d\t""\n"\t"""e"""\n', b"\t") == 3
