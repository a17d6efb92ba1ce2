"""Texts in memory: references by segment or by place, missing ones, columns of other libraries."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mleval.errors import InputError
from mleval.reading.texts import held_texts

SAID = ["a", "", "c"]
NESTED: list[tuple[Any, list[list[str]]]] = [
    (["x", "y", "z"], [["x"], ["y"], ["z"]]),
    ([["x"], ["y"], ["z"]], [["x"], ["y"], ["z"]]),
    ([["x", "X"], ["y"], ["z", "Z", "ZZ"]], [["x", "X"], ["y"], ["z", "Z", "ZZ"]]),
    ([["x", "y", "z"], ["X", "Y", "Z"]], [["x", "X"], ["y", "Y"], ["z", "Z"]]),
    ([["x", "y", "z"]], [["x"], ["y"], ["z"]]),
    ([["x", "y", "z"], ["X", None, "Z"]], [["x", "X"], ["y"], ["z", "Z"]]),
    (["x", ["y", "Y"], ("z",)], [["x"], ["y", "Y"], ["z"]]),
    ([["x", "X", "XX", None], ["y", None, "Y", None], ["z", "", "Z", None]],
     [["x", "X", "XX"], ["y", "Y"], ["z", "", "Z"]]),
    ([["x", "y", "z"], ["X", "Y", "Z"], [None, None, None], [None] * 3],
     [["x", "X"], ["y", "Y"], ["z", "Z"]]),
]  # fmt: skip


def by_segment(references: Any) -> list[list[str]]:
    held = held_texts(SAID, references)
    assert list(held.hypotheses) == SAID
    segments = held.source().segments()
    return [
        [
            lines[at]
            for lines in segments.references
            if lines.missing is None or not lines.missing[at]
        ]
        for at in range(len(SAID))
    ]


@pytest.mark.parametrize(("references", "expected"), NESTED)
def test_references_are_told_by_their_lengths(references: Any, expected: Any) -> None:
    assert by_segment(references) == expected
    assert by_segment(tuple(references)) == expected


@pytest.mark.parametrize("make", [pd.Series, pl.Series, pa.array, pa.chunked_array, np.array])
def test_columns_of_other_libraries(make: Any) -> None:
    wrap = (lambda items: make([items])) if make is pa.chunked_array else make
    held = held_texts(wrap(SAID), wrap(["x", "y", "z"]))
    assert list(held.hypotheses) == SAID
    assert held.references == [["x", "y", "z"]]
    assert all(type(text) is str for text in [*held.hypotheses, *held.references[0]])


@pytest.mark.parametrize("make", [pd.Series, pl.Series, pa.array])
def test_a_column_of_lists_is_by_segment_whatever_its_size(make: Any) -> None:
    lists = [["x", "X", "1"], ["y", "Y", "2"], ["z", "Z", "3"]]
    assert by_segment(make(lists)) == lists
    with pytest.raises(InputError, match="3 lists of 3 references for 3 hypotheses"):
        by_segment(lists)


def test_one_hypothesis_is_never_ambiguous() -> None:
    for references in (["x"], [["x"]]):
        assert held_texts(["a"], references).references == [["x"]]
    assert held_texts(["a"], [["x", "y"]]).references == [["x"], ["y"]]


def test_dicts_are_joined_by_their_keys() -> None:
    held = held_texts({"q2": "b", 1: "a"}, {1: ["x", "y"], "q2": "z"})
    assert held.ids == ["q2", "1"]
    assert held.references == [["z", "x"], [None, "y"]]
    lists = {key: ["x", "y"] for key in "ab"}
    assert held_texts({"a": "1", "b": "2"}, lists).references == [["x", "x"], ["y", "y"]]
    with pytest.raises(InputError, match="1 ids are without a reference: 'b'"):
        held_texts({"a": "1", "b": "2"}, {"a": "x"})
    with pytest.raises(InputError, match=r"7 ids are without a hypothesis: .* and 2 more"):
        held_texts({"a": "1"}, {"a": "x", **{str(n): "x" for n in range(7)}})


def test_missing_references_are_none_or_nan() -> None:
    for missing in (None, float("nan"), np.nan):
        held = held_texts(SAID, [["x", "y", "z"], ["X", missing, "Z"]])
        assert held.references == [["x", "y", "z"], ["X", None, "Z"]]
    frame = pd.DataFrame({"r1": ["x", "y", "z"], "r2": ["X", None, "Z"]})
    assert by_segment([frame["r1"], frame["r2"]]) == [["x", "X"], ["y"], ["z", "Z"]]


BAD = [
    ("abc", ["x"], "hypotheses should be a list of texts, found 'abc'"),
    (["a"], "x", "references should be a list of texts, found 'x'"),
    (["a"], None, "references should be a list of texts, found None"),
    ({"a": "b"}, ["x"], "hypotheses should be a list of texts, found of type dict"),
    ([], [], "there are no hypotheses"),
    (["a", None], ["x", "y"], r"hypotheses\[1\] is None, expected a text"),
    (["a", 3], ["x", "y"], r"hypotheses\[1\] is of type int"),
    (["a", b"b"], ["x", "y"], r"hypotheses\[1\] is of type bytes"),
    (["a", "b"], ["x"], "there are 2 hypotheses and 1 references"),
    (["a", "b"], [["x"], ["y"], ["z"]], "there are 2 hypotheses and 3 lists of references"),
    (["a", "b"], [["x", "y"], ["z", "w"]], "2 lists of 2 references for 2 hypotheses"),
    (["a", "b"], ["x", None], r"references\[1\] has no text \(1 of 2 segments\)"),
    (["a", "b"], [["x"], []], r"references\[1\] has no text"),
    (["a", "b"], ["x", 5], r"references\[1\] is of type int"),
    (["a", "b"], [["x"], ["y", ["z"]]], r"references\[1\]\[1\] is of type list"),
    (["a", "b"], [["x"], {"y"}], r"references\[1\]\[0\] is of type set"),
    (["a\ud83d"], ["x"], "half of a surrogate pair"),
]


@pytest.mark.parametrize(("said", "wanted", "told"), BAD)
def test_what_is_no_text_or_does_not_fit_is_refused(said: Any, wanted: Any, told: str) -> None:
    with pytest.raises(InputError, match=told) as refused:
        held_texts(said, wanted).source().segments()
    assert refused.value.hint
