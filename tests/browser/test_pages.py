"""Pages in a browser: every kind, wide and narrow, light and dark, with scripts and without."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from command import run
from pages import DATA, SAMPLES
from playwright.sync_api import BrowserContext, Page

WIDE, NARROW = 1280, 390
JENKINS = "sandbox; default-src 'none'; img-src 'self'; style-src 'self'"
every_page = pytest.mark.parametrize("name", SAMPLES)


class Watched:
    """A page, all that it said on the console, and whatever it asked for beside itself."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))


@contextmanager
def opened(within: BrowserContext, path: Path, scheme: Any = "light") -> Iterator[Watched]:
    """The page; it must neither complain nor ask for anything."""
    watched = Watched(within.new_page())
    watched.page.emulate_media(color_scheme=scheme)
    watched.page.set_viewport_size({"width": WIDE, "height": 900})
    watched.page.goto(path.as_uri())
    yield watched
    assert watched.said == []
    assert watched.requests == [path.as_uri()]
    watched.page.close()


@every_page
@pytest.mark.parametrize("scripts", ["scripted", "plain"])
def test_a_page_fits_its_window_and_asks_for_nothing(
    request: pytest.FixtureRequest, folder: Path, name: str, scripts: str
) -> None:
    with opened(request.getfixturevalue(scripts), folder / f"{name}.html") as watched:
        page = watched.page
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.locator("h1").count() == 1
            assert page.locator("h1").is_visible()
            assert page.locator("main section h2").count() >= 2
            # Playwright's own scripts run where the page's may not.
            inner = page.evaluate("document.documentElement.scrollWidth")
            assert inner == width, "the page is to be scrolled sideways"


class Attributes(HTMLParser):
    """Every attribute of a page, and the elements that could fetch something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.tags: set[str] = set()
        self.links: set[str | None] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}
        self.links |= {value for name, value in attrs if name == "href"}


@every_page
def test_nothing_is_to_be_fetched_and_nothing_else_may_run(folder: Path, name: str) -> None:
    text = (folder / f"{name}.html").read_text("utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    assert policy[1].startswith("default-src &#39;none&#39;")
    assert "unsafe" not in policy[1]
    found = Attributes(text)
    assert found.links == {"#main"}
    assert not found.names & {"src", "srcset", "style", "xlink:href", "action", "ping"}
    assert not {name for name in found.names if name.startswith("on")}
    assert not found.tags & {"link", "iframe", "img", "object", "embed", "base", "form", "use"}
    assert "url(" not in text
    assert "@import" not in text
    assert len(text.encode()) < 2_000_000


@every_page
def test_axe_finds_nothing_serious(scripted: BrowserContext, folder: Path, name: str) -> None:
    """In light colours every rule, in dark ones that of contrast."""
    with opened(scripted, folder / f"{name}.html") as watched:
        found = Axe().run(watched.page).response
        watched.page.emulate_media(color_scheme="dark")
        dark = Axe().run(watched.page, options={"runOnly": ["color-contrast"]}).response
        assert len(found["passes"]) > 10
        assert [rule["id"] for rule in dark["passes"]] == ["color-contrast"]
        both = (*found["violations"], *dark["violations"])
        grave = [rule for rule in both if rule["impact"] in ("serious", "critical")]
        assert not grave, json.dumps([(rule["id"], rule["nodes"][0]["html"]) for rule in grave])


@every_page
def test_headings_are_in_order_and_tables_and_charts_are_named(
    scripted: BrowserContext, folder: Path, name: str
) -> None:
    with opened(scripted, folder / f"{name}.html") as watched:
        page = watched.page
        levels = page.eval_on_selector_all(
            "h1,h2,h3", "found => found.map(one => Number(one.tagName[1]))"
        )
        assert levels[0] == 1
        assert all(b - a <= 1 for a, b in pairwise(levels))
        assert page.locator("table:not(:has(caption))").count() == 0
        assert page.locator("th:not([scope])").count() == 0
        assert page.locator("figure > svg:not([role=img])").count() == 0
        assert page.locator("figure > svg:not(:has(> title))").count() == 0
        assert page.locator("figure > svg:not(:has(> desc))").count() == 0
        assert page.locator("header, main, footer").count() == 3


def test_a_dark_page_is_dark_but_not_in_print(scripted: BrowserContext, folder: Path) -> None:
    def lightness(page: Page) -> float:
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        numbers = [int(n) for n in re.findall(r"\d+", colour)[:3]]
        return sum(numbers) / 765

    path = folder / "binary.html"
    with opened(scripted, path) as watched:
        assert lightness(watched.page) > 0.9
    with opened(scripted, path, "dark") as watched:
        assert lightness(watched.page) < 0.2
        watched.page.emulate_media(media="print")
        assert lightness(watched.page) == 1
        assert not watched.page.locator(".slider").is_visible()
        assert watched.page.pdf().startswith(b"%PDF")


@pytest.mark.parametrize("name", ["binary", "slices", "texts"])
def test_without_scripts_and_styles_all_numbers_are_there(
    scripted: BrowserContext, plain: BrowserContext, folder: Path, name: str
) -> None:
    """As Jenkins and mail show it: what a page says does not hang on what is forbidden there."""
    path = folder / f"{name}.html"

    def text_of(page: Page) -> str:
        return re.sub(r"\s+", " ", page.locator("main").inner_text())

    with opened(plain, path) as watched:
        without_scripts = text_of(watched.page)
    page = scripted.new_page()
    headers = {"content-type": "text/html", "content-security-policy": JENKINS}
    page.route("**/*", lambda route: route.fulfill(body=path.read_bytes(), headers=headers))
    page.goto("http://jenkins.test/report.html")
    assert page.evaluate("getComputedStyle(document.body).maxWidth") == "none"
    assert text_of(page) == without_scripts
    drawn = page.locator("figure > svg path").first
    assert drawn.get_attribute("stroke") or drawn.get_attribute("fill")
    for control in page.locator(".slider, .picker").all():
        assert not control.is_visible()
    page.close()


def cells_of(page: Page) -> tuple[dict[str, str], dict[str, str]]:
    """The metrics and the counts that the slider shows."""
    script = "found => Object.fromEntries(found.map(one => [one.dataset.{}, one.textContent]))"
    metrics = page.eval_on_selector_all("[data-metric]", script.format("metric"))
    counts = page.eval_on_selector_all("[data-count]", script.format("count"))
    return metrics, counts


@pytest.mark.parametrize("source", ["binary", "slices"])
def test_the_slider_gives_the_numbers_of_the_command(
    scripted: BrowserContext, folder: Path, source: str
) -> None:
    file = str(DATA / "cancer.csv") if source == "binary" else str(folder / "slices.csv")
    with opened(scripted, folder / f"{source}.html") as watched:
        page = watched.page
        last = int(page.get_attribute("#threshold", "max") or "")
        for place in sorted({0, 1, last // 7, last // 3, last // 2, 2 * last // 3, last - 1, last}):
            page.locator("#threshold").fill(str(place))
            threshold = page.locator(".slider output").inner_text()
            command = page.locator(".slider .notes code").inner_text()
            assert command.endswith(f"--threshold {threshold}")
            done = run("classify", file, "--threshold", threshold, "--json", "-q")
            report = json.loads(done.stdout)
            metrics, counts = cells_of(page)
            assert len(metrics) >= 8
            for name, text in metrics.items():
                value = report["metrics"][name]["value"]
                assert text == ("—" if value is None else f"{value:.4f}"), (threshold, name)
            assert counts == counts_of(report), threshold


def counts_of(report: dict[str, Any]) -> dict[str, str]:
    positive = report["signature"]["positive"]
    found = dict.fromkeys(("tp", "fp", "fn", "tn"), 0.0)
    for truth, guess, weight in report["confusion"]["cells"]:
        is_right = "t" if truth == guess else "f"
        found[is_right + ("p" if guess == positive else "n")] += weight
    return {name: f"{count:.0f}" for name, count in found.items()}


def test_the_slider_begins_with_the_report_and_moves_by_keys(
    scripted: BrowserContext, folder: Path
) -> None:
    done = run("classify", str(folder / "slices.csv"), "--threshold", "0.45", "--json", "-q")
    report = json.loads(done.stdout)
    with opened(scripted, folder / "slices.html") as watched:
        page = watched.page
        assert page.locator(".slider output").inner_text() == "0.45"
        before, counts = cells_of(page)
        assert counts == counts_of(report)
        page.locator("#threshold").focus()
        page.keyboard.press("End")
        after, counts = cells_of(page)
        assert after != before
        assert int(counts["tp"]) + int(counts["fp"]) <= 2
        page.keyboard.press("ArrowLeft")
        assert cells_of(page)[1] != counts


def test_numbers_are_rounded_as_in_python(scripted: BrowserContext, folder: Path) -> None:
    from mleval.rendering.numerals import number

    values = [0.03125, 0.09375, 0.00005, 0.000049, 1 / 3, 0.5, 1.0, 0.0, -0.25, -0.00625, 2 / 3]
    with opened(scripted, folder / "binary.html") as watched:
        shown = watched.page.evaluate("values => values.map(one => shown(one, 4))", values)
    assert shown == [number(value, 4) for value in values]


def test_tables_sort_by_mouse_by_keyboard_and_back(scripted: BrowserContext, folder: Path) -> None:
    with opened(scripted, folder / "multiclass.html") as watched:
        page = watched.page
        table = page.locator("table.sortable", has_text="Each class against the rest")
        head = table.locator("th[scope=col]", has_text="recall")
        column = head.evaluate("one => one.cellIndex")
        assert head.get_attribute("aria-sort") is None
        before = values_in(table, column)
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == "descending"
        assert values_in(table, column) == sorted(before, reverse=True)
        head.get_by_role("button").focus()
        page.keyboard.press("Enter")
        assert head.get_attribute("aria-sort") == "ascending"
        assert values_in(table, column) == sorted(before)
        page.keyboard.press("Space")
        assert head.get_attribute("aria-sort") is None
        assert values_in(table, column) == before


def values_in(table: Any, column: int) -> list[float]:
    script = "(rows, at) => rows.map(row => Number.parseFloat(row.cells[at].textContent))"
    return table.locator("tbody tr").evaluate_all(script, column)


def test_what_sums_up_slices_stays_below_them(scripted: BrowserContext, folder: Path) -> None:
    with opened(scripted, folder / "slices.html") as watched:
        table = watched.page.locator("table.sortable", has_text="largest difference")
        table.locator("th[scope=col]", has_text="rows").get_by_role("button").click()
        last = table.locator("tr").last.inner_text()
        assert last.startswith("lowest / highest")


def test_the_picker_shows_the_slice_beside_all_rows(scripted: BrowserContext, folder: Path) -> None:
    done = run("classify", str(folder / "slices.csv"), "--threshold", "0.45", "--by", "country",
               "--json", "-q")  # fmt: skip
    report = json.loads(done.stdout)
    slices = {row["name"]: row for row in report["slices"][0]["slices"]}
    with opened(scripted, folder / "slices.html") as watched:
        page = watched.page
        for name in ("BR", "日本"):
            page.get_by_label("Show the slice of country").select_option(label=name)
            line = page.locator(".picker tbody tr", has_text="roc_auc").inner_text().split("\t")
            assert line[1].startswith(f"{slices[name]['metrics']['roc_auc']['value']:.4f} [")
            assert line[2].startswith(f"{report['metrics']['roc_auc']['value']:.4f} [")
            far = slices[name]["differences"]["roc_auc"]
            assert line[3].startswith(f"{far['value']:+.4f} [")
            assert ("*" in line[3]) == far["differs"]
            assert page.locator(".picker p .q").inner_text() == f"{slices[name]['rows']} rows"


def test_every_control_is_reached_by_the_tab_key(scripted: BrowserContext, folder: Path) -> None:
    with opened(scripted, folder / "slices.html") as watched:
        page = watched.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        kinds = set()
        for _ in range(80):
            page.keyboard.press("Tab")
            kinds.add(page.evaluate("document.activeElement.tagName"))
        assert {"INPUT", "SELECT", "BUTTON"} <= kinds


def test_labels_are_text(scripted: BrowserContext, folder: Path) -> None:
    with opened(scripted, folder / "hostile.html") as watched:
        page = watched.page
        assert page.title().startswith("Multiclass classification")
        assert page.locator("main img, main i, main b:has-text('bold')").count() == 0
        assert page.locator("script").count() == 2 + page.locator(".picker").count() - 1
        text = page.locator("main").inner_text()
        for label in (
            "<script>document",
            "<img src=x",
            "</script></style>",
            "{{ 7 * 7 }}",
            "&lt;tag",
        ):
            assert label in text
        assert "<i>group</i>" in text
        page.locator(".picker select").select_option(index=1)
        assert page.locator(".picker tbody tr").count() >= 1


def test_the_policy_lets_no_other_script_run(scripted: BrowserContext, folder: Path) -> None:
    """A script that got into the page after all, and an image from elsewhere, are stopped."""
    text = (folder / "binary.html").read_text("utf-8")
    more = "<script>document.title='pwned'</script><img src='http://elsewhere.test/x.png'>"
    changed = folder / "changed.html"
    changed.write_text(text.replace("</body>", more + "</body>"), "utf-8")
    page = scripted.new_page()
    sent: list[str] = []
    page.on("requestfinished", lambda request: sent.append(request.url))
    page.goto(changed.as_uri())
    assert page.title().startswith("Binary classification")
    assert page.locator(".slider output").inner_text()
    assert not any("elsewhere" in url for url in sent)
    page.close()


def test_rows_are_shown_to_those_who_asked_for_them_alone(folder: Path) -> None:
    line = ["regress", str(DATA / "diabetes.csv"), "-q", "-o"]
    for more in ([], ["--worst", "3"]):
        path = folder / f"rows{len(more)}.html"
        assert run(*line, str(path), *more).status == 0
    without, asked = ((folder / f"rows{n}.html").read_text("utf-8") for n in (0, 2))
    assert not re.search(r">line \d+", without)
    assert "rows of the data are left out of a page" in without
    assert len(re.findall(r"<th[^>]*><span[^>]*>line \d+", asked)) == 3


def test_command_and_signature_are_on_the_page(scripted: BrowserContext, folder: Path) -> None:
    with opened(scripted, folder / "binary.html") as watched:
        text = watched.page.locator("main").inner_text()
        assert f"mleval classify {DATA / 'cancer.csv'} --gate 'f1 >= 0.7'" in text
        assert "sha256:" in text
        assert "score_scale" in text
        assert "1 passed · 1 failed" in text
        assert "truth=true_label" in text


def test_charts_are_drawn_where_they_are_said_to_be(scripted: BrowserContext, folder: Path) -> None:
    """The ROC curve begins at the lower left corner of its frame and ends at the upper right."""
    with opened(scripted, folder / "binary.html") as watched:
        line = watched.page.locator("figure", has_text="ROC curve").locator("svg[role=img] path.s0")
        box = line.bounding_box()
        frame = watched.page.locator("figure", has_text="ROC curve").locator("svg[role=img]")
        whole = frame.bounding_box()
        assert box
        assert whole
        assert box["width"] > 0.8 * whole["width"]
        assert box["height"] > 0.75 * whole["height"]
