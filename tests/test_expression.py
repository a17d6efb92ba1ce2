"""Expressions, derived metrics and gates parse, print back to themselves, and point at mistakes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mleval.errors import UsageError
from mleval.expression import (
    Baseline,
    Call,
    Derived,
    Expression,
    Gate,
    Negative,
    Number,
    Operation,
    evaluate,
    parse_expression,
    parse_metric,
    specs_of,
)
from mleval.spec import Slice, Spec
from mleval.uncertainty.gradient import Variable, gradient

A, B, C = Spec("a"), Spec("b"), Spec("c")

TREES = {
    "0.7*mse + 0.3*mae": Operation(
        "+",
        Operation("*", Number(0.7), Spec("mse")),
        Operation("*", Number(0.3), Spec("mae")),
    ),
    "a - b - c": Operation("-", Operation("-", A, B), C),
    "a - (b - c)": Operation("-", A, Operation("-", B, C)),
    "a/(b*c)": Operation("/", A, Operation("*", B, C)),
    "a/b*c": Operation("*", Operation("/", A, B), C),
    "(a + b)*c": Operation("*", Operation("+", A, B), C),
    "-a*b": Operation("*", Negative(A), B),
    "-(a*b)": Negative(Operation("*", A, B)),
    "--a": Negative(Negative(A)),
    "a - -1": Operation("-", A, Negative(Number(1.0))),
    "min(a, 2*b, c)": Call("min", (A, Operation("*", Number(2.0), B), C)),
    "sqrt(a) + max(a, b)": Operation("+", Call("sqrt", (A,)), Call("max", (A, B))),
    "fbeta(beta=2)[macro].low/1e-07": Operation(
        "/", Spec("fbeta", (("beta", 2),), average="macro", field="low"), Number(1e-7)
    ),
    "f1{worst country} + 1000000000000000.0": Operation(
        "+", Spec("f1", slice=Slice("country")), Number(1e15)
    ),
    "min + max_error": Operation("+", Spec("min"), Spec("max_error")),
}

LOOSE = {
    "  ( .5 * ( mse ) )": "0.5*mse",
    "1E3*a": "1000*a",
    "a+ +1": None,
    "2.*a": "2*a",
}

GATES = {
    "f1 >= 0.8": Gate(Spec("f1"), ">=", Number(0.8)),
    "roc_auc.low > 0.85": Gate(Spec("roc_auc", field="low"), ">", Number(0.85)),
    "rmse <= 12.5": Gate(Spec("rmse"), "<=", Number(12.5)),
    "rmse < baseline*1.02": Gate(
        Spec("rmse"), "<", Operation("*", Baseline(), Number(1.02))
    ),
    "f1 == 1": Gate(Spec("f1"), "==", Number(1.0)),
    "f1{country=DE} >= min(baseline, 0.7)": Gate(
        Spec("f1", slice=Slice("country", "DE")), ">=", Call("min", (Baseline(), Number(0.7)))
    ),
    "0.7*mse + 0.3*mae < 3": Gate(
        parse_expression("0.7*mse + 0.3*mae"), "<", Number(3.0)
    ),
}  # fmt: skip

MISTAKES = [  # text, place of the caret, some of the message, hint
    ("a = 3", 4, "a is a number: it is of no metric", None),
    ("x = 13a", 4, 'found "13a"', None),
    ("x = (a", 6, 'or ")", found the end', None),
    ("x = a b", 6, "expected", None),
    ("x = min(a)", 7, "expected several expressions in min(...)", None),
    ("x = 2*log(mse)", 6, "there is no function log", "there are min, max and sqrt"),
    ("x = sqrt(a, b)", 8, "expected one expression in sqrt(...)", None),
    ("x = baseline + a", 4, "only the right side of a gate has a baseline", None),
    ("x == a", 3, "expected an expression", "a condition is a gate: --gate"),
    ("x = 1e999*a", 4, "this number is too large", None),
    ("x = 27%", 6, "expected", "27 % is 0.27"),
    ("x = recall[marco]", 11, "expected macro", "did you mean macro?"),
]

WRONG_GATES = [
    ("f1", 2, "or ==, found the end", "for example f1 >= 0.8"),
    ("f1 = 3", 3, 'found "="', "equality is written =="),
    ("f1 =< 3", 3, 'found "="', "equality is written =="),
    ("f1 != 3", 3, 'found "!"', "for example f1 >= 0.8"),
    ("f1 >= 27%", 8, 'found "%"', "27 % is 0.27"),
    ("0.5 < f1", 0, "expected a metric on the left of a gate", "for example f1 >= 0.8"),
    ("f1 > 0.5 > 0.2", 9, 'found ">"', "one comparison a gate: write two gates"),
    ("f1 - baseline > 0", 5, "only the right side", "for example f1 >= baseline - 0.01"),
    ("f1 >=", 5, "found the end", None),
]


@pytest.mark.parametrize("text", TREES)
def test_an_expression_parses_and_prints_back_to_itself(text: str) -> None:
    assert parse_expression(text) == TREES[text]
    assert str(TREES[text]) == text
    assert parse_metric(f"x = {text}") == Derived("x", TREES[text])


@pytest.mark.parametrize("text", LOOSE)
def test_a_loose_spelling_prints_canonically(text: str) -> None:
    if LOOSE[text] is None:
        with pytest.raises(UsageError):
            parse_expression(text)
    else:
        assert str(parse_expression(text)) == LOOSE[text]


@pytest.mark.parametrize("text", GATES)
def test_a_gate_parses_and_prints_back_to_itself(text: str) -> None:
    assert Gate.parse(text) == GATES[text]
    assert str(GATES[text]) == text


def test_a_metric_without_a_name_is_a_spec() -> None:
    assert parse_metric("recall[class=spam]") == Spec("recall", of_class="spam")


def _caret(error: UsageError) -> int:
    return str(error).split("\n")[-1].index("^") - 2


@pytest.mark.parametrize(("text", "at", "message", "hint"), MISTAKES)
def test_a_mistake_is_pointed_at(text: str, at: int, message: str, hint: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        Derived.parse(text)
    assert message in str(caught.value)
    assert _caret(caught.value) == at
    assert hint is None or caught.value.hint == hint


@pytest.mark.parametrize(("text", "at", "message", "hint"), WRONG_GATES)
def test_a_mistake_in_a_gate_is_pointed_at(
    text: str, at: int, message: str, hint: str | None
) -> None:
    with pytest.raises(UsageError) as caught:
        Gate.parse(text)
    assert message in str(caught.value)
    assert _caret(caught.value) == at
    assert hint is None or caught.value.hint == hint


VALUES = {"a": 3.0, "b": -0.5, "c": 7.25}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a - b - c", 3.0 + 0.5 - 7.25),
        ("a - (b - c)", 3.0 - (-0.5 - 7.25)),
        ("-a*b + c/2", 1.5 + 3.625),
        ("max(a, b, c) - min(a, b, c)", 7.75),
        ("sqrt(c - a + 4.75)", 3.0),
        ("1/(a - 3)", math.inf),
    ],
)
def test_an_expression_has_the_value_of_arithmetic(text: str, expected: float) -> None:
    tree = parse_expression(text)
    assert float(evaluate(tree, lambda spec: VALUES[spec.name])) == expected


def test_an_expression_of_variables_has_a_gradient() -> None:
    leaf = Variable([3.0, 0.25])
    place = {"a": 0, "b": 1}
    tree = parse_expression("2*a*b + sqrt(b) - max(a, b)")
    result = evaluate(tree, lambda spec: leaf[place[spec.name]])
    slope = gradient(result, [leaf])[0]
    np.testing.assert_allclose(slope, [2 * 0.25 - 1, 2 * 3 + 0.5 / 0.5], rtol=1e-15)


NAMES = st.sampled_from(["f1", "mse", "min", "max", "sqrt", "e5", "été"])
SPECS = st.builds(
    Spec,
    NAMES,
    average=st.sampled_from([None, "macro"]),
    field=st.sampled_from([None, "low"]),
    slice=st.none() | st.builds(Slice, st.text(max_size=3), st.none() | st.text(max_size=3)),
)
NUMBERS = st.builds(Number, st.floats(0, allow_nan=False, allow_infinity=False))


def _compound(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(Negative, inner),
        st.builds(Operation, st.sampled_from("+-*/"), inner, inner),
        st.builds(
            Call,
            st.sampled_from(["min", "max"]),
            st.lists(inner, min_size=2, max_size=3).map(tuple),
        ),
        st.builds(Call, st.just("sqrt"), st.tuples(inner)),
    )


EXPRESSIONS = st.recursive(SPECS | NUMBERS, _compound, max_leaves=12)
WITH_BASELINE = st.recursive(SPECS | NUMBERS | st.just(Baseline()), _compound, max_leaves=8)


@settings(derandomize=True, deadline=None, max_examples=400)
@given(EXPRESSIONS)
def test_every_expression_survives_printing_and_parsing(tree: Expression) -> None:
    assert parse_expression(str(tree)) == tree


@settings(derandomize=True, deadline=None, max_examples=400)
@given(
    EXPRESSIONS.filter(lambda tree: any(specs_of(tree))),
    st.sampled_from(["<", "<=", ">", ">=", "=="]),
    WITH_BASELINE,
)
def test_every_gate_survives_printing_and_parsing(
    left: Expression, sign: str, right: Expression
) -> None:
    gate = Gate(left, sign, right)  # type: ignore[arg-type]
    assert Gate.parse(str(gate)) == gate


@settings(derandomize=True, deadline=None, max_examples=500)
@given(st.text(st.characters()) | st.text("f1(=,)[macro]{worst}.low<>=+-*/\"' 0.5e9minsqrt\n"))
@example("(" * 10_000)
@example("-" * 10_000)
@example("a" + "+1" * 10_000)
@example("x = " + "sqrt(" * 5000)
def test_any_text_is_a_metric_a_gate_or_a_usage_error(text: str) -> None:
    for parse in (parse_metric, Gate.parse):
        try:
            found = parse(text)
        except UsageError as error:
            str(error).encode()
        else:
            assert parse(str(found)) == found
