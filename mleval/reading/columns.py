"""Which column of a classification plays which role: by name, and by the first rows in a tie."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from mleval.errors import InputError
from mleval.reading.families import FoundFamily, found_family, prefixed_family
from mleval.reading.finder import Finder
from mleval.reading.label_layout import label_columns
from mleval.reading.label_separators import cell_layout, vocabulary_of
from mleval.reading.likely import no_truth
from mleval.reading.matrix import are_numbered
from mleval.reading.names import listed, normalised
from mleval.reading.notes import Guess, missing_words, separated_notice
from mleval.reading.pairs import Pair, found_pair
from mleval.reading.roles import ClassRoles, ColumnChoices, FamilyKind, LabelLayout, ScoreKind
from mleval.reading.scores import class_of_score, kind_of_score, offered_scores
from mleval.reading.source import Source
from mleval.reading.synonyms import CONFIDENCE
from mleval.reading.vocabulary import matched
from mleval.visible import quoted

_SCALE_KINDS: dict[str, FamilyKind] = {
    "logit": "logit",
    "any": "score",
    "probability": "probability",
    "percent": "probability",
}


class ClassFinder(Finder):
    """The search for the columns of a classification."""

    def __init__(self, source: Source, choices: ColumnChoices) -> None:
        super().__init__(source, choices)
        self._choices = choices
        self._family = FoundFamily()
        self._words: tuple[str, ...] = ()
        self._label_layout: LabelLayout | None = None
        self._label_scores = FoundFamily()

    def _search(self) -> dict[str, Any]:
        """In the order in which one finding helps the next."""
        self._find_soft_labels()
        self._find_label_columns()
        pair = Pair(None) if self._label_layout else self._find_pair()
        self._find_label_cells()
        self._find_family(pair)
        score_kind, score_class = self._find_score(pair)
        self._find_weight_and_id()
        self._require_something_to_compare()
        return {"score_kind": score_kind, "score_class": score_class}

    def _roles(self, found: dict[str, Any]) -> ClassRoles:
        return ClassRoles(
            **self._common(),
            **found,
            labels=self._label_layout,
            family_kind=_SCALE_KINDS.get(self._choices.score_scale, self._family.kind),
        )

    def _used(self) -> set[str]:
        layout = self._label_layout or LabelLayout()
        marked = {*layout.truth.values(), *layout.prediction.values()}
        return super()._used() | marked

    def _called(self, role: str) -> str:
        del role
        return "the class columns"

    def _find_soft_labels(self) -> None:
        """The columns of a true distribution over the classes."""
        prefix = self._choices.truth_proba
        if prefix is not None:
            columns, classes = tuple(self._free()), self._choices.classes
            found = prefixed_family(columns, prefix, classes, flag="--truth-proba")
            self._families["truth_probabilities"] = found

    def _find_label_columns(self) -> None:
        """Several labels a row as 0/1 columns, unless columns are named that hold labels."""
        if self._choices.truth_proba is not None:
            return
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
        none = self._choices.truth_proba is not None or self._choices.task not in (
            None,
            "multilabel",
        )
        if self._label_layout or none:
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
            if self._choices.without_truth:
                return Pair(None)
            raise self._no_truth()
        for role, column in (("truth", pair.truth), ("prediction", pair.prediction)):
            if role not in self._taken and column is not None:
                self._take(role, column)
                self._passed_over[role] = pair.passed_over[role]
        self._notices += pair.notices
        return pair

    def _no_truth(self) -> InputError:
        return no_truth(self._source.name, self._head, self._columns, self._taken, self._flags)

    def _labels(self) -> set[str]:
        columns = [self._taken[r] for r in ("truth", "prediction") if r in self._taken]
        if self._label_layout is not None:
            found = vocabulary_of(self._head, columns, self._label_layout.separator)
        else:
            found = {label for column in columns for label in self._head.vocabulary(column)}
        return {self._choices.renames.get(label, label) for label in found}

    def _find_family(self, pair: Pair) -> None:
        self._family = self._found_family(pair)
        self._families["probabilities"] = dict(self._family.columns)

    def _found_family(self, pair: Pair) -> FoundFamily:
        if self._choices.proba is not None:
            columns = prefixed_family(
                tuple(self._free()), self._choices.proba, self._choices.classes
            )
            return FoundFamily(columns, _kind_of_prefix(self._choices.proba))
        if "score" in self._taken:
            return self._family
        if self._label_layout is not None and self._label_layout.truth:
            return self._label_scores
        stems = {normalised(self._taken[role]) for role in ("truth",) if role in self._taken}
        stems |= {pair.stem} if pair.stem else set()
        labels = set() if are_numbered(self._source.names) else self._labels()
        found = found_family(
            self._head, self._free(), labels, stems=stems, classes=self._choices.classes
        )
        if found.columns:
            first, *_, last = found.columns.values()
            self._assumed.append(f"classes={first}…{last}")
        self._passed_over["probabilities"] = list(found.passed_over)
        return found

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

    def _require_something_to_compare(self) -> None:
        soft = self._families.get("truth_probabilities", {})
        if soft:
            self._require_soft_classes(soft)
            if "truth" not in self._taken:
                return
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

    def _require_soft_classes(self, soft: Mapping[str, str]) -> None:
        """A probability is compared with that of the same class."""
        predicted, true = self._family.columns, {matched(name) for name in soft}
        if not predicted:
            raise InputError(
                f"{self._source.name} has soft labels ({listed(soft.values(), 4)}) and no predicted"
                f" probability of each class; its columns are {listed(self._columns)}",
                hint="name their columns with --proba PREFIX",
            )
        if {matched(name) for name in predicted} != true:
            raise InputError(
                f"the soft labels are of {listed(soft, 6)}, the predicted probabilities of "
                f"{listed(predicted, 6)}",
                hint="name the columns of the same classes with --truth-proba and --proba PREFIX",
            )

    def _note_other_columns(self) -> None:
        super()._note_other_columns()
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


def _kind_of_prefix(prefix: str) -> FamilyKind:
    shape = normalised(prefix)
    if "logit" in shape:
        return "logit"
    return "score" if "score" in shape else "probability"
