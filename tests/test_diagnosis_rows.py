"""The rows that are examined are those of the file, as pandas reads them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from diagnosed import case_of
from scipy.special import expit, softmax
from test_json_schemas import SAMPLES

import mleval
from mleval.diagnosis.rows import Category, ClassifiedRows, Column, PredictedRows
from mleval.errors import InputError

EVEN = str(SAMPLES / "even.csv")


def classified(data: object, **options: object) -> ClassifiedRows:
    rows = case_of(data, **options).rows
    assert isinstance(rows, ClassifiedRows)
    return rows


def texts(column: Column | None) -> list[str | None]:
    assert isinstance(column, Category)
    return [None if code < 0 else column.names[code] for code in column.codes]


def named(rows: ClassifiedRows, codes: np.ndarray) -> list[str]:
    return [rows.classes[code] for code in codes]


def test_every_column_is_where_it_was() -> None:
    frame = pd.read_csv(EVEN)
    rows = classified(EVEN)
    assert rows.classes == ("no", "yes")
    assert rows.positive == 1
    assert named(rows, rows.truth) == frame["even"].tolist()
    assert named(rows, rows.predicted) == frame["predicted_even"].tolist()
    assert rows.score is not None
    assert rows.probability is not None
    assert rows.score.tolist() == rows.probability.tolist() == frame["prob_yes"].tolist()
    assert texts(rows.ids) == frame["id"].tolist()
    assert texts(rows.fold) == frame["fold"].astype(str).tolist()
    assert list(rows.others) == ["digit", "ink", "lean"]
    for name, column in rows.others.items():
        assert isinstance(column, np.ndarray)
        assert column.tolist() == frame[name].tolist()
    assert rows.numbers.tolist() == list(range(1, len(frame) + 1))
    assert rows.threshold == 0.5


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet", "feather"])
def test_a_format_is_as_good_as_another(tmp_path: Path, ending: str) -> None:
    frame = pd.read_csv(EVEN).head(200)
    path = tmp_path / f"even.{ending}"
    if ending == "csv":
        frame.to_csv(path, index=False)
    elif ending == "jsonl":
        frame.to_json(path, orient="records", lines=True)
    else:
        getattr(frame, f"to_{ending}")(path)
    found, memory = classified(str(path)), classified(frame)
    assert found.truth.tolist() == memory.truth.tolist()
    assert texts(found.ids) == texts(memory.ids)
    for name in memory.others:
        np.testing.assert_array_equal(found.others[name], memory.others[name])


def test_logits_of_two_classes_are_odds_and_probabilities() -> None:
    random = np.random.default_rng(1)
    logits = random.normal(size=(2, 50))
    data = {"y_true": random.integers(0, 2, 50), "logit_0": logits[0], "logit_1": logits[1]}
    rows = classified(data)
    assert rows.score is not None
    assert rows.probability is not None
    np.testing.assert_allclose(rows.score, logits[1] - logits[0], rtol=1e-12)
    np.testing.assert_allclose(rows.probability, expit(logits[1] - logits[0]), rtol=1e-12)
    assert rows.predicted.tolist() == (logits[1] >= logits[0]).astype(int).tolist()
    assert rows.threshold == 0.0


def test_logits_of_several_classes_are_a_softmax_in_the_order_of_the_classes() -> None:
    random = np.random.default_rng(2)
    logits = random.normal(size=(60, 3))
    names = np.array(["cat", "ant", "bee"])
    data = {f"logit_{name}": logits[:, at] for at, name in enumerate(names)}
    rows = classified({"y_true": names[random.integers(0, 3, 60)], **data})
    assert rows.classes == ("ant", "bee", "cat")
    np.testing.assert_allclose(rows.probability, softmax(logits[:, [1, 2, 0]], axis=1), rtol=1e-12)
    assert named(rows, rows.predicted) == names[logits.argmax(axis=1)].tolist()


def test_a_class_that_only_has_a_column_is_a_class() -> None:
    data = {"y_true": ["a", "b"] * 9, "prob_a": 0.2, "prob_b": 0.3, "prob_c": 0.5}
    rows = classified({name: np.resize(values, 18) for name, values in data.items()})
    assert rows.classes == ("a", "b", "c")
    assert set(named(rows, rows.predicted)) == {"c"}


def test_the_probability_of_the_predicted_class_is_turned() -> None:
    data = {"y_true": [1, 0, 1, 0], "y_pred": [1, 0, 0, 1], "confidence": [0.9, 0.8, 0.7, 0.6]}
    rows = classified(data)
    np.testing.assert_allclose(rows.score, [0.9, 0.2, 0.3, 0.6], rtol=1e-12)


@pytest.mark.parametrize(("cut", "threshold"), [(0.5, 0.5), (0.3, 0.4), (0.75, 0.8)])
def test_the_threshold_is_read_off_the_predictions(cut: float, threshold: float) -> None:
    score = np.array([0.1, 0.2, 0.4, 0.6, 0.8, 0.9])
    data = {"y_true": [0, 1, 0, 1, 0, 1], "y_pred": (score >= cut).astype(int), "y_prob": score}
    assert classified(data).threshold == threshold


def test_predictions_that_no_threshold_gives_have_none() -> None:
    data = {"y_true": [0, 1, 0], "y_pred": [1, 0, 1], "y_prob": [0.1, 0.5, 0.9]}
    assert classified(data).threshold is None


def test_rows_have_their_numbers_whatever_is_left_out(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "y_true": random.choice(["a", "b", None], 500),
            "y_pred": random.choice(["a", "b"], 500),
            "split": random.choice(["train", "test"], 500),
            "age": random.integers(18, 80, 500).astype(float),
            "sample_weight": random.choice([0.0, 1.0, 2.0], 500),
        }
    )
    path = tmp_path / "rows.csv"
    frame.to_csv(path, index=False)
    rows = classified(str(path), filter="age < 60")
    kept = frame[
        frame["y_true"].notna()
        & (frame["split"] == "test")
        & (frame["age"] < 60)
        & (frame["sample_weight"] > 0)
    ]
    assert rows.numbers.tolist() == (kept.index + 1).tolist()
    np.testing.assert_array_equal(rows.others["age"], kept["age"])
    np.testing.assert_array_equal(rows.weight, kept["sample_weight"])


def test_shards_are_counted_on(tmp_path: Path) -> None:
    frame = pd.read_csv(EVEN)
    for at, part in enumerate([frame[:700], frame[700:]]):
        part.to_csv(tmp_path / f"part{at}.csv", index=False)
    rows = classified([str(tmp_path / "part0.csv"), str(tmp_path / "part1.csv")])
    assert rows.numbers.tolist() == list(range(1, len(frame) + 1))
    assert texts(rows.ids) == frame["id"].tolist()


def test_the_truth_may_be_in_another_file(tmp_path: Path) -> None:
    frame = pd.read_csv(EVEN)
    frame[["id", "even"]].sample(frac=1, random_state=0).to_csv(tmp_path / "t.csv", index=False)
    frame.drop(columns="even").to_csv(tmp_path / "p.csv", index=False)
    rows = classified(str(tmp_path / "p.csv"), truth_file=str(tmp_path / "t.csv"))
    assert named(rows, rows.truth) == frame["even"].tolist()
    assert texts(rows.ids) == frame["id"].tolist()


def test_columns_that_tell_nothing_are_left_out_and_said() -> None:
    rows = 60
    data = {
        "y_true": ["a", "b"] * 30,
        "y_pred": ["a", "a", "b"] * 20,
        "comment": [f"what was said {at}" for at in range(rows)],
        "customer_id": range(1000, 1000 + rows),
        "constant": ["k"] * rows,
        "empty": [None] * rows,
        "tags": [["x", "y"]] * rows,
        "half": ["x", None] * 30,
        "flag": [True, False] * 30,
        "price": np.linspace(0, 1, rows),
    }
    case = case_of(data)
    assert dict(case.rows.left_out) == {
        "comment": "a text a row",
        "customer_id": "an id",
        "constant": "one value",
        "empty": "empty",
        "tags": "lists or objects",
    }
    assert set(case.rows.others) == {"half", "flag", "price"}
    assert texts(case.rows.others["half"]) == ["x", None] * 30
    assert texts(case.rows.others["flag"]) == ["True", "False"] * 30


def test_of_very_many_columns_the_first_are_read() -> None:
    random = np.random.default_rng(0)
    pixels = {f"pixel_{at}": random.normal(size=30) for at in range(300)}
    data = {"y_true": ["a", "b"] * 15, "y_pred": ["a"] * 30, **pixels}
    rows = case_of(data).rows
    assert list(rows.others) == list(pixels)[:256]
    assert dict(rows.left_out) == dict.fromkeys(list(pixels)[256:], "beyond 256 columns")
    (note,) = [n for s in mleval.diagnose(data).sections for n in s.notes if "left out" in n]
    assert "pixel_256, pixel_257, pixel_258, pixel_259, pixel_260 and 39 more" in note


def test_texts_that_only_later_rows_tell_apart_are_left_out() -> None:
    data = {"y_true": ["a", "b"] * 3000, "y_pred": ["a", "b"] * 3000}
    later = ["same"] * 1500 + [f"text {at}" for at in range(4500)]
    assert dict(case_of({**data, "later": later}).rows.left_out) == {"later": "a text a row"}


def test_numbers_that_turn_into_words_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    cells = [*map(str, range(1500)), *["none"] * 500]
    path.write_text(
        "y_true,y_pred,n\n" + "".join(f"{'ab'[at % 2]},a,{c}\n" for at, c in enumerate(cells))
    )
    column = case_of(str(path)).rows.others["n"]
    assert isinstance(column, np.ndarray)
    np.testing.assert_array_equal(column, [*range(1500), *[np.nan] * 500])


def test_regression_is_recognised() -> None:
    frame = pd.read_csv(SAMPLES / "diabetes.csv")
    rows = case_of(str(SAMPLES / "diabetes.csv")).rows
    assert isinstance(rows, PredictedRows)
    np.testing.assert_array_equal(rows.truth, frame["actual"])
    np.testing.assert_array_equal(rows.predicted, frame["prediction"])


def test_the_task_can_be_said() -> None:
    data = {"y_true": [1, 2, 3, 4] * 9, "y_pred": [1, 2, 3, 3] * 9}
    assert mleval.diagnose(data).report.task == "multiclass"
    assert mleval.diagnose(data, task="regression").report.task == "regress"


@pytest.mark.parametrize(
    ("data", "options", "told"),
    [
        ({"label": ["a", "b"], "lr_pred": ["a", "b"], "dt_pred": ["b", "b"]}, {}, "2 models"),
        ({"true_labels": ["a|b", "b"] * 9, "predicted_labels": ["a", "b|c"] * 9}, {}, "several"),
        ({"y_true": [1, 0], "score": [2.5, -1.0]}, {}, "nothing is predicted"),
        ({"a": [1], "b": [2]}, {}, "no column that is named like a truth"),
        ({"y_true": ["a"], "y_pred": ["a"]}, {"split": "part"}, "no column 'part'"),
        (
            {"y_true": ["a", "b"], "y_pred": ["a", "b"], "split": ["train", "test"]},
            {"strict": True},
            "--strict does not allow the guess split=split",
        ),
        (
            {"y_true": ["a", "b"], "y_pred": ["a", "b"], "s": ["1", "2"]},
            {"split": "s"},
            "none of which says training",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_examined_is_said(
    data: dict[str, list[object]], options: dict[str, object], told: str
) -> None:
    with pytest.raises(InputError, match=told.replace("(", r"\(")):
        mleval.diagnose(data, **options)
