"""The leaves of an expression: whether it has a baseline, and others in their place."""

from __future__ import annotations

from collections.abc import Callable

from mleval.expression import Baseline, Call, Expression, Negative, Number, Operation
from mleval.spec import Spec

Leaf = Callable[[Spec | Baseline], Expression]


def substituted(expression: Expression, by: Leaf) -> Expression:
    """The expression with what `by` gives in place of its metrics and its baseline.

    >>> from mleval.expression import parse_expression
    >>> str(substituted(parse_expression("2*mse - mae"), lambda spec: Number(3.0)))
    '2*3 - 3'
    """
    if isinstance(expression, Number):
        return expression
    if isinstance(expression, Negative):
        return Negative(substituted(expression.operand, by))
    if isinstance(expression, Operation):
        left, right = (substituted(side, by) for side in (expression.left, expression.right))
        return Operation(expression.sign, left, right)
    if isinstance(expression, Call):
        return Call(expression.function, tuple(substituted(a, by) for a in expression.arguments))
    return by(expression)


def has_baseline(expression: Expression) -> bool:
    """Whether `baseline` stands in it."""
    found = []

    def look(leaf: Spec | Baseline) -> Expression:
        found.append(isinstance(leaf, Baseline))
        return leaf

    substituted(expression, look)
    return any(found)


def constant(value: float) -> Expression:
    """A finite number as an expression.

    >>> str(constant(-0.5))
    '-0.5'
    """
    return Number(value) if value >= 0 else Negative(Number(-value))


def without_baseline(leaf: Spec | Baseline) -> Expression:
    """A metric as it is, and a number for the baseline."""
    return Number(1.0) if isinstance(leaf, Baseline) else leaf


def without_ends_and_slices(leaf: Spec | Baseline) -> Expression:
    """A metric of all rows as it is, and a number for the end of an interval, or for a slice."""
    return Number(1.0) if isinstance(leaf, Spec) and (leaf.field or leaf.slice) else leaf
