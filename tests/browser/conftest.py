"""A browser, and a page of every kind in a folder: made once for all tests of pages."""

from __future__ import annotations

import csv
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import run
from pages import SAMPLES
from playwright.sync_api import Browser, BrowserContext, sync_playwright


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; as root it needs to be told that there is no sandbox."""
    program = shutil.which("chromium")
    assert program, "there is no chromium: make test-browser installs it"
    flags = ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=flags)
        yield started
        started.close()


@pytest.fixture(scope="session")
def scripted(browser: Browser) -> BrowserContext:
    """Where pages may run their scripts."""
    return browser.new_context()


@pytest.fixture(scope="session")
def plain(browser: Browser) -> BrowserContext:
    """Where they may not."""
    return browser.new_context(java_script_enabled=False)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pages are, `classify.html` and so on, made by the command line."""
    place = tmp_path_factory.mktemp("pages")
    write_slices(place / "slices.csv")
    write_hostile(place / "hostile.csv")
    for name, line in SAMPLES.items():
        words = [word.format(place=place) for word in line]
        done = run(*words, "-q", "-o", str(place / f"{name}.html"))
        assert done.status in (0, 1), done.stderr
    return place


def write_slices(path: Path) -> None:
    """Scores of six countries, in one of which they are worse."""
    draw = random.Random(5)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["label", "score", "country"])
        for at in range(1200):
            country = ("DE", "FR", "JP", "日本", "BR", "United States of America")[at % 6]
            label = draw.random() < 0.4
            score = draw.betavariate(4, 2) if label else draw.betavariate(2, 4)
            score = draw.random() if country == "BR" else score
            writer.writerow([int(label), f"{score:.4f}", country])


def write_hostile(path: Path) -> None:
    """Labels that would be markup, if anybody let them."""
    labels = [
        "<script>document.title='pwned'</script>",
        "<img src=x onerror=\"document.title='pwned'\">",
        "</script></style></title><b>bold</b>",
        "{{ 7 * 7 }}",
        "\"onmouseover=\"document.title='pwned'",
        "&lt;tag&gt;",
    ]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["truth", "pred", "<i>group</i>"])
        for at in range(120):
            right = labels[at % 6]
            guess = right if at % 5 else labels[(at + 1) % 6]
            writer.writerow([right, guess, labels[at % 4]])
