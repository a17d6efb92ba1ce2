"""A spec parses and prints back to itself; whatever else is typed is a UsageError that points."""

from __future__ import annotations

import pickle
import subprocess
import sys
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mleval.errors import UsageError
from mleval.spec import Slice, Spec
from mleval.spelling import quote, tokenize

EXAMPLES = {
    "f1": Spec("f1"),
    "rougeLsum": Spec("rougeLsum"),
    "f1[macro]": Spec("f1", average="macro"),
    "f1[samples]": Spec("f1", average="samples"),
    "recall[class=spam]": Spec("recall", of_class="spam"),
    "recall[class=non-spam]": Spec("recall", of_class="non-spam"),
    "recall[class=-1]": Spec("recall", of_class="-1"),
    "recall[class=007]": Spec("recall", of_class="007"),
    "recall[class=macro]": Spec("recall", of_class="macro"),
    "recall[class=C++]": Spec("recall", of_class="C++"),
    "recall[class=مرحبا]": Spec("recall", of_class="مرحبا"),
    "recall[class=हिन्दी]": Spec("recall", of_class="हिन्दी"),
    "recall[class=🙂]": Spec("recall", of_class="🙂"),
    'recall[class=""]': Spec("recall", of_class=""),
    r'recall[class="New York, \"NY\""]': Spec("recall", of_class='New York, "NY"'),
    r'recall[class="a\nb\\n\x1b\u2028"]': Spec("recall", of_class="a\nb\\n\x1b\u2028"),
    r'recall[class="\\u200c"]': Spec("recall", of_class=r"\u200c"),
    'recall[class="می\u200cخواهم"]': Spec("recall", of_class="می\u200cخواهم"),
    'recall[class="<=50K"]': Spec("recall", of_class="<=50K"),
    "rouge1[recall]": Spec("rouge1", part="recall"),
    "rouge1[precision,target=summary]": Spec("rouge1", part="precision", target="summary"),
    "f1[class=a,target=b]": Spec("f1", of_class="a", target="b"),
    "rmse[target=price_eur]": Spec("rmse", target="price_eur"),
    "fbeta(beta=2)": Spec("fbeta", (("beta", 2),)),
    "fbeta(beta=0.5)[macro].low": Spec("fbeta", (("beta", 0.5),), average="macro", field="low"),
    "bleu(tokenize=13a,smooth=add-k)": Spec("bleu", (("tokenize", "13a"), ("smooth", "add-k"))),
    "ece(bins=15,strategy=quantile,debias=true)": Spec(
        "ece", (("bins", 15), ("strategy", "quantile"), ("debias", True))
    ),
    "cost(matrix=costs.csv)": Spec("cost", (("matrix", "costs.csv"),)),
    "cost(matrix=./data/costs.csv)": Spec("cost", (("matrix", "./data/costs.csv"),)),
    'kappa(weights="1")': Spec("kappa", (("weights", "1"),)),
    'kappa(weights="true")': Spec("kappa", (("weights", "true"),)),
    "f1{worst country}": Spec("f1", slice=Slice("country")),
    'f1{"home country"="New York"}': Spec("f1", slice=Slice("home country", "New York")),
    "f1{worst=worst}": Spec("f1", slice=Slice("worst", "worst")),
    "f1{worst worst}": Spec("f1", slice=Slice("worst")),
    "roc_auc.low": Spec("roc_auc", field="low"),
    "f1(a=1)[weighted,recall,target=t]{worst c}.best": Spec(
        "f1", (("a", 1),), "weighted", "recall", None, "t", Slice("c"), "best"
    ),
}

LOOSE = {
    "  f1 [ macro ] ": "f1[macro]",
    "fbeta( beta = 2 ) [ class = 'New York' ]": 'fbeta(beta=2)[class="New York"]',
    "f1\n{\tworst  country }\n. low": "f1{worst country}.low",
    "rouge1[target=t,recall,macro]": "rouge1[macro,recall,target=t]",
    'f1[class="spam"]': "f1[class=spam]",
    "f1[class='\"']": r'f1[class="\""]',
    r'f1[class="\u0041\U0001f642\x41\t"]': r'f1[class="A🙂A\t"]',
    'f1{"worst"=a}': "f1{worst=a}",
    'bleu(smooth="exp")': "bleu(smooth=exp)",
}

VALUES = {
    "true": True,
    "false": False,
    "True": "True",
    "7": 7,
    "-7": -7,
    "+7": 7,
    "0": 0,
    "007": "007",
    "1_000": "1_000",
    "9" * 20: int("9" * 20),
    "9" * 9999: "9" * 9999,
    "1e-3": 0.001,
    "1E5": 1e5,
    "2.": 2.0,
    ".5": 0.5,
    "-0.25": -0.25,
    "inf": float("inf"),
    "-inf": float("-inf"),
    "nan": "nan",
    "1.5.2": "1.5.2",
    "e5": "e5",
    "1e": "1e",
    "٣": "٣",  # an Arabic-Indic three: text, not a number
    '"2"': "2",
}

QUALIFIERS = (
    "expected macro, micro, weighted, samples, precision, recall, class=NAME or target=NAME"
)
ORDER = "the order is name(option=value)[qualifier]{slice}.field"
QUOTES = (
    "text with spaces or punctuation needs quotes, and the whole too in a shell: "
    "'recall[class=\"New York\"]'"
)
MISTAKES = [
    ("", 0, "expected the name of a metric, found the end", None),
    ("   ", 0, "expected the name of a metric, found the end", None),
    ("13a", 0, 'expected the name of a metric, found "13a"', None),
    ('"f1"', 0, 'expected the name of a metric, found "f1"', None),
    ("f1 - 1", 3, 'expected "(", "[", "{", "." or the end, found "-"', None),
    ("roc-auc", 3, 'expected "(", "[", "{", "." or the end, found "-"', "did you mean roc_auc?"),
    (
        "fbeta[beta=2]",
        6,
        f'{QUALIFIERS}, found "beta"',
        "options go in parentheses: fbeta(beta=2)",
    ),
    (
        "top_k_accuracy[macro,k=3]",
        21,
        f'{QUALIFIERS}, found "k"',
        "options go in parentheses: top_k_accuracy(k=3)",
    ),
    ("f1(macro)", 8, 'expected "=", found ")"', "qualifiers go in brackets: f1[macro]"),
    ("f1 >= 0.5", 3, 'expected "(", "[", "{", "." or the end, found ">"', None),
    ("f1{a=b}[macro]", 7, 'expected "." or the end, found "["', ORDER),
    ("f1.low.high", 6, 'expected the end, found "."', None),
    ("f1[marco]", 3, f'{QUALIFIERS}, found "marco"', "did you mean macro?"),
    ("f1[Macro]", 3, f'{QUALIFIERS}, found "Macro"', "did you mean macro?"),
    (
        "f1[New York]",
        3,
        f'{QUALIFIERS}, found "New"',
        "for the class of that name write class=New",
    ),
    (
        'f1["New York"]',
        3,
        f'{QUALIFIERS}, found "New York"',
        'for the class of that name write class="New York"',
    ),
    ("f1[]", 3, f'{QUALIFIERS}, found "]"', None),
    ("f1[", 3, f"{QUALIFIERS}, found the end", None),
    ("f1[macro,]", 9, f'{QUALIFIERS}, found "]"', None),
    ("f1[macro  ", 8, 'expected "," or "]", found the end', None),
    ("f1[macro}", 8, 'expected "," or "]", found "}"', None),
    ("f1[class]", 8, 'expected "=", found "]"', "write class=NAME"),
    ("f1[class=]", 9, 'expected the name of a class, found "]"', None),
    ("rmse[target=,macro]", 12, 'expected the name of a target, found ","', None),
    ("f1[class=New York]", 13, 'expected "," or "]", found "York"', QUOTES),
    ("f1[class=a&b]", 10, 'expected "," or "]", found "&"', QUOTES),
    ("f1[macro, macro]", 10, "macro is given twice", None),
    ("f1[class=a,class=b]", 11, "class is given twice", None),
    ("f1[macro,micro]", 9, "micro contradicts macro", None),
    ("f1[macro,class=a]", 9, "class contradicts macro", None),
    ("f1[class=a,macro]", 11, "macro contradicts class", None),
    ("f1[recall,precision]", 10, "precision contradicts recall", None),
    ("f1.lo", 3, 'expected low, high or best, found "lo"', "did you mean low?"),
    ("f1.", 3, "expected low, high or best, found the end", None),
    ("f1.mean", 3, 'expected low, high or best, found "mean"', None),
    ("f1()", 3, 'expected the name of an option, found ")"', None),
    ("f1(2)", 3, 'expected the name of an option, found "2"', None),
    ("f1(beta)", 7, 'expected "=", found ")"', "write beta=VALUE"),
    ("f1(beta=)", 8, 'expected a value, found ")"', None),
    ("f1(beta=1;k=2)", 9, 'expected "," or ")", found ";"', QUOTES),
    ("f1(a=1, b=2, a=1)", 13, "the option a is given twice", None),
    ("f1{}", 3, 'expected a column or worst, found "}"', None),
    ("f1{worst}", 8, 'expected "=" or a column, found "}"', None),
    (
        "f1{country}",
        10,
        'expected "=", found "}"',
        "write {country=VALUE} for one slice, {worst country} for the worst",
    ),
    ("f1{country=}", 11, 'expected a value of the column, found "}"', None),
    ("f1{worst New York}", 13, 'expected "}", found "York"', QUOTES),
    (
        "f1[class=don't]",
        12,
        "this quote is never closed",
        "text that holds a quote goes in quotes of the other kind",
    ),
    (
        r'f1[class="C:\dir"]',
        12,
        r"expected \\, \", \', \n, \r, \t, \xXX, \uXXXX or \UXXXXXXXX",
        r"a backslash is written \\",
    ),
    (
        r"f1[class='\U00110000']",
        10,
        r"expected \\, \", \', \n, \r, \t, \xXX, \uXXXX or \UXXXXXXXX",
        r"a backslash is written \\",
    ),
]


@pytest.mark.parametrize("text", EXAMPLES)
def test_a_spec_parses_and_prints_back_to_itself(text: str) -> None:
    assert Spec.parse(text) == EXAMPLES[text]
    assert str(EXAMPLES[text]) == text


@pytest.mark.parametrize("text", LOOSE)
def test_a_loose_spelling_prints_canonically(text: str) -> None:
    assert str(Spec.parse(text)) == LOOSE[text]


@pytest.mark.parametrize("word", VALUES, ids=lambda word: word[:12])
def test_a_value_has_the_type_it_looks_like(word: str) -> None:
    ((_, value),) = Spec.parse(f"m(x={word})").options
    assert (type(value), value) == (type(VALUES[word]), VALUES[word])


@pytest.mark.parametrize(
    ("value", "word"), [(2, "2"), (2.0, "2.0"), (1e-07, "1e-07"), (True, "true"), ("2", '"2"')]
)
def test_a_value_prints_canonically(value: bool | float | str, word: str) -> None:
    assert str(Spec("m", (("x", value),))) == f"m(x={word})"


@pytest.mark.parametrize(
    ("text", "at", "message", "hint"), MISTAKES, ids=[text for text, *_ in MISTAKES]
)
def test_a_mistake_is_pointed_at(text: str, at: int, message: str, hint: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        Spec.parse(text)
    assert str(caught.value) == f"{message}\n  {text}\n  {' ' * at}^"
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("text", "shown", "before"),
    [
        ("f1\n[marco]", r"f1\n[marco]", r"f1\n["),
        ('f1[class="\x1b[1m",marco]', r'f1[class="\x1b[1m",marco]', r'f1[class="\x1b[1m",'),
        ("f1[class=\ud800 x]", r"f1[class=\ud800 x]", r"f1[class=\ud800 "),
        ("f1[class=漢字 x]", "f1[class=漢字 x]", "f1[class=____ "),
        ("f1[class=🙂 x]", "f1[class=🙂 x]", "f1[class=__ "),
        ("f1[class=e\u0301 x]", "f1[class=e\u0301 x]", "f1[class=e "),
    ],
)
def test_the_caret_stands_under_its_character(text: str, shown: str, before: str) -> None:
    with pytest.raises(UsageError) as caught:
        Spec.parse(text)
    _, line, caret = str(caught.value).split("\n")
    assert line == f"  {shown}"
    assert caret == "  " + " " * len(before) + "^"


TEXTS = st.one_of(
    st.text(st.characters(), max_size=8),
    st.text("ab \"'\\[](){},=.-\n\t\x00\x7f\x85\xa0\u200d\u2028🙂漢\ud800", max_size=8),
    st.sampled_from(
        ["", "worst", "macro", "class", "true", "1", "1e-3", "nan", r"\n", "👨‍👩‍👧", "+"]
    ),
)
NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True) | st.just("été")
VALUE = st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    of_class = draw(st.none() | TEXTS)
    averages = st.sampled_from([None, "macro", "micro", "weighted", "samples"])
    options = st.lists(st.tuples(NAMES, VALUE), max_size=3, unique_by=lambda option: option[0])
    return Spec(
        name=draw(NAMES),
        options=tuple(draw(options)),
        average=draw(averages) if of_class is None else None,
        part=draw(st.sampled_from([None, "precision", "recall"])),
        of_class=of_class,
        target=draw(st.none() | TEXTS),
        slice=draw(st.none() | st.builds(Slice, TEXTS, st.none() | TEXTS)),
        field=draw(st.sampled_from([None, "low", "high", "best"])),
    )


@settings(derandomize=True, deadline=None, max_examples=300)
@given(specs())
def test_every_spec_survives_printing_and_parsing(spec: Spec) -> None:
    parsed = Spec.parse(str(spec))
    assert parsed == spec
    assert str(parsed) == str(spec)
    assert [type(value) for _, value in parsed.options] == [type(v) for _, v in spec.options]


@settings(derandomize=True, deadline=None, max_examples=300)
@given(TEXTS)
def test_a_quoted_text_is_one_line_without_control_characters(text: str) -> None:
    kinds = {unicodedata.category(char) for char in quote(text)}
    assert not kinds & {"Cc", "Cs", "Zl", "Zp"}


@settings(derandomize=True, deadline=None, max_examples=500)
@given(st.text(st.characters()) | st.text("f1(=,)[macro]{worst}.low\"'\\ -x0é\n", max_size=30))
@example("f1(a=" + "9" * 10_000 + ")")
@example("f1" + "(" * 10_000)
@example("f1[class='" + "\\x" * 1000)
@example("\ufeff1")
def test_any_text_is_a_spec_or_a_usage_error(text: str) -> None:
    try:
        spec = Spec.parse(text)
    except UsageError as error:
        str(error).encode()
    else:
        assert Spec.parse(str(spec)) == spec


def test_a_token_knows_its_place() -> None:
    text = "  recall [class='a b']-1"
    pieces = [text[token.start : token.end] for token in tokenize(text)]
    assert pieces == ["recall", "[", "class", "=", "'a b'", "]", "-", "1", ""]


def test_a_spec_is_a_value() -> None:
    spec = Spec.parse("f1[macro]{worst country}")
    assert {spec: 1}[Spec.parse("f1 [macro] {worst country}")] == 1
    assert str(replace(spec, average=None, of_class="a b")) == 'f1[class="a b"]{worst country}'
    assert pickle.loads(pickle.dumps(spec)) == spec


def test_parsing_loads_no_module_that_only_errors_need() -> None:
    code = (
        "import sys; from mleval.spec import Spec; Spec.parse('f1[macro]');"
        "print('difflib' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
