"""Gradients are the slopes that finite differences see, for everything that formulas may use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mleval.uncertainty.gradient import Variable, gradient

A, B = np.array([0.3, 1.7, 2.2]), np.array([1.1, 0.6, 3.0])
FORMULAS: dict[str, Callable[[Any, Any], Any]] = {
    "a + b": lambda a, b: (a + b).sum(),
    "a - b": lambda a, b: (a - b).sum(),
    "a * b": lambda a, b: (a * b).sum(),
    "a / b": lambda a, b: (a / b).sum(),
    "a ** b": lambda a, b: (a**b).sum(),
    "a ** 2": lambda a, b: (a**2).sum() + b.sum(),
    "a ** 0.5": lambda a, b: (a**0.5 * b).sum(),
    "-a": lambda a, b: (-a * b).sum(),
    "|a - b|": lambda a, b: abs(a - b).sum(),
    "numbers on the left": lambda a, b: (
        (1 + a).sum() + (2 - b).sum() + (3 * a).sum() + (4 / b).sum()
    ),
    "arrays on the left": lambda a, b: (
        (B + a).sum() + (A - b).sum() + (A * b).sum() + (A / a).sum()
    ),
    "square": lambda a, b: np.square(a * b).sum(),
    "sqrt": lambda a, b: np.sqrt(a * b).sum(),
    "exp": lambda a, b: np.exp(a - b).sum(),
    "log": lambda a, b: np.log(a / b).sum(),
    "log1p": lambda a, b: np.log1p(a * b).sum(),
    "maximum": lambda a, b: np.maximum(a, b).sum(),
    "minimum": lambda a, b: np.minimum(a, b).sum(),
    "where": lambda a, b: np.where(a > 1, a * b, b / a).sum(),
    "where, a number on a side": lambda a, b: np.where(a < b, a * b, 7.0).sum(),
    "np.sum": lambda a, b: np.sum(a * a / b),
    "an element": lambda a, b: a[1] * b[2] + a[0],
    "a slice": lambda a, b: (a[1:] * b[:2]).sum(),
    "positions, some twice": lambda a, b: (a[np.array([0, 0, 2])] * b).sum(),
    "a mask": lambda a, b: (a[A > 1] * b[A > 1]).sum(),
    "a scalar broadcast": lambda a, b: (a * b[0] / b.sum()).sum(),
    "one operand twice": lambda a, b: (a * a * a).sum() - (b * a).sum() ** 2,
    "a long chain": lambda a, b: np.sqrt(np.exp(a / b).sum() / (a + b).sum()) ** 3,
}


@pytest.mark.parametrize("name", FORMULAS)
def test_slopes_are_those_of_finite_differences(name: str) -> None:
    formula = FORMULAS[name]
    leaves = [Variable(A), Variable(B)]
    result = formula(*leaves)
    assert result.value == pytest.approx(formula(A, B), rel=1e-15)
    for place, slope in enumerate(gradient(result, leaves)):
        for i in range(3):
            ends = []
            for h in (1e-6, -1e-6):
                moved = [A.copy(), B.copy()]
                moved[place][i] += h
                ends.append(formula(*moved))
            assert slope[i] == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-7, abs=1e-7)


def test_what_does_not_depend_on_a_leaf_has_no_slope() -> None:
    a, b = Variable(A), Variable(B)
    assert gradient((a * a).sum(), [b])[0].tolist() == [0.0, 0.0, 0.0]


def test_nothing_flows_back_through_the_side_that_is_not_chosen() -> None:
    a = Variable(np.array([0.0, 4.0]))
    nan = np.where(a == 0, np.nan, 1.0 / np.where(a == 0, 1.0, a))
    assert gradient(nan[1], [a])[0].tolist() == [0.0, -1 / 16]


def test_scalars_are_broadcast_both_ways() -> None:
    total = Variable(np.float64(2.0))
    column = Variable(np.array([1.0, 2.0, 3.0]))
    slope = gradient((column / total).sum(), [total, column])
    assert slope[0] == pytest.approx(-6 / 4)
    assert slope[0].shape == ()
    assert slope[1].tolist() == [0.5, 0.5, 0.5]
    table = Variable(np.ones((2, 3)))
    rows = Variable(np.array([[2.0], [5.0]]))
    assert gradient((table * rows).sum(), [rows])[0].tolist() == [[3.0], [3.0]]


def test_comparisons_are_of_values() -> None:
    a, b = Variable(A), Variable(B)
    for compare in (np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal):
        assert compare(a, b).tolist() == compare(A, B).tolist()
    assert (a < 1).tolist() == [True, False, False]
    assert np.isnan(Variable(np.array([np.nan, 1.0]))).tolist() == [True, False]


def test_arithmetic_without_a_slope_is_refused() -> None:
    with pytest.raises(TypeError):
        np.arctan(Variable(A))
    with pytest.raises(TypeError):
        np.median(Variable(A))


def test_a_chain_of_thousands_is_no_deeper_than_one() -> None:
    a = Variable(np.array([1.0]))
    x: Any = a
    for _ in range(5000):
        x = x * 1.0
    assert gradient(x.sum(), [a])[0].tolist() == [1.0]
