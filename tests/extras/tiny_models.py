"""Tiny random models and tokenizers, made where a test needs them: nothing is fetched."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    GPT2Config,
    GPT2LMHeadModel,
    PreTrainedTokenizerFast,
)

WINDOW = 32
TEXTS = {
    "one token": "t",
    "short": "the cat sat on the mat.",
    "unicode": "Naïve cafés in 日本 — 🙂 e\u0301!",
    "long": "the cat sat on the mat, and the other cat sat on the hat.\n" * 3,
}
_TRAINING = ["the cat sat on the mat, and the other cat sat on the hat", "naïve cafés"]


def save_tokenizer(folder: Path, *, bos: bool) -> PreTrainedTokenizerFast:
    """Byte-level pairs, so that every text has tokens, some of them parts of a character."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=280,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        special_tokens=["<s>"] if bos else [],
        show_progress=False,
    )
    made.train_from_iterator(_TRAINING, trainer)
    named = {"bos_token": "<s>"} if bos else {}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=made, **named)
    tokenizer.save_pretrained(folder)
    return tokenizer


def tiny_gpt2(vocabulary: int) -> GPT2LMHeadModel:
    """With weights so large that neighbours in the context matter."""
    torch.manual_seed(7)
    config = GPT2Config(
        vocab_size=vocabulary,
        n_positions=WINDOW,
        n_embd=16,
        n_layer=2,
        n_head=2,
        initializer_range=0.4,
        bos_token_id=0,
        eos_token_id=0,
    )
    return GPT2LMHeadModel(config)


def save_model(folder: Path, *, bos: bool) -> Path:
    """The folder of a model and its tokenizer."""
    tokenizer = save_tokenizer(folder, bos=bos)
    tiny_gpt2(len(tokenizer)).save_pretrained(folder)
    return folder


class PlainLoop:
    """The definition, token by token, in float64: no batches, no padding, nothing shared."""

    def __init__(self, folder: Path, *, bos: bool) -> None:
        self.tokenizer: Any = AutoTokenizer.from_pretrained(folder)
        self.network: Any = AutoModelForCausalLM.from_pretrained(folder).double().eval()
        self.before = [self.tokenizer.bos_token_id] if bos else []
        self._known: dict[tuple[str, int, int], list[float | None]] = {}

    def logprobs(self, text: str, stride: int, window: int = WINDOW) -> list[float | None]:
        """One for each token of the text; None for a first token that nothing is before."""
        key = (text, stride, window)
        if key not in self._known:
            self._known[key] = self._one_by_one(*key)
        return self._known[key]

    def _one_by_one(self, text: str, stride: int, window: int) -> list[float | None]:
        tokens = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        sequence = [*self.before, *tokens]
        scored = [
            self.logprob(sequence[_context_start(at, len(sequence), window, stride) : at], one)
            for at, one in enumerate(sequence)
            if at > 0
        ]
        return scored if self.before else [None, *scored]

    def logprob(self, context: list[int], token: int) -> float:
        """Of a token after a context."""
        with torch.no_grad():
            logits = self.network(torch.tensor([context])).logits[0, -1].tolist()
        largest = max(logits)
        return logits[token] - largest - math.log(math.fsum(math.exp(x - largest) for x in logits))


def _context_start(at: int, size: int, window: int, stride: int) -> int:
    """Where the context of the token at a place begins.

    Windows end after `window` tokens, then every `stride` tokens, the last where the last token is
    predicted; a token's context is what the first window that predicts it holds before it.
    """
    end = window
    while end < at:
        end += stride
    return max(0, min(end, size - 1) - window)
