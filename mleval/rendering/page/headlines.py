"""The numbers that stand at the top: a few that say the most of a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mleval.rendering.interval_scale import is_drawn
from mleval.rendering.numerals import interval, level, number
from mleval.rendering.page.blocks import Headline
from mleval.rendering.page.charts.bars import Ruler
from mleval.report import Estimate, Report
from mleval.report_set import ReportSet

MOST = 3
_FIRST = {
    "binary": ("f1", "roc_auc", "accuracy"),
    "multiclass": ("accuracy", "f1[macro]", "log_loss"),
    "multilabel": ("f1[macro]", "f1[micro]", "subset_accuracy"),
    "regress": ("mae", "rmse", "r2"),
    "perplexity": ("perplexity", "bits_per_byte", "bits_per_token"),
    "pairs": ("roc_auc", "eer", "contrastive_loss"),
    "text": ("bleu", "chrf", "rougeL"),
}


def headlines(report: Report, digits: int) -> list[Headline]:
    """Those that say the most where the report has them; else the first ones of the report."""
    return of_metrics({name: report.metrics[name] for name in _names(report)[:MOST]}, digits)


def of_metrics(metrics: Mapping[str, Estimate], digits: int) -> list[Headline]:
    """These, the first above the others."""
    found = [_headline(name, item, digits) for name, item in metrics.items()]
    return [replace(one, main=place == 0) for place, one in enumerate(found)]


def of_models(reports: ReportSet, digits: int) -> list[Headline]:
    """The first of them, of each model."""
    names = _names(next(iter(reports.systems.values())))
    return [
        _headline(f"{name} of {model}", item, digits)
        for name in names[:1]
        for model, item in list(reports.metrics[name].items())[: MOST + 1]
    ]


def _names(report: Report) -> list[str]:
    return [n for n in _FIRST.get(report.task, ()) if n in report.metrics] or list(report.metrics)


def _headline(name: str, item: Estimate, digits: int) -> Headline:
    if item.value is None:
        return Headline(name=name, value="—", interval=f"undefined: {item.undefined}")
    shown = interval(item, digits)
    at = f"{level(item.level)} interval " if item.level is not None else ""
    said = f"{at}{shown}" if shown else f"no interval: {item.no_interval}"
    if not shown and not item.no_interval:
        said = ""
    drawing = Ruler.between(0.0, 1.0).draw(item) if shown and is_drawn(item) else ""
    return Headline(name=name, value=number(item.value, digits), interval=said, drawing=drawing)
