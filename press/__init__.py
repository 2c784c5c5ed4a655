"""The press: from a folder of YAML to finished PDFs, and from the PDFs back to what was meant.

The map, in the order of the flow. Each room knows one thing and hides one library, and imports only
from rooms above it in this list (contracts in pyproject.toml, checked by `make lint`):

page, problems, words,  under everything: the page's lengths and colors, faults of authors, printed words,
  remembered            answers that hold from build to build
content                 what authors write, as checked values                       (YAML, BibTeX)
pictures                figures and formulas as pages of small PDFs, formulas in words  (matplotlib, Typst)
text                    Markdown and computed numbers, to HTML                      (markdown-it)
layout                  HTML to pages, pages as records                             (WeasyPrint)
pdf                     pages to finished files, finished files to records          (pikepdf, pdfium)
documents               the HTML documents, from templates/                         (Jinja)
printing                what passes between the stages once the texts are set: pages, files
proof                   judges what was laid out and what was written
laying, writing,        from texts to pages, from pages to files; they know all rooms;
  ahead                 what stands behind the answers, in a process of its own beside them
pipeline                the stages in order
lastpass, preview,      the pages of one entry by themselves, from what the last whole layout knew;
  keepgoing, naming     a draft in spite of faults, each marked where it is; the names that texts may use
site                    the readers' door: the check as a page, the site to take the book from
watching, whole,        a book in memory while it is written, the whole edition behind it,
viewer, watch           the page in the browser that shows both, and what runs them
starting                where books begin: a small one, the empty tree of a contents list, one more entry
commands                the command line, one function a command                    (Typer)

Nothing here names a topic of a book.
"""
