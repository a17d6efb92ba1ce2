"""Saved calibrations: what is written comes back the same, and what is none is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from calibrated import several, told
from command import run

import mleval
from mleval.diagnosis.calibrating.forecasts import forecasts
from mleval.diagnosis.calibrating.saved import Calibration, calibration_of, read_calibration
from mleval.diagnosis.rows import ClassifiedRows
from mleval.errors import InputError

PLATT = {
    "schema": "mleval.calibration/1",
    "classes": ["no", "yes"],
    "positive": "yes",
    "method": "platt",
    "parameters": {"slope": 0.5, "intercept": 0.1},
}
CURVE = {"x": [0.2, 0.8], "y": [0.1, 0.9]}
THREE = {
    "schema": "mleval.calibration/1",
    "classes": ["a", "b", "c"],
    "positive": None,
    "method": "isotonic",
    "parameters": {"curves": [CURVE, CURVE, {"x": [0.0], "y": [0.0]}]},
}


def table(rows: ClassifiedRows) -> dict[str, Any]:
    data: dict[str, Any] = {"truth": np.array(rows.classes)[rows.truth]}
    if rows.positive is not None:
        return data | {"prob_yes": rows.probability}
    return data | {f"prob_{name}": rows.probability[:, k] for k, name in enumerate(rows.classes)}


ROWS = {"binary": told(0, 600, stretch=2.0), "several": several(0, 600, stretch=2.0)}


@pytest.mark.parametrize("kind", ROWS)
def test_what_diagnose_writes_applies_as_it_was_fitted(kind: str, tmp_path: Path) -> None:
    rows, file = ROWS[kind], tmp_path / "cal.json"
    mleval.diagnose(table(rows), save_calibration=str(file))
    saved = read_calibration(file)
    fitted = forecasts(rows).fit(saved.mapping.method)
    assert np.array_equal(mleval.calibrate(file, rows.probability), fitted.apply(rows.probability))
    again = mleval.calibrate(json.loads(file.read_text()), rows.probability)
    assert np.array_equal(mleval.calibrate(str(file), rows.probability), again)
    assert saved.classes == rows.classes
    assert saved.fitted_on["rows"] == 600
    gained = saved.gained["log_loss"]
    assert gained["then"] < gained["now"]
    mended = mleval.diagnose(table(rows) | _columns(rows, again))
    assert mended.report["log_loss"].value < gained["now"]
    assert "overconfident" not in {item.kind for item in mended}


def _columns(rows: ClassifiedRows, probability: np.ndarray) -> dict[str, Any]:
    if probability.ndim == 1:
        return {"prob_yes": probability}
    return {f"prob_{name}": probability[:, k] for k, name in enumerate(rows.classes)}


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("method", ["platt", "temperature", "isotonic"])
def test_every_method_survives_the_file(kind: str, method: str) -> None:
    rows = ROWS[kind]
    data = forecasts(rows)
    if method not in data.methods:
        assert (kind, method) == ("several", "platt")
        return
    made = Calibration(
        mapping=data.fit(method),
        classes=rows.classes,
        positive="yes" if kind == "binary" else None,
    )
    found = calibration_of(json.loads(made.to_text()))
    assert np.array_equal(
        found.mapping.apply(rows.probability), made.mapping.apply(rows.probability)
    )
    assert found.to_dict() == made.to_dict()


def test_both_columns_of_a_binary_task() -> None:
    one = mleval.calibrate(PLATT, [0.2, 0.7])
    both = mleval.calibrate(PLATT, [[0.8, 0.2], [0.3, 0.7]])
    assert np.array_equal(both[:, 1], one)
    assert np.allclose(both.sum(axis=1), 1)
    first = mleval.calibrate(PLATT | {"positive": "no"}, [[0.2, 0.8], [0.7, 0.3]])
    assert np.array_equal(first[:, 0], one)


def test_ends_beyond_the_curve_and_no_rows() -> None:
    isotonic = PLATT | {"method": "isotonic", "parameters": CURVE}
    assert mleval.calibrate(isotonic, [0.0, 0.5, 1.0]).tolist() == [0.1, 0.5, 0.9]
    assert mleval.calibrate(isotonic, []).shape == (0,)
    assert mleval.calibrate(PLATT, pd.Series([0.3, 0.4])).shape == (2,)
    assert np.isfinite(mleval.calibrate(PLATT, [0.0, 1.0])).all()


def test_rows_without_any_chance_are_as_likely_of_every_class() -> None:
    curve = {"x": [0.5], "y": [0.0]}
    none = THREE | {"parameters": {"curves": [curve] * 3}}
    assert mleval.calibrate(none, [[0.2, 0.3, 0.5]]).tolist() == [[1 / 3] * 3]


@pytest.mark.parametrize(
    ("calibration", "given", "message"),
    [
        (PLATT, [0.1, 1.2], "expected probabilities from 0 to 1, found 1.2 in row 2"),
        (PLATT, [0.1, np.nan], "found nan in row 2"),
        (PLATT, [-0.1], "found -0.1 in row 1"),
        (PLATT, [[0.1, 0.2, 0.7]], r"shape \(n,\), of yes, or \(n, 2\), of no, yes, found"),
        (PLATT, 0.5, r"found shape \(\)"),
        (PLATT, ["a"], "expected numbers for probabilities"),
        (PLATT, [[0.1], [0.2, 0.3]], "expected numbers for probabilities"),
        (THREE, [0.1, 0.9], r"shape \(n, 3\), of a, b, c, found shape \(2,\)"),
        (THREE, [[0.5, 0.5]], r"found shape \(1, 2\)"),
        (THREE, [[0.5, 0.5, 0.5]], "that sum to 1, found 1.5 in row 1"),
    ],
)
def test_what_is_no_probability_is_refused(
    calibration: dict[str, Any], given: Any, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        mleval.calibrate(calibration, given)


DAMAGED: list[tuple[dict[str, Any], str]] = [
    ({"schema": "mleval.report/1"}, "its schema is 'mleval.report/1'"),
    ({"schema": None}, "it has no schema"),
    ({"classes": ["a"]}, "two names or more"),
    ({"classes": ["a", "a"]}, "two names or more"),
    ({"classes": "ab"}, "a list of names"),
    ({"classes": [0, 1]}, "a list of names"),
    ({"positive": "maybe"}, "positive must be one of two classes"),
    ({"classes": ["no", "yes", "may"]}, "positive must be one of two classes"),
    ({"method": "beta"}, "no method 'beta'"),
    ({"parameters": None}, "damaged"),
    ({"parameters": {"slope": 1}}, "it has no intercept"),
    ({"parameters": {"slope": "1", "intercept": 0}}, "expected numbers"),
    ({"parameters": {"slope": True, "intercept": 0}}, "expected numbers"),
    ({"parameters": {"slope": float("inf"), "intercept": 0}}, "expected finite numbers"),
    ({"parameters": {"slope": 10**400, "intercept": 0}}, "damaged"),
    ({"method": "temperature", "parameters": {"temperature": 0}}, "must be above 0"),
    ({"method": "isotonic", "parameters": {"x": [], "y": []}}, "a curve of 0 x and 0 y"),
    ({"method": "isotonic", "parameters": {"x": [1], "y": [0, 1]}}, "a curve of 1 x and 2 y"),
    ({"method": "isotonic", "parameters": {"x": [1, 0], "y": [0, 1]}}, "must rise"),
    ({"method": "isotonic", "parameters": {"x": [0, 1], "y": [1, 0]}}, "must rise"),
    ({"method": "isotonic", "parameters": {"x": [0, 1], "y": [0, 2]}}, "must rise"),
    ({"method": "isotonic", "parameters": {"x": 3, "y": 4}}, "a list of numbers"),
]


@pytest.mark.parametrize(("damage", "message"), DAMAGED)
def test_what_is_no_calibration_is_refused(
    damage: dict[str, Any], message: str, tmp_path: Path
) -> None:
    file = tmp_path / "cal.json"
    file.write_text(json.dumps(PLATT | damage))
    for calibration, name in ((file, str(file)), (PLATT | damage, "the calibration")):
        with pytest.raises(InputError, match=message) as caught:
            mleval.calibrate(calibration, [0.5])
        assert str(caught.value).startswith(name)
        assert "--save-calibration" in str(caught.value.hint)


def test_classes_and_curves_must_agree() -> None:
    with pytest.raises(InputError, match="2 curves for 3 classes"):
        mleval.calibrate(THREE | {"parameters": {"curves": [CURVE] * 2}}, [[0.1, 0.2, 0.7]])
    with pytest.raises(InputError, match="no method 'platt' of several classes"):
        mleval.calibrate(THREE | {"method": "platt"}, [[0.1, 0.2, 0.7]])


@pytest.mark.parametrize("content", [b"", b"{", b"truth,prob\n1,0.5\n", b"\xff\xfe", b"[" * 10**5])
def test_files_that_are_no_json_are_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "cal.json"
    file.write_bytes(content)
    with pytest.raises(InputError, match="not a calibration: it is no JSON"):
        mleval.calibrate(file, [0.5])


def test_files_that_are_not_there_and_other_things(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing.json: cannot be read: No such file"):
        mleval.calibrate(tmp_path / "nothing.json", [0.5])
    for other in ([], 3, None):
        with pytest.raises(InputError, match="not a calibration"):
            mleval.calibrate(other, [0.5])


def test_the_command_writes_it_whole_or_not_at_all(tmp_path: Path) -> None:
    data, file = tmp_path / "preds.csv", tmp_path / "cal.json"
    pd.DataFrame(table(ROWS["binary"])).to_csv(data, index=False)
    done = run("diagnose", str(data), "--save-calibration", str(file))
    assert done.status == 0
    assert "mleval.calibrate(FILE, probabilities) applies" in " ".join(done.stdout.split())
    saved = read_calibration(file)
    assert saved.positive == "yes"
    assert saved.fitted_on["inputs"] == [str(data)]
    assert str(saved.fitted_on["digest"]).startswith("sha256:")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("truth,pred\n" + "a,a\nb,a\n" * 20, "there are no probabilities of classes"),
        ("y_true,y_pred\n" + "1.5,2\n3,2.5\n" * 20, "there are no probabilities of classes"),
        ("truth,prob_yes\n" + "yes,.2\nno,.4\n", "fewer than 10 rows of a class"),
    ],
)
def test_where_nothing_can_be_calibrated_nothing_is_written(
    data: str, message: str, tmp_path: Path
) -> None:
    preds, file, wrong = tmp_path / "preds.csv", tmp_path / "cal.json", tmp_path / "wrong.csv"
    preds.write_text(data)
    done = run(
        *("diagnose", str(preds), "--save-calibration", str(file), "--errors", str(wrong)),
    )
    assert done.status == 3
    assert message in " ".join(done.stderr.split())
    assert not file.exists()
    assert not wrong.exists()
