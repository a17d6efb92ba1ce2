"""Segments that text metrics have been wrong about, and ways to make thousands of them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import strategies as st

from mleval.metrics.text_rows import TextRows
from mleval.references.observed_text import ObservedText


def listed(words: str) -> list[str]:
    """Words that are parted by spaces."""
    return words.split()


LATIN = listed(
    "the a an of The THE cat cats Cat sat sitting on mat mats, mat. running flies dying generous "
    "don't Don't U.S. 3.14 1,000 e-mail — … “quoted” (paren) &amp; &quot;x&quot; it's x y z , . ! "
    "the, a. an? straße STRASSE İstanbul ΟΔΟΣ ὀδός K \u212bngström \u212aelvin "
    "proceedings internationalization @-@ ## 50% £5 #tag @user re-run_x news skies"
)
OTHERS = listed(
    "日本語 日本 東京タワー 漢字かな交じり カタカナ ｶﾀｶﾅ 한국어 한국 हिन्दी में किताब नमस्ते "
    "สวัสดี ครับ Привет привет мир МИР שלום مرحبا بالعالم ελληνικά 🙂 👩\u200d👩\u200d👧 "
    "e\u0301te\u0301 été n\u0303 ﬁne １２３ Ⅻ ² ½ \u0301 \u200b ｆｕｌｌ 。 、 「引用」 𝒳 𐐷"
)
GAPS = (
    *[" "] * 6, "  ", "\t", "\n", "\n", "\n\n", " \n", "\xa0", "\u2003", "\x0b", "\x1f", "\x85",
    "\u2028", " \t",
)  # fmt: skip
BY_HAND = (
    ("", ""),
    ("", "the cat"),
    ("the cat", ""),
    (" ", "\t"),
    ("cat", "cat"),
    ("the", "a"),
    ("a", "the"),
    ("a a a a a a", "a a"),
    ("a b a b a b", "b a b a"),
    ("the the the cat", "the cat the cat"),
    ("x y z", "p q r"),
    ("日本語", "日本語"),
    ("a\xa0b", "a b"),
    ("a\xa0\xa0b", "a b"),
    ("a\tb", "a b"),
    ("one two three four", "four three two one"),
    ("a b\nc d", "a b\nc d"),
    ("c d\na b", "a b\nc d\n\nc"),
    ("\n", "a\nb"),
    ("a b c a", "a\nb a\nc"),
    ("...", "!!!"),
)


def spoken(random: random.Random, words: int, vocabulary: Sequence[str]) -> str:
    """A text of so many words of a vocabulary, with whatever comes between words."""
    plain = random.random() < 0.8
    parts = [
        random.choice(vocabulary) + (" " if plain else random.choice(GAPS)) for _ in range(words)
    ]
    ends = random.random()
    text = "".join(parts)
    return text.strip() if ends < 0.8 else " " + text if ends < 0.9 else text


def edited(random: random.Random, text: str, vocabulary: Sequence[str]) -> str:
    """The same with some words left out, replaced, said twice or moved."""
    words = text.split(" ")
    for _ in range(random.randint(0, 1 + len(words) // 3)):
        at, kind = random.randrange(len(words)), random.random()
        if kind < 0.3:
            words[at] = random.choice(vocabulary)
        elif kind < 0.5:
            words.insert(at, random.choice(vocabulary))
        elif kind < 0.7:
            del words[at]
        elif kind < 0.85:
            words.insert(at, words[at])
        else:
            words.insert(random.randrange(len(words)), words.pop(at))
        words = words or [""]
    return " ".join(words)


def pairs(seed: int, segments: int, longest: int = 30) -> list[tuple[str, str]]:
    """Hypotheses with references, of every kind: the same, edited, unrelated, empty."""
    random_ = random.Random(seed)
    found = []
    for _ in range(segments):
        vocabulary = random_.choice((LATIN, LATIN, OTHERS, LATIN[:4], [*LATIN, *OTHERS]))
        reference = spoken(
            random_, min(random_.randrange(longest), random_.randrange(longest)), vocabulary
        )
        kind = random_.random()
        if kind < 0.1:
            hypothesis = reference
        elif kind < 0.25:
            hypothesis = spoken(random_, random_.randrange(longest), vocabulary)
        elif kind < 0.3:
            hypothesis = random_.choice(("", " ", random_.choice(vocabulary)))
        else:
            hypothesis = edited(random_, reference, vocabulary)
        found.append((hypothesis, reference))
    return found


def observed(pairs: Sequence[tuple[str, ...]]) -> ObservedText:
    """Segments, each a hypothesis and its references, as columns."""
    hypotheses, *references = map(list, zip(*pairs, strict=True))
    return ObservedText(hypotheses, references)


def rows_of(seen: ObservedText) -> TextRows:
    """The same, as the kernels take it."""
    return TextRows.of(seen.hypotheses, seen.references)


def texts(max_size: int = 12) -> st.SearchStrategy[str]:
    """Words of a few with anything between them, and now and then any text at all."""
    words = st.lists(
        st.tuples(st.sampled_from([*LATIN, *OTHERS]), st.sampled_from(GAPS)), max_size=max_size
    )
    few = st.lists(st.sampled_from(["a", "b", "the", "c."]), max_size=max_size).map(" ".join)
    anything = st.text(st.characters(exclude_categories=("Cs",)), max_size=max_size)
    return st.one_of(words.map(lambda found: "".join(w + gap for w, gap in found)), few, anything)


def several(seed: int, segments: int, references: int) -> list[tuple[str, ...]]:
    """Hypotheses with several references each, some of them alike."""
    random_ = random.Random(seed)
    found: list[tuple[str, ...]] = []
    for hypothesis, reference in pairs(seed, segments, longest=12):
        more = [
            edited(random_, random_.choice((hypothesis, reference)), LATIN[:8])
            for _ in range(references - 1)
        ]
        all_of_them = [reference, *more]
        random_.shuffle(all_of_them)
        found.append((hypothesis, *all_of_them))
    return found


def long_pairs() -> list[tuple[str, str]]:
    """Texts of hundreds of words: of one word, of few, of many, of several lines."""
    random_ = random.Random(11)
    few = spoken(random_, 200, LATIN[:6])
    many = spoken(random_, 150, [*LATIN, *OTHERS])
    lines = "\n".join(spoken(random_, 12, LATIN) for _ in range(12))
    return [
        ("a " * 300, "a " * 200),
        (edited(random_, few, LATIN[:6]), few),
        (edited(random_, many, LATIN), many),
        (edited(random_, lines, LATIN), lines),
        (few, many),
    ]
