"""Metrics of an installed package: found by name, with their interval, and never by default."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from mleval import registry
from mleval.readable import require_readable
from mleval.states import Confusion, Means, Ordered

METRICS = """
import numpy as np

import mleval
from mleval.registry import Component
from mleval.states import Confusion, Means


@mleval.metric(
    "lucky_share",
    title="Lucky share",
    tasks=("binary", "multiclass"),
    state=Confusion,
    goal="max",
    range=(0, 1),
    formula="hits / rows",
    source="the test",
    use="never",
    beware="of everything",
    default=True,
)
def lucky_share(counts):
    return counts.diagonal.sum() / counts.total


@mleval.metric(
    "quartic",
    title="Mean quartic error",
    tasks=("regress",),
    state=Means,
    goal="min",
    range=(0, float("inf")),
    formula="mean of (prediction - truth)^4",
    source="the test",
    use="never",
    beware="of everything",
    components=lambda: (Component("quartic", lambda rows: rows.error**4),),
)
def quartic(mean):
    return mean["quartic"]
"""


def _installed(folder: Path, name: str, code: str) -> Path:
    """A package of one module and its entry point, as pip installs it from a wheel."""
    about = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": code,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
        f"{about}/entry_points.txt": f"[mleval.metrics]\n{name} = {name}\n",
    }
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
        record = "".join(f"{path},,\n" for path in (*files, f"{about}/RECORD"))
        archive.writestr(f"{about}/RECORD", record)
    target = folder / "site"
    command = ["install", "--quiet", "--no-index", "--no-deps", "--target", str(target), str(wheel)]
    subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *command],
        check=True,
        capture_output=True,
    )
    return target


def _run(site: Path, *args: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(site), *sys.path])
    return subprocess.run(
        [sys.executable, "-m", "mleval", *args],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": path},
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _installed(tmp_path_factory.mktemp("plugin"), "lucky_metrics", METRICS)


def test_a_metric_of_an_installed_package_is_found_by_name(site: Path, tmp_path: Path) -> None:
    table = tmp_path / "p.csv"
    table.write_text("label,pred\na,a\nb,a\nb,b\na,a\n")
    done = _run(site, "classify", str(table), "-m", "lucky_share", "-m", "accuracy", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["metrics"]
    assert found["lucky_share"]["value"] == found["accuracy"]["value"] == 0.75
    assert found["lucky_share"]["low"] < 0.75 < found["lucky_share"]["high"]
    assert found["lucky_share"]["method"] == "delta"


def test_a_metric_on_means_has_its_interval_for_nothing(site: Path, tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    truth, error = random.normal(size=400), random.normal(size=400)
    table = tmp_path / "p.csv"
    rows = "\n".join(
        f"{t!r},{t + e!r}" for t, e in zip(truth.tolist(), error.tolist(), strict=True)
    )
    table.write_text(f"y_true,y_pred\n{rows}\n")
    done = _run(site, "regress", str(table), "-m", "quartic", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["metrics"]["quartic"]
    quartic = ((truth + error) - truth) ** 4
    assert found["value"] == pytest.approx(quartic.mean(), rel=1e-12)
    assert found["low"] < quartic.mean() < found["high"]


def test_it_is_listed_and_has_a_card(site: Path) -> None:
    assert "lucky_share" in _run(site, "metrics").stdout
    assert "Mean quartic error" in _run(site, "metrics", "quartic").stdout


def test_a_default_report_has_none_of_them(site: Path, tmp_path: Path) -> None:
    table = tmp_path / "p.csv"
    table.write_text("label,pred\na,a\nb,a\nb,b\na,a\n")
    plain = json.loads(_run(site, "classify", str(table), "--json").stdout)["metrics"]
    assert "lucky_share" not in plain
    every = _run(site, "classify", str(table), "--json", "-m", "all")
    assert "lucky_share" in json.loads(every.stdout)["metrics"]


def test_verify_says_that_it_has_no_reference(site: Path, tmp_path: Path) -> None:
    table = tmp_path / "p.csv"
    table.write_text("label,pred\na,a\nb,a\nb,b\na,a\n")
    done = _run(site, "classify", str(table), "-m", "lucky_share", "--verify")
    assert done.returncode == 0, done.stderr
    assert "no reference" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError"),
        (METRICS.replace('"lucky_share"', '"accuracy"'), "two binary metrics are called accuracy"),
        (METRICS.replace("state=Confusion", "state=dict"), "lucky_share: a binary metric reads"),
    ],
    ids=["a module that is not there", "a name that is taken", "a state that is not kept"],
)
def test_a_package_that_cannot_be_loaded_is_named(tmp_path: Path, code: str, said: str) -> None:
    broken = _installed(tmp_path, "broken_metrics", code)
    table = tmp_path / "p.csv"
    table.write_text("label,pred\na,a\nb,a\n")
    assert _run(broken, "classify", str(table)).returncode == 0
    done = _run(broken, "classify", str(table), "-m", "lucky_share")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the metrics of the package broken_metrics" in done.stderr
    assert said in done.stderr
    assert "hint: update broken_metrics, or uninstall it" in done.stderr


def test_nothing_stays_of_a_package_that_fails_half_way(tmp_path: Path) -> None:
    half = _installed(tmp_path, "half_metrics", METRICS + "\nimport nothing_of_that_name\n")
    code = """
import mleval
from mleval.errors import UsageError
from mleval.registry import registered
for _ in range(2):
    try:
        mleval.classify(truth=["a", "b"], prediction=["a", "a"], metrics="lucky_share")
    except UsageError as error:
        print(error, registered("lucky_share", "binary"), registered("f1", "binary").name)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(half), *sys.path])},
    )
    first, second = done.stdout.splitlines()
    assert first == second
    assert first.startswith("the metrics of the package half_metrics (half_metrics) cannot be")
    assert first.endswith("ModuleNotFoundError: No module named 'nothing_of_that_name' None f1")


@pytest.mark.parametrize(
    ("task", "state", "message"),
    [
        ("regress", Confusion, "x: a regress metric reads Means, Ordered, Kept, not Confusion"),
        ("multilabel", Means, "x: a multilabel metric reads Confusion, ScoreTable, not Means"),
        ("perplexity", Confusion, "x: a perplexity metric reads Means, not Confusion"),
        ("regress", Means, "x: a metric on Means declares its components"),
        ("regress", Ordered, "x: a metric on Ordered declares share, or no_interval"),
    ],
)
def test_what_no_task_could_read_is_not_registered(task: str, state: type, message: str) -> None:
    about = dict.fromkeys(("title", "formula", "source", "use", "beware"), "x")
    with pytest.raises(ValueError, match=message):
        registry.metric("x", tasks=(task,), state=state, goal="min", range=(0, 1), **about)(len)
    assert registry.registered("x", task) is None


def test_without_interval_a_metric_on_sorted_errors_needs_no_share() -> None:
    about = dict.fromkeys(("title", "formula", "source", "use", "beware"), "x")
    quantile = registry.Metric(
        name="x",
        function=len,
        tasks=("regress",),
        state=Ordered,
        goal="min",
        range=(0, 1),
        no_interval="none is known",
        **about,
    )
    require_readable(quantile)
