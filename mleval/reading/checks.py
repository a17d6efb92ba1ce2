"""One part of the rows checked against what its roles require, and made a Batch."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch, Column, Family, Floats, Labels, LabelSets, Role, Texts
from mleval.reading.arrow_arrays import null_mask, plain_values
from mleval.reading.columns_of_arrow import one_chunk, parsed_numbers
from mleval.reading.headers import with_point
from mleval.reading.label_sets import indicator_sets, label_sets, marks_of
from mleval.reading.names import listed
from mleval.reading.notes import means_missing
from mleval.reading.problems import COUNT, DROP, DROP_OR_WRONG, PLURAL, Fault, Problems
from mleval.reading.roles import Roles
from mleval.reading.vocabulary import ROUNDING

if TYPE_CHECKING:
    import pyarrow as pa

Mask = NDArray[np.bool_]
_MOST_WEIGHT = 1e50  # metrics multiply four weights, which is to stay a number


class Policy(NamedTuple):
    """How missing cells and scales are treated; see `read`."""

    missing: str
    scale: str


def sum_tolerance(classes: int) -> float:
    """How far the probabilities of a row may be from 1 in sum.

    Each of k probabilities may be rounded to two decimals, so off by 0.005; 0.05 at most.

    >>> sum_tolerance(2), sum_tolerance(100)
    (0.01, 0.05)
    """
    return min(0.05, 0.005 * classes)


class PartCheck:
    """Checks one part. `left_out` and `counted_wrong` tell what became of its rows."""

    def __init__(
        self, table: pa.Table, roles: Roles, policy: Policy, problems: Problems, part: int
    ) -> None:
        self._table, self._roles, self._policy = table, roles, policy
        self._problems, self._part = problems, part
        self._used: Mask = np.ones(table.num_rows, dtype=np.bool_)
        self.left_out: dict[str, int] = {}
        self.counted_wrong = 0

    def batch(self, ids: bool) -> Batch:
        """The rows that count, every column complete."""
        columns: dict[str, Column] = {
            role.name: self._column(role)
            for role in self._roles.declared
            if self._roles.plays(role.name) and (ids or role.of != "id")
        }
        self._require_order(columns)
        rows = int(np.count_nonzero(self._used))
        if rows == len(self._used):
            return Batch(rows, columns, self._part)
        places = np.flatnonzero(self._used)
        taken = {role: _taken(column, places) for role, column in columns.items()}
        return Batch(rows, taken, self._part, places)

    def _column(self, role: Role) -> Column:
        """The column of a role, as its kind is checked."""
        if role.of == "weight":
            return self._weight(role)
        if role.of == "id":
            return Texts(one_chunk(self._table.column(self._roles.columns[role.name])))
        several = self._roles.labels
        if role.kind == "label" and several is not None:
            marked = {"truth": several.truth, "prediction": several.prediction}[role.of]
            return self._sets(role.name, several.separator, marked)
        if role.kind == "label":
            return self._label(role)
        if role.name in self._roles.families:
            return self._family(role)
        return self._number(role)

    def _label(self, role: Role) -> Labels:
        if role.of != "truth":
            return self._prediction()
        labels, missing = self._labels(role.name)
        self._leave_out(missing, "no truth")
        return labels

    def _leave_out(self, rows: Mask | None, reason: str) -> None:
        if rows is None:
            return
        out = rows & self._used
        if count := int(np.count_nonzero(out)):
            self.left_out[reason] = self.left_out.get(reason, 0) + count
            self._used &= ~out

    def _labels(self, role: str) -> tuple[Labels, Mask | None]:
        array = one_chunk(self._table.column(self._roles.columns[role]))
        return labels_of(array)

    def _sets(self, role: str, separator: str, marked: Mapping[str, str]) -> LabelSets:
        if marked:
            marks = [self._marks(column, role) for column in marked.values()]
            return indicator_sets(marked, np.stack(marks, axis=1) > 0)
        column = self._roles.columns[role]
        array = one_chunk(self._table.column(column))
        sets, bad = label_sets(array, separator)
        fault = Fault(
            f"expected lists of labels in the {role} column '{column}', found {COUNT} "
            f"cell{PLURAL} that are none",
            'write them as ["a", "b"], or say what is between the labels: --label-sep',
        )
        self._refuse(fault, bad, lambda row: repr(array[row].as_py()))
        return sets

    def _marks(self, column: str, role: str) -> NDArray[np.int8]:
        array = one_chunk(self._table.column(column))
        marks, missing = marks_of(array)
        if role == "truth":
            self._leave_out(missing, "no truth")
        elif self._policy.missing != "wrong":  # else it is not predicted: a miss where it is true
            self._miss(missing, column, "prediction", DROP_OR_WRONG)
        fault = Fault(
            f"expected 0 or 1 in the {role} column '{column}', found {COUNT} other{PLURAL}",
            "a column of a label says whether the row has it",
        )
        self._refuse(fault, marks < 0, lambda row: repr(array[row].as_py()))
        return marks

    def _weight(self, role: Role) -> Floats:
        column = self._roles.columns[role.name]
        values, missing = self._numbers(column, role, "weight")
        if missing is not None:
            hint = "write a weight in every row (1 where nothing else is meant)"
            headline = f"expected a weight in every row of column '{column}', found {COUNT} empty"
            self._refuse(Fault(headline, hint), missing, lambda _: "empty")
        self._require_finite(column, "weight", values)
        negative = values < 0
        if negative.any():
            fault = Fault(
                f"expected weights of 0 or more in column '{column}', found {COUNT} below",
                "weights count rows: use 0 to leave a row out",
            )
            self._refuse(fault, negative, lambda row: f"{values[row]:g}")
        extreme = (values > _MOST_WEIGHT) | ((values > 0) & (values < 1 / _MOST_WEIGHT))
        if extreme.any():
            fault = Fault(
                f"expected weights from {1 / _MOST_WEIGHT:g} to {_MOST_WEIGHT:g} in column "
                f"'{column}', found {COUNT} outside",
                "scale all weights alike: only their ratios matter",
            )
            self._refuse(fault, extreme, lambda row: f"{values[row]:g}")
        self._leave_out(values == 0, "weight 0")
        return values

    def _prediction(self) -> Labels:
        labels, missing = self._labels("prediction")
        if missing is None:
            return labels
        if self._policy.missing == "wrong":
            self.counted_wrong += int(np.count_nonzero(missing & self._used))
            return Labels(
                np.where(missing, np.int32(-1), labels.codes).astype(np.int32), labels.names
            )
        self._miss(missing, self._roles.columns["prediction"], "prediction", DROP_OR_WRONG)
        return labels

    def _number(self, role: Role) -> Floats:
        column = self._roles.columns[role.name]
        values = self._complete(column, role)
        meaning = self._roles.meaning(role.name)
        if meaning is not None:
            if self._policy.scale == "percent":
                values = values / 100
            if self._is_probability(meaning in ("probability", "confidence")):
                values = self._require_unit(column, values)
        return values

    def _family(self, role: Role) -> Family:
        columns = self._roles.families[role.name]
        made = np.empty((len(columns), self._table.num_rows))
        for place, column in enumerate(columns.values()):
            made[place] = self._complete(column, role)
        meaning = self._roles.meaning(role.name)
        if meaning is not None:
            self._require_scale(made, columns, meaning)
        return Family(tuple(columns), made)

    def _require_scale(self, made: Floats, columns: Mapping[str, str], meaning: str) -> None:
        """Probabilities from 0 to 1, which sum to 1 where each row has one label."""
        if self._policy.scale == "percent":
            made /= 100
        if self._is_probability(meaning == "probability"):
            for place, column in enumerate(columns.values()):
                made[place] = self._require_unit(column, made[place])
            if self._roles.labels is None:
                self._require_sums(made, columns)

    def _complete(self, column: str, role: Role) -> Floats:
        """The finite numbers of a column; what is missing is as the role says."""
        called = "probability" if role.name == "probabilities" else role.name
        values, missing = self._numbers(column, role, called)
        if role.of == "truth":
            self._leave_out(np.isnan(values), "no truth")
        else:
            self._miss(missing, column, called)
        self._require_finite(column, called, values)
        self._require_least(column, role, values)
        return values

    def _require_least(self, column: str, role: Role, values: Floats) -> None:
        if math.isinf(role.low):
            return
        fault = Fault(
            f"expected numbers of {role.low:g} or more in the {role.name} column '{column}', "
            f"found {COUNT} below",
            f"name another column with {role.flag}",
        )
        self._refuse(fault, values < role.low, lambda row: f"{values[row]:g}")

    def _require_order(self, columns: Mapping[str, Column]) -> None:
        """Where one number is not to exceed another: ends of intervals, quantiles."""
        for role in self._roles.declared:
            column = columns.get(role.name)
            if isinstance(column, Family) and role.rising:
                of = self._roles.families[role.name].values()
                for place, pair in enumerate(pairwise(of)):
                    self._refuse_above(pair, column.values[place], column.values[place + 1])

        for role in self._roles.declared:
            column, other = columns.get(role.name), columns.get(role.at_most)
            if isinstance(column, np.ndarray) and isinstance(other, np.ndarray):
                names = self._roles.columns[role.name], self._roles.columns[role.at_most]
                self._refuse_above(names, column, other)

    def _refuse_above(self, names: tuple[str, str], low: Floats, high: Floats) -> None:
        fault = Fault(
            f"expected '{names[0]}' to be at most '{names[1]}', found {COUNT} row{PLURAL} where "
            "they cross",
            "swap the columns, or correct the rows",
        )
        self._refuse(fault, low > high, lambda row: f"{low[row]:g} above {high[row]:g}")

    def _is_probability(self, named_so: bool) -> bool:
        if self._policy.scale == "auto":
            return named_so
        return self._policy.scale in ("probability", "percent")

    def _numbers(self, column: str, role: Role, called: str) -> tuple[Floats, Mask | None]:
        """float64 of a column, NaN where it is missing or no number, and where it is missing."""
        array = one_chunk(self._table.column(column))
        missing, commas = null_mask(array), column in self._roles.commas
        if str(array.type) == "string":
            cells = array.to_pylist()
            if commas:
                self._refuse_points(column, np.array(["." in (cell or "") for cell in cells]))
                cells = [with_point(cell) for cell in cells]
            return self._numbers_of_text(cells, column, role, called), missing
        values: Floats = plain_values(array)
        if missing is not None:
            values = np.where(missing, np.nan, values)
        if commas:
            self._refuse_points(column, np.nan_to_num(values) % 1 != 0)
        return values, missing

    def _numbers_of_text(
        self, cells: list[str | None], column: str, role: Role, called: str
    ) -> Floats:
        values, bad = parsed_numbers(cells)
        bad &= self._used
        texts = [str(cells[row]) for row in np.flatnonzero(bad)[:5]]
        fault = Fault(
            f"expected numbers in the {called} column '{column}', "
            f"found {COUNT} cell{PLURAL} of text",
            _number_hint(texts, role, scaled=self._roles.meaning(role.name) is not None),
        )
        self._refuse(fault, bad, lambda row: repr(cells[row]))
        return values

    def _refuse_points(self, column: str, rows: Mask) -> None:
        """Of numbers with decimal commas, those with a point."""
        fault = Fault(
            f"expected decimal commas in column '{column}' as in its first rows, found {COUNT} "
            f"number{PLURAL} with a point",
            "write all numbers alike, or say which mark is meant: --decimal . or --decimal ,",
        )
        self._refuse(fault, rows, lambda _: "a decimal point")

    def _refuse(self, fault: Fault, rows: Mask, text: Callable[[int], str]) -> None:
        """Report rows, of those that count, and leave them out so that they are told once."""
        found = np.flatnonzero(rows & self._used)
        self._problems.add(fault, self._part, found, text)
        self._used &= ~rows

    def _miss(self, missing: Mask | None, column: str, what: str, hint: str = DROP) -> None:
        if missing is None:
            return
        if self._policy.missing == "drop":
            self._leave_out(missing, f"missing {what}")
            return
        fault = Fault(
            f"expected {'an' if what[0] in 'aeiou' else 'a'} {what} beside every truth, "
            f"found {COUNT} empty cell{PLURAL} in '{column}'",
            hint,
        )
        self._refuse(fault, missing, lambda _: "empty")

    def _require_finite(self, column: str, role: str, values: Floats) -> None:
        finite = np.isfinite(values)
        if finite.all():
            return
        fault = Fault(
            f"expected finite numbers in the {role} column '{column}', found {COUNT} other{PLURAL}",
            "NaN and infinity cannot be evaluated: mend what wrote them"
            + ("" if role == "weight" else ", or leave the cells empty and use --missing drop"),
        )
        self._refuse(fault, ~finite, lambda row: f"{values[row]:g}")

    def _require_unit(self, column: str, values: Floats) -> Floats:
        """The probabilities, clipped where rounding left them a hair outside."""
        if len(values) == 0 or (values.min() >= 0 and values.max() <= 1):
            return values
        outside = (values < -ROUNDING) | (values > 1 + ROUNDING)
        percent = self._policy.scale == "percent"
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

        self._refuse(fault, outside, spelled)
        clipped: Floats = np.clip(values, 0, 1)
        return clipped

    def _require_sums(self, made: Floats, columns: Mapping[str, str]) -> None:
        sums = made.sum(axis=0)
        off = np.abs(sums - 1) > sum_tolerance(len(made)) + 1e-9
        if not off.any():
            return
        hint = (
            "name all class columns with --proba PREFIX, or say what they are: "
            "--score-scale logit or any"
        )
        if (sums[off & self._used] < 1).all():
            found = listed(columns.values(), 6)
            hint = f"the column of a class may be missing, found {found}: {hint}"
        fault = Fault(
            f"expected probabilities that sum to 1, found {COUNT} row{PLURAL} where they do not",
            hint,
        )
        self._refuse(fault, off, lambda row: f"sum {sums[row]:.10g}")


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


def _taken(column: Column, rows: NDArray[np.intp]) -> Column:
    return column[rows] if isinstance(column, np.ndarray) else column.take(rows)


def _number_hint(texts: list[str], role: Role, *, scaled: bool) -> str:
    if any(means_missing(text) for text in texts):
        if role.of == "weight":
            return "write a weight in every row (1 where nothing else is meant)"
        if role.of == "truth":
            return "leave the cells of missing numbers empty: rows without a truth are left out"
        return "leave the cells of missing numbers empty, then use --missing drop"
    if any(text.strip().endswith("%") for text in texts):
        or_so = ", or drop the percent signs and use --score-scale percent" if scaled else ""
        return f"write 0.505 for 50.5%{or_so}"
    if any(text.strip().startswith("[") for text in texts):
        return "write one number a cell" + (
            ", such as a column prob_<class> for each class" if scaled else ""
        )
    if any("," in text for text in texts):
        return "write decimal points, not commas, and no thousands separators"
    classes = role.of == "truth" and not any(map(str.isdigit, "".join(texts)))
    other = ", or if these are classes: mleval classify" if classes else ""
    return f"correct the cells, or name another column with {role.flag}{other}"
