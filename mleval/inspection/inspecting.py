"""Look at the beginning of a file, and tell what would be made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from mleval.commands import evaluating, scoring
from mleval.errors import InputError
from mleval.evaluation.inputs import Input
from mleval.evaluation.table_evaluator import table_evaluator_of
from mleval.evaluation.tables import Tables
from mleval.inspection.files import file_seen
from mleval.inspection.found import Inspection
from mleval.inspection.roles import reasons, roles_of_columns, roles_of_models
from mleval.options import ClassifyOptions, RegressOptions, TableOptions
from mleval.reading import Models, Roles
from mleval.reading.candidates import by_name
from mleval.reading.logprobs.choices import LogprobRoles
from mleval.reading.source import HEAD_ROWS
from mleval.reading.source import Options as FileOptions
from mleval.reading.synonyms import MODEL
from mleval.reading.vocabulary import Head, overlap

_MOST_CLASSES = 20  # that anybody writes as numbers with decimals


def inspect_file(name: str, options: ClassifyOptions) -> Inspection:
    """Look at the first rows of a file, and of the truth file if the options name one.

    Raises UsageError for options that cannot be meant, InputError for files that cannot be read.
    """
    options.check()
    look = _looked(name, options)
    if look.refusal and (found := look.logprobs()):
        return _of_logprobs(name, look, found)
    one, refusal = look.one, look.refusal
    named = roles_of_columns(look.roles, look.models)
    joined = one.joined if one else None
    theirs = joined.right if joined else {}
    of_truths = {theirs[shown]: role for shown, role in named.items() if shown in theirs}
    join = None
    if joined:
        join = str(joined.keys or "row by row")
        of_truths |= {joined.keys.truths: "id"} if joined.keys else {}
    return Inspection(
        predictions=file_seen(look.source, named),
        truths=file_seen(look.truths, of_truths) if look.truths else None,
        join=join,
        roles=tuple(reasons(look.roles, look.options, joined, look.models)) if look.roles else (),
        models=look.models.names if look.models else (),
        notices=tuple(look.notices()),
        refusal=str(refusal) if refusal else None,
        hint=refusal.hint if refusal else None,
        command=look.command(name) if look.roles else None,
    )


def _of_logprobs(name: str, look: _Look, found: LogprobRoles) -> Inspection:
    """What there is to say of a file of log-probabilities."""
    seen = file_seen(look.source, {column: r for r, column in found.columns.items()})
    if not found.tabular:
        about = replace(seen.about, format=found.format, delimiter=None, rows=None, exact=False)
        seen = replace(seen, about=about, rows_seen=0, columns=())
    return Inspection(
        predictions=seen,
        notices=(f"it holds log-probabilities of tokens: {found.format}", *found.notices),
        command=scoring(name, look.options),
    )


def _looked(name: str, options: ClassifyOptions) -> _Look:
    """The file as its command would read it: `regress` where truth and prediction are numbers."""
    tables = Tables.of(name, options, table_evaluator_of(options).choices(), head_only=True)
    look = _Look(tables)
    of_classes = (options.score, options.proba, options.task, options.label_sep)
    said = any(option is not None for option in of_classes) or options.classes or options.map
    if said or (look.roles is not None and not look.holds_quantities()):
        return look
    shared = {field.name: getattr(options, field.name) for field in fields(TableOptions)}
    others = RegressOptions(**shared, truth=options.truth, prediction=options.prediction)
    choices = table_evaluator_of(others).choices()
    of_numbers = _Look(replace(tables, options=others, choices=choices))
    return of_numbers if of_numbers.roles and of_numbers.holds_quantities() else look


class _Look:
    """How far one gets without reading all rows, and why not further.

    source, truths: the files as they are read; one: the input, or the first of several models'.
    """

    def __init__(self, tables: Tables) -> None:
        self.options = tables.options
        self.source, self.truths = tables.predictions, tables.truths
        self.models: Models | None = None
        self.one: Input | None = None
        self.roles: Roles | None = None
        self.refusal: InputError | None = None
        try:
            self._find(tables)
        except InputError as error:
            self.refusal = error

    def _find(self, tables: Tables) -> None:
        opened = tables.input()
        self.source = opened.source
        if opened.joined:
            self.source, self.truths = opened.joined.predictions, opened.joined.truths
        self.models = opened.models(None, head_only=True)
        self.one = opened.of_model(self.models, self.models.names[0]) if self.models else opened
        self.roles = self.one.roles()

    def logprobs(self) -> LogprobRoles | None:
        """What is for what, if these are log-probabilities."""
        from mleval.reading.logprobs import recognised

        said = self.options
        if said.truth_file is not None or said.filter is not None or not self.source.files:
            return None
        files = FileOptions(said.sep, said.encoding, said.header, said.decimal)
        return recognised(self.source.files[0], files)

    def notices(self) -> Iterator[str]:
        """What to tell the reader."""
        yield from self.roles.notices if self.roles else self.source.notices
        named = by_name(self.source.names, MODEL)
        if named and self.models is None and self.source.head().num_rows >= HEAD_ROWS:
            yield (
                f"column '{named[0].column}' may tell several models apart: that takes reading "
                "every row, so it is not known here"
            )

    def command(self, name: str) -> str:
        """The command that evaluates the file by these columns."""
        assert self.one
        assert self.roles
        joined, labels = self.one.joined, self.roles.labels
        columns: dict[str, str | None] = {
            role: joined.right.get(column, column) if joined else column
            for role, column in self.roles.columns.items()
            if role != "id" and column not in roles_of_models(self.models)
        }
        if joined and joined.keys:
            same = joined.keys.predictions == joined.keys.truths
            columns["id" if same else "on"] = str(joined.keys)
        if isinstance(self.options, ClassifyOptions):
            columns["proba"] = self.options.proba
            columns["label_sep"] = labels.separator or None if labels else None
        return evaluating(name, self.options, columns)

    def holds_quantities(self) -> bool:
        """Whether truth and prediction are numbers that nobody would call classes."""
        assert self.one
        assert self.roles
        if self.roles.families.get("truth"):
            return True  # targets, of which classes have none
        truth, prediction = (self.roles.columns.get(role) for role in ("truth", "prediction"))
        if self.roles.labels or truth is None or prediction is None:
            return False
        head = Head(self.one.source.head())
        found = [head.numbers(column) for column in (truth, prediction)]
        numbers = [number for some in found for number in some or ()]
        if None in found or all(number.is_integer() for number in numbers):
            return False
        labels = head.vocabulary(truth)
        return len(labels) > _MOST_CLASSES or overlap(labels, head.vocabulary(prediction)) < 0.5
