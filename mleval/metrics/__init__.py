"""The metrics, one file a family; importing this package registers them all.

Look metrics up here rather than in the registry: here they are all there.
"""

from importlib import import_module

from mleval.registry import find, known, metrics

__all__ = ["FAMILIES", "find", "known", "metrics"]

FAMILIES = (  # in the order of reports and of the catalogue
    "agreement",
    "counts",
    "costs",
    "ranking",
    "thresholds",
    "cuts",
    "losses",
    "multiclass",
    "multilabel",
    "calibration",
    "recalibration",
    "bleu",
    "bleu_parts",
    "sentence_bleu",
    "chrf",
    "rouge",
    "error_rates",
    "answers",
    "diversity",
)

for _family in FAMILIES:
    import_module(f"{__name__}.{_family}")
