"""Which columns say how sure the predictions of a regression are: intervals and deviations."""

from __future__ import annotations

from collections.abc import Sequence

from mleval.reading.candidates import truths_by_stem
from mleval.reading.finder import Finder
from mleval.reading.interval_columns import (
    deviations,
    intervals,
    is_variance,
    level_of,
    lone_ends,
    mirrored,
)
from mleval.reading.names import listed, normalised
from mleval.visible import quoted


class SpreadFinder(Finder):
    """The part of the search that comes when truth, prediction and quantiles are known."""

    def _find_interval(self) -> None:
        """Both ends of an interval by name, else the outermost mirrored pair of quantiles."""
        if {"lower", "upper"} & self._taken.keys():
            return
        found = intervals(self._free_numbers(), self._own_stems())
        if found:
            for role in ("lower", "upper"):
                self._take(role, getattr(found[0], role))
                self._passed_over[role] = [getattr(interval, role) for interval in found]
            return
        quantiles = self._families["quantiles"]
        for level in quantiles:
            mirrored = repr(round(1 - float(level), 12))
            if float(level) < 0.5 and mirrored in quantiles:
                self._take("lower", quantiles[level])
                self._take("upper", quantiles[mirrored])
                return

    def _find_std(self) -> None:
        if "std" in self._taken:
            return
        found = deviations(self._free_numbers(), self._own_stems())
        if found:
            self._take("std", found[0])
            self._passed_over["std"] = found

    def _free_numbers(self) -> list[str]:
        return [column for column in self._free() if self._head.is_numeric(column)]

    def _own_stems(self) -> list[str]:
        """What the columns of an interval or a deviation may be called after."""
        if "truth" not in self._taken:
            return []
        prediction = normalised(self._taken["prediction"])
        return [stem for stem in (*stems_of(self._taken["truth"]), prediction) if stem]

    def _find_of_targets(self) -> None:
        """The interval and the deviation of each of several targets, where each has one."""
        targets = list(self._families["truth"])
        found: dict[str, dict[str, str]] = {"lower": {}, "upper": {}, "std": {}}
        for target in targets:
            for interval in intervals(self._free_numbers(), [target], general=False)[:1]:
                found["lower"][target], found["upper"][target] = interval.lower, interval.upper
            for column in deviations(self._free_numbers(), [target], general=False)[:1]:
                found["std"][target] = column
        for role, columns in found.items():
            if len(columns) == len(targets):
                self._families[role] = columns
                self._assumed.append(f"{role}={', '.join(columns.values())}")
        self._tell_unused_of_targets(targets)

    def _tell_unused_of_targets(self, targets: Sequence[str]) -> None:
        """What is called after a target, or like the end of an interval, and is not used."""
        after = tuple(f"{target}_" for target in targets)
        free = self._free_numbers()
        general = {*lone_ends(free), *deviations(free)}
        left = [c for c in free if c in general or normalised(c).startswith(after)]
        if left:
            self._notices.append(
                f"not used: {listed(left)}; of several targets each has its interval or "
                f"deviation ({targets[0]}_lower and {targets[0]}_upper, {targets[0]}_std), or none "
                "has (--truth COLUMN --pred COLUMN for one target)"
            )

    def _tell_lone_ends(self) -> None:
        """An end of an interval without the other."""
        if self._taken.keys() & {"lower", "upper"} or "truth" not in self._taken:
            return
        for column in lone_ends(self._free_numbers(), self._own_stems()):
            self._notices.append(
                f"{quoted(column)} is not used: no column is the other end of the interval "
                "(--lower COLUMN --upper COLUMN)"
            )

    def _levels(self) -> dict[str, float]:
        """What the names of the ends tell, by target."""
        if {"lower", "upper"} <= self._taken.keys():
            ends = {"": (self._taken["lower"], self._taken["upper"])}
        else:
            lower, upper = (self._families.get(role, {}) for role in ("lower", "upper"))
            ends = {target: (lower[target], upper[target]) for target in lower}
        shares = {column: float(q) for q, column in self._families.get("quantiles", {}).items()}
        found = {
            target: mirrored(shares.get(low), shares.get(high)) or level_of(low, high)
            for target, (low, high) in ends.items()
        }
        return {target: level for target, level in found.items() if level is not None}

    def _variances(self) -> frozenset[str]:
        """The columns of deviations that are named like variances, which is said."""
        columns = [*self._families.get("std", {}).values()]
        columns += [self._taken["std"]] if "std" in self._taken else []
        stems = [*self._families["truth"]] if "truth" in self._families else self._own_stems()
        found = [column for column in columns if is_variance(column, stems)]
        if found:
            notice = f"{listed(found)}: read as a variance, of which the root is taken"
            self._notices.append(notice)
        return frozenset(found)


def stems_of(truth: str) -> set[str | None]:
    """What the prediction of a truth column may be named after."""
    return {normalised(truth), *(candidate.stem for candidate in truths_by_stem([truth]))}
