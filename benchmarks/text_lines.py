"""Pairs of text files to score: Zipfian words, punctuation, numbers; one is the other, edited."""

from __future__ import annotations

from pathlib import Path

import numpy as np

TYPES = 60_000
COMMON = ("the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "was", "on", "with")


def vocabulary(random: np.random.Generator) -> np.ndarray:
    """Words of one to four syllables, the frequent ones short."""
    letters = "bcdfghjklmnprstvwz"
    syllables = [a + b for a in letters for b in "aeiou"] + [a + "en" for a in letters]
    longest = np.log10(np.arange(10, TYPES)).astype(int)
    sizes = random.integers(1, longest + 1)
    words = {*COMMON}
    ordered = list(COMMON)
    for size in sizes.tolist():
        word = "".join(random.choice(syllables, size))
        if word not in words:
            words.add(word)
            ordered.append(word)
    return np.array(ordered, dtype=object)


def dressed(random: np.random.Generator, words: list[str]) -> str:
    """A sentence of them: a capital, commas, quotes, hyphens, numbers, a full stop."""
    odds = random.random(len(words))
    for i, odd in enumerate(odds.tolist()):
        if odd < 0.06:
            words[i] += ","
        elif odd < 0.075:
            words[i] = f"({words[i]})"
        elif odd < 0.085:
            words[i] = f'"{words[i]}"'
        elif odd < 0.095:
            words[i] += "'s"
        elif odd < 0.105:
            words[i] = f"{words[i]}-{words[i - 1]}"
        elif odd < 0.125:
            number = int(random.integers(0, 100_000))
            words[i] = (
                f"{number:,}" if odd < 0.11 else f"{number / 100}" if odd < 0.12 else f"{number}"
            )
        elif odd < 0.15:
            words[i] = words[i].capitalize()
        elif odd < 0.151:
            words[i] += " &amp;"
    line = " ".join(words) + ("." if odds[0] < 0.9 else "?")
    return line[0].upper() + line[1:]


def edited(random: np.random.Generator, words: list[str], others: list[str]) -> list[str]:
    """The words with some left out, some replaced, some said twice, two neighbours swapped."""
    kept: list[str] = []
    for word, other, odd in zip(words, others, random.random(len(words)).tolist(), strict=True):
        if odd < 0.06:
            continue
        kept.append(other if odd < 0.24 else word)
        if odd > 0.95:
            kept.append(other)
    at = int(random.integers(0, max(len(kept) - 1, 1)))
    kept[at : at + 2] = kept[at : at + 2][::-1]
    return kept or words[:1]


def write(lines: int, mean: int, hypotheses: Path, references: Path) -> None:
    """Write both files."""
    random = np.random.default_rng(7)
    words = vocabulary(random)
    weight = 1 / (np.arange(len(words)) + 2.7)
    weight /= weight.sum()
    with (
        hypotheses.open("w", encoding="utf-8") as hyp,
        references.open("w", encoding="utf-8") as ref,
    ):
        for _ in range(lines):
            size = 2 + int(random.poisson(mean - 2))
            drawn = words[random.choice(len(words), 2 * size, p=weight)].tolist()
            reference, others = drawn[:size], drawn[size:]
            seed = int(random.integers(2**31))
            ref.write(dressed(np.random.default_rng(seed), reference.copy()) + "\n")
            hyp.write(
                dressed(np.random.default_rng(seed), edited(random, reference, others)) + "\n"
            )


def write_sentences(lines: int, folder: Path) -> None:
    """A pair of files of some 25 words a line."""
    _write_both(lines, 25, folder)


def write_paragraphs(lines: int, folder: Path) -> None:
    """A pair of files of some 80 words a line."""
    _write_both(lines, 80, folder)


def _write_both(lines: int, mean: int, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    write(lines, mean, folder / "hyp.txt", folder / "ref.txt")
