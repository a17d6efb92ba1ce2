"""The order in which metrics are shown: a page has room for a few."""

from __future__ import annotations

from collections.abc import Iterable

_FIRST = (
    *("accuracy", "balanced_accuracy", "f1", "f1[macro]", "mcc", "roc_auc", "roc_auc_ovr[macro]"),
    *("log_loss", "brier", "r2", "rmse", "mae"),
)


def telling_first(names: Iterable[str]) -> list[str]:
    """Those first that say the most, the others as they were.

    >>> telling_first(["kappa", "f1", "accuracy"])
    ['accuracy', 'f1', 'kappa']
    """
    return sorted(names, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
