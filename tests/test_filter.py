"""`--filter`: what it keeps, what it means, and what it says of what it cannot read."""

from __future__ import annotations

import contextlib
import json
import operator
from pathlib import Path

import pyarrow as pa
import pytest
from command import run
from hypothesis import given, settings
from hypothesis import strategies as st

import mleval
from mleval.errors import InputError, MlevalError, UsageError
from mleval.filter import parse, spelled
from mleval.reading.columns_of_arrow import conformed
from mleval.reading.conditions import (
    SIGNS,
    ColumnName,
    Comparison,
    Every,
    Membership,
    Not,
    Some,
    columns_of,
    holds,
)

ROWS = {
    "split": ["test", "train", "test", None, "valid"],
    "age": ["30", "7", "100", None, "007"],
    "score": [0.1, 0.5, 0.9, None, 0.5],
    "true label": ["cat", "dog", "dog", "cat", "cat"],
    "guess": ["cat", "cat", "dog", "dog", "cat"],
    "n": ["30.0", "8", "99", "1", "7"],
}


def kept(text: str) -> list[int]:
    """The rows where it holds."""
    condition = parse(text)
    table = conformed(pa.table(ROWS), dict.fromkeys(columns_of(condition), "label"), "x")
    return holds(condition, table).nonzero()[0].tolist()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('split == "test"', [0, 2]),
        ("split == 'test'", [0, 2]),
        ('split != "test"', [1, 3, 4]),
        ('split == ""', [3]),
        ('not split == ""', [0, 1, 2, 4]),
        ('split in ["test", "valid"]', [0, 2, 4]),
        ('split not in ("test", "valid")', [1, 3]),
        ("age == 7", [1, 4]),
        ('age == "7"', [1]),
        ("age < 50", [0, 1, 4]),
        ("50 > age", [0, 1, 4]),
        ("7 <= age < 100", [0, 1, 4]),
        ("age in [7, 30]", [0, 1, 4]),
        ("age in ['007', 100]", [2, 4]),
        ('split > "test"', [1, 4]),
        ('age > "50"', [2]),
        ('n <= "8"', [1, 3, 4]),
        ('split < "3"', []),
        ("score >= 0.5", [1, 2, 4]),
        ("score >= .5 and score < 9e-1", [1, 4]),
        ('"true label" == guess', [0, 2, 4]),
        ('"true label" == "dog"', [1, 2]),
        ("age == n", [0, 4]),
        ("age < n", [1]),
        ('split == "test" or split == "train" and age > 50', [0, 2]),
        ('(split == "test" or split == "train") and age > 50', [2]),
        ('not (split == "test" or age == 7)', [3]),
        ("not not age == 7", [1, 4]),
        ("score > -1", [0, 1, 2, 4]),
    ],
)
def test_what_it_keeps(text: str, rows: list[int]) -> None:
    assert kept(text) == rows
    assert kept(spelled(parse(text))) == rows


def test_the_first_of_a_comparison_is_a_column_even_in_quotes() -> None:
    assert list(columns_of(parse('"test" == split'))) == ["test", "split"]


def test_text_on_the_left_is_told_to_change_sides(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("label,pred,split\n1,1,test\n")
    with pytest.raises(InputError) as refused:
        mleval.classify(path, filter='"test" == split')
    assert str(refused.value.hint).startswith('the column comes first: split == "test";')


def test_text_is_not_put_in_order_with_a_number() -> None:
    with pytest.raises(InputError, match="'split' with the number 3, and it holds 'test'"):
        kept("split < 3")


@pytest.mark.parametrize(
    ("text", "expected", "at", "hint"),
    [
        ("", "the condition is empty", None, "split"),
        ('split = "test"', "expected ==, !=, <, <=, > or >=", 6, "written =="),
        ("split ==", "expected a column, a number or text in quotes, found the end", 8, None),
        ("split", '"in" or "not in", found the end', 5, None),
        ("a == 1 && b == 2", 'found "&"', 7, 'write "and"'),
        ("a == 1 OR b == 2", 'found "OR"', 7, 'write "or"'),
        ("!a == 1", 'found "!"', 0, 'write "not"'),
        ("(a == 1", 'expected "and", "or" or ")"', 7, None),
        ("a == 1)", 'expected "and", "or" or the end', 6, None),
        ("a in [x]", 'expected a number or text in quotes, found "x"', 6, "in quotes"),
        ("a in []", "expected a number or text in quotes", 6, None),
        ("a in 3", 'expected "["', 5, "a list is"),
        ("a not == 3", 'expected "in"', 6, None),
        ("1 == 2", "expected a column on one side", 0, "such as"),
        ('a == "x', "never closed", 5, None),
        ("a == 1e999", "too large", 5, None),
        ("__import__('os')", "expected ==", 10, None),
        ("`split` == 'x'", 'found "`"', 0, "a column stands bare"),
        ("a is null", 'found "is"', 2, 'write == ""'),
        ("a IS NOT NULL", 'found "IS"', 2, '!= ""'),
        ("a <> 1", 'found ">"', 3, 'write "!="'),
        ("a == \u201cx y\u201d", "this quote is curled", 5, "quotes are straight"),
    ],
)
def test_errors_point_at_the_place(text: str, expected: str, at: int | None, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert expected in str(caught.value)
    if at is not None:
        assert str(caught.value).splitlines()[-1].index("^") == at + 2
    assert hint is None or hint in str(caught.value.hint)


@pytest.mark.parametrize("text", ["(" * 10_000 + "a == 1", "not " * 10_000 + "a == 1"])
def test_nesting_has_an_end(text: str) -> None:
    with pytest.raises(UsageError, match="deep"):
        parse(text)


texts = st.text(max_size=8)
columns = st.builds(ColumnName, st.text(min_size=1, max_size=8))
literals = texts | st.floats(allow_nan=False, allow_infinity=False)
comparisons = st.builds(
    Comparison, columns, st.sampled_from(sorted(SIGNS)), literals | columns.filter(
        lambda column: column.name.isidentifier() and column.name not in ("and", "or", "not", "in")
    )
)  # fmt: skip
lists = st.builds(Membership, columns, st.lists(literals, min_size=1, max_size=3).map(tuple))
conditions = st.recursive(
    comparisons | lists,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(Every, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Some, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(conditions)
def test_every_condition_survives_its_spelling(condition) -> None:
    assert parse(spelled(condition)) == condition


@settings(max_examples=500, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from(
            [*"()[],=!<>\"'&|~-.\\", "==", "and", "or", "not", "in", "split", "age", '"test"', "1"]
        )
        | st.characters(),
        max_size=12,
    ).map(" ".join)
)
def test_whatever_is_written_is_kept_or_refused(text: str) -> None:
    with contextlib.suppress(MlevalError):
        condition = parse(text)
        if set(columns_of(condition)) <= set(ROWS):
            kept(text)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(-3, 3) | st.none(), min_size=1, max_size=6),
    st.sampled_from(sorted(SIGNS)),
    st.integers(-3, 3),
)
def test_numbers_compare_as_python_compares_them(cells, sign: str, number: int) -> None:
    functions = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
    compare = getattr(operator, functions[sign])
    table = pa.table({"x": pa.array([None if c is None else str(c) for c in cells], pa.string())})
    expected = [sign == "!=" if c is None else compare(c, number) for c in cells]
    for kind in ("label", "number"):
        found = holds(parse(f"x {sign} {number}"), conformed(table, {"x": kind}, "x"))
        assert found.tolist() == expected


@pytest.fixture
def predictions(tmp_path: Path) -> str:
    path = tmp_path / "p.csv"
    rows = ["1,1,test,0.5", "1,0,test,0.7", "0,0,train,0.2", "0,1,train,0.1", "1,1,train,"]
    path.write_text("y_true,y_pred,split,w\n" + "\n".join(rows) + "\n")
    return str(path)


def test_rows_left_out_are_counted_and_said(predictions: str) -> None:
    result = run("classify", predictions, "--filter", 'split=="train"', "--json")
    assert result.status == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["metrics"]["accuracy"]["value"] == pytest.approx(2 / 3)
    assert found["provenance"]["rows_filtered_out"] == 2
    (said,) = [item for item in found["assumed"] if item["what"] == "filter"]
    assert (said["value"], said["why"]) == ('split == "train"', "2 rows left out")
    assert not any("may be mixed" in text for text in found["warnings"])


@pytest.mark.parametrize("condition", ["y_true == 1", 'y_true == "1"', "y_true > 0.5"])
def test_a_column_may_play_a_role_too(predictions: str, condition: str) -> None:
    report = mleval.classify(predictions, filter=condition)
    assert report["recall"].value == pytest.approx(2 / 3)


def test_problems_are_placed_in_the_whole_file(predictions: str) -> None:
    result = run("classify", predictions, "--filter", 'split == "train"', "--weight", "w")
    assert result.status == 3
    assert f"{predictions}, line 6" in result.stderr


def test_unknown_columns_are_told_with_the_nearest(predictions: str) -> None:
    result = run("classify", predictions, "--filter", 'splitt == "test"')
    assert (result.status, result.stdout) == (3, "")
    assert "no column 'splitt'" in result.stderr
    assert "did you mean 'split'?" in result.stderr


def test_text_without_quotes_is_a_column_that_is_not_there(predictions: str) -> None:
    result = run("classify", predictions, "--filter", "split == test")
    assert result.status == 3
    assert "text goes in quotes" in result.stderr


def test_a_filter_that_keeps_nothing_says_what_the_column_holds(predictions: str) -> None:
    result = run("classify", predictions, "--filter", 'split == "dev"')
    assert result.status == 3
    assert "none of 5 rows" in result.stderr
    assert "'split' holds 'test', 'train'" in result.stderr


def test_a_wrong_filter_is_a_usage_error(predictions: str) -> None:
    result = run("classify", predictions, "--filter", "split = 'test'")
    assert result.status == 2
    assert result.stderr == (
        'error: --filter: expected ==, !=, <, <=, > or >=, found "="\n'
        "  split = 'test'\n"
        "        ^\n"
        "hint: equality is written ==, its opposite !=\n"
    )


def test_it_applies_to_the_joined_rows(tmp_path: Path) -> None:
    table = {"id": [1, 2, 3], "pred": [1, 0, 1]}
    truths = {"id": [3, 2, 1], "label": [0, 0, 1], "site": ["a", "b", "b"]}
    report = mleval.classify(table, truth_file=truths, filter='site == "b"')
    assert report["accuracy"].value == 1.0
