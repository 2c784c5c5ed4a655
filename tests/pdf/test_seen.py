"""Pages look as they did when somebody found them good; where they differ, a picture shows it."""

import pikepdf
import pytest
import seen
from reading import MM

from press.pdf.records import read_back


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """The A4 file of a tiny book with wide figures on both sides."""
    return seen.make(tmp_path_factory.mktemp("seen"))


@pytest.fixture
def changed(path, tmp_path, monkeypatch):
    """Return a function that changes the page of a name and tells how many dots differ then."""

    def change(name, content, before=b""):
        monkeypatch.setattr(seen, "DIFFERENCES", tmp_path / "differences")
        with pikepdf.open(path) as pdf:
            page = pdf.pages[seen.SEEN[name]]
            page.contents_add(b"q " + before + b"\n", prepend=True)
            page.contents_add(b"\nQ " + content)
            pdf.save(tmp_path / "changed.pdf")
        return seen.differing(name, seen.look(tmp_path / "changed.pdf", name))

    return change


@pytest.mark.parametrize("name", seen.SEEN)
def test_a_page_looks_as_it_did(path, name):
    assert seen.differing(name, seen.look(path, name)) <= seen.MOST, seen.advice(name)


@pytest.mark.parametrize("name", seen.SEEN)
def test_a_shift_of_2_mm_is_seen(changed, tmp_path, name):
    assert changed(name, b"", b"1 0 0 1 %.2f 0 cm" % (2 * MM)) > seen.MOST
    assert (tmp_path / "differences" / f"{name}.png").is_file()


def test_a_missing_label_is_seen(path, changed):
    index = seen.SEEN["wide-left"]
    label = next(
        run
        for run in read_back(path).runs
        if run.page == index and run.text.startswith("Figure 1.2-2") and run.size < 9
    )
    bottom, right = 297 * MM - label.y - 3, min(label.right, label.x + 45)
    cover = b"1 g %.1f %.1f %.1f 12 re f" % (label.x, bottom, right - label.x)
    assert changed("wide-left", cover) > seen.MOST
