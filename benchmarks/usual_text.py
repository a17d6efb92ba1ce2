"""The usual script for text: read the lines of two files, hand them to a library, print.

    python usual_text.py METRIC HYPOTHESES REFERENCES

METRIC is bleu, bleu-none, chrf, nltk, rouge, rouge-stemmed or wer.
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
elif what == "wer":
    import jiwer

    print(jiwer.wer(references, hypotheses))
elif what.startswith("rouge"):
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=what == "rouge-stemmed")
    scores = [scorer.score(ref, hyp) for ref, hyp in zip(references, hypotheses, strict=True)]
    for name in ("rouge1", "rouge2", "rougeL"):
        print(name, sum(score[name].fmeasure for score in scores) / len(scores))
else:
    from sacrebleu.metrics import BLEU, CHRF

    metric = {
        "bleu": lambda: BLEU(),
        "bleu-none": lambda: BLEU(tokenize="none"),
        "chrf": lambda: CHRF(),
    }[what]()
    print(metric.corpus_score(hypotheses, [references]), metric.get_signature())
