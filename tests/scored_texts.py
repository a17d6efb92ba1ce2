"""Three texts that a model scored, in the shapes that servers and tools write."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
from command import Result, run
from pyarrow import feather, parquet

TOKENS = [
    ["The", " cat", " sat", " on", " the", " mat", "."],
    [" Naïve", " cafés", " 日本"],
    ["A", " b"],
]
LOGPROBS: list[list[float | None]] = [
    [None, -7.25, -2.5, -0.75, -0.125, -4.0, -0.5],
    [None, -11.5, -6.0],
    [None, -3.0],
]
TEXTS = ["".join(tokens) for tokens in TOKENS]
SCORED = [[value for value in values if value is not None] for values in LOGPROBS]

NLL = -math.fsum(value for values in SCORED for value in values)
COUNT = sum(map(len, SCORED))
PERPLEXITY = math.exp(NLL / COUNT)
BITS_PER_BYTE = NLL / math.log(2) / sum(len(text.encode()) for text in TEXTS)
WORD_PERPLEXITY = math.exp(NLL / sum(len(text.split()) for text in TEXTS))


def mleval(path: Path | str, *flags: str, **others: Any) -> Result:
    """`mleval perplexity` on a file, in messages called by its name alone."""
    result = run("perplexity", str(path), *flags, **others)
    folder = f"{Path(path).parent}/"
    told = (text.replace(folder, "") for text in (result.stdout, result.stderr))
    return Result(result.status, *told)


def reported(path: Path | str, *flags: str, **others: Any) -> dict[str, Any]:
    """The JSON report of a file that nothing is wrong with."""
    result = mleval(path, "--json", "--quiet", *flags, **others)
    assert (result.status, result.stderr) == (0, ""), result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def refused(path: Path | str, *flags: str, status: int = 3) -> str:
    """What is said on stderr, when nothing else happens."""
    output = Path(path).parent / "report.json"
    result = mleval(path, *flags, "-o", str(output))
    assert (result.status, result.stdout) == (status, ""), result
    assert "Traceback" not in result.stderr
    assert not output.exists()
    return " ".join(result.stderr.split())


def value(report: dict[str, Any], spec: str) -> float:
    """The value of a metric."""
    found: float = report["metrics"][spec]["value"]
    return found


def assumed(report: dict[str, Any]) -> dict[str, str]:
    """What was assumed → as what."""
    return {item["what"]: item["value"] for item in report["assumed"]}


Writer = Callable[[Path], Path]


def written(text: str | bytes, name: str) -> Writer:
    """Writes a file of that content."""

    def write(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def lines(records: list[Any], name: str = "x.jsonl") -> Writer:
    """Writes a JSON value a line."""
    return written("".join(json.dumps(record) + "\n" for record in records), name)


def document(value: Any, indent: int | None = 2) -> Writer:
    """Writes one JSON value."""
    return written(json.dumps(value, indent=indent), "x.json")


def table(columns: dict[str, Any], name: str) -> Writer:
    """Writes a Parquet or Feather file."""

    def write(folder: Path) -> Path:
        path, held = folder / name, pa.table(columns)
        if name.endswith(".parquet"):
            parquet.write_table(held, path, row_group_size=2)
        else:
            feather.write_feather(held, path)
        return path

    return write


def completion(at: int) -> dict[str, Any]:
    """A response to a completion that echoes its prompt, with two alternatives a token."""
    above = [
        None,
        *({t: v, " other": v - 1} for t, v in zip(TOKENS[at][1:], SCORED[at], strict=True)),
    ]
    logprobs = {"tokens": TOKENS[at], "token_logprobs": LOGPROBS[at], "top_logprobs": above}
    choice = {"index": 0, "text": TEXTS[at], "logprobs": logprobs, "finish_reason": "length"}
    return {"id": f"cmpl-{at}", "object": "text_completion", "model": "m", "choices": [choice]}


def chat(at: int) -> dict[str, Any]:
    """A response of chat, in which every token is scored."""
    content = [
        {
            "token": token,
            "logprob": logprob,
            "bytes": list(token.encode()),
            "top_logprobs": [{"token": token, "logprob": logprob, "bytes": None}],
        }
        for token, logprob in zip(TOKENS[at][1:], SCORED[at], strict=True)
    ]
    message = {"role": "assistant", "content": "".join(TOKENS[at][1:])}
    choice = {"index": 0, "message": message, "logprobs": {"content": content, "refusal": None}}
    return {"id": f"chatcmpl-{at}", "object": "chat.completion", "model": "m", "choices": [choice]}


def response(at: int) -> dict[str, Any]:
    """The same of the responses API."""
    of_chat = chat(at)["choices"][0]
    part = {
        "type": "output_text",
        "text": of_chat["message"]["content"],
        "logprobs": of_chat["logprobs"]["content"],
    }
    return {"object": "response", "output": [{"type": "reasoning"}, {"content": [part]}]}


def batched(body: dict[str, Any], at: int) -> dict[str, Any]:
    """A line of the output of the batch API."""
    answer = {"status_code": 200, "request_id": f"req-{at}", "body": body}
    return {"id": f"batch_req_{at}", "custom_id": f"doc-{at}", "response": answer, "error": None}


def prompt_logprobs(at: int, *, alternatives: bool = False) -> list[Any]:
    """vLLM's maps of token id to what is known of it, the prompt's token first."""
    found: list[Any] = [None]
    for place, (token, logprob) in enumerate(zip(TOKENS[at][1:], SCORED[at], strict=True)):
        rank = 1 if logprob > -1 else 3
        entry = {str(100 + place): {"logprob": logprob, "rank": rank, "decoded_token": token}}
        if alternatives and rank > 1:
            entry["7"] = {"logprob": -0.2, "rank": 1, "decoded_token": " likely"}
        found.append(entry)
    return found


def vllm(at: int, **options: bool) -> dict[str, Any]:
    """A response of vLLM's server for completions."""
    choice = {"index": 0, "text": "", "logprobs": None}
    choice["prompt_logprobs"] = prompt_logprobs(at, **options)  # type: ignore[assignment]
    return {"object": "text_completion", "model": "m", "choices": [choice]}


def token_list(at: int, name: str = "token_logprobs") -> dict[str, Any]:
    """A sequence as a line with its lists."""
    return {"id": at, "tokens": TOKENS[at], name: LOGPROBS[at], "text": TEXTS[at]}


def token_rows(at: int) -> list[tuple[str, str, float | None]]:
    """A sequence as a row a token."""
    pairs = zip(TOKENS[at], LOGPROBS[at], strict=True)
    return [(f"d{at}", token, logprob) for token, logprob in pairs]


def csv_of(header: str, rows: list[tuple[Any, ...]], sep: str = ",") -> str:
    """Rows as text; None is an empty cell."""
    cells = (["" if cell is None else f'"{cell}"' if isinstance(cell, str) else str(cell)
              for cell in row] for row in rows)  # fmt: skip
    return "\n".join([header, *(sep.join(row) for row in cells), ""])
