"""The words of an answer as SQuAD's evaluation script normalises them."""

from __future__ import annotations

import re
import string

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLE = re.compile(r"\b(a|an|the)\b")


def answer_words(word: str) -> list[str]:
    r"""The word lowered, without ASCII punctuation and articles: none, one or several words.

    Word by word is the same as on the whole answer, since a space ends what `\b` looks at.

    >>> answer_words("Well-kept,"), answer_words("The"), answer_words("the—cat")
    (['wellkept'], [], ['—cat'])
    """
    return _ARTICLE.sub(" ", _bare(word)).split()


def answer_words_with_articles(word: str) -> list[str]:
    """The same with articles left in.

    >>> answer_words_with_articles('"The')
    ['the']
    """
    return _bare(word).split()


def _bare(word: str) -> str:
    return word.lower().translate(_PUNCTUATION)
