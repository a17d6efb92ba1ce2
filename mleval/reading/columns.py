"""find_roles: which column plays which role, by name, and by the first rows where names tie."""

from __future__ import annotations

import shlex

from mleval.errors import InputError
from mleval.reading.candidates import by_name
from mleval.reading.families import FoundFamily, found_family, prefixed_family
from mleval.reading.label_layout import label_columns
from mleval.reading.label_separators import cell_layout, vocabulary_of
from mleval.reading.likely import no_truth, odd_header
from mleval.reading.loading import whole_columns
from mleval.reading.matrix import are_numbered
from mleval.reading.names import listed, nearest, normalised
from mleval.reading.notes import (
    Guess,
    disagreement,
    missing_words,
    mixed_notice,
    repeated_notice,
    separated_notice,
)
from mleval.reading.pairs import Pair, found_pair
from mleval.reading.roles import ColumnChoices, FamilyKind, LabelLayout, Roles, ScoreKind
from mleval.reading.scores import class_of_score, kind_of_score, offered_scores
from mleval.reading.source import Source
from mleval.reading.synonyms import CONFIDENCE, ID, WEIGHT
from mleval.reading.vocabulary import Head
from mleval.visible import quoted

FLAGS = {
    "truth": "--truth",
    "prediction": "--pred",
    "score": "--score",
    "weight": "--weight",
    "id": "--id",
}
_SCALE_KINDS: dict[str, FamilyKind] = {
    "logit": "logit",
    "any": "score",
    "probability": "probability",
    "percent": "probability",
}


def find_roles(source: Source, choices: ColumnChoices | None = None) -> Roles:
    """The roles of a source's columns for classification.

    Raises InputError when there is no truth, nothing to compare it with, a chosen column that
    does not exist, two columns with equal claims, or (`strict`) a claim that was passed over.
    """
    return _Finder(source, choices or ColumnChoices()).roles()


class _Finder:
    """One search: it fills role after role, and notes what it assumed and passed over."""

    def __init__(self, source: Source, choices: ColumnChoices) -> None:
        self._source, self._choices = source, choices
        self._head = Head(source.head())
        self._columns = [name for name in source.names if name not in source.copies]
        self._taken: dict[str, str] = {}
        self._family = FoundFamily()
        self._words: tuple[str, ...] = ()
        self._assumed: list[str] = []
        self._notices: list[str] = []
        self._passed_over: dict[str, list[str]] = {}
        self._label_layout: LabelLayout | None = None
        self._label_scores = FoundFamily()

    def roles(self) -> Roles:
        """The whole search, in the order in which one finding helps the next."""
        self._take_named()
        self._find_label_columns()
        pair = Pair(None) if self._label_layout else self._find_pair()
        self._find_label_cells()
        self._find_family(pair)
        score_kind, score_class = self._find_score(pair)
        self._find_weight_and_id()
        self._require_something_to_compare()
        self._check_copies()
        self._note_other_columns()
        self._tell_passed_over()
        self._refuse_guesses()
        return Roles(
            dict(self._taken),
            dict(self._family.columns),
            score_kind,
            _SCALE_KINDS.get(self._choices.score_scale, self._family.kind),
            score_class,
            self._label_layout,
            tuple(self._assumed),
            (*self._source.notices, *self._notices),
        )

    def _take_named(self) -> None:
        """The columns the caller named; InputError with all that do not exist."""
        unknown, hints = [], []
        for role, flag in FLAGS.items():
            wanted = getattr(self._choices, role)
            if wanted is None:
                continue
            found = self._named(wanted)
            if found is not None:
                self._taken[role] = found
                continue
            near = nearest(wanted, self._columns)
            if wanted.isdecimal():
                flag = f"--no-header if columns are meant by number, or {flag}"
            unknown.append(wanted)
            hints.append((f"did you mean {listed(near)}? " if near else "") + f"{flag} COLUMN")
        if unknown:
            raise InputError(
                f"{self._source.name} has no column{'s' if len(unknown) > 1 else ''} "
                f"{listed(unknown)}; the columns are {listed(self._columns)}",
                hint=odd_header(self._columns) or "; ".join(hints),
            )

    def _named(self, wanted: str) -> str | None:
        """The column of that name: exactly, or alike when only one is."""
        if wanted in self._source.names:
            return wanted
        alike = [c for c in self._columns if normalised(c) == normalised(wanted)]
        return alike[0] if len(alike) == 1 else None

    def _take(self, role: str, column: str) -> None:
        self._taken[role] = column
        self._assumed.append(f"{role}={column}")

    def _free(self) -> list[str]:
        used = self._used()
        return [column for column in self._columns if column not in used]

    def _used(self) -> set[str]:
        layout = self._label_layout or LabelLayout()
        columns = (self._taken, self._family.columns, layout.truth, layout.prediction)
        return {column for some in columns for column in some.values()}

    def _find_label_columns(self) -> None:
        """Several labels a row as 0/1 columns, unless columns are named that hold labels."""
        wanted = self._choices.task == "multilabel"
        named = {"truth", "prediction"} & self._taken.keys() or self._choices.label_sep is not None
        if named or self._choices.task not in (None, "multilabel"):
            return
        theirs = self._choices.theirs
        found = label_columns(self._head, self._free(), wanted=wanted, theirs=theirs)
        if found:
            self._label_layout, self._label_scores = found.layout, found.scores
            guesses = (n for n in found.notices if not (wanted and isinstance(n, Guess)))
            self._notices += guesses
            self._assumed.append("task=multilabel")

    def _find_label_cells(self) -> None:
        """Several labels a row in one cell."""
        if self._label_layout or self._choices.task not in (None, "multilabel"):
            return
        columns = [self._taken[r] for r in ("truth", "prediction") if r in self._taken]
        layout, notices = cell_layout(self._head, columns, self._choices)
        if layout is not None:
            self._label_layout = layout
            self._notices += notices
            self._assumed.append(f"label-sep={layout.separator}")

    def _find_pair(self) -> Pair:
        pair = found_pair(self._head, self._free(), self._taken)
        if pair.truth is None:
            raise self._no_truth()
        for role, column in (("truth", pair.truth), ("prediction", pair.prediction)):
            if role not in self._taken and column is not None:
                self._take(role, column)
                self._passed_over[role] = pair.passed_over[role]
        self._notices += pair.notices
        return pair

    def _no_truth(self) -> InputError:
        return no_truth(self._source.name, self._head, self._columns, self._taken, FLAGS)

    def _labels(self) -> set[str]:
        columns = [self._taken[r] for r in ("truth", "prediction") if r in self._taken]
        if self._label_layout is not None:
            found = vocabulary_of(self._head, columns, self._label_layout.separator)
        else:
            found = {label for column in columns for label in self._head.vocabulary(column)}
        return {self._choices.renames.get(label, label) for label in found}

    def _find_family(self, pair: Pair) -> None:
        if self._choices.proba is not None:
            columns = prefixed_family(
                tuple(self._free()), self._choices.proba, self._choices.classes
            )
            self._family = FoundFamily(columns, _kind_of_prefix(self._choices.proba))
            return
        if "score" in self._taken:
            return
        if self._label_layout is not None and self._label_layout.truth:
            self._family = self._label_scores
            return
        stems = {normalised(self._taken[role]) for role in ("truth",) if role in self._taken}
        stems |= {pair.stem} if pair.stem else set()
        labels = set() if are_numbered(self._source.names) else self._labels()
        self._family = found_family(
            self._head, self._free(), labels, stems=stems, classes=self._choices.classes
        )
        if self._family.columns:
            first, *_, last = self._family.columns.values()
            self._assumed.append(f"classes={first}…{last}")
        self._passed_over["probabilities"] = list(self._family.passed_over)

    def _find_score(self, pair: Pair) -> tuple[ScoreKind | None, str | None]:
        """The score, when there is no family, what its name says, and the class it names."""
        lone = self._family.lone
        if self._label_layout is not None:  # one score says nothing of several labels
            if lone is not None and not self._family.columns:
                self._notices.append(
                    f"'{lone.column}' is not used: the other labels have no scores"
                )
            return None, None
        if "score" not in self._taken:
            has_prediction = "prediction" in self._taken
            offered = offered_scores(
                self._head, self._free(), lone, pair.fractions, pair.stem, has_prediction
            )
            self._words = offered.words
            rest = list(offered.columns)
            if rest and not self._family.columns:
                self._take("score", rest.pop(0))
            # Which class a confidence is of is no second opinion on what the classes' columns say.
            self._passed_over["score"] = [c for c in rest if normalised(c) not in CONFIDENCE]
        column = self._taken.get("score")
        if column is None:
            return None, None
        if column in pair.fractions:
            notice = f"{quoted(column)} holds fractions from 0 to 1: read as a score, not as labels"
            self._notices.append(Guess(notice, f"say what it is: --score {shlex.quote(column)}"))
        prediction = self._taken.get("prediction")
        kind = kind_of_score(self._head, column, lone, self._choices.score_of, prediction)
        return kind, class_of_score(column, self._labels())

    def _find_weight_and_id(self) -> None:
        for role, synonyms in (("weight", WEIGHT), ("id", ID)):
            found = by_name(self._free(), synonyms)
            if role in self._taken or not found:
                continue
            self._taken[role] = found[0].column
            # Which column names the rows is worth no word: nothing is computed from it.
            if role == "weight":
                self._assumed.append(f"weight={found[0].column}")

    def _require_something_to_compare(self) -> None:
        if "prediction" in self._taken or "score" in self._taken or self._family.columns:
            return
        if self._label_layout is not None and self._label_layout.prediction:
            return
        told = f" ({listed(self._words)} holds text, not numbers)" if self._words else ""
        if self._family.strangers:
            told = (
                f" ({listed(self._family.strangers, 4)} look like class probabilities, but the "
                f"labels are {listed(sorted(self._labels()), 6)})"
            )
        again = [c for c, first in self._source.copies.items() if first == self._taken["truth"]]
        such = f", such as --pred {shlex.quote(again[0])}" if again else ""
        raise InputError(
            f"{self._source.name} has truth {quoted(self._taken['truth'])} but no prediction, "
            "score or class probabilities to compare it with; its columns are "
            f"{listed([*self._columns, *again])}{told}",
            hint=f"name them with --pred COLUMN, --score COLUMN or --proba PREFIX{such}"
            if again or self._free()
            else "if that is the prediction, name the file that has the truth: --truth-file FILE",
        )

    def _check_copies(self) -> None:
        used = self._used()
        for copy, original in self._source.copies.items():
            if self._head.is_same(copy, original) and (
                original not in used or self._is_same(copy, original)
            ):
                self._notices.append(
                    f"column {quoted(original)} is there twice with the same values"
                )
            elif original in used and copy not in used:
                raise InputError(
                    f"{self._source.name} has two columns {quoted(original)} with different values",
                    hint=f"name them apart, or choose the later one as {quoted(copy)}",
                )

    def _is_same(self, copy: str, original: str) -> bool:
        """Of all rows, since what is used may differ below the first ones."""
        found = whole_columns(self._source, {copy: "text", original: "text"})
        return bool(found[copy].equals(found[original]))

    def _note_other_columns(self) -> None:
        for column in self._free():
            shape = normalised(column)
            if shape in ("weight", "weights") and "weight" not in self._taken:
                self._notices.append(
                    f"column {quoted(column)} is not used: --weight {shlex.quote(column)} weights "
                    "the rows by it"
                )
            if (mixed := mixed_notice(self._head, column)) is not None:
                self._notices.append(mixed)
        if (again := repeated_notice(self._head, self._taken.get("id"))) is not None:
            self._notices.append(again)
        labels = [self._taken[r] for r in ("truth", "prediction") if r in self._taken]
        if self._label_layout is None and self._choices.task is None:
            separated = separated_notice(self._head, labels)
            self._notices += [separated] if separated else []
        self._notices += missing_words(self._head, dict.fromkeys(labels), self._family.columns)
        if self._words:
            self._notices.append(f"{listed(self._words)} holds text, not numbers: no score")
        if self._family.strangers and not self._family.columns:
            self._notices.append(
                f"{listed(self._family.strangers, 4)} are not used: no label is named so "
                "(--proba PREFIX to use them)"
            )

    def _tell_passed_over(self) -> None:
        used = self._used()
        for role, columns in self._passed_over.items():
            left = [column for column in dict.fromkeys(columns) if column not in used]
            if not left:
                continue
            flag = "--proba PREFIX" if role == "probabilities" else f"{FLAGS[role]} COLUMN"
            chosen = quoted(self._taken[role]) if role in self._taken else "the class columns"
            if self._choices.strict:
                raise InputError(
                    f"--strict: the {role} may be {chosen}, but also {listed(left)}",
                    hint=f"choose with {flag}",
                )
            told = f"{role}: {chosen} is taken; passed over: {listed(left)} ({flag} to change)"
            if role in ("truth", "prediction"):
                told += "".join(disagreement(self._head, self._taken[role], c) for c in left)
            self._notices.append(told)

    def _refuse_guesses(self) -> None:
        for notice in (*self._source.notices, *self._notices):
            if self._choices.strict and isinstance(notice, Guess):
                raise InputError(f"--strict: {notice}", hint=notice.hint)


def _kind_of_prefix(prefix: str) -> FamilyKind:
    shape = normalised(prefix)
    if "logit" in shape:
        return "logit"
    return "score" if "score" in shape else "probability"
