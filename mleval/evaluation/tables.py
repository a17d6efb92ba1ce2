"""TableEvaluator: an evaluator of the commands whose input is a table of predictions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from mleval.evaluation.evaluator import Evaluator, Evidence
from mleval.evaluation.inputs import Input, open_input
from mleval.options import TableOptions
from mleval.reading import Choices, Reading, Roles, Source, read

Asked = TypeVar("Asked", bound=TableOptions)
Played = TypeVar("Played", bound=Roles)
Known = TypeVar("Known", bound=Evidence)


class TableEvaluator(Evaluator[Asked, Played, Known]):
    """What the commands have in common whose input is a table."""

    @abstractmethod
    def choices(self) -> Choices:
        """What the options say of the columns."""

    def open(self, data: Any) -> Input | Mapping[str, Input]:
        """The table, joined and filtered; of several models the chosen one, or each."""
        chosen = self.options.model
        opened = open_input(data, self.options, self.choices())
        models = opened.models(chosen)
        if models is None:
            return opened
        if chosen is not None:
            its = opened.of_model(models, chosen)
            return replace(its, model=chosen, models_held=len(models.names))
        return {name: opened.of_model(models, name) for name in models.names}

    def read(self, source: Source, roles: Played) -> Reading:
        """The pass over the rows."""
        return read(source, roles, missing=self.options.missing)
