"""`mleval.classify`: what it makes of its arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, Unpack

from mleval.api.common import TableCommon, evaluated, given, named, refuse_lazy, showing
from mleval.errors import UsageError
from mleval.options import ClassifyOptions
from mleval.report import Assumption, Report

if TYPE_CHECKING:
    from mleval.report_set import ReportSet

_PREFIX = "prob_"  # of the class columns that are made of a `probabilities` array
_SOFT = "truth_prob_"  # and of a `truth_probabilities` array
Families = Mapping[str, tuple[str, Any]]  # option → the prefix of its columns, and they
_EXAMPLE = 'classify("preds.csv") or classify(truth=[...], prediction=[...])'


@showing(TableCommon)
def classify(
    data: Any = None,
    *,
    truth: Any = None,
    prediction: Any = None,
    score: Any = None,
    probabilities: Any = None,
    truth_probabilities: Any = None,
    weight: Any = None,
    cluster: Any = None,
    id: Any = None,
    task: Literal["binary", "multiclass", "multilabel"] | None = None,
    positive: Any = None,
    classes: Sequence[Any] = (),
    map: Mapping[Any, Any] | None = None,
    threshold: float | None = None,
    score_of: Literal["positive", "predicted"] | None = None,
    score_scale: Literal["auto", "probability", "percent", "logit", "any"] = "auto",
    missing: Literal["error", "drop", "wrong"] = "error",
    zero_division: float = 0.0,
    label_sep: str | None = None,
    **common: Unpack[TableCommon],
) -> Report | ReportSet:
    """Evaluate predicted classes, scores and probabilities against the truth.

    With `data` (a path, several, a pandas, polars or Arrow table, or a dict of columns), truth,
    prediction, score, weight and id name columns, and probabilities is the prefix of the class
    columns; what is not named is found. Without `data` they are the columns themselves, (n,);
    probabilities is (n, k), its columns in the order of `classes` or of the sorted labels of truth,
    or a dict of class → (n,); truth_probabilities likewise, of soft labels: a true distribution
    over the classes, beside truth or in its place. Where rows have several labels, truth and
    prediction are lists of sets, or (n, k) arrays of 0 and 1. None, NaN, pandas.NA and "" stand for
    no value.

    truth_file: where the truth is, when `data` has none: a path or a table, joined on `id`, on the
    ids `on` names (`"a=b"`: a in data, b in the truth file), or row by row.
    filter: a condition on the columns, such as 'split == "test" and age < 30': only the rows where
    it holds are evaluated. model: the one to evaluate of several in `data`; without it there is a
    ReportSet, one Report a model, when the data certainly hold several.
    cluster: the column that tells which rows go together, such as those of a patient: intervals
    are then cluster-robust.
    by: columns that rows are told apart by: every metric of each slice is in `report.slices`.
    plots: gather what `report.plot()` shows beside what every report holds.
    metrics: Specs to report in place of the default ones, or "all". The other arguments are those
    of the command `mleval classify`. verify: recompute with the reference libraries too, and
    raise MlevalError when they disagree.
    gates: conditions such as "f1 >= 0.8" or "f1 >= baseline - 0.01", whose results `report.gates`
    holds; baseline: a report or earlier predictions, paths or in memory; decide: by the value, or
    by the whole "interval"; force: compare with a baseline whatever it is of.

    Raises UsageError when the arguments are wrong, InputError when the data cannot be evaluated.

    >>> report = classify(truth=["cat", "dog", "dog"], prediction=["cat", "dog", "cat"])
    >>> round(report["accuracy"].value, 3)
    0.667
    """
    refuse_lazy(data, truth, prediction, score, probabilities, truth_probabilities, weight, id)
    columns = {
        "truth": truth,
        "prediction": prediction,
        "score": score,
        "weight": weight,
        "cluster": cluster,
        "id": id,
    }
    families = {"proba": (_PREFIX, probabilities), "truth_proba": (_SOFT, truth_probabilities)}
    if data is None and truth is None and truth_probabilities is not None and not len(classes):
        classes = _by_number(truth_probabilities)
    guess = _needs_classes(data, probabilities, classes, map)
    guessed = _classes_of(truth, probabilities) if guess else []
    if common.get("strict") and guessed:
        raise UsageError(
            "strict does not allow to guess the classes of the columns of probabilities",
            hint="classes=[...] in the order of the columns, or a dict of class → column",
        )
    data, names = _read(data, columns, families, guessed or classes)
    own = {
        **names,
        "task": task,
        "positive": None if positive is None else _label(positive),
        "classes": tuple(_label(item) for item in classes),
        "map": {_label(old): _label(new) for old, new in (map or {}).items()},
        "threshold": threshold,
        "score_of": score_of,
        "score_scale": score_scale,
        "missing": missing,
        "zero_division": zero_division,
        "label_sep": label_sep,
    }
    return _with_classes(evaluated(data, ClassifyOptions, own, common), guessed)


def _read(
    data: Any, columns: Mapping[str, Any], families: Families, classes: Sequence[Any]
) -> tuple[Any, dict[str, Any]]:
    """What is read, and the names in it of the columns and the prefixes of the families."""
    if data is not None:
        return data, {**named({**columns, **{o: held for o, (_, held) in families.items()}})}
    table = _table(columns, families.values(), classes)
    names = {role: role if role in table else None for role in columns}
    prefixes = {role: prefix for role, (prefix, held) in families.items() if held is not None}
    return table, {**names, **prefixes}


def _with_classes(report: Report | ReportSet, guessed: Sequence[Any]) -> Report | ReportSet:
    """The report that says which classes were guessed."""
    if not len(guessed) or not isinstance(report, Report):
        return report
    told = Assumption(
        what="classes",
        value=", ".join(_label(name) for name in guessed),
        why="the labels of truth, sorted, for the columns of probabilities",
        flag="classes",
    )
    return replace(report, assumed=(*report.assumed, told))


def _by_number(probabilities: Any) -> Sequence[int]:
    """The classes of an array without names."""
    import numpy as np

    if isinstance(probabilities, Mapping) or np.ndim(probabilities) != 2:
        return ()
    return range(np.shape(probabilities)[1])


def _table(
    columns: Mapping[str, Any], families: Iterable[tuple[str, Any]], classes: Sequence[Any]
) -> dict[str, Any]:
    """The table that arrays make."""
    of_classes: dict[str, Any] = {}
    for prefix, probabilities in families:
        of_classes |= _class_columns(prefix, probabilities, classes)
    soft = any(name.startswith(_SOFT) for name in of_classes)
    held = given(columns, _EXAMPLE, needed=() if soft else ("truth",))
    for role in ("truth", "prediction"):
        if getattr(held.get(role), "ndim", 1) == 2:
            held |= _label_columns(role, held.pop(role), classes)
    return held | of_classes


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


def _needs_classes(data: Any, probabilities: Any, classes: Sequence[Any], map_: Any) -> bool:
    """Whether the columns of an array of probabilities have no names yet."""
    unnamed = not len(classes) and not map_ and not isinstance(probabilities, Mapping)
    return data is None and probabilities is not None and unnamed


def _classes_of(truth: Any, probabilities: Any) -> list[Any]:
    """The labels of truth, sorted, when there are as many as columns of probabilities."""
    import numpy as np

    from mleval.reading.memory import is_missing

    shape = np.shape(probabilities)
    labels = truth.tolist() if hasattr(truth, "tolist") else truth
    if truth is None or isinstance(truth, str | bytes) or len(shape) != 2:
        return []
    if getattr(truth, "ndim", 1) == 2:  # a table of 0 and 1: its columns are called by number
        labels = range(truth.shape[1])
    elif any(isinstance(label, list | tuple | set | frozenset) for label in labels):
        labels = [label for some in labels for label in some or ()]
    found = {label for label in labels if not is_missing(label)}
    try:
        names = sorted(found)
    except TypeError:
        names = sorted(found, key=str)
    if len(names) == shape[1]:
        return names
    shown = ", ".join([*(_label(name) for name in names[:5]), *["…"] * (len(names) > 5)])
    raise UsageError(
        f"probabilities has {shape[1]} columns, and truth has the labels {shown}",
        hint="name the class of each column: classes=[...]",
    )


def _class_columns(prefix: str, probabilities: Any, classes: Sequence[Any]) -> dict[str, Any]:
    if probabilities is None:
        return {}
    if isinstance(probabilities, Mapping):
        return {f"{prefix}{_label(name)}": column for name, column in probabilities.items()}
    import numpy as np

    array = np.asarray(probabilities)
    if array.ndim != 2 or array.shape[1] != len(classes):
        raise UsageError(
            f"{'truth_' * (prefix == _SOFT)}probabilities has the shape {array.shape}, and "
            f"{len(classes)} classes are named",
            hint="give an (n, k) array and classes=[...], or a dict of class → column",
        )
    return {f"{prefix}{_label(name)}": array[:, k] for k, name in enumerate(classes)}


def _label(value: Any) -> str:
    """A label as data spell it: numbers of numpy like Python's own."""
    return str(value.item() if hasattr(value, "item") else value)
