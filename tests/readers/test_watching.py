"""The page of `build.py watch` in a browser, as an author has it: beside the editor, all the time."""

import shutil
import threading

import pytest

from press import pipeline, preview, watch
from press.laying import TEMPLATES

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: make test-readers does it")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
OLD = "So it answers itself."
LONG = 60_000  # milliseconds: a machine may be busy

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: make test-readers does it")


@pytest.fixture
def tab(tiny_with_parts, tmp_path, monkeypatch):
    """A window on a book that is watched; the whole book is not made behind it."""
    (tmp_path / "cache").mkdir()
    for name in ("figures", "formulas"):
        (tmp_path / "cache" / name).symlink_to((pipeline.CACHE / name).resolve(), target_is_directory=True)
    monkeypatch.setattr(pipeline, "CACHE", tmp_path / "cache")
    monkeypatch.setattr("press.whole.QUIET", 3600)
    preview.FONTS.clear()
    tiny_with_parts.make()
    stop, opened, address = threading.Event(), threading.Event(), []
    told = (tiny_with_parts.folder, tiny_with_parts.out, lambda line: None)
    thread = threading.Thread(target=watch.run, args=(*told, lambda at: (address.append(at), opened.set()), stop))
    thread.start()
    try:
        assert opened.wait(60)
        with sync_api.sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            tab = browser.new_page(viewport={"width": 1280, "height": 800})
            tab.set_default_timeout(LONG)
            tab.wrong = []
            tab.on("pageerror", lambda error: tab.wrong.append(f"{error}"))
            tab.goto(address[0])
            tab.wait_for_function("document.querySelectorAll('figure').length > 8")
            tab.wait_for_function("byId('status').textContent.startsWith('the whole book')")
            yield tab
            assert tab.wrong == []
            browser.close()
    finally:
        stop.set()
        thread.join(10)


def picture(tab, label):
    """Return the address of the picture of a page, "" where none is shown yet."""
    return tab.evaluate("label => byId('page-' + label).querySelector('img').getAttribute('src') || ''", label)


def wait_for_picture(tab, label, before):
    """Wait until a page has another picture, wholly there."""
    tab.wait_for_function(
        """([label, before]) => {
          const image = byId('page-' + label).querySelector('img');
          return image.getAttribute('src') !== before && image.complete && image.naturalWidth > 0;
        }""",
        arg=[label, before],
    )


def top_of(tab, label):
    """Return where a page begins in the window."""
    return tab.evaluate("label => byId('page-' + label).getBoundingClientRect().top", label)


def see(tab, label):
    """Bring a page into the window, and wait for its picture."""
    tab.evaluate("label => byId('page-' + label).scrollIntoView()", label)
    wait_for_picture(tab, label, "")


def test_the_edited_page_comes_and_the_window_goes_to_it(tab, tiny_with_parts):
    before = picture(tab, "13")
    tab.evaluate("scrollTo(0, 0)")
    assert top_of(tab, "13") > 800
    tiny_with_parts.replace("1.2.yaml", OLD, f"{OLD} Truly.")
    wait_for_picture(tab, "13", before)
    tab.wait_for_function("byId('page-13').getBoundingClientRect().top < 740")
    assert tab.locator("#page-13.edited").count() == 1 and tab.locator("figure.edited").count() == 1
    assert tab.locator(".span.edited").inner_text().startswith("13")
    assert "made in" in tab.locator("#status").inner_text()


def test_place_and_zoom_stay_when_pages_change(tab, tiny_with_parts):
    tab.locator("#zoom").fill("1.6")
    tab.locator("#jump").uncheck()
    see(tab, "11")
    tab.evaluate("scrollBy(0, 150)")
    place, width, before = top_of(tab, "11"), tab.locator("#page-11").bounding_box()["width"], picture(tab, "10")
    tiny_with_parts.replace("1.1.yaml", "One is the **unit**", "Now one is the **unit**")
    tab.wait_for_function("byId('page-10').classList.contains('edited')")
    wait_for_picture(tab, "10", before)
    assert abs(top_of(tab, "11") - place) < 2
    assert abs(tab.locator("#page-11").bounding_box()["width"] - width) < 1
    tab.reload()
    tab.wait_for_function("document.querySelectorAll('figure').length > 8")
    assert tab.locator("#zoom").input_value() == "1.6"
    assert abs(tab.locator("#page-11").bounding_box()["width"] - width) < 1


def test_the_fill_of_each_span_and_the_free_margin_are_told(tab):
    spans = tab.locator(".span")
    told = [spans.nth(index).inner_text() for index in range(spans.count())]
    assert [line.split("\n")[0].split()[0] for line in told] == ["10–11", "12", "13–on"]
    assert all("% full" in line and "margin free" in line and "%" in line.split("margin free")[1] for line in told)
    for index, line in enumerate(told):
        full, bar = (spans.nth(index).locator(name).bounding_box()["width"] for name in ("i", ".bar"))
        share = int(line.split("\n")[-1].split(" %")[0])
        assert abs(100 * full / bar - min(share, 100)) < 1.5


def test_a_fault_stands_where_the_page_was_and_the_last_good_one_stays(tab, tiny_with_parts):
    see(tab, "13")
    before = picture(tab, "13")
    tiny_with_parts.replace("1.2.yaml", OLD, f"{OLD} See [](9.9).")
    box = tab.locator("#page-13.old .problems")
    box.wait_for()
    assert "9.9" in box.inner_text() and "1.2.yaml" in box.inner_text()
    assert picture(tab, "13") == before and tab.locator("#page-13 img").is_visible()
    tiny_with_parts.replace("1.2.yaml", " See [](9.9).", " Mended.")
    wait_for_picture(tab, "13", before)
    assert tab.locator(".problems").count() == 0 and tab.locator("figure.old").count() == 0


def test_what_is_no_longer_yaml_is_told_too(tab, tiny_with_parts):
    see(tab, "13")
    (tiny_with_parts.folder / "1.2.yaml").write_text("number: [", encoding="utf-8")
    tab.locator(".problems").first.wait_for()
    assert "1.2.yaml" in tab.locator(".problems").first.inner_text()
    assert tab.locator("#page-13 img").is_visible()


def test_a_saved_drawing_brings_the_pages_that_show_it(tab, tiny_with_parts):
    tiny_with_parts.replace("figures/numbers.py", "plt.subplots(", "plt.subplots(facecolor='white', ")
    tab.wait_for_function("document.querySelectorAll('figure.edited').length > 0")
    shown = [page.get_attribute("data-label") for page in tab.locator("figure.edited").all()]
    assert shown == ["10", "11"]


def test_a_saved_card_brings_the_pages_of_the_experiments(tab, tiny_with_parts):
    tiny_with_parts.replace("figures/training.py", "numbers, invented", "numbers, made up")
    tab.wait_for_function("document.querySelectorAll('figure.edited').length > 0")
    label = tab.locator("figure.edited").first.get_attribute("data-label")
    assert int(label) > 13


def test_a_saved_style_makes_the_whole_book(tab, monkeypatch):
    see(tab, "13")
    monkeypatch.setattr("press.whole.QUIET", 0.1)
    before, style = picture(tab, "13"), TEMPLATES / "book.css"
    style.write_bytes(style.read_bytes())
    tab.wait_for_function("byId('status').textContent.includes('is being made')")
    assert picture(tab, "13") == before
    tab.wait_for_function("byId('status').textContent.includes('agrees with its tree')")
    wait_for_picture(tab, "13", before)
