"""`mleval classify --truth-proba`: soft labels beside labels and in their place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command import run
from scipy.spatial.distance import jensenshannon
from scipy.stats import entropy

import mleval
from mleval.errors import InputError, UsageError

CLASSES = ("cat", "dog", "owl")
METRICS = ("cross_entropy", "kl_divergence", "js_divergence")


def expected(p: Any, q: Any, weight: Any = None) -> dict[str, float]:
    """By scipy, row by row."""
    kl = [entropy(one, other) for one, other in zip(p, q, strict=True)]
    own = [entropy(one) for one in p]
    js = [jensenshannon(one, other) ** 2 for one, other in zip(p, q, strict=True)]
    columns = (np.add(kl, own), kl, js)
    return {
        name: float(np.average(column, weights=weight))
        for name, column in zip(METRICS, columns, strict=True)
    }


@pytest.fixture
def table() -> pd.DataFrame:
    """Forty rows of both distributions, the label most likely in truth, and a weight."""
    random = np.random.default_rng(6)
    p, q = random.dirichlet([1, 1, 1], (2, 40))
    columns = {f"t_{name}": p[:, k] for k, name in enumerate(CLASSES)}
    # in another order than the soft labels
    columns |= {f"prob_{CLASSES[k]}": q[:, k] for k in (2, 0, 1)}
    return pd.DataFrame(columns).assign(label=np.array(CLASSES)[p.argmax(axis=1)])


def distributions(table: pd.DataFrame) -> tuple[Any, Any]:
    return tuple(table[[f"{prefix}{c}" for c in CLASSES]].to_numpy() for prefix in ("t_", "prob_"))


def found(report: Any) -> dict[str, float]:
    return {name: report[name].value for name in METRICS}


def test_soft_labels_alone_by_scipy(table: pd.DataFrame, tmp_path: Path) -> None:
    table.drop(columns="label").to_csv(tmp_path / "x.csv", index=False)
    report = mleval.classify(tmp_path / "x.csv", truth_probabilities="t_", verify=True)
    assert found(report) == pytest.approx(expected(*distributions(table)), rel=1e-12)
    assert tuple(report.metrics) == METRICS
    assert any(a.what == "truth" and a.value == "soft labels alone" for a in report.assumed)


def test_soft_labels_beside_labels(table: pd.DataFrame) -> None:
    report = mleval.classify(table, truth_probabilities="t_", verify=True)
    assert found(report) == pytest.approx(expected(*distributions(table)), rel=1e-12)
    plain = mleval.classify(table[["label", *(f"prob_{c}" for c in CLASSES)]])
    assert {name: report[name] for name in plain.metrics} == dict(plain.metrics)


def test_two_classes(tmp_path: Path) -> None:
    p, q = np.random.default_rng(3).dirichlet([1, 1], (2, 30))
    file = tmp_path / "two.csv"
    columns = {"t_0": p[:, 0], "t_1": p[:, 1], "prob_0": q[:, 0], "prob_1": q[:, 1]}
    pd.DataFrame({"y": (p[:, 1] > 0.5).astype(int), **columns}).to_csv(file, index=False)
    report = mleval.classify(file, truth_probabilities="t_", verify=True)
    assert report.task == "binary"
    assert found(report) == pytest.approx(expected(p, q), rel=1e-12)


def test_weights_and_lists(table: pd.DataFrame) -> None:
    p, q = distributions(table)
    weight = np.random.default_rng(1).integers(1, 5, len(table))
    lists = {"votes": p.tolist(), "probabilities": q.tolist(), "sample_weight": weight}
    report = mleval.classify(lists, truth_probabilities="votes", classes=CLASSES, verify=True)
    assert found(report) == pytest.approx(expected(p, q, weight), rel=1e-12)


def test_arrays_and_logits(table: pd.DataFrame) -> None:
    p, q = distributions(table)
    plain = mleval.classify(truth_probabilities=p, probabilities=q, verify=True)
    named = mleval.classify(
        truth_probabilities=dict(zip(CLASSES, p.T, strict=True)),
        probabilities=dict(zip(CLASSES, np.log(q).T, strict=True)),
        score_scale="logit",
        verify=True,
    )
    assert found(named) == pytest.approx(found(plain), rel=1e-12)


def test_the_scale_of_predictions_is_not_that_of_soft_labels(table: pd.DataFrame) -> None:
    p, q = distributions(table)
    plain = mleval.classify(truth_probabilities=p, probabilities=q)
    percent = mleval.classify(truth_probabilities=p, probabilities=100 * q, score_scale="percent")
    assert found(percent) == pytest.approx(found(plain), rel=1e-9)


def test_soft_labels_in_a_truth_file(table: pd.DataFrame) -> None:
    both = table.assign(id=np.arange(len(table)))
    truth = both[["id", *(f"t_{c}" for c in CLASSES)]].sample(frac=1, random_state=1)
    predictions = both[["id", *(f"prob_{c}" for c in CLASSES)]]
    report = mleval.classify(predictions, truth_file=truth, truth_probabilities="t_")
    assert found(report) == pytest.approx(expected(*distributions(table)), rel=1e-12)


def test_rows_without_a_soft_label_are_left_out(table: pd.DataFrame) -> None:
    soft = table.drop(columns="label")
    gaps = soft.assign(t_cat=soft["t_cat"].where(soft.index > 1))
    report = mleval.classify(gaps, truth_probabilities="t_")
    assert report.provenance["left_out"] == {"no truth": 2}
    assert found(report) == found(mleval.classify(soft[2:], truth_probabilities="t_"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"t_cat": 0.9}, "expected true probabilities that sum to 1"),
        ({"t_cat": -0.2}, "expected probabilities from 0 to 1 in column 't_cat'"),
        ({"t_cat": "much"}, "expected numbers in the truth_probabilities column 't_cat'"),
        ({"t_ape": 0.0}, "the soft labels are of 'cat', 'dog', 'owl', 'ape'"),
    ],
)
def test_what_is_no_distribution_is_refused(
    table: pd.DataFrame, change: dict[str, Any], message: str
) -> None:
    soft = table.drop(columns="label").assign(**change)
    with pytest.raises(InputError) as error:
        mleval.classify(soft, truth_probabilities="t_")
    assert message in str(error.value)


def test_soft_labels_need_the_probability_of_each_class(table: pd.DataFrame) -> None:
    soft = table[["t_cat", "t_dog", "t_owl", "label"]].assign(prediction="cat")
    with pytest.raises(InputError, match="no predicted probability of each class"):
        mleval.classify(soft, truth_probabilities="t_")


def test_what_needs_labels_is_refused_where_there_are_none(table: pd.DataFrame) -> None:
    soft = table.drop(columns="label")
    with pytest.raises(InputError, match="no truth labels"):
        mleval.classify(soft, truth_probabilities="t_", metrics="accuracy")


def test_what_needs_soft_labels_says_so(table: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=r"no column of truth_probabilities \(--truth-proba\)"):
        mleval.classify(table.drop(columns=["t_cat", "t_dog", "t_owl"]), metrics="kl_divergence")


def test_several_labels_a_row_are_no_distribution() -> None:
    with pytest.raises(UsageError, match=r"soft labels \(truth_probabilities\) are a"):
        mleval.classify("x.csv", task="multilabel", truth_probabilities="t_")


def test_the_command_line(table: pd.DataFrame, tmp_path: Path) -> None:
    table.to_csv(tmp_path / "x.csv", index=False)
    result = run(
        "classify", str(tmp_path / "x.csv"), "--truth-proba", "t_", "--verify", "-m", "all"
    )
    assert result.status == 0
    assert "soft labels=t_cat, t_dog, t_owl (3 columns)" in " ".join(result.stdout.split())
    assert "numbers agree with the references" in result.stdout
