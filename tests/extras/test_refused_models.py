"""Models and settings that would give no honest number, or run code: refused, nothing written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from command import run
from safetensors.torch import load_file, save_file
from scored_texts import refused
from tiny_models import TEXTS, WINDOW, save_tokenizer
from transformers import BertConfig, BertForMaskedLM


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_text(TEXTS["long"])
    return path


@pytest.fixture
def folder(tmp_path: Path, folders: dict[bool, Path]) -> Path:
    """A model that a test may damage."""
    return Path(shutil.copytree(folders[True], tmp_path / "model"))


def asked(text: Path, folder: Path | str, *flags: str, status: int = 3) -> str:
    """What is said; the file that was to be saved is not there, nor half of it."""
    before = sorted(text.parent.iterdir())
    told = refused(text, "--model", str(folder), *flags,
                   "--save-logprobs", str(text.parent / "saved.jsonl"), status=status)  # fmt: skip
    assert sorted(text.parent.iterdir()) == before
    return told


def change_weights(folder: Path, change: Any) -> None:
    weights = load_file(folder / "model.safetensors")
    change(weights)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def test_a_name_that_is_not_in_the_cache(text: Path) -> None:
    told = asked(text, "nobody/no-such-model")
    assert "no model nobody/no-such-model: neither a folder, nor in the local cache" in told
    assert "hf download nobody/no-such-model" in told


@pytest.mark.parametrize("name", ["no such folder", "./missing", "a/b/c"])
def test_what_cannot_be_a_name(text: Path, name: str) -> None:
    assert f"no model {name}" in asked(text, name)


def test_a_name_in_the_cache(text: Path, folders, tmp_path_factory, monkeypatch) -> None:
    import huggingface_hub.constants

    cache = tmp_path_factory.mktemp("cache")
    held = cache / "models--somebody--tiny"
    (held / "refs").mkdir(parents=True)
    (held / "refs/main").write_text("0" * 40)
    shutil.copytree(folders[True], held / "snapshots" / ("0" * 40))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(cache))
    result = run("perplexity", str(text), "--model", "somebody/tiny", "--json", "--quiet")
    assert (result.status, result.stderr) == (0, "")
    assert json.loads(result.stdout)["provenance"]["models"] == ["somebody/tiny"]


def test_pickled_weights_are_not_read(text: Path, folder: Path) -> None:
    class Bomb:
        def __reduce__(self) -> Any:
            return Path.touch, (text.parent / "exploded",)

    (folder / "model.safetensors").unlink()
    torch.save({"bomb": Bomb()}, folder / "pytorch_model.bin")
    told = asked(text, folder)
    assert "its weights are pickled (pytorch_model.bin): expected safetensors" in told
    assert "save_pretrained" in told


def test_code_of_the_model_is_not_run(text: Path, folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    classes = {"AutoConfig": "own.C", "AutoModelForCausalLM": "own.M"}
    config |= {"model_type": "own", "auto_map": classes}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "own.py").write_text(f"open({str(text.parent / 'ran')!r}, 'w')")
    assert "cannot be loaded as a causal language model" in asked(text, folder)


def test_folders_without_a_model(text: Path, folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    assert "it has no weights" in asked(text, folder)
    (folder / "config.json").unlink()
    assert "has no config.json" in asked(text, folder)


def test_damaged_weights(text: Path, folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:1000])
    assert "cannot be loaded as a causal language model" in asked(text, folder)


def test_weights_that_are_missing_would_be_random(text: Path, folder: Path) -> None:
    change_weights(folder, lambda weights: weights.pop("transformer.h.1.mlp.c_fc.weight"))
    told = asked(text, folder)
    assert "h.1.mlp.c_fc.weight is missing and would be random" in told


def test_a_model_without_a_tokenizer(text: Path, folder: Path) -> None:
    for path in folder.glob("tokenizer*"):
        path.unlink()
    assert "tokenizer" in asked(text, folder)  # what is said first depends on transformers


def test_the_tokenizer_of_another_model(text: Path, folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text()) | {"vocab_size": 100}
    (folder / "config.json").write_text(json.dumps(config))

    def shorten(weights: dict[str, torch.Tensor]) -> None:
        for name in ("transformer.wte.weight", "lm_head.weight"):
            if name in weights:
                weights[name] = weights[name][:100].clone()

    change_weights(folder, shorten)
    assert "knows 100 tokens" in asked(text, folder)


def test_a_model_that_looks_ahead(text: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("bert")
    size = len(save_tokenizer(folder, bos=True))
    torch.manual_seed(1)
    config = BertConfig(vocab_size=size, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
                        intermediate_size=32, max_position_embeddings=WINDOW,
                        initializer_range=0.4)  # fmt: skip
    BertForMaskedLM(config).save_pretrained(folder)
    assert "looks ahead: what it predicts depends on the tokens that follow" in asked(text, folder)


def test_nan_has_its_place(text: Path, folder: Path) -> None:
    change_weights(folder, lambda weights: weights["transformer.wpe.weight"][9].fill_(torch.nan))
    assert "text.txt, token 1: model gives NaN in float32" in asked(text, folder)


def test_windows_and_strides(text: Path, folder: Path) -> None:
    assert "--window 32 or less" in asked(text, folder, "--window", "33")
    assert "stride 33 is beyond the window of 32" in asked(text, folder, "--stride", "33")
    told = asked(text, folder, "--window", "8", "--stride", "9", status=2)
    assert "stride 9 is beyond the window of 8" in told


def test_a_token_that_the_tokenizer_has_not(text: Path, folders: dict[bool, Path]) -> None:
    told = asked(text, folders[False], "--bos")
    assert "has no token for the beginning of a text" in told
    assert "--no-bos" in told


@pytest.mark.parametrize("device", ["cuda:99", "nonsense"])
def test_devices_that_are_not_there(text: Path, folder: Path, device: str) -> None:
    assert f"cannot be used on {device}" in asked(text, folder, "--device", device)


def test_texts_without_text(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "empty.txt"
    path.write_text("\n  \n")
    assert "empty.txt holds no text" in asked(path, folder, "--documents", "line")
    path = tmp_path / "numbers.csv"
    path.write_text("a,b\n1,2\n")
    assert "which column has the text? it has 'a', 'b'" in asked(path, folder)
    assert "no column 'c'; it has 'a', 'b'" in asked(path, folder, "--text", "c")
    told = asked(path, folder, "--text", "a", "--documents", "line")
    assert "is a table, in which a row is a document, not a line" in told


def test_documents_that_no_reader_of_lines_could_hold(text: Path, folder, monkeypatch) -> None:
    monkeypatch.setattr("mleval.lm.scored.LONGEST_RECORD", 2000)
    told = asked(text, folder)
    assert "text.txt: a document of " in told
    assert "at most 25: such as --documents paragraph" in told


def test_several_columns_may_be_the_text_unless_strict(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("text,content\na cat,the mat\n")
    shown = run("perplexity", str(path), "--model", str(folder)).stdout
    assert "passed over: 'content'" in " ".join(shown.split())
    assert "--text 'text'" in asked(path, folder, "--strict")


def test_an_existing_file_stays_as_it_is(text: Path, folder: Path) -> None:
    file = text.parent / "saved.jsonl"
    file.write_text("as it was")
    change_weights(folder, lambda weights: weights["transformer.wpe.weight"][9].fill_(torch.nan))
    refused(text, "--model", str(folder), "--save-logprobs", str(file))
    assert file.read_text() == "as it was"


def test_files_that_cannot_be_written_are_told_before_the_work(text: Path) -> None:
    def told(file: Path, status: int = 3) -> str:
        return refused(text, "--model", "none", "--save-logprobs", str(file), status=status)

    assert "there is no folder" in told(text.parent / "missing" / "x.jsonl")
    (text.parent / "folder.jsonl").mkdir()
    assert "is a directory" in told(text.parent / "folder.jsonl", 2)
    texts = text.rename(text.parent / "texts.jsonl")
    texts.write_text('{"text": "a cat"}\n')
    result = run("perplexity", str(texts), "--model", "none", "--save-logprobs", str(texts))
    assert result.status == 2
    assert "is an input file" in result.stderr
