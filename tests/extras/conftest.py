"""Models that many tests ask, and no way to any network."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_models import PlainLoop, save_model

torch.set_num_threads(1)  # models are tiny: more threads only wait for one another


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("a connection was attempted")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """Whether the tokenizer has a BOS token → the folder of a model."""
    return {bos: save_model(tmp_path_factory.mktemp("model"), bos=bos) for bos in (True, False)}


@pytest.fixture(scope="session")
def loops(folders: dict[bool, Path]) -> dict[bool, PlainLoop]:
    """The same models, asked plainly."""
    return {bos: PlainLoop(folder, bos=bos) for bos, folder in folders.items()}
