"""The bodies of the Python API's functions, one a command; `mleval` itself offers them."""

from mleval.api.calibrating import calibrate
from mleval.api.checking import check
from mleval.api.classification import classify
from mleval.api.diagnosing import diagnose
from mleval.api.language_model import perplexity
from mleval.api.pairwise import pairs
from mleval.api.regression import regress
from mleval.api.texts import text
from mleval.api.training_history import history

__all__ = [
    "calibrate",
    "check",
    "classify",
    "diagnose",
    "history",
    "pairs",
    "perplexity",
    "regress",
    "text",
]
