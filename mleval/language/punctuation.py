r"""Where mteval-v13a puts spaces, by rules that find the same tokens as its four substitutions.

    s/([\{-\~\[-\` -\&\(-\+\:-\@\/])/ $1 /g    most ASCII punctuation
    s/([^0-9])([\.,])/$1 $2 /g                   period and comma unless a digit is before
    s/([\.,])([^0-9])/ $1 $2/g                   period and comma unless a digit is after
    s/([0-9])(-)/$1 $2 /g                        dash after a digit

As they stand, the middle ones look at every character, and at runs of periods two by two.
"""

from __future__ import annotations

import re

_ALWAYS = '!"#$%&()*+/:;<=>?@[\\]^_`{|}~'
_DIGITS = frozenset("0123456789")

# The mark itself first, for which Python searches fast; then that it stands alone; that it is not
# spaced yet; and that no digit is before it or none after it.
_ONE = {
    mark: re.compile(rf"\{mark}(?<![.,].)(?![.,])(?!(?<=\s.)\s)(?:(?<=[^0-9].)|(?=[^0-9]))")
    for mark in ".,"
}
_SEVERAL = re.compile(r"[.,][.,]+")
_DASH = re.compile(r"-(?<=[0-9]-)")


def spaced_punctuation(text: str) -> str:
    """The text with spaces around its punctuation.

    >>> spaced_punctuation("(1,000.50, e.g. 3-4...)").split()
    ['(', '1,000.50', ',', 'e', '.', 'g', '.', '3', '-', '4', '.', '.', '.', ')']
    """
    for mark in _ALWAYS:
        text = text.replace(mark, f" {mark} ")
    for mark in ".,":  # at the end of a line, as of a word among words, they are always tokens
        text = text.replace(f"{mark}\n", f" {mark}\n")
    for mark, one in _ONE.items():
        text = one.sub(f" {mark} ", text)
    return _DASH.sub(" - ", _SEVERAL.sub(_spaced_run, text))


def _spaced_run(found: re.Match[str]) -> str:
    """Each mark of a run by itself, but that the last may stay with a digit after it.

    What is before a run, unless it is a digit, makes a pair with the first mark, and the next
    marks make pairs: it is the mark that is left over which stays.
    """
    run, text, start = found[0], found.string, found.start()
    before, after = text[max(start - 1, 0) : start], text[found.end() : found.end() + 1]
    pairs_up = bool(before) and before not in _DIGITS
    left_over = (len(run) - pairs_up) % 2 == 1
    return f" {' '.join(run)}" + ("" if left_over and after in _DIGITS else " ")
