"""The errors and residuals of a diagnosis against other libraries and plain definitions."""

from __future__ import annotations

import numpy as np
import pytest
from planted import planted
from scipy.stats import chi2, chi2_contingency
from sklearn.linear_model import LinearRegression
from sklearn.metrics import confusion_matrix

import mleval
from mleval.diagnosis.deviations.spread import _koenker
from mleval.diagnosis.finding import Exhibit
from mleval.diagnosis.mistakes.contrasts import _independent
from mleval.diagnosis.result import Diagnosis


def exhibit(found: Diagnosis, name: str) -> Exhibit:
    return next(item for s in found.sections for item in s.exhibits if item.name == name)


def kinds(found: Diagnosis) -> set[str]:
    return {one.kind for one in found.findings}


def test_confusions_are_the_cells_off_the_diagonal_largest_first() -> None:
    data = planted("confusion", 0).data
    names = sorted(set(data["y_true"]))
    table = confusion_matrix(data["y_true"], data["y_pred"], labels=names)
    np.fill_diagonal(table, 0)
    rows = exhibit(mleval.diagnose(data), "confusions").rows
    assert [row[2] for row in rows] == sorted(table[table > 0].tolist(), reverse=True)[: len(rows)]
    for truth, predicted, count, share, _ in rows:
        assert count == table[names.index(truth), names.index(predicted)]
        assert share == pytest.approx(count / table.sum(), rel=1e-12)


def test_bands_of_confidence_hold_every_row_once() -> None:
    data = planted("clean", 1).data
    rows = exhibit(mleval.diagnose(data, low_confidence=0.7), "confidence").rows
    sure = np.where(data["y_pred"] == 1, data["y_prob"], 1 - data["y_prob"])
    wrong = data["y_true"] != data["y_pred"]
    edges = [0, 0.7, 0.8, 0.95, 0.99, 2]
    for row, low, high in zip(rows, edges[:-1], edges[1:], strict=True):
        here = (sure >= low) & (sure < high)
        assert row[1:3] == (here.sum(), wrong[here].sum())
        assert row[3].value == pytest.approx(wrong[here].mean(), rel=1e-12)
        assert row[4] == pytest.approx((1 - sure[here]).mean(), rel=1e-12)


def test_the_most_confident_mistakes_come_first() -> None:
    data = planted("clean", 2).data
    rows = exhibit(mleval.diagnose(data), "mistakes").rows
    sure = np.where(data["y_pred"] == 1, data["y_prob"], 1 - data["y_prob"])
    wrong = np.flatnonzero(data["y_true"] != data["y_pred"])
    assert [row[0] - 1 for row in rows] == wrong[np.argsort(-sure[wrong])][: len(rows)].tolist()


def test_overconfidence_alone_is_not_taken_for_wrong_labels() -> None:
    for seed in range(10):
        assert "label_noise" not in kinds(mleval.diagnose(planted("miscalibration", seed).data))


def test_wrong_against_right_of_numbers_is_cohens_d() -> None:
    data = planted("weak_one", 0).data
    wrong = data["y_true"] != data["y_pred"]
    found = mleval.diagnose(data)
    for name, bad, good, difference, *_ in exhibit(found, "numbers").rows:
        known = np.isfinite(data[name])
        a, b = data[name][known & wrong], data[name][known & ~wrong]
        assert (bad, good) == (pytest.approx(a.mean()), pytest.approx(b.mean()))
        assert difference == pytest.approx((a.mean() - b.mean()) / np.sqrt((a.var() + b.var()) / 2))
    assert exhibit(found, "numbers").rows[0][0] == "age"
    assert exhibit(found, "numbers").rows[0][-1] == "yes"
    for row in exhibit(found, "describe").rows:
        cells = data[row[0]][np.isfinite(data[row[0]]) & (wrong == (row[1] == "wrong"))]
        assert row[2] == len(cells)
        assert row[7] == pytest.approx(np.median(cells))


def test_wrong_against_right_of_categories_is_a_lift() -> None:
    data = planted("clean", 3).data
    wrong = data["y_true"] != data["y_pred"]
    for name, value, bad, good, lift, *_ in exhibit(mleval.diagnose(data), "categories").rows:
        here = data[name] == value
        assert bad == pytest.approx(here[wrong].mean())
        assert good == pytest.approx(here[~wrong].mean())
        assert lift == pytest.approx(here[wrong].mean() / here[~wrong].mean())


def test_independence_is_that_of_scipy() -> None:
    table = np.array([[30.0, 50, 12], [100, 120, 61]])
    assert _independent(table) == pytest.approx(chi2_contingency(table).pvalue, rel=1e-12)


def test_uneven_residuals_are_tested_as_koenker_defines_it() -> None:
    random = np.random.default_rng(0)
    x = random.normal(50, 10, 400)
    size = np.square(random.normal(0, 1 + 0.02 * (x - 50), 400))
    design = np.column_stack([x, x**2])
    r2 = LinearRegression().fit(design, size).score(design, size)
    assert _koenker(size, x, np.ones(400)) == pytest.approx(chi2.sf(400 * r2, 2), rel=1e-6)


def test_the_gain_of_a_bias_is_that_of_taking_it_off() -> None:
    data = planted("regress_bias", 0).data
    residual = data["y_true"] - data["y_pred"]
    (found,) = [f for f in mleval.diagnose(data) if f.kind == "bias"]
    assert found.evidence["bias"] == pytest.approx(-residual.mean(), rel=1e-12)
    assert found.gain.now == pytest.approx(np.sqrt(np.mean(residual**2)), rel=1e-12)
    assert found.gain.then == pytest.approx(residual.std(), rel=1e-3)  # cross-fitted
    assert found.gain.difference.low < found.gain.difference.value < found.gain.difference.high


def test_outliers_are_counted_beyond_five_deviations_of_the_bulk() -> None:
    data = planted("regress_outliers", 0).data
    residual = data["y_true"] - data["y_pred"]
    off = np.abs(residual - np.median(residual))
    far = off > 5 * 1.4826 * np.median(off)
    (found,) = [f for f in mleval.diagnose(data) if f.kind == "outliers"]
    assert found.evidence["rows"] == far.sum()
    held = np.square(residual[far]).sum() / np.square(residual).sum()
    assert found.evidence["held"] == pytest.approx(held, rel=1e-12)


@pytest.mark.parametrize("kind", ["clean", "regress_clean", "confusion"])
def test_weights_that_are_all_the_same_change_nothing(kind: str) -> None:
    data = planted(kind, 4, rows=600).data
    weighed = mleval.diagnose({**data, "sample_weight": np.full(600, 3.0)})
    found = mleval.diagnose(data)
    assert [f.says for f in weighed.findings] == [f.says for f in found.findings]


SMALL = {"y_true": [1, 0, 1, 0, 1, 1], "y_pred": [1, 0, 0, 0, 1, 1]}


@pytest.mark.parametrize(
    "data",
    [
        SMALL,
        {**SMALL, "y_prob": [0.5] * 6},
        {**SMALL, "y_prob": [0.9, 0.1, 0.2, 0.3, 0.6, 0.8], "a": [None] * 5 + ["x"]},
        {"y_true": [1] * 200, "y_pred": [1] * 200},
        {"y_true": [1] * 200, "y_pred": [1] * 100 + [0] * 100, "a": list(range(200))},
        {"y_true": [0, 1] * 100, "y_pred": [1, 0] * 100, "note": [f"text {i}" for i in range(200)]},
        {"y_true": [0, 1] * 100, "y_pred": [1, 1] * 100, "inf": [float("inf"), 1.0] * 100},
        {"y_true": [1.5] * 3, "y_pred": [1.5, 2.5, 3.5]},
        {"y_true": [1.5, 2.25] * 40, "y_pred": [1.5, 2.25] * 40, "a": [1, 2] * 40},
        {"y_true": [1.5, 2.25] * 40, "y_pred": [1.75] * 80, "a": [1, 2] * 40},
        {"y_true": [0.5 + i for i in range(90)], "y_pred": [1.0 + i for i in range(90)]},
    ],
)
def test_little_or_constant_data_are_examined_without_failing(data: dict[str, list]) -> None:
    found = mleval.diagnose(data)
    assert found.to_dict()["headline"]
    assert repr(found).startswith("diagnosis")
