"""What can be done with texts, by the names that options, metrics and signatures share."""

from __future__ import annotations

from typing import Literal, get_args

Tokenize = Literal["13a", "intl", "char", "zh", "none", "whitespace", "unicode", "treebank"]
Smooth = Literal[
    "exp", "floor", "add-k", "none",
    "method0", "method1", "method2", "method3", "method4", "method5", "method6", "method7",
]  # fmt: skip
"""sacreBLEU's and NLTK's methods; the last three look at the tokens of one segment."""
Stemmer = Literal["none", "porter"]
Step = Literal["lower", "punct", "space"]
"""What normalising before error rates can do."""
STEPS: tuple[Step, ...] = get_args(Step)
