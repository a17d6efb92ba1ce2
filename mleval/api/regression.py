"""`mleval.regress`: what it makes of its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Unpack

import numpy as np

from mleval.api.common import TableCommon, evaluated, given, named, refuse_lazy, showing
from mleval.errors import UsageError
from mleval.options import RegressOptions

if TYPE_CHECKING:
    from mleval.report import Report
    from mleval.report_set import ReportSet

_PREFIX = "quantile_"  # of the columns that are made of a dict of quantiles
_EXAMPLE = 'regress("preds.csv") or regress(truth=[...], prediction=[...])'


@showing(TableCommon)
def regress(
    data: Any = None,
    *,
    truth: Any = None,
    prediction: Any = None,
    lower: Any = None,
    upper: Any = None,
    std: Any = None,
    quantiles: Any = None,
    weight: Any = None,
    cluster: Any = None,
    id: Any = None,
    missing: Literal["error", "drop"] = "error",
    worst: int | None = None,
    **common: Unpack[TableCommon],
) -> Report | ReportSet:
    """Evaluate predicted numbers against the truth.

    With `data` (a path, several, a pandas, polars or Arrow table, or a dict of columns), truth,
    prediction, lower and upper (of intervals), std (a predicted standard deviation), weight and id
    name columns, and quantiles is the prefix of the columns of quantiles; what is not named is
    found. Without `data` they are the columns themselves, (n,); quantiles is a dict of share →
    (n,). Where rows have several targets, truth and prediction are (n, t) arrays.

    truth_file: where the truth is, when `data` has none: a path or a table, joined on `id`, on the
    ids `on` names (`"a=b"`: a in data, b in the truth file), or row by row.
    filter: a condition on the columns, such as 'split == "test" and age < 30': only the rows where
    it holds are evaluated. model: the one to evaluate of several in `data`; without it there is a
    ReportSet, one Report a model, when the data certainly hold several.
    cluster: the column that tells which rows go together, such as those of a patient: intervals
    are then cluster-robust.
    by: columns that rows are told apart by: every metric of each slice is in `report.slices`.
    plots: gather what `report.plot()` shows beside what every report holds.
    metrics: Specs to report in place of the default ones, or "all". worst: how many of the rows
    with the largest errors to list. The other arguments are those of the command `mleval regress`.
    verify: recompute with the reference libraries too, and raise MlevalError when they disagree.
    gates: conditions such as "f1 >= 0.8" or "f1 >= baseline - 0.01", whose results `report.gates`
    holds; baseline: a report or earlier predictions, paths or in memory; decide: by the value, or
    by the whole "interval"; force: compare with a baseline whatever it is of.

    Raises UsageError when the arguments are wrong, InputError when the data cannot be evaluated.

    >>> report = regress(truth=[1.0, 2.0, 4.0], prediction=[1.5, 2.0, 3.0])
    >>> report["mae"].value
    0.5
    """
    refuse_lazy(data, truth, prediction, weight, id)
    columns = {
        "truth": truth,
        "prediction": prediction,
        "lower": lower,
        "upper": upper,
        "std": std,
        "weight": weight,
        "cluster": cluster,
        "id": id,
    }
    if data is None:
        held = given(columns, _EXAMPLE)
        data = _by_target(held) | _quantile_columns(quantiles)
        names: dict[str, Any] = {role: role if role in data else None for role in columns}
        names["quantiles"] = None if quantiles is None else _PREFIX
    else:
        names = named({**columns, "quantiles": quantiles})
    own = {**names, "missing": missing, "worst": worst}
    return evaluated(data, RegressOptions, own, common)


def _by_target(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns; of (n, t) tables one a target, called by number."""
    arrays = {role: table for role, v in columns.items() if (table := _table(role, v)) is not None}
    if arrays and (
        set(arrays) != {"truth", "prediction"}
        or arrays["truth"].ndim != 2
        or arrays["truth"].shape != arrays["prediction"].shape
    ):
        shapes = {r: getattr(arrays.get(r, v), "shape", None) for r, v in columns.items()}
        told = ", ".join(f"{role} {shape}" for role, shape in shapes.items() if shape)
        raise UsageError(
            f"for several targets truth and prediction are (n, t) arrays; found {told}",
            hint="one column a target in each, in the same order",
        )
    found = {role: values for role, values in columns.items() if role not in arrays}
    for role, after in (("truth", "_true"), ("prediction", "_pred")):
        if role in arrays:
            each = arrays[role].T
            many = {f"{k}{after}": column for k, column in enumerate(each)}
            found |= many if len(each) > 1 else {role: each[0]}
    return found


def _table(role: str, values: Any) -> Any:
    """The array of a table: of a data frame, a two-dimensional array or lists of lists; or None."""
    nested = isinstance(values, list | tuple) and any(hasattr(v, "__len__") for v in values[:1])
    if not nested and len(getattr(values, "shape", ())) < 2:
        return None
    try:
        array = np.asarray(values)
    except ValueError:
        raise UsageError(
            f"the rows of {role} are not equally long", hint="give each row one number a target"
        ) from None
    return array if array.ndim > 1 else None


def _quantile_columns(quantiles: Any) -> dict[str, Any]:
    if quantiles is None:
        return {}
    if not isinstance(quantiles, Mapping):
        raise UsageError(
            "without data, quantiles is a dict of share → column, not a "
            f"{type(quantiles).__name__}",
            hint="quantiles={0.1: [...], 0.9: [...]}",
        )
    wrong = [share for share in quantiles if not (_is_number(share) and 0 < share < 1)]
    if wrong:
        raise UsageError(
            f"the shares of quantiles lie between 0 and 1, and {wrong[0]!r} does not",
            hint="quantiles={0.1: [...], 0.9: [...]}",
        )
    return {
        _PREFIX + np.format_float_positional(share, trim="-"): column
        for share, column in quantiles.items()
    }


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number)
