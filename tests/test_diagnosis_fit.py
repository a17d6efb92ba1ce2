"""The part on the fit, beside scipy, pandas and plain transcriptions."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from diagnosed import case_of, finding, kinds, section, table
from planted import others, planted
from scipy import stats
from test_json_schemas import SAMPLES

import mleval
from mleval.diagnosis.finding import Ranged
from mleval.diagnosis.folds import nadeau_bengio
from mleval.diagnosis.gaps import difference
from mleval.errors import InputError, UsageError
from mleval.report import Estimate

EVEN, OVERSAMPLED = (str(SAMPLES / name) for name in ("even.csv", "oversampled.csv"))


def of(share: float, rows: int, seed: int) -> dict[str, np.ndarray]:
    """Rows of which that share is right."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, 2, rows)
    return {"y_true": truth, "y_pred": np.where(random.random(rows) < share, truth, 1 - truth)}


def both(train: float, held_out: float, rows: int = 2000, seed: int = 0) -> dict[str, np.ndarray]:
    """Training rows and others in one table."""
    sides = of(train, rows, seed), of(held_out, rows, seed + 1)
    data = {name: np.concatenate([side[name] for side in sides]) for name in sides[0]}
    return {**data, "split": np.repeat(["train", "val"], rows)}


def wilson(right: int, rows: int) -> tuple[float, float]:
    found = stats.binomtest(right, rows).proportion_ci(0.95, method="wilson")
    return found.low, found.high


def test_the_gap_is_that_of_newcombe() -> None:
    data = pd.DataFrame(both(0.97, 0.8))
    found = table(mleval.diagnose(data), "fit")["accuracy"]
    right = (data["y_true"] == data["y_pred"]).groupby(data["split"]).agg(["sum", "size", "mean"])
    (t, (tl, tu)), (v, (vl, vu)) = (
        (right.loc[side, "mean"], wilson(int(right.loc[side, "sum"]), 2000))
        for side in ("train", "val")
    )
    assert found["training"] == Ranged(*map(pytest.approx, (t, tl, tu)))
    gap = found["gap"]
    assert isinstance(gap, Ranged)
    wanted = (
        t - v,
        t - v - math.sqrt((t - tl) ** 2 + (vu - v) ** 2),
        t - v + math.sqrt((tu - t) ** 2 + (v - vl) ** 2),
    )
    assert (gap.value, gap.low, gap.high) == pytest.approx(wanted, rel=1e-9)


def test_a_difference_without_intervals_has_none() -> None:
    one, other = Estimate(value=0.9, low=0.8, high=1.0), Estimate(value=0.5)
    assert difference(one, other) == Ranged(0.4)
    assert difference(one, Estimate(undefined="none")) == Ranged(None)


@pytest.mark.parametrize(
    ("train", "held_out", "verdict"),
    [
        (0.97, 0.96, set()),
        (0.99, 0.8, {"high_variance"}),
        (0.7, 0.7, {"high_bias"}),
        (0.8, 0.6, {"high_bias", "high_variance"}),
        (0.9, 0.88, set()),
    ],
)
def test_the_verdict_is_by_both_limits(train: float, held_out: float, verdict: set[str]) -> None:
    found = mleval.diagnose(both(train, held_out))
    assert kinds(found) & {"high_bias", "high_variance"} == verdict
    told = " ".join(item.says for item in found.findings if item.part == "fit")
    told += " ".join(section(found, "fit").notes)
    assert "0.85" in told or "high_bias" not in verdict
    assert "balanced" in told or verdict
    for kind, limit in (("high_bias", 0.85), ("high_variance", 0.95)):
        if kind in verdict:
            assert finding(found, kind).evidence["limit"] == limit


def test_the_limits_can_be_said() -> None:
    data = both(0.9, 0.8)
    assert "high_variance" in kinds(mleval.diagnose(data))
    assert "high_variance" not in kinds(mleval.diagnose(data, variance_limit=0.8))
    assert "high_bias" in kinds(mleval.diagnose(data, bias_limit=0.95))


def test_few_rows_bear_no_verdict_out() -> None:
    found = mleval.diagnose(both(0.9, 0.8, rows=20))
    assert kinds(found) & {"high_bias", "high_variance"} == set()
    assert any("too few rows" in note for note in section(found, "fit").notes)


def test_equal_sides_rarely_have_a_fit_problem() -> None:
    """At most 5 % of clean sets: of 40, as many as that come by chance in 1 of 1000."""
    wrong = [
        bool(kinds(mleval.diagnose(both(0.9, 0.9, rows=150, seed=seed))) & {"high_variance"})
        for seed in range(0, 80, 2)
    ]
    assert sum(wrong) <= stats.binom.ppf(0.999, 40, 0.05)


def test_training_rows_may_be_in_a_file_of_their_own(tmp_path: Path) -> None:
    data = pd.DataFrame(both(0.97, 0.8))
    for side, part in data.groupby("split"):
        part.drop(columns="split").to_csv(tmp_path / f"{side}.csv", index=False)
    split = mleval.diagnose(data)
    apart = mleval.diagnose(str(tmp_path / "val.csv"), train=str(tmp_path / "train.csv"))
    assert table(apart, "fit") == table(split, "fit")
    assert apart.train is not None
    assert apart.train["accuracy"].value == split.train["accuracy"].value  # type: ignore[index]


def test_the_rows_that_are_examined_are_the_held_out_ones() -> None:
    data = pd.DataFrame(both(0.97, 0.8))
    found = mleval.diagnose(data)
    held_out = data[data["split"] == "val"]
    accuracy = (held_out["y_true"] == held_out["y_pred"]).mean()
    assert found.report["accuracy"].value == pytest.approx(accuracy)
    assert found.report.provenance["rows_used"] == len(held_out)
    assumed = {item.what: item for item in found.report.assumed}
    assert assumed["split"].value == "split"
    assert assumed["split"].why == "train is training, val is examined"


def test_ids_on_both_sides_are_counted() -> None:
    frame = pd.read_csv(OVERSAMPLED)
    item = finding(mleval.diagnose(OVERSAMPLED), "leaked_ids")
    test = frame[frame["split"] == "test"]
    leaked = test["id"].isin(frame.loc[frame["split"] == "train", "id"])
    right = test["true_digit"] == test["predicted_digit"]
    assert item.evidence["rows"] == leaked.sum()
    assert item.evidence["accuracy"] == pytest.approx(right[leaked].mean())
    assert item.evidence["accuracy_of_rest"] == pytest.approx(right[~leaked].mean())
    assert item.spoils
    assert mleval.diagnose(OVERSAMPLED).findings[0] == item


def test_ids_that_only_count_rows_are_no_leak() -> None:
    sides = [pd.DataFrame({"id": range(500), **of(0.9, 500, seed)}) for seed in (0, 1)]
    found = mleval.diagnose(sides[0], train=sides[1])
    assert "leaked_ids" not in kinds(found)
    assert any("only count rows" in note for note in section(found, "fit").notes)


def test_rows_that_are_the_same_on_both_sides_are_counted() -> None:
    random = np.random.default_rng(5)
    sides = [
        pd.DataFrame({**of(0.9, 800, seed), **others(random, 800)}).assign(at=range(800))
        for seed in (0, 1)
    ]
    held_out = pd.concat([sides[0], sides[1].head(60)], ignore_index=True)
    item = finding(mleval.diagnose(held_out, train=sides[1]), "leaked_rows")
    assert item.evidence["rows"] == 60
    assert "row 801" in item.says
    assert "leaked_rows" not in kinds(mleval.diagnose(sides[0], train=sides[1]))


@pytest.mark.parametrize("folds", [2, 5, 10])
def test_the_interval_over_folds_is_that_of_nadeau_and_bengio(folds: int) -> None:
    values = np.random.default_rng(folds).normal(0.8, 0.05, folds)
    found = nadeau_bengio(values.tolist(), tested=40, trained=360, level=0.9)
    margin = stats.t.ppf(0.95, folds - 1) * math.sqrt((1 / folds + 40 / 360) * values.var(ddof=1))
    assert (found.value, found.low, found.high) == pytest.approx(
        (values.mean(), values.mean() - margin, values.mean() + margin), rel=1e-9
    )


def test_the_folds_are_those_of_pandas() -> None:
    frame = pd.read_csv(EVEN)
    frame["right"] = frame["even"] == frame["predicted_even"]
    by_fold = frame.groupby("fold")["right"].mean()
    found = mleval.diagnose(EVEN)
    row = table(found, "folds")["accuracy"]
    assert row["deviation"] == pytest.approx(by_fold.std(), rel=1e-12)
    assert (row["lowest"], row["highest"]) == pytest.approx((by_fold.min(), by_fold.max()))
    n, k = len(frame), 5
    margin = stats.t.ppf(0.975, k - 1) * math.sqrt((1 / k + 1 / (k - 1)) * by_fold.var())
    mean = row["mean"]
    assert isinstance(mean, Ranged)
    assert (mean.value, mean.low, mean.high) == pytest.approx(
        (by_fold.mean(), by_fold.mean() - margin, by_fold.mean() + margin), rel=1e-9
    )
    each = table(found, "each_fold")
    assert {name: r["accuracy"].value for name, r in each.items()} == pytest.approx(  # type: ignore[union-attr]
        {str(fold): value for fold, value in by_fold.items()}
    )
    said = table(mleval.diagnose(EVEN, train_size=n // 2), "folds")["accuracy"]["mean"]
    assert isinstance(said, Ranged)
    margin = stats.t.ppf(0.975, 4) * math.sqrt((1 / k + (n / k) / (n // 2)) * by_fold.var())
    assert said.high == pytest.approx(by_fold.mean() + margin, rel=1e-9)


def test_an_odd_fold_is_named_and_others_are_not() -> None:
    truth = planted("odd_fold", 0)
    item = finding(mleval.diagnose(truth.data), "odd_fold")
    assert item.evidence["fold"] == truth.value
    assert item.evidence["difference"] < 0  # type: ignore[operator]
    assert "odd_fold" not in kinds(mleval.diagnose(EVEN))


def test_folds_of_a_regression_are_judged_by_the_mean_error() -> None:
    random = np.random.default_rng(0)
    truth, fold = random.normal(0, 10, 1000), np.tile(range(5), 200)
    noise = random.normal(0, 1, 1000) * np.where(fold == 3, 3, 1)
    found = mleval.diagnose({"y_true": truth, "y_pred": truth + noise, "fold": fold})
    assert finding(found, "odd_fold").evidence["fold"] == "3"
    assert finding(found, "odd_fold").evidence["metric"] == "mae"


def test_rows_that_are_all_of_training_flatter() -> None:
    data = {**of(0.9, 100, 0), "split": np.repeat("train", 100)}
    item = finding(mleval.diagnose(data), "only_training_rows")
    assert item.spoils


def test_what_is_no_training_of_the_same_model_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("y_true,y_pred\n" + "a,a\nb,b\n" * 9)
    (tmp_path / "q.csv").write_text("y_true,y_pred\n" + "q,q\nr,r\n" * 9)
    (tmp_path / "x.csv").write_text("foo,bar\n1,2\n")
    for name, told in (("q", "the classes are"), ("x", "no column"), ("a", "that is examined")):
        with pytest.raises(InputError, match=f"^--train: .*{told}"):
            mleval.diagnose(str(tmp_path / "a.csv"), train=str(tmp_path / f"{name}.csv"))
    with pytest.raises(UsageError, match="two ways"):
        mleval.diagnose(str(tmp_path / "a.csv"), train=str(tmp_path / "q.csv"), split="s")


def test_no_split_and_no_folds_have_no_fit() -> None:
    found = mleval.diagnose(of(0.9, 100, 0))
    assert [section.part for section in found.sections if section.part == "fit"] == []
    assert case_of(of(0.9, 100, 0)).train is None
