"""OpenedTexts: the texts of one system, and the columns that say more of its segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from mleval.errors import InputError
from mleval.evaluation.clusters import ROLE
from mleval.evaluation.findings import Findings
from mleval.options import Options
from mleval.reading.slicing import Slicing, column_of, columns_by
from mleval.reading.texts import Segments, TextRoles, TextSource


@dataclass(frozen=True, kw_only=True)
class SegmentRoles(TextRoles):
    """What was found, and the segments themselves: all of them are read to tell who is whose."""

    segments: Segments = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OpenedTexts:
    """The opened texts of one system: of its segments nothing is joined, filtered or chosen.

    cluster: the column that tells which of them go together, as the caller names it.
    """

    source: TextSource
    cluster: str | None = None

    def roles(self) -> SegmentRoles:
        """What was found to be for what; InputError for texts that do not fit together."""
        found, clusters = self.source.roles, {}
        if self.cluster is not None:
            self._require_columns("--cluster")
            clusters = {ROLE: column_of(self.source, self.cluster, "--cluster")}
        segments = self.source.segments()
        known = {item.name: getattr(found, item.name) for item in fields(found)}
        known |= {
            "notices": (*found.notices, *segments.notices),
            "columns": {**found.columns, **clusters},
        }
        return SegmentRoles(**known, segments=segments)

    def slicing(self, options: Options) -> Slicing | None:
        """The columns that segments are told apart by, if any are named."""
        if not options.sliced_by:
            return None
        self._require_columns(next(iter(options.sliced_by.values())))
        return Slicing(columns_by(self.source, options.sliced_by))

    def _require_columns(self, flag: str) -> None:
        """InputError where there are none that a flag could name."""
        if not self.source.names:
            raise InputError(
                f"{flag}: there are no columns to tell segments apart by in {self.source.name} "
                f"(read as {self.source.roles.format})",
                hint="write the texts and the column in one table: CSV, JSON lines or Parquet",
            )

    def introduce(self, findings: Findings) -> None:
        """All of it is evaluated."""

    def require_rows(self) -> None:
        """The reading does."""

    def assume(self, findings: Findings) -> None:
        """All is said of the roles."""

    def provenance(self) -> Mapping[str, Any]:
        """Nothing beside the digest."""
        return {}
