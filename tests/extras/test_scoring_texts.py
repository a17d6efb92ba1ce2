"""Texts scored by a model: against a plain loop over the tokens, at every stride that matters."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from command import run
from scored_texts import assumed, reported, value
from tiny_models import TEXTS, WINDOW, PlainLoop, tiny_gpt2
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from mleval import perplexity

STRIDES = [1, 5, WINDOW // 2, WINDOW - 1, WINDOW]
EXACTLY = ("--dtype", "float64")
Values = list[float | None]


def written(folder: Path, texts: list[str | None]) -> Path:
    """A row a text."""
    path = folder / "texts.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    return path


def saved(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def require_same(values: Values, plain: Values) -> None:
    """To within a share of the mean absolute log-probability; none where there is none."""
    assert [one is None for one in values] == [one is None for one in plain]
    scored = [one for one in plain if one is not None]
    scale = math.fsum(map(abs, scored)) / max(1, len(scored))
    found = [one for one in values if one is not None]
    assert found == pytest.approx(scored, rel=1e-12, abs=1e-12 * scale)


def nats(documents: list[Values]) -> float:
    """Cross-entropy of the documents that have a scored token."""
    scored = [one for values in documents for one in values if one is not None]
    return -math.fsum(scored) / len(scored)


@pytest.mark.parametrize("stride", STRIDES)
@pytest.mark.parametrize("batch", ["1", "4", None])
@pytest.mark.parametrize("bos", [True, False], ids=["bos", "no bos"])
def test_every_token_is_what_a_plain_loop_says(
    tmp_path: Path, folders, loops: dict[bool, PlainLoop], bos: bool, batch: str | None, stride: int
) -> None:
    path, file = written(tmp_path, [*TEXTS.values(), "", None]), tmp_path / "saved.jsonl"
    flags = ["--model", str(folders[bos]), "--stride", str(stride), *EXACTLY]
    flags += ["--batch-size", batch] if batch else []
    report = reported(path, *flags, "--save-logprobs", str(file))
    expected = [loops[bos].logprobs(text, stride) for text in TEXTS.values()]
    found = [record["token_logprobs"] for record in saved(file)]
    assert found[-2:] == [[], []]
    for values, plain in zip(found[:-2], expected, strict=True):
        require_same(values, plain)
    assert value(report, "cross_entropy") == pytest.approx(nats(expected), rel=1e-12)
    assert value(report, "perplexity") == pytest.approx(math.exp(nats(expected)), rel=1e-11)


def test_a_stride_of_one_gives_every_token_the_whole_window(tmp_path, folders, loops) -> None:
    file, text = tmp_path / "saved.jsonl", TEXTS["long"]
    reported(written(tmp_path, [text]), "--model", str(folders[True]), "--stride", "1", *EXACTLY,
             "--save-logprobs", str(file))  # fmt: skip
    loop = loops[True]
    sequence = [*loop.before, *loop.tokenizer(text)["input_ids"]]
    assert len(sequence) > 1.5 * WINDOW
    plain = [
        loop.logprob(sequence[max(0, at - WINDOW) : at], sequence[at])
        for at in range(1, len(sequence))
    ]
    require_same(saved(file)[0]["token_logprobs"], plain)


@pytest.mark.parametrize("tokens", [WINDOW - 1, WINDOW, WINDOW + 1, 2 * WINDOW, 2 * WINDOW + 1])
@pytest.mark.parametrize("bos", [True, False], ids=["bos", "no bos"])
@pytest.mark.parametrize("window", [WINDOW, 8])
def test_lengths_about_the_window(tmp_path, folders, loops, bos, tokens, window) -> None:
    file, text = tmp_path / "saved.jsonl", ("xyz!" * WINDOW)[:tokens]
    assert len(loops[bos].tokenizer(text)["input_ids"]) == tokens
    flags = ["--model", str(folders[bos]), "--window", str(window), "--stride", "3", *EXACTLY]
    reported(written(tmp_path, [text]), *flags, "--save-logprobs", str(file))
    require_same(saved(file)[0]["token_logprobs"], loops[bos].logprobs(text, 3, window))


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-5), ("bfloat16", 0.2)])
def test_other_numbers_give_nearly_the_same(tmp_path, folders, loops, dtype, tolerance) -> None:
    text, file = TEXTS["long"], tmp_path / "saved.jsonl"
    report = reported(written(tmp_path, [text]), "--model", str(folders[True]), "--dtype", dtype,
                      "--save-logprobs", str(file))  # fmt: skip
    assert assumed(report)["dtype"] == dtype
    expected = loops[True].logprobs(text, WINDOW // 2)
    assert saved(file)[0]["token_logprobs"] == pytest.approx(expected, abs=tolerance * 10)
    assert value(report, "cross_entropy") == pytest.approx(nats([expected]), rel=tolerance)


def test_first_tokens_without_bos_are_not_scored_and_counted(tmp_path, folders) -> None:
    path = written(tmp_path, [TEXTS["short"], TEXTS["long"], TEXTS["one token"]])
    report = reported(path, "--model", str(folders[False]))
    assert report["provenance"]["tokens_skipped"] == 2
    assert report["provenance"]["left_out"] == {"without a scored token": 1}
    assert report["signature"]["first_tokens"] == "left out"
    assert assumed(report)["first context"] == "none"
    report = reported(path, "--model", str(folders[True]))
    assert report["provenance"]["tokens_skipped"] == 0
    assert report["provenance"]["left_out"] == {}
    assert report["signature"]["first_tokens"] == "scored"
    assert assumed(report)["first context"] == "BOS token <s>"
    report = reported(path, "--model", str(folders[True]), "--no-bos")
    assert report["provenance"]["tokens_skipped"] == 2
    assert report["signature"]["bos"] is False


def test_what_was_assumed_is_said(tmp_path: Path, folders) -> None:
    path = tmp_path / "text.txt"
    path.write_text(TEXTS["long"])
    report = reported(path, "--model", str(folders[True]))
    said = assumed(report)
    assert said["model"] == str(folders[True])
    assert (said["window"], said["stride"]) == ("32 tokens", "16")
    assert (said["dtype"], said["documents"]) == ("float32", "one a file")
    assert said["device"] in ("cpu", "cuda", "mps")
    signature = report["signature"]
    assert (signature["window"], signature["stride"], signature["bos"]) == (32, 16, True)
    assert signature["tokenizer"] == said["tokenizer"]
    assert report["provenance"]["models"] == [str(folders[True])]
    assert report["inputs"] == ["text.txt"]
    assert report["provenance"]["digest"].startswith("sha256:")


@pytest.mark.parametrize("bos", [True, False], ids=["bos", "no bos"])
def test_what_is_saved_reads_the_same_without_the_model(tmp_path: Path, folders, bos) -> None:
    path, file = written(tmp_path, [*TEXTS.values()]), tmp_path / "saved.jsonl"
    direct = reported(path, "--model", str(folders[bos]), "--save-logprobs", str(file))
    again = reported(file)
    assert again["metrics"] == direct["metrics"]
    assert again["distributions"] == direct["distributions"]
    for name in ("models", "tokens", "tokens_skipped", "rows", "rows_used", "left_out"):
        assert again["provenance"][name] == direct["provenance"][name]
    facts = [[(row["of"], row["nats"], row["text"]) for row in r["worst"]] for r in (direct, again)]
    assert facts[0] == facts[1]
    for record, text in zip(saved(file), TEXTS.values(), strict=True):
        assert "".join(record["tokens"]) == record["text"] == text
        assert len(record["tokens"]) == len(record["offsets"]) == len(record["token_logprobs"])
        assert (record["token_logprobs"][0] is None) is not bos
        assert record["offsets"][0][0] == 0
        assert record["offsets"][-1][1] == len(text)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("file", [" one\ntwo\n\n \nthree\r\n"]),
        ("line", [" one", "two", "three"]),
        ("paragraph", [" one\ntwo", "three"]),
    ],
)
def test_what_a_document_is(tmp_path: Path, folders, unit: str, expected: list[str]) -> None:
    path, file = tmp_path / "text.txt", tmp_path / "saved.jsonl"
    path.write_bytes(b" one\ntwo\n\n \nthree\r\n")
    report = reported(path, "--model", str(folders[True]), "--documents", unit,
                      "--save-logprobs", str(file))  # fmt: skip
    assert [record["text"] for record in saved(file)] == expected
    assert assumed(report)["documents"] == f"one a {unit}"
    assert report["provenance"]["rows_used"] == len(expected)


def test_files_are_a_document_each(tmp_path: Path, folders, loops) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"the cat of {name}")
    report = reported(tmp_path / "*.txt", "--model", str(folders[True]), *EXACTLY)
    expected = [loops[True].logprobs(f"the cat of {name}", 16) for name in ("a.txt", "b.txt")]
    assert value(report, "cross_entropy") == pytest.approx(nats(expected), rel=1e-12)
    assert {row["place"] for row in report["worst"]} == {"a.txt", "b.txt"}


def test_standard_input_is_a_document(folders) -> None:
    flags = ["--model", str(folders[True]), "--json", "--quiet"]
    result = run("perplexity", "-", *flags, stdin=b"the cat\nsat")
    assert (result.status, result.stderr) == (0, "")
    assert json.loads(result.stdout)["provenance"]["rows_used"] == 1


def test_a_column_of_a_table(tmp_path: Path, folders) -> None:
    path = tmp_path / "x.csv"
    path.write_text('name,story,text\n1,"the cat\nsat",a\n2,the mat,b\n')
    by_rank = reported(path, "--model", str(folders[True]))
    assert assumed(by_rank)["documents"] == "one a row, its 'text'"
    named = reported(path, "--model", str(folders[True]), "--text", "story")
    assert assumed(named)["documents"] == "one a row, its 'story'"
    assert named["worst"][0]["place"].startswith("x.csv, row ")
    table = perplexity(pd.read_csv(path), text="story", model=folders[True])
    assert table["perplexity"].value == value(named, "perplexity")


def test_the_least_likely_in_context(tmp_path: Path, folders, loops) -> None:
    path = written(tmp_path, [TEXTS["short"], TEXTS["unicode"], TEXTS["long"]])
    report = reported(path, "--model", str(folders[True]), "--worst", "2", *EXACTLY)
    names = ("short", "unicode", "long")
    each = {name: loops[True].logprobs(TEXTS[name], 16) for name in names}
    sequences = [row for row in report["worst"] if row["of"] == "sequence"]
    tokens = [row for row in report["worst"] if row["of"] != "sequence"]
    assert len(sequences) == len(tokens) == 2
    least = min(one for values in each.values() for one in values if one is not None)
    assert tokens[0]["nats"] == pytest.approx(-least, rel=1e-12)
    assert "[" in tokens[0]["text"]
    assert tokens[0]["place"].startswith("texts.jsonl, row ")


def test_words_that_the_tokenizer_does_not_know_are_told(tmp_path, tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("words")
    words = {"<unk>": 0, "the": 1, "cat": 2}
    made = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=made, unk_token="<unk>").save_pretrained(folder)
    tiny_gpt2(3).save_pretrained(folder)
    file = tmp_path / "saved.jsonl"
    report = reported(written(tmp_path, ["the  dog, the cat "]), "--model", str(folder),
                      "--save-logprobs", str(file))  # fmt: skip
    assert any("2 of 5 tokens are <unk>" in warning for warning in report["warnings"])
    assert not any("spell fewer" in warning for warning in report["warnings"])
    (record,) = saved(file)
    assert record["tokens"] == ["the", "  dog", ",", " the", " cat "]
    assert record["offsets"] == [[0, 3], [5, 8], [8, 9], [10, 13], [14, 17]]


def test_from_python(tmp_path: Path, folders, loops) -> None:
    texts = [TEXTS["short"], TEXTS["long"]]
    file = tmp_path / "saved.jsonl"
    report = perplexity(text=texts, model=folders[False], stride=5, dtype="float64",
                        save_logprobs=file)  # fmt: skip
    expected = [loops[False].logprobs(text, 5) for text in texts]
    assert report["cross_entropy"].value == pytest.approx(nats(expected), rel=1e-12)
    assert perplexity(file)["perplexity"].value == report["perplexity"].value
    checked = perplexity(text=texts, model=str(folders[False]), verify=True)
    assert checked["perplexity"].value == pytest.approx(report["perplexity"].value, rel=0.5)


def test_progress_is_by_tokens(folders, tmp_path: Path) -> None:
    from mleval.lm import score_texts
    from mleval.options import PerplexityOptions

    path, seen = written(tmp_path, [*TEXTS.values()]), []
    options = PerplexityOptions(model=str(folders[True]), batch_size=1)
    score_texts(str(path), options, lambda done, total: seen.append((done, total)))
    done, totals = zip(*seen, strict=True)
    assert list(done) == sorted(set(done))
    assert {done[-1]} == set(totals)
