"""Every way to ask for every registered metric: its option sets, its averages, its classes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

from mleval.metrics import metrics
from mleval.registry import Metric, Task
from mleval.spec import Spec

# Numbers an option can be set to, beside its default and its example.
FURTHER: dict[str, tuple[dict[str, Any], ...]] = {
    "cost": ({"fp": 2.5, "fn": 0.5},),
    "fbeta": ({"beta": 0.5},),
    "ece": ({"bins": 4},),
    "mce": ({"bins": 4},),
    "focal_loss": ({"alpha": 0.7, "gamma": 1}, {"gamma": 0}),
    "lift_at": ({"fraction": 0.37},),
    "precision_at_k": ({"k": 1}, {"k": 5.5}),
    "precision_at_recall": ({"recall": 0.4},),
    "recall_at_precision": ({"precision": 0.4},),
    "roc_auc": ({"max_fpr": 0.4},),
    "top_k_accuracy": ({"k": 1}, {"k": 3}),
    "tpr_at_fpr": ({"fpr": 0.3}, {"fpr": 0}),
}


def option_sets(metric: Metric, costs: Path) -> list[dict[str, Any]]:
    """None where none is needed, those of the example, every choice, further numbers."""
    example = dict(Spec.parse(metric.example).options) if metric.example else {}
    needed = {o.name: example[o.name] for o in metric.options if o.required}
    sets = [needed, example]
    for option in metric.options:
        choices = get_args(option.kind) or ((True, False) if option.kind is bool else ())
        sets += [needed | {option.name: choice} for choice in choices]
    known = {option.name for option in metric.options}
    sets += [needed | more for more in FURTHER.get(metric.name, ()) if set(more) <= known]
    if "matrix" in known:
        sets = [s | {"matrix": str(costs)} if "matrix" in s else s for s in sets]
        sets.append({"matrix": str(costs)})
    return [dict(items) for items in dict.fromkeys(tuple(sorted(s.items())) for s in sets)]


def qualified(metric: Metric, task: Task, classes: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Bare or averaged, and each class alone, as the task allows."""
    if task == "binary" or not metric.averages(task):
        yield {}
    for average in metric.averages(task):
        yield {"average": average}
    if metric.over == "class" and metric.averages(task):
        yield from ({"of_class": name} for name in classes)


def specs(
    task: Task, classes: Sequence[str], costs: Path, some: Iterable[Metric] | None = None
) -> list[Spec]:
    """Every Spec of every metric of a task (or of some), with every option set and qualifier.

    Without those that need columns beside truth and prediction: soft labels.
    """
    return [
        Spec(metric.name, tuple(options.items()), **qualifier)
        for metric in (metrics(task) if some is None else some)
        if not metric.needs
        for options in option_sets(metric, costs)
        for qualifier in qualified(metric, task, classes)
    ]


def write_costs(path: Path, classes: Sequence[str]) -> Path:
    """A cost matrix: a right decision earns, a wrong one costs, no two alike."""
    import csv

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["truth", *classes])
        for i, truth in enumerate(classes):
            row = [-0.5 if i == j else 1 + i + 0.25 * j for j in range(len(classes))]
            writer.writerow([truth, *row])
    return path
