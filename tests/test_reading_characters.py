"""Half characters, which JSON and Python can hold and UTF-8 cannot: told where they matter."""

from __future__ import annotations

import json

import numpy as np
import pytest
from test_reading import columns, refusal, written

from mleval.reading import ranges
from mleval.reading.arrow_arrays import HalfCharacter, strings_array

HALF = "cut \ud83d"


def lines_of(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize("size", [30, 1 << 20])
def test_the_line_of_half_a_character_is_told(tmp_path, monkeypatch, size):
    monkeypatch.setattr(ranges, "RANGE_BYTES", size)
    rows = [{"label": "a", "pred": "b"}] * 5
    text = lines_of(*rows) + "\n" + lines_of({"label": "a", "pred": HALF})
    message, hint = refusal(written(tmp_path, text, "x.jsonl"))
    assert message.endswith(
        r"x.jsonl, line 7: 'pred' holds half a character (a lone surrogate, such as \ud83d)"
    )
    assert "cut inside a character" in hint


def test_whole_pairs_are_characters(tmp_path):
    text = r'{"label": "\ud83d\ude00", "pred": "\ud83d\ude00"}'
    assert columns(written(tmp_path, text, "x.jsonl"))["truth"] == ["😀"]


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("x.json", json.dumps([{"label": "a", "pred": 1}, {"label": HALF, "pred": 1}]), "row 2"),
        ("x.json", json.dumps({"label": ["a", "b", HALF], "pred": ["a", "b", "c"]}), "row 3"),
        ("x.jsonl", lines_of({"label": ["a"], "pred": ["b"]}, {"label": [HALF], "pred": ["b"]}),
         "line 2"),
    ],
)  # fmt: skip
def test_the_row_of_half_a_character_is_told(tmp_path, name, text, place):
    message, _ = refusal(written(tmp_path, text, name))
    assert f"{name}, {place}: 'label' holds half a character" in message


def test_half_a_character_in_memory():
    message, _ = refusal({"label": ["a", HALF], "pred": ["a", "b"]})
    assert message.startswith("row 2: 'label' holds half a character")
    other = {"label": ["a", "b"], "pred": ["a", "b"], "text": [HALF, None]}
    assert columns(other)["truth"] == ["a", "b"]
    objects = {n: np.array(c, dtype=object) for n, c in other.items()}
    assert columns(objects)["truth"] == ["a", "b"]


def test_texts_that_differ_still_do_when_only_looked_at():
    halves = ["\ud800", "\udc00", "?", None]
    with pytest.raises(HalfCharacter) as caught:
        strings_array(["a", None, *halves])
    assert caught.value.row == 2
    shown = strings_array(halves, lenient=True).to_pylist()
    assert shown == [r"\ud800", r"\udc00", "?", None]


def test_bytes_of_numpy_that_are_no_text_are_refused(tmp_path):
    array = np.array(
        [(b"\xe9", b"\xe8"), (b"\xe8", b"\xe8")], dtype=[("label", "S1"), ("pred", "S1")]
    )
    np.save(tmp_path / "x.npy", array)
    assert "x.npy, rows 1 to 2: not readable as text" in refusal(tmp_path / "x.npy")[0]
