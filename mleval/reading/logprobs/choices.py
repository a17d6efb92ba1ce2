"""What the caller says of log-probabilities, and what is found of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, NamedTuple

from mleval.batch import Role
from mleval.reading.roles import Roles
from mleval.reading.source import Options

Base = Literal["e", "2", "10"]
_AS_TOLD = Options()  # by the bytes of the files
Loss = Literal["mean", "sum"]


@dataclass(frozen=True, kw_only=True)
class LogprobChoices:
    """What the caller says of the input; what is None is told from its beginning.

    format: the name of one of `FORMATS`; base: of the logarithms; logprobs, tokens, document,
    text: the columns or keys of those; loss: whether it is a mean over the tokens or their sum;
    files: how text files are written.
    """

    format: str | None = None
    base: Base | None = None
    logprobs: str | None = None
    tokens: str | None = None
    document: str | None = None
    text: str | None = None
    loss: Loss | None = None
    files: Options = _AS_TOLD


class Said(NamedTuple):
    """Something that was settled on, for a person; why, and the flag that changes it."""

    what: str
    value: str
    why: str = ""
    flag: str = ""


class Made(NamedTuple):
    """How log-probabilities came about that no file had; signature: what of it must be equal."""

    said: tuple[Said, ...]
    signature: Mapping[str, Any]


def _nowhere(part: int, row: int) -> str:
    return f"part {part}, row {row}"


@dataclass(frozen=True, kw_only=True)
class LogprobRoles(Roles):
    """What was found: `columns` has the columns or keys of what the format does not fix.

    format: what the shape is called; forced: whether the caller named it; base: of the logarithms,
    known: whether the format fixes it; text: what bytes, characters and words are of, None where
    the input has no text; loss: what a loss is, where there is one, and whether that is known;
    tabular: whether it is a table, whose columns mean something;
    place: says where row `row` of part `part` is; made: how, when they were made for this run.
    """

    command: ClassVar[str] = "perplexity"

    format: str = ""
    forced: bool = False
    base: Base = "e"
    base_known: bool = True
    text: str | None = None
    loss: Loss | None = None
    loss_known: bool = True
    made: Made | None = None
    tabular: bool = True
    place: Callable[[int, int], str] = field(default=_nowhere, compare=False, repr=False)

    @property
    def declared(self) -> tuple[Role, ...]:
        """None: what is looked for depends on the format."""
        return ()
