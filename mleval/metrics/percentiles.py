"""Percentiles of the absolute error."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mleval.metrics.regression_rows import ABSOLUTE_ERROR
from mleval.registry import metric
from mleval.states import Ordered

of_errors = partial(
    metric,
    tasks=("regress",),
    state=Ordered,
    goal="min",
    range=(0, float("inf")),
    components=lambda: (ABSOLUTE_ERROR,),
    undefined="no rows",
    interval="order statistics",
)


@of_errors(
    "medae",
    title="Median absolute error",
    formula="median of |prediction − truth|",
    source="Hampel 1974",
    use="the error of a typical row; a few wild ones do not touch it",
    beware="says nothing of the worse half: see p90 and p99",
    aliases=("median_absolute_error", "neg_median_absolute_error"),
    default=True,
    share=0.5,
)
def medae(errors: Ordered) -> float:
    """The distance between prediction and truth that half of the rows stay within.

    >>> import numpy as np
    >>> medae(Ordered.of(np.array([1.0, 2.0, 9.0])))
    2.0
    """
    return errors.quantile(0.5)


def _declare(percent: int) -> Callable[[Ordered], float]:
    """The metric of one percentile."""

    def percentile(errors: Ordered) -> float:
        return errors.quantile(percent / 100)

    percentile.__doc__ = f"The absolute error that {percent} % of the rows stay within."
    return of_errors(
        f"p{percent}",
        title=f"{percent}th percentile of the absolute error",
        formula=f"averaged inverted distribution function of |prediction − truth| at {percent} %",
        source="Hyndman & Fan 1996, type 2",
        use="a promise is to be made: so many rows are no farther off than this"
        if percent > 50
        else "beside the higher percentiles; the same number as medae",
        share=percent / 100,
        beware="has an interval only where there are rows enough above it"
        if percent > 50
        else "says nothing of the worse half",
    )(percentile)


p50, p90, p95, p99 = map(_declare, (50, 90, 95, 99))
