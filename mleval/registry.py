"""The registry: what a metric declares about itself, once, for everything that speaks of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args, get_type_hints

from mleval.errors import UsageError
from mleval.readable import require_readable
from mleval.spec import Spec
from mleval.states import Confusion, ScoreTable
from mleval.states.sums import Column

Task = Literal["binary", "multiclass", "multilabel", "regress", "pairs", "text", "perplexity"]
COMMANDS: Mapping[str, tuple[Task, ...]] = {
    "classify": ("binary", "multiclass", "multilabel"),
    "regress": ("regress",),
    "pairs": ("pairs",),
    "text": ("text",),
    "perplexity": ("perplexity",),
}
"""Each command that evaluates, and the tasks that its input may turn out to be."""
Goal = Literal["max", "min", "zero", "none"]
Over = Literal["all", "class", "pair", "event", "row"]
Scale = Literal["any", "probability", "decision"]
Function = TypeVar("Function", bound=Callable[..., Any])


def _same(value: Any) -> Any:
    return value


def _all_rows(counts: Any) -> Any:
    return counts.total


@dataclass(frozen=True, slots=True)
class Proportion:
    """The metric is a share of `trials`, or a function of one: its interval is Wilson's.

    trials: what the share is of, as a function of the counts that the metric reads: all rows
    unless something else is said;
    to_share, from_share: monotone maps between metric and share.
    """

    trials: Callable[[Any], Any] = _all_rows
    to_share: Callable[[Any], Any] = _same
    from_share: Callable[[Any], Any] = _same


@dataclass(frozen=True, slots=True)
class Component:
    """A number a row that `Means` keeps; two of the same name are the same number."""

    name: str
    of: Callable[[Any], Column]


@dataclass(frozen=True, slots=True)
class Option:
    """A parameter of a metric: `required` when the metric has no default for it.

    default: None for one that is found out where it is not given.
    """

    name: str
    kind: Any
    default: Any
    required: bool


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A metric: a function that reads one number off a state, and all that is known about it.

    over: what the function is handed: `all` the whole confusion matrix or the means; `class` one
    class against the rest, averaged as the qualifier says; `pair` one class against another;
    `event` the scores of one yes-or-no event (binary: the positive class; multiclass: that the
    class with the highest probability is right); `row` the counts of each row over its labels
    (multilabel), for the mean over the rows of what it returns.
    goal: which way is better (`zero`: nearer to it; `none`: neither).
    default: in the default report; under which averages, for a metric over classes; most_rows: up
    to so many rows, above when it is asked for.
    per: a role of several columns, each of which has one: its name is the only option.
    needs: the roles whose columns it reads beside truth and prediction.
    scale: the scores it takes: any, probabilities, or decision values (not probabilities).
    undefined: what to say where the function returns nan.
    Where its uncertainty comes from: nothing said, the delta method; `proportion`, Wilson;
    `influence`, how far each row moves it, (φ of positives, φ of negatives) by distinct score, or
    (n,) of rows that are kept;
    `share`, of a quantile which it is: order statistics;
    `interval`, a method of its own ("delta": at the ends of its range too, where it has none);
    `no_interval`, why there is none.
    threshold: for a best over thresholds, the threshold.
    parts: what else it can be read as ([precision], [recall]): an argument `part` of the function
    and of its components, beside the options; without it the default of the function.
    """

    name: str
    title: str
    tasks: tuple[Task, ...]
    state: type
    over: Over = "all"
    goal: Goal
    range: tuple[float, float]
    formula: str
    source: str
    use: str
    beware: str
    function: Callable[..., Any]
    aliases: tuple[str, ...] = ()
    default: bool | tuple[str, ...] = False
    most_rows: int | None = None
    per: str = ""
    needs: tuple[str, ...] = ()
    scale: Scale = "any"
    undefined: str = "no value on these data"
    example: str = ""
    components: Callable[..., tuple[Component, ...]] | None = None
    proportion: Proportion | None = None
    influence: Callable[..., Any] | None = None
    share: float | None = None
    interval: str = ""
    no_interval: str = ""
    threshold: Callable[..., float] | None = None
    parts: tuple[str, ...] = ()

    @property
    def options(self) -> tuple[Option, ...]:
        """Its parameters: the keyword-only ones of its function."""
        hints = get_type_hints(self.function)
        return tuple(
            Option(p.name, _kind(hints.get(p.name, str)), p.default, p.default is p.empty)
            for p in inspect.signature(self.function).parameters.values()
            if p.kind is p.KEYWORD_ONLY
        )

    def reads_class_tables(self, task: Task) -> bool:
        """Whether it is read off a table of scores for each class or pair, not off one event."""
        return self.state is ScoreTable and self.over in ("class", "pair") and task != "binary"

    def averages(self, task: Task | None = None) -> tuple[str, ...]:
        """The averages it has over classes; in a binary task, scores are of one class alone."""
        if self.over not in ("class", "pair") or (task == "binary" and self.state is not Confusion):
            return ()
        several = task == "multilabel" or (task is None and "multilabel" in self.tasks)
        if self.state is Confusion:
            return ("macro", "weighted", "micro", *(["samples"] if several else []))
        return ("macro", "weighted", *(["micro"] if several else []))

    def specs_of(self, columns: Iterable[str]) -> tuple[Spec, ...]:
        """One Spec a column of the role that there is one `per`, by the numbers they are called."""
        (option,) = self.options
        return tuple(Spec(self.name, ((option.name, float(column)),)) for column in columns)

    def default_specs(self, task: Task) -> tuple[Spec, ...]:
        """The Specs under which it stands in the default report of a task, whatever the columns."""
        if not self.default or self.per:
            return ()
        if self.over in ("class", "pair") and task != "binary":
            chosen = self.default if isinstance(self.default, tuple) else ("macro",)
            if task == "multilabel":  # elsewhere micro averages are accuracy by another name
                chosen = tuple("micro" if a == "weighted" else a for a in chosen)
            return tuple(Spec(self.name, average=average) for average in chosen)
        return (Spec(self.name),)

    def options_of(self, spec: Spec) -> dict[str, Any]:
        """The options that a Spec gives, checked and converted, the rest at their defaults."""
        given = dict(spec.options)
        known = {option.name: option for option in self.options}
        for name in given:
            if name not in known:
                raise UsageError(
                    f"{spec}: {self.name} has no option '{name}'",
                    hint=f"its options: {', '.join(known) or 'none'}",
                )
        missing = [name for name, o in known.items() if o.required and name not in given]
        if missing:
            raise UsageError(
                f"{spec}: {self.name} needs {' and '.join(missing)}",
                hint=f"for example {self.example}",
            )
        return {
            name: self._converted(option, given[name]) if name in given else option.default
            for name, option in known.items()
        }

    def _converted(self, option: Option, value: Any) -> Any:
        kind, choices = option.kind, get_args(option.kind)
        if choices:
            expected = " or ".join(map(str, choices))
            if str(value) in choices:
                return str(value)
        elif kind is float:
            expected = "a number"
            if isinstance(value, int | float) and not isinstance(value, bool):
                return float(value)
        elif kind is str:
            return str(value)
        else:
            expected = {int: "a whole number", bool: "true or false"}[kind]
            if type(value) is kind:
                return value
        raise UsageError(
            f"{self.name}: {option.name} must be {expected}, not {value!r}",
            hint=f"for example {self.example or self.name}",
        )


def _kind(hint: Any) -> Any:
    """The type of an option that is given: of `float | None` a float."""
    kinds = get_args(hint)
    return kinds[0] if type(None) in kinds else hint


def command_of(task: Task) -> str:
    """The command whose input may turn out to be that task.

    >>> command_of("multilabel")
    'classify'
    """
    return next(command for command, tasks in COMMANDS.items() if task in tasks)


def in_short(tasks: Collection[Task]) -> list[str]:
    """Tasks by name; a command in place of all of its tasks.

    >>> in_short(["binary", "multiclass", "multilabel", "pairs"])
    ['classify', 'pairs']
    """
    whole = [c for c, its in COMMANDS.items() if len(its) > 1 and {*its} <= {*tasks}]
    return [*whole, *(task for task in tasks if command_of(task) not in whole)]


_METRICS: dict[tuple[Task, str], Metric] = {}
_ALIASES: dict[tuple[Task, str], str] = {}


def metric(name: str, **facts: Any) -> Callable[[Function], Function]:
    """Declare and register a metric: the decorator takes the fields of `Metric`.

    Raises ValueError for a name that is taken, and for what a task of it could not read.
    """

    def register(function: Function) -> Function:
        declared = Metric(name=name, function=function, **facts)
        require_readable(declared)
        for task in declared.tasks:
            if (task, name) in _METRICS:
                raise ValueError(f"two {task} metrics are called {name}")
            _METRICS[task, name] = declared
            _ALIASES.update({(task, alias): name for alias in declared.aliases})
        return function

    return register


def held() -> Any:
    """What is registered now, for `restore`."""
    return dict(_METRICS), dict(_ALIASES)


def restore(before: Any) -> None:
    """Let nothing be registered but what `held` found."""
    known, aliases = before
    _METRICS.clear()
    _METRICS.update(known)
    _ALIASES.clear()
    _ALIASES.update(aliases)


def metrics(task: Task | None = None) -> Iterator[Metric]:
    """Every registered metric, of one task or of all, in the order of their families."""
    seen: set[int] = set()
    for (of_task, _), declared in _METRICS.items():
        if task in (None, of_task) and id(declared) not in seen:
            seen.add(id(declared))
            yield declared


def registered(name: str, task: Task) -> Metric | None:
    """The metric of a task with that name or alias."""
    return _METRICS.get((task, _ALIASES.get((task, name), name)))


def names_of(task: Task | None = None) -> set[str]:
    """The names and aliases of the metrics of one task, or of all."""
    return {name for of_task, name in (*_METRICS, *_ALIASES) if task in (None, of_task)}
