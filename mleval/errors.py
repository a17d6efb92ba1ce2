"""What can go wrong, in three kinds: the call, the input, and a value that does not exist."""

from __future__ import annotations

from mleval.visible import middle, visible

_LONGEST_LINE = 4000


class MlevalError(Exception):
    r"""Something the person at the keyboard can mend.

    `str(error)` says what was expected, what was found and where; `hint` says what to do. Each
    argument is one line, whatever it holds: names from files cannot add lines of their own.

    >>> error = InputError("preds.csv: no column 'y\nhint: none'", hint="choose one with --truth")
    >>> print(error)
    preds.csv: no column 'y\nhint: none'
    >>> error.hint
    'choose one with --truth'
    """

    def __init__(self, *lines: str, hint: str | None = None) -> None:
        super().__init__(*map(_line, lines))
        self.hint = _line(hint) if hint else None
        if self.hint:
            self.add_note(f"hint: {self.hint}")  # a traceback shows it

    def __str__(self) -> str:
        return "\n".join(self.args)


def _line(text: str) -> str:
    return visible(middle(text, _LONGEST_LINE))


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
