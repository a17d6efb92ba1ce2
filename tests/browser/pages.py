"""The pages that are tested: name → the command line that makes it."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parents[2] / "sample_data"


def _of(name: str) -> str:
    return str(DATA / name)


SAMPLES = {
    "binary": ["classify", _of("cancer.csv"), "--gate", "f1 >= 0.7", "--gate", "f1 >= 0.99"],
    "multiclass": ["classify", _of("digits.csv")],
    "multilabel": ["classify", _of("traits.csv")],
    "slices": [
        *("classify", "{place}/slices.csv", "--by", "country"),
        *("--gate", "roc_auc{{worst country}} >= 0.6", "--threshold", "0.45"),
    ],
    "hostile": ["classify", "{place}/hostile.csv", "--by", "<i>group</i>"],
    "regress": ["regress", _of("fitness.csv"), "--worst", "5"],
    "texts": [
        *("text", _of("captions.small.txt"), _of("captions.large.txt")),
        *("--ref", _of("captions.ref1.txt"), "--worst", "3"),
    ],
    "perplexity": ["perplexity", _of("harbour.jsonl")],
    "pairs": ["pairs", _of("digit_pairs.csv")],
    "history": ["history", _of("training.csv")],
    "runs": ["history", _of("training.csv"), _of("training_slow.csv")],
    "diagnosis": ["diagnose", _of("even.csv")],
}
