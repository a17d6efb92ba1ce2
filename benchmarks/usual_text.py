"""The usual script for text: read the lines of two files, hand them to a library, print.

python usual_text.py bleu|bleu-none|chrf|nltk HYPOTHESES REFERENCES
"""

import sys
from pathlib import Path

_, what, *paths = sys.argv
hypotheses, references = (
    Path(path).read_text(encoding="utf-8").removesuffix("\n").split("\n") for path in paths
)

if what == "nltk":
    from nltk.translate.bleu_score import corpus_bleu

    print(corpus_bleu([[line.split()] for line in references], [h.split() for h in hypotheses]))
else:
    from sacrebleu.metrics import BLEU, CHRF

    metric = {
        "bleu": lambda: BLEU(),
        "bleu-none": lambda: BLEU(tokenize="none"),
        "chrf": lambda: CHRF(),
    }[what]()
    print(metric.corpus_score(hypotheses, [references]), metric.get_signature())
