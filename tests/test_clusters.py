"""Intervals where rows go together: what clusters make of them, and that they hold the truth."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from campaigns import FULL
from gate_samples import only
from scipy import stats
from scipy.special import expit, logit
from sklearn.metrics import f1_score, roc_auc_score

import mleval
from mleval.errors import InputError, UsageError
from mleval.metrics import metrics
from mleval.spec import Spec
from mleval.states import Ordered

Table = dict[str, Any]


def scored(seed: int = 0, clusters: int = 50, size: int = 20) -> Table:
    """Rows of clusters of similar size, whose scores go together."""
    random = np.random.default_rng(seed)
    sizes = random.integers(size - 3, size + 4, clusters)
    cluster = np.repeat(np.arange(clusters), sizes)
    shift, ease = random.normal(0, 1.0, clusters)[cluster], random.normal(0, 1.0, clusters)[cluster]
    truth = (random.random(len(cluster)) < expit(shift)).astype(int)
    latent = (1.2 + ease) * (2 * truth - 1) + random.normal(0, 1.5, len(cluster))
    score = np.clip(expit(latent), 1e-6, 1 - 1e-6)
    return {"patient": cluster, "truth": truth, "score": score, "prediction": (score >= 0.5) * 1}


def measured(seed: int = 0, clusters: int = 50, size: int = 20) -> Table:
    random = np.random.default_rng(seed)
    sizes = random.integers(size - 3, size + 4, clusters)
    cluster = np.repeat(np.arange(clusters), sizes)
    truth = random.normal(size=len(cluster))
    spread = np.exp(random.normal(0, 0.3, clusters))[cluster]
    error = random.normal(0, 0.7, clusters)[cluster] + random.normal(0, spread)
    return {"patient": cluster, "truth": truth, "prediction": truth + error}


def classified(table: Table, metrics: Any, **options: Any) -> Any:
    options = {"positive": 1, "cluster": "patient"} | options
    return mleval.classify(table, metrics=metrics, **options)


def expected(
    value: float, influence: Any, weight: Any, cluster: Any, scale: str
) -> tuple[float, float]:
    """As written down: cluster sums of wφ/Σw, G/(G − 1), t with G − 1, on the metric's scale."""
    groups = np.unique(cluster)
    sums = np.array([(weight * influence)[cluster == g].sum() for g in groups]) / weight.sum()
    error = math.sqrt((sums**2).sum() * len(groups) / (len(groups) - 1))
    half = stats.t.ppf(0.975, len(groups) - 1) * error
    if scale == "logit":
        centre, half = logit(value), half / (value * (1 - value))
        return expit(centre - half), expit(centre + half)
    if scale == "log":
        return value * math.exp(-half / value), value * math.exp(half / value)
    return value - half, value + half


@pytest.mark.parametrize("weighted", [False, True])
def test_intervals_are_those_of_the_formula(weighted: bool) -> None:
    table = scored(clusters=12)
    n = len(table["truth"])
    weight = np.random.default_rng(9).integers(1, 5, n).astype(float) if weighted else np.ones(n)
    table["weight"] = weight
    truth, guess, score = (table[name] for name in ("truth", "prediction", "score"))
    names = ["accuracy", "f1", "roc_auc", "gap = f1 - accuracy"]
    report = classified(table, names, weight="weight")
    right = (truth == guess) * 1.0
    accuracy = float(np.average(right, weights=weight))
    f1 = f1_score(truth, guess, sample_weight=weight)
    hit, either = truth * guess * 2.0, (truth + guess) * 1.0
    of_f1 = (hit - f1 * either) * weight.sum() / (weight @ either)
    auc = roc_auc_score(truth, score, sample_weight=weight)
    above = np.sign(score[:, None] - score[None, :]) / 2 + 0.5
    others = np.where(truth == 1, above @ (weight * (1 - truth)), above.T @ (weight * truth))
    other_weight = np.where(truth == 1, weight @ (1 - truth), weight @ truth)
    own = np.where(truth == 1, weight @ truth, weight @ (1 - truth))
    of_auc = (others / other_weight - auc) * weight.sum() / own
    wanted = {
        "accuracy": (accuracy, right - accuracy, "logit"),
        "f1": (f1, of_f1, "logit"),
        "roc_auc": (auc, of_auc, "logit"),
        "gap": (f1 - accuracy, of_f1 - (right - accuracy), ""),
    }
    for name, (value, influence, scale) in wanted.items():
        item = report[name]
        assert item.method == "cluster-robust"
        ends = expected(value, influence, weight, table["patient"], scale)
        assert (item.low, item.high) == pytest.approx(ends, rel=1e-9), name


def test_the_interval_of_rmse_is_that_of_the_formula() -> None:
    table = measured(clusters=15)
    item = mleval.regress(table, metrics="rmse", cluster="patient")["rmse"]
    square = (table["prediction"] - table["truth"]) ** 2
    rmse = math.sqrt(square.mean())
    influence = (square - square.mean()) / (2 * rmse)
    ends = expected(rmse, influence, np.ones(len(square)), table["patient"], "log")
    assert (item.low, item.high) == pytest.approx(ends, rel=1e-9)


def repeated(table: Table, times: int) -> Table:
    return {name: np.repeat(np.asarray(column), times, axis=0) for name, column in table.items()}


def in_all(report: Any) -> dict[str, Any]:
    rows = {f"{n} {k}": m for n, row in report.classes.items() for k, m in row.metrics.items()}
    targets = {f"{n} {k}": m for n, found in report.targets.items() for k, m in found.items()}
    return {**report.metrics, **rows, **targets}


def digits() -> Table:
    random = np.random.default_rng(4)
    truth = random.integers(0, 3, 120)
    odds = np.exp(random.normal(size=(120, 3)) + 1.2 * np.eye(3)[truth])
    shares = odds / odds.sum(axis=1, keepdims=True)
    names = np.array(["cat", "dog", "owl"])
    columns = {f"prob_{name}": shares[:, k] for k, name in enumerate(names)}
    return {"truth": names[truth], "prediction": names[shares.argmax(axis=1)], **columns}


def pairs() -> Table:
    random = np.random.default_rng(4)
    same = random.integers(0, 2, 90)
    return {"same": same, "distance": np.abs(random.normal(1.5 - same, 0.6))}


def targets() -> Table:
    truth = np.random.default_rng(5).normal(size=(80, 2))
    guess = truth + np.random.default_rng(6).normal(0, 0.4, (80, 2))
    names = ("a_true", "b_true", "a_pred", "b_pred")
    return dict(zip(names, [*truth.T, *guess.T], strict=True))


# Their slope is estimated from rows around a cut or quantile, and more of the same change it.
BY_DENSITY = {
    *(metric.name for metric in metrics() if metric.state is Ordered),
    *("eer", "tpr_at_fpr", "precision_at_k", "lift_at"),
}
SETS: dict[str, tuple[Any, Table]] = {
    "binary": (mleval.classify, {k: v for k, v in scored(1, 8).items() if k != "patient"}),
    "multiclass": (mleval.classify, digits()),
    "regression": (mleval.regress, {k: v for k, v in measured(1, 8).items() if k != "patient"}),
    "targets": (mleval.regress, targets()),
    "pairs": (mleval.pairs, pairs()),
}


@pytest.mark.parametrize("name", SETS)
def test_rows_that_come_several_times_tell_no_more_than_once(name: str) -> None:
    """What only clusters know: the interval of rows repeated thrice is that of the rows."""
    command, table = SETS[name]
    rows = len(next(iter(table.values())))
    table = {**table, "unit": np.arange(rows)}
    once = in_all(command(table, cluster="unit"))
    thrice = in_all(command(repeated(table, 3), cluster="unit"))
    assert once.keys() == thrice.keys()
    told = 0
    for key, item in once.items():
        if item.low is None or thrice[key].low is None:
            continue
        if Spec.parse(key.rpartition(" ")[-1]).name in BY_DENSITY:
            continue
        told += 1
        ends = (thrice[key].low, thrice[key].high)
        assert item.method == "cluster-robust"
        assert ends == pytest.approx((item.low, item.high), rel=1e-6, abs=1e-9), key
    assert told >= 2


def test_intervals_hold_the_true_value_with_50_clusters_where_plain_ones_do_not() -> None:
    """Samples of 50 clusters of 17 to 23 rows each, four standard errors allowed."""
    runs = 1000 if FULL else 120
    large, many = scored(999, 20_000), measured(999, 20_000)
    whole = mleval.classify(large, metrics=["accuracy", "f1", "roc_auc"], positive=1)
    true = {name: whole[name].value for name in ("accuracy", "f1", "roc_auc")}
    true["rmse"] = mleval.regress(many, metrics="rmse")["rmse"].value
    held, plain = dict.fromkeys(true, 0), dict.fromkeys(true, 0)
    for seed in range(runs):
        for count, cluster in ((held, "patient"), (plain, None)):
            found = dict(
                classified(scored(seed), ["accuracy", "f1", "roc_auc"], cluster=cluster).metrics
            )
            found |= mleval.regress(measured(seed), metrics="rmse", cluster=cluster).metrics
            for name, item in found.items():
                count[name] += item.low <= true[name] <= item.high
    allowed = 4 * math.sqrt(0.95 * 0.05 / runs)
    for name in true:
        assert 0.95 - allowed <= held[name] / runs <= 0.95 + allowed, (name, held)
        assert plain[name] / runs < 0.85, (name, plain)


def test_what_was_assumed_says_the_clusters_and_that_rows_are_kept() -> None:
    report = classified(scored(clusters=12), "accuracy")
    told = {item.what: str(item) for item in report.assumed}
    assert told["clusters"] == "clusters=12 (of patient)"
    assert told["memory"].startswith("memory=all rows")
    assert "12 clusters: under 20, intervals are approximate" in report.warnings
    assert not any("clusters" in line for line in classified(scored(), "accuracy").warnings)


def test_one_cluster_has_no_interval_and_says_why() -> None:
    table = scored(clusters=1, size=60)
    item = classified(table, "accuracy")["accuracy"]
    assert (item.low, item.no_interval) == (None, "one cluster")


def test_clusters_are_any_text_and_the_same_over_parts_and_without_data(tmp_path: Path) -> None:
    table = scored(clusters=9)
    named = {**table, "patient": [f"p {c}" for c in table["patient"]]}
    item = classified(table, "f1")["f1"]
    assert classified(named, "f1")["f1"] == item
    columns = {name: table[name] for name in ("truth", "prediction", "score")}
    alone = mleval.classify(**columns, cluster=table["patient"], metrics="f1", positive=1)
    assert alone["f1"] == item
    lines = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
    half = len(lines) // 2
    for name, some in (("a", lines[half:]), ("b", lines[:half])):
        text = "\n".join(json.dumps({k: float(v) for k, v in row.items()}) for row in some)
        (tmp_path / f"{name}.jsonl").write_text(text + "\n")
    files = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    shards = classified(files, "f1")["f1"]
    assert (shards.low, shards.high) == pytest.approx((item.low, item.high), rel=1e-12)


def test_a_row_without_a_cluster_is_refused_unless_it_does_not_count() -> None:
    table = scored(clusters=9)
    clusters: list[Any] = [str(c) for c in table["patient"]]
    clusters[4] = ""
    with pytest.raises(InputError, match="expected a cluster in every row of 'patient', found 1"):
        classified({**table, "patient": clusters}, "f1")
    truth: list[Any] = table["truth"].tolist()
    truth[4] = None
    assert classified({**table, "patient": clusters, "truth": truth}, "f1")["f1"].low is not None


def test_what_cannot_be_clustered_is_refused() -> None:
    with pytest.raises(UsageError, match="is of intervals, and none are made"):
        classified(scored(), "f1", intervals=False)
    with pytest.raises(InputError, match="has no column 'patent'"):
        classified(scored(), "f1", cluster="patent")


def labelled() -> Table:
    """Several labels a row."""
    random = np.random.default_rng(8)
    truth = random.random((120, 3)) < 0.5
    names = np.array(["a", "b", "c"])
    sides = (truth, truth ^ (random.random((120, 3)) < 0.2))
    told = [["|".join(names[row]) or "a" for row in side] for side in sides]
    return {"y_true": np.array(told[0]), "y_pred": np.array(told[1])}


@pytest.mark.parametrize("name", [*SETS, "multilabel"])
def test_slices_have_their_own_clusters(name: str) -> None:
    command, table = {**SETS, "multilabel": (mleval.classify, labelled())}[name]
    unit = np.arange(len(next(iter(table.values())))) // 2
    table = {**table, "unit": unit, "site": np.where(unit % 2, "x", "y")}
    (found,) = command(table, cluster="unit", by="site").slices
    for site in ("x", "y"):
        rows = table["site"] == site
        some = {key: column[rows] for key, column in table.items()}
        alone = command(some, cluster="unit")
        assert found[site].differences
        assert found[site].degrees == len(np.unique(some["unit"])) - 1
        for key, item in alone.metrics.items():
            mine = found[site].metrics[key]
            assert (mine.low is None) == (item.low is None)
            if item.low is not None:
                assert mine.method == "cluster-robust"
                ends = (item.value, item.low, item.high)
                assert (mine.value, mine.low, mine.high) == pytest.approx(ends, rel=1e-9), key


def test_slices_that_share_clusters_are_not_compared() -> None:
    table = scored(11)
    table["site"] = np.where(np.arange(len(table["truth"])) % 2, "x", "y")
    report = classified(table, "f1", by="site")
    assert not report.slices[0]["x"].differences
    assert any("clusters have rows in several slices" in told for told in report.warnings)


def test_holms_level_of_the_worst_slice_is_that_of_students_t() -> None:
    table = scored(3, 40)
    table["site"] = np.array(list("wxyz"))[table["patient"] % 4]
    level = 1 - 0.05 / 4
    highs = []
    for name in "wxyz":
        rows = table["site"] == name
        alone = {key: column[rows] for key, column in table.items()}
        highs.append(classified(alone, "accuracy", level=level)["accuracy"].high)
    for limit, status in ((min(highs) + 1e-9, "failed"), (min(highs) - 1e-9, "inconclusive")):
        gate = f"accuracy{{worst site}} >= {limit!r}"
        report = classified(table, "accuracy", gates=gate, decide="interval")
        assert only(report).status == status
        again = mleval.check(type(report).from_dict(report.to_dict()), gate, decide="interval")
        assert only(again) == only(report)


def test_a_paired_difference_knows_the_clusters() -> None:
    ours = scored(clusters=12)
    theirs = dict(ours)
    flipped = np.random.default_rng(8).random(len(ours["truth"])) < 0.3
    theirs["prediction"] = np.where(flipped, 1 - ours["truth"], ours["truth"])
    del ours["score"], theirs["score"]
    gate = only(
        classified(
            ours, "accuracy", gates="accuracy >= baseline", baseline=theirs, decide="interval"
        )
    )
    apart = (ours["prediction"] == ours["truth"]) * 1.0 - ~flipped
    ends = expected(apart.mean(), apart - apart.mean(), np.ones(len(apart)), ours["patient"], "")
    assert (gate.difference_low, gate.difference_high) == pytest.approx(ends, rel=1e-9)
    assert gate.paired
