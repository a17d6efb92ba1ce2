"""Several labels a row: every number agrees with scikit-learn's, whatever shape the file has."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from multilabel_data import DATA, LETTERS, ODD, Rows, drawn, tables, weights
from registered import specs

import mleval
from mleval.errors import InputError, UsageError
from mleval.evaluation.run import evaluate
from mleval.metrics import metrics
from mleval.options import ClassifyOptions
from mleval.references import reference
from mleval.spec import Spec
from mleval.verification import verify

CATALOGUE = """
    subset_accuracy hamming_loss precision recall f1 fbeta specificity npv fpr fnr jaccard
    informedness markedness prevalence roc_auc average_precision
"""


def test_the_catalogue_is_registered() -> None:
    assert {metric.name for metric in metrics("multilabel")} == set(CATALOGUE.split())


@pytest.mark.parametrize("name", CATALOGUE.split())
def test_every_metric_has_a_reference(name: str) -> None:
    assert reference("multilabel", name) is not None


@pytest.mark.parametrize("shape", ["cells", "marks"])
@pytest.mark.parametrize("name", DATA)
def test_every_number_agrees(name: str, shape: str, tmp_path: Any, record_property: Any) -> None:
    rows = DATA[name]
    some = [m for m in metrics("multilabel") if rows.scores is not None or m.influence is None]
    classes = evaluate(rows.cells(), rows.options).evidence.classes
    asked = tuple(specs("multilabel", classes, tmp_path / "none.csv", some))
    options = replace(rows.options, metrics=asked)
    done = evaluate(getattr(rows, shape)(), options, keep_batches=True)
    checks = verify(done, options).rows
    assert len(checks) == len(set(asked))
    wrong = [c for c in checks if c.agrees is False]
    # where mleval says that there is no value, a mean of no values is 0 to scikit-learn
    wrong += [
        c for c in checks
        if c.agrees is None and not (c.reference == 0 and "undefined" in c.note)
    ]  # fmt: skip
    assert wrong == []
    largest = max((c.difference or 0.0, c.spec) for c in checks)
    record_property("comparisons", len(checks))
    record_property("undefined in both", sum(c.value is None for c in checks))
    record_property("largest difference", [largest[0], f"{largest[1]} on {name}"])


@pytest.mark.parametrize("name", DATA)
def test_limits_stand_around_every_value(name: str) -> None:
    options = replace(DATA[name].options, metrics=(Spec("all"),))
    if DATA[name].scores is None:
        some = ["subset_accuracy", "hamming_loss", "f1", "f1[micro]", "f1[samples]", "recall"]
        options = replace(options, metrics=tuple(map(Spec.parse, some)))
    for key, found in evaluate(DATA[name].cells(), options).report.metrics.items():
        if found.value is None:
            assert found.undefined, key
        elif found.low is None:
            assert found.no_interval, key
        else:
            assert found.range[0] <= found.low <= found.value + 1e-12, key
            assert found.value <= found.high + 1e-12 <= found.range[1] + 1e-9, key
            assert found.low < found.high, key


# ---------------------------------------------------------------- scikit-learn, called directly


def test_scikit_learn_says_the_same() -> None:
    from sklearn import metrics as theirs

    rows = drawn(20, rows=200, weight=weights(2, 200))
    more: dict[str, Any] = {"sample_weight": rows.weight}
    found = mleval.classify(rows.cells(), metrics="all")
    pair = rows.truth.astype(int), rows.prediction.astype(int)
    expected = {
        "subset_accuracy": theirs.accuracy_score(*pair, **more),
        "hamming_loss": theirs.hamming_loss(*pair, **more),
    }
    for average in ("macro", "micro", "weighted", "samples"):
        more = {"sample_weight": rows.weight, "average": average}
        expected[f"f1[{average}]"] = theirs.f1_score(*pair, **more, zero_division=0)
        expected[f"precision[{average}]"] = theirs.precision_score(*pair, **more, zero_division=0)
        expected[f"recall[{average}]"] = theirs.recall_score(*pair, **more, zero_division=0)
        expected[f"jaccard[{average}]"] = theirs.jaccard_score(*pair, **more, zero_division=0)
        expected[f"fbeta(beta=2)[{average}]"] = theirs.fbeta_score(
            *pair, beta=2, **more, zero_division=0
        )
        if average != "samples":
            scored = pair[0], rows.scores
            expected[f"roc_auc[{average}]"] = theirs.roc_auc_score(*scored, **more)
            expected[f"average_precision[{average}]"] = theirs.average_precision_score(
                *scored, **more
            )
    for key, value in expected.items():
        assert found[key].value == pytest.approx(value, abs=1e-12), key


# ---------------------------------------------------------------- laws


def values(rows: Rows, **changes: Any) -> dict[str, float | None]:
    report = evaluate(
        replace(rows, **changes).cells(), ClassifyOptions(metrics=(Spec("all"),))
    ).report
    return {key: found.value for key, found in report.metrics.items()}


def test_the_order_of_the_rows_means_nothing() -> None:
    rows = drawn(30, weight=weights(3))
    order = np.random.default_rng(0).permutation(80)
    moved = {n: getattr(rows, n)[order] for n in ("truth", "prediction", "scores", "weight")}
    assert values(rows, **moved) == pytest.approx(values(rows), abs=1e-12)


def test_weight_two_is_the_row_twice() -> None:
    rows = drawn(31)
    twice = np.arange(80) % 2 + 1
    again = {
        n: np.repeat(getattr(rows, n), twice, axis=0) for n in ("truth", "prediction", "scores")
    }
    assert values(rows, weight=twice.astype(float)) == pytest.approx(
        values(rows, **again), abs=1e-12
    )


def test_intervals_do_not_change_when_all_weights_are_scaled() -> None:
    rows = drawn(32, weight=weights(4))
    options = ClassifyOptions(metrics=(Spec("all"),))
    one, other = (
        evaluate(replace(rows, weight=rows.weight * by).cells(), options).report for by in (1, 1e3)
    )
    for key, found in one.metrics.items():
        assert (found.low, found.high) == pytest.approx((other[key].low, other[key].high)), key


@pytest.mark.parametrize("parts", [2, 5])
def test_shards_are_one_table(tmp_path: Any, parts: int) -> None:
    rows = drawn(33, weight=weights(5))
    columns = pa.table(rows.cells())
    pq.write_table(columns, tmp_path / "whole.parquet")
    for part, at in enumerate(np.array_split(np.arange(80), parts)):
        pq.write_table(columns.slice(at[0], len(at)), tmp_path / f"part-{part}.parquet")
    whole = mleval.classify(tmp_path / "whole.parquet", metrics="all")
    shards = [str(path) for path in sorted(tmp_path.glob("part-*"), reverse=True)]
    split = mleval.classify(shards, metrics="all")
    for key, found in whole.metrics.items():
        ours, theirs = (
            [x for x in (f.value, f.low, f.high) if x is not None] for f in (found, split[key])
        )
        assert ours == pytest.approx(theirs, abs=1e-12), key


# ---------------------------------------------------------------- shapes of files

ROWS = drawn(40, rows=60)
EXPECTED = mleval.classify(ROWS.marks(), metrics=["f1", "f1[micro]", "f1[samples]", "hamming_loss"])


def same(report: Any) -> bool:
    return all(abs(report[k].value - EXPECTED[k].value) < 1e-12 for k in EXPECTED)


def written(path: Any, rows: Rows, spell: Any) -> Any:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["label", "pred"])
        pairs = zip(rows.lists(rows.truth), rows.lists(rows.prediction), strict=True)
        out.writerows([spell(truth), spell(prediction)] for truth, prediction in pairs)
    return path


SPELLINGS = {
    "bar": "|".join,
    "bar and blanks": " | ".join,
    "comma": ",".join,
    "semicolon": ";".join,
    "blank": " ".join,
    "JSON": json.dumps,
    "Python": str,
    "numpy": lambda labels: f"[{' '.join(map(repr, labels))}]",
    "set": lambda labels: str(set(labels)),
}


@pytest.mark.parametrize("how", SPELLINGS)
def test_cells_of_several_labels_are_recognised(tmp_path: Any, how: str) -> None:
    report = mleval.classify(written(tmp_path / "a.csv", ROWS, SPELLINGS[how]), metrics=[*EXPECTED])
    assert report.task == "multilabel"
    assert same(report)
    assert any(item.what == "labels" and item.flag == "--label-sep" for item in report.assumed)


@pytest.mark.parametrize("separator", ["/", "::", ", "])
def test_any_separator_can_be_named(tmp_path: Any, separator: str) -> None:
    path = written(tmp_path / "a.csv", ROWS, separator.join)
    assert same(mleval.classify(path, label_sep=separator, metrics=[*EXPECTED]))


@pytest.mark.parametrize("names", [LETTERS, ("1", "2", "3", "4", "5", "6")])
def test_lists_of_json_and_arrow(tmp_path: Any, names: tuple[str, ...]) -> None:
    rows = replace(ROWS, names=names)
    pairs = zip(rows.lists(rows.truth), rows.lists(rows.prediction), strict=True)
    cast: Any = int if names[0] == "1" else str
    lines = [{"label": [*map(cast, a)], "pred": [*map(cast, b)]} for a, b in pairs]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert same(mleval.classify(tmp_path / "a.jsonl", metrics=[*EXPECTED]))
    for kind in (pa.list_, pa.large_list):
        held = kind(pa.int64() if cast is int else pa.string())
        table = pa.table({n: pa.array([x[n] for x in lines], held) for n in ("label", "pred")})
        pq.write_table(table, tmp_path / "a.parquet")
        assert same(mleval.classify(tmp_path / "a.parquet", metrics=[*EXPECTED]))
        assert same(mleval.classify(table.slice(7).take([*range(53)]), metrics=[*EXPECTED])) is (
            len(table) == 53
        )


MARKED = {
    "endings": ("{}_true", "{}_pred", int),
    "beginnings": ("true_{}", "pred_{}", bool),
    "scikit-learn's": ("y_true_{}", "y_pred_{}", float),
    "bare names": ("{}", "{}_pred", int),
}


@pytest.mark.parametrize("how", MARKED)
def test_columns_of_marks_are_recognised(tmp_path: Any, how: str) -> None:
    truth, prediction, kind = MARKED[how]
    columns = {truth.format(n): ROWS.truth[:, k].astype(kind) for k, n in enumerate(LETTERS)}
    columns |= {
        prediction.format(n): ROWS.prediction[:, k].astype(kind) for k, n in enumerate(LETTERS)
    }
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows([columns, *zip(*columns.values(), strict=True)])
    for data in (columns, tmp_path / "a.csv"):
        report = mleval.classify(data, metrics=[*EXPECTED])
        assert report.provenance["labels"] == list(LETTERS)
        assert same(report)


def test_labels_are_predicted_where_there_are_scores_alone() -> None:
    columns = {k: v for k, v in ROWS.marks().items() if "_pred" not in k}
    report = mleval.classify(columns, metrics="f1[micro]", threshold=0.6)
    from sklearn.metrics import f1_score

    assert report["f1[micro]"].value == pytest.approx(
        f1_score(ROWS.truth, ROWS.scores >= 0.6, average="micro"), abs=1e-12
    )
    assert "threshold" in {item.what for item in mleval.classify(columns).assumed}


def test_scores_of_no_known_scale_need_a_threshold() -> None:
    columns = {k: v for k, v in ROWS.marks().items() if k.endswith("_true")}
    columns |= {f"logit_{n}": 9 * ROWS.scores[:, k] - 4.5 for k, n in enumerate(LETTERS)}
    logits = mleval.classify(columns)
    columns = {k.replace("logit", "score"): v for k, v in columns.items()}
    with pytest.raises(InputError, match="not known to be probabilities"):
        mleval.classify(columns)
    scores = mleval.classify(columns, threshold=0)
    for key in ("roc_auc[macro]", "f1[macro]"):
        assert scores[key].value == logits[key].value


def test_odd_names_and_an_empty_set_in_every_role(tmp_path: Any) -> None:
    rows = drawn(41, rows=60, names=ODD)
    expected = mleval.classify(rows.cells(), metrics="f1[samples]")["f1[samples]"].value
    for how in (str, json.dumps):
        found = mleval.classify(written(tmp_path / "a.csv", rows, how), metrics="f1[samples]")
        assert found["f1[samples]"].value == expected
    cells = {"label": ["a|b", None, "", "b"], "pred": ["a|b", "a", None, None]}
    report = mleval.classify(cells, task="multilabel")
    assert report["subset_accuracy"].value == 0.5
    assert any("the empty set" in text for text in report.warnings)


def test_a_label_named_twice_counts_once() -> None:
    report = mleval.classify({"label": ["a|b|a", "b"], "pred": ["b|a", "b|b"]}, task="multilabel")
    assert report["subset_accuracy"].value == 1
    assert report.classes["a"].support == 1


@pytest.mark.parametrize(
    "columns",
    [
        {"label": ["very good", "bad", "good", "very bad"], "pred": ["good", "bad"] * 2},
        {"label": ["New York", "Paris", "New Delhi"], "pred": ["New York", "Paris", "Paris"]},
        {"label": ["a, b", "c"], "pred": ["a, b", "a, b"]},
        {"label": ["a|b", "a|b"], "pred": ["a|b", "a|b"]},
        {"label": ["0", "1"], "pred": ["1", "1"]},
    ],
)
def test_one_label_a_row_stays_one(columns: dict[str, list[str]]) -> None:
    assert mleval.classify(columns).task != "multilabel"
    assert mleval.classify(columns, task="multilabel").task == "multilabel"


def test_the_task_can_be_denied() -> None:
    cells = {"label": ["a|b", "b", "a"], "pred": ["a|b", "b", "b"]}
    assert mleval.classify(cells).task == "multilabel"
    assert mleval.classify(cells, task="multiclass").task == "multiclass"


def test_lists_of_0_and_1_are_labels_by_place(tmp_path: Any) -> None:
    lists = {"label": ROWS.truth.astype(int).tolist(), "pred": ROWS.prediction.astype(int).tolist()}
    report = mleval.classify(lists, metrics=[*EXPECTED])
    assert same(report)
    assert report.provenance["labels"] == list("012345")
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows([lists, *zip(*lists.values(), strict=True)])
    assert same(mleval.classify(tmp_path / "a.csv", metrics=[*EXPECTED]))


def test_tables_of_scikit_learn_are_taken_as_they_are() -> None:
    both = {"truth": ROWS.truth.astype(int), "prediction": ROWS.prediction}
    assert same(mleval.classify(**both, classes=LETTERS, metrics=[*EXPECTED]))
    found = mleval.classify(**both, probabilities=ROWS.scores, classes=LETTERS, verify=True)
    assert found["f1[micro]"].value == EXPECTED["f1[micro]"].value
    assert found["roc_auc"].value == mleval.classify(ROWS.marks())["roc_auc"].value
    with pytest.raises(UsageError, match="2 classes are named"):
        mleval.classify(**both, classes=("a", "b"))


def test_labels_that_differ_in_case_stay_apart() -> None:
    marks = {f"{n}_{r}": [1, 0, 1] for n in ("A", "a") for r in ("true", "pred")}
    assert mleval.classify(marks).provenance["labels"] == ["A", "a"]


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize("name", ["kappa", "mcc", "accuracy", "balanced_accuracy", "log_loss"])
def test_metrics_of_one_label_a_row_are_refused(name: str) -> None:
    said = f"{name} is a binary and multiclass metric, not a multilabel one"
    rows = tables(["ab", "c"], ["a", "c"]).cells()
    with pytest.raises(InputError, match=f"turned out to be a multilabel task, and {said}"):
        mleval.classify(rows, metrics=name)
    with pytest.raises(UsageError, match=said):
        mleval.classify(rows, metrics=name, task="multilabel")


def test_lists_of_one_label_are_one_label_a_row_unless_it_is_said_otherwise() -> None:
    rows = tables(["a", "b"], ["a", "c"]).cells()
    assert mleval.classify(rows).task == "multiclass"
    assert mleval.classify(rows, task="multilabel").provenance["labels"] == ["a", "b", "c"]
    assert mleval.classify(rows, label_sep="list").provenance["labels"] == ["a", "b", "c"]


def test_a_condition_and_a_truth_file_select_rows_of_several_labels(tmp_path: Any) -> None:
    rows = drawn(40)
    cells = rows.cells()
    ids = [f"r{at}" for at in range(80)]
    part = {"part": ["test" if at % 2 else "train" for at in range(80)]}
    truth = pa.table({"id": ids, "label": cells.pop("label")})
    pq.write_table(truth, tmp_path / "truth.parquet")
    joined = mleval.classify(
        {"id": ids, **cells, **part},
        truth_file=tmp_path / "truth.parquet",
        filter='part == "test"',
        metrics="all",
    )
    half = Rows(rows.truth[1::2], rows.prediction[1::2], rows.names, rows.scores[1::2])
    alone = mleval.classify(half.cells(), metrics="all")
    assert {key: found.value for key, found in joined.metrics.items()} == pytest.approx(
        {key: found.value for key, found in alone.metrics.items()}
    )


def test_several_labels_that_come_after_many_rows_of_one_are_no_class(tmp_path: Path) -> None:
    one, several = {"label": ["a"], "pred": ["a"]}, {"label": ["a", "b"], "pred": []}
    text = (json.dumps(one) + "\n") * 1200
    path = tmp_path / "x.jsonl"
    path.write_text(text + json.dumps(several) + "\n")
    table_file = tmp_path / "x.csv"
    table_file.write_text("label,pred\n" + "\"['a']\",\"['a']\"\n" * 1200 + "\"['a', 'b']\",[]\n")
    table = {"label": [["a"]] * 1200 + [["a", "b"]], "pred": [["a"]] * 1200 + [[]]}
    pq.write_table(pa.table(table), tmp_path / "x.parquet")
    for data, place in (
        (path, "x.jsonl, line 1201"), (table_file, "x.csv, line 1202"),
        (tmp_path / "x.parquet", "x.parquet, row 1201"), (table, "row 1201"),
    ):  # fmt: skip
        message = rf"{place}: 'label' holds \[\"a\", \"b\"\], expected one label"
        with pytest.raises(InputError, match=message) as caught:
            mleval.classify(data)
        assert "--task multilabel" in str(caught.value.hint)
        report = mleval.classify(data, task="multilabel", metrics=["subset_accuracy"])
        assert report["subset_accuracy"].n == 1201
    path.write_text(text + json.dumps({"label": [], "pred": ["a"]}) + "\n")
    assert mleval.classify(path).provenance["rows_used"] == 1200


def test_one_label_beside_lists_of_labels_is_one_label(tmp_path: Path) -> None:
    def lines(name: str, rows: list[dict[str, object]]) -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path

    sets, single = [["a", "b"], ["a"], []], ["a", "b", "b"]
    predictions = lines("p.jsonl", [{"id": i, "pred": cell} for i, cell in enumerate(sets)])
    both = {"label": [[cell] for cell in single], "pred": sets}
    expected = mleval.classify(both, task="multilabel", metrics="all").to_dict()["metrics"]
    for cells in (single, [[cell] for cell in single]):
        truths = lines("t.jsonl", [{"id": i, "label": cell} for i, cell in enumerate(cells)])
        with pytest.raises(InputError, match="expected one label") as caught:
            mleval.classify(predictions, truth_file=truths)
        assert "--task multilabel" in str(caught.value.hint)
        joined = mleval.classify(predictions, truth_file=truths, task="multilabel", metrics="all")
        assert joined.to_dict()["metrics"] == expected
    bare = {"label": "a", "pred": "New York"}
    mixed = lines("m.jsonl", [{"label": ["a", "b"], "pred": ["a"]}, bare])
    assert "New York" in mleval.classify(mixed, task="multilabel").classes


@pytest.mark.parametrize("form", ["lists", "between bars"])
def test_truths_without_a_prediction_are_dropped_or_predict_no_label(form: str) -> None:
    ids = [f"r{row}" for row in range(12)]
    sets = [["a", "b"], ["a"], ["b", "c"], []] * 3

    def table(name: str, rows: list[list[str]]) -> dict[str, Any]:
        cells: list[Any] = rows if form == "lists" else ["|".join(row) for row in rows]
        return {"id": ids[: len(rows)], name: cells}

    def told(predictions: dict[str, Any], truths: dict[str, Any], missing: Any) -> Any:
        report = mleval.classify(
            predictions, truth_file=truths, task="multilabel", metrics="all", missing=missing
        )
        values = {key: found.value for key, found in report.metrics.items()}
        return report.provenance["rows_used"], values

    shorter, whole = table("pred", sets[1:9]), table("label", sets)
    with pytest.raises(InputError, match="4 ids of the table missing"):
        mleval.classify(shorter, truth_file=whole, task="multilabel")
    padded = table("pred", [*sets[1:9], [], [], [], []])
    with pytest.raises(InputError, match="no label to miss"):
        told(shorter, whole, "wrong")
    filled = table("label", [*sets[:11], ["c"]])
    assert told(shorter, filled, "wrong") == told(padded, filled, "error")
    assert told(shorter, whole, "drop") == told(shorter, table("label", sets[:8]), "error")
    assert told(shorter, whole, "drop")[0] == 8


def test_what_is_wrong_is_said_with_its_place() -> None:
    rows = ROWS.marks()
    with pytest.raises(InputError, match="expected 0 or 1 in the prediction column 'a_pred'"):
        mleval.classify(rows | {"a_pred": [2, *rows["a_pred"][1:]]}, task="multilabel", strict=True)
    with pytest.raises(InputError, match="expected lists of labels"):
        mleval.classify({"label": ["['a']", "[b"], "pred": ["['a']"] * 2}, label_sep="list")
    with pytest.raises(InputError, match="'label' should hold one label a row, found list"):
        mleval.classify({"label": [["a", "b"], ["b"]], "pred": ["a", "b"]})
    with pytest.raises(InputError, match="no label in common"):
        mleval.classify({"label": ["a|b", "a"], "pred": ["x|y", "x"]}, task="multilabel")
    with pytest.raises(UsageError, match="label_sep is between several labels"):
        mleval.classify({"label": ["a"], "pred": ["a"]}, task="binary", label_sep="|")
