"""Which column of a regression is for what: names, quantiles, targets, models, a joined truth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_reading import written

from mleval.errors import InputError
from mleval.reading import (
    RegressionChoices,
    RegressionRoles,
    find_models,
    find_roles,
    open_source,
    read,
)


def roles(tmp_path: Path, header: str, row: str = "", **choices: Any) -> RegressionRoles:
    """The roles of columns with that header, every cell a number unless a row is given."""
    cells = row or ",".join(str(place + 0.5) for place in range(header.count(",") + 1))
    source = open_source(written(tmp_path, f"{header}\n{cells}\n"))
    return find_roles(source, RegressionChoices(**choices))


def columns(tmp_path: Path, header: str, **choices: Any) -> dict[str, str]:
    return dict(roles(tmp_path, header, **choices).columns)


@pytest.mark.parametrize(
    ("header", "truth", "prediction"),
    [
        ("y_true,y_pred", "y_true", "y_pred"),
        ("actual,prediction", "actual", "prediction"),
        ("obs,pred,Resample", "obs", "pred"),
        ("truth,.pred", "truth", ".pred"),
        ("price,predicted_price", "price", "predicted_price"),
        ("SalePrice,SalePrice_PREDICTION", "SalePrice", "SalePrice_PREDICTION"),
        ("price_true,price_pred", "price_true", "price_pred"),
        ("id,y,yhat", "y", "yhat"),
        ("ds,actual,forecast", "actual", "forecast"),
        ("target,mean,std", "target", "mean"),
        ("label,score", "label", "score"),
        ("true_value_true,true_value_pred", "true_value_true", "true_value_pred"),
    ],
)
def test_truth_and_prediction_by_name(
    tmp_path: Path, header: str, truth: str, prediction: str
) -> None:
    found = columns(tmp_path, header)
    assert (found["truth"], found["prediction"]) == (truth, prediction)


def test_the_target_may_stand_beside_the_prediction_under_its_own_name(tmp_path: Path) -> None:
    found = roles(tmp_path, "id,price,prediction,error,fold")
    assert found.columns == {"truth": "price", "prediction": "prediction", "id": "id"}
    assert "'price' is taken as the truth: it is the only number column left" in found.notices
    with pytest.raises(InputError, match="--strict: 'price' is taken as the truth") as caught:
        roles(tmp_path, "price,prediction", strict=True)
    assert caught.value.hint == "say so: --truth price"


def test_of_several_numbers_none_is_taken_as_the_truth(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column that is named like a truth") as caught:
        roles(tmp_path, "price,rooms,prediction")
    assert caught.value.hint == ("name it with --truth COLUMN, perhaps one of 'price', 'rooms'")
    assert columns(tmp_path, "price,rooms,prediction", truth="price")["truth"] == "price"


def test_an_outcome_beside_an_interval_is_the_truth(tmp_path: Path) -> None:
    found = roles(tmp_path, ".pred,.pred_lower,.pred_upper,outcome")
    assert found.columns == {
        "truth": "outcome",
        "prediction": ".pred",
        "lower": ".pred_lower",
        "upper": ".pred_upper",
    }
    assert "'outcome' is taken as the truth: it is the only number column left" in found.notices


def test_features_are_no_predictions(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has truth 'y_true' but no prediction") as caught:
        roles(tmp_path, "y_true,rooms,city", "1,2,Bern")
    assert caught.value.hint == "name it with --pred COLUMN, perhaps one of 'rooms'"


def test_the_best_name_is_taken_and_the_others_are_told(tmp_path: Path) -> None:
    found = roles(tmp_path, "actual,y_true,y_pred,prediction,output")
    assert found.columns == {"truth": "actual", "prediction": "prediction"}
    assert any("passed over: 'y_true' (--truth COLUMN" in notice for notice in found.notices)
    with pytest.raises(InputError, match="--strict: the truth may be 'actual', but also 'y_true'"):
        roles(tmp_path, "actual,y_true,y_pred", strict=True)


@pytest.mark.parametrize(
    ("header", "lower", "upper"),
    [
        ("y_true,y_pred,lower,upper", "lower", "upper"),
        ("y,yhat,yhat_lower,yhat_upper", "yhat_lower", "yhat_upper"),
        ("y,fit,prediction,lwr,upr", "lwr", "upr"),
        ("y_true,y_pred,ci_lower,ci_upper", "ci_lower", "ci_upper"),
        ("y_true,y_pred,q05,q25,q50,q75,q95", "q05", "q95"),
        ("y_true,y_pred,q10,q50,q95", None, None),
        ("y_true,y_pred,lower_95,upper_95", "lower_95", "upper_95"),
        ("y_true,y_pred,lo_80,hi_80", "lo_80", "hi_80"),
        ("y_true,y_pred,lower_025,upper_975", "lower_025", "upper_975"),
        ("y_true,y_pred,pi_lower,pi_upper", "pi_lower", "pi_upper"),
        ("truth,.pred,.pred_lower,.pred_upper", ".pred_lower", ".pred_upper"),
        ("price,predicted_price,price_lower,price_upper", "price_lower", "price_upper"),
        ("y_true,forecast,forecast_lo_90,forecast_hi_90", "forecast_lo_90", "forecast_hi_90"),
        ("price,prediction,lower_95,upper_95", "lower_95", "upper_95"),
        ("y_true,y_pred,rooms_lower,rooms_upper", None, None),
        ("y_true,y_pred,lower", None, None),
        ("y_true,y_pred,lower,upr", None, None),
        ("y_true,y_pred,open,high,low,volume", None, None),
    ],
)
def test_ends_of_intervals(
    tmp_path: Path, header: str, lower: str | None, upper: str | None
) -> None:
    found = columns(tmp_path, header)
    assert (found.get("lower"), found.get("upper")) == (lower, upper)


def test_of_two_intervals_one_is_taken_and_the_other_is_told(tmp_path: Path) -> None:
    header = "y_true,y_pred,lo,hi,lower,upper"
    found = roles(tmp_path, header)
    assert (found.columns["lower"], found.columns["upper"]) == ("lower", "upper")
    told = "{0}: '{0}' is taken; passed over: '{1}' (--{0} COLUMN to change)"
    assert [*found.notices] == [told.format("lower", "lo"), told.format("upper", "hi")]
    with pytest.raises(InputError, match="the lower may be 'lower', but also 'lo'"):
        roles(tmp_path, header, strict=True)
    chosen = roles(tmp_path, header, lower="lo", upper="hi", strict=True)
    assert (chosen.columns["lower"], chosen.columns["upper"]) == ("lo", "hi")


@pytest.mark.parametrize(
    ("header", "level"),
    [
        ("lower_95,upper_95", 0.95),
        ("Lo 80,Hi 80", 0.8),
        ("lower_0.9,upper_0.9", 0.9),
        ("lower_2.5,upper_97.5", 0.95),
        ("ci95_lower,ci95_upper", 0.95),
        ("q05,q50,q95", 0.9),
        ("lower,upper", None),
        ("lower_1,upper_1", None),  # the first of several
    ],
)
def test_names_tell_what_an_interval_promises(
    tmp_path: Path, header: str, level: float | None
) -> None:
    found = roles(tmp_path, f"y_true,y_pred,{header}")
    assert {"lower", "upper"} <= found.columns.keys()
    assert found.levels == ({} if level is None else {"": level})


def test_names_of_columns_that_are_given_tell_it_too(tmp_path: Path) -> None:
    header = "y_true,y_pred,from_q10,to_q90,m80_lo,m80_hi"
    assert roles(tmp_path, header, lower="from_q10", upper="to_q90").levels == {"": 0.8}
    assert roles(tmp_path, header, lower="m80_lo", upper="m80_hi").levels == {}


def test_the_widest_of_several_intervals_is_taken_and_the_others_are_told(tmp_path: Path) -> None:
    found = roles(tmp_path, "y_true,y_pred,Lo 80,Hi 80,Lo 95,Hi 95")
    assert (found.columns["lower"], found.columns["upper"]) == ("Lo 95", "Hi 95")
    assert [notice.partition(" (")[0] for notice in found.notices] == [
        "lower: 'Lo 95' is taken; passed over: 'Lo 80'",
        "upper: 'Hi 95' is taken; passed over: 'Hi 80'",
    ]


def test_an_end_of_an_interval_without_the_other_is_told(tmp_path: Path) -> None:
    (notice,) = roles(tmp_path, "y_true,y_pred,lower_95").notices
    assert notice.startswith("'lower_95' is not used: no column is the other end")


def test_a_column_may_be_a_quantile_and_an_end_of_an_interval(tmp_path: Path) -> None:
    header = "y_true,y_pred,q10,q50,q90"
    for choices in (
        {},
        {"lower": "q10", "upper": "q90"},
        {"lower": "q10", "upper": "q90", "prediction": "q50"},
    ):
        found = roles(tmp_path, header, **choices)
        assert found.families["quantiles"] == {"0.1": "q10", "0.5": "q50", "0.9": "q90"}
        assert (found.columns["lower"], found.columns["upper"]) == ("q10", "q90")
        assert found.levels == {"": 0.8}


@pytest.mark.parametrize(
    "name", ["std", "sigma", "y_std", "pred_std", "Std Dev", "stdev", "std_dev", "y_true_std"]
)
def test_standard_deviations(tmp_path: Path, name: str) -> None:
    found = roles(tmp_path, f"y_true,y_pred,{name}")
    assert found.columns["std"] == name
    assert not found.variances


@pytest.mark.parametrize("name", ["var", "variance", "pred_var", "y_true_variance"])
def test_of_a_variance_the_root_is_taken_and_that_is_told(tmp_path: Path, name: str) -> None:
    source = open_source(written(tmp_path, f"y_true,y_pred,{name}\n1,2,9\n2,3,2.25\n"))
    found = find_roles(source, RegressionChoices())
    assert found.columns["std"] == name
    assert f"'{name}': read as a variance, of which the root is taken" in found.notices
    (load,) = read(source, found).parts()
    assert load().numbers("std").tolist() == [3.0, 1.5]


def test_each_target_may_have_its_interval_and_deviation(tmp_path: Path) -> None:
    header = "a_true,a_pred,a_lower_90,a_upper_90,a_std,b_true,b_pred,b_lower_90,b_upper_90,b_std"
    found = roles(tmp_path, header)
    assert found.families["lower"] == {"a": "a_lower_90", "b": "b_lower_90"}
    assert found.families["upper"] == {"a": "a_upper_90", "b": "b_upper_90"}
    assert found.families["std"] == {"a": "a_std", "b": "b_std"}
    assert found.levels == {"a": 0.9, "b": 0.9}


@pytest.mark.parametrize("left", ["a_lower", "a_std", "a_q10", "lower_95", "sigma"])
def test_what_only_one_of_several_targets_has_is_not_used_and_told(
    tmp_path: Path, left: str
) -> None:
    found = roles(tmp_path, f"a_true,a_pred,b_true,b_pred,{left}")
    assert not any(found.plays(role) for role in ("lower", "upper", "std"))
    (notice,) = found.notices
    assert notice.startswith(f"not used: '{left}'")
    assert "--truth COLUMN --pred COLUMN" in notice


@pytest.mark.parametrize(
    ("header", "quantiles"),
    [
        ("y_true,q10,q50,q90", {"0.1": "q10", "0.5": "q50", "0.9": "q90"}),
        ("y_true,q0.1,q0.5,q0.9", {"0.1": "q0.1", "0.5": "q0.5", "0.9": "q0.9"}),
        ("y_true,q90,q5,q50", {"0.05": "q5", "0.5": "q50", "0.9": "q90"}),
        ("y_true,quantile_0.1,quantile_0.5", {"0.1": "quantile_0.1", "0.5": "quantile_0.5"}),
        ("y_true,p10,p50,p90", {"0.1": "p10", "0.5": "p50", "0.9": "p90"}),
        ("y_true,mean,0.1,0.5,0.9", {"0.1": "0.1", "0.5": "0.5", "0.9": "0.9"}),
        ("y_true,q025,q50,q975", {"0.025": "q025", "0.5": "q50", "0.975": "q975"}),
        ("y_true,pred_q2.5,pred_q50", {"0.025": "pred_q2.5", "0.5": "pred_q50"}),
        ("y_true,y_pred,p1,p2,p3", {}),  # features, or probabilities of classes
        ("y_true,y_pred,q10", {}),
        ("y_true,y_pred,q1,q2,q3", {}),  # quartiles, or anything
        (
            "y_true,y_pred,quantile_0.9,quantile_0.95",
            {"0.9": "quantile_0.9", "0.95": "quantile_0.95"},
        ),
    ],
)
def test_quantiles(tmp_path: Path, header: str, quantiles: dict[str, str]) -> None:
    found = roles(tmp_path, header)
    assert found.families["quantiles"] == quantiles
    assert list(found.families["quantiles"]) == sorted(quantiles)


def test_without_a_prediction_the_median_is_it(tmp_path: Path) -> None:
    assert columns(tmp_path, "y_true,q10,q50,q90")["prediction"] == "q50"
    assert columns(tmp_path, "y_true,q10,q50,q90,y_pred")["prediction"] == "y_pred"


def test_quantiles_by_a_prefix(tmp_path: Path) -> None:
    found = roles(tmp_path, "y_true,y_pred,at10,at90,at", quantiles="at")
    assert found.families["quantiles"] == {"0.1": "at10", "0.9": "at90"}
    with pytest.raises(InputError, match="no column begins with 'z' and goes on with a quantile"):
        roles(tmp_path, "y_true,y_pred,q10", quantiles="z")
    with pytest.raises(InputError, match=r"both name the quantile 0\.1"):
        roles(tmp_path, "y_true,y_pred,q10,q0.1")


def test_several_targets(tmp_path: Path) -> None:
    found = roles(tmp_path, "rent_true,price_true,price_pred,rent_pred,age")
    assert found.families["truth"] == {"rent": "rent_true", "price": "price_true"}
    assert found.families["prediction"] == {"rent": "rent_pred", "price": "price_pred"}
    assert found.targets == ("rent", "price")
    bare = roles(tmp_path, "rent,price,price_pred,rent_pred")
    assert bare.families["truth"] == {"rent": "rent", "price": "price"}


@pytest.mark.parametrize("left", ["c_true", "c_pred", "predicted_a", "actual_b"])
def test_a_column_without_a_partner_is_no_target_and_told(tmp_path: Path, left: str) -> None:
    header = f"a_true,a_pred,b_true,b_pred,{left}"
    found = roles(tmp_path, header)
    assert found.targets == ("a", "b")
    assert left not in (*found.families["truth"].values(), *found.families["prediction"].values())
    assert [notice.endswith(f"in no pair of them: '{left}'") for notice in found.notices] == [True]
    with pytest.raises(InputError, match=f"--strict: targets: .* them: '{left}'") as caught:
        roles(tmp_path, header, strict=True)
    assert "--truth COLUMN --pred COLUMN" in str(caught.value.hint)
    assert roles(tmp_path, header.removesuffix(f",{left}"), strict=True).targets == ("a", "b")


@pytest.mark.parametrize(
    ("choices", "flags"),
    [
        ({"lower": "lo", "upper": "hi"}, "--lower and --upper"),
        ({"std": "sd"}, "--std"),
        ({"quantiles": "q"}, "--quantiles"),
    ],
)
def test_nothing_else_is_of_several_targets(
    tmp_path: Path, choices: dict[str, str], flags: str
) -> None:
    header = "a_true,a_pred,b_true,b_pred,lo,hi,sd,q10,q90"
    message = rf"has several targets \('a', 'b'\), and {flags} cannot say of which one"
    with pytest.raises(InputError, match=message) as caught:
        roles(tmp_path, header, **choices)
    assert caught.value.hint == "choose one target with --truth COLUMN --pred COLUMN"
    one = roles(tmp_path, header, truth="a_true", prediction="a_pred", **choices)
    assert {"truth": "a_true", **choices}.items() <= {"quantiles": "q", **one.columns}.items()


def test_quantiles_beside_several_targets_are_told_and_not_used(tmp_path: Path) -> None:
    found = roles(tmp_path, "a_true,a_pred,b_true,b_pred,q10,q90")
    assert not found.plays("quantiles")
    assert "quantiles are not used where there are several targets: 'q10', 'q90'" in found.notices


def test_a_named_truth_is_the_only_target(tmp_path: Path) -> None:
    header = "rent_true,price_true,price_pred,rent_pred"
    found = columns(tmp_path, header, truth="price_true")
    assert found == {"truth": "price_true", "prediction": "price_pred"}


def test_columns_that_are_not_there_are_named_with_their_flags(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no columns 'ture', 'stdd'") as caught:
        roles(tmp_path, "true,pred,std", truth="ture", std="stdd")
    assert (
        caught.value.hint == "did you mean 'true'? --truth COLUMN; did you mean 'std'? --std COLUMN"
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("date,actual,ARIMA,XGBoost\n2020,1,2,3\n", ("ARIMA", "XGBoost")),
        ("y_true,lr_pred,rf_pred,age\n1,2,3,4\n", ("lr", "rf")),
        ("actual,LSTM_1,LSTM_2\n1,2,3\n", ("LSTM_1", "LSTM_2")),
        ("model,id,y_true,y_pred\na,1,1.5,2\na,2,2,2\nb,1,1.5,1\nb,2,2,3\n", ("a", "b")),
        ("actual,prediction,XGBoost,ARIMA\n1,2,3,4\n", ()),
        ("actual,rooms,age\n1,2,3\n", ()),
        ("price_true,rent_true,price_pred,rent_pred\n1,2,3,4\n", ()),
    ],
)
def test_several_models(tmp_path: Path, text: str, names: tuple[str, ...]) -> None:
    source = open_source(written(tmp_path, text))
    models = find_models(source, RegressionChoices())
    assert (models.names if models else ()) == names


def test_numbers_are_read_without_copying_and_rows_know_their_places(tmp_path: Path) -> None:
    import pyarrow as pa

    truth = pa.array([1.5, 2.5, None, 4.5])
    table = pa.table({"y_true": truth, "y_pred": [1.0, 2.0, 3.0, 4.0], "id": list("abcd")})
    source = open_source(table)
    found = find_roles(source, RegressionChoices())
    (load,) = read(source, found, ids=True).parts()
    batch = load()
    assert batch.numbers("truth").tolist() == [1.5, 2.5, 4.5]
    assert batch.places is not None
    assert batch.places.tolist() == [0, 1, 3]
    assert batch.texts("id").cells(batch.places[:0]).tolist() == []
    whole = open_source(table.slice(0, 2))
    (load,) = read(whole, find_roles(whole, RegressionChoices())).parts()
    numbers = load().numbers("truth")
    assert not numbers.flags.owndata
    assert numbers.ctypes.data == table.column("y_true").chunk(0).buffers()[1].address
