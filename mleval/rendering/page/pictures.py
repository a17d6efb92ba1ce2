"""Which charts a report has, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from mleval.rendering.page.blocks import Figure
from mleval.rendering.page.charts.curves import PR, ROC, by_class, curve
from mleval.rendering.page.charts.errors import (
    error_by_predicted,
    normal_quantiles,
    true_by_predicted,
)
from mleval.rendering.page.charts.histograms import histogram, of_classes
from mleval.rendering.page.charts.lengths import by_length, of_metrics
from mleval.rendering.page.charts.reliability import reliability
from mleval.report import Report
from mleval.report_charts import Chart

_TARGETS = 3  # of whose errors there are pictures
_METRICS = 2  # of whose segments there are


def pictures(report: Report, digits: int) -> list[Figure]:
    """Those of its task for which it has what they draw."""
    found = [*_of_scores(report, digits), *_of_errors(report), *_of_texts(report)]
    return [figure for figure in found if figure is not None]


def _of_scores(report: Report, digits: int) -> Iterator[Figure | None]:
    labels = report.provenance.get("labels", ())
    names = {
        "binary": _binary(report),
        "pairs": ("same", "different"),
    }.get(report.task, ("right", "wrong"))
    for kind in (ROC, PR):
        yield curve(kind, {"": report}, digits)
        yield by_class(kind, report)
    yield reliability(report, names[0] if labels else "what came true")
    if "scores" in report.charts:
        what = {"pairs": "distance", "binary": "score"}.get(report.task, "highest probability")
        yield of_classes(report.charts["scores"], *names, what)


def _binary(report: Report) -> tuple[str, str]:
    positive = str(report.signature.get("positive"))
    labels = report.provenance.get("labels", ())
    return positive, next((label for label in labels if label != positive), "other")


def _of_errors(report: Report) -> Iterator[Figure | None]:
    targets = [f" of {target}" for target in report.targets][:_TARGETS] or [""]
    for of in targets:
        charts = {
            name: report.charts[f"{name}{of}"]
            for name in ("true_by_predicted", "error_by_predicted", "error_spread", "error", "qq")
            if f"{name}{of}" in report.charts
        }
        figures = []
        if "true_by_predicted" in charts:
            figures.append(true_by_predicted(charts["true_by_predicted"]))
        if "error_by_predicted" in charts:
            spread = charts.get("error_spread")
            figures.append(error_by_predicted(charts["error_by_predicted"], spread))
        if "error" in charts:
            figures.append(histogram(charts["error"], "Errors", "error"))
        if "qq" in charts:
            figures.append(normal_quantiles(charts["qq"]))
        yield from (one and _named(one, of) for one in figures)


def _named(figure: Figure, of: str) -> Figure:
    return replace(figure, title=f"{figure.title}{of}")


def _of_texts(report: Report) -> Iterator[Figure | None]:
    if "perplexities" in report.charts:
        yield histogram(
            report.charts["perplexities"],
            "Perplexity of sequences",
            "perplexity (logarithmic)",
            logarithmic=True,
        )
    for metric, chart in _of_some(report, "segments"):
        yield histogram(chart, f"{metric} of segments", metric)
    for metric, chart in _of_some(report, "score_by_length"):
        yield by_length(chart, metric)


def _of_some(report: Report, name: str) -> Iterator[tuple[str, Chart]]:
    """Some of the metrics that a chart is about."""
    return islice(of_metrics(report.charts.get(name, {"metric": []})).items(), _METRICS)
