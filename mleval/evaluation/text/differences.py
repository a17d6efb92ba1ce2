"""Two texts with the words marked in which they differ."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

_MOST_WORDS = 2000  # of a text that is compared word by word


def marked(hypothesis: str, reference: str) -> tuple[str, str]:
    """Both with brackets around the runs of words that the other has not at that place.

    >>> marked("the cat sat", "the black cat sits")
    ('the cat [sat]', 'the [black] cat [sits]')
    """
    said, wanted = hypothesis.split(), reference.split()
    if max(len(said), len(wanted)) > _MOST_WORDS:
        return " ".join(said), " ".join(wanted)
    blocks = SequenceMatcher(None, said, wanted, autojunk=False).get_opcodes()
    differing = [block for block in blocks if block[0] != "equal"]
    return (
        _bracketed(said, [(first, last) for _, first, last, _, _ in differing]),
        _bracketed(wanted, [(first, last) for _, _, _, first, last in differing]),
    )


def _bracketed(words: Sequence[str], runs: Sequence[tuple[int, int]]) -> str:
    shown = list(words)
    for first, last in runs:
        if first < last:
            shown[first] = f"[{shown[first]}"
            shown[last - 1] += "]"
    return " ".join(shown)


def nearest(hypothesis: str, references: Sequence[str]) -> str:
    """The reference that has the most words in common with a hypothesis, the first of equals.

    >>> nearest("a black cat", ["the cat", "a black dog"])
    'a black dog'
    """
    said = {*hypothesis.split()}
    return max(references, key=lambda text: len(said & {*text.split()}))
