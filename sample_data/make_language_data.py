"""Write the sample log-probabilities: a small model of words, and sentences that it has not seen.

The model mixes how often words follow each other, how often they occur, and how they are spelled,
so that no word is impossible. It is fitted on the first lines of `harbour.txt`, and scores the
others token by token; the first token of a sentence has no log-probability. The same text writes
the same bytes.

    python sample_data/make_language_data.py [FOLDER]
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).parent
FITTED_ON = 60  # lines
DECIMALS = 6
PAIRS, WORDS, SPELLING = 0.55, 0.35, 0.10  # shares of the mixture
LETTERS = 15  # how many a letter is one of, as far as spelling goes


def tokens_of(sentence: str) -> list[str]:
    """Words with the blank before them, and punctuation."""
    return re.findall(r" ?\w+|[^\w\s]", sentence)


class Model:
    """How likely a token is after another."""

    def __init__(self, sentences: list[list[str]]) -> None:
        self.words = Counter(token for tokens in sentences for token in tokens)
        self.pairs = Counter(pair for tokens in sentences for pair in pairwise(tokens))
        self.before = Counter(first for tokens in sentences for first, _ in pairwise(tokens))
        self.total = sum(self.words.values())

    def log_probability(self, before: str, token: str) -> float:
        """ln p of a token after another."""
        pair = self.pairs[before, token] / self.before[before] if self.before[before] else 0.0
        spelled = (1 / LETTERS) ** len(token) / 2
        return math.log(PAIRS * pair + WORDS * self.words[token] / self.total + SPELLING * spelled)


def write(folder: Path) -> None:
    """Score the lines that the model was not fitted on."""
    lines = (HERE / "harbour.txt").read_text(encoding="utf-8").splitlines()
    model = Model([tokens_of(line) for line in lines[:FITTED_ON]])
    with (folder / "harbour.jsonl").open("w", encoding="utf-8") as file:
        for number, line in enumerate(lines[FITTED_ON:], FITTED_ON + 1):
            tokens = tokens_of(line)
            scored = (round(model.log_probability(*pair), DECIMALS) for pair in pairwise(tokens))
            record = {
                "id": f"line {number}",
                "tokens": tokens,
                "token_logprobs": [None, *scored],
                "text": line,
            }
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
