"""Write the sample captions: what is on pictures that nobody took, twice, and by two systems.

A scene is drawn, and told in two ways: those are the references. A system tells it in one of these
ways and makes mistakes: it leaves words out, takes one thing for another, or says too little. The
same seed writes the same bytes.

    python sample_data/make_captions.py [FOLDER]
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

HERE = Path(__file__).parent
SEED = 20
SCENES = 120

WHO = {
    "a man": "one man",
    "a woman": "a lady",
    "a child": "a small child",
    "a boy": "a young boy",
    "a brown dog": "a dog",
    "a black cat": "a cat",
    "an old man": "a man with white hair",
    "a cyclist": "a person on a bicycle",
    "a waiter": "a man in an apron",
}
DOES = {
    "is sitting": "sits",
    "is standing": "stands",
    "is waiting": "waits",
    "is sleeping": "rests",
    "is playing": "plays",
    "is looking at the sky": "looks up",
}
WHERE = {
    "on a bench": "on a wooden bench",
    "in the park": "in a green park",
    "near the river": "beside the water",
    "under a tree": "in the shade of a tree",
    "at the bus stop": "at a stop by the road",
    "on the beach": "on the sand",
    "in front of a shop": "outside a shop",
}
WHEN = {
    "in the rain": "while it rains",
    "at night": "in the dark",
    "in the morning": "early in the day",
    "on a sunny day": "in bright sun",
    "": "",
}
PARTS = (WHO, DOES, WHERE, WHEN)

Scene = tuple[str, ...]


def sentence(parts: list[str]) -> str:
    """The parts with a capital and a full stop."""
    text = " ".join(filter(None, parts))
    return text[:1].upper() + text[1:] + "." if text else ""


def told(scene: Scene, *, otherwise: bool = False) -> list[str]:
    """A scene in the first words, or in other ones."""
    if not otherwise:
        return list(scene)
    return [other[part] for other, part in zip(PARTS, scene, strict=True)]


def guessed(draw: random.Random, scene: Scene, wrong: float) -> str:
    """What a system says of a scene; wrong: how often a part of it is."""
    parts = told(scene, otherwise=draw.random() < 0.3)
    for place, known in enumerate(PARTS):
        odds = draw.random()
        if odds < wrong / 2:
            parts[place] = draw.choice(list(known))
        elif odds < wrong * 0.7 and place:
            parts[place] = ""
    return sentence(parts)


def write(folder: Path) -> None:
    """Write both references and both systems, a scene a line."""
    draw = random.Random(SEED)
    scenes = [tuple(draw.choice(list(part)) for part in PARTS) for _ in range(SCENES)]
    files = {
        "captions.ref1": [sentence(told(scene)) for scene in scenes],
        "captions.ref2": [sentence(told(scene, otherwise=True)) for scene in scenes],
        "captions.small": [guessed(draw, scene, 0.5) for scene in scenes],
        "captions.large": [guessed(draw, scene, 0.2) for scene in scenes],
    }
    for name, lines in files.items():
        text = "".join(f"{line}\n" for line in lines)
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
