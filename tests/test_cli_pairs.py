"""`mleval pairs`: what reaches the evaluation, the whole command on files, and Python beside it."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command import run
from scipy.spatial import distance as scipy_distance
from sklearn.metrics import roc_auc_score

import mleval
from mleval.options import PairsOptions
from mleval.reading import Matrices
from mleval.report import Report
from mleval.spec import Spec

SAMPLES = Path(__file__).parent.parent / "sample_data"
PAIRS = SAMPLES / "digit_pairs.csv"
TRIPLETS = SAMPLES / "digit_triplets.jsonl"


def report(*args: str) -> dict[str, Any]:
    result = run("pairs", *args, "--json", "-q")
    assert (result.status, result.stderr) == (0, "")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def values(*args: str) -> dict[str, float]:
    return {spec: item["value"] for spec, item in report(*args)["metrics"].items()}


@pytest.fixture
def vectors(tmp_path: Path) -> dict[str, Any]:
    """Anchors, positives and negatives of five numbers, and which pairs are the same."""
    random = np.random.default_rng(4)
    a = random.normal(size=(60, 5))
    made = {
        "a": a,
        "b": a + random.normal(0, 0.8, a.shape),
        "negative": random.normal(size=a.shape),
        "same": random.integers(0, 2, 60),
    }
    for name, array in made.items():
        np.save(tmp_path / f"{name}.npy", array)
    return made


def matrices(folder: Path, *roles: str) -> list[str]:
    return [word for role in roles for word in (f"--{role}", str(folder / f"{role}.npy"))]


def test_every_flag_reaches_the_evaluation(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def evaluate(data: object, options: PairsOptions, **others: object) -> SimpleNamespace:
        asked.append(SimpleNamespace(data=data, options=options, **others))
        return SimpleNamespace(report=Report(task="pairs", inputs=("x.csv",)))

    stand_in = ModuleType("mleval.evaluation.run")
    stand_in.evaluate = evaluate
    monkeypatch.setitem(sys.modules, "mleval.evaluation.run", stand_in)
    line = "x.csv --same s --a u --b v --negative n --distance minkowski --p 3 --missing drop"
    assert run("pairs", *line.split(), "-m", "eer", "--labels", "l.csv").status == 0
    by_column = "y.csv --dissimilar s --distances d --negative-distances e"
    assert run("pairs", *by_column.split()).status == 0
    of_matrices = "l.npy --a A.npy --b B.npy --distance cosine"
    assert run("pairs", *of_matrices.split()).status == 0
    assert asked[0].data == ["x.csv"]
    assert asked[0].options == PairsOptions(
        same="s",
        a="u",
        b="v",
        negative="n",
        distance="minkowski",
        p=3,
        missing="drop",
        metrics=(Spec("eer"),),
        truth_file="l.csv",
    )
    assert asked[1].options == PairsOptions(dissimilar="s", distances="d", negative_distances="e")
    assert asked[2].data == Matrices({"a": "A.npy", "b": "B.npy"})
    assert asked[2].options == PairsOptions(distance="cosine", truth_file="l.npy")


def test_distances_from_beginning_to_end() -> None:
    table, found = pd.read_csv(PAIRS), values(str(PAIRS))
    same, distance = table["same"] > 0, table["distance"]
    loss = np.where(same, distance**2, np.maximum(0, 1 - distance) ** 2).mean()
    assert found["contrastive_loss"] == pytest.approx(loss, rel=1e-12)
    assert found["roc_auc"] == pytest.approx(roc_auc_score(same, -distance), rel=1e-12)


def test_the_threshold_of_the_eer_is_a_distance_at_which_both_errors_are_alike() -> None:
    table = pd.read_csv(PAIRS)
    estimate = report(str(PAIRS), "-m", "eer")["metrics"]["eer"]
    taken = table["distance"] <= estimate["threshold"]
    same = table["same"] > 0
    errors = (taken[~same].mean(), (~taken[same]).mean())
    one = 1 / min(same.sum(), (~same).sum())
    assert errors == pytest.approx((estimate["value"],) * 2, abs=one)


@pytest.mark.parametrize(
    ("flags", "function"),
    [
        ((), scipy_distance.euclidean),
        (("--distance", "cosine"), scipy_distance.cosine),
        (("--distance", "manhattan"), scipy_distance.cityblock),
        (("--p", "3"), lambda u, v: scipy_distance.minkowski(u, v, 3)),
    ],
)
def test_matrices_of_triplets_and_labels(
    vectors: dict[str, Any], tmp_path: Path, flags: tuple[str, ...], function: Any
) -> None:
    near = np.array([function(*pair) for pair in zip(vectors["a"], vectors["b"], strict=True)])
    far = np.array(
        [function(*pair) for pair in zip(vectors["a"], vectors["negative"], strict=True)]
    )
    found = values(
        str(tmp_path / "same.npy"),
        *matrices(tmp_path, "a", "b", "negative"),
        *("--same", "0", *flags),
    )
    assert found["roc_auc"] == pytest.approx(roc_auc_score(vectors["same"], -near), rel=1e-12)
    assert found["triplet_accuracy"] == pytest.approx((near < far).mean(), rel=1e-12)
    loss = np.maximum(near - far + 1, 0).mean()
    assert found["triplet_loss"] == pytest.approx(loss, rel=1e-12)
    contrast = np.where(vectors["same"] > 0, near**2, np.maximum(1 - near, 0) ** 2).mean()
    assert found["contrastive_loss"] == pytest.approx(contrast, rel=1e-12)


def test_every_layout_of_vectors_gives_the_same_numbers(
    vectors: dict[str, Any], tmp_path: Path
) -> None:
    labels = pd.DataFrame({"same": vectors["same"]})
    labels.to_csv(tmp_path / "labels.csv", index=False)
    sides = ("a", "b", "negative")
    lists = labels.assign(**{side: vectors[side].tolist() for side in sides})
    lists.to_parquet(tmp_path / "lists.parquet")
    lists.to_json(tmp_path / "lists.jsonl", orient="records", lines=True, double_precision=15)
    text = lists.assign(**{side: lists[side].map(json.dumps) for side in sides})
    text.to_csv(tmp_path / "lists.csv", index=False)
    columns = {f"{side}_{k}": vectors[side][:, k] for side in sides for k in range(5)}
    labels.assign(**columns).to_csv(tmp_path / "columns.csv", index=False)
    np.save(tmp_path / "a.npy", np.asfortranarray(vectors["a"]))  # by columns
    expected = values(*matrices(tmp_path, *sides), "--labels", str(tmp_path / "labels.csv"))
    assert len(expected) == 5
    for name in ("lists.parquet", "lists.jsonl", "lists.csv", "columns.csv"):
        assert values(str(tmp_path / name)) == pytest.approx(expected, rel=1e-12)
    arrays = mleval.pairs(**vectors)
    assert {k: m.value for k, m in arrays.metrics.items()} == pytest.approx(expected, rel=1e-12)
    frame = mleval.pairs(lists, verify=True)
    assert {k: m.value for k, m in frame.metrics.items()} == pytest.approx(expected, rel=1e-12)


def test_matrices_are_named_in_python_as_on_the_command_line(
    vectors: dict[str, Any], tmp_path: Path
) -> None:
    paths = {side: str(tmp_path / f"{side}.npy") for side in ("a", "b")}
    by_name = mleval.pairs(str(tmp_path / "same.npy"), **paths, same="0", verify=True)
    beside = mleval.pairs(**paths, truth_file={"same": vectors["same"]}, strict=True)
    plain = mleval.pairs(a=vectors["a"], b=vectors["b"], same=vectors["same"])
    assert by_name.metrics == beside.metrics == plain.metrics


def test_float32_matrices_are_counted_in_float64(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    a, b, n = (random.normal(size=(50, 8)).astype(np.float32) for _ in range(3))
    near, far = (np.linalg.norm(a.astype(float) - x.astype(float), axis=1) for x in (b, n))
    found = mleval.pairs(a=a, b=b, negative=n)["triplet_loss"].value
    assert found == pytest.approx(np.maximum(near - far + 1, 0).mean(), rel=1e-12)


def test_same_and_dissimilar_are_complements() -> None:
    distances, same = [0.1, 0.9, 0.4, 0.7], [1, 0, 0, 1]
    one = mleval.pairs(distances=distances, same=same)
    other = mleval.pairs(distances=distances, dissimilar=[1 - x for x in same])
    assert one.metrics == other.metrics


def test_weights_count_pairs() -> None:
    once = mleval.pairs(distances=[0.1, 0.9, 0.9, 0.4, 0.7], same=[1, 0, 0, 0, 1])
    weighted = mleval.pairs(distances=[0.1, 0.9, 0.4, 0.7], same=[1, 0, 0, 1], weight=[1, 2, 1, 1])
    assert {k: m.value for k, m in weighted.metrics.items()} == pytest.approx(
        {k: m.value for k, m in once.metrics.items()}
    )


@pytest.mark.parametrize("file", [PAIRS, TRIPLETS], ids=["pairs", "triplets"])
def test_the_samples_are_verified(file: Path) -> None:
    result = run("pairs", str(file), "--verify")
    assert result.status == 0
    assert "numbers agree with the references" in result.stdout


@pytest.mark.parametrize("measure", ["euclidean", "cosine", "manhattan", "minkowski"])
def test_ties_are_ties_in_verification_too(measure: Any) -> None:
    random = np.random.default_rng(1)
    a, b = random.integers(0, 2, (2, 300, 6)) + np.array([0, 0, 0, 0, 0, 1])
    assert mleval.pairs(a=a, b=b, same=random.integers(0, 2, 300), distance=measure, verify=True)


def test_the_signature_says_how_vectors_were_compared() -> None:
    of_distances = report(str(PAIRS))["signature"]
    assert (of_distances["distance"], of_distances["p"]) == (None, None)
    of_vectors = report(str(TRIPLETS), "--p", "3")["signature"]
    assert (of_vectors["distance"], of_vectors["p"]) == ("minkowski", 3)


def test_the_largest_difference_is_minkowski_with_p_infinite(vectors: dict[str, Any]) -> None:
    pairs = zip(vectors["a"], vectors["b"], strict=True)
    distance = np.array([scipy_distance.chebyshev(*pair) for pair in pairs])
    found = mleval.pairs(a=vectors["a"], b=vectors["b"], same=vectors["same"], p=math.inf)
    assert found["roc_auc"].value == pytest.approx(roc_auc_score(vectors["same"], -distance))
    assert found.signature["p"] == "inf"


def test_similarities_in_place_of_distances_are_noticed() -> None:
    distances = np.linspace(0, 1, 60)
    found = mleval.pairs(distances=distances, same=distances > 0.5)
    assert any("similarities, not distances" in warning for warning in found.warnings)


def test_pairs_of_one_kind_alone_have_no_roc() -> None:
    found = mleval.pairs(distances=[0.1, 0.5], same=[1, 1])
    assert found["roc_auc"].value is None
    assert "all pairs are the same" in found.warnings
    assert math.isclose(found["contrastive_loss"].value or 0, 0.13)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("x.csv --same s --dissimilar t", "--same and --dissimilar are two ways"),
        ("x.csv --a u", "--a and --b are the two vectors of a pair, and one is named"),
        ("x.csv --distances d --distance cosine", "both are asked for"),
        ("x.csv --distance cosine --p 3", "--p is an exponent of minkowski"),
        ("x.csv --p 0.5", "--p is at least 1, not 0.5"),
        ("--a A.npy --b u", "nothing but matrices"),
        ("--a A.npy", "both a and b are needed"),
        ("x.csv --a A.npy --b B.npy --labels y.csv", "two tables of labels"),
        ("", "there is nothing to evaluate"),
        ("x.csv -m accuracy", "not a pairs one"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(line: str, message: str) -> None:
    result = run("pairs", *line.split())
    assert result.status == 2
    assert message in " ".join(result.stderr.split())


def test_derived_metrics_of_one_state_have_an_interval() -> None:
    found = report(str(TRIPLETS), "-m", "x = 2 * triplet_loss", "-m", "triplet_loss")["metrics"]
    x, loss = found["x"], found["triplet_loss"]
    assert x["value"] == 2 * loss["value"]
    assert x["low"] < x["value"] < x["high"]
    both = report(str(PAIRS), "-m", "y = roc_auc - eer", "-m", "roc_auc", "-m", "eer")["metrics"]
    assert both["y"]["value"] == both["roc_auc"]["value"] - both["eer"]["value"]
    assert both["y"]["low"] < both["y"]["value"] < both["y"]["high"]


def test_metrics_of_pairs_are_listed_and_explained() -> None:
    listed = run("metrics", "--task", "pairs")
    assert listed.status == 0
    names = ["roc_auc", "eer", "contrastive_loss", "triplet_loss", "triplet_accuracy"]
    assert [line.split()[0] for line in listed.stdout.splitlines()[1:] if line[0] != " "] == names
    card = run("metrics", "triplet_loss").stdout
    assert "max(0, d(a, p) − d(a, n) + margin)" in card
    assert "negative distance (--negative-distances)" in card
