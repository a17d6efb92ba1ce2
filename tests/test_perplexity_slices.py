"""Slices of sequences: each is what its sequences alone would give, whatever the shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import run

import mleval
from mleval.errors import InputError

SUBJECTS = ["law", "medicine", None]
WANTED = ["perplexity", "bits_per_byte", "cross_entropy", "token_accuracy"]


def lists(count: int = 150, seed: int = 0) -> list[dict[str, Any]]:
    random = np.random.default_rng(seed)
    found = []
    for at in range(count):
        values = (-random.exponential(1 + at % 3, int(random.integers(2, 9)))).tolist()
        found.append(
            {
                "id": at,
                "subject": SUBJECTS[at % 3],
                "level": at % 2,
                "token_logprobs": [None, *values],
                "text": "é" * (2 * len(values)),
            }
        )
    return found


def written(path: Path, records: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return str(path)


def require_alone(data: Any, records: list[dict[str, Any]], column: str, **more: Any) -> None:
    """Each slice is what its records alone give."""
    (table,) = mleval.perplexity(data, by=column, **more).slices
    assert {row.name for row in table.slices} == {"law", "medicine", "(missing)"}
    for name in ("law", "medicine", None):
        some = [record for record in records if _subject(record) == name]
        alone = mleval.perplexity(some, **more)
        row = table[name or "(missing)"]
        assert row.rows == row.support == len(some)
        for key, item in alone.metrics.items():
            found = row.metrics[key]
            assert (found.value, found.low, found.high) == pytest.approx(
                (item.value, item.low, item.high), rel=1e-12
            )


def _subject(record: dict[str, Any]) -> Any:
    return record.get("subject", record.get("doc", {}).get("subject"))


def test_slices_of_lists_of_tokens(tmp_path: Path) -> None:
    records = lists()
    require_alone(written(tmp_path / "a.jsonl", records), records, "subject", metrics=WANTED[:3])
    require_alone(records, records, "subject", metrics="all")


def test_slices_of_sums(tmp_path: Path) -> None:
    records = [
        {
            "subject": one["subject"],
            "sum_logprob": sum(one["token_logprobs"][1:]),
            "num_tokens": len(one["token_logprobs"]) - 1,
        }
        for one in lists()
    ]
    require_alone(written(tmp_path / "a.jsonl", records), records, "subject", metrics=WANTED[0])


def test_slices_of_responses_of_servers_are_by_keys_of_their_records(tmp_path: Path) -> None:
    records = [
        {
            "custom_id": str(at),
            "doc": {"subject": one["subject"]},
            "object": "text_completion",
            "model": "m",
            "choices": [
                {
                    "index": choice,
                    "text": one["text"],
                    "logprobs": {
                        "tokens": ["é"] * len(one["token_logprobs"]),
                        "token_logprobs": one["token_logprobs"],
                        "top_logprobs": [None, *_tops(one["token_logprobs"][1:])],
                        "text_offset": list(range(len(one["token_logprobs"]))),
                    },
                }
                for choice in range(1 + at % 2)
            ],
        }
        for at, one in enumerate(lists())
    ]
    path = written(tmp_path / "a.jsonl", records)
    (table,) = mleval.perplexity(path, by="doc.subject", metrics=WANTED).slices
    for name in ("law", "medicine"):
        some = [record for record in records if record["doc"]["subject"] == name]
        alone = mleval.perplexity(some, metrics=WANTED)
        assert table[name].rows == sum(len(record["choices"]) for record in some)
        for key in WANTED:
            assert table[name].metrics[key].value == pytest.approx(alone[key].value, rel=1e-12)


def _tops(values: list[float]) -> list[dict[str, float]]:
    """Every second token is the likeliest."""
    return [{"é": value} if at % 2 else {"é": value, "e": 0.0} for at, value in enumerate(values)]


def rows_of_tokens(path: Path, order: Any = None) -> str:
    lines = []
    for at, one in enumerate(lists()):
        subject = one["subject"] or ""
        lines += [f"{at},{value:.6f},{subject}" for value in one["token_logprobs"][1:]]
    if order is not None:
        lines = [lines[i] for i in order.permutation(len(lines))]
    path.write_text("document,logprob,subject\n" + "\n".join(lines) + "\n")
    return str(path)


def test_slices_of_rows_of_tokens_are_of_documents(tmp_path: Path) -> None:
    straight = rows_of_tokens(tmp_path / "a.csv")
    mixed = rows_of_tokens(tmp_path / "b.csv", np.random.default_rng(0))
    records = [one | {"token_logprobs": one["token_logprobs"][1:]} for one in lists()]
    for path in (straight, mixed):
        (table,) = mleval.perplexity(path, by="subject", metrics="perplexity").slices
        for name in ("law", "medicine", None):
            some = [one for one in records if one["subject"] == name]
            alone = mleval.perplexity(some, metrics="perplexity")["perplexity"]
            row = table[name or "(missing)"]
            assert row.rows == len(some)
            assert row.metrics["perplexity"].value == pytest.approx(alone.value, rel=1e-5)


def test_a_document_is_of_one_slice(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "document,logprob,kind\n" + "".join(f"{i // 9},-1.5,{i % 2}\n" for i in range(99))
    )
    with pytest.raises(InputError, match="the tokens of a document have several values") as error:
        mleval.perplexity(str(path), by="kind")
    assert "--doc" in str(error.value.hint)


def test_columns_are_crossed_and_gated(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", lists())
    done = run(
        *("perplexity", path, "--by", "subject*level", "-m", "perplexity", "--json", "-q"),
        *("--gate", "perplexity{worst subject} <= 1.5", "--gate", "perplexity{subject=law} < 99"),
    )
    assert done.status == 1
    report = json.loads(done.stdout)
    assert [table["column"] for table in report["slices"]] == ["subject*level", "subject"]
    assert {row["name"] for row in report["slices"][0]["slices"]} >= {"law*0", "(missing)*1"}
    assert [gate["status"] for gate in report["gates"]] == ["failed", "passed"]


def test_an_impossible_token_is_of_its_slice() -> None:
    records = lists()
    records[0]["token_logprobs"][1] = -np.inf
    (table,) = mleval.perplexity(records, by="subject", metrics="perplexity").slices
    assert table["law"].metrics["perplexity"].undefined == "infinite: a log-probability is −inf"
    assert table["medicine"].metrics["perplexity"].value is not None


def test_shards_may_lack_the_column(tmp_path: Path) -> None:
    first = written(tmp_path / "a.jsonl", lists())
    plain = [{k: v for k, v in one.items() if k != "subject"} for one in lists(60, 1)]
    second = written(tmp_path / "b.jsonl", plain)
    (table,) = mleval.perplexity([first, second], by="subject", metrics="perplexity").slices
    assert {row.name: row.rows for row in table.slices} == {
        "law": 50,
        "medicine": 50,
        "(missing)": 110,
    }


def test_what_has_no_slices_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", lists())
    with pytest.raises(InputError, match="no column 'subjct'") as error:
        mleval.perplexity(path, by="subjct")
    assert "did you mean 'subject'" in str(error.value.hint)
    lines = tmp_path / "n.txt"
    lines.write_text("-1.0 -2.0 -0.5\n" * 30)
    with pytest.raises(InputError, match="no columns or keys to tell sequences apart by"):
        mleval.perplexity(str(lines), by="subject")
    with pytest.raises(TypeError, match="bins"):
        mleval.perplexity(path, by="level", bins=("2",))  # type: ignore[call-arg]
    with pytest.raises(InputError, match="all 150 rows have the same value"):
        mleval.perplexity([one | {"one": "x"} for one in lists()], by="one")
