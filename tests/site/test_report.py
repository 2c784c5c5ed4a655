"""The check as a page: what it says, what it shows, and that it needs nothing from elsewhere."""

import hashlib
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pytest
from pikepdf import String
from tiny_contents import print_book

from press import pipeline
from press.content.source import read_source
from press.problems import PressError
from press.proof import verdict
from press.site.pages import english
from press.site.report import report

ROOT = Path(__file__).resolve().parents[2]
LINES = (ROOT / "book" / "contents.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A tiny book, one whose bookmark and links are damaged, and their source."""
    folder = tmp_path_factory.mktemp("files")
    source = folder / "contents.txt"
    source.write_text("\n".join([LINES[0], *LINES[18:28], *LINES[-3:]]), encoding="utf-8")
    good = print_book(folder / "good.pdf", read_source(source))
    with pikepdf.open(good) as pdf:
        pdf.Root.Outlines.First.First.Next.Title = String("3.4.2 Something <else>")
        del pdf.pages[4]
        pdf.save(folder / "bad.pdf")
    return folder


def page_of(files, name):
    path = files / name
    return report(verdict.judge(path, files / "contents.txt"), path, f"a b/{name}", english(), pipeline.TEMPLATES)


class Elements(HTMLParser):
    """All elements of a page as (name, attributes), and its words."""

    def __init__(self, text):
        super().__init__()
        self.found, self.words = [], []
        self.feed(text)

    def handle_starttag(self, name, attributes):
        self.found.append((name, dict(attributes)))

    def handle_data(self, data):
        self.words.append(data)

    def all(self, name):
        return [attributes for found, attributes in self.found if found == name]


def test_a_good_book_has_a_page_without_red(files):
    text = page_of(files, "good.pdf")
    assert "✓ The book agrees with its source: all 10 entries, four ways, and all 10 pages." in text
    assert 'class="fault"' not in text and "✗" not in text and 'class="differs"' not in text
    for name in ("good.pdf", "contents.txt"):
        assert hashlib.sha256((files / name).read_bytes()).hexdigest() in text
    assert "What the answers say was not checked" in text


def test_each_line_has_its_pictures_and_leads_into_the_pdf(files):
    page = Elements(page_of(files, "good.pdf"))
    pictures = [image["alt"] for image in page.all("img")]
    assert len(pictures) == 20 and all(image["src"].startswith("data:image/png") for image in page.all("img"))
    assert "The line of 3.4.2 in the contents, cut from the PDF" in pictures
    # 3.4 is on page 106, the fourth of the file.
    targets = [link["href"] for link in page.all("a") if "#page=" in link["href"]]
    assert targets[0] == "a%20b/good.pdf#page=4" and targets[-1].endswith("#page=10") and len(targets) == 10


def test_what_differs_is_red_and_says_so_in_words(files):
    text = page_of(files, "bad.pdf")
    assert "✗ The book does not agree with its source" in text
    assert "page 107 is missing" in text
    assert '<div class="differs"><dt>Link</dt><dd><span class="fault">108 ✗ differs: leads to page 108' in text
    assert "Something &lt;else&gt;" in text and "Something <else>" not in text


def test_the_page_loads_nothing(files):
    page = Elements(page_of(files, "good.pdf"))
    assert [tag for tag in page.found if tag[0] in ("script", "iframe", "object", "embed")] == []
    links = [tag["href"] for tag in page.all("link")]
    assert links == ["data:,"]
    policy = next(tag["content"] for tag in page.all("meta") if tag.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'") and "url(" not in page_of(files, "good.pdf").replace("url(data:", "")


def test_the_same_files_give_the_same_page(files):
    assert page_of(files, "good.pdf") == page_of(files, "good.pdf")


def test_a_language_without_words_for_the_site(files):
    poor = english().model_copy(update={"site": {}, "language": "eo"})
    path = files / "good.pdf"
    with pytest.raises(PressError, match="the words of 'eo' lack those of `site`: "):
        report(verdict.judge(path, files / "contents.txt"), path, "good.pdf", poor, pipeline.TEMPLATES)


@pytest.mark.parametrize("name, status", [("good.pdf", 0), ("bad.pdf", 1)])
def test_the_command_writes_the_page_and_tells_the_verdict_by_its_status(files, tmp_path, name, status):
    made = subprocess.run(
        [sys.executable, "build.py", "check", "--pdf", files / name, "--source", files / "contents.txt"]
        + ["--html", tmp_path / "check.html", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert made.returncode == status, made.stderr
    assert f'"agrees": {"false" if status else "true"}' in made.stdout
    text = (tmp_path / "check.html").read_text(encoding="utf-8")
    assert f"{name}#page=4" in text and [path.name for path in tmp_path.iterdir()] == ["check.html"]


def test_all_words_of_the_site_are_used_and_no_other():
    templates = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates" / "site").glob("*.html"))
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "press" / "site").glob("*.py"))
    used = {*re.findall(r"\bsite\.(\w+)", templates), *re.findall(r'\bsite\["(\w+)"\]', code)}
    known, prefixes = set(english().site), tuple(re.findall(r'site\[f"(\w+_)\{', code))
    assert used - known == {"css"}  # site.css
    assert {name for name in known - used if not name.startswith(prefixes)} == set()
