"""Arithmetic over metrics as a person writes it: `0.7*mse + 0.3*mae`, parsed and never run as code.

    expression = term { ("+" | "-") term }            term = factor { ("*" | "/") factor }
    factor     = "-" factor | "(" expression ")" | call | number | "baseline" | spec
    call       = ("min" | "max") "(" expression { "," expression } ")" | "sqrt" "(" expression ")"
    derived    = name "=" expression
    gate       = expression ("<" | "<=" | ">" | ">=" | "==") expression

`baseline` is the value that the left side of a gate has in the baseline: only a gate has one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from mleval.spec import Parser, Spec
from mleval.spelling import error

Sign = Literal["+", "-", "*", "/"]
Comparison = Literal["<", "<=", ">", ">=", "=="]

_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.])")
_FUNCTIONS = ("min", "max", "sqrt")
_OTHER_FUNCTIONS = ("abs", "exp", "ln", "log", "log10", "log2", "mean", "pow", "round", "sum")
_BINDING = {"+": 1, "-": 1, "*": 2, "/": 2}
_LONGEST = 100  # operations; trees are walked by recursion


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in an expression: not negative, and finite."""

    value: float

    def __str__(self) -> str:
        whole = self.value.is_integer() and self.value < 1e15
        return str(int(self.value)) if whole else repr(self.value)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the left side of the gate is in the baseline."""

    def __str__(self) -> str:
        return "baseline"


@dataclass(frozen=True, slots=True)
class Negative:
    """The expression with the other sign."""

    operand: Expression

    def __str__(self) -> str:
        return f"-{_within(self.operand, 3)}"


@dataclass(frozen=True, slots=True)
class Operation:
    """Two expressions and what stands between them."""

    sign: Sign
    left: Expression
    right: Expression

    def __str__(self) -> str:
        binding = _BINDING[self.sign]
        room = " " if binding == 1 else ""
        left, right = _within(self.left, binding), _within(self.right, binding + 1)
        return f"{left}{room}{self.sign}{room}{right}"


@dataclass(frozen=True, slots=True)
class Call:
    """min, max or sqrt of expressions."""

    function: Literal["min", "max", "sqrt"]
    arguments: tuple[Expression, ...]

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(str, self.arguments))})"


Expression = Number | Baseline | Negative | Operation | Call | Spec


def _within(expression: Expression, binding: int) -> str:
    """As an operand of something that binds as strongly."""
    loose = isinstance(expression, Operation) and _BINDING[expression.sign] < binding
    return f"({expression})" if loose else str(expression)


@dataclass(frozen=True, slots=True)
class Derived:
    """A metric of one's own: a name and what it is of other metrics. text: as it was written.

    >>> str(Derived.parse("combined=.7*mse+(.3*mae)"))
    'combined = 0.7*mse + 0.3*mae'
    """

    name: str
    expression: Expression
    text: str = field(default="", compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> Derived:
        """Read `name = expression`; `UsageError` with a caret where it ceases to be one."""
        parser = _ExpressionParser(text)
        derived = parser.derived()
        parser.end()
        return replace(derived, text=text)

    def __str__(self) -> str:
        return f"{self.name} = {self.expression}"


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition that a report meets or fails.

    >>> str(Gate.parse("f1>=baseline-.01"))
    'f1 >= baseline - 0.01'
    """

    left: Expression
    sign: Comparison
    right: Expression

    @classmethod
    def parse(cls, text: str) -> Gate:
        """Read a gate; `UsageError` with a caret under the place where it ceases to be one."""
        parser = _ExpressionParser(text)
        gate = parser.gate()
        parser.end()
        return gate

    def __str__(self) -> str:
        return f"{self.left} {self.sign} {self.right}"


def parse_metric(text: str) -> Spec | Derived:
    """A metric as `--metric` takes it: a Spec, or a derived one where `name =` comes first.

    >>> parse_metric("f1[macro]")
    Spec(name='f1', ...)
    """
    return Derived.parse(text) if re.match(r"\s*\w+\s*=", text) else Spec.parse(text)


def parse_expression(text: str) -> Expression:
    """Read an expression that is no gate; `UsageError` where it ceases to be one.

    >>> str(parse_expression("sqrt((mse))"))
    'sqrt(mse)'
    """
    parser = _ExpressionParser(text)
    expression = parser.expression()
    parser.end()
    return expression


def specs_of(expression: Expression) -> Iterator[Spec]:
    """The metrics that an expression is of, in the order in which they stand in it.

    >>> [str(spec) for spec in specs_of(parse_expression("max(f1, recall) - f1"))]
    ['f1', 'recall', 'f1']
    """
    if isinstance(expression, Spec):
        yield expression
    elif isinstance(expression, Negative):
        yield from specs_of(expression.operand)
    elif isinstance(expression, Operation):
        yield from specs_of(expression.left)
        yield from specs_of(expression.right)
    elif isinstance(expression, Call):
        for argument in expression.arguments:
            yield from specs_of(argument)


def evaluate(expression: Expression, read: Callable[[Spec | Baseline], Any]) -> Any:
    """The value of an expression, of what `read` gives for its metrics.

    Those may be numbers, arrays, or variables that remember what they were computed from. A
    division by zero gives an infinity or nan, as numpy has it.

    >>> float(evaluate(parse_expression("2*mse - sqrt(4)"), lambda spec: 1.5))
    1.0
    """
    import numpy as np

    def of(node: Expression) -> Any:
        if isinstance(node, Number):
            return np.float64(node.value)
        if isinstance(node, Negative):
            return np.negative(of(node.operand))
        if isinstance(node, Operation):
            return arithmetic[node.sign](of(node.left), of(node.right))
        if isinstance(node, Call):
            first, *others = map(of, node.arguments)
            if node.function == "sqrt":
                return np.sqrt(first)
            for other in others:
                first = (np.minimum if node.function == "min" else np.maximum)(first, other)
            return first
        return read(node)

    arithmetic: dict[str, Callable[[Any, Any], Any]] = {
        "+": np.add,
        "-": np.subtract,
        "*": np.multiply,
        "/": np.true_divide,
    }
    with np.errstate(all="ignore"):
        return of(expression)


class _ExpressionParser(Parser):
    """Recursive descent over expressions; a metric in one is read as a Spec is."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.has_baseline = False
        self.operations = 0

    def gate(self) -> Gate:
        """Take a gate."""
        start = self.token.start
        left = self.expression()
        sign = self._comparison()
        if not any(specs_of(left)):
            problem = "expected a metric on the left of a gate, found numbers alone"
            raise error(self.text, start, problem, "for example f1 >= 0.8")
        self.has_baseline = True
        gate = Gate(left, sign, self.expression())
        if self.token.value in ("<", ">", "=") and self.token.kind == "symbol":
            self.fail("the end", hint="one comparison a gate: write two gates")
        return gate

    def derived(self) -> Derived:
        """Take the name of a derived metric and what it is."""
        name = self._name("the name of the derived metric")
        if not self.take("="):
            self.fail(hint="a derived metric has a name: combined = 0.7*mse + 0.3*mae")
        if self.token.value == "=" and self.token.kind == "symbol":
            self.fail("an expression", hint="a condition is a gate: --gate")
        start = self.token.start
        derived = Derived(name, self.expression())
        if not any(specs_of(derived.expression)):
            raise error(self.text, start, f"{name} is a number: it is of no metric")
        return derived

    def expression(self) -> Expression:
        """Take an expression; what follows it is left."""
        found = self._term()
        while self.take("+") or self.take("-"):
            sign: Any = self.tokens[self.position - 1].value
            self._count()
            found = Operation(sign, found, self._term())
        return found

    def _term(self) -> Expression:
        found = self._factor()
        while self.take("*") or self.take("/"):
            sign: Any = self.tokens[self.position - 1].value
            self._count()
            found = Operation(sign, found, self._factor())
        return found

    def _factor(self) -> Expression:
        self._count()
        if self.take("-"):
            return Negative(self._factor())
        if self.take("("):
            found = self.expression()
            self._close(")")
            return found
        number = _NUMBER.match(self.text, self.token.start)
        if number:
            return self._number(number)
        if self.token.kind != "word" or not self.token.value.isidentifier():
            self.fail("a metric", "a number")
        if self.tokens[self.position + 1].value == "(":
            if self.token.value in _FUNCTIONS:
                return self._call()
            if self.token.value in _OTHER_FUNCTIONS:
                problem = f"there is no function {self.token.value}"
                raise error(self.text, self.token.start, problem, "there are min, max and sqrt")
        if self.token.value != "baseline":
            return self.spec()
        if not self.has_baseline:
            problem = "only the right side of a gate has a baseline: it is the left side's there"
            hint = "for example f1 >= baseline - 0.01"
            raise error(self.text, self.token.start, problem, hint)
        self.advance()
        return Baseline()

    def _number(self, found: re.Match[str]) -> Number:
        value = float(found[0])
        if value == float("inf"):
            raise error(self.text, found.start(), "this number is too large")
        while self.token.kind != "end" and self.token.start < found.end():
            self.advance()
        if self.token.value == "%":
            self.fail("an operation or the end", hint=f"{found[0]} % is {value / 100:g}")
        return Number(value)

    def _call(self) -> Call:
        function: Any = self.advance().value
        start = self.advance().start
        arguments = [self.expression()]
        while self.take(","):
            arguments.append(self.expression())
        self._close(")")
        if (len(arguments) == 1) != (function == "sqrt"):
            wanted = "one expression" if function == "sqrt" else "several expressions"
            raise error(self.text, start, f"expected {wanted} in {function}(...)")
        return Call(function, tuple(arguments))

    def _comparison(self) -> Comparison:
        signs: dict[str, Comparison] = {s: s for s in ("<=", ">=", "==", "<", ">")}
        start = self.token.start
        for sign, found in signs.items():
            if self.token.kind == "symbol" and self.text.startswith(sign, start):
                while self.token.start < start + len(sign) and self.token.kind != "end":
                    self.advance()
                return found
        hint = "equality is written ==" if self.token.value == "=" else "for example f1 >= 0.8"
        self.fail("<", "<=", ">", ">=", "==", hint=hint)

    def _count(self) -> None:
        self.operations += 1
        if self.operations > 2 * _LONGEST:
            raise error(
                self.text, self.token.start, f"an expression has {_LONGEST} operations at the most"
            )
