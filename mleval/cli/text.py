"""`mleval text`: evaluate translations, summaries, answers or transcripts by their references."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

import typer

from mleval.cli.evaluating import Asked, evaluating_with
from mleval.cli.inputs import Cluster
from mleval.language.choices import Stemmer, Tokenize

EPILOG = r"""[bold]Examples[/]

  mleval text hyp.txt ref.txt
  mleval text hyp.txt ref1.txt ref2.txt --tokenize intl --worst 10
  mleval text --ref ref.txt system1.txt system2.txt
  mleval text hyp.txt ref.txt -m wer -m cer --normalize lower,punct
  mleval text hyp.txt ref.txt -m bleu --preset nltk --verify
  mleval text predictions.json dev-v1.1.json --preset squad"""

_input = partial(typer.Option, rich_help_panel="Input")
_column = partial(typer.Option, metavar="NAME", rich_help_panel="Columns")
_metrics = partial(typer.Option, rich_help_panel="Metrics")

_FILES = (
    "A system's texts, then one or several files of references, a segment a line; with --ref one "
    "or several systems. - is stdin."
)
_REF = "References that every system is compared with; or a column of them. Repeatable."
_FORMAT = "The shape of the input, when it is not recognised."
_TOKENIZE = "How BLEU and ROUGE cut text; each metric takes what it knows. BLEU: 13a."
_SMOOTH = "How BLEU counts what is never matched: sacreBLEU's (exp), or NLTK's method0 to method7."
_LOWER = "Lower case before BLEU and chrF."
_STEMMER = "Before ROUGE."
_NORMALIZE = "Before word and character error rates: any of lower, punct, space."
_PRESET = "The conventions of a tool, where they are not mleval's own."
_SEGMENTS = "Write every metric of every segment: .csv or .jsonl."
_ID = "The id of the segment, which joins files; A=B where references call it B."
_WORST = "How many of the segments to list that score lowest, by the first metric."

TextFiles = Annotated[list[str], typer.Argument(metavar="HYP REF", help=_FILES)]


@evaluating_with()
def text(
    files: TextFiles,
    ref: Annotated[list[str] | None, _input("--ref", metavar="FILE|NAME", help=_REF)] = None,
    input_format: Annotated[
        str | None, _input("--input-format", metavar="NAME", help=_FORMAT)
    ] = None,
    hyp: Annotated[str | None, _column("--hyp", "--pred", help="The system's texts.")] = None,
    id_: Annotated[str | None, _column("--id", metavar="NAME|A=B", help=_ID)] = None,
    cluster: Cluster = None,
    tokenize: Annotated[
        Tokenize | None,
        _metrics("--tokenize", help=_TOKENIZE),
    ] = None,
    smooth: Annotated[str | None, _metrics("--smooth", metavar="METHOD", help=_SMOOTH)] = None,
    lowercase: Annotated[bool, _metrics("--lowercase", help=_LOWER)] = False,
    stemmer: Annotated[Stemmer | None, _metrics("--stemmer", help=_STEMMER)] = None,
    normalize: Annotated[
        str | None, _metrics("--normalize", metavar="STEP,...", help=_NORMALIZE)
    ] = None,
    preset: Annotated[
        Literal["sacrebleu", "nltk", "rouge-score", "moses", "squad"] | None,
        _metrics("--preset", help=_PRESET),
    ] = None,
    per_segment: Annotated[
        str | None,
        typer.Option("--per-segment", metavar="FILE", rich_help_panel="Output", help=_SEGMENTS),
    ] = None,
    worst: Annotated[int, _metrics("--worst", metavar="N", help=_WORST)] = 0,
    **common: Any,
) -> Asked:
    """Evaluate texts by their references: BLEU, chrF, ROUGE, answers, error rates and more.

    A segment is a line; blank ones count. Scores are on 0-1, and as papers quote them.
    """
    from mleval.cli.values import comma_list
    from mleval.options import TextOptions

    chosen: Any = smooth
    return files, TextOptions(
        references=tuple(ref or ()),
        input_format=input_format,
        hypothesis=hyp,
        id=id_,
        cluster=cluster,
        tokenize=tokenize,
        smooth=chosen,
        lowercase=lowercase,
        stemmer=stemmer,
        normalize=() if normalize is None else comma_list(normalize, "--normalize"),
        preset=preset,
        per_segment=per_segment,
        worst=worst,
        **common,
    )
