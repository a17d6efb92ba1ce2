"""`mleval regress`: what reaches the evaluation, and the whole command on files."""

from __future__ import annotations

import csv
import io
import json
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command import run
from scipy.stats import norm
from sklearn import metrics

from mleval.evaluation.regression import plan
from mleval.evaluation.requests import requests_for
from mleval.options import RegressOptions
from mleval.reading import RegressionRoles, ranges, records
from mleval.references import ObservedNumbers
from mleval.rendering import render
from mleval.report import Report
from mleval.spec import Spec
from mleval.verification.regression import scale

SAMPLES = Path(__file__).parent.parent / "sample_data"
DIABETES = SAMPLES / "diabetes.csv"


def report(*args: str) -> dict[str, Any]:
    result = run("regress", *args, "--json", "-q")
    assert (result.status, result.stderr) == (0, "")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def report_with_notices(file: Path, *args: str) -> dict[str, Any]:
    result = run("regress", str(file), *args, "--json")
    assert result.status == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def values(found: dict[str, Any]) -> dict[str, float]:
    return {spec: item["value"] for spec, item in found["metrics"].items()}


def test_every_flag_reaches_the_evaluation(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def evaluate(data: object, options: RegressOptions, **others: object) -> SimpleNamespace:
        asked.append(SimpleNamespace(data=data, options=options, **others))
        return SimpleNamespace(report=Report(task="regress", inputs=("x.csv",)))

    stand_in = ModuleType("mleval.evaluation.run")
    stand_in.evaluate = evaluate
    monkeypatch.setitem(sys.modules, "mleval.evaluation.run", stand_in)
    verifying = ModuleType("mleval.verification")
    verifying.verify = lambda *_: SimpleNamespace(rows=(), disagreements=())
    monkeypatch.setitem(sys.modules, "mleval.verification", verifying)
    line = (
        "a.csv b.csv --target y --pred p --lower l --upper u --std s --quantiles q --weight w "
        "--on i=j --truth-file t.csv --filter a==1 --model lr --missing drop --worst 7 -m rmse "
        "--metric all --level 0.9 --no-intervals --by g --by a*b --bins 4 --bins a=1,2 "
        "--min-slice 5 --max-slices 50 "
        "--strict --sep tab --encoding cp1252 --no-header "
        "--decimal , --verify"
    )
    assert run("regress", *line.split()).status == 0
    (call,) = asked
    assert call.data == ["a.csv", "b.csv"]
    assert call.keep_batches
    assert vars(call.options) == {
        "truth": "y",
        "prediction": "p",
        "lower": "l",
        "upper": "u",
        "std": "s",
        "quantiles": "q",
        "weight": "w",
        "id": None,
        "truth_file": "t.csv",
        "on": "i=j",
        "filter": "a==1",
        "model": "lr",
        "missing": "drop",
        "worst": 7,
        "metrics": (Spec("rmse"), Spec("all")),
        "gates": (),
        "baseline": None,
        "decide": "point",
        "force": False,
        "plots": False,
        "level": 0.9,
        "intervals": False,
        "by": ("g", "a*b"),
        "bins": ("4", "a=1,2"),
        "min_slice": 5,
        "max_slices": 50,
        "cluster": None,  # refused without intervals
        "strict": True,
        "sep": "tab",
        "encoding": "cp1252",
        "header": False,
        "decimal": ",",
    }


def test_the_table_has_all_parts() -> None:
    lines = run("regress", str(DIABETES)).stdout.splitlines()
    assert lines[0].startswith("regression  221 rows · ")
    assert [line.split()[0] for line in lines[4:11]] == [
        "mae", "rmse", "bias", "mape", "medae", "r2", "spearman",
    ]  # fmt: skip
    assert lines[12] == "error  p5 -101.34 · p25 -28.830 · median 14.680 · p75 47.800 · p95 98.260"
    assert lines[13] == " below -125   3  ███"
    assert "worst rows  id     truth  prediction    error" in lines
    assert "line 54     92    48.000      203.50   155.50" in lines


def test_a_table_of_nothing_but_ascii() -> None:
    plain = render(Report.from_dict(report(str(DIABETES))), ascii=True, width=80)
    assert plain.isascii()
    assert " below -125   3  ###" in plain


def test_the_values_are_those_of_scikit_learn() -> None:
    data = pd.read_csv(DIABETES)
    truth, prediction = data["actual"], data["prediction"]
    found = values(report(str(DIABETES)))
    expected = {
        "mae": metrics.mean_absolute_error(truth, prediction),
        "rmse": metrics.root_mean_squared_error(truth, prediction),
        "bias": float((prediction - truth).mean()),
        "mape": metrics.mean_absolute_percentage_error(truth, prediction),
        "medae": metrics.median_absolute_error(truth, prediction),
        "r2": metrics.r2_score(truth, prediction),
        "spearman": truth.corr(prediction, method="spearman"),
    }
    assert found == pytest.approx(expected, rel=1e-12)


def test_the_histogram_counts_the_errors() -> None:
    data = pd.read_csv(DIABETES)
    error = (data["prediction"] - data["actual"]).to_numpy()
    found = report(str(DIABETES))["distributions"]["error"]
    edges = np.array(found["edges"])
    assert (edges[0], edges[-1]) == (error.min(), error.max())
    inner = [np.count_nonzero((error > a) & (error <= b)) for a, b in pairwise(edges)]
    inner[0] += np.count_nonzero(error == edges[0])
    assert found["counts"] == inner
    assert sum(inner) == len(error)
    for share, value in found["quantiles"].items():
        expected = np.quantile(error, float(share), method="averaged_inverted_cdf")
        assert value == pytest.approx(expected, rel=1e-12)


def test_the_worst_rows_are_those_with_the_largest_errors() -> None:
    data = pd.read_csv(DIABETES)
    size = (data["prediction"] - data["actual"]).abs()
    first = size.sort_values(ascending=False).index[:20]
    found = report(str(DIABETES), "--worst", "20")["worst"]
    assert [row["id"] for row in found] == [str(data["id"][at]) for at in first]
    assert [row["place"] for row in found] == [f"{DIABETES}, line {at + 2}" for at in first]
    assert found[0] == {
        "place": f"{DIABETES}, line 54",
        "id": "92",
        "truth": 48.0,
        "prediction": 203.5,
        "error": 155.5,
    }


def test_rows_are_listed_unless_certain_metrics_are_asked_for() -> None:
    assert len(report(str(DIABETES))["worst"]) == 5
    some = report(str(DIABETES), "-m", "rmse")
    assert (some["worst"], some["distributions"]) == ([], {})
    assert len(report(str(DIABETES), "-m", "rmse", "--worst", "3")["worst"]) == 3
    assert len(report(str(DIABETES), "-m", "all")["worst"]) == 5
    assert report(str(DIABETES), "--worst", "0")["worst"] == []
    assert report(str(DIABETES), "--worst", "0")["distributions"]
    assert len(report(str(SAMPLES / "fitness.csv"), "--worst", "1000")["worst"]) == 60


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('id,y_true,y_pred\n"a\nb",1,9\n\nc,2,3\n', ["line 2", "line 5"]),
        ('id,y_true,y_pred\r\n"x",1,2\r\ny,2,9\r\n', ["line 3", "line 2"]),
        ("y_true,y_pred,split\n1,9,train\n1,2,test\n5,9,test\n", ["line 4", "line 3"]),
    ],
)
def test_worst_rows_are_found_in_the_file(tmp_path: Path, text: str, places: list[str]) -> None:
    file = tmp_path / "x.csv"
    file.write_text(text, newline="")
    flags = ("--filter", 'split == "test"') if "split" in text else ()
    found = report(str(file), *flags)["worst"]
    assert [row["place"] for row in found] == [f"{file}, {place}" for place in places]


@pytest.mark.parametrize("block", [1, 7, 1 << 18])
def test_worst_rows_are_found_whatever_is_looked_at_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(records, "_BLOCK", block)
    file = tmp_path / "x.csv"
    errors = [0.5, 3.0, 0.25, 7.0, 1.0, 0.125]
    file.write_text("y_true,y_pred\n" + "".join(f"1,{1 + error}\n" for error in errors))
    places = [row["place"].split(", ")[1] for row in report(str(file), "--worst", "3")["worst"]]
    assert places == ["line 5", "line 3", "line 6"]
    file.write_text(file.read_text().replace("1,1.5\n", '1,"1.5"\n\n'))
    places = [row["place"].split(", ")[1] for row in report(str(file), "--worst", "3")["worst"]]
    assert places == ["line 6", "line 4", "line 7"]


def test_worst_rows_of_shards_of_every_format(tmp_path: Path) -> None:
    one = pd.DataFrame({"id": ["a", "b"], "y_true": [1.0, 2.0], "y_pred": [1.5, 9.0]})
    two = pd.DataFrame({"id": ["c", "d"], "y_true": [3.0, 4.0], "y_pred": [13.0, 4.25]})
    ways = {
        "csv": lambda table, file: table.to_csv(file, index=False),
        "jsonl": lambda table, file: table.to_json(file, orient="records", lines=True),
        "parquet": lambda table, file: table.to_parquet(file),
        "csv.gz": lambda table, file: table.to_csv(file, index=False),
    }
    for ending, write in ways.items():
        files = [tmp_path / f"{name}.{ending}" for name in ("one", "two")]
        write(one, files[0])
        write(two, files[1])
        found = report(*map(str, files), "--worst", "2")["worst"]
        unit = {"csv": "line 2", "csv.gz": "line 2", "jsonl": "line 1", "parquet": "row 1"}[ending]
        assert [row["id"] for row in found] == ["c", "b"]
        assert found[0]["place"] == f"{files[1]}, {unit}"


def test_parts_of_a_file_give_the_report_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = report(str(SAMPLES / "forecasts.csv"), "-m", "all", "--worst", "9")
    monkeypatch.setattr(ranges, "RANGE_BYTES", 500)
    parts = report(str(SAMPLES / "forecasts.csv"), "-m", "all", "--worst", "9")
    assert values(parts) == pytest.approx(values(whole), rel=1e-12)
    assert parts["worst"] == whole["worst"]
    default = report(str(SAMPLES / "forecasts.csv"))
    monkeypatch.undo()
    assert default["distributions"] == report(str(SAMPLES / "forecasts.csv"))["distributions"]


def test_several_targets_are_averaged_as_scikit_learn_does() -> None:
    data = pd.read_csv(SAMPLES / "fitness.csv")
    names = ("weight", "waist", "pulse")
    truth = data[[f"{name}_true" for name in names]].to_numpy()
    prediction = data[[f"{name}_pred" for name in names]].to_numpy()
    found = report(str(SAMPLES / "fitness.csv"))
    single = {
        "mae": metrics.mean_absolute_error,
        "rmse": metrics.root_mean_squared_error,
        "mape": metrics.mean_absolute_percentage_error,
        "medae": metrics.median_absolute_error,
        "r2": metrics.r2_score,
    }
    for name, function in single.items():
        assert values(found)[name] == pytest.approx(function(truth, prediction), rel=1e-12)
        each = function(truth, prediction, multioutput="raw_values")
        for target, value in zip(names, each, strict=True):
            assert found["targets"][target][name]["value"] == pytest.approx(value, rel=1e-12)
    loaded = Report.from_dict(found)
    assert loaded["rmse[target=waist]"] == loaded.targets["waist"]["rmse"]


def test_the_interval_over_targets_knows_that_they_share_rows() -> None:
    data = pd.read_csv(SAMPLES / "fitness.csv")
    names = ("weight", "waist", "pulse")
    errors = np.stack([data[f"{n}_pred"] - data[f"{n}_true"] for n in names])
    found = report(str(SAMPLES / "fitness.csv"))["metrics"]["bias"]
    rows = errors.mean(axis=0)  # the bias over targets is the mean over the rows of this
    half = 1.959963984540054 * rows.std(ddof=1) / np.sqrt(len(rows))
    assert found["low"] == pytest.approx(rows.mean() - half, rel=1e-9)
    assert found["high"] == pytest.approx(rows.mean() + half, rel=1e-9)


def test_one_target_can_be_asked_for() -> None:
    path = str(SAMPLES / "fitness.csv")
    found = values(report(path, "-m", "rmse", "-m", "rmse[target=waist]"))
    one = values(report(path, "--truth", "waist_true", "--pred", "waist_pred", "-m", "rmse"))
    assert found["rmse[target=waist]"] == one["rmse"]


def test_verification_agrees_on_everything() -> None:
    for name in ("forecasts.csv", "fitness.csv"):
        result = run("regress", str(SAMPLES / name), "-m", "all", "--verify")
        assert result.status == 0
        count, _, total = result.stdout.strip().splitlines()[-1].split()[:3]
        assert count == total


def test_targets_with_weights_are_those_of_scikit_learn_and_verified(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    truth = rng.gamma(2, 3, (50, 2))
    prediction, weight = truth + rng.normal(0, 1, (50, 2)), rng.integers(1, 5, 50)
    table = {"sample_weight": weight}
    for at, name in enumerate("ab"):
        table |= {f"{name}_true": truth[:, at], f"{name}_pred": prediction[:, at]}
    file = tmp_path / "x.csv"
    pd.DataFrame(table).to_csv(file, index=False)
    names = ("mae", "mse", "rmse", "r2", "bias", "medae", "pearson")
    flags = [flag for name in names for flag in ("-m", name)]
    result = run("regress", str(file), *flags, "--verify")
    assert result.status == 0, result.stdout
    found = values(report(str(file), *flags))
    expected = {
        "mae": metrics.mean_absolute_error(truth, prediction, sample_weight=weight),
        "mse": metrics.mean_squared_error(truth, prediction, sample_weight=weight),
        "rmse": metrics.root_mean_squared_error(truth, prediction, sample_weight=weight),
        "r2": metrics.r2_score(truth, prediction, sample_weight=weight),
        "bias": np.average((prediction - truth).mean(axis=1), weights=weight),
        "medae": metrics.median_absolute_error(truth, prediction, sample_weight=weight),
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-12)


def test_of_several_targets_an_interval_is_nobodys(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("a_true,a_pred,b_true,b_pred,lo,hi,q10,q90\n1,2,5,4,0,3,0,3\n2,4,6,5,1,5,1,5\n")
    metric = ("-m", "interval_coverage")
    named = run("regress", str(file), "--lower", "lo", "--upper", "hi", *metric)
    assert (named.status, named.stdout) == (3, "")
    assert "--lower and --upper cannot say of which one" in named.stderr
    found = run("regress", str(file), *metric)
    assert (found.status, found.stdout) == (3, "")
    assert "there is no column of lower (--lower) and upper (--upper)" in found.stderr
    plain = report_with_notices(file, "-m", "pinball(q=0.9)")
    assert "quantiles" not in [item["what"] for item in plain["assumed"]]
    truth, prediction = np.array([[1, 5], [2, 6]]), np.array([[2, 4], [4, 5]])
    expected = metrics.mean_pinball_loss(truth, prediction, alpha=0.9)
    assert values(plain)["pinball(q=0.9)"] == pytest.approx(expected, rel=1e-12)


def test_a_quantile_that_is_an_end_of_an_interval_is_judged_as_one(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    truth, middle = rng.gamma(2, 3, 30), rng.gamma(2, 3, 30)
    table = {"y_true": truth, "q10": middle - 2, "q50": middle, "q90": middle + 3}
    file = tmp_path / "x.csv"
    pd.DataFrame(table).to_csv(file, index=False)
    ends = ("--lower", "q10", "--upper", "q90")
    asked = ("pinball(q=0.9)", "d2_pinball(q=0.9)", "winkler", "winkler(level=0.8)")
    found = report_with_notices(file, *ends, *(word for spec in asked for word in ("-m", spec)))
    expected = metrics.mean_pinball_loss(truth, middle + 3, alpha=0.9)
    assert values(found)["pinball(q=0.9)"] == pytest.approx(expected, rel=1e-12)
    constant = np.full(30, np.sort(truth)[26:28].mean())  # 27 of 30 rows are 90 %
    null = metrics.mean_pinball_loss(truth, constant, alpha=0.9)
    assert values(found)["d2_pinball(q=0.9)"] == pytest.approx(1 - expected / null, rel=1e-12)
    outside = np.maximum(middle - 2 - truth, 0) + np.maximum(truth - middle - 3, 0)
    assert values(found)["winkler"] == pytest.approx(np.mean(5 + 10 * outside), rel=1e-12)
    assert values(found)["winkler(level=0.8)"] == values(found)["winkler"]
    assert {"what": "interval", "value": "80 %"}.items() <= found["assumed"][4].items()
    for spec in ("pinball(q=0.3)", "d2_pinball(q=0.3)"):
        refused = run("regress", str(file), *ends, "-m", spec)
        assert (refused.status, refused.stdout) == (3, "")
        assert f"{spec}: no column is of the quantile 0.3" in refused.stderr
    assert run("regress", str(file), "-m", "all", "--verify").status == 0


def test_the_level_of_winkler_is_that_of_the_intervals(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("y_true,y_pred,lower_95,upper_95\n1,2,0,3\n2,4,3,5\n")
    other = run("regress", str(file), "-m", "winkler(level=0.9)")
    assert (other.status, other.stdout) == (3, "")
    assert "say that the intervals are of 95 %, not 90 %" in other.stderr
    assert "hint: ask for winkler(level=0.95)" in other.stderr
    assert values(report_with_notices(file, "-m", "winkler")) == pytest.approx({"winkler": 22.5})
    file.write_text("y_true,y_pred,lower,upper\n1,2,0,3\n2,4,3,5\n")
    unknown = run("regress", str(file), "-m", "winkler")
    assert (unknown.status, unknown.stdout) == (3, "")
    assert "winkler(level=0.9) for intervals of 90 %" in unknown.stderr
    plain = report_with_notices(file, "-m", "winkler(level=0.9)")
    assert values(plain) == pytest.approx({"winkler(level=0.9)": 12.5})
    assert "winkler" not in report_with_notices(file, "-m", "all")["metrics"]


def test_intervals_and_deviations_of_several_targets(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text(
        "a_true,a_pred,a_lower,a_upper,a_var,b_true,b_pred,b_lower,b_upper,b_var\n"
        "1,1,0,2,4,5,1,0,2,1\n2,3,0,2,4,1,1,0,2,9\n4,3,0,2,4,1,2,0,2,1\n"
    )
    found = report_with_notices(file, "-m", "interval_coverage", "-m", "gaussian_nll", "--verify")
    assert values(found)["interval_coverage"] == pytest.approx(4 / 6)
    each = found["targets"]
    assert [each[t]["interval_coverage"]["value"] for t in "ab"] == pytest.approx([2 / 3, 2 / 3])
    logs = [norm.logpdf(1, 1, 2), norm.logpdf(2, 3, 2), norm.logpdf(4, 3, 2)]
    assert each["a"]["gaussian_nll"]["value"] == pytest.approx(-np.mean(logs), rel=1e-12)
    crossed = file.read_text().replace("1,1,0,2,4,5", "1,1,3,2,4,5")
    file.write_text(crossed)
    refused = run("regress", str(file))
    assert refused.status == 3
    assert "expected 'a_lower' to be at most 'a_upper', found 1 row where they" in refused.stderr


@pytest.mark.parametrize("power", ["1.000001", "1.00000001", "1.99999", "2.0000001"])
def test_next_to_powers_that_cancel_the_reference_is_exact(tmp_path: Path, power: str) -> None:
    file = tmp_path / "x.csv"
    file.write_text("y_true,y_pred,sample_weight\n1,1.5,1\n4,3.25,2.5\n7,7.01,1\n0.5,9,2\n")
    done = run("regress", str(file), "-m", f"tweedie_deviance(power={power})", "--verify")
    assert done.status == 0, done.stderr


def test_all_metrics_of_quantiles_are_those_that_can_be_read(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    truth, middle = rng.gamma(2, 3, 30), rng.gamma(2, 3, 30)
    table = {"y_true": truth, "q25": middle - 1, "q50": middle, "q75": middle + 1}
    file = tmp_path / "x.csv"
    pd.DataFrame(table).to_csv(file, index=False)
    found = report_with_notices(file, "-m", "all")
    read = [spec for spec in found["metrics"] if spec.startswith("pinball")]
    assert read == ["pinball(q=0.25)", "pinball(q=0.5)", "pinball(q=0.75)"]
    assert values(found)["mae"] == pytest.approx(metrics.mean_absolute_error(truth, middle))
    asked = values(report_with_notices(file, "-m", "all", "-m", "pinball(q=0.75)"))
    expected = metrics.mean_pinball_loss(truth, middle + 1, alpha=0.75)
    assert asked["pinball(q=0.75)"] == pytest.approx(expected, rel=1e-12)
    refused = run("regress", str(file), "-m", "pinball(q=0.9)")
    assert (refused.status, refused.stdout) == (3, "")
    assert "no column is of the quantile 0.9" in refused.stderr


def test_all_metrics_keep_no_more_rows_for_ranks_than_the_default_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roles = RegressionRoles(columns={"truth": "t", "prediction": "p"})

    def most(*specs: str) -> int | None:
        requests = requests_for("regress", [Spec.parse(spec) for spec in specs])
        return plan.plan_of(requests, roles, listed=0, described=False, coupled=True).ranked

    assert most() == most("all") == 1_000_000
    assert most("kendall") is None
    monkeypatch.setattr(plan, "_MOST_RANKED", 20)
    rng = np.random.default_rng(5)
    table = pd.DataFrame(rng.normal(size=(30, 2)), columns=["y_true", "y_pred"])
    table.to_csv(tmp_path / "x.csv", index=False)
    requests = [r for r in requests_for("regress", [Spec("all")]) if r.metric.name != "spearman"]
    assert plan.plan_of(requests, roles, listed=0, described=False, coupled=True).ranked == 20
    asked = values(report(str(tmp_path / "x.csv"), "-m", "kendall"))
    expected = table["y_true"].corr(table["y_pred"], method="kendall")
    assert asked["kendall"] == pytest.approx(expected, rel=1e-12)


def test_the_tolerance_of_what_cancels_is_of_the_weighted_errors() -> None:
    rows = ObservedNumbers(
        truth=np.zeros(2), prediction=np.array([1.0, -9.0]), weight=np.array([9.0, 1.0])
    )
    (request,) = requests_for("regress", [Spec("bias")])
    expected = np.average([1.0, 9.0], weights=[9.0, 1.0])
    assert scale(request, {"": rows}) == pytest.approx(expected, rel=1e-15)


def test_models_stand_side_by_side(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("date,actual,ARIMA,XGBoost\n1,1.5,2,1.4\n2,2.5,2,2.2\n3,4,3,4.4\n")
    both = run("regress", str(file))
    assert both.stdout.startswith("regression  2 models · 3 rows")
    assert values(report(str(file), "--model", "ARIMA"))["mae"] == pytest.approx(2 / 3)


def test_the_truth_may_be_in_another_file(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("id,SalePrice\n2,20\n1,10\n")
    (tmp_path / "t.csv").write_text("id,SalePrice\n1,12\n2,20\n")
    found = report(str(tmp_path / "p.csv"), "--truth-file", str(tmp_path / "t.csv"))
    assert values(found)["mae"] == 1
    assert found["worst"][0]["id"] == "1"
    assert found["worst"][0]["place"] == (
        f"{tmp_path / 'p.csv'}, line 3 ({tmp_path / 't.csv'}, line 2)"
    )


def test_csv_and_markdown_have_the_targets() -> None:
    table = run("regress", str(SAMPLES / "fitness.csv"), "--format", "csv", "-q").stdout
    rows = {row["metric"]: row["value"] for row in csv.DictReader(io.StringIO(table))}
    found = report(str(SAMPLES / "fitness.csv"))
    assert float(rows["rmse[target=pulse]"]) == found["targets"]["pulse"]["rmse"]["value"]
    text = run("regress", str(SAMPLES / "fitness.csv"), "--format", "markdown", "-q").stdout
    assert "<details><summary>targets</summary>" in text
    assert "| target | mae |" in text
    text = run("regress", str(DIABETES), "--format", "markdown", "-q").stdout
    assert "| below -125 | █▌ | 3 |" in text
    assert "| line 54 | 92 | 48.000 | 203.50 | 155.50 |" in text


def test_options_come_from_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "mleval.toml").write_text('[regress]\nmetric = ["rmse"]\nworst = 2\n')
    result = run("regress", str(DIABETES), "--json", directory=tmp_path)
    found = json.loads(result.stdout)
    assert list(found["metrics"]) == ["rmse"]
    assert len(found["worst"]) == 2
    assert "options from" in result.stderr


def test_ids_do_not_command_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("id,y_true,y_pred\n[red]\x1b[31m|x,1,2\n")
    assert "\x1b" not in run("regress", str(file)).stdout
    assert r"[red]\x1b[31m|x" in run("regress", str(file)).stdout
    text = run("regress", str(file), "--format", "markdown", "-q").stdout
    assert "\x1b" not in text
    assert "\\|x" in text


@pytest.mark.parametrize("scale", ["e-200", "e200"])
def test_a_reference_that_cannot_compute_is_told_of(tmp_path: Path, scale: str) -> None:
    path = tmp_path / "p.csv"
    rows = [("1", "2"), ("3", "2.5"), ("2", "1"), ("5", "4")]
    path.write_text("y_true,y_pred\n" + "".join(f"{t}{scale},{p}{scale}\n" for t, p in rows))
    done = run("regress", str(path), "-m", "all", "--verify", COLUMNS="300")
    assert done.status in (0, 1), done.stderr
    assert "the reference cannot compute it" in done.stdout


def default_keys(path: Path) -> list[str]:
    return list(report(str(path))["metrics"])


def test_the_default_report_has_what_is_read_of_intervals_quantiles_and_deviations(
    tmp_path: Path,
) -> None:
    plain = default_keys(SAMPLES / "diabetes.csv")
    assert "pinball(q=0.5)" not in plain
    more = [key for key in default_keys(SAMPLES / "forecasts.csv") if key not in plain]
    assert more == [
        "pinball(q=0.1)", "pinball(q=0.5)", "pinball(q=0.9)",
        "interval_coverage", "interval_width", "crps_gaussian",
    ]  # fmt: skip
    path = tmp_path / "q.csv"
    path.write_text("y_true,q05,q50\n1,0.5,1.5\n2,1,2.5\n4,1,3\n")
    assert {"pinball(q=0.05)", "pinball(q=0.5)"} < {*default_keys(path)}
    every = report(str(path), "-m", "all")["metrics"]
    assert {"pinball(q=0.05)", "d2_pinball(q=0.5)"} < {*every}
    assert "pinball(q=0.9)" not in every


def test_of_many_quantiles_the_default_report_has_the_outer_and_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    levels = range(1, 100)
    names = ",".join(f"q{level:02d}" for level in levels)
    rows = [f"{truth}," + ",".join(f"{level / 50}" for level in levels) for truth in (0, 1, 2)]
    path.write_text("\n".join([f"y_true,{names}", *rows]) + "\n")
    found = [key for key in default_keys(path) if key.startswith("pinball")]
    assert found == ["pinball(q=0.01)", "pinball(q=0.5)", "pinball(q=0.99)"]
    every = [key for key in report(str(path), "-m", "all")["metrics"] if key.startswith("pinball")]
    assert len(every) == 99


MODELS = "id,y_true,lr_pred,rf_pred\na,1.5,2.5,1\nb,2.5,2,5.5\nc,4,4,4.25\nd,3,9,3\n"


def test_the_worst_rows_of_several_models_are_listed_where_they_are_asked_for(
    tmp_path: Path,
) -> None:
    path = tmp_path / "m.csv"
    path.write_text(MODELS)
    plain = run("regress", str(path)).stdout
    assert "worst rows" not in plain
    for flags in ((), ("-m", "rmse")):
        lines = run("regress", str(path), "--worst", "2", *flags).stdout.splitlines()
        start = lines.index("lr")
        assert [line.split() for line in lines[start : start + 9]] == [
            ["lr"],
            ["worst", "rows", "id", "truth", "prediction", "error"],
            ["line", "5", "d", "3.0000", "9.0000", "6.0000"],
            ["line", "2", "a", "1.5000", "2.5000", "1.0000"],
            [],
            ["rf"],
            ["worst", "rows", "id", "truth", "prediction", "error"],
            ["line", "3", "b", "2.5000", "5.5000", "3.0000"],
            ["line", "2", "a", "1.5000", "1.0000", "-0.5000"],
        ]
    folded = run("regress", str(path), "--format", "markdown", "--worst", "1").stdout
    assert "<summary>worst rows of rf</summary>" in folded
    assert "worst rows" not in run("regress", str(path), "--worst", "0").stdout
