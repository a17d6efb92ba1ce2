"""One part of the rows checked against what its roles require, and made a Batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch, Column, Family, Floats, Labels
from mleval.reading.arrow_arrays import null_mask, plain_values
from mleval.reading.columns_of_arrow import label_array, parsed_numbers
from mleval.reading.names import listed
from mleval.reading.notes import means_missing
from mleval.reading.part import Mask, Part
from mleval.reading.problems import COUNT, PLURAL, Fault
from mleval.reading.set_checks import predicted_sets, true_sets
from mleval.reading.vocabulary import ROUNDING

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_WEIGHT = 1e50  # metrics multiply four weights, which is to stay a number


def sum_tolerance(classes: int) -> float:
    """How far the probabilities of a row may be from 1 in sum.

    Each of k probabilities may be rounded to two decimals, so off by 0.005; 0.05 at most.

    >>> sum_tolerance(2), sum_tolerance(100)
    (0.01, 0.05)
    """
    return min(0.05, 0.005 * classes)


class PartCheck(Part):
    """Checks one part. `left_out` and `counted_wrong` tell what became of its rows."""

    def batch(self, ids: bool) -> Batch:
        """The rows that count, every column complete."""
        columns: dict[str, Column] = {}
        several = self.roles.labels
        if several is None:
            columns["truth"], missing = self._labels("truth")
            self.leave_out(missing, "no truth")
        else:
            columns["truth"] = true_sets(self, several)
        weight = self._weight()
        if weight is not None:
            columns["weight"] = weight
        if self.roles.predicts:
            columns["prediction"] = (
                self._prediction() if several is None else predicted_sets(self, several)
            )
        if "score" in self.roles.columns:
            columns["score"] = self._score()
        if self.roles.family:
            columns["probabilities"] = self._family()
        if ids and "id" in self.roles.columns:
            columns["id"] = self._ids()
        rows = int(np.count_nonzero(self.used))
        if rows == len(self.used):
            return Batch(rows, columns)
        return Batch(rows, {role: _taken(column, self.used) for role, column in columns.items()})

    def _labels(self, role: str) -> tuple[Labels, Mask | None]:
        array = self.array(self.roles.columns[role])
        return labels_of(array)

    def _ids(self) -> Labels:
        labels, missing = labels_of(label_array(self.array(self.roles.columns["id"])))
        if missing is None:
            return labels
        names = labels.names if "" in labels.names else (*labels.names, "")
        codes = np.where(missing, names.index(""), labels.codes)
        return Labels(codes.astype(np.int32), names)

    def _weight(self) -> Floats | None:
        column = self.roles.columns.get("weight")
        if column is None:
            return None
        values, missing = self._numbers(column, "weight")
        if missing is not None:
            hint = "write a weight in every row (1 where nothing else is meant)"
            headline = f"expected a weight in every row of column '{column}', found {COUNT} empty"
            self.refuse(Fault(headline, hint), missing, lambda _: "empty")
        self._require_finite(column, "weight", values)
        negative = values < 0
        if negative.any():
            fault = Fault(
                f"expected weights of 0 or more in column '{column}', found {COUNT} below",
                "weights count rows: use 0 to leave a row out",
            )
            self.refuse(fault, negative, lambda row: f"{values[row]:g}")
        extreme = (values > _MOST_WEIGHT) | ((values > 0) & (values < 1 / _MOST_WEIGHT))
        if extreme.any():
            fault = Fault(
                f"expected weights from {1 / _MOST_WEIGHT:g} to {_MOST_WEIGHT:g} in column "
                f"'{column}', found {COUNT} outside",
                "scale all weights alike: only their ratios matter",
            )
            self.refuse(fault, extreme, lambda row: f"{values[row]:g}")
        self.leave_out(values == 0, "weight 0")
        return values

    def _prediction(self) -> Labels:
        labels, missing = self._labels("prediction")
        if missing is None:
            return labels
        if self.policy.missing == "wrong":
            self.counted_wrong += int(np.count_nonzero(missing & self.used))
            return Labels(
                np.where(missing, np.int32(-1), labels.codes).astype(np.int32), labels.names
            )
        self.miss(missing, self.roles.columns["prediction"], "prediction")
        return labels

    def _score(self) -> Floats:
        column = self.roles.columns["score"]
        values, missing = self._numbers(column, "score")
        self.miss(missing, column, "score")
        self._require_finite(column, "score", values)
        if self.policy.scale == "percent":
            values = values / 100
        if self.policy.is_probability(self.roles.score_kind in ("probability", "confidence")):
            values = self._require_unit(column, values)
        return values

    def _family(self) -> Family:
        names = tuple(self.roles.family)
        made = np.empty((len(names), self.rows))
        for place, column in enumerate(self.roles.family.values()):
            values, missing = self._numbers(column, "probability")
            self.miss(missing, column, "probability")
            self._require_finite(column, "probability", values)
            made[place] = values
        if self.policy.scale == "percent":
            made /= 100
        if self.policy.is_probability(self.roles.family_kind == "probability"):
            for place, column in enumerate(self.roles.family.values()):
                made[place] = self._require_unit(column, made[place])
            if self.roles.labels is None:
                self._require_sums(made)
        return Family(names, made)

    def _numbers(self, column: str, role: str) -> tuple[Floats, Mask | None]:
        """float64 of a column, NaN where it is missing or no number, and where it is missing."""
        array = self.array(column)
        missing = null_mask(array)
        if str(array.type) != "string":
            values: Floats = plain_values(array)
            return values if missing is None else np.where(missing, np.nan, values), missing
        cells = array.to_pylist()
        values, bad = parsed_numbers(cells)
        bad &= self.used
        texts = [cells[row] for row in np.flatnonzero(bad)[:5]]
        fault = Fault(
            f"expected numbers in the {role} column '{column}', found {COUNT} cell{PLURAL} of text",
            _number_hint([str(text) for text in texts], role),
        )
        self.refuse(fault, bad, lambda row: repr(cells[row]))
        return values, missing

    def _require_finite(self, column: str, role: str, values: Floats) -> None:
        finite = np.isfinite(values)
        if finite.all():
            return
        fault = Fault(
            f"expected finite numbers in the {role} column '{column}', found {COUNT} other{PLURAL}",
            "NaN and infinity cannot be evaluated: mend what wrote them"
            + ("" if role == "weight" else ", or leave the cells empty and use --missing drop"),
        )
        self.refuse(fault, ~finite, lambda row: f"{values[row]:g}")

    def _require_unit(self, column: str, values: Floats) -> Floats:
        """The probabilities, clipped where rounding left them a hair outside."""
        if len(values) == 0 or (values.min() >= 0 and values.max() <= 1):
            return values
        outside = (values < -ROUNDING) | (values > 1 + ROUNDING)
        percent = self.policy.scale == "percent"
        shown = values * 100 if percent else values
        expected = "percentages from 0 to 100" if percent else "probabilities from 0 to 1"
        fault = Fault(
            f"expected {expected} in column '{column}', found {COUNT} outside",
            f"say what they are: --score-scale {'' if percent else 'percent, '}logit or any",
        )
        top = 100 if percent else 1

        def spelled(row: int) -> str:
            short = f"{shown[row]:g}"
            return repr(float(shown[row])) if 0 <= float(short) <= top else short

        self.refuse(fault, outside, spelled)
        clipped: Floats = np.clip(values, 0, 1)
        return clipped

    def _require_sums(self, made: Floats) -> None:
        sums = made.sum(axis=0)
        off = np.abs(sums - 1) > sum_tolerance(len(made)) + 1e-9
        if not off.any():
            return
        hint = (
            "name all class columns with --proba PREFIX, or say what they are: "
            "--score-scale logit or any"
        )
        if (sums[off & self.used] < 1).all():
            found = listed(self.roles.family.values(), 6)
            hint = f"the column of a class may be missing, found {found}: {hint}"
        fault = Fault(
            f"expected probabilities that sum to 1, found {COUNT} row{PLURAL} where they do not",
            hint,
        )
        self.refuse(fault, off, lambda row: f"sum {sums[row]:.10g}")


def labels_of(array: pa.DictionaryArray) -> tuple[Labels, Mask | None]:
    """The codes and spellings of a dictionary<int32, string> array, and where it is missing.

    Where it is missing the code is 0 and means nothing.
    """
    missing = null_mask(array.indices)
    codes: NDArray[np.int32] = plain_values(array.indices)
    if missing is not None:
        codes = np.where(missing, np.int32(0), codes)
    names = array.dictionary
    if len(names) > 2 * len(codes) + 16:
        # A few rows of a large vocabulary keep only the labels that occur in them.
        kept, places = np.unique(codes, return_inverse=True)
        names, codes = names.take(kept), places.astype(np.int32)
    return Labels(codes, tuple(names.to_pylist())), missing


def _taken(column: Column, rows: Mask) -> Column:
    return column[rows] if isinstance(column, np.ndarray) else column.take(rows)


def _number_hint(texts: list[str], role: str) -> str:
    if any(means_missing(text) for text in texts):
        if role == "weight":
            return "write a weight in every row (1 where nothing else is meant)"
        return "leave the cells of missing numbers empty, then use --missing drop"
    if any(text.strip().endswith("%") for text in texts):
        return "write 0.505 for 50.5%, or drop the percent signs and use --score-scale percent"
    if any(text.strip().startswith("[") for text in texts):
        return "write one number a cell, such as a column prob_<class> for each class"
    if any("," in text for text in texts):
        return "write decimal points, not commas, and no thousands separators"
    flag = {"score": "--score", "weight": "--weight"}.get(role, "--proba")
    return f"correct the cells, or name another column with {flag}"
