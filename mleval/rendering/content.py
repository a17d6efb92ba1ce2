"""What a report for people says, whatever it is set in: which rows, in which order, which words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mleval.errors import UsageError
from mleval.rendering.escape import shortened
from mleval.rendering.numerals import level, row_totals
from mleval.report import ClassRow, Estimate, Report
from mleval.spec import Spec
from mleval.spelling import quote
from mleval.visible import middle

AVERAGES = ("macro", "weighted", "micro", "samples")
CLASSES = 40  # more classes than this, and only those that need looking at are shown
WORST = 20
INTERVALS, CLASS_INTERVALS = "intervals", "class intervals"  # columns that may be left out
TARGET_INTERVALS = "target intervals"
_SENTENCE = 1000  # characters of a warning, of what was assumed, or of a reason
_LABEL = 60  # characters of a label in one of them
_LONG = re.compile(r"\S{100,}")
_TASKS = {
    "binary": "binary classification",
    "multiclass": "multiclass classification",
    "multilabel": "multilabel classification",
    "regress": "regression",
    "perplexity": "language model",
    "pairs": "pairs",
    "text": "texts",
}
_ROWS = {"perplexity": "sequence", "text": "segment"}  # what a row is, where it is no row


@dataclass(frozen=True)
class Averaged:
    """Metrics over classes, a row each; names: the averages that occur; rows: metric → average."""

    names: tuple[str, ...] = ()
    rows: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)


def grouped(report: Report) -> tuple[dict[str, Estimate], Averaged]:
    """The metrics that stand alone, and those that come in several averages."""
    rows: dict[str, dict[str, Estimate]] = {}
    for text, item in report.metrics.items():
        spec = parsed(text)
        if spec is not None and spec.average in AVERAGES:
            rows.setdefault(str(replace(spec, average=None)), {})[str(spec.average)] = item
    found = {average for row in rows.values() for average in row}
    names = tuple(name for name in AVERAGES if name in found)
    if len(names) < 2:
        return dict(report.metrics), Averaged()
    alone = {
        text: item
        for text, item in report.metrics.items()
        if (spec := parsed(text)) is None or spec.average not in AVERAGES
    }
    return alone, Averaged(names, rows)


def parsed(text: str) -> Spec | None:
    """The Spec, or None for a derived metric's own name."""
    try:
        return Spec.parse(text)
    except UsageError:
        return None


def of_class(name: str, label: str) -> str:
    """The canonical Spec of a class's metric.

    >>> of_class("fbeta(beta=2)", "New York")
    'fbeta(beta=2)[class="New York"]'
    """
    spec = parsed(name)
    return f"{name}[class={quote(label)}]" if spec is None else str(replace(spec, of_class=label))


def of_target(name: str, target: str) -> str:
    """The canonical Spec of a target's metric.

    >>> of_target("rmse", "price")
    'rmse[target=price]'
    """
    spec = parsed(name)
    return f"{name}[target={quote(target)}]" if spec is None else str(replace(spec, target=target))


def task(report: Report) -> str:
    """What was evaluated, in words."""
    return _TASKS.get(report.task, report.task)


def facts(report: Report) -> list[str]:
    """What the headline says beside the task: the class it is about, rows, classes."""
    said = []
    positive = next((m.of_class for m in report.metrics.values() if m.of_class is not None), None)
    if report.task == "binary" and positive is not None:
        said.append(f"positive: {positive}")
    said += _rows(report)
    classes = len(report.classes) or (len(report.confusion.labels) if report.confusion else 0)
    if classes and report.task != "binary":
        said.append(f"{classes:,} {_noun(report, classes)}")
    return said


def _rows(report: Report) -> list[str]:
    """How many rows were read, and how many of them are used when some were left out."""
    rows, used = report.provenance.get("rows"), report.provenance.get("rows_used")
    if not isinstance(rows, int):
        return []
    part = f"{used:,} of " if isinstance(used, int) and used != rows else ""
    said = [f"{part}{rows:,} {_ROWS.get(report.task, 'row')}" + ("" if rows == 1 else "s")]
    tokens = report.provenance.get("tokens")
    if isinstance(tokens, int):
        said.append(f"{tokens:,} token" + ("" if tokens == 1 else "s"))
    return said


def files(report: Report) -> list[str]:
    """The inputs, at most three of them."""
    return some(report.inputs)


def some(inputs: Sequence[str]) -> list[str]:
    """Files, at most three of them.

    >>> some(["a", "b", "c", "d"])
    ['a', 'b', '2 more files']
    """
    if len(inputs) <= 3:
        return list(inputs)
    return [*inputs[:2], f"{len(inputs) - 2} more files"]


def assumed(report: Report) -> list[str]:
    """What was assumed, each in a few words."""
    return [_sentence(str(item), report) for item in report.assumed]


def warnings(report: Report) -> list[str]:
    """What a careful reader should know."""
    return [_sentence(text, report) for text in report.warnings]


def _sentence(text: str, report: Report) -> str:
    """The text with its long labels, and whatever else is a long word, cut in the middle."""
    labels = report.confusion.labels if report.confusion else report.classes
    for label in labels:
        if len(label) > _LABEL:
            text = text.replace(label, middle(label, _LABEL))
    return shortened(_LONG.sub(lambda word: middle(word[0], _LABEL), text), _SENTENCE)


def heads(report: Report) -> tuple[str, str]:
    """What the tables of averages and of classes begin with."""
    return f"over {_noun(report, 2)}", _noun(report, 1)


def classes_title(report: Report) -> str:
    """What the table of the classes is called where it is folded."""
    return f"{len(report.classes):,} {_noun(report, len(report.classes))}"


def distributions_title(report: Report) -> str:
    """What the distributions are called where they are folded."""
    return f"distribution of the {', '.join(report.distributions)}"


def _noun(report: Report, many: int) -> str:
    """What the classes are called."""
    if report.task == "multilabel":
        return "label" if many == 1 else "labels"
    return "class" if many == 1 else "classes"


def estimates(report: Report) -> Iterator[Estimate]:
    """Every estimate of the report."""
    yield from report.metrics.values()
    for row in report.classes.values():
        yield from row.metrics.values()


def intervals(report: Report) -> str | None:
    """How the intervals were made, in one line."""
    made = [item for item in estimates(report) if item.low is not None]
    levels = dict.fromkeys(level(item.level) for item in made if item.level is not None)
    methods = dict.fromkeys(item.method for item in made if item.method)
    if not made:
        return None
    return " and ".join(levels) + " intervals" + (f": {' · '.join(methods)}" if methods else "")


def interval_title(report: Report) -> str:
    """The head of a column of intervals; empty when none was asked for."""
    if not any(item.low is not None or item.no_interval for item in report.metrics.values()):
        return ""
    levels = {item.level for item in report.metrics.values() if item.low is not None}
    only = levels.pop() if len(levels) == 1 else None
    return "interval" if only is None else f"{level(only)} interval"


def class_metrics(report: Report) -> list[str]:
    """The metrics that any class has, in order."""
    return list(dict.fromkeys(name for row in report.classes.values() for name in row.metrics))


def shown_classes(report: Report) -> tuple[dict[str, ClassRow], str | None]:
    """The classes to show, and what to say when they are not all."""
    if len(report.classes) <= CLASSES:
        return dict(report.classes), None
    ranked = sorted(report.classes.items(), key=lambda item: _f1(item[1]))
    said = f"the {WORST} of {len(report.classes)} classes with the lowest F1; JSON has them all"
    return dict(ranked[:WORST]), said


def _f1(row: ClassRow) -> float:
    found = row.metrics.get("f1")
    return found.value if found is not None and found.value is not None else 0.0


@dataclass(frozen=True)
class Confused:
    """Rows of one class that were taken for another; share: of the rows of that class."""

    truth: str
    prediction: str
    weight: float
    share: float


def top_confusions(report: Report, most: int = 10) -> list[Confused]:
    """The confusions with the most weight."""
    if report.confusion is None:
        return []
    totals = row_totals(report.confusion)
    wrong = (cell for cell in report.confusion.cells if cell[0] != cell[1] and cell[2] > 0)
    ranked = sorted(wrong, key=lambda cell: -cell[2])[:most]
    return [
        Confused(truth, "(none)" if guess is None else guess, weight, weight / totals[truth])
        for truth, guess, weight in ranked
    ]


class Notes:
    """Reasons that stand below a table, each once, under a number.

    >>> notes = Notes()
    >>> notes.number("a maximum"), notes.number("one row"), notes.number("a maximum")
    (1, 2, 1)
    """

    def __init__(self) -> None:
        self.reasons: dict[str, int] = {}

    def number(self, reason: str) -> int:
        """The number of the reason."""
        return self.reasons.setdefault(shortened(reason, _SENTENCE), len(self.reasons) + 1)

    def of(self, item: Estimate) -> int | None:
        """The number of why an estimate has no interval, or no value."""
        if item.undefined is not None:
            return self.number(f"undefined: {item.undefined}")
        if item.no_interval is not None:
            return self.number(f"no interval: {item.no_interval}")
        return None
