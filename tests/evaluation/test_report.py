import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evaluation.comparison import OURS
from evaluation.report import render
from evaluation.results import Results
from evaluation.wording import MODELS


@pytest.fixture(scope="session")
def foreseen_page(foreseen: Results) -> str:
    return render(foreseen)


@pytest.fixture(scope="session")
def page(backtested: Path) -> str:
    return (backtested / "index.html").read_text(encoding="utf-8")


class Outline(HTMLParser):
    """The tags that are open, and what the headings and the first cells of the rows say."""

    VOID = frozenset({"meta", "path", "use", "br", "link"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[tuple[str, str]] = []

    def handle_starttag(self, tag, attrs) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        if data.strip() and self.open:
            self.words.append((self.open[-1], data.strip()))


def outline(page: str) -> Outline:
    reader = Outline()
    reader.feed(page)
    return reader


def test_the_page_is_whole(page: str) -> None:
    assert outline(page).open == []


def test_the_page_has_a_section_for_every_target_and_for_the_method(page: str) -> None:
    headings = [words for tag, words in outline(page).words if tag in {"h1", "h2"}]
    assert headings == [
        "The shop",
        "Lifetime value",
        "Conversion",
        "Churn",
        "How sure the money is",
        "Tiers and cohorts",
        "What the predictions rest on",
        "Other moments",
        "How this was measured",
    ]


def test_every_target_has_its_plots_and_how_to_read_them(page: str) -> None:
    for name in ("lifetime_value", "conversion", "churn"):
        (section,) = re.findall(rf'<section id="{name}">(.*?)</section>', page, re.DOTALL)
        figures = re.findall(r"<figure>(<svg.*?</svg>)<figcaption>([^<]+)</figcaption>", section, re.DOTALL)
        assert len(figures) == 4
        assert all(len(reading) > 80 for _, reading in figures)


def test_with_ranges_and_horizons_the_page_tells_of_them(foreseen_page: str) -> None:
    read = outline(foreseen_page)
    assert read.open == []
    headings = [words for tag, words in read.words if tag == "h2"]
    assert {"How sure the money is", "Other horizons"} <= set(headings)
    assert {"Most likely to buy", "Who did buy", "30 days", "60 days"} <= {words for _, words in read.words}
    assert "inside their 90\u00a0% interval" in foreseen_page


def test_every_link_of_the_page_leads_somewhere(page: str, foreseen_page: str) -> None:
    for told in (page, foreseen_page):
        targets = set(re.findall(r'<a href="#(\w+)"', told))
        assert targets <= set(re.findall(r'<section id="(\w+)"', told))
        assert len(targets) >= 7


def test_drivers_are_told_in_both_languages(page: str) -> None:
    (section,) = re.findall(r'<section id="drivers">(.*?)</section>', page, re.DOTALL)
    assert len(re.findall(r'<small lang="zh">[^<]*[\u4e00-\u9fff]', section)) >= 15
    assert "nothing here says that one thing causes another" in section


def test_the_page_stays_light(page: str, foreseen_page: str) -> None:
    assert len(page) < 500_000
    assert len(foreseen_page) < 600_000


def test_every_model_stands_in_its_tables_with_directions(page: str) -> None:
    rows = [words for tag, words in outline(page).words if tag == "th"]
    assert set(MODELS.values()) <= set(rows)
    assert page.count('class="ours"') == 6
    assert {"higher is better", "lower is better", "1 is best"} <= {words for _, words in outline(page).words}
    assert MODELS[OURS] == "Tierwise"


def test_the_grade_is_told_with_its_interval(page: str) -> None:
    assert re.search(r"<b>[ABC]</b>", page)
    assert re.search(r"95 % interval [+-][\d.]+ to [+-][\d.]+ %", page)


def test_the_page_needs_nothing_from_elsewhere(page: str) -> None:
    assert not re.findall(r"<(script|link|img|iframe)\b", page)
    addresses = set(re.findall(r"https?://[^\"' ]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_the_page_knows_light_dark_and_paper(page: str) -> None:
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_ids_are_unique(page: str) -> None:
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_plotting_is_imported_only_where_a_page_is_drawn() -> None:
    code = "import sys, evaluation.__main__; print('matplotlib' in sys.modules or 'jinja2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
