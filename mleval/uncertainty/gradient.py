"""Reverse-mode differentiation of the numpy arithmetic that metrics are written in.

A metric is one formula; run on `Variable`s in place of arrays it yields, besides its value, how
far each count or mean moves it. That is all the delta method asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from mleval.batch import Floats

Adjoint = Callable[[Floats], Any]  # the gradient at a result → its share for one operand


class Variable(NDArrayOperatorsMixin):
    """An array that remembers what it was computed from.

    >>> x = Variable(np.array([3.0, 4.0]))
    >>> gradient((x * x).sum(), [x])[0].tolist()
    [6.0, 8.0]
    """

    __slots__ = ("operands", "value")

    def __init__(self, value: Any, operands: Sequence[tuple[Variable, Adjoint]] = ()) -> None:
        self.value: Floats = np.asarray(value, dtype=np.float64)
        self.operands = tuple(operands)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **_: Any) -> Any:
        values = [_value(x) for x in inputs]
        if ufunc in _YIELD_BOOLEANS:
            return ufunc(*values)
        if method != "__call__" or ufunc not in _PARTIALS:
            return NotImplemented
        with np.errstate(all="ignore"):
            result = ufunc(*values)
            partials = _PARTIALS[ufunc](result, *values)
        return Variable(
            result,
            [
                (x, partial(_times, p, x.value.shape))
                for x, p in zip(inputs, partials, strict=True)
                if isinstance(x, Variable)
            ],
        )

    def __array_function__(self, function: Any, _types: Any, arguments: Any, _keywords: Any) -> Any:
        if function is np.where:
            return _where(*arguments)
        return Variable.sum(*arguments) if function is np.sum else NotImplemented

    def sum(self) -> Variable:
        """The sum of all elements."""
        shape = self.value.shape
        return Variable(self.value.sum(), [(self, lambda g: np.broadcast_to(g, shape))])

    def __getitem__(self, index: Any) -> Variable:
        def scatter(g: Floats) -> Floats:
            full = np.zeros_like(self.value)
            np.add.at(full, index, g)
            return full

        return Variable(self.value[index], [(self, scatter)])

    def __len__(self) -> int:
        return len(self.value)


def gradient(result: Variable, leaves: Sequence[Variable]) -> list[Floats]:
    """The gradient of a scalar `result` with respect to each leaf, in its shape."""
    slope: dict[int, Any] = {id(result): np.ones_like(result.value)}
    for node in reversed(_in_order(result)):
        g = slope.get(id(node))
        if g is None:
            continue
        for operand, adjoint in node.operands:
            share = adjoint(g)
            before = slope.get(id(operand))
            slope[id(operand)] = share if before is None else before + share
    return [np.asarray(slope.get(id(leaf), np.zeros_like(leaf.value))) for leaf in leaves]


def _in_order(result: Variable) -> list[Variable]:
    """Every variable behind `result`, operands before what is computed of them."""
    order: list[Variable] = []
    seen: set[int] = set()
    stack: list[tuple[Variable, bool]] = [(result, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((operand, False) for operand, _ in node.operands)
    return order


def _value(x: Any) -> Any:
    return x.value if isinstance(x, Variable) else x


def _fold(g: Any, shape: tuple[int, ...]) -> Floats:
    """Undo broadcasting: sum `g` down to `shape`."""
    folded: Floats = np.asarray(g, dtype=np.float64)
    if folded.shape == shape:
        return folded
    folded = np.asarray(folded.sum(axis=tuple(range(folded.ndim - len(shape)))))
    stretched = tuple(i for i, n in enumerate(shape) if n == 1 and folded.shape[i] != 1)
    return np.asarray(folded.sum(axis=stretched, keepdims=True)) if stretched else folded


def _times(factor: Any, shape: tuple[int, ...], g: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        product = g * factor
    return _fold(np.where(g == 0, 0.0, product), shape)  # what was not chosen passes nothing on


def _where_chosen(chosen: NDArray[np.bool_], shape: tuple[int, ...], g: Floats) -> Floats:
    return _fold(np.where(chosen, g, 0.0), shape)


def _where(condition: Any, yes: Any, no: Any) -> Variable:
    """numpy.where; nothing flows back through the side that was not chosen, not even a nan."""
    chosen: NDArray[np.bool_] = np.asarray(_value(condition), dtype=np.bool_)
    shape = np.broadcast_shapes(chosen.shape, np.shape(_value(yes)), np.shape(_value(no)))
    sides = [(yes, np.broadcast_to(chosen, shape)), (no, np.broadcast_to(~chosen, shape))]
    return Variable(
        np.where(chosen, _value(yes), _value(no)),
        [
            (x, partial(_where_chosen, mask, x.value.shape))
            for x, mask in sides
            if isinstance(x, Variable)
        ],
    )


_YIELD_BOOLEANS = {
    np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal,
    np.isnan, np.isfinite, np.isinf,
}  # fmt: skip

# ufunc → (result, operands…) ↦ the derivative with respect to each operand
_PARTIALS: dict[Any, Callable[..., tuple[Any, ...]]] = {
    np.add: lambda *_: (1.0, 1.0),
    np.subtract: lambda *_: (1.0, -1.0),
    np.multiply: lambda _, a, b: (b, a),
    np.true_divide: lambda r, _, b: (1.0 / b, -r / b),
    np.power: lambda r, a, b: (b * np.power(a, b - 1.0), r * np.log(a)),
    np.negative: lambda *_: (-1.0,),
    np.absolute: lambda _, a: (np.sign(a),),
    np.square: lambda _, a: (2.0 * a,),
    np.sqrt: lambda r, _: (0.5 / r,),
    np.exp: lambda r, _: (r,),
    np.log: lambda _, a: (1.0 / a,),
    np.log1p: lambda _, a: (1.0 / (1.0 + a),),
    np.maximum: lambda _, a, b: (np.where(a >= b, 1.0, 0.0), np.where(a >= b, 0.0, 1.0)),
    np.minimum: lambda _, a, b: (np.where(a <= b, 1.0, 0.0), np.where(a <= b, 0.0, 1.0)),
}
