"""`mleval inspect`: what it says of a file that can be evaluated, and of one that cannot."""

from __future__ import annotations

import gzip
import json
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import run

SAMPLES = Path(__file__).parent.parent / "sample_data"


def inspected(path: object, *flags: str) -> dict[str, Any]:
    result = run("inspect", str(path), "--json", *flags)
    assert result.status == 0, result.stderr
    return json.loads(result.stdout)


def test_the_table(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("id;y_true;y_pred;prob_1\n1;1;0;0.25\n2;0;;1\n")
    result = run("inspect", str(path), COLUMNS="300")
    assert result.status == 0
    assert result.stdout.replace(str(path), "p.csv") == (
        "p.csv  CSV · UTF-8 · semicolon between cells · 4 columns · 2 rows\n"
        "\n"
        "column  type     missing  distinct  role        examples\n"
        "id      integer        0         2  id          1, 2\n"
        "y_true  integer        0         2  truth       1, 0\n"
        "y_pred  integer        1         1  prediction  0\n"
        "prob_1  number         0         2  score       0.25, 1\n"
        "\n"
        "role        column  why\n"
        "truth       y_true  named like a truth\n"
        "prediction  y_pred  named like a prediction\n"
        "score       prob_1  named like a probability of the class 1\n"
        "id          id      named like an id\n"
        "\n"
        "evaluate it: mleval classify p.csv --truth y_true --pred y_pred --score prob_1\n"
    )


def commanded(found: dict[str, Any]) -> str:
    """The name of the command it gives, once that has run."""
    assert found["refusal"] is None
    program, name, *words = shlex.split(found["command"])
    assert program == "mleval"
    result = run(name, *words, "--json")
    assert result.status == 0, result.stderr
    return name


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("cancer.csv", "classify"),
        ("diabetes.csv", "regress"),
        ("digit_pairs.csv", "pairs"),
        ("digit_triplets.jsonl", "pairs"),
        ("digits.csv", "classify"),
        ("even.csv", "classify"),
        ("fitness.csv", "regress"),
        ("forecasts.csv", "regress"),
        ("harbour.jsonl", "perplexity"),
        ("oversampled.csv", "classify"),
        ("progression.parquet", "classify"),
        ("traits.csv", "classify"),
        ("wine.jsonl", "classify"),
    ],
)
def test_the_command_it_gives_runs(name: str, command: str) -> None:
    found = inspected(SAMPLES / name)
    assert found["schema"] == "mleval.inspect/1"
    assert commanded(found) == command


def test_every_sample_is_inspected() -> None:
    (mark,) = test_the_command_it_gives_runs.pytestmark
    alone = {name for name, _ in mark.args[1]}
    of_two = {"wine_submission.csv", "wine_truth.csv"}
    about = {"README.md", *(path.name for path in SAMPLES.glob("make_*.py"))}
    texts = {path.name for path in SAMPLES.glob("*.txt")}
    histories = {"training.csv", "training_slow.csv"}
    assert {path.name for path in SAMPLES.iterdir()} - about == alone | of_two | texts | histories
    truths = ("--truth-file", str(SAMPLES / "wine_truth.csv"))
    assert commanded(inspected(SAMPLES / "wine_submission.csv", *truths)) == "classify"


def test_types_missing_cells_and_examples(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    rows = [
        {"a": i, "b": i / 2, "c": i > 1, "d": ["x"] * i, "e": f"{i}x", "label": "é" * 50}
        for i in range(5)
    ]
    rows[0]["f"] = None
    rows[1]["e"] = None
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    columns = {column["name"]: column for column in inspected(path)["columns"]}
    assert {name: column["type"] for name, column in columns.items()} == {
        "a": "integer", "b": "number", "c": "boolean", "d": "list", "e": "text", "f": "empty",
        "label": "text",
    }  # fmt: skip
    assert (columns["e"]["missing"], columns["f"]["missing"]) == (1, 5)
    assert columns["e"]["examples"] == ["0x", "2x", "3x"]
    assert columns["label"]["examples"] == ["é" * 39 + "…"]


def test_a_refusal_is_told_and_is_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("Label,label,pred\na,b,a\nb,b,b\n")
    found = inspected(path)
    assert found["command"] is None
    assert "2 columns may be the truth" in found["refusal"]
    result = run("inspect", str(path))
    assert result.status == 0
    assert "cannot be evaluated as it is: 2 columns may be the truth: 'Label', 'label'" in (
        result.stdout
    )
    assert "hint: choose one with --truth COLUMN" in result.stdout
    assert inspected(path, "--truth", "Label")["roles"][0]["why"] == "as given"


def test_refused_columns_point_to_it(tmp_path: Path) -> None:
    path = tmp_path / "my p.csv"
    path.write_text("Label,label,pred\na,b,a\nb,b,b\n")
    result = run("classify", str(path))
    assert result.status == 3
    assert f"see its columns: mleval inspect '{path}'" in result.stderr


@pytest.mark.parametrize("name", ["p.csv", "p.csv.gz"])
def test_a_long_file_is_not_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    text = "y_true,y_pred\n" + "1,0\n" * 500_000 + "not,a,row\n"
    path.write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    found = inspected(path)
    assert found["rows_seen"] == 1000
    assert not found["rows_exact"]
    if name.endswith("gz"):
        assert (found["compression"], found["rows"]) == ("gzip", None)
    else:
        assert found["rows"] == pytest.approx(500_000, rel=0.01)


def test_the_footer_of_parquet_counts_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    pq.write_table(pa.table({"y_true": [1, 0] * 5000, "y_pred": [1, 1] * 5000}), path)
    found = inspected(path)
    assert (found["format"], found["rows"], found["rows_exact"]) == ("Parquet", 10_000, True)


def test_encoding_and_many_columns(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    names = [f"x{i}" for i in range(3000)]
    text = (
        ",".join(["y_true", "y_pred", *names]) + "\n" + ",".join(["é", "b", *["1"] * 3000]) + "\n"
    )
    path.write_bytes((text * 1).encode("cp1252"))
    found = inspected(path)
    assert found["encoding"] == "cp1252"
    assert len(found["columns"]) == 3002
    assert "2,942 more columns" in run("inspect", str(path)).stdout


def test_nothing_in_a_file_commands_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("y_true,y_pred,\x1b[31mx[bold]\na\x1b[0m,b,\u202ec\n")
    for flags in ((), ("--json",)):
        result = run("inspect", str(path), *flags)
        assert result.status == 0
        assert not {"\x1b", "\u202e"} & set(result.stdout)


def test_what_is_no_table_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("version https://git-lfs.github.com/spec/v1\n")
    assert run("inspect", str(path)).status == 3
    assert run("inspect", str(tmp_path / "none.csv")).status == 3
    assert run("inspect").status == 2


def test_files_without_a_header_and_arrays_are_inspected(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("a;0,5\nb;0,25\n")
    found = inspected(path, "--no-header", "--decimal", ",", "--truth", "1", "--score", "2")
    assert found["rows"] == 2
    command = f"mleval classify {path} --truth 1 --score 2 --decimal , --no-header"
    assert found["command"] == command
    path = tmp_path / "p.json"
    path.write_text(
        '{"label": ["a", "b"], "probability": [{"a": 0.5, "b": 0.5}, {"a": 1, "b": 0}]}'
    )
    found = inspected(path)
    assert (found["format"], found["rows"]) == ("JSON", 2)
    assert [c["name"] for c in found["columns"]] == ["label", "probability[a]", "probability[b]"]
    path = tmp_path / "p.npy"
    np.save(path, np.eye(3))
    found = inspected(path)
    assert (found["format"], found["rows"]) == ("NumPy", 3)
    assert "--truth 0 --pred 1" in found["hint"]


def test_the_0_1_columns_of_labels(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(
        "cat_true,dog_true,cat_pred,dog_pred,cat_proba,dog_proba,note\n"
        "1,0,1,1,.9,.6,a\n0,1,0,1,.2,.7,b\n"
    )
    found = inspected(path)
    assert {column["name"]: column["role"] for column in found["columns"]} == {
        "cat_true": "truth of cat", "dog_true": "truth of dog",
        "cat_pred": "prediction of cat", "dog_pred": "prediction of dog",
        "cat_proba": "probability of cat", "dog_proba": "probability of dog", "note": None,
    }  # fmt: skip
    assert found["roles"] == [
        {"role": role, "column": f"cat_{ending}, dog_{ending}", "why": why}
        for role, ending, why in (
            ("truth", "true", "2 columns of 0 and 1, one a label: cat, dog"),
            ("prediction", "pred", "2 columns of 0 and 1, one a label: cat, dog"),
            ("probability", "proba", "2 columns, one a label: cat, dog"),
        )
    ]
    assert found["command"] == f"mleval classify {path}"


def test_many_columns_of_one_role_are_shown_by_the_first_and_the_last(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    names = [f"c{i}" for i in range(8)]
    path.write_text(
        ",".join(["y_true", *(f"prob_{name}" for name in names)]) + "\n"
        + "".join(f"c{i}," + ",".join(["0.125"] * 8) + "\n" for i in range(8))
    )  # fmt: skip
    (_, family) = inspected(path)["roles"]
    assert family["column"] == "prob_c0, …, prob_c7"
    assert family["why"] == "8 columns, one a class: c0, c1, c2, c3, c4 …"


@pytest.mark.parametrize(
    ("text", "flags", "why", "separator"),
    [
        ("y_true,y_pred\na|b,a\nb,b\n", (), "several labels between '|'", "|"),
        ('y_true,y_pred\n"a, b",a\nb,c\n', ("--label-sep", ","), "between ','", ","),
        ("y_true,y_pred\na b,a\nc,b\n", ("--task", "multilabel"), "between ' '", " "),
        ("y_true,y_pred\n['a'],['a']\n['b'; 'a'],[]\n", (), "lists of labels", "list"),
    ],
)
def test_several_labels_in_a_cell(
    tmp_path: Path, text: str, flags: tuple[str, ...], why: str, separator: str
) -> None:
    path = tmp_path / "p.csv"
    path.write_text(text.replace("'; ", "' "))
    found = inspected(path, *flags)
    assert found["roles"][0]["why"].endswith(why)
    words = shlex.split(found["command"])
    assert words[words.index("--label-sep") + 1] == separator
    assert ("--task" in words) == ("--task" in flags)
    assert run(*words[1:], "--json").status == 0


@pytest.mark.parametrize(
    ("header", "rows", "command"),
    [
        ("actual,predicted", ["2.5,2.4", "3,3.5", "7,6.75"], "regress"),
        ("price,predicted_price", [f"{i}.5,{i}.5" for i in range(30)], "regress"),
        ("y_true,y_pred", ["1,1.25", "2,1.75", "3,2.5"], "regress"),
        ("y_true,y_pred", ["0.5,1.0", "1.5,0.5", "1.0,1.5"], "classify"),
        ("y_true,y_pred", ["1,1.0", "2,1.0", "3,2.0"], "classify"),
        ("y_true,y_pred", ["1,0.9", "0,0.2", "1,0.4"], "classify"),
        ("y_true,y_pred", ["a,1.5", "b,2.5"], "classify"),
    ],
)
def test_quantities_are_for_regress(
    tmp_path: Path, header: str, rows: list[str], command: str
) -> None:
    path = tmp_path / "p.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    assert inspected(path)["command"].startswith(f"mleval {command} {path} --truth ")


def test_one_row_is_one_row(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("y_true\n1\n")
    assert "CSV · UTF-8 · 1 column · 1 row\n" in run("inspect", str(path), COLUMNS="300").stdout


def test_the_columns_of_each_models_classes(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("label,lr_prob_a,lr_prob_b,dt_pred,dt_score\na,.9,.1,a,7\nb,.2,.8,a,3\n")
    found = inspected(path)
    assert found["models"] == ["lr", "dt"]
    roles = {column["name"]: column["role"] for column in found["columns"]}
    assert roles["lr_prob_b"] == "probability of b of lr"
    assert roles["dt_pred"] == "prediction of dt"
    assert found["command"] == f"mleval classify {path} --truth label"


def test_models_of_rows_beyond_the_first_are_not_known(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    rows = [f"{model},{i},1,0\n" for model in "ab" for i in range(1500)]
    path.write_text("model,id,y_true,y_pred\n" + "".join(rows))
    found = inspected(path)
    assert found["models"] == []
    assert any("column 'model' may tell several models apart" in n for n in found["notices"])


def test_its_options_are_those_of_the_commands() -> None:
    import typer.main

    from mleval.cli.app import app

    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    evaluating = [commands[name].params for name in ("classify", "regress", "pairs")]
    theirs = [(p.name, p.opts, p.help) for params in evaluating for p in params]
    own = [p for p in commands["inspect"].params if p.opts[0][:2] == "--"]
    assert {p.name for p in own if (p.name, p.opts, p.help) not in theirs} == {"json"}
