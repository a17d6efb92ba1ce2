"""GateResult: a condition on a report, and how it came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

Status = Literal["passed", "failed", "inconclusive"]
STATUSES: tuple[Status, ...] = ("passed", "failed", "inconclusive")


@dataclass(frozen=True, kw_only=True)
class GateResult:
    """A gate and how it came out; every number is as it was computed, not rounded.

    value, low, high: the left side with its interval; limit: what the right side is;
    baseline: what the left side is in the baseline; difference, difference_low, difference_high:
    left less right, where the right side is uncertain too; paired: whether that interval knows
    that both are of the same rows; decide: whether the value or the whole interval decided;
    rows: how many would settle what is inconclusive; reason: why there is no more to say.

    >>> GateResult(gate="f1 >= 0.8", status="passed", value=0.9, limit=0.8).passed
    True
    """

    gate: str
    status: Status
    decide: Literal["point", "interval"] = "point"
    value: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    limit: float | None = None
    baseline: float | None = None
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None
    paired: bool | None = None
    rows: float | None = None
    reason: str | None = None

    @property
    def passed(self) -> bool:
        """Whether it passed: an inconclusive gate did not."""
        return self.status == "passed"

    def to_dict(self) -> dict[str, Any]:
        """JSON fields; those that say nothing here are left out, but value and limit stay."""
        always = {"value", "limit"}
        return {k: v for k, v in asdict(self).items() if v is not None or k in always}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> GateResult:
        """The inverse of `to_dict`."""
        known = {item.name for item in fields(cls)}
        return cls(**{name: item for name, item in data.items() if name in known})


def none_failed(results: Sequence[GateResult]) -> bool:
    """Whether no gate failed; an inconclusive one did not."""
    return all(result.status != "failed" for result in results)
