"""The words of answers as SQuAD's evaluation script normalises them."""

from __future__ import annotations

import re
import string

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLE = re.compile(r"\b(a|an|the)\b")


def answer_words(text: str) -> str:
    r"""The text lowered, without ASCII punctuation and articles.

    What becomes of a word does not depend on others: whitespace ends what `\b` and the lowering
    of a final sigma look at, and it stays.

    >>> answer_words("Well-kept, the—cat").split()
    ['wellkept', '—cat']
    """
    return _ARTICLE.sub(" ", answer_words_with_articles(text))


def answer_words_with_articles(text: str) -> str:
    """The same with articles left in.

    >>> answer_words_with_articles('"The cat"')
    'the cat'
    """
    return text.lower().translate(_PUNCTUATION)
