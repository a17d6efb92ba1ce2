"""Results of boosting as JSON: evals_result of XGBoost and LightGBM, a list of numbers a metric."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np

from mleval.errors import InputError
from mleval.reading.histories.log import Log, Written

MOST_BYTES = 64 << 20
"""What is longer is no history of boosting."""


def log_of_results(name: str, data: bytes) -> Log | None:
    """The Log of an `evals_result` or of lists of numbers; None where the JSON is something else.

    Raises InputError when the lists differ in length or hold what is no number.
    """
    try:
        held = json.loads(data)
    except (ValueError, RecursionError):
        return None  # JSON lines, or broken: the readers of tables say which
    if not isinstance(held, dict) or not held:
        return None
    if held.get("class_name") in ("Sequential", "Functional", "Model"):
        raise InputError(
            f"{name} holds the layers of a Keras model, not the history of its training",
            hint="write history.history, or train with CSVLogger('log.csv')",
        )
    nested = all(isinstance(part, dict) and _of_lists(part) for part in held.values())
    if nested:
        lists = {f"{part}-{key}": v for part, inner in held.items() for key, v in inner.items()}
        found = _log(name, "results of boosting", lists)
        rounds = Written(np.arange(float(found.rows)), np.ones(found.rows, bool))
        return replace(found, numbers={"round": rounds, **found.numbers})
    return _log(name, "lists of numbers", held) if _of_lists(held) else None


def _of_lists(part: dict[str, Any]) -> bool:
    """Whether all are lists of plain values."""
    return bool(part) and all(
        isinstance(v, list) and not any(isinstance(item, dict | list) for item in v)
        for v in part.values()
    )


def _log(name: str, format: str, lists: dict[str, list[Any]]) -> Log:
    lengths = {key: len(values) for key, values in lists.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(
            f"{name}: the lists differ in length: "
            + ", ".join(f"{key} {length:,}" for key, length in lengths.items())
            + ": which value is of which epoch?",
            hint="write a table with a column epoch, and empty cells where there is no value",
        )
    return Log(
        name=name,
        format=format,
        rows=next(iter(lengths.values())),
        numbers={key: _written(name, key, values) for key, values in lists.items()},
        texts={},
        locate=lambda row: f"{name}, item {row}",
    )


def _written(name: str, key: str, values: list[Any]) -> Written:
    for place, value in enumerate(values):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise InputError(
                f"{name}: {key}, item {place}: expected a number, found {json.dumps(value)}"
            )
    present = np.array([value is not None for value in values], bool)
    return Written(np.array([np.nan if v is None else v for v in values], float), present)
