"""Loading a causal model and its tokenizer from a folder or the local cache: nothing is fetched."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mleval.errors import InputError
from mleval.lm.extra import hub, in_silence, torch, transformers

_CONVERT = (
    "save it anew where you trust it: "
    "AutoModelForCausalLM.from_pretrained(...).save_pretrained(FOLDER, safe_serialization=True)"
)


@dataclass(frozen=True, kw_only=True)
class LanguageModel:
    """A model that can be asked.

    positions: the most tokens that it takes, None: no such limit; of_device, of_dtype: why these.
    """

    name: str
    network: Any
    tokenizer: Any
    positions: int | None
    device: str
    of_device: str
    dtype: str
    of_dtype: str

    @property
    def vocabulary(self) -> int:
        """The tokens that it knows."""
        return int(self.network.get_input_embeddings().weight.shape[0])


def load(name: str, device: str | None, dtype: str | None) -> LanguageModel:
    """The model of a folder, or of a name in the local cache.

    Weights are read from safetensors alone: other formats can run code when they are read, and a
    model's own code is not run. Raises InputError for what cannot be loaded so.
    """
    transformers()  # first of all, whether it is there
    folder = _folder(name)
    _require_safetensors(name, folder)
    with in_silence():
        network, tokenizer = _loaded(name, folder)
        device, of_device = _device(device)
        dtype, of_dtype = _dtype(dtype, device, network)
        try:
            network = network.to(device=device, dtype=getattr(torch(), dtype)).eval()
        except RuntimeError as error:
            raise InputError(
                f"{name} cannot be used on {device}: {_first_line(error)}",
                hint="choose another --device, such as cpu",
            ) from error
    network.config.use_cache = False  # of what was computed; each window stands by itself
    config = network.config.get_text_config()
    return LanguageModel(
        name=name,
        network=network,
        tokenizer=tokenizer,
        positions=getattr(config, "max_position_embeddings", None),
        device=device,
        of_device=of_device,
        dtype=dtype,
        of_dtype=of_dtype,
    )


def _folder(name: str) -> Path:
    """The folder of that name, or the one in the cache."""
    if Path(name).is_dir():
        return Path(name)
    try:
        return Path(hub().snapshot_download(name, local_files_only=True))
    except (OSError, ValueError) as error:  # not there; not a name that a model can have
        raise InputError(
            f"no model {name}: neither a folder, nor in the local cache of Hugging Face",
            hint=f"fetch it first, mleval does not: hf download {name}",
        ) from error


def _require_safetensors(name: str, folder: Path) -> None:
    if not (folder / "config.json").is_file():
        raise InputError(
            f"{name}: the folder {folder} has no config.json",
            hint="give the folder that save_pretrained wrote",
        )
    if any(folder.glob("*.safetensors")):
        return
    others = [path.name for ending in ("*.bin", "*.pt", "*.pth") for path in folder.glob(ending)]
    found = f"its weights are pickled ({sorted(others)[0]})" if others else "it has no weights"
    raise InputError(
        f"{name}: {found}: expected safetensors, which cannot run code when they are read",
        hint=_CONVERT if others else "give the folder that save_pretrained wrote",
    )


def _loaded(name: str, folder: Path) -> tuple[Any, Any]:
    """The model and its tokenizer; InputError for one that lacks a part."""
    auto = transformers()
    closed = {"trust_remote_code": False, "local_files_only": True}
    try:
        tokenizer = auto.AutoTokenizer.from_pretrained(folder, **closed)
        network, about = auto.AutoModelForCausalLM.from_pretrained(
            folder, use_safetensors=True, dtype="auto", output_loading_info=True, **closed
        )
    except Exception as error:  # whatever the packages beneath it raise
        raise InputError(
            f"{name} cannot be loaded as a causal language model: {_first_line(error)}",
            hint="expected the folder of a model and its tokenizer, without code of its own",
        ) from error
    files = [*tokenizer.vocab_files_names.values()]
    if files and not any((folder / file).is_file() for file in files):
        raise InputError(
            f"{name}: the folder {folder} has no tokenizer",
            hint="save it beside the model: tokenizer.save_pretrained(FOLDER)",
        )
    lacking = sorted({*about["missing_keys"], *map(str, about["mismatched_keys"])})
    if lacking:
        raise InputError(
            f"{name} has not all weights of a causal language model: {lacking[0]} is missing "
            "and would be random",
            hint="expected a model that was saved with its language-modelling head",
        )
    return network, tokenizer


def _device(asked: str | None) -> tuple[str, str]:
    """The device, and why."""
    if asked is not None:
        return asked, "as given"
    if torch().cuda.is_available():
        return "cuda", "found"
    if torch().backends.mps.is_available():
        return "mps", "found"
    return "cpu", "no accelerator found"


def _dtype(asked: str | None, device: str, network: Any) -> tuple[str, str]:
    """The numbers to compute with, and why."""
    if asked is not None:
        return asked, "as given"
    if device == "cpu":
        return "float32", "on a CPU"
    with suppress(StopIteration):
        return str(next(network.parameters()).dtype).removeprefix("torch."), "of the weights"
    return "float32", "by default"


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:300] if lines else type(error).__name__
