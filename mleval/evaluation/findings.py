"""Findings: what was assumed and noticed on the way, and what `--strict` does not allow."""

from __future__ import annotations

from dataclasses import dataclass, field

from mleval.errors import InputError
from mleval.report import Assumption


@dataclass
class Findings:
    """Collects assumptions and notices; a guess is refused when `strict`."""

    strict: bool = False
    assumed: list[Assumption] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    _guesses: list[Assumption] = field(default_factory=list)

    def assume(
        self, what: str, value: object, why: str = "", flag: str = "", *, guess: bool = False
    ) -> None:
        """Note what was taken; `guess` when the input could as well mean something else."""
        assumption = Assumption(what=what, value=str(value), why=why, flag=flag)
        self.assumed.append(assumption)
        if guess:
            self._guesses.append(assumption)

    def notice(self, text: str) -> None:
        """Note what a careful reader should know, once."""
        if text not in self.notices:
            self.notices.append(text)

    def refuse_guesses(self) -> None:
        """Raise InputError for everything guessed, if guessing is not allowed."""
        if self.strict and self._guesses:
            told = "; ".join(str(guess) for guess in self._guesses)
            flags = ", ".join(dict.fromkeys(guess.flag for guess in self._guesses))
            raise InputError(
                f"--strict does not allow the guess {told}", hint=f"say it with {flags}"
            )
