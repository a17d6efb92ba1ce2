"""`mleval.diagnose`: what it makes of its arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from mleval.api.common import refuse_lazy
from mleval.options import DiagnoseOptions

if TYPE_CHECKING:
    from mleval.diagnosis.result import Diagnosis


def _shown(function: Callable[..., Diagnosis]) -> Callable[..., Diagnosis]:
    """Show the options in the signature, as `help` and notebooks print it."""
    own = inspect.signature(function)
    plain = [p for p in own.parameters.values() if p.kind is not p.VAR_KEYWORD]
    more = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default={} if field.default is MISSING else field.default,
            annotation=field.type,
        )
        for field in fields(DiagnoseOptions)
    ]
    function.__signature__ = own.replace(parameters=[*plain, *more])  # type: ignore[attr-defined]
    return function


@_shown
def diagnose(data: Any, **options: Any) -> Diagnosis:
    """Why predictions are as good as they are: `.findings`, `.steps`, `.report`, `.save(path)`.

    data: a path, several (shards), a DataFrame, an Arrow table or a dict of columns; options: those
    of `DiagnoseOptions`: `train` (the predictions for the rows that the model was fitted on, as
    data is), `split` and `fold` (columns), `truth`, `prediction`, `score`, `positive`,
    `threshold`, `cost={"fp": 1, "fn": 10}`, `low_confidence`, `task`, `level`, …

    Raises InputError for what cannot be examined, UsageError for what cannot be meant.

    >>> found = diagnose({"y_true": ["a", "b", "a", "a"] * 9, "y_pred": ["a", "a", "a", "b"] * 9})
    >>> found.headline["accuracy"].value, found.report.task
    (0.5, 'multiclass')
    """
    from mleval.diagnosis.examining import diagnose as examined

    refuse_lazy(data, options.get("train"))
    known = DiagnoseOptions.__dataclass_fields__
    for name in options:
        if name not in known:
            raise TypeError(f"diagnose() got an unexpected keyword argument '{name}'")
    asked = DiagnoseOptions(**options)
    asked.check(called=lambda option: option)
    return examined(data, asked)
