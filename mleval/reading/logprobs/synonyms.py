"""The names that columns of log-probabilities go by, ranked: the first that a file has is taken."""

from __future__ import annotations

LOGPROBS = (
    "token_logprobs", "token_logprob", "logprobs", "log_probs", "logprob", "log_prob",
    "token_log_probs", "token_log_prob", "tokens_logprobs", "log_probabilities",
    "log_probability", "log_p", "logp", "lp",
)  # fmt: skip
"""Of tokens: a list in a row of its sequence, or one number a row."""
TOKENS = (
    "tokens", "token", "token_strs", "token_str", "token_texts", "token_text", "str_tokens",
    "decoded_tokens", "decoded_token", "pieces", "piece", "words", "word", "token_ids", "token_id",
    "input_ids",
)  # fmt: skip
TEXT = ("text", "raw_text", "document_text", "content", "sentence", "document", "raw")
"""Of the text of a sequence."""
DOCUMENT = (
    "doc", "doc_id", "document", "document_id", "docid", "sequence_id", "seq_id", "sequence",
    "seq", "sentence_id", "sent_id", "sentence", "sample_id", "sample", "example_id", "example",
    "text_id", "request_id", "custom_id", "file", "filename", "id",
)  # fmt: skip
"""Of what the tokens of a sequence have in common."""
ID = (
    "id", "doc_id", "document_id", "custom_id", "request_id", "sample_id", "example_id", "doc",
    "docid", "idx", "index",
)  # fmt: skip
MODEL = ("model", "model_name", "model_id")

SUMS = (
    "nll", "sum_nll", "nll_sum", "total_nll", "neg_log_likelihood", "negative_log_likelihood",
    "total_loss", "loss_sum", "sum_loss",
)  # fmt: skip
"""Losses that are usually sums over the tokens."""
LIKELIHOODS = (
    "loglikelihood", "log_likelihood", "sum_logprob", "sum_logprobs", "logprob_sum",
    "total_logprob", "total_log_prob", "sequence_logprob", "seq_logprob", "cumulative_logprob",
    "ll", "logprob", "log_prob", "logp",
)  # fmt: skip
"""Sums of log-probabilities."""
MEANS = (
    "loss", "mean_loss", "avg_loss", "loss_mean", "mean_nll", "avg_nll", "nll_mean",
    "nll_per_token", "cross_entropy", "ce_loss", "ce", "lm_loss", "eval_loss", "test_loss",
)  # fmt: skip
"""Losses that are usually means over the tokens."""
COUNTS = (
    "num_tokens", "n_tokens", "token_count", "num_target_tokens", "num_scored_tokens", "ntokens",
    "tokens_count", "tokens", "n_tok", "seq_len", "sequence_length", "length", "len",
)  # fmt: skip
BYTES = ("num_bytes", "n_bytes", "byte_count", "utf8_bytes", "bytes", "nbytes")
CHARS = ("num_chars", "n_chars", "char_count", "num_characters", "chars", "characters")
WORDS = ("num_words", "n_words", "word_count", "words", "nwords")
