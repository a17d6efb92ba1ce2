"""What can go wrong, in three kinds: the call, the input, and a value that does not exist."""

from __future__ import annotations


class MlevalError(Exception):
    """Something the person at the keyboard can mend.

    `str(error)` says what was expected, what was found and where; `hint` says what to do.

    >>> error = InputError("preds.csv: no column 'y'", hint="choose one with --truth")
    >>> str(error), error.hint
    ("preds.csv: no column 'y'", 'choose one with --truth')
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint
        if hint:
            self.add_note(f"hint: {hint}")  # a traceback shows it


class UsageError(MlevalError):
    """The command line, the configuration or a Spec is wrong, whatever the input holds."""


class InputError(MlevalError):
    """Only looking at the input could tell that it cannot be evaluated."""


class Undefined(Exception):
    """A metric has no value on these data; `reason` says why.

    >>> Undefined("no positive rows").reason
    'no positive rows'
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoInterval(Exception):
    """A metric has a value but no honest interval; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
