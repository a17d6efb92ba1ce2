"""Labels: when two spellings are one class, what the classes are, and which one is positive."""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mleval.errors import InputError
from mleval.visible import quoted, shown

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_SHOWN = 5  # labels in a message
_LEADING_ZERO = re.compile(r"[+-]?0\d")
_BOOLEAN = {"true": "1", "false": "0"}
_POSITIVE_OF_PAIR = {
    frozenset(pair): pair[0]
    for pair in (
        ("1", "0"),
        ("1", "-1"),
        ("true", "false"),
        ("yes", "no"),
        ("positive", "negative"),
        ("pos", "neg"),
    )
}


@dataclass(frozen=True, slots=True)
class Spellings:
    """How the raw labels of truth and of prediction become classes.

    rule: by which rule labels that are spelled differently became one, and an example of it.
    """

    truth: Mapping[str, str]
    prediction: Mapping[str, str]
    rule: tuple[str, str] | None = None


def match_spellings(
    truth: Sequence[str], prediction: Sequence[str], renames: Mapping[str, str]
) -> Spellings:
    """Bring the labels of two columns to one spelling.

    `renames` comes first. Then, when the columns are not spelled alike: both wholly numeric are
    compared as numbers, unless spellings with leading zeros would collide; true/false against
    1/0 likewise. Raises InputError when they share no label at all.

    >>> match_spellings(("0", "1"), ("0.0", "1.0"), {}).prediction
    {'0.0': '0', '1.0': '1'}
    """
    left = {label: renames.get(label, label) for label in truth}
    right = {label: renames.get(label, label) for label in prediction}
    found: tuple[str, str] | None = None
    if set(left.values()) != set(right.values()) or _same_number_twice(left.values()):
        for rule in (_as_numbers, _as_booleans):
            canon, example = rule(set(left.values()), set(right.values()))
            if canon:
                left = {raw: canon[label] for raw, label in left.items()}
                right = {raw: canon[label] for raw, label in right.items()}
                found = rule.__name__.removeprefix("_").replace("_", " "), example
                break
    unknown = sorted(set(renames) - set(truth) - set(prediction))
    if unknown:
        raise unknown_label("--map", unknown[0], {*truth, *prediction})
    return Spellings(left, right, found)


def refuse_disjoint(spellings: Spellings, classes: Sequence[str], usual: Mapping[str, str]) -> None:
    """Raise InputError when truth and prediction share no label that `classes` does not name.

    usual: the prediction that goes with a true label most often, for the hint.
    """
    left, right = set(spellings.truth.values()), set(spellings.prediction.values())
    if not left or not right or left & right or (left | right) <= set(classes):
        return
    if positive_of(left | right):  # both of a pair such as 0 and 1: every prediction is wrong
        return
    raise InputError(
        "truth and prediction have no label in common: "
        f"truth has {_some(left)}; prediction has {_some(right)}",
        hint=_reconciling(left, right, usual),
    )


def _reconciling(left: set[str], right: set[str], usual: Mapping[str, str]) -> str:
    """How two vocabularies without a common label could be brought together."""
    if all(map(is_number, left | right)) and len(left | right) > 2 * _SHOWN:
        return "these look like measurements: mleval regress evaluates numbers"
    alike = {_folded(label): label for label in left}
    pairs = [(alike.get(_folded(b), ""), b) for b in sorted(right)]
    said = "they differ only by case, blanks or accents composed otherwise"
    if not all(_folded(b) in alike for b in right):
        said, pairs = "say which is which", sorted(usual.items())
        if len(set(usual.values())) < len(usual):  # not one to one
            pairs = list(zip(sorted(left), sorted(right), strict=False))
    if positive_of(left) or not positive_of(right):  # towards the side with a known positive
        pairs = [(b, a) for a, b in pairs]
    example = shown(",".join(_item(f"{a}={b}") for a, b in pairs[:_SHOWN]))
    return (
        f"{said}, for example --map {shlex.quote(example)}; "
        "or name them all in --classes if they really are different classes"
    )


def _item(pair: str) -> str:
    """An item of a comma list, in quotes where it would not be read as it is."""
    plain = pair == pair.strip() and not {",", '"'} & set(pair)
    return pair if plain else '"' + pair.replace('"', '""') + '"'


def almost_alike(labels: Iterable[str]) -> tuple[str, str] | None:
    """Two labels that differ only by case, blanks or how accents are composed, if there are such.

    >>> almost_alike(["Fox", "owl", "fox "])
    ('Fox', 'fox ')
    """
    seen: dict[str, str] = {}
    for label in labels:
        other = seen.setdefault(_folded(label), label)
        if other != label:
            return other, label
    return None


def _folded(label: str) -> str:
    from unicodedata import normalize

    return normalize("NFKC", label).strip().casefold()


def unknown_label(flag: str, label: str, known: Iterable[str]) -> InputError:
    """The refusal of a label that does not occur, with the nearest that do.

    >>> unknown_label("--classes", "Cat", {"cat", "dog"}).hint
    'did you mean cat?'
    """
    there = in_order(known)
    near = [name for name in there if name.lower() == label.lower()]
    near = near or difflib.get_close_matches(label, there, n=3)
    return InputError(
        f"{flag}: there is no label {quoted(label)}; there {'are' if len(there) > 1 else 'is'} "
        f"{_some(set(there))}",
        hint=f"did you mean {', '.join(near)}?" if near else None,
    )


def column_of(label: str, names: Sequence[str]) -> int | None:
    """The position in `names` that a label means: by text, then by number, then true/false as 1/0.

    >>> column_of("3.0", ("1", "3")), column_of("x", ("1", "3"))
    (1, None)
    """
    if label in names:
        return list(names).index(label)
    wanted = _number(_BOOLEAN.get(label.lower(), label))
    if wanted is None:
        return None
    for position, name in enumerate(names):
        if _number(_BOOLEAN.get(name.lower(), name)) == wanted:
            return position
    return None


def in_order(labels: Iterable[str]) -> tuple[str, ...]:
    """Labels sorted as numbers when they all are, else as text.

    >>> in_order({"10", "9"}), in_order({"10", "9", "a"})
    (('9', '10'), ('10', '9', 'a'))
    """
    known = list(labels)
    values = {label: _number(label) for label in known}
    if all(value is not None for value in values.values()):
        return tuple(sorted(known, key=lambda label: (values[label], label)))
    return tuple(sorted(known))


def is_number(label: str) -> bool:
    """Whether a label is spelled as a number.

    >>> is_number("1e3"), is_number("nan")
    (True, False)
    """
    return _number(label) is not None


def positive_of(labels: Iterable[str]) -> str | None:
    """The positive class of a recognised pair (1/0, true/false, yes/no …) or lone member of one.

    >>> positive_of({"No", "Yes"}), positive_of({"0"}), positive_of({"cat", "dog"})
    ('Yes', '1', None)
    """
    known = tuple(labels)
    plain = {_plain(label): label for label in known}
    if len(plain) != len(known):
        return None
    found = _POSITIVE_OF_PAIR.get(frozenset(plain))
    if found is not None:
        return plain[found]
    if len(known) == 1:
        for pair, positive in _POSITIVE_OF_PAIR.items():
            if next(iter(plain)) in pair:
                return plain.get(positive, _in_the_case_of(known[0], positive))
    return None


def complement_of(positive: str) -> str:
    """What everything but the positive class is called.

    >>> complement_of("Yes"), complement_of("spam")
    ('No', 'not spam')
    """
    for pair, winner in _POSITIVE_OF_PAIR.items():
        if winner == _plain(positive):
            (other,) = pair - {winner}
            return _in_the_case_of(positive, other)
    return f"not {positive}"


def _in_the_case_of(model: str, word: str) -> str:
    if model.isupper():
        return word.upper()
    return word.capitalize() if model[:1].isupper() else word


def _plain(label: str) -> str:
    """The label as the pairs spell it: lower case, and 1, 0 and -1 however they are written."""
    value = _number(label)
    if value is None:
        return label.strip().lower()
    return next((text for text in ("1", "0", "-1") if value == Decimal(text)), label)


def _number(label: str) -> Decimal | None:
    return Decimal(label) if _NUMBER.fullmatch(label) and len(label) < 400 else None


def _same_number_twice(labels: Iterable[str]) -> bool:
    values = [_number(label) for label in labels]
    known = [value for value in values if value is not None]
    return len(known) == len(values) and len(set(known)) < len(known)


def _as_numbers(left: set[str], right: set[str]) -> tuple[dict[str, str], str]:
    """Both wholly numeric: one spelling a number, the shortest; nothing where zeros lead."""
    spellings: dict[Decimal, list[str]] = {}
    for label in left | right:
        value = _number(label)
        if value is None:
            return {}, ""
        spellings.setdefault(value, []).append(label)
    alike = [group for group in spellings.values() if len(group) > 1]
    if not alike or any(_LEADING_ZERO.match(label) for group in alike for label in group):
        return {}, ""
    canon = {
        label: min(group, key=lambda text: (len(text), text))
        for group in spellings.values()
        for label in group
    }
    one = min(alike, key=lambda group: min(group))
    return canon, " = ".join(sorted(one, key=len))


def _as_booleans(left: set[str], right: set[str]) -> tuple[dict[str, str], str]:
    """True/false spellings on one side or both, nothing but 1/0 beside them."""
    canon = {label: _BOOLEAN.get(label.lower(), _plain(label)) for label in left | right}
    spelled = [label for label in left | right if label.lower() in _BOOLEAN]
    if not spelled or set(canon.values()) - {"0", "1"}:
        return {}, ""
    return canon, "true = 1, false = 0"


def _some(labels: set[str]) -> str:
    some = ", ".join(map(shown, in_order(labels)[:_SHOWN]))
    return some if len(labels) <= _SHOWN else f"{some}, … ({len(labels)} labels)"
