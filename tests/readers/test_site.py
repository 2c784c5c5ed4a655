"""The site as its readers use it: Chromium at the width of a phone and of a desk, axe, no script, no network."""

import hashlib
import http.server
import json
import re
import shutil
import threading
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pikepdf
import pypdfium2
import pytest
from readers.programs import PDFJS, install, run

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: make test-readers does it")

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "dist" / "site"
AXE = "axe-core@4.14.1"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SIZES = {"phone": (390, 844), "desk": (1280, 900)}
# What the viewer says of itself: the page that it shows, and how many there are.
TOOLBAR = """() => {
  const bar = document.querySelector("pdf-viewer")?.shadowRoot?.querySelector("viewer-toolbar");
  return bar ? [bar.pageNo, bar.docLength] : null;
}"""
PAGES = ("index.html", "cards.html", "check.html", "check-letter.html")

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: make test-readers does it"),
    pytest.mark.skipif(not SITE.is_dir(), reason="dist/site is not there: make test-readers writes it"),
]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def home():
    """The site on this machine, as a server has it."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def chromium():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=SIZES)
def tab(chromium, request):
    """A window of one size; what it asks for and what goes wrong in it is noted."""
    width, height = SIZES[request.param]
    context = chromium.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
    tab = context.new_page()
    tab.asked, tab.wrong = [], []
    tab.on("request", lambda request: tab.asked.append(request.url))
    tab.on("pageerror", lambda error: tab.wrong.append(str(error)))
    tab.on("console", lambda told: tab.wrong.append(told.text) if told.type == "error" else None)
    yield tab
    assert tab.wrong == []
    context.close()


@pytest.fixture(scope="module")
def axe():
    """The source of axe, which looks for what keeps people out."""
    return (install("axe-core", AXE) / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(tab, home, axe, name):
    tab.goto(home + name)
    for details in tab.query_selector_all("details"):
        details.evaluate("element => { element.open = true }")
    tab.evaluate(axe)
    found = tab.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    assert [(rule["id"], [node["html"][:200] for node in rule["nodes"][:3]]) for rule in found] == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_window_and_nothing_comes_from_elsewhere(tab, home, name):
    tab.goto(home + name)
    assert tab.evaluate("document.documentElement.scrollWidth") <= tab.viewport_size["width"]
    assert all(url.startswith((home, "data:")) for url in tab.asked)
    assert tab.context.cookies() == []
    broken = "[...document.images].filter(image => image.complete && !image.naturalWidth).map(image => image.alt)"
    assert tab.evaluate(broken) == []


def test_the_book_arrives_as_it_was_made(tab, home):
    tab.goto(home)
    with tab.expect_download() as waiting:
        tab.click("a.get >> nth=0")
    arrived = hashlib.sha256(Path(waiting.value.path()).read_bytes()).hexdigest()
    assert arrived in tab.inner_text("#downloads ~ .downloads")
    assert f"{arrived}  {waiting.value.suggested_filename}\n" in (SITE / "files" / "SHA256SUMS").read_text()


def test_contents_links_lead_to_the_page_that_they_name(tab, home):
    tab.goto(home)
    lines = tab.query_selector_all(".contents li")
    for line in lines[:: max(len(lines) // 10, 1)]:  # the viewers below try them all
        link = line.query_selector("a")
        place = urlsplit(link.get_attribute("href"))
        number, title = line.query_selector(".title").inner_text().split(" ", 1)
        with_words = page_of(SITE / unquote(place.path), int(place.fragment.removeprefix("page=")))
        folio = re.search(r"p\.\s(\d+)", link.inner_text())[1]
        assert with_words["label"] == folio and number in with_words["text"].split()
        assert title.split()[0] in with_words["text"]


def targets():
    """Return (path, number of the page from 1, folio) of every line of the contents."""
    lines = re.findall(r'id="line-.*?href="([^"]+)#page=(\d+)">p. (\d+)<', (SITE / "index.html").read_text("utf-8"))
    return [(SITE / unquote(path), int(number), folio) for path, number, folio in lines]


def test_chromium_s_viewer_opens_every_page_that_the_contents_names(chromium, home):
    context = chromium.new_context()
    for path, number in sorted({(path, number) for path, number, _ in targets()}):
        tab = context.new_page()
        tab.goto(f"{home}files/{path.name}#page={number}")
        shown = None
        for _ in range(100):
            viewer = [frame for frame in tab.frames if frame.url.startswith("chrome-extension:")]
            shown = viewer[0].evaluate(TOOLBAR) if viewer else None
            if shown and shown[1] and shown[0] == number:
                break
            tab.wait_for_timeout(100)
        with pikepdf.open(path) as pdf:
            assert shown == [number, len(pdf.pages)]
        tab.close()
    context.close()


def test_pdfjs_calls_every_page_that_the_contents_names_by_its_number():
    install("pdfjs-dist", PDFJS)
    script = shutil.copy(Path(__file__).with_name("outline.mjs"), ROOT / "build" / "readers")
    path = targets()[0][0]
    labels = json.loads(run("node", script, path).stdout.splitlines()[-1])["labels"]
    assert [labels[number - 1] for _, number, _ in targets()] == [folio for *_, folio in targets()]


def page_of(path, number):
    """Return label and text of a page by its number from 1, as PDFium has it, which is Chromium's viewer."""
    document = pypdfium2.PdfDocument(path)
    try:
        text = document[number - 1].get_textpage().get_text_range()
        return {"label": document.get_page_label(number - 1), "text": text}
    finally:
        document.close()


def test_the_search_finds_questions_keys_and_glossary(tab, home):
    tab.goto(home)
    index = json.loads(tab.inner_text("#index") or tab.evaluate("document.getElementById('index').textContent"))
    line = next(row for row in index if row[2].startswith("cards.html#card-") and row[1])
    term = next(row for row in index if row[2].startswith("cards.html#term-"))
    for wanted in (line[0], " ".join(line[1].split()[:4]), term[0]):
        tab.fill("#query", wanted)
        assert "found" in tab.inner_text("#status")
        assert tab.query_selector_all("#found a")
    tab.fill("#query", "zzzz")
    assert tab.inner_text("#status") == "Nothing found" and not tab.query_selector_all("#found a")
    tab.fill("#query", line[0])
    tab.click("#found a >> nth=0")
    assert tab.url.endswith(line[2])


def test_without_a_script_all_is_there_but_the_search(chromium, home):
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(home)
    assert not tab.is_visible("#search") and tab.is_visible(".contents li") and tab.is_visible("noscript a")
    context.close()


def test_from_a_disk_without_a_server_it_is_the_same(tab):
    tab.goto((SITE / "index.html").as_uri())
    tab.fill("#query", "a")
    tab.fill("#query", "ne")
    assert "found" in tab.inner_text("#status").lower()
    assert all(url.startswith("file:") or url.startswith("data:") for url in tab.asked)


def test_by_the_keyboard_one_reaches_the_text_and_the_search(tab, home):
    tab.goto(home)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/#main")  # the browser follows a moment later


def test_the_report_shows_every_entry_with_pictures_and_says_that_all_agree(tab, home):
    tab.goto(home + "check.html")
    assert tab.inner_text(".verdict").startswith("✓") and not tab.query_selector_all(".fault")
    rows = tab.query_selector_all(".rows li")
    assert len(rows) == len(tab.context.request.get(home).text().split('id="line-')) - 1
    assert all(len(row.query_selector_all("img")) == 2 for row in rows)


def test_printed_on_paper_it_keeps_its_words(chromium, home, tmp_path):
    tab = chromium.new_page()
    tab.goto(home + "check.html")
    (tmp_path / "check.pdf").write_bytes(tab.pdf(format="A4"))
    tab.close()
    text = run("pdftotext", tmp_path / "check.pdf", "-").stdout
    assert "SHA-256" in text and text.count("In the source") > 3
