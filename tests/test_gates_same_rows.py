"""Baselines of the same rows: averages over the labels of both, and truths that are another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from gate_samples import only
from sklearn.metrics import f1_score

import mleval
from mleval.errors import InputError

Table = dict[str, Any]


def animals(seed: int, extra: int = 0) -> Table:
    """extra: rows that are predicted to be what no row is."""
    random = np.random.default_rng(seed)
    truth = np.random.default_rng(0).choice(["cat", "dog", "owl"], 400)
    guess = np.where(random.random(400) < 0.25, random.choice(["cat", "dog", "owl"], 400), truth)
    guess = guess.astype(object)
    guess[:extra] = "yak"
    return {"label": truth, "pred": guess}


@pytest.mark.parametrize(("here", "there"), [(0, 9), (9, 0), (9, 9), (0, 0)])
def test_macro_averages_are_over_the_labels_of_both(here: int, there: int) -> None:
    ours, theirs = animals(1, here), animals(2, there)
    names = sorted({*ours["pred"], *theirs["pred"]})
    report: Any = mleval.classify(
        ours, gates="f1[macro] >= baseline", baseline=theirs, decide="interval"
    )
    found = only(report)
    values = [
        f1_score(one["label"], one["pred"], labels=names, average="macro", zero_division=0.0)
        for one in (ours, theirs)
    ]
    assert (found.value, found.baseline) == pytest.approx(values, rel=1e-12)
    assert report["f1"].value == mleval.classify(ours)["f1"].value
    named: Any = mleval.classify(
        ours, gates="f1[macro] >= baseline", baseline=theirs, decide="interval", classes=names
    )
    assert found.difference_low == pytest.approx(only(named).difference_low, rel=1e-9)
    told = [text for text in report.warnings if "over the labels of both" in text]
    where = "here alone" if here else "in the baseline a dict alone"
    expected = "averages that are compared are over the labels of both: there is yak " + where
    assert told == ([] if here == there else [expected])


def test_what_is_derived_and_what_is_not_compared_has_the_labels_it_should() -> None:
    ours, theirs = animals(1), animals(2, 9)
    gates = ["half >= baseline", "f1[macro] >= 0.1"]
    report = mleval.classify(ours, gates=gates, baseline=theirs, metrics=["half = 0.5*f1[macro]"])
    plain = mleval.classify(ours)["f1"].value
    assert plain is not None
    compared, alone = report.gates
    assert alone.value == plain
    assert compared.value == pytest.approx(plain * 3 / 8)
    assert report["half"].value == plain / 2


def test_averages_over_several_labels_a_row_are_over_those_of_both() -> None:
    random = np.random.default_rng(3)
    names = np.array(["a", "b", "c"], dtype=object)
    truth = random.random((300, 3)) < 0.5
    tables = []
    for extra in ("", "|z"):
        guess = truth ^ (random.random((300, 3)) < 0.2)
        told = [["|".join(names[row]) or "a" for row in some] for some in (truth, guess)]
        told[1][:7] = [cell + extra for cell in told[1][:7]]
        tables.append({"y_true": told[0], "y_pred": told[1]})
    for ours, theirs in (tables, tables[::-1]):
        for name in ("f1[macro]", "f1[micro]", "f1[samples]", "hamming_loss"):
            sign = "<=" if name == "hamming_loss" else ">="
            gate = f"{name} {sign} baseline"
            report: Any = mleval.classify(ours, gates=gate, baseline=theirs, decide="interval")
            named: Any = mleval.classify(
                ours, gates=gate, baseline=theirs, decide="interval", classes=["a", "b", "c", "z"]
            )
            found, expected = only(report), only(named)
            for field in ("value", "baseline", "difference_low", "difference_high"):
                assert getattr(found, field) == pytest.approx(getattr(expected, field), rel=1e-9)


def numbers(seed: int) -> Table:
    truth = np.random.default_rng(0).normal(size=200)
    return {"y_true": truth, "y_pred": truth + np.random.default_rng(seed).normal(size=200)}


def targets(seed: int) -> Table:
    table = {}
    for name in "ab":
        table |= {f"{name}_{side[2:]}": column for side, column in numbers(seed).items()}
    return table


def sets(seed: int) -> Table:
    truth = np.random.default_rng(0).choice(["a", "b", "a|b"], 200).tolist()
    return {"y_true": truth, "y_pred": np.random.default_rng(seed).choice(["a", "a|b"], 200)}


CASES = [
    (mleval.classify, animals, "label", "accuracy >= baseline - 0.5", 400),
    (mleval.classify, sets, "y_true", "subset_accuracy >= baseline - 0.5", 200),
    (mleval.regress, numbers, "y_true", "rmse <= baseline + 1", 200),
    (mleval.regress, targets, "b_true", "rmse <= baseline + 1", 200),
]


def test_numbers_that_were_rounded_are_the_same_truth() -> None:
    ours, theirs = numbers(1), numbers(2)
    rounded = theirs | {"y_true": np.float32(theirs["y_true"]).astype(float)}
    report = mleval.regress(ours, gates="rmse <= baseline + 1", baseline=rounded)
    assert not any("the truth is another" in told for told in report.warnings)


def test_targets_are_told_by_their_names_whatever_the_order_of_the_columns() -> None:
    shift = {"b_true": targets(1)["b_true"] + 3}
    ours = targets(1) | shift
    turned = dict(reversed((targets(2) | shift).items()))
    for gate in ("rmse <= baseline + 1", "rmse[target=b] <= baseline + 1"):
        report: Any = mleval.regress(ours, gates=gate, baseline=turned, force=True)
        assert only(report).paired
        assert not any("the truth is another" in told for told in report.warnings)


@pytest.mark.parametrize(("evaluate", "made", "column", "gate", "rows"), CASES)
def test_truths_that_are_another_are_told_and_many_are_refused(
    evaluate: Any, made: Any, column: str, gate: str, rows: int
) -> None:
    ours, theirs = made(1), made(2)
    assert not evaluate(ours, gates=gate, baseline=theirs).warnings[1:]

    def changed(count: int) -> Table:
        values = np.array(theirs[column], dtype=object)
        values[:count] = np.roll(values, 1)[:count]
        others = {"a": "b", "b": "a|b", "a|b": "a", "cat": "dog", "dog": "owl", "owl": "cat"}
        fixed = [others.get(x, x) if isinstance(x, str) else x + 1.0 for x in theirs[column]]
        values[:count] = fixed[:count]
        return theirs | {column: values.tolist()}

    report = evaluate(ours, gates=gate, baseline=changed(3))
    assert f"in 3 of {rows} rows the truth is another in the baseline a dict" in report.warnings
    with pytest.raises(InputError, match="they are not the same rows") as error:
        evaluate(ours, gates=gate, baseline=changed(rows // 2))
    assert "--id COLUMN" in str(error.value.hint)
    forced = evaluate(ours, gates=gate, baseline=changed(rows // 2), force=True)
    assert any(f"in {rows // 2} of" in told for told in forced.warnings)


def test_rows_in_another_order_without_ids_are_refused() -> None:
    """Of rare positives one row in fifty is another, and yet these are not the same rows."""
    random = np.random.default_rng(5)
    truth = (random.random(5000) < 0.01).astype(int)
    guess = np.where(random.random(5000) < 0.01, 1 - truth, truth)
    order = random.permutation(5000)
    ours = {"y_true": truth, "y_pred": guess}
    shuffled = {name: column[order] for name, column in ours.items()}
    with pytest.raises(InputError, match="they are not the same rows"):
        mleval.classify(ours, gates="f1 >= baseline", baseline=shuffled)
    ids = {"id": np.arange(5000)}
    report = mleval.classify(ours | ids, gates="f1 >= baseline", baseline=shuffled | {"id": order})
    assert only(report).difference == 0.0
    assert not any("the truth is another" in told for told in report.warnings)


def test_the_same_labels_spelled_otherwise_are_the_same_truth() -> None:
    ours = {"y_true": ["1", "0", "1", "1"] * 20, "y_pred": ["1", "0", "1", "0"] * 20}
    theirs = {"y_true": ["1.0", "0.0", "1.0", "1.0"] * 20, "y_pred": ["1", "0", "1", "0"] * 20}
    report = mleval.classify(ours, gates="f1 >= baseline", baseline=theirs, force=True)
    assert not any("the truth is another" in told for told in report.warnings)


def test_the_baseline_computes_what_is_compared_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from mleval.gates import baseline

    asked = []
    real = baseline.evaluate

    def watched(*given: Any, **more: Any) -> Any:
        done = real(*given, **more)
        asked.append(done)
        return done

    monkeypatch.setattr(baseline, "evaluate", watched)
    gates = ["recall >= baseline", "f1.low >= baseline - 0.9", "mcc > 0"]
    table: Any = {"y_true": [0, 1] * 40, "y_pred": [0, 1, 1, 1] * 20}
    report = mleval.classify(table, gates=gates, baseline=table)
    (done,) = asked
    assert list(done.report.metrics) == ["recall", "f1"]
    assert "mcc" in report.metrics
