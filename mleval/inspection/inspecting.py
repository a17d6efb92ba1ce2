"""Look at the beginning of a file, and tell what would be made of it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from mleval.commands import evaluating, scoring
from mleval.errors import InputError, UsageError
from mleval.evaluation.inputs import Input
from mleval.evaluation.tables import Tables
from mleval.inspection.files import beneath, file_seen
from mleval.inspection.found import Inspection
from mleval.inspection.pairs import holds_vectors, pair_columns, resembles_pairs, says_pairs
from mleval.inspection.roles import reasons, roles_of_columns, roles_of_models
from mleval.inspection.soft_labels import with_soft_labels
from mleval.inspection.texts import text_hint
from mleval.options import ClassifyOptions, PairsOptions, RegressOptions, TableOptions
from mleval.options.common import as_flag
from mleval.reading import Models, PairRoles, Roles
from mleval.reading.candidates import by_name
from mleval.reading.logprobs.choices import LogprobRoles
from mleval.reading.source import HEAD_ROWS
from mleval.reading.source import Options as FileOptions
from mleval.reading.synonyms import MODEL
from mleval.reading.vocabulary import Head, overlap

_MOST_CLASSES = 20  # that anybody writes as numbers with decimals
_AS_GIVEN = ("proba", "truth_proba", "quantiles", "a", "b", "negative", "distance")
"""Options that say what no column is: prefixes of columns, and a measure."""
_COMMANDS: Sequence[type[TableOptions]] = (ClassifyOptions, RegressOptions, PairsOptions)


def inspect_file(name: str, said: Mapping[str, Any]) -> Inspection:
    """Look at the first rows of a file, and of the truth file if one is named.

    said: what the options of any command can say, by their names; only the commands that have all
    of it are thought of. Raises UsageError when none has, or for what cannot be meant; InputError
    for files that cannot be read.
    """
    meant = meant_by(said)
    meant[0].check()
    look = _looked(Tables.of(name, meant[0], head_only=True), meant)
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
        hint=(text_hint(name, look.source) or _hint(refusal, name)) if refusal else None,
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


def _hint(refusal: InputError, name: str) -> str | None:
    """What to do about a refusal; a lone matrix may be one side of the pairs."""
    if not name.endswith(".npy"):
        return refusal.hint
    sides = f"vectors of pairs: mleval pairs --a {shlex.quote(name)} --b OTHER.npy --labels FILE"
    return "; ".join(filter(None, [refusal.hint, sides]))


def meant_by(
    said: Mapping[str, Any], commands: Sequence[type[TableOptions]] = _COMMANDS
) -> list[TableOptions]:
    """The options of each command that knows all that was said; UsageError when none does."""
    given = {name: value for name, value in said.items() if value not in (None, (), {})}
    knows = {kind: {field.name for field in fields(kind)} for kind in commands}
    meant = [kind(**given) for kind in commands if given.keys() <= knows[kind]]
    if not meant:
        common = set.intersection(*knows.values())
        own = [as_flag(name) for name in given if name not in common]
        *some, last = [kind.command for kind in commands]
        raise UsageError(
            f"no command has all of {', '.join(own)}",
            hint=f"{', '.join(some)} and {last} each have some of them: give those of one",
        )
    return meant


def likely_options(
    tables: Tables, meant: Sequence[TableOptions]
) -> tuple[TableOptions, InputError | None]:
    """Those of the command whose columns the tables have, by their first rows; or why none is."""
    look = _looked(replace(tables, head_only=True), meant)
    return look.options, look.refusal


def _looked(tables: Tables, meant: Sequence[TableOptions]) -> _Look:
    """The file as its command would read it: the first whose columns are there.

    That is `regress` where truth and prediction are quantities, even if they could be classes.
    """
    plain = replace(
        tables,
        predictions=beneath(tables.predictions),
        truths=beneath(tables.truths) if tables.truths else None,
    )
    looks = []
    for options in _preferred(meant, plain):
        nested = isinstance(options, PairsOptions)  # vectors are columns of lists
        look = _Look(replace(plain if nested else tables, options=options))
        if look.suits():
            return look
        if options in meant:
            looks.append(look)
    possible = [look for look in looks if look.runs()]
    likely = [look for look in looks if look.resembles_pairs()]
    return (possible or likely or looks)[0]


def _preferred(meant: Sequence[TableOptions], tables: Tables) -> Sequence[TableOptions]:
    """What is to be tried, first of all what the columns themselves tell for certain."""
    pairs = [options for options in meant if isinstance(options, PairsOptions)]
    source, names = tables.predictions, [*tables.predictions.names]
    names += tables.truths.names if tables.truths else ()
    if pairs and (holds_vectors(source) or says_pairs(names)):
        return pairs
    soft = [
        with_soft_labels(options, source.names, Head(source.head()))
        for options in meant
        if isinstance(options, ClassifyOptions)
    ]
    return [*filter(None, soft), *meant]


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
        if isinstance(self.roles, PairRoles):
            columns = pair_columns(columns, self.roles)
        if joined and joined.keys:
            same = joined.keys.predictions == joined.keys.truths
            columns["id" if same else "on"] = str(joined.keys)
        if labels:
            columns["label_sep"] = labels.separator or None
        columns = {name: getattr(self.options, name, None) for name in _AS_GIVEN} | columns
        return evaluating(name, self.options, columns)

    def suits(self) -> bool:
        """Whether this is what the columns are for, and not merely what they could be for."""
        if isinstance(self.options, PairsOptions) or self.roles is None:
            return self.roles is not None
        return self._holds_quantities() == isinstance(self.options, RegressOptions)

    def runs(self) -> bool:
        """Whether it can be evaluated so."""
        if isinstance(self.options, RegressOptions) and self.one and self.roles:
            head = Head(self.one.source.head())
            return all(map(head.is_numeric, self.roles.columns.values()))
        return self.roles is not None

    def resembles_pairs(self) -> bool:
        """Whether it is refused as pairs that it may well be."""
        of_pairs = isinstance(self.options, PairsOptions) and self.roles is None
        return of_pairs and resembles_pairs(self.source.names)

    def _holds_quantities(self) -> bool:
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
