"""Which columns of pairs are for what, and what is refused of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import run
from test_reading import written

from mleval.errors import InputError
from mleval.reading import PairChoices, PairRoles, find_roles, open_source


def roles(tmp_path: Path, text: str, **choices: Any) -> PairRoles:
    source = open_source(written(tmp_path, text), nested=True)
    return find_roles(source, PairChoices(**choices))


def refused(*args: str) -> str:
    """What a command says that refuses its input."""
    result = run("pairs", *args, COLUMNS="400")
    assert (result.status, result.stdout) == (3, "")
    return result.stderr


@pytest.mark.parametrize(
    ("header", "found", "says_same"),
    [
        ("distance,same", {"distance": "distance", "dissimilar": "same"}, True),
        ("id,Dist,is_match", {"distance": "Dist", "dissimilar": "is_match", "id": "id"}, True),
        ("dissimilar,d", {"distance": "d", "dissimilar": "dissimilar"}, False),
        ("d_ap,d_an", {"distance": "d_ap", "negative_distance": "d_an"}, False),
        (
            "positive_distance,negative_distance,sample_weight",
            {
                "distance": "positive_distance",
                "negative_distance": "negative_distance",
                "weight": "sample_weight",
            },
            False,
        ),
    ],
)
def test_labels_and_distances_by_name(
    tmp_path: Path, header: str, found: dict[str, str], says_same: bool
) -> None:
    row = ",".join("1" for _ in header.split(","))
    told = roles(tmp_path, f"{header}\n{row}\n")
    assert (told.columns, told.says_same, told.width) == (found, says_same, 0)


def test_columns_of_numbers_are_vectors(tmp_path: Path) -> None:
    told = roles(tmp_path, "a_1,a_0,b_0,b_1,same\n1,2,3,4,1\n")
    assert told.families["a"] == {"0": "a_0", "1": "a_1"}
    assert (told.width, told.columns) == (2, {"dissimilar": "same"})
    assert told.gives("distance")
    assert not told.gives("negative_distance")


def test_vectors_by_a_prefix_of_ones_own(tmp_path: Path) -> None:
    told = roles(tmp_path, "left0,left1,right0,right1,same\n1,2,3,4,1\n", a="left", b="right")
    assert told.families["b"] == {"0": "right0", "1": "right1"}


def test_a_distance_that_is_asked_for_is_computed_beside_a_column_of_them(tmp_path: Path) -> None:
    text = 'a,b,distance,same\n"[1, 2]","[3, 4]",7,1\n'
    assert roles(tmp_path, text).columns["distance"] == "distance"
    measured = roles(tmp_path, text, measured=True)
    assert (measured.columns["a"], measured.width) == ("a", 2)
    assert "distance" not in measured.columns


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "distance,label\n1,0\n",
            "'label' may say of pairs that they are the same",
            "--same label",
        ),
        ("distance,colour\n1,0\n", "does not say which pairs are the same", "--dissimilar COLUMN"),
        ("same,x\n1,0\n", "has neither distances nor two vectors a row", "--distances COLUMN"),
        (
            "same,cosine_similarity\n1,0.5\n",
            "has neither distances nor two vectors a row",
            "'cosine_similarity' has similarities, it seems: write distances, such as 1 minus",
        ),
        (
            "same,a_0,a_1\n1,0,1\n",
            "neither distances nor two vectors a row but of a",
            "--a and --b",
        ),
        ("same,a_0,a_1,b_0,b_1,b_2\n1,0,1,0,1,2\n", "a has 2 columns, b has 3 columns", "as many"),
        ("distance,dist_1,same\n1,2,1\n", "", ""),
    ],
)
def test_what_is_not_there(tmp_path: Path, text: str, message: str, hint: str) -> None:
    if not message:
        assert roles(tmp_path, text).columns["distance"] == "distance"
        return
    with pytest.raises(InputError) as error:
        roles(tmp_path, text)
    assert message in str(error.value)
    assert hint in str(error.value.hint)


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (
            "distance,same\n1,1\n-0.5,0\n2,1\n",
            ["expected numbers of 0 or more in the distance column 'distance'", "line 3: -0.5"],
        ),
        (
            "distance,same\n1,1\nfar,0\n",
            ["expected numbers in the distance column 'distance'", "line 3: 'far'"],
        ),
        ("distance,same\n1,1\ninf,0\n", ["expected finite numbers", "line 3: inf"]),
        ("distance,same\n1,1\n,0\n", ["expected a distance", "line 3: empty"]),
        (
            "distance,same\n1,1\n2,perhaps\n",
            ["expected 1 or 0 (same or not) in column 'same'", "line 3: 'perhaps'"],
        ),
        ("distance,same\n1,\n2,\n", ["column 'same' is empty in all 2 rows"]),
        ("a_0,a_1,b_0,b_1,same\n1,2,3,4,1\n1,x,3,4,1\n", ["in the a column 'a_1'", "line 3: 'x'"]),
        ("a_0,a_1,b_0,b_1,same\n1,2,3,4,1\n1,nan,3,4,1\n", ["expected finite", "line 3: nan"]),
    ],
)
def test_cells_that_are_refused(tmp_path: Path, text: str, messages: list[str]) -> None:
    told = refused(str(written(tmp_path, text)))
    assert all(message in told for message in messages), told


def lists(tmp_path: Path, *rows: dict[str, Any]) -> str:
    file = tmp_path / "lists.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(file)


GOOD = {"a": [1, 2, 3], "b": [1, 2, 4], "same": 1}


@pytest.mark.parametrize(
    ("row", "messages"),
    [
        (
            {"a": [1, 2], "b": [1, 2, 4], "same": 0},
            ["expected vectors of 3 numbers", "in 'a'", "line 2: 2 numbers"],
        ),
        (
            {"a": [1, 2, 3], "b": [1, 2, 4, 5], "same": 0},
            ["expected vectors of 3 numbers", "in 'b'", "line 2: 4 numbers"],
        ),
        ({"a": [1, "x", 3], "b": [1, 2, 4], "same": 0}, ["expected lists of numbers", "line 2:"]),
        ({"a": None, "b": [1, 2, 4], "same": 0}, ["expected a vector", "line 2: empty"]),
    ],
)
def test_lists_that_are_refused(tmp_path: Path, row: dict[str, Any], messages: list[str]) -> None:
    told = refused(lists(tmp_path, GOOD, row))
    assert all(message in told for message in messages), told


def test_vectors_that_differ_in_length_from_the_first_row_on(tmp_path: Path) -> None:
    told = refused(lists(tmp_path, {"a": [1, 2, 3], "b": [1, 2], "same": 0}))
    assert "expected vectors of 3 numbers" in told
    assert "line 1: 2 numbers" in told


def test_a_vector_of_zeros_has_no_cosine(tmp_path: Path) -> None:
    file = lists(tmp_path, GOOD, {"a": [0, 0, 0], "b": [1, 2, 4], "same": 0})
    assert run("pairs", file).status == 0
    told = refused(file, "--distance", "cosine")
    assert "expected vectors with a direction in 'a', found 1 of zeros alone" in told
    assert "line 2" in told


def saved(tmp_path: Path, **arrays: Any) -> list[str]:
    for name, array in arrays.items():
        np.save(tmp_path / f"{name}.npy", array)
    return [word for name in arrays for word in (f"--{name}", str(tmp_path / f"{name}.npy"))]


@pytest.mark.parametrize(
    ("arrays", "messages"),
    [
        (
            {"a": np.ones((3, 2)), "b": np.ones((4, 2)), "negative": np.ones((3, 2))},
            ["expected as many rows in each matrix", "a.npy has 3", "b.npy has 4"],
        ),
        (
            {"a": np.ones((3, 2)), "b": np.ones((3, 5)), "negative": np.ones((3, 2))},
            ["expected as many numbers in a vector", "a.npy has 2", "b.npy has 5"],
        ),
        (
            {"a": np.ones(3), "b": np.ones(3), "negative": np.ones(3)},
            ["expected a matrix of numbers, a row a vector, found an array of 3"],
        ),
        (
            {"a": np.array([["1", "x"]]), "b": np.ones((1, 2)), "negative": np.ones((1, 2))},
            ["expected a matrix of numbers", "type <U1"],
        ),
        (
            {
                "a": np.ones((3, 2)),
                "b": np.array([[1, 2], [1, np.nan], [-np.inf, np.inf]]),
                "negative": np.ones((3, 2)),
            },
            [
                "expected finite numbers in the vectors of 'b', found 2 rows",
                "row 2: nan at place 1",
            ],
        ),
    ],
)
def test_matrices_that_are_refused(tmp_path: Path, arrays: Any, messages: list[str]) -> None:
    told = refused(*saved(tmp_path, **arrays))
    assert all(message in told for message in messages), told


def test_matrices_need_as_many_labels(tmp_path: Path) -> None:
    sides = saved(tmp_path, a=np.ones((3, 2)), b=np.zeros((3, 2)))
    labels = written(tmp_path, "same\n1\n0\n")
    told = refused(*sides, "--labels", str(labels))
    assert "found 2 and 3" in told


def test_matrices_without_labels_or_negatives_say_nothing(tmp_path: Path) -> None:
    told = refused(*saved(tmp_path, a=np.ones((3, 2)), b=np.zeros((3, 2))))
    assert "does not say which pairs are the same, and has no negatives" in told


def test_large_finite_numbers_are_no_error(tmp_path: Path) -> None:
    huge = np.full((3, 4), 3e38, np.float32)  # whose sum is beyond float32
    sides = saved(tmp_path, a=huge, b=huge, negative=huge)
    assert run("pairs", *sides).status == 0


def test_rows_without_a_label_are_left_out_and_said(tmp_path: Path) -> None:
    result = run("pairs", str(written(tmp_path, "distance,same\n1,1\n2,\n3,0\n")))
    assert result.status == 0
    assert "1 of 3 rows is left out: 1 no truth" in " ".join(result.stdout.split())


def test_arrays_of_objects_are_never_unpickled(tmp_path: Path) -> None:
    objects = np.array([[1, "x"]], dtype=object)
    told = refused(*saved(tmp_path, a=objects, b=objects))
    assert "Python objects" in told
