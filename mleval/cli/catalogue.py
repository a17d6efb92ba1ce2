"""The catalogue of metrics as a table, a card, Markdown and JSON: all of it from the registry."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, get_args

from mleval.batch import ROLES
from mleval.registry import command_of, in_short

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from mleval.metrics.advice import Advice
    from mleval.registry import Metric, Option

BETTER = {"max": "higher", "min": "lower", "zero": "nearer 0", "none": "–"}
HEADERS = ("metric", "★", "title", "task", "better", "range", "options")
_WRAPPED = ("title", "task", "options")
_DATA = {"text": "hyp.txt ref.txt"}  # what a command is shown to read, other than a table
_LEAVING = ("options", "range", "task", "better", "★")  # when there is no room: in this order
_GAP = 2
_INTERVALS = {
    "auc": "DeLong's, on the logit scale",
    "delta": "delta method",
    "fisher": "Fisher's z",
    "fisher squared": "Fisher's z, squared",
}


def catalogue_table(metrics: Iterable[Metric], width: int) -> list[RenderableType]:
    """One line a metric; ★ marks those of the default report.

    Where the width would break words, choices are shortened, then columns left out, and said.
    """
    from rich.table import Table
    from rich.text import Text

    columns = dict(zip(HEADERS, zip(*map(_cells, metrics), strict=True), strict=True))
    left_out = []
    if _least(columns) > width:  # of a choice the first, which is the default
        columns["options"] = tuple(re.sub(r"\|[^,]*", "|…", cell) for cell in columns["options"])
    for header in _LEAVING:
        if _least(columns) <= width:
            break
        left_out.append(header)
        del columns[header]
    gap = _GAP if _least(columns) <= width else 1
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, gap, 0, 0))
    for header, cells in columns.items():
        wraps = header in _WRAPPED
        least = _longest_word(header, cells) if wraps else None
        table.add_column(header, no_wrap=not wraps, min_width=least)
    for name, *rest in zip(*columns.values(), strict=True):
        table.add_row(Text(name, "cyan"), *map(Text, rest))
    parts: list[RenderableType] = [table]
    if left_out:
        said = f"columns left out at this width: {', '.join(left_out)}"
        parts += [Text(""), Text(said, "dim")]
    return parts


def _least(columns: Mapping[str, tuple[str, ...]]) -> int:
    """The width below which a column would be cut or a word broken."""
    widths = (
        _longest_word(header, cells) if header in _WRAPPED else max(map(len, (header, *cells)))
        for header, cells in columns.items()
    )
    return sum(widths) + _GAP * (len(columns) - 1)


def _longest_word(header: str, cells: tuple[str, ...]) -> int:
    return max(len(word) for cell in (header, *cells) for word in cell.split())


def catalogue_markdown(metrics: Iterable[Metric]) -> str:
    """The table as Markdown, as the README has it."""
    lines = [f"| {' | '.join(HEADERS)} |", "|---" * len(HEADERS) + "|"]
    for metric in metrics:
        name, *rest = (cell.replace("|", r"\|") for cell in _cells(metric))
        lines.append(f"| `{name}` | {' | '.join(rest)} |")
    return "\n".join(lines) + "\n"


def catalogue_dict(metrics: Iterable[Metric]) -> dict[str, Any]:
    """The catalogue for programs."""
    return {"schema": "mleval.metrics/1", "metrics": [metric_dict(metric) for metric in metrics]}


def metric_dict(metric: Metric) -> dict[str, Any]:
    """All that a metric declares, in plain types; an infinite bound is null."""
    return {
        "name": metric.name,
        "title": metric.title,
        "tasks": list(metric.tasks),
        "aliases": list(metric.aliases),
        "default": bool(metric.default),
        "goal": metric.goal,
        "range": [bound if math.isfinite(bound) else None for bound in metric.range],
        "averages": list(metric.averages()),
        "parts": list(metric.parts),
        "options": [_option_dict(option) for option in metric.options],
        "synopsis": synopsis(metric),
        "formula": metric.formula,
        "interval": interval_source(metric),
        "use": metric.use,
        "beware": metric.beware,
        "source": metric.source,
        "example": example(metric),
    }


def card(metric: Metric) -> list[RenderableType]:
    """All about one metric, for a person."""
    from rich.text import Text

    command = command_of(metric.tasks[0])
    facts = {
        "task": ", ".join(metric.tasks),
        "formula": metric.formula,
        "range": _range(metric),
        "better": BETTER[metric.goal],
        "averages": ", ".join(metric.averages()),
        "parts": ", ".join(f"{metric.name}[{part}]" for part in metric.parts),
        "options": ", ".join(_option(option) for option in metric.options),
        "needs": _needed(metric),
        "interval": interval_source(metric),
        "use it when": metric.use,
        "beware": metric.beware,
        "also called": ", ".join(metric.aliases),
        "source": metric.source,
        "in the default report": _by_default(metric),
        "try": f'mleval {command} {_DATA.get(command, "preds.csv")} --metric "{example(metric)}"',
    }
    told = [(fact, text) for fact, text in facts.items() if text]
    heading = Text.assemble((metric.name, "bold cyan"), f"  {metric.title}")
    return [heading, Text(synopsis(metric)), Text(""), _two_columns(told, "bold")]


def _by_default(metric: Metric) -> str:
    """Whether the default report has it, and of which columns."""
    if not metric.default:
        return "no"
    if metric.per:
        return f"yes, one for each column of {metric.per}"
    return "yes, where those columns are" if metric.needs else "yes"


def _needed(metric: Metric) -> str:
    """The columns it reads beside truth and prediction, and what names them."""
    roles = ROLES.get(command_of(metric.tasks[0]), ())
    named = {role.name: f"{role.name.replace('_', ' ')} ({role.flag})" for role in roles}
    return ", ".join(named.get(name, name) for name in metric.needs)


def advice_text(advice: Advice) -> list[RenderableType]:
    """What to look at in a situation and what not, with the reasons."""
    from rich.text import Text

    parts: list[RenderableType] = [
        Text.assemble((advice.situation, "bold cyan"), f"  {advice.summary}")
    ]
    width = max(len(spec) for spec, _ in (*advice.look_at, *advice.not_at))
    for title, reasons in (("look at", advice.look_at), ("not at", advice.not_at)):
        parts += [Text(""), Text(title, "bold"), _two_columns(reasons, "cyan", min_width=width)]
    return parts


def advice_list(advice: Iterable[Advice]) -> RenderableType:
    """The situations that there is advice for."""
    return _two_columns([(item.situation, item.summary) for item in advice], "cyan")


def _two_columns(
    rows: Iterable[tuple[str, str]], style: str, *, min_width: int | None = None
) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style=style, min_width=min_width)
    table.add_column(overflow="fold")
    for name, text in rows:
        table.add_row(Text(name), Text(text))
    return table


def synopsis(metric: Metric) -> str:
    """What it is, in a sentence: the first line of its docstring."""
    return (inspect.getdoc(metric.function) or "").partition("\n")[0]


def interval_source(metric: Metric) -> str:
    """Where its interval comes from."""
    if metric.no_interval:
        return f"none: {metric.no_interval}"
    if metric.interval:
        return _INTERVALS.get(metric.interval, metric.interval)
    if metric.proportion:
        return "Wilson's"
    return "influence of each row" if metric.influence else "delta method"


def example(metric: Metric) -> str:
    """A Spec of it that runs."""
    return metric.example or metric.name


def _cells(metric: Metric) -> tuple[str, ...]:
    return (
        metric.name,
        "★" if metric.default else "",
        metric.title,
        ", ".join(in_short(metric.tasks)),
        BETTER[metric.goal],
        _range(metric),
        ", ".join(_option(option) for option in metric.options),
    )


def _range(metric: Metric) -> str:
    low, high = metric.range
    return f"{_bound(low)} … {_bound(high)}"


def _bound(bound: float) -> str:
    if math.isinf(bound):
        return "∞" if bound > 0 else "−∞"
    return "ln 2" if bound == math.log(2) else f"{bound:g}".replace("-", "−")


def _option(option: Option) -> str:
    """`k=5`, `strategy=uniform|quantile` with the default first, or `beta=…` when it has none."""
    choices = [str(choice) for choice in get_args(option.kind)]
    if choices:
        first = [] if option.required else [str(option.default)]
        return f"{option.name}={'|'.join(dict.fromkeys([*first, *choices]))}"
    if option.default in ("", None):
        return option.name
    return f"{option.name}={'…' if option.required else _spelled(option.default)}"


def _spelled(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value}".removesuffix(".0")


def _option_dict(option: Option) -> dict[str, Any]:
    choices = [str(choice) for choice in get_args(option.kind)]
    described: dict[str, Any] = {"name": option.name, "required": option.required}
    if not option.required:
        described["default"] = option.default
    if choices:
        described["choices"] = choices
    return described
