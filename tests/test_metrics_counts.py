"""Count metrics agree with scikit-learn, and say why where there is no value."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as sk

from mleval.batch import Labels
from mleval.errors import InputError, Undefined, UsageError
from mleval.metrics import find, metrics
from mleval.registry import Metric
from mleval.spec import Spec
from mleval.states import Confusion, Counts
from mleval.uncertainty.gradient import Variable, gradient

FAMILIES = ("mleval.metrics.counts", "mleval.metrics.agreement")
MINE = [m for m in metrics() if m.function.__module__ in FAMILIES]


class Table:
    """Rows of truth, prediction and weight, as scikit-learn and as mleval take them."""

    def __init__(self, truth: Any, prediction: Any, weight: Any = None, classes: Any = "") -> None:
        self.truth, self.prediction, self.weight = list(truth), list(prediction), weight
        self.classes = tuple(classes) or tuple(sorted({*truth, *prediction}))
        state = Confusion.of(Labels.of(self.truth), Labels.of(self.prediction), weight)
        self.counts = state.counts(self.classes)

    def sklearn(self, function: Callable[..., Any], **options: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(self.truth, self.prediction, sample_weight=self.weight, **options)

    def by_class(self, function: Callable[..., Any], **options: Any) -> Any:
        return self.sklearn(
            function, labels=list(self.classes), average=None, zero_division=np.nan, **options
        )

    def share(self, above: str, below: str) -> Any:
        """A ratio of scikit-learn's one-vs-rest counts; each is two letters such as `tp`."""
        both = self.sklearn(sk.multilabel_confusion_matrix, labels=list(self.classes))
        count = dict(zip(("tn", "fp", "fn", "tp"), both.reshape(-1, 4).T, strict=True))
        total = sum(count[name] for name in below.split("+"))
        with np.errstate(all="ignore"):
            return sum(count[name] for name in above.split("+")) / total


def random_table(seed: int, classes: str, *, weighted: bool = False) -> Table:
    rng = np.random.default_rng(seed)
    truth = rng.choice(list(classes), 200)
    prediction = np.where(rng.random(200) < 0.6, truth, rng.choice(list(classes), 200))
    return Table(truth, prediction, rng.random(200) * 3 if weighted else None)


TABLES = {
    "binary": random_table(1, "np"),
    "binary weighted": random_table(2, "np", weighted=True),
    "multiclass": random_table(3, "abcde"),
    "multiclass weighted": random_table(4, "abcde", weighted=True),
    "perfect": Table("nnpnp", "nnpnp"),
    "all wrong": Table("nnpnp", "ppnpn"),
    "one truth": Table("nnnn", "npnn"),
    "one prediction": Table("npnn", "nnnn", np.array([0.1, 0.2, 0.3, 0.7])),
    "one class": Table("nnn", "nnn", np.array([0.1, 0.2, 0.7]), classes="np"),
    "never predicted": Table("abcabc", "abbaab"),
    "only predicted": Table("ababab", "abcabb"),
    "a class that never occurs": Table("abab", "abba", classes="abc"),
}
VARIED = [
    name
    for name, table in TABLES.items()
    if len(set(table.truth)) > 1 and len(set(table.prediction)) > 1
]

ONE_VS_REST: dict[str, Callable[[Table], Any]] = {
    "precision": lambda t: t.by_class(sk.precision_score),
    "recall": lambda t: t.by_class(sk.recall_score),
    "f1": lambda t: t.by_class(sk.f1_score),
    "fbeta(beta=2)": lambda t: t.by_class(sk.fbeta_score, beta=2),
    "fbeta(beta=0.5)": lambda t: t.by_class(sk.fbeta_score, beta=0.5),
    "fbeta(beta=0)": lambda t: t.by_class(sk.precision_score),
    "fbeta(beta=inf)": lambda t: t.by_class(sk.recall_score),
    "jaccard": lambda t: t.share("tp", "tp+fp+fn"),
    "specificity": lambda t: t.share("tn", "tn+fp"),
    "npv": lambda t: t.share("tn", "tn+fn"),
    "fpr": lambda t: t.share("fp", "fp+tn"),
    "fnr": lambda t: t.share("fn", "fn+tp"),
    "informedness": lambda t: t.share("tp", "tp+fn") + t.share("tn", "tn+fp") - 1,
    "markedness": lambda t: t.share("tp", "tp+fp") + t.share("tn", "tn+fn") - 1,
    "prevalence": lambda t: t.share("tp+fn", "tp+fp+fn+tn"),
}
WHOLE_MATRIX: dict[str, Callable[[Table], Any]] = {
    "accuracy": lambda t: t.sklearn(sk.accuracy_score),
    "zero_one_loss": lambda t: t.sklearn(sk.zero_one_loss),
    "hamming_loss": lambda t: t.sklearn(sk.hamming_loss),
    "balanced_accuracy": lambda t: t.sklearn(sk.balanced_accuracy_score),
}
OF_VARIED: dict[str, Callable[[Table], Any]] = {
    "mcc": lambda t: t.sklearn(sk.matthews_corrcoef),
    "kappa": lambda t: t.sklearn(sk.cohen_kappa_score),
    "kappa(weights=linear)": lambda t: t.sklearn(sk.cohen_kappa_score, weights="linear"),
    "kappa(weights=quadratic)": lambda t: t.sklearn(sk.cohen_kappa_score, weights="quadratic"),
    "g_mean": lambda t: np.prod(r := recalls(t)) ** (1 / len(r)),
}


def recalls(table: Table) -> Any:
    return table.sklearn(
        sk.recall_score, labels=sorted(set(table.truth)), average=None, zero_division=np.nan
    )


def value(text: str, counts: Counts) -> Any:
    spec = Spec.parse(text)
    declared = find(spec.name)
    return read(declared, counts, **declared.options_of(spec))


def read(declared: Metric, counts: Counts, **options: Any) -> Any:
    given = counts.by_class() if declared.over == "class" else counts
    return declared.function(given, **options)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("text", [*ONE_VS_REST, *WHOLE_MATRIX])
def test_a_metric_is_what_scikit_learn_says(text: str, table: Table) -> None:
    expected = {**ONE_VS_REST, **WHOLE_MATRIX}[text](table)
    np.testing.assert_allclose(value(text, table.counts), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", VARIED)
@pytest.mark.parametrize("text", OF_VARIED)
def test_a_correlation_is_what_scikit_learn_says(text: str, name: str) -> None:
    table = TABLES[name]
    expected = OF_VARIED[text](table)
    assert value(text, table.counts) == pytest.approx(expected, rel=0, abs=1e-12)


@pytest.mark.parametrize("text", ONE_VS_REST)
def test_one_class_alone_reads_as_it_does_among_all(text: str) -> None:
    spec, table = Spec.parse(text), TABLES["multiclass weighted"]
    declared = find(spec.name)
    alone = table.counts.by_class().of_class(2)
    assert declared.function(alone, **declared.options_of(spec)) == value(text, table.counts)[2]


@pytest.mark.parametrize("text", ["mcc", "kappa"])
def test_a_rare_class_among_very_many_rows_loses_no_digits(text: str) -> None:
    rows = np.array([10**9 - 4.0, 1.0, 1.0, 2.0])
    counts = Counts.of_cells(("n", "p"), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), rows)
    exact = (2 * (10**9 - 4) - 1) / (3 * (10**9 - 3))  # both, as 3 are true and 3 predicted
    assert value(text, counts) == pytest.approx(exact, rel=1e-14)


@pytest.mark.parametrize("text", ["mcc", "kappa", "kappa(weights=quadratic)"])
def test_perfect_agreement_is_exactly_1_however_the_rows_weigh(text: str) -> None:
    rng = np.random.default_rng(5)
    labels = rng.choice(list("abcdefghijklmnopqrst"), 400)
    assert value(text, Table(labels, labels, rng.random(400)).counts) == 1


@pytest.mark.parametrize("text", ["mcc", "kappa", "kappa(weights=linear)"])
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("one truth", "the truth is constant"),
        ("one prediction", "the prediction is constant"),
        ("one class", "the truth and the prediction are constant"),
    ],
)
def test_a_correlation_with_a_constant_is_undefined_and_says_which(
    text: str, name: str, reason: str
) -> None:
    with pytest.raises(Undefined, match=reason):
        value(text, TABLES[name].counts)


def test_g_mean_of_two_classes_is_undefined_when_the_truth_has_one() -> None:
    with pytest.raises(Undefined, match="one of the two classes"):
        value("g_mean", TABLES["one truth"].counts)


def test_weighted_kappa_asks_for_the_order_of_more_than_two_classes() -> None:
    with pytest.raises(InputError) as caught:
        value("kappa(weights=linear)", replace(TABLES["multiclass"].counts, ordered=False))
    assert "--classes" in str(caught.value.hint)


def test_weighted_kappa_of_two_classes_is_kappa_in_whatever_order() -> None:
    counts = replace(TABLES["binary"].counts, ordered=False)
    same = pytest.approx(value("kappa", counts), abs=1e-12)
    assert value("kappa(weights=linear)", counts) == same
    assert value("kappa(weights=quadratic)", counts) == same


@pytest.mark.parametrize("declared", MINE, ids=lambda m: m.name)
def test_no_rows_have_no_value(declared: Metric) -> None:
    options = {o.name: 1.0 for o in declared.options if o.required}
    try:
        found = read(declared, Confusion.empty().counts(("n", "p")), **options)
    except Undefined:
        return
    assert np.isnan(found).all()


@pytest.mark.parametrize("beta", ["-1", "nan"])
def test_a_beta_that_is_not_a_weight_is_a_usage_error(beta: str) -> None:
    with pytest.raises(UsageError, match="beta"):
        find("fbeta").function(TABLES["binary"].counts.by_class(), beta=float(beta))


class TestRowsWithoutAPrediction:
    table = Table("aabbb", "abbba")
    truth = Labels.of([*table.truth, "a", "b"])
    prediction = Labels(np.append(Labels.of(table.prediction).codes, [-1, -1]), ("a", "b"))
    counts = Confusion.of(truth, prediction).counts(("a", "b"))
    as_a_class = Table("aabbbab", "abbba??")

    @pytest.mark.parametrize("text", ["accuracy", "balanced_accuracy", "mcc", "kappa"])
    def test_count_as_predicted_to_be_of_no_class(self, text: str) -> None:
        expected = {**WHOLE_MATRIX, **OF_VARIED}[text](self.as_a_class)
        assert value(text, self.counts) == pytest.approx(expected, abs=1e-12)

    def test_have_no_place_in_an_order(self) -> None:
        with pytest.raises(Undefined, match="without a prediction"):
            value("kappa(weights=linear)", self.counts)


class TestGradients:
    """The formulas run on variables, and their derivatives are those of finite differences."""

    LEAVES = ("diagonal", "truth", "prediction", "total", "cells")
    TEXTS = (*ONE_VS_REST, *WHOLE_MATRIX, *OF_VARIED)

    def differentiated(self, text: str, counts: Counts) -> tuple[float, list[Any]]:
        leaves = [Variable(getattr(counts, name)) for name in self.LEAVES]
        varied: dict[str, Any] = dict(zip(self.LEAVES, leaves, strict=True))
        found = value(text, replace(counts, **varied))
        if find(Spec.parse(text).name).over == "class":
            found = found[0]
        return float(found.value), gradient(found, leaves)

    @pytest.mark.parametrize("text", TEXTS)
    def test_agree_with_finite_differences(self, text: str) -> None:
        counts = TABLES["multiclass weighted"].counts
        at, slopes = self.differentiated(text, counts)
        assert at == np.ravel(value(text, counts))[0]
        direction, step = np.random.default_rng(0), 1e-5
        for name, slope in zip(self.LEAVES, slopes, strict=True):
            move = direction.normal(size=slope.shape)
            ahead, behind = (
                np.ravel(value(text, replace(counts, **{name: getattr(counts, name) + h * move})))
                for h in (step, -step)
            )
            change = (ahead[0] - behind[0]) / (2 * step)
            assert (slope * move).sum() == pytest.approx(change, rel=1e-5, abs=1e-9)

    @pytest.mark.parametrize("name", ["perfect", "all wrong", "never predicted"])
    @pytest.mark.parametrize("text", [*WHOLE_MATRIX, *OF_VARIED])
    def test_are_finite_at_the_edges(self, text: str, name: str) -> None:
        _, slopes = self.differentiated(text, TABLES[name].counts)
        assert all(np.isfinite(slope).all() for slope in slopes)


class TestF1AsAShare:
    def test_its_maps_undo_each_other_and_give_the_jaccard_index(self) -> None:
        share = find("f1").proportion
        counts = TABLES["multiclass"].counts
        f1, jaccard = value("f1", counts), value("jaccard", counts)
        assert share is not None
        np.testing.assert_allclose(share.to_share(f1), jaccard)
        np.testing.assert_allclose(share.from_share(jaccard), f1)


class TestDeclarations:
    @pytest.mark.parametrize("declared", MINE, ids=lambda m: m.name)
    def test_a_share_times_its_trials_is_a_count(self, declared: Metric) -> None:
        if declared.proportion is None:
            return
        counts = TABLES["multiclass"].counts
        given = counts.by_class() if declared.over == "class" else counts
        hits = declared.proportion.to_share(read(declared, counts)) * declared.proportion.trials(
            given
        )
        np.testing.assert_allclose(hits, np.round(hits), atol=1e-9)

    @pytest.mark.parametrize("text", [*ONE_VS_REST, *WHOLE_MATRIX, *OF_VARIED])
    @pytest.mark.parametrize("table", [TABLES[name] for name in VARIED], ids=VARIED)
    def test_values_stay_in_the_range(self, text: str, table: Table) -> None:
        low, high = find(Spec.parse(text).name).range
        found = np.ravel(value(text, table.counts))
        assert all(low <= x <= high for x in found[~np.isnan(found)])

    def test_the_default_report_of_two_classes(self) -> None:
        names = "precision recall f1 specificity accuracy balanced_accuracy mcc kappa"
        assert {m.name for m in MINE if m.default} == set(names.split())
