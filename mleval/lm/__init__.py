"""Scoring texts with a causal language model of Hugging Face: score_texts, with the extra `lm`.

source = score_texts("text.txt", PerplexityOptions(model="gpt2"))  # as of a file of them
"""

from mleval.lm.scored import ScoredTexts, score_texts

__all__ = ["ScoredTexts", "score_texts"]
