"""Texts to score: corpora of every kind that has gone wrong somewhere, drawn from seeds."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

SPACES = (
    " \t\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2003\u200a\u2028\u2029\u202f\u205f\u3000"
)
NO_SPACES = "\u200b\u200d\ufeff\u180e\u00ad\x00\x01\x08\x0e\x7f"
_ENGLISH = """
    the of and to in is it was for on with as by at from that this which be are or an not have had
    has but were their we one you all more other new some time could state only years United
"""
_MIXED = r"""
    U.S. 3.14 1,000 1,000.50 $5 50% 3-4 -5 well-known e.g. i.e. ... .. , ; : ! ? () [x] {y} "q"
    'tis don't cannot gonna D'ye they'll John's 'em rock'n'roll &amp; &quot; &lt;b&gt; &apos;
    &amp;lt; <skipped> foo<skipped>bar <unk> @-@ foo@@ a/b c_d x=y ~ ` ^ | \ 12:30 2024. .5 5.
    1.2.3 a.b.c a,b 5,a a,5 5-a a-5 -- --- a--b — … “q” ‘s’ «g» €5 5€ °C ½ x² ① A.D. ('a') ''x''
    ``x`` "." .) .' ." ). #1 #tag a@b.c http://a.b/c?d=e&f=g 100.000,00 10% $1,000.00 1/2 +1 *a*
    [1] (a,b) a;b a:b 5:a a:5 :) can't 'Twas wanna, more'n 'tisn't 's 'll "' '" ", ,' a.) a." a.']
"""
_SCRIPTS = """
    Привет мир, это тест. Ещё один ΣΑΣ ΟΔΥΣΣΕΥΣ ΑΣ. Ωραία İstanbul ISPARTA ǅ ﬁn ß ẞ naïve café
    cafe\u0301 e\u0323\u0301 Å A\u030a हिन्दी। नमस्ते ไทย ภาษาไทย 日本語。 日本 語 中文，测试 漢字
    カタカナ ｶﾀｶﾅ 한국어 한국 어. עברית، العربية، ١٢٣ ۴٫۵ १२३ 𝒳 𝟘 😀 👩‍👩‍👧 🇩🇪 \U00020000 ㈱ ①
    ！ （ａ） ・ ー — “„ ¿Qué? ¡No! 第1章 3.5万 中.5 5.中 -中 中-
"""
_STRANGE = {code: 0xA000 + code for code in range(33, 127)}  # letters that no list here has
ENGLISH, MIXED, SCRIPTS = _ENGLISH.split(), _MIXED.split(), _SCRIPTS.split()


@dataclass(frozen=True)
class Corpora:
    """Hypotheses, and one or several corpora of as many references."""

    name: str
    hypotheses: list[str]
    references: list[list[str]]


def line(draw: random.Random, words: Sequence[str], longest: int = 12) -> str:
    return " ".join(draw.choices(words, k=draw.randint(0, longest)))


def spaced(draw: random.Random, words: Sequence[str]) -> str:
    """Words with any whitespace before, between and after."""
    parts = []
    for word in draw.choices(words, k=draw.randint(0, 8)):
        parts += [draw.choice(SPACES) * draw.randint(0, 2) or " ", word]
    return "".join([*parts, draw.choice(SPACES) * draw.randint(0, 1)])


def jumble(draw: random.Random) -> str:
    """Any characters: punctuation, digits, marks, spaces, none of them in a sensible place."""
    alphabet = (
        "aB1.,-&;'\"()$%:`<>@#!?5 " + SPACES + NO_SPACES + "é\u0301ΣσßİÅ中語。，（！½²€°—“’」ア한1٣"
    )
    return "".join(draw.choices(alphabet, k=draw.randint(0, 24)))


def edited(draw: random.Random, text: str, words: Sequence[str]) -> str:
    """A text like another: words lost, said twice, replaced, out of order."""
    kept = []
    for word in text.split(" "):
        odd = draw.random()
        if odd > 0.12:
            kept.append(draw.choice(words) if odd > 0.85 else word)
        if odd < 0.2:
            kept.append(word)
    if len(kept) > 2 and draw.random() < 0.4:
        at = draw.randrange(len(kept) - 1)
        kept[at : at + 2] = kept[at : at + 2][::-1]
    return " ".join(kept)


KINDS: dict[str, Callable[[random.Random], str]] = {
    "english": lambda draw: line(draw, ENGLISH),
    "mixed": lambda draw: line(draw, [*ENGLISH, *MIXED, *MIXED]),
    "scripts": lambda draw: line(draw, [*SCRIPTS, *ENGLISH[:8]]),
    "spaces": lambda draw: spaced(draw, [*ENGLISH[:10], *MIXED, *SCRIPTS]),
    "jumble": jumble,
    "repeated": lambda draw: line(draw, ["the", "the", "cat", "."], 14),
    "short": lambda draw: line(draw, [*ENGLISH, *MIXED], 2),
    "one": lambda draw: draw.choice([*ENGLISH, *MIXED, *SCRIPTS]),
    "empty": lambda draw: draw.choice(["", "", " ", "the"]),
    "long": lambda draw: line(draw, [*ENGLISH, *MIXED], 400),
}


def corpora(seed: int) -> Corpora:
    """The corpora of a seed: of one kind, hypotheses more or less like their references."""
    draw = random.Random(seed)
    kind = list(KINDS)[seed % len(KINDS)]
    make, count, several = KINDS[kind], draw.choice([1, 1, 2, 3, 6]), draw.choice([1, 1, 1, 2, 3])
    references = [[make(draw) for _ in range(count)] for _ in range(several)]
    nearness = draw.choice(["edited", "edited", "edited", "same", "apart", "strange"])
    hypotheses = []
    for i in range(count):
        model = draw.choice(references)[i]
        hypotheses.append(
            model if nearness == "same"
            else make(draw) if nearness == "apart"
            else make(draw).translate(_STRANGE) if nearness == "strange"
            else edited(draw, model, [*ENGLISH[:5], *MIXED[:20]])
        )  # fmt: skip
    return Corpora(f"{seed} {kind} {nearness}", hypotheses, references)
