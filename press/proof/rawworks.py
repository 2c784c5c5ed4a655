"""What the list of references and the lists of sources print of a work, from its BibTeX fields as they stand.

Place in the flow: part of the second reading; `beside_works` and `beside_parts` look for it. `et_al` is the
language's word for further authors.
"""

import re

from press.pdf.story import FORMULA
from press.proof.rawtree import people, plain_latex
from press.proof.rawwords import plain


def parts_of_work(work, et_al):
    """Return what the list of references prints of a work, in its order."""
    fields = {name: plain_latex(value) for name, value in work.fields.items()}
    names = people(work.fields.get("author") or work.fields.get("editor", ""))
    is_long = len(names) > 6 or any(last == "others" for last, _ in names)
    if is_long:
        names = [name for name in names if name[0] != "others"][:4]
    parts = [_name(last, first) for last, first in names] + [et_al] * is_long
    parts += [f"({fields.get('year', '')})", fields.get("title", "")]
    if work.kind in ("book", "phdthesis", "mastersthesis"):
        parts.append(fields.get("publisher") or fields.get("school", ""))
    elif "journal" in fields:
        parts += [fields["journal"], fields.get("volume", "")]
        parts += [f"({fields['number']})"] if "number" in fields else []
        parts.append(fields.get("pages", ""))
    elif "booktitle" in fields:
        parts.append(fields["booktitle"])
        volume = fields.get("volume", "")
        parts += [volume] if "series" not in fields and volume not in fields["booktitle"] else []
        parts.append(fields.get("pages", ""))
    elif fields.get("eprint", " ") not in fields.get("howpublished", ""):
        parts.append(fields.get("howpublished", ""))
    raw = work.fields
    if "doi" in raw:
        parts.append("doi:" + raw["doi"].replace("\\", ""))
    elif "eprint" in raw:
        parts.append("arXiv:" + raw["eprint"])
    elif "url" in raw:
        parts.append(re.sub(r"^https?://(www\.)?", "", raw["url"]).rstrip("/").replace("\\", ""))
    elif "isbn" in raw:
        parts.append("ISBN " + raw["isbn"])
    return [part for part in parts if part]


def short_form(work, et_al):
    """Return author and year, as a margin has them."""
    names = [last for last, _ in people(work.fields.get("author") or work.fields.get("editor", ""))]
    is_long = len(names) > 2 or names[-1] == "others"
    return f"{f'{names[0]} {et_al}' if is_long else ' & '.join(names)} {work.fields.get('year', '')}"


def _name(last, first):
    initials = "".join("-".join(f"{half[0]}." for half in word.split("-") if half) for word in first.split())
    return f"{last}, {initials}" if initials else last


def squeezed(text):
    """Return letters and signs alone, for lines that may break anywhere."""
    return re.sub(r"[\s-]", "", plain(text).replace(FORMULA, ""))
