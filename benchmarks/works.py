"""The works: which file, which commands on it, and which of their costs are compared."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Comparison:
    """One command's cost over another's, and the ratio aimed at."""

    command: str
    over: str
    target: float
    cost: str = "wall"


@dataclass(frozen=True)
class Work:
    """Commands by name, in which MLEVAL, PYTHON and FILE (or FILE/name) stand for themselves.

    WHOLE is one Parquet file of the rows of FILE.
    """

    name: str
    title: str
    commands: dict[str, Sequence[str]]
    comparisons: Sequence[Comparison]
    kind: str = ""
    rows: int = 0
    ending: str = "csv"
    repeats: int = 5


def script(name: str, *arguments: str) -> Sequence[str]:
    """A script of this folder, by Python."""
    return "PYTHON", str(HERE / name), *arguments


REPORT = ("MLEVAL", "classify", "FILE", "--json")
TABLE = ("MLEVAL", "classify", "FILE")
NUMBERS = ("MLEVAL", "regress", "FILE", "--json")
LANGUAGE = ("MLEVAL", "perplexity", "FILE", "--json")
WITHOUT_INTERVALS = (*REPORT, "--no-intervals")
ROUGE = ("-m", "rouge1", "-m", "rouge2", "-m", "rougeL")


def text(*arguments: str) -> Sequence[str]:
    """mleval on a pair of text files."""
    return "MLEVAL", "text", "FILE/hyp.txt", "FILE/ref.txt", "--json", *arguments


def usual_text(metric: str) -> Sequence[str]:
    """The usual script on them."""
    return script("usual_text.py", metric, "FILE/hyp.txt", "FILE/ref.txt")


def text_works(kind: str, title: str, rows: int) -> Iterator[Work]:
    """Each metric by its usual library, on one pair of files."""
    bleu = {"mleval": text("-m", "bleu"), "sacreBLEU": usual_text("bleu")}
    none = text("-m", "bleu", "--tokenize", "none")
    singles = {
        "bleu": (bleu, (Comparison("mleval", "sacreBLEU", 1 / 12),)),
        "bleu-none": (
            {"mleval": none, "sacreBLEU": usual_text("bleu-none"), "NLTK": usual_text("nltk")},
            (Comparison("mleval", "sacreBLEU", 1 / 8), Comparison("mleval", "NLTK", 1 / 10)),
        ),
        "chrf": (
            {"mleval": text("-m", "chrf"), "sacreBLEU": usual_text("chrf")},
            (Comparison("mleval", "sacreBLEU", 1 / 12),),
        ),
        "rouge": (
            {"mleval": text(*ROUGE), "rouge-score": usual_text("rouge")},
            (Comparison("mleval", "rouge-score", 1 / 20),),
        ),
        "rouge-stemmed": (
            {
                "mleval": text(*ROUGE, "--stemmer", "porter"),
                "rouge-score": usual_text("rouge-stemmed"),
            },
            (Comparison("mleval", "rouge-score", 1 / 25),),
        ),
        "wer": (
            {"mleval": text("-m", "wer"), "jiwer": usual_text("wer")},
            (Comparison("mleval", "jiwer", 1 / 10),),
        ),
        "report": (
            {"mleval": text(), "sacreBLEU's BLEU alone": usual_text("bleu")},
            (Comparison("mleval", "sacreBLEU's BLEU alone", 1 / 3),),
        ),
    }
    for name, (commands, comparisons) in singles.items():
        yield Work(
            f"{kind}-{name}",
            f"{name}, {title}",
            commands,
            comparisons,
            kind=kind,
            rows=rows,
            ending="texts",
            repeats=3,
        )


WORKS = (
    Work(
        "startup",
        "start-up",
        {
            "mleval --help": ("MLEVAL", "--help"),
            "mleval classify --help": ("MLEVAL", "classify", "--help"),
            "import typer and rich": ("PYTHON", "-c", "import typer, rich.console"),
        },
        (
            Comparison("mleval --help", "import typer and rich", 2.2),
            Comparison("mleval classify --help", "import typer and rich", 3.2),
        ),
        repeats=15,
    ),
    Work(
        "small",
        "two classes, CSV",
        {
            "mleval --json": REPORT,
            "mleval": TABLE,
            "usual script": script("usual_binary.py", "FILE"),
        },
        (
            Comparison("mleval --json", "usual script", 0.33),
            Comparison("mleval", "usual script", 0.33),
        ),
        kind="binary",
        rows=1_000,
        repeats=9,
    ),
    Work(
        "binary-csv",
        "two classes, CSV",
        {
            "mleval": REPORT,
            "mleval --no-intervals": WITHOUT_INTERVALS,
            "usual script": script("usual_binary.py", "FILE"),
            "bare read by pyarrow": script("bare_read.py", "FILE", "label", "pred", "score"),
        },
        (
            Comparison("mleval", "usual script", 0.10),
            Comparison("mleval", "usual script", 0.35, "memory"),
            Comparison("mleval", "bare read by pyarrow", 3.0),
            Comparison("mleval", "mleval --no-intervals", 1.25),
        ),
        kind="binary",
        rows=10_000_000,
    ),
    Work(
        "binary-parquet",
        "two classes, Parquet",
        {"mleval": REPORT, "usual script": script("usual_binary.py", "FILE")},
        (Comparison("mleval", "usual script", 0.08),),
        kind="binary",
        rows=10_000_000,
        ending="parquet",
    ),
    Work(
        "json-lines",
        "two classes, JSON lines",
        {"mleval": REPORT, "usual script": script("usual_binary.py", "FILE")},
        (Comparison("mleval", "usual script", 0.35),),
        kind="binary",
        rows=1_000_000,
        ending="jsonl",
    ),
    Work(
        "shards",
        "two classes, Parquet in 50 parts",
        {
            "mleval": REPORT,
            "mleval, one file": ("MLEVAL", "classify", "WHOLE", "--json"),
        },
        (Comparison("mleval", "mleval, one file", 1.2),),
        kind="binary",
        rows=10_000_000,
        ending="shards",
    ),
    Work(
        "inspect",
        "a CSV of 10 GB",
        {"mleval inspect": ("MLEVAL", "inspect", "FILE"), "mleval --help": ("MLEVAL", "--help")},
        (Comparison("mleval inspect", "mleval --help", 2.0),),
        kind="binary",
        rows=100_000,
        ending="sparse.csv",
        repeats=15,
    ),
    Work(
        "numbers-small",
        "regression, CSV",
        {"mleval": NUMBERS, "usual script": script("usual_regression.py", "FILE")},
        (Comparison("mleval", "usual script", 0.35),),
        kind="numbers",
        rows=1_000,
        repeats=9,
    ),
    Work(
        "numbers",
        "regression, CSV",
        {
            "mleval": NUMBERS,
            "usual script": script("usual_regression.py", "FILE"),
            "bare read by pyarrow": script("bare_read.py", "FILE", "y_true", "y_pred"),
        },
        (
            Comparison("mleval", "usual script", 0.30),
            Comparison("mleval", "usual script", 0.35, "memory"),
            Comparison("mleval", "bare read by pyarrow", 2.5),
        ),
        kind="numbers",
        rows=10_000_000,
    ),
    Work(
        "pairs",
        "pairs of vectors of 128 numbers, .npy",
        {
            "mleval": (
                *("MLEVAL", "pairs", "FILE/dissimilar.npy", "--a", "FILE/a.npy"),
                *("--b", "FILE/b.npy", "--dissimilar", "0", "--json"),
            ),
            "plain numpy": script("usual_pairs.py", "FILE"),
        },
        (
            Comparison("mleval", "plain numpy", 1.5),
            Comparison("mleval", "plain numpy", 0.5, "memory"),
        ),
        kind="pairs",
        rows=200_000,
        ending="arrays",
    ),
    Work(
        "multiclass",
        "ten classes, CSV",
        {
            "mleval": REPORT,
            "mleval --no-intervals": WITHOUT_INTERVALS,
            "usual script": script("usual_multiclass.py", "FILE"),
        },
        (
            Comparison("mleval", "usual script", 0.15),
            Comparison("mleval", "mleval --no-intervals", 2.0),
        ),
        kind="multiclass",
        rows=1_000_000,
    ),
    *(
        Work(
            f"slices-{kind.removesuffix('-groups')}",
            f"{title}, CSV, by a column of 200 values",
            {
                "mleval --by region": ("MLEVAL", command, "FILE", "--json", "--by", "region"),
                "mleval": ("MLEVAL", command, "FILE", "--json"),
            },
            (Comparison("mleval --by region", "mleval", 3.0),),
            kind=kind,
            rows=1_000_000,
        )
        for kind, title, command in (
            ("binary-groups", "two classes", "classify"),
            ("numbers-groups", "regression", "regress"),
        )
    ),
    *(
        Work(
            kind,
            f"twenty labels, CSV, {written}",
            {
                "mleval": REPORT,
                "mleval --no-intervals": WITHOUT_INTERVALS,
                "usual script": script("usual_multilabel.py", "FILE"),
            },
            (Comparison("mleval", "usual script", 0.20),),
            kind=kind,
            rows=200_000,
        )
        for kind, written in (("multilabel", "in one cell"), ("indicators", "0/1 columns"))
    ),
    Work(
        "documents",
        "200 log-probabilities a document, JSON lines",
        {"mleval": LANGUAGE, "plain loop": script("usual_perplexity.py", "FILE")},
        (Comparison("mleval", "plain loop", 0.40),),
        kind="documents",
        rows=50_000,
        ending="jsonl",
        repeats=7,
    ),
    Work(
        "tokens",
        "a log-probability a row, CSV",
        {
            "mleval": LANGUAGE,
            "bare read by pyarrow": script("bare_read.py", "FILE", "doc", "logprob"),
        },
        (Comparison("mleval", "bare read by pyarrow", 2.5),),
        kind="tokens",
        rows=10_000_000,
    ),
    Work(
        "texts-startup",
        "ten pairs of sentences",
        {"mleval": text(), "mleval --version": ("MLEVAL", "--version")},
        (Comparison("mleval", "mleval --version", 3.5),),
        kind="sentences",
        rows=10,
        ending="texts",
        repeats=15,
    ),
    *text_works("sentences", "pairs of some 25 words", 100_000),
    *text_works("paragraphs", "pairs of some 80 words", 10_000),
)


def spelled_out(command: Sequence[str], *, mleval: Sequence[str], file: str) -> list[str]:
    """The command as it is run, by this Python."""
    whole = str(Path(file).with_suffix(".parquet")) if file else ""
    meanings = {"MLEVAL": mleval, "PYTHON": [sys.executable], "WHOLE": [whole]}
    words = [word for part in command for word in meanings.get(part, [part])]
    return [re.sub(r"^FILE(?=/|$)", lambda _: file, word) for word in words]
