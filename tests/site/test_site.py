"""The site of a tiny book: whole or not at all, the same twice, every link leads somewhere, nothing from elsewhere."""

import base64
import filecmp
import hashlib
import json
import re
import shutil
from html.parser import HTMLParser
from urllib.parse import unquote

import pikepdf
import pytest
from conftest import BOOKS, ROOT

from press import pipeline
from press.content.citation import read_citation
from press.pdf.records import read_back
from press.problems import PressError, Problems
from press.site import publishing
from press.site.changes import read_changes
from press.site.downloads import size_of

CHANGES = """# Changelog

## 1.1.0

- A **new** answer.

### Errata of 1.0.0

| where | was false |
|---|---|
| 1.1 | <script>everything</script> |

## 1.0.0

- The first.

## 0.9

- Long ago.
"""
CITATION = """cff-version: 1.2.0
title: "A Tiny Book: for one test"
authors:
  - family-names: Peano
    given-names: Giuseppe
  - name: The Tiny Press
version: 1.1.0
date-released: 2026-01-31
url: https://example.org/tiny
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with a tiny book that is made for both papers, its changelog and its citation."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(BOOKS / "base", home / "book")
    shutil.copytree(BOOKS / "parts", home / "book", dirs_exist_ok=True)
    first = home / "book" / "1.1.yaml"
    text = first.read_text(encoding="utf-8")
    text = text.replace("is computed.", "is computed, by [](tool:sum), see [](further:1.1.1).")
    text = text.replace(
        "text: The number one.", "text: The number one, $x_1$, as in [](1.1.2) [@peano1889arithmetices]."
    )
    first.write_text(text.replace("tex: 1 = 1", r"tex: x_1 = \frac{1}{n}"), encoding="utf-8")
    (home / "CHANGELOG.md").write_text(CHANGES, encoding="utf-8")
    (home / "CITATION.cff").write_text(CITATION, encoding="utf-8")
    pipeline.make(home / "book", home / "dist", ("a4", "letter"), False, pipeline.Build())
    return home


@pytest.fixture(scope="module")
def site(home):
    return publishing.make(home / "book", home / "dist", pipeline.Build())


class Page(HTMLParser):
    """The elements of a page, its anchors and its words."""

    def __init__(self, path):
        super().__init__()
        self.text = path.read_text(encoding="utf-8")
        self.found, self.words = [], ""
        self.feed(self.text)
        self.ids = {attributes["id"] for _, attributes in self.found if "id" in attributes}

    def handle_starttag(self, name, attributes):
        self.found.append((name, dict(attributes)))

    def handle_data(self, data):
        self.words += data

    def values(self, name, key):
        return [attributes[key] for found, attributes in self.found if found == name and key in attributes]


def pages(site):
    return {path.name: Page(path) for path in sorted(site.glob("*.html"))}


def test_it_is_there_beside_the_files(site, home):
    assert site == home / "dist" / "site"
    assert sorted(pages(site)) == ["cards.html", "check-letter.html", "check.html", "index.html"]
    assert {path.name for path in home.iterdir()} == {"book", "dist", "CHANGELOG.md", "CITATION.cff"}


def test_every_link_leads_somewhere(site):
    known = pages(site)
    for name, page in known.items():
        for address in page.values("a", "href") + page.values("img", "src"):
            if address.startswith(("data:", "https://")):
                continue
            path, _, anchor = address.partition("#")
            there = site / unquote(path) if path else site / name
            assert there.is_file(), address
            if anchor.startswith("page="):
                with pikepdf.open(there) as pdf:
                    assert 1 <= int(anchor.removeprefix("page=")) <= len(pdf.pages)
            elif anchor:
                assert anchor in known[there.name].ids, address


def test_nothing_comes_from_elsewhere(site):
    for page in pages(site).values():
        assert [address for address in page.values("link", "href")] == ["data:,"]
        assert page.values("script", "src") == page.values("iframe", "src") == []
        assert all(source.startswith(("data:", "pages/")) for source in page.values("img", "src"))
        assert "cookie" not in page.text.replace("no cookies", "") and "url(" not in page.text
    policy = pages(site)["index.html"].values("meta", "content")[0]
    code = (ROOT / "templates" / "site" / "search.js").read_bytes()
    assert f"script-src 'sha256-{base64.b64encode(hashlib.sha256(code).digest()).decode()}'" in policy
    assert f"<script>{code.decode()}</script>" in pages(site)["index.html"].text


def test_each_line_of_the_contents_leads_to_its_page_and_its_card(site):
    page = pages(site)["index.html"]
    labels = [sheet.label for sheet in read_back(site / "files" / "tiny-a4.pdf").pages]
    lines = re.findall(r'id="line-([\d.]+)".*?#page=(\d+)">p. (\d+)<(.*?)</li>', page.text)
    assert [(number, folio) for number, _, folio, _ in lines] == [
        ("1.1", "10"), ("1.1.1", "10"), ("1.1.2", "12"), ("1.2", "13")
    ]  # fmt: skip
    assert [labels[int(place) - 1] for _, place, _, _ in lines] == ["10", "10", "12", "13"]
    assert ["card-" in rest for *_, rest in lines] == [False, True, True, True]


def test_each_card_has_its_answer_its_formula_and_its_sheet(site):
    page = pages(site)["cards.html"]
    assert {"card-1.1.1", "card-1.1.2", "card-1.2", "term-unit"} <= page.ids
    assert "What is the number one?" in page.words and "One is the unit." in page.words
    assert 'alt="x sub 1' in page.text and "vector:" not in page.text and "\ue000" not in page.text
    assert page.text.count("files/tiny-cards-a4.pdf#page=1") == 3
    assert "peano" not in page.text.lower() and "<a></a>" not in page.text


def test_downloads_tell_size_pages_date_and_checksum(site):
    page = pages(site)["index.html"]
    sums = dict(
        reversed(line.split("  ")) for line in (site / "files" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    )
    assert set(sums) == {path.name for path in (site / "files").iterdir()} - {"SHA256SUMS"} and len(sums) == 7
    for name, digest in sums.items():
        content = (site / "files" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest and digest in page.text
        assert size_of(len(content)) in page.words
    assert "January 31, 2026" in page.words and "3 cards" in page.words and "one page" in page.words
    assert (size_of(3_400_000), size_of(159_900), size_of(10)) == ("3.4 MB", "160 kB", "1 kB")


def test_the_search_knows_questions_keys_and_glossary(site):
    rows = json.loads(re.search(r'id="index">(.*?)</script>', pages(site)["index.html"].text)[1])
    assert rows[2][:3] == ["1.1.2 What is two?", "Two is a pair.", "cards.html#card-1.1.2"]
    unit = next(row for row in rows if row[0] == "unit")
    assert unit[1].startswith("The number one, x sub 1") and unit[2] == "cards.html#term-unit"


def test_news_errata_and_citation(site):
    page = pages(site)["index.html"]
    assert "A new answer." in page.words and "The first." in page.words and "Long ago" not in page.words
    news, _, errata = page.text.partition('<h2 id="errata">')
    assert "Errata of 1.0.0" in errata and "Errata of 1.0.0" not in news
    assert "<script>everything" not in page.text
    assert "Giuseppe Peano, The Tiny Press" in page.words and "{A Tiny Book: for one test}" in page.words
    assert "Peano, Giuseppe and {The Tiny Press}" in page.words and "https://example.org/tiny" in page.words


def test_the_same_files_give_the_same_site(site, home, tmp_path):
    before = shutil.copytree(site, tmp_path / "before")
    after = publishing.make(home / "book", home / "dist", pipeline.Build())
    compared = filecmp.dircmp(before, after)
    assert not (compared.left_only or compared.right_only)
    files = [path.relative_to(before) for path in before.rglob("*") if path.is_file()]
    assert filecmp.cmpfiles(before, after, files, shallow=False)[1:] == ([], []) and len(files) > 10


def test_what_stops_in_the_middle_leaves_the_old_site(site, home, monkeypatch):
    monkeypatch.setattr(publishing, "report", lambda *_: 1 / 0)
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*")}
    with pytest.raises(ZeroDivisionError):
        publishing.make(home / "book", home / "dist", pipeline.Build())
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*")} == before
    assert [path for path in home.rglob("*.part")] == []


def test_files_that_do_not_agree_have_no_site(home, tmp_path):
    out = shutil.copytree(home / "dist", tmp_path / "dist", ignore=shutil.ignore_patterns("site"))
    with pikepdf.open(out / "tiny-letter.pdf", allow_overwriting_input=True) as pdf:
        del pdf.pages[-1]
        pdf.save(out / "tiny-letter.pdf")
    told = r"tags speak of one page .*\n(.*\n)*the files do not agree, so there is no site"
    with pytest.raises(PressError, match=told):
        publishing.make(home / "book", out, pipeline.Build())
    assert not (out / "site").exists()


def test_without_the_book_there_is_no_site(home, tmp_path):
    with pytest.raises(PressError, match=r"has no tiny-a4\.pdf: make the book first"):
        publishing.make(home / "book", tmp_path, pipeline.Build())


def test_a_changelog_and_a_citation_that_are_not_there(tmp_path):
    assert read_changes(tmp_path / "CHANGELOG.md") == ("", "")
    assert read_citation(tmp_path / "CITATION.cff", Problems()) is None


def test_a_citation_that_lacks_its_date_is_told_at_its_file(tmp_path):
    file = tmp_path / "CITATION.cff"
    file.write_text(CITATION.replace("date-released: 2026-01-31\n", ""), encoding="utf-8")
    problems = Problems()
    assert read_citation(file, problems) is None
    assert len(problems.found) == 1 and "date-released" in str(problems.found[0])
