"""The packages of the extra `lm`, loaded when a model is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from mleval.errors import UsageError


def torch() -> Any:
    """PyTorch."""
    return _required("torch")


def transformers() -> Any:
    """Hugging Face's transformers, which needs the other."""
    torch()
    return _required("transformers")


def hub() -> Any:
    """Its cache of models, which transformers needs."""
    return _required("huggingface_hub")


def _required(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise UsageError(
            f"a model needs {error.name}, which is not installed",
            hint="pip install 'mleval[lm]'",
        ) from error


@contextmanager
def in_silence() -> Iterator[None]:
    """Let transformers print neither warnings nor bars of its own; what matters is checked."""
    logging = transformers().utils.logging
    verbosity, had_bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if had_bars:
            logging.enable_progress_bar()
