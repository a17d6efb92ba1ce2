"""What the caller says of the columns, and what was found: which column plays which role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from mleval.batch import ROLES, Kind, Role

ScoreKind = Literal["probability", "score", "logit", "confidence"]
FamilyKind = Literal["probability", "score", "logit"]


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the caller chose of the columns; None is found by name. Each command adds its own.

    command: whose roles are looked for. decimal: the mark of decimals, `.` or `,`.
    strict: refuse where a choice had to be guessed. theirs: column -> its name in the truth file,
    of those that a join adds.
    """

    command: ClassVar[str]

    truth: str | None = None
    prediction: str | None = None
    weight: str | None = None
    cluster: str | None = None
    id: str | None = None
    decimal: str | None = None
    strict: bool = False
    theirs: Mapping[str, str] = field(default_factory=dict)

    @property
    def names_predictions(self) -> bool:
        """Whether a column is chosen to be compared with the truth."""
        return self.prediction is not None

    @property
    def without_truth(self) -> bool:
        """Whether there may be no column of truth: something else is compared with."""
        return False


@dataclass(frozen=True, kw_only=True)
class ColumnChoices(Choices):
    """What the caller of a classification chose.

    proba: the prefix of the class columns; truth_proba: of those of soft labels;
    renames: raw label -> label.
    classes: the classes in order, which name the numbers of a list of as many.
    label_sep: what stands between the labels of a cell.
    """

    command: ClassVar[str] = "classify"

    score: str | None = None
    proba: str | None = None
    truth_proba: str | None = None
    task: str | None = None
    score_of: Literal["positive", "predicted"] | None = None
    score_scale: Literal["auto", "probability", "percent", "logit", "any"] = "auto"
    classes: tuple[str, ...] = ()
    renames: Mapping[str, str] = field(default_factory=dict)
    label_sep: str | None = None

    @property
    def names_predictions(self) -> bool:
        """Whether a column is chosen to be compared with the truth."""
        return not (self.prediction is self.score is self.proba is None)

    @property
    def without_truth(self) -> bool:
        """With soft labels there need be no others."""
        return self.truth_proba is not None


@dataclass(frozen=True, kw_only=True)
class RegressionChoices(Choices):
    """What the caller of a regression chose; quantiles: the prefix of the quantiles' columns."""

    command: ClassVar[str] = "regress"

    lower: str | None = None
    upper: str | None = None
    std: str | None = None
    quantiles: str | None = None


@dataclass(frozen=True, kw_only=True)
class PairChoices(Choices):
    """What the caller of an evaluation of pairs chose.

    dissimilar: the column that says which pairs are different, or with `says_same` which are the
    same; distance, negative_distance: columns; a, b, negative: columns of vectors, or prefixes of
    their columns. measured: distances are to be computed of vectors, even beside a column of them.
    directed: only vectors that have a direction can be compared.
    """

    command: ClassVar[str] = "pairs"

    dissimilar: str | None = None
    says_same: bool = False
    distance: str | None = None
    negative_distance: str | None = None
    a: str | None = None
    b: str | None = None
    negative: str | None = None
    measured: bool = False
    directed: bool = False

    @property
    def names_predictions(self) -> bool:
        """Columns of several models are not looked for among distances and vectors."""
        return True

    @property
    def without_truth(self) -> bool:
        """What says which pairs are the same goes by other names."""
        return True


@dataclass(frozen=True, slots=True)
class LabelLayout:
    """How a file says several labels a row: sets in one column, or a 0/1 column a label.

    separator: what stands between the labels of a cell; `list` where the cells are lists; empty
    for columns. truth, prediction: label -> its 0/1 column. as_numbers: labels that are one number
    are one label, however they are spelled.
    """

    separator: str = ""
    as_numbers: bool = False
    truth: Mapping[str, str] = field(default_factory=dict)
    prediction: Mapping[str, str] = field(default_factory=dict)

    def marked(self, role: str) -> Mapping[str, str]:
        """Label -> 0/1 column, of a role."""
        return {"truth": self.truth, "prediction": self.prediction}.get(role, {})


@dataclass(frozen=True, kw_only=True)
class Roles:
    """Which column plays which role.

    columns: role -> its column. families: role -> name -> column, for roles of several columns:
    one a class, a quantile or a target.
    labels: how several labels a row are said; None where a row has one.
    by: the columns that rows are told apart by -> how they are read.
    commas: the columns of numbers that have a decimal comma; variances: those of standard
    deviations that hold their squares.
    assumed: `role=column` for each that was found by name. notices: what to tell the reader.
    """

    command: ClassVar[str]

    columns: Mapping[str, str] = field(default_factory=dict)
    families: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    labels: LabelLayout | None = None
    by: Mapping[str, Kind] = field(default_factory=dict)
    commas: frozenset[str] = frozenset()
    variances: frozenset[str] = frozenset()
    assumed: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def predicts(self) -> bool:
        """Whether predictions are in columns of their own, not said by scores alone."""
        return self.plays("prediction")

    @property
    def declared(self) -> tuple[Role, ...]:
        """The roles that a command knows, in the order in which their columns are checked."""
        return ROLES[self.command]

    def plays(self, role: str) -> bool:
        """Whether any column has that role."""
        marked = self.labels.marked(role) if self.labels else {}
        return role in self.columns or bool(self.families.get(role) or marked)

    def gives(self, role: str) -> bool:
        """Whether what a metric needs of that role is there, or can be made of what is."""
        return self.plays(role)

    def meaning(self, role: str) -> str | None:
        """What the numbers of a role are by their name: those of a score or probability alone."""
        del role
        return None


@dataclass(frozen=True, kw_only=True)
class ClassRoles(Roles):
    """The roles of a classification.

    score_kind: what the score column's name says it is; `confidence` may be of the predicted
    class, which only the values tell. score_class: the class that a lone `prob_<class>` names.
    family_kind: what the names of the class columns say they are.
    """

    command: ClassVar[str] = "classify"

    score_kind: ScoreKind | None = None
    family_kind: FamilyKind = "probability"
    score_class: str | None = None

    @property
    def family(self) -> Mapping[str, str]:
        """Class -> column of its probability or logit; empty when there are none."""
        return self.families.get("probabilities", {})

    def meaning(self, role: str) -> str | None:
        """What the numbers of a score or of the class columns are."""
        kinds: dict[str, str | None] = {"truth_probabilities": "probability"}
        kinds |= {"score": self.score_kind, "probabilities": self.family_kind}
        return kinds.get(role)


@dataclass(frozen=True, kw_only=True)
class RegressionRoles(Roles):
    """The roles of a regression.

    levels: target -> what the names of its interval's ends say that it promises to hold; the only
    target is called "".
    """

    command: ClassVar[str] = "regress"

    levels: Mapping[str, float] = field(default_factory=dict)

    @property
    def targets(self) -> tuple[str, ...]:
        """What is predicted, when it is several numbers a row; none where there is one target."""
        return tuple(self.families.get("truth", ()))


@dataclass(frozen=True, kw_only=True)
class PairRoles(Roles):
    """The roles of pairs or triplets.

    says_same: whether the column of `dissimilar` says which pairs are the same; width: the numbers
    of a vector, 0 where there are none; directed: as in `PairChoices`.
    """

    command: ClassVar[str] = "pairs"

    says_same: bool = False
    width: int = 0
    directed: bool = False

    def gives(self, role: str) -> bool:
        """Of vectors there are distances, too."""
        of = {"distance": "b", "negative_distance": "negative"}.get(role)
        return self.plays(role) or (of is not None and self.plays(of))
