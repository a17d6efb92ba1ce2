"""The Python API: what `import mleval` offers, and what `classify` makes of its arguments."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.metrics import mean_pinball_loss, mean_squared_error

import mleval
from mleval.errors import InputError
from mleval.options import ClassifyOptions, PairsOptions, RegressOptions

SAMPLES = Path(__file__).parent.parent / "sample_data"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[SimpleNamespace]:
    """What reaches the evaluation, which answers at once."""
    asked: list[SimpleNamespace] = []

    def evaluate(data: object, options: ClassifyOptions, **others: object) -> SimpleNamespace:
        asked.append(SimpleNamespace(data=data, options=options, **others))
        return SimpleNamespace(report="the report")

    stand_in = ModuleType("mleval.evaluation.run")
    stand_in.evaluate = evaluate
    monkeypatch.setitem(sys.modules, "mleval.evaluation.run", stand_in)
    return asked


def test_every_public_name_is_there() -> None:
    for name in mleval.__all__:
        assert getattr(mleval, name) is not None
    assert dir(mleval) == sorted(mleval.__all__)


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="module 'mleval' has no attribute 'clasify'"):
        mleval.clasify  # noqa: B018  (to ask is the test)


def test_with_data_the_roles_are_names(asked) -> None:
    table = {"y": [1, 0], "p": [1, 1]}
    report = mleval.classify(table, truth="y", prediction="p", probabilities="p_", weight="w")
    assert report == "the report"
    assert asked[0].data is table
    assert asked[0].options == ClassifyOptions(truth="y", prediction="p", proba="p_", weight="w")


def test_without_data_the_roles_are_columns(asked) -> None:
    mleval.classify(truth=[1, 0], score=[0.9, 0.1], positive=1)
    assert asked[0].data == {"truth": [1, 0], "score": [0.9, 0.1]}
    assert asked[0].options == ClassifyOptions(truth="truth", score="score", positive="1")


def test_probabilities_are_columns_by_class(asked) -> None:
    array = np.array([[0.2, 0.8], [0.7, 0.3]])
    mleval.classify(truth=["a", "b"], probabilities=array, classes=np.array(["a", "b"]))
    mleval.classify(truth=["a", "b"], probabilities={"a": array[:, 0], "b": array[:, 1]})
    for call in asked:
        assert call.options.proba == "prob_"
        assert call.data["prob_a"].tolist() == [0.2, 0.7]
        assert call.data["prob_b"].tolist() == [0.8, 0.3]
    assert asked[0].options.classes == ("a", "b")
    assert asked[1].options.classes == ()


def test_labels_are_texts_and_metrics_specs(asked) -> None:
    mleval.classify("x.csv", metrics="f1", classes=np.array([1, 0]), map={2: 1, True: 0})
    mleval.classify("x.csv", metrics=["f1", mleval.Spec("mcc")])
    assert asked[0].options.classes == ("1", "0")
    assert asked[0].options.map == {"2": "1", "True": "0"}
    assert asked[0].options.metrics == (mleval.Spec("f1"),)
    assert asked[1].options.metrics == (mleval.Spec("f1"), mleval.Spec("mcc"))


@pytest.mark.parametrize(
    ("function", "options"),
    [
        (mleval.classify, ClassifyOptions()),
        (mleval.regress, RegressOptions()),
        (mleval.pairs, PairsOptions()),
    ],
)
def test_every_option_has_a_keyword_with_the_same_default(function, options) -> None:
    from inspect import signature

    keywords = signature(function).parameters
    renamed = {"proba": "probabilities", "truth_proba": "truth_probabilities"}
    for name, default in vars(options).items():
        assert keywords[renamed.get(name, name)].default in (default, None)
    assert keywords["verify"].default is False


@pytest.mark.parametrize("function", [mleval.classify, mleval.regress, mleval.pairs])
def test_an_unknown_keyword_is_an_error_of_its_own(function) -> None:
    with pytest.raises(TypeError, match=r"got an unexpected keyword argument 'thresh'"):
        function("x.csv", thresh=1)


def test_numbers_by_name_or_as_columns(asked) -> None:
    mleval.regress("x.csv", truth="y", lower="lo", upper="hi", quantiles="q", worst=3)
    mleval.regress(truth=[1.0], prediction=[2.0], quantiles={0.1: [0.5], 0.9: [3.0]})
    assert asked[0].options == RegressOptions(
        truth="y", lower="lo", upper="hi", quantiles="q", worst=3
    )
    assert asked[1].data == {
        "truth": [1.0], "prediction": [2.0], "quantile_0.1": [0.5], "quantile_0.9": [3.0],
    }  # fmt: skip
    assert asked[1].options == RegressOptions(
        truth="truth", prediction="prediction", quantiles="quantile_"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        {"truth": [1.0, math.nan, 3.0, 4.0], "prediction": [1.5, 2.0, math.nan, 4.0]},
        {"truth": np.array([1, math.nan, 3, 4]), "prediction": np.array([1.5, 2, math.nan, 4])},
        {"data": {"y_true": [1, None, 3, 4], "y_pred": np.array([1.5, 2, math.nan, 4])}},
        {"data": pd.DataFrame({"y": [1, math.nan, 3, 4], "yhat": [1.5, 2, math.nan, 4]})},
        {"data": pa.table({"y": [1.0, None, 3.0, 4.0], "yhat": [1.5, 2.0, math.nan, 4.0]})},
    ],
    ids=["lists", "arrays", "a dict", "pandas", "Arrow"],
)
def test_nan_is_a_missing_number_where_those_are_dropped(arguments: dict[str, Any]) -> None:
    found = mleval.regress(**arguments, missing="drop")
    assert found["mae"].value == 0.25
    assert found.provenance["left_out"] == {"no truth": 1, "missing prediction": 1}
    with pytest.raises(InputError) as caught:
        mleval.regress(**arguments)
    assert "--missing drop" in str(caught.value.hint)


def test_several_targets_are_the_columns_of_tables() -> None:
    truth = np.array([[1.0, 10.0], [2.0, 20.0]])
    report = mleval.regress(truth=truth, prediction=truth + np.array([0.5, 2.0]))
    assert isinstance(report, mleval.Report)
    assert report["mae"].value == 1.25
    assert (report["mae[target=0]"].value, report["mae[target=1]"].value) == (0.5, 2.0)
    one = mleval.regress(truth=truth[:, :1], prediction=truth[:, :1])
    assert one.targets == {}
    with pytest.raises(mleval.UsageError, match=r"found truth \(2, 2\), prediction \(2, 1\)"):
        mleval.regress(truth=truth, prediction=truth[:, :1])


@pytest.mark.parametrize("more", [{"lower": [0, 0], "upper": [9, 9]}, {"std": [1, 1]}])
def test_what_is_of_one_target_is_refused_of_several(more: dict[str, list[int]]) -> None:
    two = np.array([[1.0, 10.0], [2.0, 20.0]])
    with pytest.raises(mleval.InputError, match="several targets"):
        mleval.regress(truth=two, prediction=two + 1, metrics="all", **more)


@pytest.mark.parametrize(
    "made", [pd.DataFrame, np.ndarray.tolist, lambda table: tuple(map(tuple, table))]
)
def test_tables_of_every_kind_are_several_targets(made) -> None:
    rng = np.random.default_rng(6)
    truth, prediction = rng.normal(size=(2, 20, 3))
    report = mleval.regress(truth=made(truth), prediction=made(prediction), metrics="mse")
    expected = mean_squared_error(truth, prediction, multioutput="raw_values")
    assert report["mse"].value == pytest.approx(expected.mean(), rel=1e-12)
    each = [report[f"mse[target={k}]"].value for k in range(3)]
    assert each == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"truth": [[1, 2], [3]], "prediction": [[1, 2], [3, 4]]}, "rows of truth are not equally"),
        ({"truth": [[1, 2]], "prediction": [1]}, r"found truth \(1, 2\)"),
        ({"truth": np.ones((2, 2, 2)), "prediction": np.ones((2, 2, 2))}, r"\(2, 2, 2\)"),
        ({"truth": [1], "quantiles": {10: [1], 90: [2]}}, "between 0 and 1, and 10 does not"),
        ({"truth": [1], "quantiles": {"0.1": [1]}}, "between 0 and 1, and '0.1' does not"),
        ({"truth": [1], "quantiles": [[1]]}, "a dict of share → column, not a list"),
    ],
)
def test_wrong_tables_are_errors_of_usage(arguments, message) -> None:
    with pytest.raises(mleval.UsageError, match=message):
        mleval.regress(**arguments)


@pytest.mark.parametrize("share", [0.9999999, 0.999999, 1e-7, 0.025, np.float64(0.1)])
def test_quantiles_keep_their_shares(share: float) -> None:
    rng = np.random.default_rng(7)
    truth, middle, further = rng.normal(size=(3, 40))
    predicted = middle + np.sign(share - 0.5) * np.abs(further)
    spec = mleval.Spec("pinball", (("q", float(share)),))
    report = mleval.regress(
        truth=truth, prediction=middle, quantiles={share: predicted, 0.5: middle}, metrics=[spec]
    )
    expected = mean_pinball_loss(truth, predicted, alpha=share)
    assert report[str(spec)].value == pytest.approx(expected, rel=1e-12)


def test_every_kind_of_data_gives_the_same_report_of_numbers() -> None:
    path = SAMPLES / "forecasts.csv"
    frame = pd.read_csv(path)
    expected = mleval.regress(path)
    arrays = {name: frame[name].to_numpy() for name in ("prediction", "lower", "upper", "std")}
    quantiles = {share: frame[f"q{100 * share:.0f}"].to_numpy() for share in (0.1, 0.5, 0.9)}
    truth = frame["actual"].to_numpy()
    ways = {
        "frame": mleval.regress(frame),
        "dict": mleval.regress(frame.to_dict("list")),
        "arrays": mleval.regress(truth=truth, quantiles=quantiles, **arrays),
    }
    for found in ways.values():
        assert {name: found[name].value for name in found} == {
            name: expected[name].value for name in expected
        }
    assert ways["frame"].distributions == expected.distributions


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "there is nothing to evaluate"),
        ({"truth": "y"}, "without data, truth is the column itself, not its name 'y'"),
        ({"data": "x.csv", "truth": [1]}, "with data, truth is the name of a column, not a list"),
        (
            {"truth": [1, 0, 2], "probabilities": np.ones((3, 2))},
            "probabilities has 2 columns, and truth has the labels 0, 1, 2",
        ),
        ({"truth": [1], "probabilities": [0.5]}, "has the shape (1,), and 0 classes"),
        ({"data": "x.csv", "level": 95}, "level must lie between 0 and 1, not 95"),
        ({"data": "x.csv", "zero_division": 1}, "zero_division is 0 or nan, not 1"),
        ({"data": "x.csv", "metrics": "f1["}, "expected macro"),
    ],
)
def test_wrong_arguments_are_errors_of_usage(asked, arguments, message) -> None:
    with pytest.raises(mleval.UsageError) as caught:
        mleval.classify(**arguments)
    assert message in str(caught.value)
    assert asked == []


def test_zero_division_may_be_nan(asked) -> None:
    mleval.classify("x.csv", zero_division=math.nan)
    assert math.isnan(asked[0].options.zero_division)


def test_a_disagreement_raises(asked, monkeypatch) -> None:
    stand_in = ModuleType("mleval.verification")
    row = SimpleNamespace(spec="f1", value=0.5, library="scikit-learn", reference=0.25)
    stand_in.verify = lambda *_: SimpleNamespace(disagreements=(row,))
    monkeypatch.setitem(sys.modules, "mleval.verification", stand_in)
    with pytest.raises(mleval.MlevalError, match=r"f1: 0.5, scikit-learn 0.25"):
        mleval.classify("x.csv", verify=True)
    assert asked[0].keep_batches


def test_every_kind_of_data_gives_the_same_report() -> None:
    path = SAMPLES / "cancer.csv"
    frame = pd.read_csv(path, dtype=str)
    columns = frame.to_dict("list")
    expected = mleval.classify(path)
    for data in (str(path), [path], frame, columns):
        found = mleval.classify(data)
        assert {name: found[name].value for name in found} == {
            name: expected[name].value for name in expected
        }


def test_arrays_from_beginning_to_end() -> None:
    report = mleval.classify(
        truth=np.array([1, 0, 1, 1]), score=np.array([0.9, 0.2, 0.4, 0.8]), verify=True
    )
    assert isinstance(report, mleval.Report)
    assert report["roc_auc"].value == 1
    assert report["recall"].value == 2 / 3


def test_the_classes_of_probabilities_are_the_sorted_labels_of_truth() -> None:
    truth, array = [10, 9, 2, 10, None], np.eye(3)[[2, 1, 0, 1, 0]] * 0.8 + 0.1 * 2 / 3
    report = mleval.classify(truth=truth, probabilities=array)
    named = mleval.classify(truth=truth, probabilities=array, classes=[2, 9, 10])
    assert report["accuracy"].value == named["accuracy"].value == 0.75
    assert [str(item) for item in report.assumed][-1] == (
        "classes=2, 9, 10 (the labels of truth, sorted, for the columns of probabilities)"
    )


@pytest.mark.parametrize("gap", [None, float("nan"), "", pd.NA])
def test_no_class_is_called_by_what_stands_for_no_value(gap) -> None:
    array = np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]])
    report = mleval.classify(truth=["a", "b", gap], probabilities=array)
    assert list(report.classes) == ["a", "b"]
    assert report["accuracy"].value == 1


def test_a_lazy_frame_is_to_be_collected() -> None:
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"truth": ["a", "b"], "prediction": ["a", "a"]})
    assert mleval.classify(frame)["accuracy"].value == 0.5
    with pytest.raises(mleval.InputError, match="LazyFrame holds no rows") as caught:
        mleval.classify(frame.lazy())
    assert caught.value.hint == "collect() it first"


def test_a_report_is_asked_by_aliases_too() -> None:
    report = mleval.classify(truth=[1, 0, 1], score=[0.9, 0.2, 0.4], metrics=["auc", "F1"])
    assert list(report) == ["roc_auc", "f1"]
    assert report["auc"] is report["AUC"] is report["roc_auc"]
    assert report["f1_score"] is report["f1"]
    with pytest.raises(mleval.UsageError, match="the report has no 'mcc'"):
        report["mcc"]


def test_an_estimate_is_a_number() -> None:
    known, unknown = mleval.Estimate(value=0.75), mleval.Estimate(undefined="no rows")
    assert float(known) == 0.75
    assert math.isnan(float(unknown))
    assert f"{known:.3f} {known:>8.1%}" == "0.750    75.0%"
    assert f"{unknown:.3f} {unknown:>12.1%} {unknown:*<11}" == "undefined    undefined undefined**"
    assert f"{unknown}" == str(unknown)


def test_a_traceback_shows_the_hint() -> None:
    import pickle
    from traceback import format_exception_only

    error = mleval.InputError("no column", hint="choose one")
    assert format_exception_only(error)[-1] == "hint: choose one\n"
    copied = pickle.loads(pickle.dumps(error))
    assert (copied.hint, copied.__notes__) == ("choose one", ["hint: choose one"])
    assert not hasattr(mleval.InputError("no column"), "__notes__")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("acuracy", "did you mean accuracy?"),
        ("roc-auc", "did you mean roc_auc?"),
        ("f2", "did you mean fbeta(beta=2)?"),
        ("F0_5", "did you mean fbeta(beta=0.5)?"),
        ("f1_macro", "did you mean f1[macro]?"),
        ("precision_at_5", "did you mean precision_at_k(k=5)?"),
        ("f11", "did you mean f1?"),
        ("xyzzy", "see: mleval metrics"),
    ],
)
def test_an_unknown_metric_names_what_may_be_meant(name: str, hint: str) -> None:
    from mleval.metrics import find

    with pytest.raises(mleval.UsageError, match="there is no metric") as caught:
        find(name)
    assert caught.value.hint == hint
    assert find("F1").name == "f1"
