"""The part on data, beside scikit-learn, pandas and plain transcriptions."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from diagnosed import case_of, finding, kinds, section, table
from planted import planted
from sklearn import metrics as sk
from sklearn.utils.class_weight import compute_class_weight
from test_json_schemas import SAMPLES

import mleval
from mleval.diagnosis.baselines import chance
from mleval.diagnosis.classes import balanced_weights
from mleval.diagnosis.duplicates import repeated
from mleval.diagnosis.finding import Ranged
from mleval.diagnosis.rows import ClassifiedRows, PredictedRows

NAMES = np.array(["ant", "bee", "cat"])


def three(seed: int = 0, rows: int = 300) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    truth = random.choice(3, rows, p=(0.5, 0.3, 0.2))
    predicted = np.where(random.random(rows) < 0.7, truth, random.integers(0, 3, rows))
    scores = random.dirichlet((1, 1, 1), rows)
    frame = pd.DataFrame({"y_true": NAMES[truth], "y_pred": NAMES[predicted]})
    return frame.join(pd.DataFrame(scores, columns=[f"prob_{name}" for name in NAMES]))


def test_the_weights_are_those_of_scikit_learn() -> None:
    frame = three()
    found = mleval.diagnose(frame)
    classes = np.unique(frame["y_true"])
    wanted = compute_class_weight("balanced", classes=classes, y=frame["y_true"])
    assert balanced_weights(case_of(frame).rows) == pytest.approx(  # type: ignore[arg-type]
        dict(zip(classes, wanted, strict=True)), rel=1e-12
    )
    rows = table(found, "classes")
    assert {name: row["truth"] for name, row in rows.items()} == dict(
        frame["y_true"].value_counts()
    )
    assert {name: row["predicted"] for name, row in rows.items()} == dict(
        frame["y_pred"].value_counts()
    )
    (classes_table,) = [e for e in section(found, "data").exhibits if e.name == "classes"]
    name, equals, pasted = classes_table.note.partition("=")
    assert (name, equals) == ("class_weight", "=")
    assert json.loads(pasted) == pytest.approx(dict(zip(classes, wanted, strict=True)), rel=1e-3)


def test_a_weighted_row_counts_as_often_as_it_weighs() -> None:
    frame = three()
    frame["sample_weight"] = np.random.default_rng(1).integers(1, 5, len(frame)).astype(float)
    rows = case_of(frame).rows
    assert isinstance(rows, ClassifiedRows)
    wanted = compute_class_weight(
        "balanced", classes=NAMES, y=np.repeat(frame["y_true"], frame["sample_weight"].astype(int))
    )
    found = balanced_weights(rows)
    assert [found[name] for name in NAMES] == pytest.approx(wanted.tolist(), rel=1e-12)


def test_the_majority_scores_what_scikit_learn_says() -> None:
    frame = three()
    case = case_of(frame)
    found = chance(case.rows, case.report).constant
    truth, guess = frame["y_true"], np.full(len(frame), frame["y_true"].mode()[0])
    shares = truth.value_counts(normalize=True).sort_index().to_numpy()
    prior = np.tile(shares, (len(frame), 1))
    macro = {"average": "macro", "zero_division": 0}
    wanted = {
        "accuracy": sk.accuracy_score(truth, guess),
        "balanced_accuracy": sk.balanced_accuracy_score(truth, guess),
        "precision[macro]": sk.precision_score(truth, guess, **macro),
        "recall[macro]": sk.recall_score(truth, guess, **macro),
        "f1[macro]": sk.f1_score(truth, guess, **macro),
        "f1[weighted]": sk.f1_score(truth, guess, average="weighted", zero_division=0),
        "log_loss": sk.log_loss(truth, prior),
        "roc_auc_ovr[macro]": 0.5,
        "average_precision[macro]": shares.mean(),
        "brier": 1 - (shares**2).sum(),
    }
    assert {name: found[name] for name in wanted} == pytest.approx(wanted, rel=1e-12)
    assert found["mcc"] is None  # 0 / 0, which scikit-learn calls 0


def test_who_draws_by_the_shares_scores_what_the_expected_counts_do() -> None:
    frame = three()
    case = case_of(frame)
    found = chance(case.rows, case.report).random
    shares = frame["y_true"].value_counts(normalize=True).sort_index().to_numpy()
    expected = np.outer(shares, shares)
    pairs = [(t, p) for t in range(3) for p in range(3)]
    truth, guess = NAMES[[t for t, _ in pairs]], NAMES[[p for _, p in pairs]]
    weight = [expected[pair] for pair in pairs]
    macro = {"average": "macro", "sample_weight": weight}
    wanted = {
        "accuracy": float(np.trace(expected)),
        "balanced_accuracy": sk.balanced_accuracy_score(truth, guess, sample_weight=weight),
        "f1[macro]": sk.f1_score(truth, guess, **macro),
        "mcc": 0.0,
        "kappa": 0.0,
    }
    assert {name: found[name] for name in wanted} == pytest.approx(wanted, abs=1e-12)


def test_binary_baselines_are_of_the_positive_class() -> None:
    case = case_of(str(SAMPLES / "cancer.csv"))
    frame = pd.read_csv(SAMPLES / "cancer.csv")
    truth = (frame["true_label"] == "malignant").to_numpy()
    share = truth.mean()
    found = chance(case.rows, case.report)
    assert found.said == "benign"
    wanted = {
        "accuracy": 1 - share,
        "recall": 0.0,
        "f1": 0.0,
        "specificity": 1.0,
        "roc_auc": 0.5,
        "average_precision": share,
        "brier": share * (1 - share),
        "log_loss": sk.log_loss(truth, np.full(len(truth), share)),
    }
    assert {name: found.constant[name] for name in wanted} == pytest.approx(wanted, rel=1e-12)
    drawn = {"precision": share, "recall": share, "f1": share, "specificity": 1 - share}
    assert {name: found.random[name] for name in drawn} == pytest.approx(drawn, rel=1e-12)


def test_regression_baselines_say_the_mean_or_the_median() -> None:
    case = case_of(str(SAMPLES / "diabetes.csv"))
    truth = pd.read_csv(SAMPLES / "diabetes.csv")["actual"]
    assert isinstance(case.rows, PredictedRows)
    rows = table(mleval.diagnose(str(SAMPLES / "diabetes.csv")), "baselines")
    assert rows["r2"]["always the mean"] == 0.0
    assert rows["rmse"]["always the mean"] == pytest.approx(truth.std(ddof=0), rel=1e-12)
    median = (truth - truth.median()).abs()
    assert rows["mae"]["always the median"] == pytest.approx(median.mean(), rel=1e-12)
    value = rows["r2"]["value"]
    assert isinstance(value, Ranged)
    assert value.value == case.report["r2"].value


def test_imbalance_says_its_ratio_and_what_would_balance_it() -> None:
    found = mleval.diagnose(planted("imbalance", 0).data)
    item = finding(found, "imbalance")
    counts = pd.Series(planted("imbalance", 0).data["y_true"]).value_counts()
    assert item.evidence["ratio"] == pytest.approx(counts.max() / counts.min())
    assert item.evidence["smallest"] == "1"
    assert "class_weight={" in str(item.step)
    assert "imbalance" not in kinds(mleval.diagnose(planted("clean", 0).data))


def test_spellings_of_one_class_are_told_with_what_mending_gains() -> None:
    frame = pd.DataFrame({"y_true": ["cat", "Cat ", "dog", "owl_s"] * 25, "y_pred": ["cat"] * 100})
    frame.loc[2::4, "y_pred"] = "dog"
    frame.loc[3::4, "y_pred"] = "owl-s"
    item = finding(mleval.diagnose(frame), "label_spellings")
    merged = frame.replace({"Cat ": "cat", "owl_s": "owls", "owl-s": "owls"})
    assert item.spoils
    assert item.gain is not None
    assert item.gain.now == pytest.approx((frame["y_true"] == frame["y_pred"]).mean())
    assert item.gain.then == pytest.approx((merged["y_true"] == merged["y_pred"]).mean())
    assert "--map 'Cat =cat'" in str(item.step)


@pytest.mark.parametrize(
    ("labels", "same"),
    [
        (("malignant", "malignent"), True),
        (("Malignant", "malignant"), True),
        (("caf\u00e9", "cafe\u0301"), True),
        (("typical", "atypical"), False),
        (("class1", "class2"), False),
        (("1", "1.0"), False),
        (("male", "female"), False),
    ],
)
def test_what_may_be_one_class(labels: tuple[str, str], same: bool) -> None:
    usual, rare = labels
    data = {"y_true": [usual] * 95 + [rare] * 5, "y_pred": [usual, rare] * 50}
    data["y_true"], data["y_pred"] = (column * 2 for column in (data["y_true"], data["y_pred"]))
    data["y_pred"] = [usual] * 195 + [rare] * 5
    assert ("label_spellings" in kinds(mleval.diagnose(data, task="multiclass"))) == same


def test_frequent_labels_that_differ_by_a_letter_are_two_classes() -> None:
    data = {"y_true": ["heart", "heard"] * 50, "y_pred": ["heart", "heard"] * 50}
    assert "label_spellings" not in kinds(mleval.diagnose(data))


def test_classes_that_one_side_alone_knows() -> None:
    data = {"y_true": ["a", "b", "c", "a"] * 20, "y_pred": ["a", "b", "a", "d"] * 20}
    found = mleval.diagnose(data)
    assert finding(found, "never_predicted").evidence == {"classes": "c", "rows": 20.0}
    assert finding(found, "absent_from_truth").evidence == {"classes": "d", "rows": 20.0}


def copies(frame: pd.DataFrame, count: int, **other: object) -> pd.DataFrame:
    return pd.concat([frame, frame.head(count).assign(**other)], ignore_index=True)


@pytest.fixture(scope="module")
def clean() -> pd.DataFrame:
    return pd.DataFrame(planted("clean", 1).data)


def test_rows_that_come_again_are_those_of_pandas(clean: pd.DataFrame) -> None:
    frame = copies(clean, 37)
    item = finding(mleval.diagnose(frame), "duplicate_rows")
    columns = [name for name in frame if name != "y_prob"]
    assert item.evidence["rows"] == frame.duplicated(subset=columns).sum() == 37
    assert kinds(mleval.diagnose(clean)) & {"duplicate_rows", "conflicting_duplicates"} == set()


def test_rows_that_differ_in_their_truth_alone_conflict(clean: pd.DataFrame) -> None:
    other = 1 - clean["y_true"].head(23).to_numpy()
    frame = copies(clean, 23, y_true=other)
    found = mleval.diagnose(frame)
    assert finding(found, "conflicting_duplicates").evidence["rows"] == 46
    assert finding(found, "conflicting_duplicates").evidence["first"] in range(1, 24)
    assert "duplicate_rows" not in kinds(found)


def test_rows_of_few_categories_are_alike_by_nature(clean: pd.DataFrame) -> None:
    frame = clean[["y_true", "y_pred", "country", "device", "visits"]]
    rows = case_of(copies(frame, 500)).rows
    assert frame.duplicated().sum() > 1000
    assert repeated(rows).findings == ()


def test_missing_cells_and_signed_zeros_are_the_same(clean: pd.DataFrame) -> None:
    frame = clean.assign(income=clean["income"].where(clean.index % 7 > 0))
    frame.loc[:20, "lean"] = -0.0
    again = frame.head(20).assign(lean=0.0)
    item = finding(mleval.diagnose(pd.concat([frame, again])), "duplicate_rows")
    assert item.evidence["rows"] == 20


def test_truth_of_one_class_is_told_and_nothing_else_of_it() -> None:
    found = mleval.diagnose({"y_true": ["a"] * 30, "y_pred": ["a", "b", "a"] * 10})
    assert finding(found, "one_class").spoils
    assert "no_better_than_majority" not in kinds(found)


@pytest.mark.parametrize("seed", range(5))
def test_guesses_are_no_better_than_guesses(seed: int) -> None:
    random = np.random.default_rng(seed)
    data = {"y_true": random.integers(0, 2, 900), "y_prob": random.random(900)}
    assert "no_better_than_chance" in kinds(mleval.diagnose(data))


def test_constant_scores_and_predictions_are_told() -> None:
    data = {"y_true": [0, 1] * 20, "y_prob": [0.7] * 40}
    assert finding(mleval.diagnose(data), "constant_scores").evidence["value"] == 0.7
    numbers = {"y_true": np.linspace(0.5, 3, 40), "y_pred": [1.25] * 40}
    assert "constant_predictions" in kinds(mleval.diagnose(numbers))


def test_findings_come_in_the_order_of_what_they_spoil_and_could_gain() -> None:
    frame = copies(pd.DataFrame(planted("weak_one", 3).data), 30)
    found = mleval.diagnose(frame)
    assert {"duplicate_rows", "weak_slice"} <= kinds(found)
    order = [
        (not item.spoils, -item.gain.recovers if item.gain else 0.0) for item in found.findings
    ]
    assert all(before <= after for before, after in pairwise(order))
    assert [number for step in found.steps for number in step.findings] == sorted(
        number for step in found.steps for number in step.findings
    )
    for step in found.steps:
        assert {found.findings[number - 1].step for number in step.findings} == {step.text}
    with_steps = {n for n, item in enumerate(found.findings, 1) if item.step is not None}
    assert {number for step in found.steps for number in step.findings} == with_steps
