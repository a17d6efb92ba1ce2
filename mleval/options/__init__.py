"""What an evaluation is asked to do: one typed value from its surfaces to the core, a command."""

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
