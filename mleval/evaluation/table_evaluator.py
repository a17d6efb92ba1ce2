"""TableEvaluator: an evaluator of the commands whose input is a table of predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from mleval.evaluation.evaluator import Evaluator, Evidence, evaluator_of
from mleval.evaluation.inputs import Chosen, Input
from mleval.evaluation.tables import open_input
from mleval.options import TableOptions
from mleval.reading import Reading, Roles, Source, read

Asked = TypeVar("Asked", bound=TableOptions)
Played = TypeVar("Played", bound=Roles)
Known = TypeVar("Known", bound=Evidence)


class TableEvaluator(Evaluator[Asked, Played, Known]):
    """What the commands have in common whose input is a table."""

    def open(self, data: Any) -> Input | Mapping[str, Input]:
        """The table, joined and filtered; of several models the chosen one, or each."""
        asked = self.options.model
        opened = open_input(data, self.options)
        models = opened.models(asked)
        if models is None:
            return opened

        def one(name: str) -> Input:
            its = opened.of_model(models, name)
            return replace(its, chosen=Chosen(name, models, asked=asked is not None))

        return one(asked) if asked is not None else {name: one(name) for name in models.names}

    @property
    def band_level(self) -> float | None:
        """Of the bands of charts, which take rows for independent; None where they are not."""
        return None if self.options.cluster is not None else self.level

    def read(self, source: Source, roles: Played) -> Reading:
        """The pass over the rows, with their ids where those of a baseline are to be the same."""
        ids = self.options.baseline is not None
        return read(source, roles, missing=self.options.missing, ids=ids)


def table_evaluator_of(options: TableOptions) -> TableEvaluator[Any, Any, Any]:
    """The evaluator of the command whose options these are."""
    found = evaluator_of(options)
    assert isinstance(found, TableEvaluator)
    return found
