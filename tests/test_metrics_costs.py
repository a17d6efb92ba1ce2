"""Costs are a mean over the rows, from two prices or from a file that is checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mleval.batch import Labels
from mleval.errors import InputError, Undefined, UsageError
from mleval.metrics import find
from mleval.spec import Spec
from mleval.states import Confusion, Counts

COSTS = "t,a,b,c\na,0,-1,0.5\nb,2,0,1\nc,4,8,0\n"


def counts_of(truth: str, prediction: str, classes: str, weight: Any = None) -> Counts:
    """One letter a row; "?" is no prediction."""
    columns = (np.array([classes.find(x) for x in rows], np.int32) for rows in (truth, prediction))
    true, predicted = (Labels(codes, tuple(classes)) for codes in columns)
    return Confusion.of(true, predicted, weight).counts(tuple(classes))


def cost(counts: Counts, text: str) -> Any:
    spec = Spec.parse(text)
    declared = find("cost", "binary")
    return declared.function(counts, **declared.options_of(spec))


class TestTwoPrices:
    @pytest.mark.parametrize(
        ("truth", "prediction", "expected"),
        [
            ("nnnppp", "nppnpp", (2 * 2 + 7) / 6),
            ("nnnppp", "nnnppp", 0),
            ("nnn", "pnn", 2 / 3),
            ("ppp", "nnn", 7),
            ("nnpp", "n?p?", (2 + 7) / 4),  # no prediction: an error of that class
        ],
    )
    def test_are_paid_by_the_rows_that_err(
        self, truth: str, prediction: str, expected: float
    ) -> None:
        found = cost(counts_of(truth, prediction, "np"), "cost(fp=2,fn=7)")
        assert found == pytest.approx(expected, abs=1e-15)

    def test_are_weighed_as_the_rows_are(self) -> None:
        weight = np.array([1.0, 2.0, 3.0, 4.0])
        counts = counts_of("nnpp", "nppn", "np", weight)
        assert cost(counts, "cost(fp=2,fn=7)") == pytest.approx((2 * 2 + 4 * 7) / 10)

    def test_do_not_do_for_more_classes(self) -> None:
        with pytest.raises(UsageError) as caught:
            find("cost", "multiclass").options_of(Spec.parse("cost(fp=1,fn=5)"))
        assert "matrix" in str(caught.value.hint)

    def test_are_not_given_beside_a_matrix(self) -> None:
        with pytest.raises(UsageError, match="all the costs"):
            cost(counts_of("np", "pn", "np"), "cost(fp=2,matrix=costs.csv)")


class TestMatrix:
    counts = counts_of("aabbcc", "abbcaa", "abc")

    def cost(self, path: Path, text: str, counts: Counts, encoding: str = "utf-8") -> Any:
        path.write_text(text, encoding=encoding)
        return find("cost", "multiclass").function(counts, matrix=str(path))

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
    @pytest.mark.parametrize(
        "text", [COSTS, "t\\p,c,a,b,x\n\nb,1,2,0,9\na, 0.5, 0,-1,9\nc,0,4,8,9\n"]
    )
    def test_names_the_classes_in_any_order(self, text: str, encoding: str, tmp_path: Path) -> None:
        found = self.cost(tmp_path / "costs.csv", text, self.counts, encoding)
        assert found == pytest.approx((0 - 1 + 0 + 1 + 4 + 4) / 6, abs=1e-15)

    def test_serves_the_binary_task_too(self, tmp_path: Path) -> None:
        path = tmp_path / "costs.csv"
        path.write_text("truth,p,n\np,0,7\nn,2,0\n")
        counts = counts_of("nnnppp", "nppnpp", "np")
        found = find("cost", "binary").function(counts, matrix=str(path))
        assert found == cost(counts, "cost(fp=2,fn=7)")

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "expected one column each for 'a', 'b', 'c'"),
            ("t,a,b\na,0,1\nb,1,0\nc,1,1\n", "expected one column each for 'c'"),
            ("t,a,b,c\na,0,1,1\n", "expected one row each for 'b', 'c'"),
            ("t,a,b,c,c\n", "expected one column each for 'c'"),
            ("t,a,b,c\na,0,x,1\nb,1,0\nc,nan,1,0\n", "a taken for b, b taken for c, c taken for a"),
            ("t;a;b;c\n", "expected one column each for 'a', 'b', 'c'"),
        ],
    )
    def test_that_lacks_something_is_an_input_error_that_lists_it_all(
        self, text: str, message: str, tmp_path: Path
    ) -> None:
        with pytest.raises(InputError) as caught:
            self.cost(tmp_path / "costs.csv", text, self.counts)
        assert str(caught.value).endswith(message)
        assert caught.value.hint

    @pytest.mark.parametrize("content", [None, b"\xff\xfe,a"])
    def test_that_cannot_be_read_is_an_input_error(
        self, content: bytes | None, tmp_path: Path
    ) -> None:
        path = tmp_path / "costs.csv"
        if content:
            path.write_bytes(content)
        with pytest.raises(InputError, match="cannot read the cost matrix"):
            find("cost", "multiclass").function(self.counts, matrix=str(path))

    def test_has_no_column_for_rows_without_a_prediction(self, tmp_path: Path) -> None:
        with pytest.raises(Undefined, match="without a prediction"):
            self.cost(tmp_path / "costs.csv", COSTS, counts_of("abc", "ab?", "abc"))
