r"""BibTeX as Zotero, DBLP, publishers and HAL export it: printed in full, or told at its line."""

import re
from html import unescape
from types import SimpleNamespace

import pytest
from reading import WORDS

from press.content.works import read_references
from press.problems import Place, Problems


def listed(folder, bib, *keys):
    """Return (lines of the list by key, faults as lines) for a BibTeX file."""
    path = folder / "references.bib"
    path.write_text(bib, encoding="utf-8")
    problems = Problems()
    keys = keys or re.findall(r"@(?!string|comment)\w+\{([^,\s]+),", bib, re.I)
    uses = [SimpleNamespace(target=key, place=Place(folder / "1.1.yaml", 9)) for key in keys]
    works = read_references(path, uses, WORDS, problems)
    lines = {key: unescape(re.sub(r"<[^>]+>", "", work.html)).strip() for key, work in works.items()}
    return lines, [str(problem).replace(f"{folder}/", "") for problem in problems.found]


WHO = "author = {Doe, Jane}, title = {A Title}, year = {2020}"

PRINTED = {
    # Fields.
    "edition": (f"@book{{k, {WHO}, publisher = {{MIT Press}}, edition = {{2}}}}", "Doe, J. (2020). A Title (2nd ed.). MIT Press."),
    "edition in words": (f"@book{{k, {WHO}, publisher = {{P}}, edition = {{Third edition}}}}", "A Title (third ed.). P."),
    "volume of a book": (f"@book{{k, {WHO}, publisher = {{P}}, volume = {{3}}}}", "A Title. Volume 3. P."),
    "series of a book": (f"@book{{k, {WHO}, publisher = {{P}}, series = {{LNCS}}, volume = {{7700}}}}", "A Title. LNCS 7700. P."),
    "editor of a part": (
        f"@incollection{{k, {WHO}, booktitle = {{A Book}}, editor = {{Roe, Rob}}, publisher = {{Springer}}, pages = {{1-9}}}}",
        "A Title. In Roe, R. (ed.), A Book, 1–9. Springer.",
    ),
    "chapter of a book": (f"@inbook{{k, {WHO}, booktitle = {{B}}, chapter = {{4}}, publisher = {{P}}}}", "B, chapter 4. P."),
    "technical report": (
        f"@techreport{{k, {WHO}, institution = {{University of Toronto}}, number = {{TR-2009}}}}",
        "A Title. Technical report TR-2009, University of Toronto.",
    ),
    "doctoral thesis": (f"@phdthesis{{k, {WHO}, school = {{TU Wien}}}}", "A Title. PhD thesis, TU Wien."),
    "thesis of biblatex": (f"@thesis{{k, {WHO}, type = {{PhD thesis}}, institution = {{ENS}}}}", "A Title. PhD thesis, ENS."),
    "howpublished": (f"@misc{{k, {WHO}, howpublished = {{Blog post, example.org}}}}", "A Title. Blog post, example.org."),
    "howpublished with an address": (
        f"@misc{{k, {WHO}, howpublished = {{Published at \\url{{https://oeis.org}}}}, url = {{https://oeis.org}}}}",
        "A Title. Published at https://oeis.org.",
    ),
    "howpublished that the eprint says": (
        f"@misc{{k, {WHO}, howpublished = {{arXiv preprint arXiv:1412.6980}}, eprint = {{1412.6980}}}}",
        "A Title. arXiv:1412.6980",
    ),
    "note": (f"@misc{{k, {WHO}, note = {{Version 3}}}}", "A Title. Version 3."),
    "note of Zotero": (f"@misc{{k, {WHO}, note = {{arXiv:1412.6980 [cs]}}, eprint = {{1412.6980}}}}", "A Title. arXiv:1412.6980"),
    "volume that the title of the book has in other digits": (
        f"@inproceedings{{k, {WHO}, booktitle = {{The 31st Meeting}}, volume = {{3}}}}",
        "A Title. The 31st Meeting 3.",
    ),
    "stop of a title": (f"@misc{{k, {WHO.replace('A Title', 'Growing.')}}}", "Doe, J. (2020). Growing."),
    "issue": (f"@article{{k, {WHO}, journal = {{J}}, volume = {{1}}, number = {{2}}, pages = {{3--4}}}}", "A Title. J 1(2), 3–4."),
    "number of an article": (f"@article{{k, {WHO}, journal = {{J}}, volume = {{1}}, eid = {{e17}}}}", "A Title. J 1, e17."),
    "biblatex": (
        "@article{k, author = {Doe, Jane}, title = {A Title}, date = {2017-05-02}, journaltitle = {J}, volume = {1}}",
        "Doe, J. (2017). A Title. J 1.",
    ),
    "organization for an author": (
        "@manual{k, organization = {The Group}, title = {A Guide}, year = {2020}}",
        "The Group (2020). A Guide.",
    ),
    "proceedings by their editors": (
        "@proceedings{k, editor = {Roe, Rob and Poe, P.}, title = {All}, year = {2001}, publisher = {P}}",
        "Roe, R. & Poe, P. (eds.) (2001). All. P.",
    ),
    # Exports.
    "DBLP": (
        "@article{DBLP:journals/corr/KingmaB14,\n  author    = {Diederik P. Kingma and\n               Jimmy Ba},\n"
        "  title = {Adam: {A} Method},\n  journal   = {CoRR},\n  volume    = {abs/1412.6980},\n  year = {2014},\n"
        "  eprinttype = {arXiv},\n  eprint = {1412.6980},\n  timestamp = {x},\n  biburl = {x},\n  bibsource = {x}\n}",
        "Kingma, D.P. & Ba, J. (2014). Adam: A Method. CoRR abs/1412.6980. arXiv:1412.6980",
    ),
    "HAL": (
        "@inproceedings{k, TITLE = {{A Title}}, AUTHOR = {Dupont, {\\'E}lie}, URL = {https://hal.science/hal-01}, "
        "BOOKTITLE = {{ICML}}, ADDRESS = {Lille, France}, YEAR = {2015}, MONTH = Jul, HAL_ID = {hal-01}, HAL_VERSION = {v1}}",
        "Dupont, É. (2015). A Title. ICML. hal.science/hal-01",
    ),
    "string": ('@string{jmlr = "J. Mach. Learn. Res."}\n@article{k, ' + WHO + ", journal = jmlr, volume = 3}", "J. Mach. Learn. Res. 3."),
    "crossref": (
        "@inproceedings{child, author = {Doe, Jane}, title = {A Title}, crossref = {par}}\n"
        "@proceedings{par, title = {The Meeting}, year = 2001, editor = {Roe, R.}}",
        "Doe, J. (2001). A Title. In Roe, R. (ed.), The Meeting.",
    ),
    # DOIs.
    **{
        f"DOI as {doi}": (f"@misc{{k, {WHO}, doi = {{{doi}}}}}", "A Title. doi:10.1007/978-3-642-24797-2_12")
        for doi in (
            r"10.1007/978-3-642-24797-2\_12",
            "https://doi.org/10.1007/978-3-642-24797-2_12",
            "http://dx.doi.org/10.1007/978-3-642-24797-2_12",
            "doi:10.1007/978-3-642-24797-2_12",
            r"10.1007/978-3-642-24797-2{\_}12",
        )
    },
    # Letters.
    "accents": (
        r"""@misc{k, author = {H{\'e}rault, J{\"u}rgen and {\O}re, {\AA}sa and Erd{\H o}s, P{\'a}l and \v{S}i, \L{}ukasz}, title = {T}, year = {2020}}""",
        "Hérault, J., Øre, Å., Erdős, P. & Ši, Ł. (2020). T.",
    ),
    "accents in other forms": (r"@misc{k, author = {Fran\c{c}ois, \'{E}lie and Mu\~noz, I{\~n}igo}, title = {T}, year = {2020}}", "François, É. & Muñoz, I."),
    "mathematics": (
        r"@misc{k, author = {Doe, J}, title = {$\ell_1$ norms, $L_2$ and $O(n^{2})$ at $\epsilon = 10^{-3}$}, year = {2020}}",
        "ℓ₁ norms, L₂ and O(n²) at ε = 10⁻³.",
    ),
    "emphasis": (r"@misc{k, author = {Doe, J}, title = {The \emph{E. coli} case \& more}, year = {2020}}", "The E. coli case & more."),
    "percent": (f"@misc{{k, {WHO.replace('A Title', '100 % of it')}, note = {{1\\% more, 2% less}}}}", "100 % of it. 1% more, 2% less."),
    # Names.
    "suffix": ("@misc{k, author = {King, Jr., Martin Luther}, title = {T}, year = {1963}}", "King, M.L., Jr. (1963). T."),
    "particle": ("@misc{k, author = {Laurens van der Maaten}, title = {T}, year = {2008}}", "van der Maaten, L. (2008). T."),
    "double name": ("@misc{k, author = {Jean--Paul Sartre and Anne-Marie Roe}, title = {T}, year = {1943}}", "Sartre, J.-P. & Roe, A.-M."),
    "initials without blanks": ("@misc{k, author = {Rowling, J.K.}, title = {T}, year = {1997}}", "Rowling, J.K. (1997). T."),
    "group": ("@misc{k, author = {{Google Brain and Friends}}, title = {T}, year = {2019}}", "Google Brain and Friends (2019). T."),
    "others": ("@misc{k, author = {Doe, J and others}, title = {T}, year = {2019}}", "Doe, J., et al. (2019). T."),
    "Cyrillic and Greek": ("@misc{k, author = {Ляпунов, Александр and Παπαδόπουλος, Γιώργος}, title = {T}, year = {1892}}", "Ляпунов, А. & Παπαδόπουλος, Γ."),
    # HTML.
    "less than": ("@misc{k, author = {{Less <than & more}}, title = {a < b}, year = {2020}}", "Less <than & more (2020). a < b."),
}  # fmt: skip


@pytest.mark.parametrize("name", PRINTED)
def test_a_work_is_printed(tmp_path, name):
    bib, printed = PRINTED[name]
    lines, faults = listed(tmp_path, bib)
    assert not faults
    assert printed in next(iter(lines.values()))


TOLD = {
    # name: (bib, message, line)
    "three names with commas": ("@misc{k,\n author={Ada Alpha, Bea Beta, Cy Gamma},\n title={T}, year={2017}}", 'authors are joined by "and"', 2),
    "four names with commas": ("@misc{k,\n author={a, b, c, d, e},\n title={T}, year={2017}}", 'authors are joined by "and"', 2),
    "semicolons": ("@misc{k,\n author={Alpha, A.; Beta, B.},\n title={T}, year={2017}}", "a semicolon between names", 2),
    "ampersand": (r"@misc{k," "\n" r" author={A. Alpha \& B. Beta}, title={T}, year={2017}}", "an & between names", 2),
    "et al.": ("@misc{k,\n author={Alpha, A. et al.}, title={T}, year={2017}}", 'write "and others"', 2),
    "and and": ("@misc{k,\n author={Alpha, A. and and Beta, B.}, title={T}, year={2017}}", "an empty name", 2),
    "nobody but others": ("@misc{k,\n author={others}, title={T}, year={2017}}", "name the first author", 2),
    "no comma behind the key": ("@misc{k\n author={A}, title={T}, year={2017}}", "no comma behind the key 'k' (", 1),
    "an archive that is none": (f"@misc{{k, {WHO}, eprint = {{1412.6980}},\n eprinttype = {{arXvi}}}}", "did you mean 'arxiv'?", 2),
    "no year": ("\n@misc{k, author={A}, title={T}}", "k has no year (add it)", 2),
    "empty year": ("@misc{k, author={A},\n title={T},\n year={}}", "k has no year", 3),
    "empty title": ("@misc{k, author={A},\n title={{}}, year={2017}}", "k has no title", 2),
    "no author": ("@misc{k, title={T}, year={2017}}", "k has no author", 1),
    "no publisher": ("@book{k, author={A}, title={T}, year={2017}}", "k has no publisher", 1),
    "year in words": ("@misc{k, author={A}, title={T},\n year={n.d.}}", "the year 'n.d.' (write four digits)", 2),
    "kind": ("@inproceeding{k, author={A}, title={T}, year={2017}}", "did you mean 'inproceedings'?", 1),
    "unprinted field": ("@article{k, author={A}, title={T}, year={2017}, journal={J},\n edition={2}}", "'edition' of an @article is not printed", 2),
    "translator": ("@book{k, author={A}, title={T}, year={2017}, publisher={P},\n translator={B}}", "'translator' of an @book is not printed", 2),
    "crossref to nothing": ("@misc{k, author={A}, title={T}, year={2017},\n crossref={x}}", "crossref to 'x', which is not there", 2),
    "javascript": ("@misc{k, author={A}, title={T}, year={2017},\n url={javascript:alert(1)}}", "is no address", 2),
    "file": ("@misc{k, author={A}, title={T}, year={2017},\n url={file:///etc/passwd}}", "is no address", 2),
    "DOI that is none": ("@misc{k, author={A}, title={T}, year={2017},\n doi={abc}}", "is no DOI", 2),
    "LaTeX that stays over": (r"@misc{k, author={A}," "\n" r" title={A \foo{b}}, year={2017}}", "LaTeX is left in the title", 2),
    "mathematics that stays over": (r"@misc{k, author={A}," "\n" r" title={$\frac{1}{2}$}, year={2017}}", "LaTeX is left in the title", 2),
    "key twice": ("@misc{k, author={A}, title={T}, year={2017}}\n@misc{K, author={B}, title={U}, year={2018}}", "the key 'K' stands twice", 2),
    "field twice": ("@misc{k, author={A}, title={T}, title={U}, year={2017}}", "duplicate title field", 1),
    "brace that is not closed": ("\n@misc{k, author={A}, title={T, year={2017}}\n", "a brace of this entry is not closed", 2),
    "same DOI": ("@misc{a, author={A}, title={T}, year={2017}, doi={10.1000/X}}\n@misc{b, author={B}, title={U}, year={2018}, doi={10.1000/x}}", "b is the same work as a (the same doi)", 2),
    "same title": ("@misc{a, author={A}, title={A Title!}, year={2017}}\n@misc{b, author={A}, title={A title}, year={2017}}", "b is the same work as a (the same title)", 2),
    "macro of macros": ('@string{a = "x"}\n@string{b = a # a}\n@misc{k, author={A}, title=b, year={2017}}', "this @string is not one text", 2),
    "joined texts": ("@misc{k, author={A}, title=" + " # ".join(30 * ['"x"']) + ", year={2017}}", "more than 20 texts joined", 1),
    "long entry": ("@misc{k, author={A}, title={" + 30_000 * "x" + "}, year={2017}}", "characters", 1),
    "Hebrew": ("@misc{k, author={A},\n title={למידה}, year={2017}}", "letters that no font of the design has", 2),
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_what_is_not_printed_is_told(tmp_path, name):
    bib, message, line = TOLD[name]
    _, faults = listed(tmp_path, bib)
    assert any(fault.startswith(f"references.bib:{line}: ") and message in fault for fault in faults), faults


def test_the_spelling_of_a_key_is_one(tmp_path):
    _, faults = listed(tmp_path, f"@misc{{Doe2020, {WHO}}}", "Doe2020", "doe2020")
    assert faults == ["1.1.yaml:9: citation of 'doe2020', which references.bib does not have (did you mean 'Doe2020'?)"]


def test_nothing_of_a_work_is_HTML(tmp_path):
    who = '{{Peano<a rel="attachment" href="../../etc/passwd">x</a>}}'
    bib = f"@misc{{k, author = {who}, title = {{<b>T</b>}}, year = {{1889}}, isbn = {{<i>1</i>}}}}"
    path = tmp_path / "references.bib"
    path.write_text(bib)
    use = SimpleNamespace(target="k", place=Place(path, 1))
    work = read_references(path, [use], WORDS, Problems())["k"]
    assert not re.search(r"<(?!/?i>|a class)[^>]*>", work.html.replace("<i>1", "<x>")), work.html


def test_a_work_that_is_told_does_not_make_its_citations_unknown(tmp_path):
    _, faults = listed(tmp_path, "@misc{k, author={A}, title={T, year={2017}}\n", "k")
    assert len(faults) == 1
