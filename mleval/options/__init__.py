"""What an evaluation is asked to do: one typed value from its surfaces to the core, a command.

Of the commands only the one that is asked for is loaded.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mleval.options.classify import ClassifyOptions
    from mleval.options.common import Options, TableOptions
    from mleval.options.diagnose import DiagnoseOptions
    from mleval.options.pairs import PairsOptions
    from mleval.options.perplexity import PerplexityOptions
    from mleval.options.regress import RegressOptions
    from mleval.options.text import TextOptions

__all__ = [
    "ClassifyOptions",
    "DiagnoseOptions",
    "Options",
    "PairsOptions",
    "PerplexityOptions",
    "RegressOptions",
    "TableOptions",
    "TextOptions",
]

_HOMES = {
    "ClassifyOptions": "classify",
    "DiagnoseOptions": "diagnose",
    "Options": "common",
    "PairsOptions": "pairs",
    "PerplexityOptions": "perplexity",
    "RegressOptions": "regress",
    "TableOptions": "common",
    "TextOptions": "text",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'mleval.options' has no attribute '{name}'")
    found = globals()[name] = getattr(import_module(f"mleval.options.{_HOMES[name]}"), name)
    return found
