"""Truth in another file, where no column is called as ids are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from formats import report, value
from sklearn.metrics import accuracy_score
from traps import assumed, warned

import mleval
from mleval.errors import InputError

KEYS = (
    "PassengerId", "image_id", "ImageId", "image_name", "user_id", "customerID", "SampleID",
    "question_id", "uuid", "file", "file_name", "path", "key", "name",
)  # fmt: skip


@pytest.fixture
def files(tmp_path: Path):
    def write(predictions: str, truths: str) -> tuple[Path, str]:
        (tmp_path / "p.csv").write_text(predictions, encoding="utf-8")
        (tmp_path / "t.csv").write_text(truths, encoding="utf-8")
        return tmp_path / "p.csv", str(tmp_path / "t.csv")

    return write


@pytest.mark.parametrize("key", KEYS)
def test_a_column_of_both_whose_values_come_once_joins(files, key: str) -> None:
    predictions, truths = files(f"{key},pred\n1,a\n2,b\n3,c\n", f"{key},label\n3,c\n1,a\n2,b\n")
    found = report(predictions, "--truth-file", truths)
    assert value(found, "accuracy") == 1.0
    assert assumed(found)["join"] == key


def test_rows_in_another_order_are_compared_with_their_own(files) -> None:
    rng = np.random.default_rng(5)
    truth, guess = rng.integers(0, 3, 300), rng.integers(0, 3, 300)
    order = rng.permutation(300)
    predictions, truths = files(
        "customerID,age,pred\n" + "".join(f"c{i},{i % 60},{guess[i]}\n" for i in range(300)),
        "customerID,age,label\n" + "".join(f"c{i},{i % 60},{truth[i]}\n" for i in order),
    )
    found = report(predictions, "--truth-file", truths)
    assert value(found, "accuracy") == pytest.approx(accuracy_score(truth, guess), abs=1e-12)


def test_rows_that_one_file_lacks_are_missing(files) -> None:
    predictions, truths = files("key,pred\na,1\nb,0\n", "key,label\nc,1\nb,0\na,0\n")
    with pytest.raises(InputError, match=r"1 id of .* missing"):
        mleval.classify(predictions, truth_file=truths)
    assert mleval.classify(predictions, truth_file=truths, missing="drop")["accuracy"].value == 0.5


@pytest.mark.parametrize("own", ["id", "code"])
def test_the_same_values_under_two_names_are_not_taken_in_turn(files, own: str) -> None:
    predictions, truths = files(f"{own},pred\n1,a\n2,b\n3,c\n", "key,label\n3,c\n1,a\n2,b\n")
    with pytest.raises(InputError) as refused:
        mleval.classify(predictions, truth_file=truths)
    assert f"--on {own}=key" in str(refused.value.hint)
    found = mleval.classify(predictions, truth_file=truths, on=f"{own}=key")
    assert found["accuracy"].value == 1.0


def test_row_numbers_do_not_win_over_an_id_that_says_otherwise(files) -> None:
    predictions, truths = files(
        ",image_id,pred\n0,x,a\n1,y,b\n2,z,c\n", ",image_id,label\n0,z,c\n1,x,a\n2,y,b\n"
    )
    with pytest.raises(InputError, match="match their rows differently") as refused:
        mleval.classify(predictions, truth_file=truths)
    assert str(refused.value.hint).startswith("say which is the id, such as --id image_id;")
    found = mleval.classify(predictions, truth_file=truths, id="image_id")
    assert found["accuracy"].value == 1.0


def test_rows_taken_in_turn_are_told_in_a_notice(files) -> None:
    predictions, truths = files("age,pred\n7,a\n7,b\n", "age,label\n7,a\n7,a\n")
    found = report(predictions, "--truth-file", truths)
    assert value(found, "accuracy") == 0.5
    assert warned(found, "are compared in turn, the first with the first")
