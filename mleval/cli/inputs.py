"""The options that say what is read and which columns are for what: each declared once."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

import typer

_column = partial(typer.Option, metavar="NAME", rich_help_panel="Columns")
_input = partial(typer.Option, rich_help_panel="Input")
_task = partial(typer.Option, rich_help_panel="Task")

_PROBA = "Prefix of the columns with the probability of each class."
_TRUTH_PROBA = "Prefix of the columns with the true probability of each class: soft labels."
_LABEL_SEP = "What stands between the labels of a row that has several; or list."
_TRUTH_FILE = "Where the truth is, if not in FILE; joined on the id, else row by row."
_ON = "The ids to join on, where FILE and the truth file name them differently."
_FILTER = "Only the rows where it holds, such as 'split == \"test\" and age < 30'."

Truth = Annotated[str | None, _column("--truth", "--label", "--target", help="The truth.")]
Pred = Annotated[str | None, _column("--pred", help="The prediction.")]
Score = Annotated[str | None, _column("--score", help="The score or probability of one class.")]
Proba = Annotated[str | None, _column("--proba", metavar="PREFIX", help=_PROBA)]
TruthProba = Annotated[str | None, _column("--truth-proba", metavar="PREFIX", help=_TRUTH_PROBA)]
Weight = Annotated[str | None, _column("--weight", help="The weight of the row.")]
Id = Annotated[str | None, _column("--id", help="The id of the row.")]

TruthFile = Annotated[str | None, _input("--truth-file", metavar="FILE", help=_TRUTH_FILE)]
On = Annotated[str | None, _input("--on", metavar="A=B", help=_ON)]
Filter = Annotated[str | None, _input("--filter", metavar="CONDITION", help=_FILTER)]
Sep = Annotated[str | None, _input("--sep", metavar="CHAR", help="The delimiter, or tab.")]
Encoding = Annotated[
    str | None, _input("--encoding", metavar="NAME", help="Of text, such as cp1252.")
]
NoHeader = Annotated[
    bool, _input("--no-header", help="The first line is a row; columns are 1, 2, ...")
]
Decimal = Annotated[
    str | None, _input("--decimal", metavar="CHAR", help="The decimal mark, . or a comma.")
]

ClassTask = Annotated[
    Literal["binary", "multiclass", "multilabel"] | None,
    _task("--task", help="When the file cannot say."),
]
LabelSep = Annotated[str | None, _task("--label-sep", metavar="CHAR", help=_LABEL_SEP)]
Classes = Annotated[
    str | None, _task("--classes", metavar="A,B,...", help="The classes averaged over, in order.")
]
Map = Annotated[
    list[str] | None, _task("--map", metavar="A=B,...", help="Read label A as B. Repeatable.")
]
