"""Several labels a row: scores that are missing, labels renamed, or to be read in two ways."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from command import run
from multilabel_small import (
    COUNTED,
    LETTERS,
    PREDICTION,
    ROWS,
    TRUTH,
    close,
    expected,
    lists,
    marked,
    values,
    write,
)
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    roc_auc_score,
)

import mleval
from mleval.errors import InputError

# ---------------------------------------------------------------- labels without scores

CELLS = {"label": lists(TRUTH), "pred": lists(PREDICTION)}
SCORES = {f"prob_{name}": ROWS.scores[:, k] for k, name in enumerate(LETTERS)}


@pytest.mark.parametrize("shape", ["cells", "marks"])
def test_a_true_label_without_scores_is_an_error(shape: str) -> None:
    scores = {name: cells for name, cells in SCORES.items() if name != "prob_c"}
    marks = marked("{}_true", TRUTH) | marked("{}_pred", PREDICTION)
    columns = (CELLS if shape == "cells" else marks) | scores
    with pytest.raises(InputError, match="no score column for the label 'c' of truth") as refused:
        mleval.classify(columns)
    assert "--classes a,b " in str(refused.value.hint)
    two = mleval.classify(columns, classes=["a", "b"], metrics="roc_auc", verify=True)
    auc = roc_auc_score(TRUTH[:, :2], ROWS.scores[:, :2], average="macro")
    assert two["roc_auc[macro]"].value == pytest.approx(auc, abs=1e-12)
    alone = mleval.classify(columns, metrics=[*COUNTED])
    assert close(values(alone), expected(TRUTH, PREDICTION))


def test_a_label_of_no_row_needs_no_scores() -> None:
    scores = {name: cells for name, cells in SCORES.items() if name != "prob_c"}
    truth = TRUTH * [1, 1, 0]
    report = mleval.classify({**CELLS, "label": lists(truth), **scores}, metrics="roc_auc")
    auc = roc_auc_score(truth[:, :2], ROWS.scores[:, :2], average="macro")
    assert report["roc_auc[macro]"].value == pytest.approx(auc, abs=1e-12)


@pytest.mark.parametrize("shape", ["cells", "marks"])
def test_scores_of_one_label_alone_are_not_used(shape: str) -> None:
    marks = marked("{}_true", TRUTH) | marked("{}_pred", PREDICTION)
    columns = (CELLS if shape == "cells" else marks) | {"prob_b": ROWS.scores[:, 1]}
    report = mleval.classify(columns)
    assert "roc_auc[macro]" not in report.metrics
    assert "'prob_b' is not used: the other labels have no scores" in report.warnings


def test_labels_of_scores_alone_must_all_have_them() -> None:
    scores = {name: cells for name, cells in SCORES.items() if name != "prob_c"}
    with pytest.raises(InputError, match="no score column for the label 'c' of truth"):
        mleval.classify({"label": CELLS["label"], **scores}, metrics="f1")


@pytest.mark.parametrize("threshold", [None, 60])
def test_percentages_predict_labels(threshold: float | None) -> None:
    columns = marked("{}_true", TRUTH) | marked("{}_proba", 100 * ROWS.scores)
    report = mleval.classify(
        columns, threshold=threshold, score_scale="percent", metrics=[*COUNTED], verify=True
    )
    cut = 0.6 if threshold else 0.5
    assert close(values(report), expected(TRUTH, ROWS.scores >= cut))


# ---------------------------------------------------------------- labels renamed


@pytest.mark.parametrize("shape", ["cells", "marks"])
def test_two_labels_may_become_one(shape: str) -> None:
    marks = marked("{}_true", TRUTH) | marked("{}_pred", PREDICTION)
    columns = CELLS if shape == "cells" else marks
    report = mleval.classify(columns, map={"b": "a"}, metrics=[*COUNTED], verify=True)
    pair = (np.column_stack([t[:, 0] | t[:, 1], t[:, 2]]) for t in (TRUTH, PREDICTION))
    assert close(values(report), expected(*pair))
    assert report.provenance["labels"] == ["a", "c"]


@pytest.mark.parametrize("shape", ["cells", "marks"])
@pytest.mark.parametrize("new", [{"b": "a"}, {"a": "c", "b": "c"}])
def test_two_labels_with_scores_may_not(shape: str, new: dict[str, str]) -> None:
    marks = marked("{}_true", TRUTH) | marked("{}_pred", PREDICTION)
    columns = (CELLS if shape == "cells" else marks) | SCORES
    with pytest.raises(InputError, match="--map makes one label of two: 'prob_"):
        mleval.classify(columns, map=new)
    assert mleval.classify(columns, map=new, metrics="f1").task == "multilabel"


def test_labels_that_change_places_take_their_scores_along() -> None:
    report = mleval.classify(
        CELLS | SCORES, map={"a": "b", "b": "a"}, metrics=["roc_auc[class=a]", "f1[class=a]"]
    )
    auc = roc_auc_score(TRUTH[:, 1], ROWS.scores[:, 1])
    assert report["roc_auc[class=a]"].value == pytest.approx(auc, abs=1e-12)
    f1 = f1_score(TRUTH[:, 1], PREDICTION[:, 1])
    assert report["f1[class=a]"].value == pytest.approx(f1, abs=1e-12)


@pytest.mark.parametrize("shape", ["cells", "marks"])
def test_a_label_that_is_nowhere_cannot_be_renamed(shape: str) -> None:
    marks = marked("{}_true", TRUTH) | marked("{}_pred", PREDICTION)
    with pytest.raises(InputError, match="--map: there is no label 'zzz'; there are a, b, c"):
        mleval.classify(CELLS if shape == "cells" else marks, map={"zzz": "a"})


# ---------------------------------------------------------------- one label or several


ORDERED = {
    "pairs": ["en|de", "de|en", "en|fr", "fr|en", "de|fr", "fr|de"],
    "a grid": ["1 1", "1 2", "1 3", "2 1", "2 2", "2 3", "3 1", "3 2", "3 3"],
}


@pytest.mark.parametrize("how", ORDERED)
def test_ordered_labels_are_refused_until_it_is_said_what_they_are(how: str) -> None:
    cells = ORDERED[how] * 3
    turned = [cell[::-1] if how == "a grid" else "|".join(cell.split("|")[::-1]) for cell in cells]
    columns = {"label": cells, "pred": turned}
    with pytest.raises(InputError, match="may be several labels in no order, or one") as refused:
        mleval.classify(columns)
    assert "--task multilabel" in str(refused.value.hint)
    one = mleval.classify(columns, task="multiclass", metrics="accuracy")
    assert one["accuracy"].value == accuracy_score(cells, turned)
    several = mleval.classify(columns, task="multilabel", metrics="subset_accuracy")
    assert several["subset_accuracy"].value == 1


def test_labels_that_only_later_rows_separate_are_refused() -> None:
    cells = ["a", "b"] * 600 + ["a|b"] * 200
    columns = {"label": cells, "pred": cells}
    with pytest.raises(InputError, match=r"labels such as 'a\|b' may be several between '\|'"):
        mleval.classify(columns)
    assert mleval.classify(columns, task="multiclass")["accuracy"].value == 1
    several = mleval.classify(columns, task="multilabel", label_sep="|")
    assert several.provenance["labels"] == ["a", "b"]


def test_strict_does_not_guess_what_separates(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", {"label": ["a|b", "b", "a"], "pred": ["a|b", "b", "b"]})
    refused = run("classify", str(path), "--strict")
    assert refused.status == 3
    assert "--label-sep '|'" in refused.stderr
    assert run("classify", str(path), "--strict", "--label-sep", "|").status == 0
    listed = {"label": [["a", "b"], ["b"]], "pred": [["a"], ["b"]]}
    assert mleval.classify(listed, strict=True).task == "multilabel"


# ---------------------------------------------------------------- numbers as labels


def test_numbers_are_compared_as_numbers() -> None:
    truth = ["1|2", "2", "3|1"] * 20
    prediction = ["1.0|2.0", "2.0", "3.0|2"] * 20
    report = mleval.classify({"label": truth, "pred": prediction}, metrics=[*COUNTED], verify=True)
    tables = (
        np.array([[1, 1, 0], [0, 1, 0], [1, 0, 1]]),
        np.array([[1, 1, 0], [0, 1, 0], [0, 1, 1]]),
    )
    assert close(values(report), expected(*(np.tile(t, (20, 1)) for t in tables)))
    assert report.provenance["labels"] == ["1", "2", "3"]
    assert any("compared as numbers: 1 = 1.0" in text for text in report.warnings)
    with pytest.raises(InputError, match="--strict: labels are compared as numbers"):
        mleval.classify({"label": truth, "pred": prediction}, strict=True, label_sep="|")
    said = mleval.classify(
        {"label": truth, "pred": prediction}, map={"1.0": "1", "2.0": "2", "3.0": "3"}
    )
    assert said["f1[micro]"].value == report["f1[micro]"].value


def test_numbers_that_only_later_rows_spell_otherwise_are_refused() -> None:
    truth, prediction = ["1|2", "2", "1"] * 400, ["1|2", "2", "1"] * 350 + ["1.0|2", "2", "1"] * 50
    with pytest.raises(InputError, match=r"labels in several ways: 1 = 1\.0") as refused:
        mleval.classify({"label": truth, "pred": prediction})
    assert "--map 1.0=1" in str(refused.value.hint)
    said = mleval.classify({"label": truth, "pred": prediction}, map={"1.0": "1"})
    assert said["subset_accuracy"].value == 1


def test_zeros_in_front_are_no_spelling_of_a_number() -> None:
    truth, prediction = ["7|1", "007", "1"] * 9, ["007|1", "007", "1"] * 9
    report = mleval.classify({"label": truth, "pred": prediction}, metrics="subset_accuracy")
    assert report["subset_accuracy"].value == pytest.approx(2 / 3, abs=1e-12)
