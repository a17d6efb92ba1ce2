"""Logs of fairseq-generate: numbers in any order, n-best lists, text or words."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from mleval.errors import InputError
from mleval.reading.texts import Segments, TextChoices, TextSource, open_texts

SIZE = 25


def block(number: int, *, best: int = 1, text: bool = True, target: bool = True) -> list[str]:
    """What fairseq-generate prints of one sentence; the last of the n-best scores highest."""
    lines = [f"S-{number}\tsource {number}"]
    if target:
        lines.append(f"T-{number}\ttarget {number} é")
    for rank in range(best):
        score = -2.0 + rank / 10
        lines.append(f"H-{number}\t{score}\tpie@@ ces {number} {rank}")
        if text:
            lines.append(f"D-{number}\t{score}\tpieces {number} {rank}")
        lines.append(f"P-{number}\t-0.5 -1.5 -2.0")
    return lines


def log(folder: Path, lines: list[str], name: str = "generate.txt") -> Path:
    path = folder / name
    head = ["2020-01-01 | INFO | fairseq_cli.generate | loading", "Namespace(beam=5)"]
    tail = ["Generate test with beam=5: BLEU4 = 1.00, 1.0/1.0/1.0/1.0 (BP=1.000)"]
    path.write_text("\n".join([*head, *lines, *tail]) + "\n", encoding="utf-8")
    return path


def shuffled(**how: int | bool) -> list[str]:
    numbers = [*range(SIZE)]
    random.Random(4).shuffle(numbers)
    return [line for number in numbers for line in block(number, **how)]  # type: ignore[arg-type]


def read(*paths: Path) -> Segments:
    source = open_texts([str(path) for path in paths], TextChoices())
    assert isinstance(source, TextSource)
    assert source.roles.format == "fairseq-generate log"
    return source.segments()


@pytest.mark.parametrize(("best", "text"), [(1, True), (3, True), (1, False), (4, False)])
def test_the_best_of_each_number_in_their_order(tmp_path: Path, best: int, text: bool) -> None:
    path = log(tmp_path, shuffled(best=best, text=text))
    segments = read(path)
    word = "pieces" if text else "pie@@ ces"
    assert list(segments.hypotheses) == [f"{word} {n} {best - 1}" for n in range(SIZE)]
    assert [list(c) for c in segments.references] == [[f"target {n} é" for n in range(SIZE)]]
    assert segments.ids == [str(n) for n in range(SIZE)]
    line = int(segments.place(7).rpartition(" ")[2])
    assert (
        path.read_text(encoding="utf-8")
        .split("\n")[line - 1]
        .startswith(f"{'D' if text else 'H'}-7\t")
    )


def test_references_may_be_a_file_in_the_order_of_the_numbers(tmp_path: Path) -> None:
    path = log(tmp_path, shuffled(target=False))
    refs = tmp_path / "ref.txt"
    refs.write_text("\n".join(f"wanted {n}" for n in range(SIZE)))
    assert list(read(path, refs).references[0]) == [f"wanted {n}" for n in range(SIZE)]


def test_blank_hypotheses_and_targets_are_kept(tmp_path: Path) -> None:
    some = ["T-1\t", "H-1\t-inf\t", "D-1\t-inf\t", "T-2\tx", "H-2\t-1e-05\t", "D-2\t0\t"]
    segments = read(log(tmp_path, [*block(0), *some]))
    assert list(segments.hypotheses) == ["pieces 0 0", "", ""]
    assert list(segments.references[0]) == ["target 0 é", "", "x"]


REFUSED = [
    ([*block(0, target=False), *block(1, target=False)], "has no T- lines"),
    ([*block(0), *block(1, target=False)], "1 id of .* without a reference in the T- lines: '1'"),
    ([*block(0), *block(1)[:2]], "1 id of the T- lines without a hypothesis .*: '1'"),
    ([*block(0), *block(1, text=False)], "1 hypotheses have no D- line: 'H-1'"),
    ([*block(0), "T-0\tother"], "T-0 is there twice, with other words"),
    ([*block(0), "H-1\ta b\tc"], "line 8: expected the score of a hypothesis, found 'a b'"),
]


@pytest.mark.parametrize(("lines", "told"), REFUSED)
def test_what_does_not_fit_together_is_refused(tmp_path: Path, lines: list[str], told: str) -> None:
    with pytest.raises(InputError, match=told):
        read(log(tmp_path, lines))


def test_references_that_the_numbers_do_not_count_are_refused(tmp_path: Path) -> None:
    refs = tmp_path / "ref.txt"
    refs.write_text("a\nb\n")
    with pytest.raises(InputError, match="they do not number the lines"):
        read(log(tmp_path, [*block(0), *block(5)]), refs)
