"""`mleval.history`: what it makes of its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from mleval.api.common import Gates, parsed_gates, refuse_lazy

if TYPE_CHECKING:
    from mleval.training.history import History


def history(
    data: Any,
    *,
    monitor: str | None = None,
    goals: Mapping[str, Literal["max", "min"]] | None = None,
    pairs: Mapping[str, str] | None = None,
    run: str | None = None,
    restarts: Literal["replace", "continue", "runs"] | None = None,
    patience: int = 5,
    min_delta: float = 0.0,
    gates: Gates | None = None,
    sep: str | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
) -> History:
    """How training went: `.run.findings`, `.run.stopping_at()`, `.best`, `.passed`, `.to_frame()`.

    data: a path, several (one a run), a DataFrame or a dict of columns such as Keras's
    `history.history`; monitor: the series that epochs and runs are judged by; goals: series → max
    or min, where names do not say; pairs: training → validation; run: the column that tells runs
    apart; restarts: what epochs that go back mean; patience, min_delta: of early stopping, in
    epochs and in units of the series; gates: such as "val_loss.best <= 0.3", where `val_loss`
    alone is the last value.

    Raises InputError for what is no history, UsageError for what cannot be meant.

    >>> log = {"loss": [0.9, 0.6, 0.4, 0.3], "val_loss": [1.0, 0.8, 0.7, 0.75]}
    >>> found = history(log, gates="val_loss.best <= 0.7")
    >>> found.run.watched.name, found.run.at(found.run.watched.judged.best), found.passed
    ('loss', 3.0, True)
    """
    from mleval.training.reading import read_history
    from mleval.training.settings import HistoryOptions

    refuse_lazy(data)
    options = HistoryOptions(
        monitor=monitor,
        goals=goals or {},
        pairs=pairs or {},
        run=run,
        restarts=restarts,
        patience=patience,
        min_delta=min_delta,
        gates=parsed_gates(gates),
        sep=sep,
        encoding=encoding,
        decimal=decimal,
    )
    options.check()
    return read_history(data, options)
