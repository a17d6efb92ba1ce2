"""JSON documents and NumPy arrays as tables."""

from __future__ import annotations

import json

import numpy as np
import pytest
from command import run
from formats import document
from test_formats_files import EXPECTED, JSON_ROWS
from test_reading import columns, refusal, written

from mleval.errors import InputError
from mleval.reading import ColumnChoices, json_items, open_source

# Arrays


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("part", [16, 1 << 20])
def test_arrays_have_a_column_a_position(tmp_path, monkeypatch, order, part):
    monkeypatch.setattr("mleval.reading.npy.PART_BYTES", part)
    values = np.array([[1, 1, 0.9], [0, 1, 0.6], [1, 0, 0.4], [0, 0, 0.1]], order=order)
    np.save(tmp_path / "p.npy", values)
    found = columns(tmp_path / "p.npy", ColumnChoices(truth="0", prediction="1", score="2"))
    assert found["score"] == EXPECTED["score"]
    assert found["truth"] == ["1.0", "0.0", "1.0", "0.0"]


@pytest.mark.parametrize(
    "values",
    [
        np.array(["a", "b", "ä"]),
        np.array([b"a", b"b", b"c"]),
        np.array([True, False, True]),
        np.arange(3, dtype=">i2"),
    ],
)
def test_one_dimension_is_one_column(tmp_path, values):
    np.save(tmp_path / "p.npy", values)
    (load,) = open_source(tmp_path / "p.npy").parts({"0": "text"})
    cells = [c.decode() if isinstance(c, bytes) else str(c) for c in values.tolist()]
    assert load().column("0").to_pylist() == cells


def test_arrays_that_would_be_unpickled_are_refused(tmp_path):
    np.save(tmp_path / "p.npy", np.array(["a", 1], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match="Python objects") as raised:
        open_source(tmp_path / "p.npy")
    assert "astype(str)" in str(raised.value.hint)
    np.save(tmp_path / "p.npy", np.zeros((2, 2, 2)))
    with pytest.raises(InputError, match=r"shape \(2, 2, 2\)"):
        open_source(tmp_path / "p.npy")


# JSON


@pytest.mark.parametrize("block", [1, 2, 3, 7, 50, 1 << 20])
def test_json_items_are_found_wherever_the_text_is_cut(tmp_path, monkeypatch, block):
    monkeypatch.setattr(json_items, "BLOCK_BYTES", block)
    labels = ['a"b', "c]}", "{[", "\\", '\\"', "é\n", "end\\\\", ","]
    rows = [{"label": text, "pred": "a", "x": [1, {"k": text}]} for text in labels * 3]
    for indent in (None, 1):
        path = written(tmp_path, json.dumps({"n": [2], "rows": rows}, indent=indent), "p.json")
        assert columns(path)["truth"] == labels * 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (json.dumps(JSON_ROWS)[:-9], "stops before its end"),
        ('[{"label": 1, "pred": 1}, {"label": [2], "pred": 1}]', "row 2: 'label' holds [2]"),
        ('[{"label": 1, "pred": 1},\n{"label": 2 "pred": 1}]', "row 2: expected one JSON object"),
        ("[" * 100_000, "not readable as JSON"),
        ('{"a":' * 100_000, "not readable as JSON"),
        ('[{"a":' * 100_000, "stops before its end"),
        ('{"label": [1, 2], "pred": [1]}', "'label' 2, 'pred' 1"),
        ("[]", "expected rows of predictions"),
        ("{}", "expected rows of predictions"),
        ("3", "expected rows of predictions"),
        ("", "is empty"),
        ("label", "not readable as JSON"),
    ],
)
def test_json_that_is_no_table_is_refused(tmp_path, text, told):
    message, hint = refusal(written(tmp_path, text, "p.json"))
    assert "p.json" in message
    assert told in message
    assert hint


def test_a_list_of_rows_names_its_key(tmp_path):
    done = run("classify", str(document({"meta": [1], "examples": JSON_ROWS})(tmp_path)))
    assert "the rows are those under 'examples'" in " ".join(done.stdout.split())


def test_arrays_that_are_cut_short_are_refused(tmp_path):
    np.save(tmp_path / "p.npy", np.arange(12.0).reshape(6, 2))
    data = (tmp_path / "p.npy").read_bytes()
    for keep in (8, 40, 140, len(data) - 8):
        message, _ = refusal(written(tmp_path, data[:keep], "p.npy"), ColumnChoices(truth="0"))
        assert "p.npy" in message


OBJECTS = [{"label": label, "score": 0.9} for label in ("cat", "dog", "cat")]
TRUTHS = ["cat", "dog", "dog"]


@pytest.mark.parametrize("key", ["prediction", "predictions", "outputs", "results"])
@pytest.mark.parametrize("truth", ["y_true", "actual", "labels"])
@pytest.mark.parametrize("first", [True, False])
def test_truths_beside_a_list_of_objects_are_a_column(tmp_path, key, truth, first):
    """Else the label within each prediction would be taken for the truth."""
    lists = {truth: TRUTHS, key: OBJECTS}
    document = lists if first else dict(reversed(lists.items()))
    source = open_source(written(tmp_path, json.dumps(document), "x.json"))
    assert set(source.names) == {truth, f"{key}.label", f"{key}.score"}
    choices = ColumnChoices(prediction=f"{key}.label")
    found = columns(written(tmp_path, json.dumps(document), "x.json"), choices)
    assert found["truth"] == TRUTHS
    assert found["prediction"] == ["cat", "dog", "cat"]


@pytest.mark.parametrize("names", [["cat", "dog"], ["cat", "dog", "cow", "hen", "pig"]])
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("rows", [4, 20_000])
def test_a_list_of_classes_beside_the_rows_is_no_column(tmp_path, names, first, rows):
    lists = {"labels": names, "predictions": [{"y_true": "cat", "y_pred": "dog"}] * rows}
    document = lists if first else dict(reversed(lists.items()))
    found = columns(written(tmp_path, json.dumps(document), "x.json"))
    assert found == {"truth": ["cat"] * rows, "prediction": ["dog"] * rows}


@pytest.mark.parametrize(("truth", "count"), [("y_true", 5), ("y_true", 40_000), ("label", 40_000)])
def test_truths_after_many_objects_are_not_overlooked(tmp_path, truth, count):
    """The beginning of the file does not show them: they are met when the rows have ended."""
    document = {"predictions": OBJECTS[:1] * 40_000, truth: ["cat"] * count}
    text = json.dumps(document)
    assert len(text) > 1 << 20
    message, hint = refusal(written(tmp_path, text, "x.json"))
    assert f"x.json: the truth '{truth}' stands after the rows of 'predictions'" in message
    assert "--truth-file" in hint
    before = json.dumps({truth: ["cat"] * count, "predictions": document["predictions"]})
    if count == 40_000:
        choices = ColumnChoices(prediction="predictions.label")
        assert columns(written(tmp_path, before, "x.json"), choices)["truth"] == ["cat"] * count
    else:
        assert "differ in length" in refusal(written(tmp_path, before, "x.json"))[0]


@pytest.mark.parametrize("text", ["[]", "[ ]", "[1]", "[[1, 2], {}]", '["a,b", ",", "]"]', "[1, 2"])
def test_the_items_of_an_array_are_counted(text):
    whole = text.endswith("]")
    expected = len(json.loads(text if whole else text + "]"))
    assert json_items.items_within(text.encode() + b', {"a": [1]}' * whole, 1) == (expected, whole)
