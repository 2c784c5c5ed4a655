"""The list of references, as it is printed from a BibTeX file."""

import re

import pytest
from reading import WORDS

from press.content.works import read_references
from press.problems import Problems

BIB = r"""
@inproceedings{asked,
  author = {Asker, Ann and Other, Bo}, title = {What Is {ReLU}'(0)?}, year = {2021},
  booktitle = {Advances in Asking}, volume = {34}, pages = {1--9}, eprint = {2101.00001}
}
@article{rate,
  author = {N{\"u}ll, Kim}, title = {A Rate of $O(1/k^2)$}, year = {1983},
  journal = {Journal of Rates}, volume = {2}, number = {3}, pages = {4--5}, doi = {10.1000/182}
}
@inproceedings{numbered,
  author = {A, B and C, D and E, F and G, H and I, J and K, L and M, N}, title = {Many}, year = {2019},
  booktitle = {Proceedings of the 36th Meeting}, series = {Proceedings}, volume = {97}, pages = {7--8}
}
"""


class Use:
    """A citation as `texts` collects it."""

    def __init__(self, target):
        self.target, self.place = target, None


@pytest.fixture
def works(tmp_path):
    path = tmp_path / "references.bib"
    path.write_text(BIB, encoding="utf-8")
    return read_references(path, [Use(key) for key in ("asked", "rate", "numbered")], WORDS, Problems())


@pytest.mark.parametrize(
    "key, printed",
    [
        ("asked", "Asker, A. & Other, B. (2021). What Is ReLU′(0)? Advances in Asking 34, 1–9. arXiv:2101.00001"),
        ("rate", "Nüll, K. (1983). A Rate of O(1/k²). Journal of Rates 2(3), 4–5. doi:10.1000/182"),
        ("numbered", "A, B., C, D., E, F., G, H., et al. (2019). Many. Proceedings of the 36th Meeting, 7–8."),
    ],
)
def test_a_work_is_printed_in_full(works, key, printed):
    assert re.sub(r"<[^>]+>", "", works[key].html).strip().replace("&amp;", "&") == printed


def test_works_are_numbered_as_they_are_listed_and_short_in_the_margin(works):
    listed = sorted(works.values())
    assert [work.number for work in listed] == [1, 2, 3]
    assert [work.short for work in listed] == ["A et al. 2019", "Asker & Other 2021", "Nüll 1983"]


@pytest.mark.parametrize("number, told", [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (22, "22nd")])
def test_ordinals(number, told):
    assert WORDS.ordinal(number) == told
