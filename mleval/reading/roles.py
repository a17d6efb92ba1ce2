"""What the caller says of the columns, and what was found: which column plays which role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ScoreKind = Literal["probability", "score", "logit", "confidence"]
FamilyKind = Literal["probability", "score", "logit"]


@dataclass(frozen=True, slots=True)
class ColumnChoices:
    """What the caller chose; None is found by name.

    proba: the prefix of the class columns; renames: raw label -> label. strict: refuse where a
    choice had to be guessed.
    classes: the classes in order, which name the numbers of a list of as many.
    label_sep: what stands between the labels of a cell. theirs: column -> its name in the truth
    file, of those that a join adds.
    """

    truth: str | None = None
    prediction: str | None = None
    score: str | None = None
    proba: str | None = None
    weight: str | None = None
    id: str | None = None
    task: str | None = None
    strict: bool = False
    score_of: Literal["positive", "predicted"] | None = None
    score_scale: Literal["auto", "probability", "percent", "logit", "any"] = "auto"
    classes: tuple[str, ...] = ()
    renames: Mapping[str, str] = field(default_factory=dict)
    label_sep: str | None = None
    theirs: Mapping[str, str] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True)
class Roles:
    """Which column plays which role.

    columns: role (truth, prediction, score, weight, id) -> column.
    family: class -> column of its probability or logit; empty when there are none.
    score_kind: what the score column's name says it is; `confidence` may be of the predicted
    class, which only the values tell. score_class: the class that a lone `prob_<class>` names.
    labels: how several labels a row are said; None where a row has one.
    assumed: `role=column` for each that was found by name. notices: what to tell the reader.
    """

    columns: Mapping[str, str]
    family: Mapping[str, str] = field(default_factory=dict)
    score_kind: ScoreKind | None = None
    family_kind: FamilyKind = "probability"
    score_class: str | None = None
    labels: LabelLayout | None = None
    assumed: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def predicts(self) -> bool:
        """Whether labels are predicted in columns of their own, not by scores alone."""
        return "prediction" in self.columns or bool(self.labels and self.labels.prediction)
