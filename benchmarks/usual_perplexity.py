"""The usual script for a language model: json reads a line, a loop adds up its log-probabilities.

It computes the perplexity alone, without intervals, and takes no detours.

    python usual_perplexity.py FILE
"""

import json
import math
import sys

total = count = 0
with open(sys.argv[1], encoding="utf-8") as lines:  # noqa: PTH123  (as it is usually written)
    for line in lines:
        for logprob in json.loads(line)["token_logprobs"]:
            if logprob is not None:
                total += logprob
                count += 1
print(f"perplexity {math.exp(-total / count):.6f}")
