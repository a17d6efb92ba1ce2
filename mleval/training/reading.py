"""read_history: from files to what was found in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mleval.errors import InputError
from mleval.reading.histories import Log, open_logs
from mleval.training.axis import Points, points_of
from mleval.training.findings import findings_of
from mleval.training.gating import gated
from mleval.training.history import History
from mleval.training.names import RUNS
from mleval.training.pairing import curves_of, monitored, series_of
from mleval.training.run import Run
from mleval.training.runs import by_run, runs_in
from mleval.training.series import Curve, Series
from mleval.training.settings import HistoryOptions
from mleval.training.stopping import stop

_CANDIDATES = ("params", "mean_test_score", "rank_test_score", "mean_fit_time")
_NAMED = 6  # series in a line of what was assumed
_SIZES = ("train_size", "train_sizes", "train_sizes_abs")


def read_history(data: Any, options: HistoryOptions) -> History:
    """What was found in each history. data: as `open_logs` takes it.

    Raises InputError for files that hold none, UsageError for options that fit none of it.
    """
    runs: dict[str, Run] = {}
    logs = [
        part
        for log in open_logs(
            data, sep=options.sep, encoding=options.encoding, decimal=options.decimal
        )
        for part in _parts(log, options)
    ]
    names = _distinct([log.name for log in logs])
    for name, log in zip(names, logs, strict=True):
        runs[name] = _run(name, log, options)
    return gated(History(runs=runs), options.gates)


def _parts(log: Log, options: HistoryOptions) -> list[Log]:
    """The runs of a file. Raises InputError for what is no history."""
    columns = {name.strip().lower() for name in (*log.numbers, *log.texts)}
    if sum(name in columns for name in _CANDIDATES) >= 2:
        raise InputError(
            f"{log.name} holds the cv_results_ of a search: its rows are candidates, not epochs",
            hint="a history has a row an epoch; compare candidates by the column mean_test_score",
        )
    if any(name in columns for name in _SIZES):
        raise InputError(
            f"{log.name} holds a learning curve over the rows trained on, not over epochs",
            hint="a history has a row an epoch: an estimator's loss_curve_, or a log of training",
        )
    if not log.rows:
        raise InputError(
            f"{log.name}: there is no row under the header", hint="a history has a row an epoch"
        )
    return [
        part
        for run in by_run(log, _run_column(log, options))
        for part in runs_in(run, options.restarts)
    ]


def _run_column(log: Log, options: HistoryOptions) -> str | None:
    """The column that tells runs apart: as said, or by its name where it has several values."""
    if options.run is not None:
        return options.run
    for name in (*log.texts, *log.numbers):
        if name.strip().lower() in RUNS:
            cells = log.texts.get(name) or log.numbers[name].values.tolist()
            if 1 < len(set(cells)) <= log.rows // 2:
                return name
    return None


def _distinct(names: list[str]) -> list[str]:
    """Names without what all of them begin with; the whole name where that is not enough."""
    short = [Path(name).name for name in names]
    if len(names) > 1 and len(set(short)) == len(names):
        return short
    return names


def _run(name: str, log: Log, options: HistoryOptions) -> Run:
    points = points_of(log)
    series = series_of(points, options)
    curves = curves_of(series)
    watched = monitored(curves, options.monitor, log.name)
    run = Run(
        name=name,
        format=log.format,
        axis=points.axis,
        labels=points.labels,
        series=series,
        curves=curves,
        watched=watched,
        patience=options.patience,
        min_delta=options.min_delta,
        findings=tuple(findings_of(curves, watched, points.labels)),
        assumed=tuple(_assumed(log, points, series, curves, watched)),
        warnings=tuple(_warnings(points, curves, watched)),
    )
    if watched is None or watched.judged.goal is None:
        return run
    judged = watched.judged
    values = judged.sign * judged.values[judged.present]
    return replace(run, stopping=stop(values, options.patience, options.min_delta))


def _assumed(
    log: Log,
    points: Points,
    series: tuple[Series, ...],
    curves: tuple[Curve, ...],
    watched: Curve | None,
) -> list[str]:
    """What the file did not say outright."""
    said = [f"format={log.format}", *points.assumed]
    if watched is not None:
        said.append(f"monitor={watched.judged.name}")
    pairs = [
        f"{curve.train.name} with {curve.validation.name}"
        for curve in curves
        if curve.train is not None and curve.validation is not None
    ]
    if pairs:
        said.append(f"pairs={_some(pairs)}")
    for goal, sign in (("min", "lower"), ("max", "higher")):
        names = list(dict.fromkeys(f"{s.metric} ({s.why})" for s in series if s.goal == goal))
        if names:
            said.append(f"{sign} is better={_some(names)}")
    if points.averaged:
        said.append(f"means of the values since the point before={_some(points.averaged)}")
    return said


def _some(names: Sequence[str]) -> str:
    """The first of the names, and how many more there are."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _warnings(points: Points, curves: tuple[Curve, ...], watched: Curve | None) -> list[str]:
    said = list(points.warnings)
    if watched is None:
        said.append("nobody knows which way any series is better: say it with --goal NAME=max")
    elif watched.validation is None:
        said.append(
            f"{watched.judged.name} has no series of validation beside it: the best epoch is that "
            "of what was trained on, and overfitting cannot be seen; --pair TRAIN=VALIDATION"
        )
    said += _without_training(curves)
    if 1 <= len(points.labels) < 6:
        said.append("fewer than 6 points: a trend cannot be told from noise")
    return said


def _without_training(curves: tuple[Curve, ...]) -> list[str]:
    """A word on several series of validation of which one may be of training, as in XGBoost."""
    alone = [c.validation for c in curves if c.train is None and c.validation is not None]
    for one in alone:
        for other in alone:
            if one is not other and one.metric == other.metric and one.split == other.split:
                return [
                    f"{one.name} and {other.name} are both taken for validation; if the first is "
                    f"of training: --pair {one.name}={other.name}"
                ]
    return []
