"""The options that say what is read and which columns are for what: each declared once."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

import typer

_column = partial(typer.Option, metavar="NAME", rich_help_panel="Columns")
_vectors = partial(typer.Option, metavar="VECTORS", rich_help_panel="Columns")
_input = partial(typer.Option, rich_help_panel="Input")
_task = partial(typer.Option, rich_help_panel="Task")
_slices = partial(typer.Option, rich_help_panel="Slices")

_PROBA = "Prefix of the columns with the probability of each class."
_TRUTH_PROBA = "Prefix of the columns with the true probability of each class: soft labels."
_QUANTILES = "Prefix of the columns of quantiles, such as q of q10 and q90."
_A = "A column of vectors, the prefix of its columns, or a .npy matrix; of triplets the anchor."
_DISTANCES = "Distances of the pairs; of triplets, of anchor and positive."
_DISTANCE = "How vectors are compared: euclidean unless said."
_LABEL_SEP = "What stands between the labels of a row that has several; or list."
_TRUTH_FILE = "Where the truth is, if not in FILE; joined on the id, else row by row."
_ON = "The ids to join on, where FILE and the truth file name them differently."
_FILTER = "Only the rows where it holds, such as 'split == \"test\" and age < 30'."

_CLUSTER = "What tells which rows go together (patient, user, document): intervals know it."
_BY = "Every metric for each value of the column too; a*b crosses two. Repeatable."
_BINS = "Of numbers in --by: N quantiles or the edges, of one column 'age=18,40'. Repeatable."
_MIN_SLICE = "Slices of fewer rows are taken together."
_MAX_SLICES = "More slices are refused: the column is an id."

Truth = Annotated[str | None, _column("--truth", "--label", "--target", help="The truth.")]
Pred = Annotated[str | None, _column("--pred", help="The prediction.")]
Score = Annotated[str | None, _column("--score", help="The score or probability of one class.")]
Proba = Annotated[str | None, _column("--proba", metavar="PREFIX", help=_PROBA)]
TruthProba = Annotated[str | None, _column("--truth-proba", metavar="PREFIX", help=_TRUTH_PROBA)]
Lower = Annotated[str | None, _column("--lower", help="The lower end of a predicted interval.")]
Upper = Annotated[str | None, _column("--upper", help="Its upper end.")]
Std = Annotated[str | None, _column("--std", help="The predicted standard deviation.")]
Quantiles = Annotated[str | None, _column("--quantiles", metavar="PREFIX", help=_QUANTILES)]
Same = Annotated[str | None, _column("--same", help="1 for pairs that are the same.")]
Dissimilar = Annotated[str | None, _column("--dissimilar", help="1 for pairs that are different.")]
Distances = Annotated[str | None, _column("--distances", help=_DISTANCES)]
NegativeDistances = Annotated[
    str | None, _column("--negative-distances", help="Of anchor and negative.")
]
A = Annotated[str | None, _vectors("--a", help=_A)]
B = Annotated[str | None, _vectors("--b", help="The other; of triplets the positive.")]
Negative = Annotated[str | None, _vectors("--negative", help="The negative.")]
Distance = Annotated[
    Literal["euclidean", "cosine", "manhattan", "minkowski"] | None,
    typer.Option("--distance", rich_help_panel="Metrics", help=_DISTANCE),
]
Weight = Annotated[str | None, _column("--weight", help="The weight of the row.")]
Cluster = Annotated[str | None, _column("--cluster", help=_CLUSTER)]
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

By = Annotated[list[str] | None, _slices("--by", metavar="COLUMN", help=_BY)]
Bins = Annotated[list[str] | None, _slices("--bins", metavar="N", help=_BINS)]
MinSlice = Annotated[int, _slices("--min-slice", metavar="N", help=_MIN_SLICE)]
MaxSlices = Annotated[int, _slices("--max-slices", metavar="N", help=_MAX_SLICES)]

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
