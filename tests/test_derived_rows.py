"""Derived metrics whose parts are read off different states: intervals by the influence of rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import run
from multilabel_data import drawn
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    f1_score,
    log_loss,
    mean_absolute_error,
    roc_auc_score,
    root_mean_squared_error,
)
from test_derived import (
    ERROR,
    GUESS,
    LABEL,
    PREDICTION,
    ROWS,
    SCORE,
    TRUTH,
    Z,
    by_weights,
    classified,
    half_width,
    regressed,
)

import mleval
from mleval.evaluation.run import Evaluated, evaluate
from mleval.expression import parse_metric
from mleval.options import ClassifyOptions, RegressOptions
from mleval.report import Estimate, Report

RNG = np.random.default_rng(11)
CLASS = RNG.choice(3, ROWS, p=[0.5, 0.3, 0.2])
LOGITS = RNG.normal(size=(ROWS, 3)) + 1.2 * np.eye(3)[CLASS]
PROBABILITY = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)
WEIGHT = RNG.gamma(2.0, 1.0, ROWS) + 0.1
SAMPLES = 300


def by_rows(found: Estimate, of: Callable[[np.ndarray], float]) -> None:
    """Its value and its interval are those that slopes in the weights give."""
    assert found.value == pytest.approx(of(np.ones(ROWS)), rel=1e-12)
    assert found.method == "delta, rows"
    assert half_width(found) == pytest.approx(by_weights(of, small=True), rel=1e-5)


def test_counts_and_scores() -> None:
    def of(weight: np.ndarray) -> float:
        f1 = f1_score(LABEL, GUESS, sample_weight=weight)
        return float(f1 + roc_auc_score(LABEL, SCORE, sample_weight=weight))

    by_rows(classified("both = f1 + roc_auc")["both"], of)


def test_counts_and_losses_in_a_ratio() -> None:
    def of(weight: np.ndarray) -> float:
        area = average_precision_score(LABEL, SCORE, sample_weight=weight)
        return float(area / accuracy_score(LABEL, GUESS, sample_weight=weight))

    by_rows(classified("ratio = average_precision/accuracy")["ratio"], of)


def test_averages_over_classes_counts_and_means() -> None:
    def of(weight: np.ndarray) -> float:
        area = roc_auc_score(CLASS, PROBABILITY, multi_class="ovr", sample_weight=weight)
        f1 = f1_score(CLASS, PROBABILITY.argmax(axis=1), average="macro", sample_weight=weight)
        return float(area + f1 - log_loss(CLASS, PROBABILITY, sample_weight=weight))

    columns = {"y_true": np.array(list("abc"))[CLASS]}
    columns |= {f"prob_{name}": PROBABILITY[:, k] for k, name in enumerate("abc")}
    asked = "x = roc_auc_ovr[macro] + f1[macro] - log_loss"
    report = mleval.classify(columns, metrics=asked)
    assert isinstance(report, Report)
    by_rows(report["x"], of)


def test_each_class_has_scores_of_its_own() -> None:
    def of(weight: np.ndarray) -> float:
        one, other = (
            roc_auc_score(k == CLASS, PROBABILITY[:, k], sample_weight=weight) for k in (0, 2)
        )
        return float(one - other)

    columns = {"y_true": np.array(list("abc"))[CLASS]}
    columns |= {f"prob_{name}": PROBABILITY[:, k] for k, name in enumerate("abc")}
    report = mleval.classify(columns, metrics="x = roc_auc_ovr[class=a] - roc_auc_ovr[class=c]")
    assert isinstance(report, Report)
    by_rows(report["x"], of)


def test_weights_go_with_the_rows() -> None:
    def of(weight: np.ndarray) -> float:
        f1 = f1_score(LABEL, GUESS, sample_weight=weight * WEIGHT)
        return float(f1 + roc_auc_score(LABEL, SCORE, sample_weight=weight * WEIGHT))

    data = {"y_true": LABEL, "y_pred": GUESS, "prob": SCORE, "sample_weight": WEIGHT}
    report = mleval.classify(data, score="prob", metrics="x = f1 + roc_auc", positive="1")
    assert isinstance(report, Report)
    found, rows = report["x"], WEIGHT.sum() ** 2 / (WEIGHT @ WEIGHT)
    assert found.value == pytest.approx(of(np.ones(ROWS)), rel=1e-12)
    sandwich = by_weights(of, small=False) * (rows / (rows - 1)) ** 0.5
    assert half_width(found) == pytest.approx(sandwich, rel=1e-5)


@pytest.fixture(scope="module")
def label_rows() -> Any:
    return drawn(21, rows=ROWS, labels=4)


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ("x = f1[macro] + f1[samples]", ("macro", "samples")),
        ("x = f1[micro] + f1[samples]", ("micro", "samples")),
        ("x = f1[macro] - f1[micro]", ("macro", "micro")),
    ],
)
def test_averages_over_labels_and_over_rows(
    label_rows: Any, asked: str, kinds: tuple[str, str]
) -> None:
    def of(weight: np.ndarray) -> float:
        sides = label_rows.truth, label_rows.prediction
        one, other = (
            f1_score(*sides, average=kind, sample_weight=weight, zero_division=0.0)
            for kind in kinds
        )
        return float(one - other if "-" in asked else one + other)

    report = mleval.classify(label_rows.cells(), task="multilabel", metrics=asked)
    assert isinstance(report, Report)
    found = report["x"]
    assert found.value == pytest.approx(of(np.ones(ROWS)), rel=1e-12)
    assert half_width(found) == pytest.approx(by_weights(of, small=True), rel=1e-5)


def test_counts_and_scores_of_labels(label_rows: Any) -> None:
    def of(weight: np.ndarray) -> float:
        f1 = f1_score(
            label_rows.truth, label_rows.prediction, average="macro", sample_weight=weight
        )
        area = roc_auc_score(label_rows.truth, label_rows.scores, sample_weight=weight)
        return float(f1 + area)

    asked = "x = f1[macro] + roc_auc[macro]"
    report = mleval.classify(label_rows.cells(), task="multilabel", metrics=asked)
    assert isinstance(report, Report)
    by_rows(report["x"], of)


def test_one_label_beside_another(label_rows: Any) -> None:
    def of(weight: np.ndarray) -> float:
        one, other = (
            f1_score(label_rows.truth[:, k], label_rows.prediction[:, k], sample_weight=weight)
            for k in (0, 1)
        )
        return float(one - other)

    report = mleval.classify(
        label_rows.cells(), task="multilabel", metrics="x = f1[class=a] - f1[class=b]"
    )
    assert isinstance(report, Report)
    found = report["x"]
    assert found.value == pytest.approx(of(np.ones(ROWS)), rel=1e-12)
    assert half_width(found) == pytest.approx(by_weights(of, small=True), rel=1e-5)


def test_ranks_and_means() -> None:
    def of(weight: np.ndarray) -> float:
        share = weight / weight.sum()

        def middle(x: np.ndarray) -> np.ndarray:
            below, level = x[:, None] > x, x[:, None] == x
            ranks = (below + level / 2) @ share
            return np.asarray(ranks - share @ ranks)

        a, b = middle(TRUTH), middle(PREDICTION)
        rho = (share * a) @ b / np.sqrt((share * a @ a) * (share * b @ b))
        return float(rho - mean_absolute_error(TRUTH, PREDICTION, sample_weight=weight))

    by_rows(regressed("x = spearman - mae")["x"], of)


def test_a_percentile_beside_a_mean() -> None:
    """A percentile moves with the share of rows above it, as much as its interval is wide."""
    report = regressed("x = medae + mae", "medae")
    half = report["medae"]
    assert half.low is not None
    assert half.high is not None
    absolute = np.abs(ERROR)
    above = absolute > np.median(absolute)
    error = (half.high - half.low) / (2 * Z) * ROWS**0.5
    phi = (above - above.mean()) / above.std(ddof=1) * error + absolute - absolute.mean()
    found = report["x"]
    assert found.value == pytest.approx(np.median(absolute) + absolute.mean(), rel=1e-12)
    assert half_width(found) == pytest.approx(Z * phi.std(ddof=1) / ROWS**0.5, rel=1e-9)


def test_a_percentile_alone_keeps_no_rows() -> None:
    report = regressed("x = 2*p90", "p90")
    one = report["p90"]
    assert one.high is not None
    assert one.low is not None
    assert half_width(report["x"]) == pytest.approx(one.high - one.low, rel=1e-9)
    assert report["x"].method == "delta"
    assert not memory(report)


def test_pairs() -> None:
    distance = np.round(RNG.gamma(3.0, 0.2, ROWS) + 0.3 * LABEL, 3)

    short = np.where(LABEL > 0, np.maximum(1 - distance, 0), distance)

    def of(weight: np.ndarray) -> float:
        area = roc_auc_score(1 - LABEL, -distance, sample_weight=weight)
        return float(area - np.average(short**2, weights=weight))

    data = {"distance": distance, "dissimilar": LABEL}
    report = mleval.pairs(data, metrics="x = roc_auc - contrastive_loss")
    assert isinstance(report, Report)
    by_rows(report["x"], of)


def memory(report: Report) -> list[str]:
    return [str(item) for item in report.assumed if item.what == "memory"]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (["x = f1 + roc_auc"], True),
        (["x = f1 + recall"], False),
        (["x = roc_auc + average_precision"], False),
        (["x = f1 + best_f1"], False),  # has no interval anyway
        (["f1", "roc_auc"], False),
    ],
)
def test_rows_are_kept_only_where_an_interval_takes_them(asked: list[str], kept: bool) -> None:
    report = classified(*asked)
    assert bool(memory(report)) == kept
    data = {"y_true": LABEL, "y_pred": GUESS, "prob": SCORE}
    told = ClassifyOptions(task="binary", score="prob", metrics=tuple(map(parse_metric, asked)))
    done = evaluate(data, told)
    assert isinstance(done, Evaluated)
    assert (done.batches, done.influences) == ((), None)


def test_without_intervals_no_rows_are_kept() -> None:
    told = RegressOptions(metrics=(parse_metric("x = spearman - mae"),), intervals=False)
    done = evaluate({"y_true": TRUTH, "y_pred": PREDICTION}, told)
    assert isinstance(done, Evaluated)
    assert not memory(done.report)


def test_the_influence_of_a_derived_metric_is_that_of_its_parts() -> None:
    told = RegressOptions(
        metrics=(parse_metric("x = 2*rmse - p90"), *map(parse_metric, ("rmse", "p90")))
    )
    done = evaluate({"y_true": TRUTH, "y_pred": PREDICTION}, told, keep_batches=True)
    assert isinstance(done, Evaluated)
    together = 2 * done.influence("rmse") - done.influence("p90")
    np.testing.assert_allclose(done.influence("x"), together, rtol=1e-9, atol=1e-12)


def test_verifying_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    lines = [f"{t},{g},{s}" for t, g, s in zip(LABEL, GUESS, SCORE, strict=True)]
    path.write_text("\n".join(["y_true,y_pred,y_score", *lines]))
    asked = ["classify", str(path), "-m", "x = f1 + roc_auc", "-m", "y = f1 + recall", "--json"]
    plain, verified = run(*asked), run(*asked, "--verify")
    assert plain.status == verified.status == 0, verified.stderr
    assert plain.stdout == verified.stdout
    assert "memory" in plain.stdout


@pytest.mark.parametrize("asked", ["x = p90 + rmse", "x = p90 - rmse", "x = spearman + mae"])
def test_intervals_are_as_wide_as_the_number_scatters(asked: str) -> None:
    """Of many samples: the mean variance told is that of the values, by 4 standard errors."""
    rng, values, told = np.random.default_rng(17), [], []
    for _ in range(SAMPLES):
        truth = rng.normal(0, 2, 200)
        prediction = truth + rng.standard_t(8, 200)
        report = mleval.regress(truth=truth, prediction=prediction, metrics=asked)
        assert isinstance(report, Report)
        values.append(report["x"].value)
        told.append((half_width(report["x"]) / Z) ** 2)
    ratio = float(np.mean(told) / np.var(np.array(values, float), ddof=1))
    assert abs(np.log(ratio)) < 4 * (2 / SAMPLES) ** 0.5


def test_a_bootstrap_says_the_same() -> None:
    rng, values = np.random.default_rng(23), []
    found = classified("x = f1 + roc_auc")["x"]
    for _ in range(1000):
        some = rng.integers(0, ROWS, ROWS)
        label, guess, score = LABEL[some], GUESS[some], SCORE[some]
        f1 = 2 * (label & guess).sum() / (label.sum() + guess.sum())
        lead = score[label == 1][:, None] - score[label == 0]
        values.append(f1 + (np.sign(lead) / 2 + 0.5).mean())
    ratio = (half_width(found) / Z) ** 2 / np.var(values, ddof=1)
    assert abs(np.log(ratio)) < 4 * (2 / 1000) ** 0.5


def test_several_targets() -> None:
    truth = RNG.normal(size=(ROWS, 2))
    guess = truth + RNG.normal(size=(ROWS, 2))
    columns = {}
    for k, name in enumerate(("north", "south")):
        columns |= {f"{name}_true": truth[:, k], f"{name}_pred": guess[:, k]}
    asked = "x = p90[target=south] + rmse"
    report = mleval.regress(columns, metrics=[asked, "p90[target=south]", "rmse"])
    assert isinstance(report, Report)
    one = report["p90[target=south]"]
    assert one.low is not None
    assert one.high is not None
    absolute, squared = np.abs(guess - truth)[:, 1], (guess - truth) ** 2
    above = absolute > np.quantile(absolute, 0.9, method="averaged_inverted_cdf")
    error = (one.high - one.low) / (2 * Z) * ROWS**0.5
    phi = (above - above.mean()) / above.std(ddof=1) * error
    for k in range(2):
        root = root_mean_squared_error(truth[:, k], guess[:, k])
        phi = phi + (squared[:, k] - root**2) / (2 * root) / 2
    assert half_width(report["x"]) == pytest.approx(Z * phi.std(ddof=1) / ROWS**0.5, rel=1e-9)
