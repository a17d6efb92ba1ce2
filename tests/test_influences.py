"""The law of influences, for every metric of every task: rows tell what the states tell."""

from __future__ import annotations

import csv
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, get_args

import numpy as np
import pytest
from multilabel_data import drawn
from registered import specs, write_costs
from regression import option_sets

from mleval.batch import Floats
from mleval.errors import NoInterval
from mleval.evaluation.requests import Request
from mleval.evaluation.run import Evaluated, EvaluatedSet, evaluate
from mleval.metrics import metrics
from mleval.options import ClassifyOptions, Options, PairsOptions, RegressOptions
from mleval.registry import Task
from mleval.spec import Spec
from mleval.states import BinaryScores, Confusion, Kept, Means, Ordered, ScoreTable
from mleval.uncertainty.influences import variance_of
from mleval.uncertainty.tangents import Tangent

ROWS = 90
CLASSES = ("1", "2", "10")  # in the order of numbers
# How far rows move a cut is told by a slope over many rows around it, not by the step at one:
# tests/test_metrics_ranking_influences.py has them.
LOCAL = {"eer", "tpr_at_fpr", "precision_at_k", "lift_at"}


class Data(NamedTuple):
    """Columns as a file has them, and what is asked of them."""

    columns: dict[str, Any]
    options: Options


@cache
def costs(classes: tuple[str, ...]) -> Path:
    from tempfile import mkdtemp

    return write_costs(Path(mkdtemp()) / "costs.csv", classes)


def every(task: Task, classes: tuple[str, ...]) -> tuple[Spec, ...]:
    """Every Spec of the task that takes probabilities."""
    some = [m for m in metrics(task) if m.scale != "decision"]
    return tuple(specs(task, classes, costs(classes), some))


def expit(z: Floats) -> Floats:
    return 1 / (1 + np.exp(-z))


def binary(*, predicted: bool, of_predicted: bool = False, digits: int = 2) -> Data:
    rng = np.random.default_rng(1)
    truth = rng.random(ROWS) < 0.4
    score = np.round(expit(rng.normal(2.5 * truth - 1.2, 1.4)), digits).clip(0.001, 0.999)
    guess = np.where(rng.random(ROWS) < 0.1, ~truth, score >= 0.5)
    columns: dict[str, Any] = {"y_true": np.where(truth, "yes", "no"), "prob": score}
    if predicted:
        columns["y_pred"] = np.where(guess, "YES", "NO") if of_predicted else guess.astype(int)
        columns["y_true"] = columns["y_true"] if of_predicted else truth.astype(int)
    if of_predicted:
        columns |= {"y_pred": np.where(guess, "yes", "no")}
        columns["prob"] = np.where(guess, np.maximum(score, 1 - score), 1 - score)
    told = ClassifyOptions(
        task="binary",
        score="prob",
        score_of="predicted" if of_predicted else None,
        metrics=every("binary", ("no", "yes") if of_predicted or not predicted else ("0", "1")),
    )
    return Data(columns, told)


def binary_columns() -> Data:
    rng = np.random.default_rng(4)
    truth = rng.random(ROWS) < 0.5
    score = expit(rng.normal(2 * truth - 1, 1))
    columns = {"y_true": np.where(truth, "yes", "no"), "prob_no": 1 - score, "prob_yes": score}
    return Data(columns, ClassifyOptions(task="binary", metrics=every("binary", ("no", "yes"))))


def multiclass(*, predicted: bool, logits: bool) -> Data:
    rng = np.random.default_rng(2)
    truth = rng.choice(3, ROWS, p=[0.5, 0.3, 0.2])
    z = np.round(rng.normal(size=(ROWS, 3)) + 1.4 * np.eye(3)[truth], 2)
    p = np.exp(6 * z)  # far too sure: far from calibration, where ece has an interval
    p /= p.sum(axis=1, keepdims=True)
    best, name = z.argmax(axis=1), "logit" if logits else "prob"
    columns: dict[str, Any] = {"y_true": np.array(CLASSES)[truth]}
    if predicted:
        guess = np.where(rng.random(ROWS) < 0.2, (best + 1) % 3, best)
        columns["y_pred"] = np.array(CLASSES)[guess]
    columns |= {f"{name}_{c}": (z if logits else p)[:, k] for k, c in enumerate(CLASSES)}
    told = ClassifyOptions(task="multiclass", metrics=every("multiclass", CLASSES))
    return Data(columns, told)


def confident() -> Data:
    """The confidence in the predicted class of several."""
    data = multiclass(predicted=True, logits=False)
    columns = {k: v for k, v in data.columns.items() if k.startswith("y_")}
    columns["confidence"] = np.random.default_rng(8).uniform(0.9, 0.99, ROWS)
    asked = tuple(Spec(m.name) for m in metrics("multiclass") if m.over == "event")
    return Data(columns, ClassifyOptions(task="multiclass", metrics=asked))


def soft() -> Data:
    rng = np.random.default_rng(6)
    p, q = rng.dirichlet([1, 1, 1], (2, ROWS))
    columns = {f"t_{c}": p[:, k] for k, c in enumerate("abc")}
    columns |= {f"prob_{c}": q[:, k] for k, c in enumerate("abc")}
    asked = tuple(Spec(name) for name in ("cross_entropy", "kl_divergence", "js_divergence"))
    return Data(columns, ClassifyOptions(truth_proba="t_", metrics=asked))


def multilabel(*, some: bool) -> Data:
    rows = drawn(3, rows=ROWS, labels=4)
    names = rows.names
    told = ClassifyOptions(
        task="multilabel",
        metrics=every("multilabel", names),
        classes=("d", "b", "a") if some else (),
    )
    return Data(rows.cells(), told)


def regress(*, targets: int) -> Data:
    rng = np.random.default_rng(5)
    columns: dict[str, Any] = {}
    names = ("",) if targets == 1 else ("north", "south")
    for name in names:
        truth = rng.gamma(4.0, 2.0, ROWS) + 0.1
        columns[f"{name}_true" if name else "y_true"] = truth
        guess = truth * np.exp(rng.normal(0, 0.3, ROWS))
        columns[f"{name}_pred" if name else "y_pred"] = guess
    if targets == 1:
        columns |= {
            "lower": columns["y_pred"] - rng.random(ROWS) * 3,
            "upper": columns["y_pred"] + rng.random(ROWS) * 3,
            "std": rng.random(ROWS) + 0.5,
        }
    asked = [
        Spec(metric.name, tuple((k, v) for k, v in options.items() if _is_said(metric, k)))
        for metric in metrics("regress")
        for options in option_sets(metric)
        if targets == 1 or not metric.needs
    ]
    if targets > 1:
        asked += [replace(spec, target="south") for spec in asked]
    return Data(columns, RegressOptions(metrics=tuple(asked)))


def _is_said(metric: Any, name: str) -> bool:
    return any(option.name == name and not get_args(option.kind) for option in metric.options)


def pairs(*, triplets: bool) -> Data:
    rng = np.random.default_rng(7)
    different = rng.random(ROWS) < 0.5
    columns: dict[str, Any] = {"distance": np.round(rng.gamma(3.0, 0.2, ROWS) + 0.4 * different, 2)}
    if triplets:
        columns["negative_distance"] = columns["distance"] + rng.normal(0.3, 0.3, ROWS).clip(-0.1)
        asked = ["triplet_loss", "triplet_accuracy"]
    else:
        columns["dissimilar"] = different.astype(int)
        asked = ["contrastive_loss", "roc_auc", "roc_auc(max_fpr=0.3)", "eer"]
    return Data(columns, PairsOptions(metrics=tuple(map(Spec.parse, asked))))


CASES = {
    "binary": binary(predicted=True),
    "binary, cut": binary(predicted=False),
    "binary, of the predicted": binary(predicted=True, of_predicted=True, digits=6),
    "binary, class columns": binary_columns(),
    "multiclass": multiclass(predicted=True, logits=False),
    "multiclass, derived from logits": multiclass(predicted=False, logits=True),
    "confidence": confident(),
    "soft labels": soft(),
    "multilabel": multilabel(some=False),
    "multilabel, over some": multilabel(some=True),
    "regress": regress(targets=1),
    "regress, two targets": regress(targets=2),
    "pairs": pairs(triplets=False),
    "triplets": pairs(triplets=True),
}


def evaluated(data: Data, weight: Floats | None) -> Evaluated:
    columns = data.columns | ({} if weight is None else {"sample_weight": weight})
    found = evaluate(columns, data.options, keep_batches=True)
    assert not isinstance(found, EvaluatedSet)
    return found


def weights() -> Floats:
    return np.random.default_rng(9).gamma(2.0, 1.0, ROWS) + 0.05


def readable(done: Evaluated) -> list[Request]:
    return [r for r in done.requests if done.parts[r.key][1].value is not None]


def influences(done: Evaluated) -> dict[str, Floats]:
    """By key, of the metrics that have some."""
    found = {}
    for request in readable(done):
        with suppress(NoInterval):
            found[request.key] = done.influence(request.key)
    return found


def small_sample(tangent: Tangent, task: Task, rows: float) -> float:
    """The n / (n - 1) of a variance: counts have none, scores have n of each class."""
    if isinstance(tangent.of, Confusion) and task != "multilabel":
        return 1.0
    if isinstance(tangent.of, BinaryScores):
        rows = tangent.of.effective_positives + tangent.of.effective_negatives
    return rows / (rows - 1)


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("case", CASES)
def test_rows_have_the_variance_that_the_state_has(case: str, weighted: bool) -> None:
    done = evaluated(CASES[case], weights() if weighted else None)
    assert done.influences
    weight, evidence = done.influences.rows.weight, done.evidence
    n = weight.sum() ** 2 / (weight @ weight)
    compared = 0
    for request in readable(done):
        if request.metric.no_interval:
            with pytest.raises(NoInterval):
                done.influence(request.key)
            continue
        try:
            tangent = done.influences.evaluator.tangent(request, evidence)
        except NoInterval:
            continue
        influence = done.influence(request.key)
        assert influence.shape == (ROWS,), request.key
        size = np.abs(influence).max()
        assert abs(weight @ influence) <= 1e-9 * max(size, 1e-300) * weight.sum(), request.key
        expected = tangent.variance(tangent.slope) / small_sample(tangent, evidence.task, n)
        got = variance_of(influence, weight) / (n / (n - 1))
        assert got == pytest.approx(expected, rel=1e-9, abs=1e-24), request.key
        compared += 1
    assert compared >= len(readable(done)) * 0.5


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("case", CASES)
def test_they_tell_how_a_change_of_weights_moves_the_number(case: str, weighted: bool) -> None:
    """φ = Σw · ∂/∂w, along a random direction, by evaluating with other weights."""
    data, base = CASES[case], weights() if weighted else np.ones(ROWS)
    step, along = 1e-5, np.random.default_rng(3).normal(size=ROWS)
    done = evaluated(data, base)
    up, down = (evaluated(data, base * (1 + sign * step * along)) for sign in (1, -1))
    off = {}
    for key, influence in influences(done).items():
        (request,) = (r for r in done.requests if r.key == key)
        if request.metric.state is Ordered or request.metric.name in LOCAL:
            continue
        values = [one.parts[key][1].value for one in (up, down)]
        assert None not in values
        slope = (values[0] - values[1]) / (2 * step)
        told = float((base * along) @ influence) / base.sum()
        scale = max(abs(slope), float(np.abs(influence).mean()) * 0.01, 1e-4)
        if abs(slope - told) > 1e-4 * scale:
            off[key] = (slope, told)
    assert off == {}


def test_every_kind_of_state_is_among_them() -> None:
    seen = {}
    for case in ("multilabel", "regress", "multiclass", "binary", "confidence"):
        done = evaluated(CASES[case], None)
        for key in influences(done):
            (request,) = (r for r in done.requests if r.key == key)
            seen.setdefault(request.metric.state, key)
    assert set(seen) == {Confusion, ScoreTable, Means, Ordered, Kept}
    for case in ("multiclass", "confidence"):  # of the event that the top label is right
        assert "ece" in {key.split("(")[0] for key in influences(evaluated(CASES[case], None))}


@pytest.mark.parametrize("case", ["binary", "multiclass", "multilabel", "regress", "pairs"])
def test_they_are_in_the_order_of_the_rows_however_the_file_is_cut(
    case: str, tmp_path: Path
) -> None:
    data = CASES[case]
    columns = {name: [_text(cell) for cell in column] for name, column in data.columns.items()}
    for part, rows in enumerate(np.array_split(np.arange(ROWS), 7)):
        with (tmp_path / f"part-{part}.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows([column[row] for column in columns.values()] for row in rows)
    whole = evaluated(data, None)
    cut = evaluate(tmp_path, data.options, keep_batches=True)
    assert isinstance(cut, Evaluated)
    assert len(cut.batches) == 7
    parts, one = influences(cut), influences(whole)
    assert list(parts) == list(one)
    for key, influence in one.items():
        size = np.abs(influence).max()
        np.testing.assert_allclose(parts[key], influence, rtol=1e-9, atol=1e-9 * size, err_msg=key)


def _text(cell: Any) -> str:
    return "|".join(cell) if isinstance(cell, list) else str(cell)
