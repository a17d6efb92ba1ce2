"""Regression's traps: bad numbers are refused with their place, dubious ones evaluated and told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from traps import assumed, evaluated, refused, reported, values, warned

HEADER = "y_true,y_pred\n"


def report(folder: Path, content: str, *flags: str, name: str = "x.csv") -> dict[str, Any]:
    return reported(folder, content, *flags, name=name, command="regress")


REFUSALS = {
    "text in a numeric column": (
        HEADER + "1.5,2\nabc,3\n4,x\n5,-\n",
        "",
        "error: expected numbers in the truth column 'y_true', found 1 cell of text:\n"
        "  x.csv, line 3: 'abc'\n"
        "expected numbers in the prediction column 'y_pred', found 2 cells of text:\n"
        "  x.csv, line 4: 'x'\n"
        "  x.csv, line 5: '-'\n"
        "hint: correct the cells, or name another column with --truth, or if these are classes: "
        "mleval classify; correct the cells, or name another column with --pred\n",
    ),
    "thousands separators": (
        HEADER + '"1,234.5",2\n"12,000.5",3\n',
        "",
        "error: expected numbers in the truth column 'y_true', found 2 cells of text:\n"
        "  x.csv, line 2: '1,234.5'\n  x.csv, line 3: '12,000.5'\n"
        "hint: write decimal points, not commas, and no thousands separators\n",
    ),
    "words for missing": (
        HEADER + "1,NA\n2,2\n",
        "",
        "error: expected numbers in the prediction column 'y_pred', found 1 cell of text:\n"
        "  x.csv, line 2: 'NA'\n"
        "hint: leave the cells of missing numbers empty, then use --missing drop\n",
    ),
    "an infinite truth": (
        HEADER + "1,1\ninf,2\n",
        "",
        "error: expected finite numbers in the truth column 'y_true', found 1 other:\n"
        "  x.csv, line 3: inf\n"
        "hint: leave an unknown truth empty: its row is left out\n",
    ),
    "infinite and undefined numbers": (
        HEADER + "1,inf\n2,2\n-Infinity,3\n4,nan\n",
        "",
        "error: expected finite numbers in the truth column 'y_true', found 1 other:\n"
        "  x.csv, line 4: -inf\n"
        "expected finite numbers in the prediction column 'y_pred', found 2 others:\n"
        "  x.csv, line 2: inf\n  x.csv, line 5: nan\n"
        "hint: leave an unknown truth empty: its row is left out; NaN and infinity cannot be "
        "evaluated: mend what wrote them; --missing drop leaves rows with NaN out, as those with "
        "empty cells\n",
    ),
    "a missing prediction": (
        HEADER + "1,1\n2,\n",
        "",
        "error: expected a prediction beside every truth, found 1 empty cell in 'y_pred':\n"
        "  x.csv, line 3: empty\n"
        "hint: complete the rows, or say how they count: --missing drop\n",
    ),
    "a missing end of an interval": (
        "y_true,y_pred,lower,upper\n1,1,0,2\n2,2,1,\n",
        "",
        "error: expected an upper beside every truth, found 1 empty cell in 'upper':\n"
        "  x.csv, line 3: empty\n"
        "hint: complete the rows, or say how they count: --missing drop\n",
    ),
    "lower above upper": (
        "y_true,y_pred,lower,upper\n1,1,0,2\n2,2,3,1\n",
        "",
        "error: expected 'lower' to be at most 'upper', found 1 row where they cross:\n"
        "  x.csv, line 3: 3 above 1\n"
        "hint: put the lower number first in these rows, or mend what wrote them\n",
    ),
    "quantiles that cross": (
        "y_true,q10,q50,q90\n1,0,1,2\n2,1,3,2\n2,4,3,5\n",
        "",
        "error: expected 'q10' to be at most 'q50', found 1 row where they cross:\n"
        "  x.csv, line 4: 4 above 3\n"
        "expected 'q50' to be at most 'q90', found 1 row where they cross:\n"
        "  x.csv, line 3: 3 above 2\n"
        "hint: quantiles that are fitted one by one often cross: the usual remedy is to sort them "
        "in each row, such as numpy.sort(quantiles, axis=1), before they are saved\n",
    ),
    "ends of intervals the other way round": (
        "y_true,y_pred,lower,upper\n1,1,2,0\n2,2,3,1\n",
        "",
        "error: expected 'lower' to be at most 'upper', found 2 rows where they cross:\n"
        "  x.csv, line 2: 2 above 0\n"
        "  x.csv, line 3: 3 above 1\n"
        "hint: swap the columns, or name them the other way round\n",
    ),
    "a negative standard deviation": (
        "y_true,y_pred,std\n1,1,0.5\n2,2,-0.5\n",
        "",
        "error: expected numbers of 0 or more in the std column 'std', found 1 below:\n"
        "  x.csv, line 3: -0.5\n"
        "hint: name another column with --std\n",
    ),
    "no truth at all": (
        HEADER + ",1\n,2\n",
        "",
        "error: x.csv: the truth column 'y_true' is empty in all 2 rows\n"
        "hint: name the column that holds the truth with --truth COLUMN\n",
    ),
    "an unknown target": (
        "a_true,a_pred,b_true,b_pred\n1,1,2,2\n",
        "-m rmse[target=c]",
        "error: rmse[target=c]: there is no target 'c'; there are a, b\n",
    ),
    "a target of one": (
        HEADER + "1,1\n",
        "-m rmse[target=c]",
        "error: rmse[target=c]: there is no target 'c'; there is but one\n",
    ),
    "a metric without its columns": (
        HEADER + "1,1\n2,2\n",
        "-m interval_coverage -m crps_gaussian",
        "error: interval_coverage: there is no column of lower (--lower) and upper (--upper)\n"
        "crps_gaussian: there is no column of std (--std)\n"
        "hint: what was found: truth=y_true · prediction=y_pred · rows=2 (all)\n",
    ),
    "two marks of decimals": (
        "y_true\ty_pred\n" + "1,5\t2\n" * 1200 + "2.5\t2\n",
        "",
        "error: expected decimal commas in column 'y_true' as in its first rows, found 1 number "
        "with a point:\n  x.csv, line 1202: a decimal point\n"
        "hint: write all numbers alike, or say which mark is meant: --decimal . or --decimal ,\n",
    ),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_it_is_refused_in_full_with_its_place_and_the_way_out(tmp_path: Path, what: str) -> None:
    content, flags, message = REFUSALS[what]
    assert refused(tmp_path, content, *flags.split(), command="regress") == message


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--missing", "wrong"), "--missing: expected error or drop, found 'wrong'"),
        (("-m", "f1"), "f1 is a classify metric, not a regress one\nhint: mleval classify has it"),
        (("-m", "rmse[macro]"), "rmse[macro]: rmse has no macro average in a regress task"),
        (("-m", "rmse[class=a]"), "rmse[class=a]: in a regress task rmse is not a metric of any"),
        (("--lower", "a"), "--lower and --upper are the two ends of an interval, and one is named"),
        (("--worst", "1001"), "--worst is a number of rows from 0 to 1000, not 1001"),
        (("--positive", "1"), "there is no option '--positive'"),
    ],
)
def test_wrong_usage_is_refused_before_the_file_is_read(
    tmp_path: Path, flags: tuple[str, ...], message: str
) -> None:
    result = evaluated(tmp_path, HEADER + "1,1\n", *flags, command="regress")
    assert (result.status, result.stdout) == (2, "")
    assert message in result.stderr


def test_a_classification_is_told_that_its_metric_is_one_of_numbers(tmp_path: Path) -> None:
    result = evaluated(tmp_path, HEADER + "a,a\n", "-m", "rmse")
    assert result.status == 2
    assert "rmse is a regress metric, not a binary one" in result.stderr
    assert "hint: mleval regress has it; see: mleval metrics --task binary" in result.stderr


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("y_true\ty_pred\n1,5\t2,25\n3,75\t4\n", "x.tsv"),
        ('y_true,y_pred\n"1,5","2,25"\n"3,75",4\n', "x.csv"),
        ("y_true;y_pred\n1,5;2,25\n3,75;4\n", "x.csv"),
        ('[{"y_true": "1,5", "y_pred": "2,25"}, {"y_true": "3,75", "y_pred": "4"}]', "x.json"),
    ],
)
def test_decimal_commas_are_recognised_when_consistent(
    tmp_path: Path, content: str, name: str
) -> None:
    found = report(tmp_path, content, name=name)
    assert values(found)["mae"] == 0.5
    assert warned(found, "commas read as decimal points (--decimal . if not)")
    strictly = refused(tmp_path, content, "--strict", name=name, command="regress")
    assert "hint: say so: --decimal ," in strictly


def test_thousands_are_not_taken_for_decimals(tmp_path: Path) -> None:
    message = refused(tmp_path, 'y_true,y_pred\n"1,500",2\n"12,250",3\n', command="regress")
    assert "  x.csv, line 2: '1,500'\n" in message


def test_rows_without_a_truth_are_left_out_and_counted(tmp_path: Path) -> None:
    found = report(tmp_path, HEADER + "1,2\n,9\n3,3\n")
    assert values(found)["mae"] == 0.5
    assert assumed(found)["rows"] == "2"
    assert warned(found, "1 of 3 rows is left out: 1 no truth")


def test_missing_predictions_are_dropped_when_told(tmp_path: Path) -> None:
    found = report(tmp_path, HEADER + "1,2\n2,\n3,3\n", "--missing", "drop")
    assert values(found)["mae"] == 0.5
    assert found["provenance"]["left_out"] == {"missing prediction": 1}


def test_a_zero_in_truth_leaves_mape_undefined_and_says_so(tmp_path: Path) -> None:
    found = report(tmp_path, HEADER + "0,1\n2,1\n0,0\n4,4\n")
    assert found["metrics"]["mape"]["value"] is None
    assert found["metrics"]["mape"]["undefined"] == "truth is 0 in 2 rows"
    assert warned(found, "mape is undefined: truth is 0 in 2 rows; see wape and smape")


def test_constant_truth_is_told(tmp_path: Path) -> None:
    found = report(tmp_path, HEADER + "2,1\n2,2\n2,3\n")
    assert found["metrics"]["r2"]["value"] is None
    assert warned(found, "truth is 2 in every row: what compares with its spread is undefined")


def test_one_row_is_no_constant(tmp_path: Path) -> None:
    found = report(tmp_path, HEADER + "2,1\n")
    assert values(found)["mae"] == 1
    assert found["metrics"]["r2"]["undefined"]
    assert found["metrics"]["mae"]["no_interval"] == "one row"
    assert found["warnings"] == []


def test_a_prediction_identical_to_the_truth_is_told(tmp_path: Path) -> None:
    found = report(tmp_path, HEADER + "2,2\n3,3.0\n")
    assert values(found)["rmse"] == 0
    assert warned(found, "the prediction is the truth in every row: are both columns what they")
    assert not warned(found, "over half of the squared error")


def test_a_handful_of_rows_that_make_most_of_the_error_is_told(tmp_path: Path) -> None:
    rows = [f"{k},{k + 1}\n" for k in range(98)]
    found = report(tmp_path, HEADER + "".join([*rows, "98,200\n", "99,150\n"]))
    assert warned(found, "1 row makes over half of the squared error of 100: mse, rmse and r2")
    even = report(tmp_path, HEADER + "".join(rows))
    assert not warned(even, "over half")
    few = report(tmp_path, HEADER + "1,1\n2,2\n3,9\n")  # three rows: one of them is no handful
    assert not warned(few, "over half")


def test_weights_count_in_what_makes_most_of_the_error(tmp_path: Path) -> None:
    rows = "".join(f"{k},{k + 1},1\n" for k in range(100))
    light = report(tmp_path, "y_true,y_pred,sample_weight\n" + rows + "0,20,0.01\n")
    heavy = report(tmp_path, "y_true,y_pred,sample_weight\n" + rows + "0,20,1\n")
    assert not warned(light, "over half")
    assert warned(heavy, "1 row makes over half of the squared error of 101")


def test_a_heavy_row_need_not_have_the_largest_error(tmp_path: Path) -> None:
    errors = np.array([1.0] * 99 + [5.0] * 20)
    weights = np.array([1.0] * 98 + [1000.0] + [1.0] * 20)
    costs = weights * errors**2
    assert costs.max() > costs.sum() / 2
    assert np.argmax(costs) not in np.argsort(-errors, kind="stable")[:10]
    rows = "".join(f"0,{e},{w}\n" for e, w in zip(errors, weights, strict=True))
    found = report(tmp_path, "y_true,y_pred,sample_weight\n" + rows)
    expected = "1 row makes over half of the squared error of 119: mse, rmse and r2 are about them"
    assert warned(found, expected + ", by weight and error")
    assert values(found)["rmse"] == pytest.approx(np.sqrt(costs.sum() / weights.sum()), rel=1e-12)


def test_rows_of_weight_zero_are_left_out(tmp_path: Path) -> None:
    found = report(tmp_path, "y_true,y_pred,sample_weight\n1,2,2\n5,9,0\n3,3,2\n")
    assert values(found)["mae"] == 0.5
    assert found["provenance"]["left_out"] == {"weight 0": 1}
    assert [row["place"].rpartition(" ")[2] for row in found["worst"]] == ["2", "4"]


def test_digits_survive_an_offset(tmp_path: Path) -> None:
    rows = "".join(f"{10**15 + k},{10**15 + k + (-1) ** k}\n" for k in range(100))
    found = values(report(tmp_path, HEADER + rows))
    spread = sum((k - 49.5) ** 2 for k in range(100)) / 100
    assert found["mae"] == found["rmse"] == 1
    assert found["bias"] == 0
    assert found["r2"] == pytest.approx(1 - 1 / spread, rel=1e-12)


def test_errors_beyond_a_float_give_no_number(tmp_path: Path) -> None:
    found = report(tmp_path, HEADER + "1e308,-1e308\n1,1\n2,3\n")
    assert found["metrics"]["mae"]["value"] is None
    assert found["metrics"]["mae"]["undefined"]
    assert found["distributions"] == {}
    assert found["worst"][0]["error"] is None


def test_fractions_are_fractions_not_percent(tmp_path: Path) -> None:
    assert values(report(tmp_path, HEADER + "100,110\n200,180\n"))["mape"] == pytest.approx(0.1)


def test_r2_is_no_squared_correlation(tmp_path: Path) -> None:
    content = HEADER + "1,10\n2,20\n3,30\n"
    found = values(report(tmp_path, content, "-m", "r2", "-m", "rsq"))
    assert found["rsq"] == pytest.approx(1)
    assert found["r2"] == pytest.approx(1 - (81 + 324 + 729) / 2)


def test_one_column_may_be_both_and_is_told(tmp_path: Path) -> None:
    found = report(tmp_path, "y\n1\n2\n", "--truth", "y", "--pred", "y")
    assert warned(found, "the prediction is the truth in every row")
