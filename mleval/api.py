"""The bodies of the Python API's functions; `mleval` itself offers them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from mleval.errors import MlevalError, UsageError
from mleval.options import ClassifyOptions
from mleval.spec import Spec

if TYPE_CHECKING:
    from mleval.report import Report

_PREFIX = "prob_"  # of the class columns that are made of a `probabilities` array


def classify(
    data: Any = None,
    *,
    truth: Any = None,
    prediction: Any = None,
    score: Any = None,
    probabilities: Any = None,
    weight: Any = None,
    id: Any = None,
    metrics: str | Spec | Sequence[str | Spec] | None = None,
    task: Literal["binary", "multiclass", "multilabel"] | None = None,
    positive: Any = None,
    classes: Sequence[Any] = (),
    map: Mapping[Any, Any] | None = None,
    threshold: float | None = None,
    score_of: Literal["positive", "predicted"] | None = None,
    score_scale: Literal["auto", "probability", "percent", "logit", "any"] = "auto",
    missing: Literal["error", "drop", "wrong"] = "error",
    zero_division: float = 0.0,
    level: float = 0.95,
    intervals: bool = True,
    strict: bool = False,
    sep: str | None = None,
    encoding: str | None = None,
    label_sep: str | None = None,
    verify: bool = False,
) -> Report:
    """Evaluate predicted classes, scores and probabilities against the truth.

    With `data` (a path, several, a pandas, polars or Arrow table, or a dict of columns), truth,
    prediction, score, weight and id name columns, and probabilities is the prefix of the class
    columns; what is not named is found. Without `data` they are the columns themselves, (n,);
    probabilities is (n, k), its columns in the order of `classes`, or a dict of class → (n,). Where
    rows have several labels, truth and prediction are lists of sets, or (n, k) arrays of 0 and 1.

    metrics: Specs to report in place of the default ones, or "all". The other arguments are those
    of the command `mleval classify`. verify: recompute with the reference libraries too, and
    raise MlevalError when they disagree.

    Raises UsageError when the arguments are wrong, InputError when the data cannot be evaluated.

    >>> report = classify(truth=["cat", "dog", "dog"], prediction=["cat", "dog", "cat"])
    >>> round(report["accuracy"].value, 3)
    0.667
    """
    given = {
        "truth": truth,
        "prediction": prediction,
        "score": score,
        "weight": weight,
        "id": id,
    }
    if data is None:
        data = _columns(given, probabilities, classes)
        names: dict[str, Any] = {role: role if role in data else None for role in given}
        names["proba"] = None if probabilities is None else _PREFIX
    else:
        names = {role: _name(role, value) for role, value in given.items()}
        names["proba"] = _name("probabilities", probabilities)
    options = ClassifyOptions(
        **names,
        metrics=_specs(metrics),
        task=task,
        positive=None if positive is None else _label(positive),
        classes=tuple(_label(item) for item in classes),
        map={_label(old): _label(new) for old, new in (map or {}).items()},
        threshold=threshold,
        score_of=score_of,
        score_scale=score_scale,
        missing=missing,
        zero_division=zero_division,
        level=level,
        intervals=intervals,
        strict=strict,
        sep=sep,
        encoding=encoding,
        label_sep=label_sep,
    )
    return _evaluated(data, options, verify=verify)


def _evaluated(data: Any, options: ClassifyOptions, *, verify: bool) -> Report:
    from mleval.evaluation import evaluate

    options.check()
    evaluated = evaluate(data, options, keep_batches=verify)
    if verify:
        from mleval.verification import verify as recompute

        wrong = recompute(evaluated, options).disagreements
        if wrong:
            told = (f"{row.spec}: {row.value!r}, {row.library} {row.reference!r}" for row in wrong)
            raise MlevalError("the references disagree\n" + "\n".join(told))
    return evaluated.report


def _columns(
    given: Mapping[str, Any], probabilities: Any, classes: Sequence[Any]
) -> dict[str, Any]:
    """The table that arrays make."""
    if given["truth"] is None:
        raise UsageError(
            "there is nothing to evaluate",
            hint='classify("preds.csv") or classify(truth=[...], prediction=[...])',
        )
    columns = {role: values for role, values in given.items() if values is not None}
    for role in ("truth", "prediction"):
        if getattr(columns.get(role), "ndim", 1) == 2:
            columns |= _label_columns(role, columns.pop(role), classes)
    for role, values in columns.items():
        if isinstance(values, str | bytes):
            raise UsageError(
                f"without data, {role} is the column itself, not its name {values!r}",
                hint="give data first: classify(data, truth='label')",
            )
    return columns | _class_columns(probabilities, classes)


def _label_columns(role: str, table: Any, classes: Sequence[Any]) -> dict[str, Any]:
    """The columns of an (n, k) table that says which labels each row has."""
    names = classes or range(table.shape[1])
    if len(names) != table.shape[1]:
        raise UsageError(
            f"{role} has the shape {table.shape}, and {len(names)} classes are named",
            hint="name the label of each column: classes=[...]",
        )
    after = {"truth": "_true", "prediction": "_pred"}[role]
    return {f"{_label(name)}{after}": table[:, k] for k, name in enumerate(names)}


def _class_columns(probabilities: Any, classes: Sequence[Any]) -> dict[str, Any]:
    if probabilities is None:
        return {}
    if isinstance(probabilities, Mapping):
        return {f"{_PREFIX}{_label(name)}": column for name, column in probabilities.items()}
    import numpy as np

    array = np.asarray(probabilities)
    if array.ndim != 2 or array.shape[1] != len(classes):
        raise UsageError(
            f"probabilities has the shape {array.shape}, and {len(classes)} classes are named",
            hint="give an (n, k) array and classes=[...], or a dict of class → column",
        )
    return {f"{_PREFIX}{_label(name)}": array[:, k] for k, name in enumerate(classes)}


def _name(role: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise UsageError(
        f"with data, {role} is the name of a column, not a {type(value).__name__}",
        hint="leave data out to give the columns themselves",
    )


def _label(value: Any) -> str:
    """A label as data spell it: numbers of numpy like Python's own."""
    return str(value.item() if hasattr(value, "item") else value)


def _specs(metrics: str | Spec | Sequence[str | Spec] | None) -> tuple[Spec, ...]:
    if metrics is None:
        return ()
    named = [metrics] if isinstance(metrics, str | Spec) else metrics
    return tuple(item if isinstance(item, Spec) else Spec.parse(item) for item in named)
