"""Two papers have the same content: what was judged on the one need not be judged on the other."""

from types import SimpleNamespace

import pikepdf
import pytest

from press.pdf.files import digest_but_boxes
from press.printing import FileKey
from press.proof import reading
from press.proof.rules import FinishedFile, Whole


def paper(width, content=b"q Q", alt="a curve"):
    """Return a PDF of one page with a tag."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(width, 800))
    page.obj.Contents = pdf.make_stream(content)
    pdf.Root.StructTreeRoot = pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.Figure, Alt=pikepdf.String(alt)))
    return pdf


def test_papers_are_told_from_other_contents_and_not_from_other_boxes():
    assert digest_but_boxes(paper(595)) == digest_but_boxes(paper(612))
    assert digest_but_boxes(paper(595)) != digest_but_boxes(paper(595, content=b"q  Q"))
    assert digest_but_boxes(paper(595)) != digest_but_boxes(paper(595, alt="a line"))


@pytest.mark.parametrize("content, times", [(b"q Q", 1), (b"Q q", 2)])
def test_a_second_paper_is_judged_where_its_content_is_another(monkeypatch, content, times):
    judged, tags = [], []
    monkeypatch.setattr(reading, "judge", lambda path, name: judged.append(name) or ([], ""))
    monkeypatch.setattr(reading, "proof_tags", lambda pdf, *rest: tags.append(pdf) or [])
    whole = Whole(SimpleNamespace())
    for key, pdf in ((FileKey("book", "a4"), paper(595)), (FileKey("book", "letter"), paper(612, content))):
        file = FinishedFile(whole, key, None, pdf, None)
        assert [*reading.judged(file), *reading.tags(file)] == []
    assert len(judged) == len(tags) == times
