"""Reports in files of JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from mleval.errors import InputError

REPORT_SCHEMA = "mleval.report/1"
SET_SCHEMA = "mleval.set/1"
_READERS = {
    REPORT_SCHEMA: "it holds the report of one model: read it with Report",
    SET_SCHEMA: "it holds the reports of several models: read it with ReportSet",
}

Made = TypeVar("Made")


def load(path: str | os.PathLike[str], made_of: Callable[[Mapping[str, Any]], Made]) -> Made:
    """What `made_of` makes of the JSON object in a file; InputError when it is none of its kind."""
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"{path}: not JSON: {error}") from error
    if not isinstance(data, dict):
        raise InputError(f"{path}: expected a report, found a JSON {type(data).__name__}")
    try:
        return made_of(data)
    except InputError as error:
        raise InputError(f"{path}: {error}", hint=error.hint) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{path}: not a whole report of schema {data.get('schema')}: "
            f"{type(error).__name__} {error}",
            hint="write it anew with: mleval classify FILE -o report.json",
        ) from error


def require_schema(data: Mapping[str, Any], wanted: str) -> None:
    """InputError when the data are of another schema."""
    found = data.get("schema")
    if found != wanted:
        write = "write it with: mleval classify FILE -o report.json"
        raise InputError(
            f"expected a report of schema {wanted}, found {found!r}",
            hint=_READERS.get(str(found), write),
        )
