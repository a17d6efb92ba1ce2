"""Scripts that put no space between words, and what makes one word of a whole sentence of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mleval.evaluation.requests import Request
from mleval.reading.texts import Lines

_KANA = "\u3041-\u30ff"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_OTHERS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
_LETTERS = f"[{_KANA}{_HAN}{_OTHERS}]"
_SPACES = re.compile(r"\s")
_WHOLE = 10  # letters to a space from which these are sentences, not words cut by somebody
_WORDS = ("13a", "intl", "none", "whitespace", "treebank")  # tokenisers that go by spaces
_ERRORS = ("wer", "mer", "wil")
_SEEN = 1 << 20  # bytes: as much as tells the script of a text


def unspaced(references: Sequence[Lines], requests: Sequence[Request]) -> Iterator[str]:
    """What to say instead, where the metrics go by words and the text does not."""
    bleu = any(request.options.get("tokenize") in _WORDS for request in requests)
    errors = [request.metric.name for request in requests if request.metric.name in _ERRORS]
    if not (bleu or errors) or all(lines.data.isascii() for lines in references):
        return
    text = b"".join(lines.data[:_SEEN] for lines in references).decode(errors="ignore")
    letters = re.findall(_LETTERS, text)
    if 2 * len(letters) <= len(_SPACES.sub("", text)) or not _joined(text, len(letters)):
        return
    chinese = not re.search(f"[{_KANA}{_OTHERS}]", text)
    tokenizer = "--tokenize zh" if chinese else "--tokenize char"
    said = [f"for BLEU say {tokenizer}"] if bleu else []
    said += [f"in place of {', '.join(errors)} take cer"] if errors else []
    yield f"this text has no spaces between words, so a sentence counts as one: {'; '.join(said)}"


def _joined(text: str, letters: int) -> bool:
    """Whether letters stand together by sentences: the end of a line parts them in any case."""
    return letters >= _WHOLE * len(re.findall(r"[^\S\n]", text))
