"""Slices: each is what the file of its rows alone would give, and what tells it from the rest."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import mleval
from mleval.errors import InputError, UsageError
from mleval.evaluation.slices import sliced
from mleval.report import Report, SliceRow, SliceTable
from mleval.uncertainty.contrasts import against_others, holm

Columns = dict[str, list[Any]]
COUNTRIES = ["DE", "FR", "New York", "NA"]


def countries(random: np.random.Generator, rows: int) -> list[str | None]:
    found = random.choice([*COUNTRIES, ""], rows, p=[0.35, 0.3, 0.2, 0.1, 0.05]).tolist()
    return [name or None for name in found]


def binary(random: np.random.Generator, rows: int) -> Columns:
    label = random.integers(0, 2, rows)
    score = np.round(np.clip(0.5 + 0.2 * (2 * label - 1) + random.normal(0, 0.25, rows), 0, 1), 2)
    return {
        "label": label.tolist(),
        "pred": (score >= 0.5).astype(int).tolist(),
        "score": score.tolist(),
        "w": random.integers(1, 4, rows).tolist(),
    }


def confidence(random: np.random.Generator, rows: int) -> Columns:
    found = binary(random, rows)
    score = np.array(found.pop("score"))
    return found | {"confidence": np.where(score >= 0.5, score, 1 - score).tolist()}


def multiclass(random: np.random.Generator, rows: int) -> Columns:
    names = np.array(["cat", "dog", "owl"])
    label = random.integers(0, 3, rows)
    odds = np.exp(random.normal(0, 1, (rows, 3)) + 1.5 * np.eye(3)[label])
    shares = odds / odds.sum(axis=1, keepdims=True)
    columns = {"label": names[label].tolist(), "pred": names[shares.argmax(axis=1)].tolist()}
    return columns | {f"prob_{name}": shares[:, k].tolist() for k, name in enumerate(names)}


def multilabel(random: np.random.Generator, rows: int) -> Columns:
    names = np.array(["a", "b", "c"], dtype=object)
    truth = random.random((rows, 3)) < 0.5
    guess = truth ^ (random.random((rows, 3)) < 0.2)
    truth[:, 0] |= ~truth.any(axis=1)
    guess[:, 1] |= ~guess.any(axis=1)
    told = [["|".join(names[row]) for row in table] for table in (truth, guess)]
    return dict(zip(("y_true", "y_pred"), told, strict=True))


def soft(random: np.random.Generator, rows: int) -> Columns:
    true, guess = random.random(rows), random.random(rows)
    shares = {"true_a": true, "true_b": 1 - true, "prob_a": guess, "prob_b": 1 - guess}
    return {name: values.tolist() for name, values in shares.items()}


def numbers(random: np.random.Generator, rows: int) -> Columns:
    truth = random.normal(10, 3, rows)
    return {"y_true": truth.tolist(), "y_pred": (truth + random.normal(0, 1, rows)).tolist()}


def targets(random: np.random.Generator, rows: int) -> Columns:
    one, two = numbers(random, rows), numbers(random, rows)
    return {f"{k}_{side}": of[f"y_{side}"] for k, of in (("a", one), ("b", two)) for side in _SIDES}


_SIDES = ("true", "pred")


def distances(random: np.random.Generator, rows: int) -> Columns:
    same = random.integers(0, 2, rows)
    return {"dissimilar": same.tolist(), "distance": (random.random(rows) + same).tolist()}


TASKS: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "binary": (mleval.classify, binary, {"positive": "1"}),
    "weighted": (mleval.classify, binary, {"positive": "1", "weight": "w"}),
    "threshold": (mleval.classify, binary, {"positive": "1", "threshold": 0.4}),
    "confidence": (mleval.classify, confidence, {"positive": "1", "score_of": "predicted"}),
    "multiclass": (mleval.classify, multiclass, {}),
    "classes": (mleval.classify, multiclass, {"classes": ("dog", "cat")}),
    "logits": (mleval.classify, multiclass, {"score_scale": "logit"}),
    "soft": (mleval.classify, soft, {"truth_probabilities": "true_", "probabilities": "prob_"}),
    "multilabel": (mleval.classify, multilabel, {"task": "multilabel", "label_sep": "|"}),
    "numbers": (mleval.regress, numbers, {}),
    "targets": (mleval.regress, targets, {}),
    "pairs": (mleval.pairs, distances, {}),
}


def rows_of(columns: Columns, chosen: Any) -> Columns:
    return {name: [cells[i] for i in chosen] for name, cells in columns.items()}


def assert_same(one: Any, other: Any) -> None:
    """Every metric, in all that it says; numbers to rounding."""
    assert one.keys() == other.keys()
    for spec, item in one.items():
        mine, theirs = item.to_dict(), other[spec].to_dict()
        assert mine.keys() == theirs.keys(), spec
        for field, value in mine.items():
            if isinstance(value, float) and isinstance(theirs[field], int | float):
                assert math.isclose(value, theirs[field], rel_tol=1e-9, abs_tol=1e-12), spec
            else:
                assert value == theirs[field], (spec, field)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("metrics", [None, "all"], ids=["default", "all"])
def test_a_slice_is_what_its_rows_alone_would_give(task: str, metrics: str | None) -> None:
    evaluate, make, options = TASKS[task]
    random = np.random.default_rng(5)
    data = make(random, 300) | {"country": countries(random, 300)}
    report = evaluate(data, by="country", min_slice=1, metrics=metrics, **options)
    (table,) = report.slices
    assert {row.name for row in table.slices} == {*COUNTRIES, "(missing)"}
    for row in table.slices:
        value = None if row.kind == "missing" else row.name
        chosen = [i for i, name in enumerate(data["country"]) if name == value]
        alone = evaluate(rows_of(data, chosen), metrics=metrics, **options)
        assert row.rows == len(chosen)
        assert_same(row.metrics, {s: i for s, i in alone.metrics.items() if s in row.metrics})


@settings(deadline=None, max_examples=25, derandomize=True)
@given(task=st.sampled_from(sorted(TASKS)), seed=st.integers(0, 2**20), block=st.integers(1, 90))
def test_how_rows_are_split_and_ordered_changes_nothing(
    task: str, seed: int, block: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    import pyarrow as pa
    import pyarrow.parquet

    evaluate, make, options = TASKS[task]
    random = np.random.default_rng(seed)
    data = make(random, 120) | {"country": countries(random, 120)}
    whole = evaluate(data, by=["country"], min_slice=1, **options)
    folder = tmp_path_factory.mktemp("shards")
    order = random.permutation(120)
    paths = []
    for number, some in enumerate(np.array_split(order, 4)):
        paths.append(folder / f"{number}.parquet")
        pyarrow.parquet.write_table(pa.table(rows_of(data, some)), paths[-1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sliced, "BLOCK", block)
        parted = evaluate(paths, by=["country"], min_slice=1, **options)
    for row in whole.slices[0].slices:
        assert_same(row.metrics, parted.slices[0][row.name].metrics)


def test_the_report_of_the_whole_is_the_same_with_and_without_slices() -> None:
    random = np.random.default_rng(1)
    data = binary(random, 200) | {"country": countries(random, 200)}
    without, beside = (mleval.classify(data, positive="1", by=by) for by in (None, "country"))
    assert beside.metrics == without.metrics
    assert beside.classes == without.classes


def test_what_the_whole_decides_holds_of_every_slice() -> None:
    data = {
        "label": ["1"] * 20 + ["0", "1"] * 10,
        "pred": ["0"] * 20 + ["0", "1"] * 10,
        "group": ["a"] * 20 + ["b"] * 20,
    }
    table = mleval.classify(data, by="group").slices[0]
    assert table["a"].metrics["recall"].value == 0
    assert table["a"].metrics["specificity"].undefined == "every row is 1"
    assert table["b"].metrics["recall"].value == 1


def test_the_worst_slice_comes_first_whichever_way_is_better() -> None:
    random = np.random.default_rng(2)
    data = numbers(random, 200) | {"group": ["a", "b", "c", "d"] * 50}
    for name, sign in (("rmse", -1), ("r2", 1)):
        table = mleval.regress(data, by="group", metrics=name).slices[0]
        values = [sign * float(row.metrics[name]) for row in table.slices]
        assert table.ordered_by == name
        assert values == sorted(values)


def test_few_rows_are_taken_together_and_said_but_missing_values_are_not() -> None:
    group = ["a"] * 40 + ["b"] * 40 + ["c", "c", "d"] + [None]
    data = numbers(np.random.default_rng(3), len(group)) | {"group": group}
    report = mleval.regress(data, by="group")
    (table,) = report.slices
    assert {row.name: (row.kind, row.rows) for row in table.slices} == {
        "a": ("value", 40),
        "b": ("value", 40),
        "(missing)": ("missing", 1),
        "(other)": ("other", 3),
    }
    assert table.slices[-1].kind == "other"
    assert table.folded == 2
    assert any("2 slices under 10 rows, 3 in all" in text for text in report.warnings)
    few = rows_of(data, [80, 81, 82])
    assert_same(table["(other)"].metrics, mleval.regress(few).metrics)
    assert "(other)" not in [gap.lowest for gap in table.gaps.values()]


def test_a_value_that_is_called_as_the_missing_ones_are_stays_apart() -> None:
    group = ["(missing)"] * 20 + [None] * 20 + ["a"] * 20
    data = numbers(np.random.default_rng(3), 60) | {"group": group}
    kinds = {row.name: row.kind for row in mleval.regress(data, by="group").slices[0].slices}
    assert kinds == {"(missing)": "value", "((missing))": "missing", "a": "value"}


def test_columns_are_crossed() -> None:
    data = numbers(np.random.default_rng(3), 80) | {
        "a": ["x", "y"] * 40,
        "b": ["u"] * 40 + [""] * 40,
    }
    table = mleval.regress(data, by="a*b").slices[0]
    assert table.column == "a*b"
    assert {row.name: row.rows for row in table.slices} == {
        "x*u": 20,
        "y*u": 20,
        "x*(missing)": 20,
        "y*(missing)": 20,
    }


def test_a_column_with_a_star_in_its_name_is_a_column() -> None:
    data = numbers(np.random.default_rng(3), 40) | {"a*b": ["x", "y"] * 20}
    assert len(mleval.regress(data, by="a*b").slices[0].slices) == 2


@pytest.mark.parametrize("bins", [4, "age=4", ["age=4"]])
def test_bins_by_quantiles_hold_about_as_many_rows(bins: Any) -> None:
    age = np.random.default_rng(4).permutation(100) / 4
    data = numbers(np.random.default_rng(4), 100) | {"age": age.tolist()}
    table = mleval.regress(data, by="age", bins=bins).slices[0]
    assert table.bins["age"] == (6.25, 12.5, 18.75)
    assert {row.name: row.rows for row in table.slices} == {
        "<6.25": 25,
        "[6.25, 12.5)": 25,
        "[12.5, 18.75)": 25,
        ">=18.75": 25,
    }


def test_bins_by_edges_are_what_the_filter_of_their_ends_gives() -> None:
    random = np.random.default_rng(4)
    data = numbers(random, 200) | {"age": random.integers(0, 90, 200).tolist()}
    table = mleval.regress(data, by="age", bins="age=18,40,65").slices[0]
    for name, condition in (
        ("<18", "age < 18"),
        ("[18, 40)", "age >= 18 and age < 40"),
        (">=65", "age >= 65"),
    ):
        assert_same(table[name].metrics, mleval.regress(data, filter=condition).metrics)


def test_numbers_below_the_head_that_are_none_make_a_column_text() -> None:
    data = numbers(np.random.default_rng(4), 3000)
    data["age"] = [str(i % 3) for i in range(2999)] + ["old"]
    data["n"] = [i % 7 for i in range(3000)]
    tables = mleval.regress(data, by=["age", "n"], bins=2, min_slice=1).slices
    assert {row.name for row in tables[0].slices} == {"0", "1", "2", "old"}
    assert not tables[0].bins
    assert set(tables[1].bins) == {"n"}
    with pytest.raises(InputError, match="'age' of the table is not all numbers"):
        mleval.regress(data, by="age", bins="age=2")


def test_a_column_that_has_another_role_tells_rows_apart_too() -> None:
    data = binary(np.random.default_rng(4), 100)
    by_truth = mleval.classify(data, positive="1", by=["label", "w", "score"], bins="score=2")
    assert {row.name for row in by_truth.slices[0].slices} == {"0", "1"}
    middle = sorted(data["score"])[50]
    by_score = {row.name: row.rows for row in by_truth.slices[2].slices}
    assert by_score[f">={middle}"] == sum(score >= middle for score in data["score"])


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        ({"by": "contry"}, "has no column 'contry'", "did you mean 'country'?"),
        ({"by": "country*contry"}, "has no column 'contry'", "did you mean 'country'?"),
        ({"by": "same"}, "all 60 rows have the same value, 'x'", "several values"),
        ({"by": "id", "max_slices": 50}, "more than 50 slices in 60 rows", "--bins 4"),
        ({"by": "id"}, "all 60 slices have under 10 rows", "--min-slice 1"),
        ({"by": "country", "bins": "id=3"}, "'id' is no column of --by", "--by id"),
    ],
)
def test_what_tells_nothing_apart_is_refused(
    options: dict[str, Any], message: str, hint: str
) -> None:
    data = numbers(np.random.default_rng(0), 60)
    data |= {"country": ["a", "b"] * 30, "same": ["x"] * 60, "id": list(range(60))}
    with pytest.raises(InputError) as error:
        mleval.regress(data, **options)
    assert message in str(error.value)
    assert hint in (error.value.hint or "")


@pytest.mark.parametrize("bins", ["1", "0", "2.5", "x", "a=", "=3", "3,2", "nan,3", "3,x"])
def test_bins_that_cannot_be_meant_are_refused(bins: str) -> None:
    with pytest.raises(UsageError, match="--bins"):
        mleval.regress({"y": [1], "p": [1], "a": [1]}, by="a", bins=bins)


def test_slices_too_many_by_far_are_refused_before_all_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ids.csv"
    path.write_text("y_true,y_pred,user\n" + "".join(f"1,2,u{i}\n" for i in range(3000)))
    with pytest.raises(InputError, match="more than 1,000 slices"):
        mleval.regress(path, by="user")


def plain_holm(p: list[float]) -> list[float]:
    """As Holm writes it: the k-th smallest times those not yet tested, never falling."""
    ranked, highest, adjusted = sorted(range(len(p)), key=lambda i: p[i]), 0.0, [0.0] * len(p)
    for k, i in enumerate(ranked):
        highest = max(highest, min(1.0, (len(p) - k) * p[i]))
        adjusted[i] = highest
    return adjusted


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
@settings(deadline=None, derandomize=True)
def test_holm_is_what_it_is_defined_as(p: list[float]) -> None:
    assert holm(np.array(p)).tolist() == pytest.approx(plain_holm(p), rel=1e-12, abs=0)


def test_of_means_the_difference_from_the_rest_is_that_of_two_samples() -> None:
    """z of the slice's mean less the pooled mean of the others, by their standard errors."""
    random = np.random.default_rng(7)
    samples = [random.normal(m, s, n) for m, s, n in ((0, 1, 40), (0.5, 2, 90), (0.1, 1, 70))]
    value = np.array([x.mean() for x in samples])
    error = np.array([x.std() / math.sqrt(len(x)) for x in samples])
    z = stats.norm.ppf(0.975)
    weight = np.array([float(len(x)) for x in samples])
    found = against_others(value, value - z * error, value + z * error, weight, 0.95)
    for k in range(3):
        rest = np.concatenate([x for i, x in enumerate(samples) if i != k])
        others = [i for i in range(3) if i != k]
        share = weight[others] / weight[others].sum()
        spread = math.sqrt(error[k] ** 2 + (share**2 @ error[others] ** 2))
        assert found.value[k] == pytest.approx(samples[k].mean() - rest.mean(), abs=1e-12)
        assert found.low[k] == pytest.approx(found.value[k] - z * spread, abs=1e-12)
        wanted = 2 * stats.norm.sf(abs(found.value[k]) / spread)
        assert found.p[k] == pytest.approx(wanted, rel=1e-9)


def test_of_two_shares_the_interval_is_newcombes() -> None:
    """Method 10 of Newcombe 1998: 56/70 less 48/80 is 0.2, from 0.0524 to 0.3339."""
    from mleval.uncertainty.intervals import wilson

    ends = [wilson(k / n, n, 0.95) for k, n in ((56, 70), (48, 80))]
    low, high = (np.array([getattr(end, side) for end in ends]) for side in ("low", "high"))
    found = against_others(np.array([0.8, 0.6]), low, high, np.array([70.0, 80.0]), 0.95)
    assert [round(float(x[0]), 4) for x in (found.value, found.low, found.high)] == [
        0.2,
        0.0524,
        0.3339,
    ]


def test_a_slice_that_is_worse_is_marked_and_equal_ones_are_not() -> None:
    random = np.random.default_rng(0)
    label = random.integers(0, 2, 1200)
    group = np.repeat(["a", "b", "c", "d"], 300)
    wrong = random.random(1200) < np.where(group == "c", 0.4, 0.1)
    data = {
        "label": label.tolist(),
        "pred": np.where(wrong, 1 - label, label).tolist(),
        "group": group.tolist(),
    }
    table = mleval.classify(data, by="group", metrics="accuracy").slices[0]
    marked = {row.name: row.differences["accuracy"].differs for row in table.slices}
    assert table.slices[0].name == "c"
    assert marked["c"]
    gap = table.gaps["accuracy"]
    assert gap.lowest == "c"
    low, high = (table[n].metrics["accuracy"].value for n in (gap.lowest, gap.highest))
    assert low is not None
    assert high is not None
    assert (gap.difference, gap.ratio) == (high - low, low / high)


def test_slices_that_are_equal_are_marked_no_more_often_than_the_level_says() -> None:
    """Of 400 sets of 5 slices with one error rate, at most 5 % (+ 4 errors) mark any."""
    random, any_marked = np.random.default_rng(11), 0
    from mleval.uncertainty.intervals import wilson

    for _ in range(400):
        right = random.binomial(200, 0.8, 5)
        ends = [wilson(k / 200, 200, 0.95) for k in right.tolist()]
        low, high = (np.array([getattr(e, side) for e in ends]) for side in ("low", "high"))
        found = against_others(right / 200, low, high, np.full(5, 200.0), 0.95)
        any_marked += bool((holm(found.p) < 0.05).any())
    assert any_marked / 400 <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / 400)


def test_without_intervals_nothing_is_compared() -> None:
    data = numbers(np.random.default_rng(0), 60) | {"group": ["a", "b"] * 30}
    table = mleval.regress(data, by="group", intervals=False).slices[0]
    assert all(not row.differences for row in table.slices)
    assert table.gaps


@pytest.mark.parametrize(
    ("task", "derived", "method"),
    [
        ("numbers", "0.5*mse + mae", "delta"),
        ("numbers", "mae + medae - spearman", "delta, rows"),
        ("targets", "rmse + spearman[target=b]", "delta, rows"),
        ("binary", "f1 + roc_auc", "delta, rows"),
        ("weighted", "f1 + roc_auc", "delta, rows"),
        ("multiclass", "f1 - log_loss + roc_auc_ovr", "delta, rows"),
        ("multilabel", "f1 - subset_accuracy", "delta, rows"),
        ("pairs", "contrastive_loss - roc_auc", "delta, rows"),
    ],
)
def test_derived_metrics_have_slices(task: str, derived: str, method: str) -> None:
    evaluate, draw, options = TASKS[task]
    data = draw(np.random.default_rng(3), 200) | {"group": ["a", "b"] * 100}
    asked = {"metrics": f"x = {derived}", **options}
    table = evaluate(data, by="group", **asked).slices[0]
    alone = evaluate(rows_of(data, range(0, 200, 2)), **asked)
    assert table["a"].metrics["x"].method == method
    assert_same(table["a"].metrics, alone.metrics)


def test_a_report_with_slices_comes_back_as_it_was(tmp_path: Path) -> None:
    data = numbers(np.random.default_rng(0), 60) | {"group": ["a", "b", None] * 20}
    report = mleval.regress(data, by="group")
    report.save(tmp_path / "report.json")
    assert Report.load(tmp_path / "report.json").slices == report.slices


def test_a_slice_is_found_by_its_name() -> None:
    table = SliceTable(column="a", slices=(SliceRow(name="x", rows=1, support=1.0),))
    assert table["x"].rows == 1
    with pytest.raises(KeyError):
        table["y"]


def test_a_report_gives_the_number_of_a_slice_and_of_the_worst() -> None:
    random = np.random.default_rng(0)
    data = multiclass(random, 200) | {"country": ["Spain", "France", "New York", "Japan"] * 50}
    report = mleval.classify(data, by="country")
    (table,) = report.slices
    assert report['f1{country="New York"}'] == table["New York"].metrics["f1[macro]"]
    assert report["accuracy{worst country}"].value == min(
        row.metrics["accuracy"].value for row in table.slices
    )
    assert report["log_loss{worst country}"].value == max(
        row.metrics["log_loss"].value for row in table.slices
    )
    for spec, hint in (
        ("f1{country=Spian}", "did you mean Spain"),
        ("f1{town=x}", "country"),
        ("rmse{country=Spain}", "it has: accuracy"),
    ):
        with pytest.raises(UsageError) as error:
            report[spec]
        assert hint in (error.value.hint or "")
