"""Calibration: against scikit-learn and scipy, planted ones are named, right ones are not."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from calibrated import binary, several, told
from campaigns import FULL
from diagnosed import finding, kinds
from scipy.optimize import minimize_scalar
from scipy.special import expit, softmax
from scipy.special import logit as log_odds
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss

import mleval
from mleval.diagnosis.calibrating.comparing import compared
from mleval.diagnosis.calibrating.exhibits import brier_parts
from mleval.diagnosis.calibrating.fitting import temperature_of
from mleval.diagnosis.calibrating.forecasts import forecasts
from mleval.diagnosis.calibration import examine
from mleval.diagnosis.finding import Exhibit, Ranged, Section
from mleval.diagnosis.halves import part_of
from mleval.diagnosis.rows import ClassifiedRows
from mleval.errors import Undefined
from mleval.metrics.calibration import ece
from mleval.options import DiagnoseOptions

SEEDS = range(200 if FULL else 8)


def looked_at(rows: ClassifiedRows, **options: Any) -> Section:
    found = examine(rows, DiagnoseOptions(**options))
    assert found is not None
    return found


def exhibit(found: Section, name: str) -> Exhibit:
    return next(item for item in found.exhibits if item.name == name)


def lines(found: Section, name: str) -> dict[Any, dict[str, Any]]:
    item = exhibit(found, name)
    return {row[0]: dict(zip(item.columns, row, strict=True)) for row in item.rows}


def slack(share: float) -> float:
    """Seeds: four binomial standard errors where there are few of them."""
    return 0.0 if FULL else 4 * math.sqrt(len(SEEDS) * share * (1 - share))


def samples() -> list[ClassifiedRows]:
    """Random, tied, with 0 and 1, weighted."""
    found = []
    for seed in range(3):
        rows = told(seed, 300, stretch=2.0, shift=0.5)
        weight = np.random.default_rng(seed).random(300) + 0.1
        tied = np.round(rows.score, 1)
        found += [
            rows,
            replace(rows, weight=weight),
            binary(rows.truth, tied),
            binary(rows.truth, np.clip(tied, 0.1, 0.9), weight=weight),
        ]
    return found


@pytest.mark.parametrize("rows", samples())
def test_platt_is_logistic_regression_on_the_log_odds(rows: ClassifiedRows) -> None:
    ours = forecasts(rows).fit("platt")
    clipped = np.clip(rows.score, np.finfo(float).eps, 1 - np.finfo(float).eps)
    x = log_odds(clipped)[:, None]
    model = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000, solver="newton-cholesky")
    model.fit(x, rows.truth, sample_weight=rows.weight)
    assert np.allclose(ours.apply(rows.score), model.predict_proba(x)[:, 1], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("rows", samples())
def test_temperature_is_the_minimum_that_scipy_finds(rows: ClassifiedRows) -> None:
    ours = forecasts(rows).fit("temperature")
    eps = np.finfo(float).eps
    z = log_odds(np.clip(rows.score, eps, 1 - eps))

    def loss(inverse: float) -> float:
        each = np.logaddexp(0, np.where(rows.truth == 1, -z, z) * inverse)
        return float(np.average(each, weights=rows.weight))

    best = minimize_scalar(loss, bounds=(1e-3, 20), method="bounded", options={"xatol": 1e-10})
    assert 1 / ours.parameters["temperature"] == pytest.approx(best.x, rel=1e-5)
    assert np.allclose(ours.apply(rows.score), expit(z * best.x), atol=1e-5)


@pytest.mark.parametrize("rows", samples())
def test_isotonic_is_that_of_scikit_learn(rows: ClassifiedRows) -> None:
    ours = forecasts(rows).fit("isotonic")
    weight = np.ones(len(rows)) if rows.weight is None else rows.weight
    least = 1 / (weight.sum() ** 2 / (weight**2).sum() + 2)
    model = IsotonicRegression(y_min=least, y_max=1 - least, out_of_bounds="clip")
    model.fit(rows.score, rows.truth, sample_weight=rows.weight)
    asked = np.concatenate([rows.score, np.linspace(0, 1, 500)])
    assert np.allclose(ours.apply(asked), model.predict(asked), atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("weighted", [False, True])
def test_several_classes_are_calibrated_as_by_scipy_and_scikit_learn(
    seed: int, weighted: bool
) -> None:
    rows = several(seed, 400, stretch=2.0)
    weight = np.random.default_rng(seed).random(400) + 0.1 if weighted else None
    data = forecasts(replace(rows, weight=weight))
    logs = np.log(rows.probability)

    def loss(inverse: float) -> float:
        chance = softmax(inverse * logs, axis=1)
        return log_loss(rows.truth, chance, sample_weight=weight, labels=range(4))

    best = minimize_scalar(loss, bounds=(1e-3, 20), method="bounded", options={"xatol": 1e-10})
    fitted = data.fit("temperature")
    assert 1 / fitted.parameters["temperature"] == pytest.approx(best.x, rel=1e-5)
    assert np.allclose(fitted.apply(rows.probability), softmax(best.x * logs, axis=1), atol=1e-5)
    columns = []
    mass = np.ones(400) if weight is None else weight
    least = 1 / (mass.sum() ** 2 / (mass**2).sum() + 2)
    for k in range(4):
        curve = IsotonicRegression(y_min=least, y_max=1 - least, out_of_bounds="clip")
        x = rows.probability[:, k]
        columns.append(curve.fit(x, rows.truth == k, sample_weight=weight).predict(x))
    theirs = np.stack(columns, axis=1)
    theirs /= theirs.sum(axis=1, keepdims=True)
    assert np.allclose(data.fit("isotonic").apply(rows.probability), theirs, atol=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
def test_what_mappings_give_is_of_rows_that_did_not_fit_them(weighted: bool) -> None:
    """Fold by fold with scikit-learn."""
    rows = told(7, 500, stretch=2.0)
    weight = np.random.default_rng(0).random(500) + 0.1 if weighted else None
    rows = replace(rows, weight=weight)
    part = part_of(rows.numbers, None, 5)
    found = compared(forecasts(rows), part, 0.95)
    z = log_odds(rows.score)[:, None]
    mapped = np.empty(500)
    for k in range(5):
        rest = part != k
        model = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000, solver="newton-cholesky")
        model.fit(z[rest], rows.truth[rest], None if weight is None else weight[rest])
        mapped[~rest] = model.predict_proba(z[~rest])[:, 1]
    (platt,) = (one for one in found.tried if one.method == "platt")
    of = {"sample_weight": weight}
    assert found.now.log_loss == pytest.approx(log_loss(rows.truth, rows.score, **of))
    assert found.now.brier == pytest.approx(brier_score_loss(rows.truth, rows.score, **of))
    assert platt.then.log_loss == pytest.approx(log_loss(rows.truth, mapped, **of), rel=1e-7)
    assert platt.then.brier == pytest.approx(brier_score_loss(rows.truth, mapped, **of), rel=1e-7)
    each = [-np.log(np.where(rows.truth == 1, p, 1 - p)) for p in (rows.score, mapped)]
    apart = each[1] - each[0]
    mass = np.ones(500) if weight is None else weight
    mean = np.average(apart, weights=mass)
    n = mass.sum() ** 2 / (mass**2).sum()
    error = math.sqrt((mass**2 @ (apart - mean) ** 2) / mass.sum() ** 2 * n / (n - 1))
    ends = mean - 1.959964 * error, mean, mean + 1.959964 * error
    ours = platt.log_loss.low, platt.log_loss.value, platt.log_loss.high
    assert ours == pytest.approx(ends, rel=1e-5)


def test_the_probabilities_as_they_are_are_those_of_the_report() -> None:
    for rows in (told(0, 500, stretch=2.0), several(0, 500, stretch=2.0)):
        data: dict[str, Any] = {"y_true": np.array(rows.classes)[rows.truth]}
        columns = rows.probability
        if columns.ndim == 1:
            data["prob_yes"] = columns
        else:
            data |= {f"prob_{name}": columns[:, k] for k, name in enumerate(rows.classes)}
        found = mleval.diagnose(data)
        (section,) = [s for s in found.sections if s.part == "calibration"]
        now = lines(section, "recalibration")["as they are"]
        for name, spec in (("log loss", "log_loss"), ("brier", "brier"), ("ece", "ece")):
            assert now[name] == pytest.approx(found.report[spec].value, rel=1e-9), name


def test_reliability_is_the_calibration_curve() -> None:
    rows = told(2, 800, stretch=1.5)
    found = lines(looked_at(rows), "reliability")
    true, stated = calibration_curve(rows.truth, rows.score, n_bins=15)
    assert [line["came true"].value for line in found.values()] == pytest.approx(true.tolist())
    assert [line["stated"] for line in found.values()] == pytest.approx(stated.tolist())
    counts = np.histogram(rows.score, np.arange(16) / 15)[0]
    assert [line["rows"] for line in found.values()] == counts.tolist()
    for line in found.values():
        hits = round(line["came true"].value * line["rows"])
        theirs = binomtest(hits, line["rows"]).proportion_ci(method="wilson")
        assert (line["came true"].low, line["came true"].high) == pytest.approx(tuple(theirs))
    error = sum(abs(line["gap"]) * line["rows"] for line in found.values()) / 800
    assert exhibit(looked_at(rows), "reliability").note.endswith(f"{error:.4f}")


@pytest.mark.parametrize("rows", samples())
def test_the_parts_of_the_brier_score_add_up(rows: ClassifiedRows) -> None:
    data = forecasts(rows)
    score, reliable, resolved, uncertain = brier_parts(data.event(rows.score))
    base = np.average(rows.truth, weights=rows.weight)
    assert score == pytest.approx(
        brier_score_loss(rows.truth, rows.score, sample_weight=rows.weight)
    )
    assert score == pytest.approx(reliable - resolved + uncertain)
    assert uncertain == pytest.approx(base * (1 - base))
    best = IsotonicRegression().fit(rows.score, rows.truth, sample_weight=rows.weight)
    mended = np.average((best.predict(rows.score) - rows.truth) ** 2, weights=rows.weight)
    assert reliable == pytest.approx(score - mended)
    assert min(reliable, resolved) >= 0


PLANTED = {
    "overconfident": {"stretch": 2.0},
    "underconfident": {"stretch": 0.5},
    "probabilities_too_high": {"shift": 1.0},
    "probabilities_too_low": {"shift": -1.0},
    "probabilities_reversed": {"stretch": -1.0},
}


@pytest.mark.parametrize("rate", [0.0, -2.0])
@pytest.mark.parametrize("kind", PLANTED)
def test_planted_miscalibration_is_named_with_its_direction(kind: str, rate: float) -> None:
    right = 0
    for seed in SEEDS:
        found = looked_at(told(seed, 1000, rate=rate, **PLANTED[kind])).findings
        right += [one.kind for one in found] == [kind]
    assert right >= len(SEEDS) * 0.95 - slack(0.95)


@pytest.mark.parametrize(("kind", "stretch"), [("overconfident", 2.0), ("underconfident", 0.5)])
def test_planted_miscalibration_of_several_classes_is_named(kind: str, stretch: float) -> None:
    right = 0
    for seed in SEEDS:
        found = looked_at(several(seed, 1000, stretch=stretch)).findings
        right += [one.kind for one in found] == [kind]
    assert right >= len(SEEDS) * 0.95 - slack(0.95)


@pytest.mark.parametrize("size", [60, 300, 1000])
@pytest.mark.parametrize("rate", [0.0, -2.0])
def test_right_probabilities_are_rarely_named(size: int, rate: float) -> None:
    found = [looked_at(told(seed, size, rate=rate)).findings for seed in SEEDS]
    assert sum(map(bool, found)) <= len(SEEDS) * 0.05 + slack(0.05)


@pytest.mark.parametrize("size", [60, 1000])
def test_right_probabilities_of_several_classes_are_rarely_named(size: int) -> None:
    found = [looked_at(several(seed, size)).findings for seed in SEEDS]
    assert sum(map(bool, found)) <= len(SEEDS) * 0.05 + slack(0.05)


def test_a_bend_that_no_line_mends_is_named_too_and_isotonic_mends_it() -> None:
    random = np.random.default_rng(0)
    odds = random.normal(0, 2, 8000)
    said = expit(np.where(odds > 0, odds * 4, odds / 4))
    (found,) = looked_at(binary(random.random(8000) < expit(odds), said)).findings
    assert found.gain is not None
    assert found.gain.difference.high < 0
    assert found.evidence["method"] == "isotonic"


def test_a_finding_has_its_gain_and_its_step() -> None:
    (found,) = looked_at(told(0, 2000, stretch=2.0)).findings
    assert found.says.startswith("probabilities are too sure: calibration slope 0.5")
    assert found.gain is not None
    assert found.gain.metric == "log_loss"
    assert found.gain.then - found.gain.now == pytest.approx(found.gain.difference.value)
    assert found.gain.recovers == pytest.approx(1 - found.gain.then / found.gain.now)
    assert "--save-calibration FILE" in str(found.step)
    (saved,) = looked_at(told(0, 2000, stretch=2.0), save_calibration="cal.json").findings
    assert "applies cal.json" in str(saved.step)
    (high,) = looked_at(told(0, 2000, shift=1.0)).findings
    assert high.says.startswith("probabilities are too high: ")
    assert " 'yes' on average, and " in high.says


def test_slope_and_intercept_are_the_catalogues() -> None:
    rows = told(0, 600, stretch=1.5, shift=0.3)
    data = {"y_true": rows.truth, "y_prob": rows.score}
    names = ("calibration_slope", "calibration_intercept")
    report = mleval.classify(data, metrics=list(names))
    found = lines(looked_at(rows), "calibration")
    for name in names:
        ours, theirs = found[name.replace("_", " ")]["value"], report[name]
        assert isinstance(ours, Ranged)
        assert (ours.value, ours.low, ours.high) == pytest.approx(
            (theirs.value, theirs.low, theirs.high), rel=1e-6
        )


@pytest.mark.parametrize(
    ("rows", "note"),
    [
        (binary([1] * 30, np.linspace(0, 1, 30)), "fewer than 10 rows of a class"),
        (binary([1, 0, 1], [0.2, 0.9, 0.8]), "fewer than 10 rows of a class"),
        (replace(several(0, 30), truth=np.zeros(30, np.int32)), "of one class"),
        (several(0, 3), "fewer than 20 rows"),
    ],
    ids=["one class", "three rows", "one of several classes", "three of several classes"],
)
def test_where_nothing_can_be_calibrated_that_is_told(rows: ClassifiedRows, note: str) -> None:
    found = looked_at(rows)
    assert note in found.notes[0]
    assert found.findings == found.exhibits == ()


def test_perfect_separation_has_no_line_and_is_told() -> None:
    truth = np.arange(60) % 2
    found = looked_at(binary(truth, 0.3 + 0.4 * truth + 0.001 * np.arange(60)))
    assert any(note.startswith("no platt calibration: the scores separate") for note in found.notes)
    assert any(note.startswith("no temperature calibration: ") for note in found.notes)
    assert [row[0] for row in exhibit(found, "recalibration").rows] == ["as they are", "isotonic"]


@pytest.mark.parametrize("at", [0.5, 0.3, 0.0, 1.0])
def test_constant_probabilities(at: float) -> None:
    found = looked_at(binary(np.arange(400) % 2, np.full(400, at)))
    assert any("no platt calibration: all scores are alike" in note for note in found.notes)
    shown = lines(found, "recalibration")
    assert shown["isotonic"]["log loss"] == pytest.approx(math.log(2), abs=0.01)
    named = {"miscalibrated", "probabilities_too_high", "probabilities_too_low"}
    assert {one.kind for one in found.findings} <= named
    assert bool(found.findings) == (at != 0.5)


def test_constant_probabilities_of_several_classes() -> None:
    rows = replace(several(0, 60), probability=np.full((60, 4), 0.25))
    with pytest.raises(Undefined):
        temperature_of(rows.truth, rows.probability, None)
    assert looked_at(rows).findings == ()


def test_zeros_and_ones_that_are_wrong_are_overconfident() -> None:
    random = np.random.default_rng(0)
    truth = random.random(1000) < 0.5
    said = np.where(random.random(1000) < 0.2, ~truth, truth)
    (found,) = looked_at(binary(truth, said)).findings
    assert found.kind == "overconfident"
    wrong = float((said != truth).mean())
    best = -wrong * math.log(wrong) - (1 - wrong) * math.log(1 - wrong)
    assert found.gain.then == pytest.approx(best, abs=0.01)


def test_weights_count_as_rows_that_come_twice() -> None:
    rows = told(6, 300, stretch=2.0)
    weight = np.random.default_rng(0).integers(1, 3, 300)
    again = np.repeat(np.arange(300), weight)
    once = looked_at(replace(rows, weight=weight.astype(float)))
    twice = looked_at(replace(binary(rows.truth[again], rows.score[again]), numbers=again + 1))
    for name in ("log loss", "brier", "ece"):
        ours, theirs = (lines(one, "recalibration")["platt"][name] for one in (once, twice))
        assert ours == pytest.approx(theirs, rel=1e-6)
    tables = [exhibit(one, "reliability").rows for one in (once, twice)]
    assert [row[1:3] for row in tables[0]] == [pytest.approx(row[1:3]) for row in tables[1]]


def test_without_probabilities_there_is_no_such_part() -> None:
    assert examine(replace(told(0, 50), probability=None), DiagnoseOptions()) is None
    rows = told(0, 200)
    data = {"y_true": rows.truth, "score": 50 * rows.score}
    found = mleval.diagnose(data, threshold=20.0, score_scale="any")
    assert "calibration" not in {section.part for section in found.sections}


def test_through_the_whole_diagnosis() -> None:
    rows = told(0, 2000, stretch=2.0)
    found = mleval.diagnose({"y_true": rows.truth, "y_prob": rows.score})
    assert "overconfident" in kinds(found)
    item = finding(found, "overconfident")
    assert item.gain.now == pytest.approx(found.report["log_loss"].value)
    assert item.evidence["ece"] == pytest.approx(ece(forecasts(rows).event(rows.score)))


@pytest.mark.parametrize(
    ("several_", "rows", "looked"), [(False, 250_000, 83_334), (True, 110_000, 55_000)]
)
def test_of_very_many_rows_some_are_compared_and_that_is_told(
    several_: bool, rows: int, looked: int
) -> None:
    made = several(0, rows, classes=8) if several_ else told(0, rows, stretch=1.5)
    found = looked_at(made)
    assert f"recalibrations are compared on {looked:,} of {rows:,} rows" in found.notes
    assert sum(row[1] for row in exhibit(found, "reliability").rows) == rows
    if not several_:
        now = lines(found, "recalibration")["as they are"]["log loss"]
        assert now == pytest.approx(log_loss(made.truth[::3], made.score[::3]))
