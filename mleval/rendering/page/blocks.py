"""What a page is made of: sections of blocks, each of a kind that the templates know how to set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from mleval.rendering.grid import Grid


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table. caption: what it holds; notes: sentences beneath it.

    drawings: one a row, each SVG; scale: what stands above them, their ends or what they show;
    drawn_after: how many columns stand before them, 0 where there are none; foot: how many of the
    last rows sum up the others, and stay below them; stacked: intervals stand below their values.
    """

    kind: ClassVar[str] = "table"
    caption: str
    grid: Grid
    notes: Sequence[str] = ()
    scale: Sequence[str] = ()
    drawings: Sequence[str] = ()
    drawn_after: int = 0
    stacked: bool = False
    foot: int = 0


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A chart. svg: its drawing; says: in a sentence what it shows, for who does not see it."""

    kind: ClassVar[str] = "figure"
    title: str
    says: str
    svg: str
    width: int
    height: int
    legend: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Charts side by side where there is room."""

    kind: ClassVar[str] = "figures"
    figures: Sequence[Figure]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell of a matrix: its text, and how deep it is shaded, from 0 to 9."""

    text: str
    shade: int = 0
    right: bool = False


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Which class was taken for which. names: of the rows; heads: of the columns."""

    kind: ClassVar[str] = "matrix"
    caption: str
    names: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Sentences, one an item. quiet: whether they only explain what stands above."""

    kind: ClassVar[str] = "lines"
    items: Sequence[str]
    quiet: bool = False


@dataclass(frozen=True, kw_only=True)
class Code:
    """Text to be copied as it stands. label: what it is."""

    kind: ClassVar[str] = "code"
    label: str
    lines: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Names and what they stand for. label: what they are together."""

    kind: ClassVar[str] = "facts"
    items: Mapping[str, str]
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Slider:
    """A threshold to move. data: what the script reads; metrics: which ones it shows.

    positive, negative: the classes.
    """

    kind: ClassVar[str] = "slider"
    data: Mapping[str, Any]
    positive: str
    negative: str
    metrics: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Picker:
    """A slice to choose. data: what the script reads: the cells of each slice's table."""

    kind: ClassVar[str] = "picker"
    column: str
    data: Mapping[str, Any]
    names: Sequence[str]
    heads: Sequence[str]


Block: TypeAlias = Table | Figures | Matrix | Lines | Code | Facts | Slider | Picker


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading and what is below it. drop: when the page is too long, the highest goes first.

    summary: whether a notebook shows it open.
    """

    heading: str
    blocks: Sequence[Block]
    drop: int = 0
    summary: bool = False


@dataclass(frozen=True, kw_only=True)
class Headline:
    """A number that stands at the top. main: whether it stands above the others.

    drawing: its interval as SVG, where it has a scale.
    """

    name: str
    value: str
    interval: str
    drawing: str = ""
    main: bool = False


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page. title: what it is about; facts: beside it; verdict: how the gates came out.

    status: that of the gates together; sections: those without blocks are left out.
    """

    title: str
    facts: Sequence[str]
    headlines: Sequence[Headline] = ()
    assumed: Sequence[str] = ()
    warnings: Sequence[str] = ()
    verdict: str = ""
    status: str = ""
    sections: Sequence[Section] = field(default_factory=tuple)
