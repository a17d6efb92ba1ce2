"""Which column of a regression plays which role: truths and predictions, intervals, quantiles."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from mleval.errors import InputError
from mleval.reading.candidates import (
    Candidate,
    bare_truths,
    best,
    by_name,
    predictions_by_stem,
    truths_by_stem,
)
from mleval.reading.interval_columns import deviations, lone_ends
from mleval.reading.likely import odd_header
from mleval.reading.names import listed, normalised
from mleval.reading.notes import Guess
from mleval.reading.quantiles import found_quantiles, prefixed_quantiles
from mleval.reading.roles import RegressionChoices, RegressionRoles
from mleval.reading.source import Source
from mleval.reading.spread_columns import SpreadFinder, stems_of
from mleval.reading.synonyms import (
    ID,
    MIXED,
    NEVER,
    NUMBER_PREDICTION,
    TRUTH,
    TRUTH_IF_ALIKE,
    WEIGHT,
)
from mleval.visible import quoted


class RegressionFinder(SpreadFinder):
    """The search for the columns of a regression."""

    def __init__(self, source: Source, choices: RegressionChoices) -> None:
        super().__init__(source, choices)
        self._choices = choices

    def _search(self) -> dict[str, Any]:
        """In the order in which one finding helps the next."""
        self._find_quantiles()
        if self._find_targets():
            self._keep_to_targets()
            self._find_of_targets()
        else:
            self._find_pair()
            self._find_interval()
            self._find_std()
        self._find_weight_and_id()
        self._tell_lone_ends()
        found = {"levels": self._levels(), "variances": self._variances()}
        return {"commas": self._with_commas(), **found}

    def _roles(self, found: dict[str, Any]) -> RegressionRoles:
        return RegressionRoles(**self._common(), **found)

    def _find_quantiles(self) -> None:
        """A quantile may be the prediction or an end of an interval as well."""
        other = {
            self._taken[role] for role in self._taken.keys() - {"prediction", "lower", "upper"}
        }
        columns = [column for column in self._columns if column not in other]
        if self._choices.quantiles is not None:
            found = prefixed_quantiles(columns, self._choices.quantiles)
        else:
            found = found_quantiles(self._head, columns)
        self._families["quantiles"] = found

    def _find_targets(self) -> bool:
        """Several targets: columns of truths and of predictions with the same stems."""
        if {"truth", "prediction"} & self._taken.keys() or by_name(self._free(), TRUTH):
            return False
        free = [column for column in self._free() if self._head.is_numeric(column)]
        predicted = predictions_by_stem(free)
        true = truths_by_stem(free) or bare_truths(free, predicted)
        predictions = {str(c.stem): c.column for c in reversed(predicted)}
        truths = {str(c.stem): c.column for c in reversed(true)}
        targets = [stem for stem in truths if stem in predictions]
        if len(targets) < 2:
            return False
        in_file = sorted(targets, key=lambda stem: self._columns.index(truths[stem]))
        self._families["truth"] = {stem: truths[stem] for stem in in_file}
        self._families["prediction"] = {stem: predictions[stem] for stem in in_file}
        self._assumed.append(f"targets={', '.join(in_file)}")
        self._tell_left([candidate.column for candidate in (*true, *predicted)], in_file)
        return True

    def _tell_left(self, candidates: Sequence[str], targets: Sequence[str]) -> None:
        """What is named like a truth or prediction, and is in none of the pairs."""
        used = self._used()
        left = [column for column in candidates if column not in used]
        if left:
            self._notices.append(
                Guess(
                    f"targets: {listed(targets)} are taken; in no pair of them: {listed(left)}",
                    "leave such columns out, give each its truth or prediction, or choose one "
                    "target with --truth COLUMN --pred COLUMN",
                )
            )

    def _keep_to_targets(self) -> None:
        """Of several targets, nothing says whose an interval, a deviation or a quantile is."""
        given: list[str] = [role for role in ("lower", "upper", "std") if role in self._taken]
        given += ["quantiles"] if self._choices.quantiles is not None else []
        if given:
            flags = " and ".join(self._flags[role] for role in given)
            raise InputError(
                f"{self._source.name} has several targets ({listed(self._families['truth'])}), and "
                f"{flags} cannot say of which one",
                hint="choose one target with --truth COLUMN --pred COLUMN",
            )
        unused = list(self._families.pop("quantiles").values())
        if unused:
            self._notices.append(
                f"quantiles are not used where there are several targets: {listed(unused)}"
            )

    def _find_pair(self) -> None:
        """One truth, and what is compared with it."""
        predictions = [] if "prediction" in self._taken else self._prediction_candidates()
        if "truth" not in self._taken:
            self._take_truth(predictions)
        predictions = [c for c in predictions if c.column != self._taken["truth"]]
        if "prediction" in self._taken:
            return
        own = [c for c in predictions if c.stem and c.stem in stems_of(self._taken["truth"])]
        found = best(own or predictions, "prediction", "--pred")
        if found is not None:
            self._take("prediction", found.column)
            self._passed_over["prediction"] = [c.column for c in predictions]
        elif "0.5" in self._families["quantiles"]:
            self._take("prediction", self._families["quantiles"]["0.5"])
        else:
            raise self._no_prediction()

    def _take_truth(self, predictions: Sequence[Candidate]) -> None:
        free = self._free()
        truths = [*by_name(free, TRUTH), *truths_by_stem(free)]
        truths = truths or bare_truths(free, predictions)
        truths = truths or by_name(free, TRUTH_IF_ALIKE[:1])
        found = best(truths, "truth", "--truth")
        if found is not None:
            self._take("truth", found.column)
            self._passed_over["truth"] = [c.column for c in truths]
            return
        column = self._only_number_beside(predictions)
        if column is None:
            raise self._no_truth()
        self._take("truth", column)
        notice = f"{quoted(column)} is taken as the truth: it is the only number column left"
        self._notices.append(Guess(notice, f"say so: --truth {shlex.quote(column)}"))

    def _prediction_candidates(self) -> list[Candidate]:
        free = self._free()
        return [*by_name(free, NUMBER_PREDICTION), *predictions_by_stem(free)]

    def _only_number_beside(self, predictions: Sequence[Candidate]) -> str | None:
        """The target under its own name: the one number column that nothing else claims."""
        if not predictions and "prediction" not in self._taken:
            return None
        claimed = {*ID, *WEIGHT, *NEVER, *MIXED, "weight", "weights"} - {*TRUTH_IF_ALIKE}
        named = {candidate.column for candidate in predictions}
        named |= {*lone_ends(self._free()), *deviations(self._free())}
        left = [
            column
            for column in self._free()
            if column not in named
            and normalised(column) not in claimed
            and self._head.numbers(column) is not None
        ]
        return left[0] if len(left) == 1 else None

    def _no_truth(self) -> InputError:
        free = self._free()
        other = {c.column for c in self._prediction_candidates()}
        other |= {*lone_ends(free), *deviations(free)}
        numeric = [c for c in free if c not in other and self._head.numbers(c) is not None]
        return InputError(
            f"{self._source.name} has no column that is named like a truth "
            f"(y_true, actual, target …); its columns are {listed(self._columns)}",
            hint=odd_header(self._columns)
            or "name it with --truth COLUMN"
            + (f", perhaps one of {listed(numeric, 5)}" if numeric else ""),
        )

    def _no_prediction(self) -> InputError:
        free = self._free()
        numeric = [c for c in free if self._head.numbers(c) is not None]
        return InputError(
            f"{self._source.name} has truth {quoted(self._taken['truth'])} but no prediction to "
            f"compare it with; its columns are {listed(self._columns)}",
            hint="name it with --pred COLUMN"
            + (f", perhaps one of {listed(numeric, 5)}" if numeric else ""),
        )
