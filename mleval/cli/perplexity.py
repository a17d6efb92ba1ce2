"""`mleval perplexity`: evaluate a language model by the log-probabilities of tokens."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

import typer

from mleval.cli.evaluating import Asked, evaluating_with
from mleval.cli.scoring import scoring

EPILOG = r"""[bold]Examples[/]

  mleval perplexity completions.jsonl
  mleval perplexity scores.jsonl --text documents.txt
  mleval perplexity tokens.csv --doc document --text token
  mleval perplexity query.out -m perplexity -m oov_rate --worst 20
  vllm-client ... | mleval perplexity - --json -o report.md
  mleval perplexity text.txt --model gpt2 --save-logprobs gpt2.jsonl"""

_columns = partial(typer.Option, metavar="NAME", rich_help_panel="Columns")
_input = partial(typer.Option, rich_help_panel="Input")

_FILES = (
    "Log-probabilities as servers and tools write them: OpenAI completions and chat, vLLM "
    "prompt_logprobs, lists of tokens, lm-evaluation-harness samples, KenLM, fairseq-generate, a "
    "row a token, a line of numbers a sentence, sums with counts; with --model, texts; several are "
    "shards; - is stdin."
)
_TEXT = "The texts, for bytes, characters and words: a column or key, or a file with one a line."
_LOSS = "Whether a loss is the mean over the tokens of a sequence, or their sum."
_WORST = "How many sequences to list that the model finds unlikely, and how many tokens."

LogprobFiles = Annotated[list[str], typer.Argument(metavar="FILE", help=_FILES)]


@evaluating_with(scoring)
def perplexity(
    files: LogprobFiles,
    input_format: Annotated[
        Literal[
            "vllm",
            "openai-completions",
            "openai-chat",
            "lm-eval",
            "kenlm",
            "fairseq",
            "numbers",
            "token-lists",
            "sums",
            "token-rows",
        ]
        | None,
        _input("--input-format", help="The shape of the input, when it is not recognised."),
    ] = None,
    log_base: Annotated[
        Literal["e", "2", "10"] | None, _input("--log-base", help="Of the logarithms.")
    ] = None,
    logprobs: Annotated[
        str | None, _columns("--logprobs", help="The log-probabilities, or a sum of them.")
    ] = None,
    tokens: Annotated[str | None, _columns("--tokens", help="The tokens.")] = None,
    doc: Annotated[
        str | None, _columns("--doc", help="What the tokens of a sequence have in common.")
    ] = None,
    text: Annotated[str | None, _columns("--text", metavar="NAME|FILE", help=_TEXT)] = None,
    loss: Annotated[Literal["mean", "sum"] | None, _input("--loss", help=_LOSS)] = None,
    missing: Annotated[
        Literal["error", "drop"],
        _input("--missing", help="What becomes of sequences without log-probabilities."),
    ] = "error",
    worst: Annotated[
        int | None, typer.Option("--worst", metavar="N", rich_help_panel="Metrics", help=_WORST)
    ] = None,
    **common: Any,
) -> Asked:
    """Evaluate a language model by the log-probabilities of the tokens of texts.

    The shape of the files is recognised, and said; intervals are clustered by sequence.
    """
    from mleval.options import PerplexityOptions

    return files, PerplexityOptions(
        input_format=input_format,
        log_base=log_base,
        logprobs=logprobs,
        tokens=tokens,
        doc=doc,
        text=text,
        loss=loss,
        missing=missing,
        worst=worst,
        **common,
    )
