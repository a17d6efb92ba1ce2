"""The Python API: what `import mleval` offers, and what `classify` makes of its arguments."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import mleval
from mleval.options import ClassifyOptions

SAMPLES = Path(__file__).parent.parent / "sample_data"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[SimpleNamespace]:
    """What reaches the evaluation, which answers at once."""
    asked: list[SimpleNamespace] = []

    def evaluate(data: object, options: ClassifyOptions, **others: object) -> SimpleNamespace:
        asked.append(SimpleNamespace(data=data, options=options, **others))
        return SimpleNamespace(report="the report")

    stand_in = ModuleType("mleval.evaluation")
    stand_in.evaluate = evaluate
    monkeypatch.setitem(sys.modules, "mleval.evaluation", stand_in)
    return asked


def test_every_public_name_is_there() -> None:
    for name in mleval.__all__:
        assert getattr(mleval, name) is not None
    assert set(mleval.__all__) <= set(dir(mleval))


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


def test_every_option_has_a_keyword_with_the_same_default() -> None:
    from inspect import signature

    keywords = signature(mleval.classify).parameters
    renamed = {"proba": "probabilities"}
    for name, default in vars(ClassifyOptions()).items():
        assert keywords[renamed.get(name, name)].default in (default, None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "there is nothing to evaluate"),
        ({"truth": "y"}, "without data, truth is the column itself, not its name 'y'"),
        ({"data": "x.csv", "truth": [1]}, "with data, truth is the name of a column, not a list"),
        ({"truth": [1], "probabilities": np.ones((1, 2))}, "has the shape (1, 2), and 0 classes"),
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
