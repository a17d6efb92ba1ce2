"""What a careful reader of the numbers of a regression should know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from mleval.evaluation.regression.evidence import RegressionEvidence
from mleval.evaluation.regression.plan import HANDFUL
from mleval.evaluation.regression.targets import ONE, of_target
from mleval.report import Estimate

_FEW = 20  # rows for one that may be called few among them
_SMALL = 30  # effective rows under which coverage is not what the level says


def cautions(evidence: RegressionEvidence, metrics: Mapping[str, Estimate]) -> Iterator[str]:
    """One sentence a caution."""
    for target in evidence.targets:
        for caution in _of_target(evidence, target):
            yield caution if target == ONE else f"{target}: {caution}"
    mape = metrics.get("mape")
    if mape is not None and (mape.undefined or "").startswith("truth is 0"):
        yield f"mape is undefined: {mape.undefined}; see wape and smape"
    means = evidence.means
    some = any(item.low is not None for item in metrics.values())
    if some and means and 1 < means.weight**2 / means.weight2 < _SMALL:
        yield f"under {_SMALL} rows: intervals are approximate"


def _of_target(evidence: RegressionEvidence, target: str) -> Iterator[str]:
    assert evidence.means
    told = evidence.means.readings()
    low, high = (told[of_target(f"{end} truth", target)] for end in ("min", "max"))
    if low == high and evidence.rows > 1:
        yield f"truth is {low:g} in every row: what compares with its spread is undefined"
    if told[of_target("max squared_error", target)] == 0:
        yield "the prediction is the truth in every row: are both columns what they should be?"
        return
    yield from _of_few_rows(evidence, target)


def _of_few_rows(evidence: RegressionEvidence, target: str) -> Iterator[str]:
    """A handful of rows that make over half of the squared error."""
    assert evidence.means
    total = evidence.means.value(of_target("squared_error", target)) * evidence.means.weight
    heaviest = evidence.heaviest.get(target)
    if heaviest is None:
        squares, where = evidence.worst[target].columns["key"] ** 2, " (--worst {} lists them)"
    else:  # they need not be those with the largest errors
        squares, where = -heaviest.columns["key"], ", by weight and error"
    above = np.flatnonzero(np.cumsum(squares) > total / 2)
    most = min(HANDFUL, evidence.rows // _FEW)
    if len(above) and above[0] < most:
        count = int(above[0]) + 1
        made = "1 row makes" if count == 1 else f"{count} rows make"
        yield (
            f"{made} over half of the squared error of {evidence.rows:,}: mse, rmse and r2 are "
            f"about them{where.format(count)}"
        )
