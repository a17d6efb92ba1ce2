"""Temporary."""

from collections import Counter

import numpy as np


def ngram_matches(hypothesis, reference, n):
    def grams(t):
        c = t.codes.tolist()
        o = t.offsets.tolist()
        return [Counter(tuple(c[i : i + n]) for i in range(a, b - n + 1)) for a, b in zip(o, o[1:])]

    return np.array(
        [(x & y).total() for x, y in zip(grams(hypothesis), grams(reference))], np.int64
    )
