"""Files as they come: without headers, compressed, damaged, cut short, or no table at all."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma

import numpy as np
import pyarrow as pa
import pytest
from command import run
from formats import PRED2, SCORE, TRUTH2, N, delimited, feather_of, stream_of, text_of
from pyarrow import parquet
from test_reading import ROWS, columns, refusal, written

from mleval.errors import InputError
from mleval.reading import ColumnChoices, open_source

EXPECTED = {
    "truth": ["1", "0", "1", "0"],
    "prediction": ["1", "1", "0", "0"],
    "score": [0.9, 0.6, 0.4, 0.1],
}
PLAIN = {"label": [1, 0, 1, 0], "pred": [1, 1, 0, 0], "score": [0.9, 0.6, 0.4, 0.1]}
JSON_ROWS = [dict(zip(PLAIN, row, strict=True)) for row in zip(*PLAIN.values(), strict=True)]


def zstandard(data: bytes) -> bytes:
    return pa.compress(data, codec="zstd", asbytes=True)


def accuracy(*args: str) -> float:
    done = run("classify", *args, "--json", "--no-intervals", "-m", "accuracy")
    assert done.status == 0, done.stderr
    return json.loads(done.stdout)["metrics"]["accuracy"]["value"]


# Compression


@pytest.mark.parametrize(
    ("pack", "ending"),
    [(gzip.compress, ".gz"), (bz2.compress, ".bz2"), (lzma.compress, ".xz"), (zstandard, ".zst")],
)
@pytest.mark.parametrize("kind", ["csv", "jsonl", "json", "feather", "arrows", "npy", "parquet"])
def test_compressed_files_are_read(tmp_path, pack, ending, kind):
    if kind == "csv":
        data = ROWS.encode()
    elif kind == "jsonl":
        data = "".join(json.dumps(row) + "\n" for row in JSON_ROWS).encode()
    elif kind == "json":
        data = json.dumps({"rows": JSON_ROWS}, indent=1).encode()
    elif kind == "npy":
        fields = [("label", "i4"), ("pred", "i4"), ("score", "f8")]
        np.save(tmp_path / "a.npy", np.array(list(zip(*PLAIN.values(), strict=True)), fields))
        data = (tmp_path / "a.npy").read_bytes()
    elif kind == "parquet":
        parquet.write_table(pa.table(PLAIN), tmp_path / "a.parquet")
        data = (tmp_path / "a.parquet").read_bytes()
    else:
        data = (feather_of if kind == "feather" else stream_of)(PLAIN)(tmp_path).read_bytes()
    assert columns(written(tmp_path, pack(data), f"p.{kind}{ending}")) == EXPECTED


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstandard])
@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_compressed_files_that_are_cut_short_are_refused(tmp_path, pack, keep):
    draw = np.random.default_rng(1)
    data = pack(
        ("label,pred\n" + "".join(f"{v},1\n" for v in draw.integers(9, size=90000))).encode()
    )
    message, hint = refusal(written(tmp_path, data[: int(len(data) * keep)], "p.csv.x"))
    assert "p.csv.x" in message
    assert "copy or download it again" in hint


# Headers


def test_columns_without_a_header_are_numbered(tmp_path):
    path = written(tmp_path, ROWS.split("\n", 1)[1])
    choices = ColumnChoices(truth="1", prediction="2", score="3")
    assert columns(path, choices) == EXPECTED
    flags = ["--truth", "1", "--pred", "2", "--score", "3"]
    assert accuracy(str(path), *flags) == accuracy(str(path), *flags, "--no-header") == 0.5
    message, hint = refusal(path)
    assert "named like a truth" in message
    assert "--truth 1 --pred 2" in hint


def test_no_header_is_taken_at_its_word(tmp_path):
    path = written(tmp_path, "a,b\nb,a\nb,b\n")
    assert accuracy(str(path), "--no-header", "--truth", "1", "--pred", "2") == 1 / 3


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1\n-1\n1\n", ("1",)),
        ("-1\n1\n", ("1",)),
        ("0.731\n0.2\n", ("1",)),
        ("cat\ndog\ncat\n", ("1",)),
        ("cat,0.9\ndog,0.8\n", ("1", "2")),
        ("1,1,0.5\n0,1,0.25\n", ("1", "2", "3")),
        ("0\n1\n0\n", ("0",)),  # pandas writes a header that is literally 0
        (",0\n0,1\n1,0\n", ("Unnamed: 0", "0")),
        ("0,1\n0.5,0.5\n", ("0", "1")),
        ("label,-1,1\na,0.5,0.5\n", ("label", "-1", "1")),
        ("label,pred\ncat,dog\n", ("label", "pred")),
        ("cat,dog\neel,cat\n", ("cat", "dog")),
        ("label\n1\n0\n", ("label",)),
        ("index\tprediction\n0\tentailment\n1\tneutral\n", ("index", "prediction")),
    ],
)
def test_a_missing_header_is_recognised_where_it_is_certain(tmp_path, text, names):
    source = open_source(written(tmp_path, text))
    assert source.names == names
    rows = text.count("\n") - (names != tuple(str(k + 1) for k in range(len(names))))
    assert source.head().num_rows == rows


def test_shards_without_headers_keep_their_first_rows(tmp_path):
    one = written(tmp_path, "cat,cat,0.9\ndog,cat,0.8\n", "part-1.csv")
    two = written(tmp_path, "cat,dog,1\ndog,dog,1\n", "part-2.csv")
    found = columns([one, two], ColumnChoices(truth="1", prediction="2"))
    assert found["truth"] == ["cat", "dog", "cat", "dog"]


def test_a_blank_first_row_and_padded_headers(tmp_path):
    assert (
        columns(written(tmp_path, " label , pred ,score\n\n" + ROWS.split("\n", 1)[1])) == EXPECTED
    )


# Numbers


def test_the_decimal_mark_may_be_named(tmp_path):
    text = text_of(["label", "score"], [(1, "0,5"), (0, "0,25")], "\t")
    path = written(tmp_path, text)
    done = run("classify", str(path), "--decimal", ",", "--json")
    assert done.status == 0, done.stderr
    done = run("classify", str(path), "--decimal", ";")
    assert done.status == 2
    assert "a decimal mark is . or ," in done.stderr


def test_percent_signs_are_refused_with_a_hint(tmp_path):
    done = run("classify", str(written(tmp_path, "label,prob\n1,50.50%\n0,2%\n")))
    assert done.status == 3
    assert "--score-scale percent" in done.stderr


def test_arrays_with_numbers_left_out_are_refused(tmp_path):
    path = written(tmp_path, 'label,probs\n1,"[0.1 0.2 ... 0.3]"\n0,"[0.1 0.9]"\n')
    done = run("classify", str(path))
    assert done.status == 3
    assert "numbers left out" in done.stderr
    assert "threshold=sys.maxsize" in done.stderr


def test_lists_of_another_length_are_located(tmp_path):
    text = "label,probs\n" + '1,"[0.1, 0.9]"\n' * 1200 + '0,"[0.1, 0.2, 0.7]"\n'
    message, hint = refusal(written(tmp_path, text))
    assert "preds.csv, line 1202: expected 2 numbers in 'probs', found '[0.1, 0.2, 0.7]'" in message
    assert "same classes in every row" in hint


def test_classes_name_the_numbers_of_a_list(tmp_path):
    path = written(tmp_path, 'label,probs\ncat,"[0.1, 0.9]"\ndog,"[0.3, 0.7]"\n')
    assert accuracy(str(path), "--classes", "cat,dog") == 0.5
    done = run("classify", str(path))
    assert done.status == 3
    assert "probs[0]" in done.stderr


def test_nested_fields_are_named_by_their_path(tmp_path):
    rows = [{"id": k, "out": {"best": "ab"[k % 2], "rest": [1]}, "truth": "a"} for k in range(4)]
    path = written(tmp_path, "".join(json.dumps(row) + "\n" for row in rows), "p.jsonl")
    assert accuracy(str(path), "--pred", "out.best") == 0.5
    done = run("classify", str(path), "--pred", "out.bset")
    assert "'out.best'" in done.stderr


# Directories


def test_a_directory_without_parts_or_of_several_kinds_is_refused(tmp_path):
    assert "directory without part files" in refusal(tmp_path)[0]
    (tmp_path / "README").write_text("no data")
    delimited(["label", "pred"], TRUTH2, PRED2, name="a.csv")(tmp_path)
    assert len(columns(tmp_path)["truth"]) == N
    written(tmp_path, "{}", "b.jsonl")
    message, hint = refusal(tmp_path)
    assert "several kinds: '.csv', '.jsonl'" in message
    assert "*.jsonl" in hint


def test_spark_parts_without_headers(tmp_path):
    for part in range(3):
        stretch = slice(part * 20, part * 20 + 20)
        name = f"part-0000{part}-c000.csv"
        delimited(None, TRUTH2[stretch], PRED2[stretch], SCORE[stretch], name=name)(tmp_path)
    (tmp_path / "_SUCCESS").touch()
    done = run("classify", str(tmp_path), "--truth", "1", "--pred", "2", "--score", "3", "--json")
    assert done.status == 0, done.stderr
    assert json.loads(done.stdout)["metrics"]["accuracy"]["n"] == N


# Damage


@pytest.mark.parametrize("make", [feather_of, stream_of])
@pytest.mark.parametrize("keep", [6, 40, 0.3, 0.6, 0.9])
def test_arrow_files_that_are_cut_short_are_refused(tmp_path, make, keep):
    data = make(PLAIN)(tmp_path).read_bytes()
    cut = data[: keep if keep > 1 else int(len(data) * keep)]
    message, _ = refusal(written(tmp_path, cut, "cut.arrow"))
    assert "cut.arrow" in message


def test_what_does_not_end_in_memory_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("mleval.reading.content.WHOLE_BYTES", 100)
    path = written(tmp_path, gzip.compress(feather_of(PLAIN)(tmp_path).read_bytes()), "p.gz")
    with pytest.raises(InputError, match="must be read at once"):
        open_source(path)


@pytest.mark.parametrize("name", ["p.csv", "p.jsonl", "p.csv.gz", "p.jsonl.zst", "p.json"])
def test_rows_that_never_end_are_refused(tmp_path, monkeypatch, name):
    monkeypatch.setattr("mleval.reading.ranges.LONGEST_RECORD", 8 << 20)
    text = b"label,pred\n1,1\n" if "csv" in name else b'[{"label": 1, "x": "'
    text = b'{"label": 1, "x": "' if "jsonl" in name else text
    data = text + b"a" * (24 << 20)
    data = gzip.compress(data, 1) if name.endswith("gz") else data
    message, _ = refusal(written(tmp_path, zstandard(data) if name.endswith("zst") else data, name))
    assert name in message


def test_uneven_rows_are_told_beside_nested_columns(tmp_path):
    text = 'label,probs\n1,"[0.1, 0.9]"\n0,"[0.3, 0.7]",1\n0,"[0.4, 0.6]"\n'
    message, _ = refusal(written(tmp_path, text))
    assert "line 3: 3 cells" in message
    weka = "inst#,actual,predicted,error,prediction\n1,1:a,1:a,,0.7\n2,2:b,1:a\n3,2:b,2:b,,0.8\n"
    assert "line 3: 3 cells" in refusal(written(tmp_path, weka))[0]


def test_damaged_text_in_arrow_files_is_refused(tmp_path):
    table = {"label": ["aaaa", "bbbb"], "pred": ["aaaa", "bbbb"]}
    data = feather_of(table, compression="uncompressed")(tmp_path).read_bytes()
    message, _ = refusal(written(tmp_path, data.replace(b"bbbb", b"bb\xb4b"), "p.arrow"))
    assert "p.arrow: not readable as Arrow" in message
