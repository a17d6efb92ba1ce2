"""`mleval inspect` of pairs, soft labels and forecasts: which command, and of which columns."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import run
from test_cli_inspect import commanded, inspected

SOFT = "prob_cat,prob_dog,true_cat,true_dog\n.8,.2,.75,.25\n.3,.7,.4,.6\n.5,.5,1,0\n"
FORECASTS = "y_true,y_pred,std,lo,hi,q10,q90\n1.5,2,.5,1,3,1,3\n2.5,2,.5,1,3,1,3\n4,3,1,1,5,1,5\n"


def roles(found: dict[str, Any]) -> dict[str, str]:
    return {role["role"]: role["column"] for role in found["roles"]}


def of_columns(found: dict[str, Any]) -> dict[str, str | None]:
    return {column["name"]: column["role"] for column in found["columns"]}


def file_of(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_distances_and_what_says_which_pairs_are_the_same(tmp_path: Path) -> None:
    path = file_of(tmp_path / "p.csv", "id,is_match,dist\n1,1,0.5\n2,0,1.5\n3,1,0.75\n")
    found = inspected(path)
    assert commanded(found) == "pairs"
    assert found["command"] == f"mleval pairs {path} --same is_match --distances dist"
    assert roles(found) == {"same": "is_match", "distance": "dist", "id": "id"}
    assert of_columns(found) == {"id": "id", "is_match": "same", "dist": "distance"}
    assert found["roles"][0]["why"] == "named like what says which pairs are the same"
    other = file_of(tmp_path / "d.csv", "different,d\n1,0.5\n0,1.5\n")
    assert roles(inspected(other)) == {"dissimilar": "different", "distance": "d"}
    assert commanded(inspected(other)) == "pairs"


def test_distances_of_triplets(tmp_path: Path) -> None:
    path = file_of(tmp_path / "p.csv", "d_ap,d_an\n0.5,1.5\n1.25,1\n")
    found = inspected(path)
    assert roles(found) == {"negative distance": "d_an", "distance": "d_ap"}
    assert commanded(found) == "pairs"


def test_vectors_in_lists_are_no_probabilities(tmp_path: Path) -> None:
    rows = [{"emb1": [i, 1.5], "emb2": [2, i], "label": i % 2} for i in range(4)]
    path = file_of(tmp_path / "p.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    unsaid = inspected(path)
    assert "'label' may say of pairs that they are the same" in unsaid["refusal"]
    assert "--same label" in unsaid["hint"]
    found = inspected(path, "--same", "label")
    assert roles(found) == {"same": "label", "a": "emb1", "b": "emb2"}
    assert [role["why"] for role in found["roles"]] == [
        "as given",
        "named like the vector a; lists of 2 numbers",
        "named like the vector b; lists of 2 numbers",
    ]
    assert commanded(found) == "pairs"


def test_vectors_of_a_column_a_number(tmp_path: Path) -> None:
    head = "anchor_0,anchor_1,positive_0,positive_1,label\n"
    path = file_of(tmp_path / "p.csv", head + "1,2,3,4.5,1\n0,1.5,1,2,0\n")
    assert "--same label" in inspected(path)["hint"]
    found = inspected(path, "--dissimilar", "label", "--distance", "cosine")
    assert roles(found) == {
        "dissimilar": "label", "a": "anchor_0, anchor_1", "b": "positive_0, positive_1",
    }  # fmt: skip
    assert of_columns(found)["positive_1"] == "b"
    assert found["roles"][1]["why"] == "2 columns, one a number of the vector"
    assert shlex.split(found["command"])[3:] == ["--dissimilar", "label", "--distance", "cosine"]
    assert commanded(found) == "pairs"
    named = inspected(path, "--same", "label", "--a", "positive", "--b", "anchor")
    assert shlex.split(named["command"])[3:] == [
        "--same", "label", "--a", "positive", "--b", "anchor",
    ]  # fmt: skip
    assert commanded(named) == "pairs"


def test_distances_beside_labels_that_could_mean_either(tmp_path: Path) -> None:
    path = file_of(tmp_path / "p.csv", "distance,label\n0.5,1\n1.5,0\n")
    found = inspected(path)
    assert found["command"] is None
    assert found["hint"] == "say which: --same label when 1 is the same, else --dissimilar label"
    labels = file_of(tmp_path / "t.csv", "same\n1\n0\n")
    distances = file_of(tmp_path / "d.csv", "distance\n0.5\n1.5\n")
    assert commanded(inspected(distances, "--truth-file", str(labels))) == "pairs"


@pytest.mark.parametrize("flags", [(), ("--truth-proba", "true_")])
def test_soft_labels(tmp_path: Path, flags: tuple[str, ...]) -> None:
    path = file_of(tmp_path / "p.csv", SOFT)
    found = inspected(path, *flags)
    assert roles(found) == {
        "true probability": "true_cat, true_dog", "probability": "prob_cat, prob_dog",
    }  # fmt: skip
    assert of_columns(found)["true_cat"] == "true probability of cat"
    assert found["roles"][0]["why"] == "named true_…: 2 columns, one a class: cat, dog"
    assert found["command"] == f"mleval classify {path} --truth-proba true_"
    assert commanded(found) == "classify"


def test_soft_labels_beside_predictions_of_the_same_classes(tmp_path: Path) -> None:
    path = file_of(tmp_path / "p.csv", SOFT.replace("prob_", "pred_"))
    found = inspected(path)
    assert found["command"] == f"mleval classify {path} --proba pred_ --truth-proba true_"
    assert commanded(found) == "classify"


@pytest.mark.parametrize("cells", ["1,0", ".8,.3"])
def test_what_is_0_and_1_or_does_not_add_up_is_no_soft_label(tmp_path: Path, cells: str) -> None:
    path = file_of(tmp_path / "p.csv", f"pred_cat,pred_dog,true_cat,true_dog\n.8,.2,{cells}\n" * 2)
    assert "true probability" not in roles(inspected(path))


def test_intervals_quantiles_and_deviations(tmp_path: Path) -> None:
    path = file_of(tmp_path / "p.csv", FORECASTS)
    found = inspected(path, "--lower", "lo", "--upper", "hi", "--quantiles", "q")
    assert roles(found) == {
        "truth": "y_true", "prediction": "y_pred", "lower": "lo", "upper": "hi", "std": "std",
        "quantiles": "q10, q90",
    }  # fmt: skip
    assert of_columns(found)["q10"] == "quantile 0.1"
    assert shlex.split(found["command"])[-2:] == ["--quantiles", "q"]
    assert commanded(found) == "regress"


def test_whole_numbers_are_for_regress_when_classify_refuses_them(tmp_path: Path) -> None:
    path = file_of(tmp_path / "p.csv", "sales,predicted_sales,lower,upper\n1,2,0,4\n5,7,3,9\n")
    assert commanded(inspected(path, "--lower", "lower", "--upper", "upper")) == "regress"


def test_a_matrix_may_be_one_side_of_the_pairs(tmp_path: Path) -> None:
    path = tmp_path / "A.npy"
    np.save(path, np.arange(12.0).reshape(3, 4) / 8)
    hint = inspected(path)["hint"]
    assert "--truth 0 --pred 1" in hint
    assert f"mleval pairs --a {path} --b OTHER.npy --labels FILE" in hint


def test_flags_of_two_commands_are_refused(tmp_path: Path) -> None:
    path = file_of(tmp_path / "p.csv", FORECASTS)
    result = run("inspect", str(path), "--same", "a", "--proba", "b")
    assert result.status == 2
    assert "no command has all of --proba, --same" in result.stderr
