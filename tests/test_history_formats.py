"""Training logs as the tools write them: what is found, paired, and where it is best."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mleval
from mleval import InputError, UsageError
from mleval.training.goals import _BY_WORD, _registered

KERAS = """\
epoch,accuracy,loss,val_accuracy,val_loss
0,0.5,1.0,0.4,1.2
1,0.7,0.7,0.6,0.9
2,0.8,0.5,0.55,1.0
"""
LIGHTNING = """\
epoch,step,train_loss_epoch,train_loss_step,val_acc,val_loss
0,49,,0.9,,
0,99,,0.7,,
0,99,,,0.5,0.85
0,99,0.8,,,
1,149,,0.6,,
1,199,,,0.6,0.65
1,199,0.55,,,
"""
TRAINER: dict[str, Any] = {
    "best_metric": 0.9,
    "epoch": 2.0,
    "global_step": 1000,
    "log_history": [
        {"epoch": 0.5, "grad_norm": 2.5, "learning_rate": 5e-5, "loss": 1.4, "step": 250},
        {"epoch": 1.0, "grad_norm": 2.1, "learning_rate": 4e-5, "loss": 1.0, "step": 500},
        {"epoch": 1.0, "eval_accuracy": 0.7, "eval_loss": 1.1, "eval_runtime": 9.0, "step": 500},
        {"epoch": 1.5, "grad_norm": 1.5, "learning_rate": 2e-5, "loss": 0.8, "step": 750},
        {"epoch": 2.0, "grad_norm": 1.1, "learning_rate": 1e-5, "loss": 0.6, "step": 1000},
        {"epoch": 2.0, "eval_accuracy": 0.8, "eval_loss": 0.9, "eval_runtime": 9.0, "step": 1000},
        {"epoch": 2.0, "step": 1000, "total_flos": 1e15, "train_loss": 0.95, "train_runtime": 60.0},
    ],
}
YOLO = """\
                  epoch,         train/box_loss,       metrics/mAP50(B),  val/box_loss,   lr/pg0
                      1,                 1.5200,                0.40110,       1.6100,  0.00333
                      2,                 1.3100,                0.52000,       1.4400,  0.00331
                      3,                 1.2200,                0.51000,       1.4800,  0.00329
"""
XGBOOST = """\
[12:00:01] WARNING: learner.cc:480: something that is no row
[0]\ttrain-rmse:0.51000\tvalid-rmse:0.62000
[10]\ttrain-rmse:0.31000\tvalid-rmse:5.5e-01
[20]\ttrain-rmse:0.21000\tvalid-rmse:0.56000
"""
_BEST = "\ttraining's l2: 0.60\ttraining's auc: 0.93\tvalid_1's l2: 0.64\tvalid_1's auc: 0.85\n"
LIGHTGBM = (
    "[LightGBM] [Info] Total Bins 6132\n"
    "Training until validation scores don't improve for 10 rounds\n"
    "[1]\ttraining's l2: 0.65\ttraining's auc: 0.9\tvalid_1's l2: 0.66\tvalid_1's auc: 0.8\n"
    f"[2]{_BEST}Did not meet early stopping. Best iteration is:\n[2]{_BEST}"
)
CV = (
    "[0]\ttrain-rmse:0.51+0.01\ttest-rmse:0.62+0.02\n"
    "[1]\ttrain-rmse:0.41+0.01\ttest-rmse:0.60+0.02\n"
)
RESULTS = {"train": {"rmse": [0.5, 0.4, 0.3]}, "valid": {"rmse": [0.6, 0.5, 0.55]}}


def written(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def found(data: Any, **options: Any) -> dict[str, Any]:
    """Curve → (training, validation, best epoch, best value)."""
    run = mleval.history(data, **options).run
    curves = {}
    for curve in run.curves:
        best = curve.judged.best
        at, value = (None, None) if best is None else (run.at(best), curve.judged.values[best])
        train, validation = (one and one.name for one in (curve.train, curve.validation))
        curves[curve.name] = (train, validation, at, value)
    return curves


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (
            "log.csv",
            KERAS,
            {
                "accuracy": ("accuracy", "val_accuracy", 1, 0.6),
                "loss": ("loss", "val_loss", 1, 0.9),
            },
        ),
        (
            "metrics.csv",
            LIGHTNING,
            {
                "acc": (None, "val_acc", 1, 0.6),
                "loss": ("train_loss_epoch", "val_loss", 1, 0.65),
            },
        ),
        (
            "trainer_state.json",
            TRAINER,
            {
                "accuracy": (None, "eval_accuracy", 2, 0.8),
                "loss": ("loss", "eval_loss", 2, 0.9),
            },
        ),
        (
            "results.csv",
            YOLO,
            {
                "mAP50(B)": (None, "metrics/mAP50(B)", 2, 0.52),
                "box_loss": ("train/box_loss", "val/box_loss", 2, 1.44),
            },
        ),
        ("xgb.log", XGBOOST, {"rmse": ("train-rmse", "valid-rmse", 10, 0.55)}),
        ("cv.txt", CV, {"rmse": ("train-rmse", "test-rmse", 1, 0.6)}),
        ("evals_result.json", RESULTS, {"rmse": ("train-rmse", "valid-rmse", 1, 0.5)}),
        (
            "history.json",
            {"loss": [0.9, 0.8], "val_loss": [1.0, 1.1]},
            {"loss": ("loss", "val_loss", 1, 1.0)},
        ),
        (
            "plain.csv",
            "training_loss;validation_loss\n1,5;1,6\n1,2;1,4\n",
            {"loss": ("training_loss", "validation_loss", 2, 1.4)},
        ),
        (
            "epochs.jsonl",
            '{"epoch": 1, "trainLoss": 2, "testLoss": 3}\n{"epoch": 2, "testLoss": 4}\n',
            {"Loss": ("trainLoss", "testLoss", 1, 3)},
        ),
    ],
)
def test_series_are_paired_by_their_names(
    tmp_path: Path, name: str, content: Any, expected: Any
) -> None:
    curves = found(written(tmp_path, name, content))
    assert {n: curve[:2] for n, curve in curves.items()} == {n: e[:2] for n, e in expected.items()}
    for key, (_, _, at, value) in expected.items():
        assert curves[key][2:] == (at, pytest.approx(value, rel=1e-15))


def test_training_between_validations_is_averaged(tmp_path: Path) -> None:
    run = mleval.history(written(tmp_path, "trainer_state.json", TRAINER)).run
    assert run.watched is not None
    assert run.watched.train is not None
    assert run.watched.train.values.tolist() == [(1.4 + 1.0) / 2, (0.8 + 0.6) / 2]
    assert any("means of the values since" in said for said in run.assumed)
    assert {one.name for one in run.series} == {"loss", "eval_loss", "eval_accuracy"}


def test_the_best_round_of_lightgbm_that_is_told_again_is_no_restart(tmp_path: Path) -> None:
    path = written(tmp_path, "lgb.log", LIGHTGBM)
    run = mleval.history(path, monitor="auc").run
    assert run.labels.tolist() == [1, 2]
    assert run.watched is not None
    assert run.watched.judged.goal == "max"


def test_a_frame_and_a_dict_are_read_too() -> None:
    import pandas as pd

    log = {"loss": [3.0, 2.0, 1.0], "val_loss": [3.0, 2.5, 2.7]}
    expected = {"loss": ("loss", "val_loss", 2, 2.5)}
    assert found(log) == found(pd.DataFrame(log)) == expected


def test_an_index_that_pandas_wrote_counts_the_epochs(tmp_path: Path) -> None:
    path = written(tmp_path, "x.csv", ",loss,val_loss\n0,3,3\n1,2,2.5\n2,1,2.7\n")
    assert found(path) == {"loss": ("loss", "val_loss", 1, 2.5)}


def test_two_sets_of_xgboost_are_paired_when_said() -> None:
    log = {"validation_0-rmse": [3, 2, 1], "validation_1-rmse": [3, 2, 2.5]}
    assert "--pair validation_0-rmse=validation_1-rmse" in mleval.history(log).run.warnings[0]
    curves = found(log, pairs={"validation_0-rmse": "validation_1-rmse"})
    assert curves == {"rmse": ("validation_0-rmse", "validation_1-rmse", 2, 2)}
    with pytest.raises(UsageError, match="--pair: there is no series 'x'"):
        found(log, pairs={"x": "validation_1-rmse"})


def test_goals_come_from_metrics_from_words_and_from_the_person() -> None:
    log = {"epoch": [1, 2], "val_f1": [0.1, 0.2], "val_top5": [0.1, 0.2], "val_sparsity": [1, 2]}
    run = mleval.history(log).run
    told = {one.metric: (one.goal, one.why) for one in run.series}
    assert told["f1"] == ("max", "by its name")
    assert told["sparsity"] == (None, "unknown")
    with pytest.raises(UsageError, match="nobody knows which way it is better"):
        mleval.history(log, monitor="val_sparsity")
    run = mleval.history(log, monitor="val_sparsity", goals={"sparsity": "max"}).run
    assert run.watched is not None
    assert run.watched.judged.best == 1
    assert "nobody knows" in mleval.history({"sparsity": [1, 2]}).run.warnings[0]


def test_words_in_names_agree_with_the_metrics_of_that_name() -> None:
    known = {word: goal for word, goal in _BY_WORD.items() if _registered(word) is not None}
    assert len(known) > 10
    assert known == {word: _registered(word) for word in known}


def test_a_history_is_read_without_pandas(tmp_path: Path) -> None:
    path = written(tmp_path, "metrics.csv", LIGHTNING)
    code = (
        "import sys; from mleval.cli.app import main; "
        f"main(['history', {str(path)!r}]); print(*sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pandas", "scipy", "sklearn"} & set(told.stdout.splitlines()[-1].split())


RESUMED = "epoch,loss\n0,5\n1,4\n2,3.5\n3,9\n2,3\n3,2\n"
AGAIN = "epoch,loss\n0,5\n1,4\n0,3\n1,2\n"


def test_a_restart_in_the_middle_replaces_what_it_goes_over(tmp_path: Path) -> None:
    run = mleval.history(written(tmp_path, "log.csv", RESUMED)).run
    assert run.labels.tolist() == [0, 1, 2, 3]
    assert run.series[0].values.tolist() == [5, 4, 3, 2]
    assert "line 6: epoch goes back from 3 to 2: taken for a restart" in " ".join(run.warnings)


def test_epochs_that_start_over_are_asked_about(tmp_path: Path) -> None:
    path = written(tmp_path, "log.csv", AGAIN)
    with pytest.raises(InputError, match="line 4: epoch goes back from 1 to 0: several runs"):
        mleval.history(path)
    assert mleval.history(path, restarts="replace").run.series[0].values.tolist() == [3, 2]
    carried = mleval.history(path, restarts="continue").run
    assert carried.labels.tolist() == [0, 1, 2, 3]
    assert carried.series[0].values.tolist() == [5, 4, 3, 2]
    several = mleval.history(path, restarts="runs")
    assert [run.series[0].values.tolist() for run in several.runs.values()] == [[5, 4], [3, 2]]


def test_runs_are_told_apart_by_a_column(tmp_path: Path) -> None:
    text = "run,epoch,val_loss\na,0,5\nb,0,4\na,1,3\nb,1,6\n"
    history = mleval.history(written(tmp_path, "log.csv", text))
    assert [run.series[0].values.tolist() for run in history.runs.values()] == [[5, 3], [4, 6]]
    assert history.best is not None
    assert history.best.endswith("run=a")
    named = mleval.history(written(tmp_path, "x.csv", text.replace("run", "who")), run="who")
    assert len(named) == 2
    with pytest.raises(InputError, match="there is no column 'x' to tell runs apart"):
        mleval.history(tmp_path / "log.csv", run="x")


def test_missing_epochs_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, "log.csv", "epoch,loss\n1,5\n2,4\n3,3\n6,2\n7,1\n")
    assert "about 2 points are missing: epoch goes from 3 to 6" in mleval.history(path).run.warnings


def test_nothing_finite_has_no_best() -> None:
    run = mleval.history({"loss": [np.nan, np.inf]}).run
    assert run.series[0].best is None
    assert run.stopping is None
    assert run.findings[0].kind == "not finite"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.csv", "", "is empty"),
        ("x.csv", "epoch,loss\n", "there is no row under the header"),
        ("x.csv", "epoch,name\n1,a\n2,b\n", "there is no series of numbers"),
        ("x.csv", "epoch,lr\n1,.1\n2,.1\n", "there is no series of numbers"),
        ("x.csv", "epoch,loss\n1,2\n2,oops\n3,1\n", "x.csv, line 3, column 'loss': expected a num"),
        ("x.csv", "epoch,loss\n1,2\n,1\n", "x.csv, line 3, column 'epoch': expected a number that"),
        ("x.csv", "epoch,val_loss\n1,2\n1,3\n", "line 3: a second value of 'val_loss' for epoch 1"),
        ("x.json", {"loss": [1, 2], "val_loss": [1]}, "the lists differ in length: loss 2"),
        ("x.json", {"loss": [1, "a"]}, 'loss, item 1: expected a number, found "a"'),
        ("x.json", {"class_name": "Sequential", "config": {}}, "the layers of a Keras model"),
        ("x.pkl", "cos\nsystem\n(S'true'\ntR.", "is a Python pickle"),
        (
            "x.log",
            "[0]\ttrain-rmse:0.5\n[1]\ttrain-rmse:0.5\toops\n",
            "line 2: expected NAME:NUMBER",
        ),
        (
            "cv.csv",
            "params,mean_test_score,rank_test_score\na,0.5,1\n",
            "its rows are candidates, not epochs",
        ),
        ("l.csv", "train_sizes,train_score\n10,1\n", "a learning curve over the rows trained on"),
    ],
)
def test_what_is_no_history_is_refused(tmp_path: Path, name: str, content: Any, told: str) -> None:
    with pytest.raises(InputError) as error:
        mleval.history(written(tmp_path, name, content))
    assert told in str(error.value)
    assert error.value.hint or "item 1" in told or "NAME:NUMBER" in told
