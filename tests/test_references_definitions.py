"""The definitions against examples worked by hand, and against a library where two ways exist."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mleval.metrics import metrics
from mleval.references import REFERENCES, counts, definitions, probabilities, reference, scores
from mleval.references.definitions.calibration import Forecast, quantile_edges
from mleval.references.observed import Floats, Labels, Observed, Scale
from mleval.references.one_vs_rest import expit
from mleval.references.recalibration import calibration_intercept, calibration_slope

SEEDS = (0, 1, 2)
AVERAGES = ("macro", "micro", "weighted")


def binary(
    truth: str,
    score: list[float] | Floats | None = None,
    *,
    prediction: str | None = None,
    weight: list[float] | None = None,
    scale: Scale = "probability",
) -> Observed:
    """Rows of classes "0" and "1", written as strings of digits."""
    return Observed(
        "binary",
        np.array(list(truth), dtype=object),
        None if prediction is None else np.array(list(prediction), dtype=object),
        ("0", "1"),
        "1",
        None if score is None else np.asarray(score, dtype=float),
        scale,
        weight=None if weight is None else np.asarray(weight, dtype=float),
    )


def random_binary(seed: int, *, weighted: bool = True, rows: int = 90) -> Observed:
    """Tied scores, integer weights with zeros among them."""
    rng = np.random.default_rng(seed)
    score = np.round(rng.random(rows), 2)
    truth = (rng.random(rows) < score).astype(int)
    prediction = (rng.random(rows) < score).astype(int)
    weight = rng.integers(0, 4, rows).tolist() if weighted else None
    digits = ["".join(map(str, column)) for column in (truth, prediction)]
    return binary(digits[0], score, prediction=digits[1], weight=weight)


def random_multiclass(seed: int, *, weighted: bool = True, rows: int = 90) -> Observed:
    """Class names in an order that is not the alphabet's."""
    rng = np.random.default_rng(seed)
    names = np.array(["zebra", "ape", "Mouse", "10"], dtype=object)
    table = rng.dirichlet(np.ones(4), rows)
    truth = np.array([rng.choice(4, p=row) for row in table])
    return Observed(
        "multiclass",
        names[truth],
        names[table.argmax(axis=1)],
        tuple(names),
        probabilities=table,
        probability_classes=tuple(names),
        weight=rng.integers(0, 4, rows).astype(float) if weighted else None,
    )


def random_multilabel(seed: int, *, rows: int = 90) -> Observed:
    """Three labels a row at most, each with a score."""
    rng = np.random.default_rng(seed)
    table = rng.random((rows, 3))
    return Observed(
        "multilabel",
        np.full(rows, "", dtype=object),
        np.full(rows, "", dtype=object),
        ("a", "b", "c"),
        probabilities=table,
        probability_classes=("a", "b", "c"),
        weight=rng.integers(0, 4, rows).astype(float),
        truth_table=(rng.random((rows, 3)) < table).astype(np.int64),
        prediction_table=(rng.random((rows, 3)) < table).astype(np.int64),
    )


def repeated(observed: Observed) -> Observed:
    """Each row as often as its weight says, without weights."""
    assert observed.weight is not None
    times = observed.weight.astype(int)
    score, table = observed.score, observed.probabilities
    return replace(
        observed,
        truth=np.repeat(observed.truth, times),
        prediction=np.repeat(predicted(observed), times),
        score=None if score is None else np.repeat(score, times),
        probabilities=None if table is None else np.repeat(table, times, axis=0),
        weight=None,
        **{
            name: np.repeat(marks, times, axis=0)
            for name in ("truth_table", "prediction_table", "truth_probabilities")
            if (marks := getattr(observed, name)) is not None
        },
    )


def soft(observed: Observed) -> Observed:
    """With a true distribution over the classes in each row."""
    score, table = observed.score, observed.probabilities
    if table is None:
        assert score is not None
        table = np.stack([1 - score, score], axis=1).clip(0.01, 0.99)
    truth = np.random.default_rng(7).dirichlet(np.ones(table.shape[1]), len(table))
    return replace(observed, probabilities=table, truth_probabilities=truth)


def predicted(observed: Observed) -> Labels:
    """The predicted labels, which are there."""
    assert observed.prediction is not None
    return observed.prediction


OPTIONS: dict[str, dict[str, object]] = {
    "fbeta": {"beta": 2.0},
    "recall_at_precision": {"precision": 0.4},
    "precision_at_recall": {"recall": 0.6},
    "tpr_at_fpr": {"fpr": 0.1},
    "precision_at_k": {"k": 7.5},
    "lift_at": {"fraction": 0.13},
}


SOFT = {metric.name for metric in metrics() if "truth_probabilities" in metric.needs}
RANDOM: dict[str, Callable[[int], Observed]] = {
    "binary": random_binary,
    "multiclass": random_multiclass,
    "multilabel": random_multilabel,
}


@pytest.mark.parametrize(("task", "name"), sorted(row for row in REFERENCES if row[0] in RANDOM))
def test_a_weight_of_two_is_the_row_twice_and_of_zero_no_row(task: str, name: str) -> None:
    found = reference(task, name)
    assert found is not None
    options = OPTIONS.get(name, {})
    if (task, name) == ("multiclass", "cost"):
        options = {"matrix": tuple(tuple(range(i, i + 4)) for i in range(4))}
    for seed in SEEDS:
        rows = RANDOM[task](seed)
        rows = soft(rows) if name in SOFT else rows
        value = found.function(rows, **options)
        assert math.isfinite(value)
        assert found.function(repeated(rows), **options) == pytest.approx(value, rel=1e-10)


def test_the_package_is_light_to_import_and_knows_only_its_tasks() -> None:
    code = "import sys, mleval.references; print({'sklearn', 'scipy'} & set(sys.modules))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert printed.stdout.strip() == "set()", printed.stderr
    assert reference("binary", "rmse") is None


# ---------------------------------------------------------------- from counts

HAND = binary("1111100000", prediction="1110011000")  # TP 3, FN 2, FP 2, TN 3


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        (definitions.specificity, 3 / 5),
        (definitions.npv, 3 / 5),
        (definitions.fpr, 2 / 5),
        (definitions.fnr, 2 / 5),
        (definitions.informedness, 1 / 5),
        (definitions.markedness, 1 / 5),
        (definitions.g_mean, 3 / 5),
        (definitions.prevalence, 1 / 2),
        (definitions.cost, 4 / 10),
    ],
)
def test_counts_by_hand(metric: Callable[..., float], value: float) -> None:
    assert metric(HAND) == pytest.approx(value, abs=1e-15)


def test_cost_weighs_errors_and_reads_a_matrix_by_rows_of_truth() -> None:
    rows = binary("1100", prediction="1010")
    assert definitions.cost(rows, fp=1, fn=10) == pytest.approx(11 / 4)
    assert definitions.cost(rows, matrix=((0, 3), (5, -1))) == pytest.approx((3 + 5 - 1) / 4)


def test_what_divides_by_zero_is_nan_alone_and_zero_division_in_an_average() -> None:
    rows = binary("111", prediction="110")  # nothing is truly "0"
    assert math.isnan(definitions.specificity(rows))
    assert definitions.specificity(rows, of_class="0") == pytest.approx(2 / 3)
    assert definitions.specificity(rows, average="macro") == pytest.approx(1 / 3)
    assert definitions.specificity(rows, average="macro", zero_division=math.nan) == (
        pytest.approx(2 / 3)
    )
    assert math.isnan(counts.recall(rows, of_class="0"))
    assert counts.recall(rows, average="macro") == pytest.approx(1 / 3)
    assert counts.recall(rows, average="macro", zero_division=math.nan) == pytest.approx(2 / 3)


def test_constant_columns_have_no_correlation() -> None:
    assert math.isnan(counts.mcc(binary("1111", prediction="1100")))
    assert math.isnan(counts.kappa(binary("1111", prediction="1111")))
    assert counts.kappa(binary("1111", prediction="1100")) == 0.0


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("average", AVERAGES)
def test_rates_are_recalls_of_the_other_side(seed: int, average: str) -> None:
    rows = random_multiclass(seed)
    recall = counts.recall(rows, average=average)
    assert definitions.fnr(rows, average=average) == pytest.approx(1 - recall, abs=1e-14)
    specificity = definitions.specificity(rows, average=average)
    assert definitions.fpr(rows, average=average) == pytest.approx(1 - specificity, abs=1e-14)
    assert definitions.informedness(rows, average=average) == (
        pytest.approx(recall + specificity - 1, abs=1e-14)
    )
    for name in rows.classes:
        others = [
            definitions.specificity(rows, of_class=name),
            definitions.npv(rows, of_class=name),
        ]
        rest = binary(
            "".join("01"[label == name] for label in rows.truth),
            prediction="".join("01"[label == name] for label in predicted(rows)),
            weight=None if rows.weight is None else rows.weight.tolist(),
        )
        scikit = [counts.recall(rest, of_class="0"), counts.precision(rest, of_class="0")]
        assert others == pytest.approx(scikit, abs=1e-14)


def test_g_mean_of_several_classes_takes_the_recalls_of_those_in_truth() -> None:
    truth, prediction = (np.array(list(column), dtype=object) for column in ("aaaabbc", "aaabbbd"))
    rows = Observed("multiclass", truth, prediction, ("a", "b", "c", "d"))
    assert definitions.g_mean(rows) == 0.0
    prediction[6] = "c"
    assert definitions.g_mean(rows) == pytest.approx((3 / 4 * 1 * 1) ** (1 / 3))


# ---------------------------------------------------------------- from scores

RANKED = binary("1101000", [0.9, 0.8, 0.7, 0.7, 0.4, 0.3, 0.2])


def test_thresholds_by_hand() -> None:
    assert definitions.recall_at_precision(RANKED, precision=1.0) == pytest.approx(2 / 3)
    assert definitions.recall_at_precision(RANKED, precision=0.75) == 1.0
    assert math.isnan(definitions.recall_at_precision(binary("01", [0.9, 0.1]), precision=0.6))
    assert definitions.precision_at_recall(RANKED, recall=0.9) == pytest.approx(3 / 4)
    assert definitions.tpr_at_fpr(RANKED, fpr=0.0) == pytest.approx(2 / 3)
    assert definitions.tpr_at_fpr(RANKED, fpr=0.25) == 1.0
    assert definitions.tpr_at_fpr(binary("01", [0.9, 0.1]), fpr=0.5) == 0.0
    assert definitions.best_f1(RANKED) == pytest.approx(6 / 7)
    assert definitions.best_f1_threshold(RANKED) == 0.7
    assert definitions.youden(RANKED) == pytest.approx(3 / 4)
    assert definitions.youden_threshold(RANKED) == 0.7


def test_the_highest_of_equally_good_thresholds_is_chosen() -> None:
    rows = binary("101100", [0.9, 0.8, 0.7, 0.6, 0.5, 0.4])  # J = 1/3 at 0.9 … 2/3 at 0.6
    assert definitions.youden_threshold(rows) == 0.6
    rows = binary("1010", [0.9, 0.8, 0.7, 0.6])  # J = 1/2 at 0.9 and at 0.7
    assert definitions.youden_threshold(rows) == 0.9


def test_rows_tied_at_the_cut_count_their_expectation() -> None:
    assert definitions.precision_at_k(RANKED, k=3) == pytest.approx((2 + 1 / 2) / 3)
    assert definitions.precision_at_k(RANKED, k=4) == pytest.approx(3 / 4)
    assert math.isnan(definitions.precision_at_k(RANKED, k=8))
    assert definitions.lift_at(RANKED, fraction=2 / 7) == pytest.approx(7 / 3)
    assert definitions.lift_at(RANKED, fraction=1.0) == pytest.approx(1.0)


def test_eer_lies_where_the_roc_meets_the_diagonal() -> None:
    assert definitions.eer(binary("1100", [0.9, 0.8, 0.2, 0.1])) == 0.0
    assert definitions.eer(binary("1010", [0.5, 0.5, 0.5, 0.5])) == pytest.approx(0.5)
    # (0, 2/3) to (1/4, 1): FPR = x, TPR = 2/3 + 4x/3, and x = 1 − TPR at x = 1/7
    assert definitions.eer(RANKED) == pytest.approx(1 / 7)


@pytest.mark.parametrize("seed", SEEDS)
def test_curves_agree_with_libraries(seed: int) -> None:
    from scipy.optimize import brentq
    from scipy.stats import ks_2samp
    from sklearn.metrics import f1_score, roc_curve

    rows = random_binary(seed, weighted=False)
    assert rows.score is not None
    truth = (rows.truth == "1").astype(int)
    samples = rows.score[truth == 1], rows.score[truth == 0]
    assert scores.ks(rows) == pytest.approx(float(ks_2samp(*samples).statistic), abs=1e-14)

    fpr, tpr, thresholds = roc_curve(truth, rows.score, drop_intermediate=False)
    crossing = float(brentq(lambda x: x - 1 + np.interp(x, fpr, tpr), 0, 1, xtol=1e-14))
    assert definitions.eer(rows) == pytest.approx(crossing, abs=1e-12)
    assert definitions.youden(rows) == pytest.approx(float((tpr - fpr).max()), abs=1e-14)
    f1s = [f1_score(truth, rows.score >= threshold) for threshold in thresholds]
    assert definitions.best_f1(rows) == pytest.approx(max(f1s), abs=1e-14)


@pytest.mark.parametrize("average", ["macro", "weighted"])
@pytest.mark.parametrize("seed", SEEDS)
def test_class_averages_of_auc_are_reached_two_ways(seed: int, average: str) -> None:
    rows = random_multiclass(seed)
    by_class = scores.roc_auc(rows, average=average)
    assert scores.roc_auc_ovr(rows, average=average) == pytest.approx(by_class, abs=1e-13)
    rows = random_multiclass(seed, weighted=False)
    once = replace(rows, weight=np.ones(len(rows.truth)))  # goes pair by pair
    by_library = scores.roc_auc_ovo(rows, average=average)
    assert scores.roc_auc_ovo(once, average=average) == pytest.approx(by_library, abs=1e-13)


def test_an_absent_class_leaves_averages_undefined() -> None:
    rows = random_multiclass(0)
    rows = replace(rows, truth=np.where(rows.truth == "ape", "zebra", rows.truth))
    for metric in (scores.roc_auc_ovr, scores.roc_auc_ovo, scores.average_precision):
        for average in ("macro", "weighted"):
            assert math.isnan(metric(rows, average=average))
    assert math.isnan(scores.roc_auc(binary("111", [0.1, 0.2, 0.3])))


def test_top_k_takes_the_later_of_equal_columns_first() -> None:
    truth = np.array(["b", "a"], dtype=object)
    table = np.array([[0.5, 0.5], [0.5, 0.5]])
    rows = Observed(
        "multiclass", truth, None, ("b", "a"), probabilities=table, probability_classes=("b", "a")
    )
    assert scores.top_k_accuracy(rows, k=1) == 0.5
    assert scores.top_k_accuracy(replace(rows, truth=truth[[1, 1]]), k=1) == 1.0
    assert scores.top_k_accuracy(rows, k=2) == 1.0


# ---------------------------------------------------------------- from probabilities


def test_log_loss_of_logits_is_that_of_their_probabilities_and_never_clipped() -> None:
    logits = np.array([2.0, -1.0, 0.5, -3.0])
    rows = binary("1010", logits, scale="logit")
    assert probabilities.log_loss(rows) == pytest.approx(
        probabilities.log_loss(binary("1010", expit(logits))), abs=1e-14
    )
    assert probabilities.log_loss(binary("0", [800.0], scale="logit")) == 800.0
    whole = random_multiclass(0)
    assert whole.probabilities is not None
    table = np.log(whole.probabilities) + 7
    given = replace(whole, probabilities=table, score_scale="logit")
    assert probabilities.log_loss(given) == pytest.approx(probabilities.log_loss(whole), abs=1e-13)
    focal = definitions.focal_loss(whole)
    assert definitions.focal_loss(given) == pytest.approx(focal, abs=1e-13)


def test_focal_loss_weighs_classes_and_easy_rows() -> None:
    rows = binary("10", [0.9, 0.4])
    easy, hard = 0.1**2 * -math.log(0.9), 0.4**2 * -math.log(0.6)
    assert definitions.focal_loss(rows) == pytest.approx((0.25 * easy + 0.75 * hard) / 2)
    assert definitions.focal_loss(rows, balanced=False) == pytest.approx(0.25 * (easy + hard) / 2)
    plain = definitions.focal_loss(rows, alpha=1.0, gamma=0.0, balanced=False)
    assert plain == pytest.approx(probabilities.log_loss(rows))


def test_hinge_loss_knows_its_class_even_alone() -> None:
    assert probabilities.hinge_loss(binary("11", [0.25, 3.0], scale="any")) == 0.75 / 2
    assert probabilities.hinge_loss(binary("00", [0.25, -3.0], scale="any")) == 1.25 / 2


def test_brier_skill_compares_with_weighted_base_rates() -> None:
    rows = random_multiclass(1)
    shares = [definitions.prevalence(rows, of_class=name) for name in rows.classes]
    base = 1 - sum(share**2 for share in shares)
    assert probabilities.brier_skill(rows) == pytest.approx(1 - probabilities.brier(rows) / base)
    assert math.isnan(probabilities.brier_skill(binary("11", [0.4, 0.6])))


# ---------------------------------------------------------------- calibration


def test_ece_by_hand() -> None:
    rows = binary("0011", [0.1, 0.3, 0.6, 1.0])
    # two bins: |0 − 0.2| · 2/4 + |1 − 0.8| · 2/4
    assert definitions.ece(rows, bins=2) == pytest.approx(0.2)
    assert definitions.mce(rows, bins=2) == pytest.approx(0.2)
    # 0.5 opens the upper bin; 1.0 lies in the last
    edge = binary("0101", [0.2, 0.5, 0.7, 1.0])
    assert definitions.ece(edge, bins=2) == pytest.approx((0.2 + abs(2 - 2.2)) / 4)
    assert definitions.mce(edge, bins=2) == pytest.approx(0.2)


def test_top_label_ece_takes_the_first_of_equal_columns() -> None:
    rows = Observed(
        "multiclass",
        np.array(["a", "b"], dtype=object),
        None,
        ("a", "b"),
        probabilities=np.array([[0.5, 0.5], [0.5, 0.5]]),
        probability_classes=("a", "b"),
    )
    assert definitions.ece(rows) == 0.0
    assert definitions.ece(replace(rows, truth=rows.truth[[0, 0]])) == 0.5
    assert definitions.ece(replace(rows, truth=rows.truth[[1, 1]])) == 0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_quantile_edges_are_averaged_inverted_cdf_with_weights_alike(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.round(rng.random(60), 1 + seed)
    counted = rng.integers(1, 4, 60)
    alike = [Forecast(float(v), 0.0, float(w)) for v, w in zip(values, counted, strict=True)]
    expected = np.quantile(
        np.repeat(values, counted), np.arange(1, 6) / 6, method="averaged_inverted_cdf"
    )
    assert quantile_edges(alike, 6) == pytest.approx(expected.tolist(), abs=1e-15)


def test_debiased_ece_is_twice_the_plain_less_its_noisy_mean() -> None:
    rows = random_binary(3, weighted=False, rows=300)
    rng = np.random.default_rng(0)
    assert rows.score is not None
    index = np.minimum((rows.score * 10 + 1e-9).astype(int), 9)
    truth = rows.truth == "1"
    groups = [(truth[index == b], rows.score[index == b]) for b in np.unique(index)]
    rates = np.array([t.mean() for t, _ in groups])
    means = np.array([p.mean() for _, p in groups])
    sizes = np.array([len(t) for t, _ in groups])
    deviation = np.sqrt(rates * (1 - rates) / sizes)
    noisy = np.abs(rng.normal(rates, deviation, (200_000, len(groups))) - means)
    plain = definitions.ece(rows, bins=10)
    expected = 2 * plain - float(noisy.mean(axis=0) @ sizes) / sizes.sum()
    assert definitions.ece(rows, bins=10, debias=True) == pytest.approx(expected, abs=3e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_murphys_parts_add_up_to_the_brier_score(seed: int) -> None:
    for rows in (random_binary(seed), random_multiclass(seed)):
        total = (
            definitions.brier_reliability(rows)
            - definitions.brier_resolution(rows)
            + definitions.brier_uncertainty(rows)
        )
        assert total == pytest.approx(probabilities.brier(rows), abs=1e-14)


@pytest.mark.parametrize("seed", SEEDS)
def test_recalibration_agrees_with_logistic_regression(seed: int) -> None:
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(seed)
    logit = rng.normal(size=400)
    truth = (rng.random(400) < expit(0.5 + 0.7 * logit)).astype(int)
    weight = rng.integers(1, 5, 400).astype(float)
    rows = binary("".join(map(str, truth)), logit, weight=weight.tolist(), scale="logit")
    fit = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-12)
    fit.fit(logit[:, None], truth, sample_weight=weight)
    assert calibration_slope(rows) == pytest.approx(float(fit.coef_[0, 0]), rel=1e-9)
    given = replace(rows, score=expit(logit), score_scale="probability")
    assert calibration_slope(given) == pytest.approx(calibration_slope(rows), rel=1e-11)
    intercept = calibration_intercept(given)
    assert intercept == pytest.approx(calibration_intercept(rows), rel=1e-11)
    # With the intercept added, as many positives are expected as there are.
    expected = float(weight @ expit(intercept + logit))
    assert expected == pytest.approx(float(weight @ truth), rel=1e-12)


def test_a_separated_fit_does_not_exist() -> None:
    assert math.isnan(calibration_slope(binary("0011", [0.1, 0.2, 0.7, 0.9])))
    assert math.isnan(calibration_slope(binary("0011", [0.1, 0.5, 0.5, 0.9])))
    assert math.isnan(calibration_slope(binary("0011", [0.4, 0.4, 0.4, 0.4])))
    assert math.isnan(calibration_intercept(binary("111", [0.1, 0.2, 0.3])))
    assert calibration_intercept(binary("01", [0.2, 0.8])) == pytest.approx(0.0, abs=1e-13)
