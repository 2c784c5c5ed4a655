"""Pages for a browser: one file each that needs no other, written from templates/site/.

Place in the flow: under `report` and `site`. Style, script and small pictures stand in the page itself,
and its policy forbids the browser to load anything from elsewhere.
"""

import base64
import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from press.page import PAGE
from press.pdf.raster import Clip
from press.problems import Place, PressError, Problems
from press.words import Words, read_words


def page(templates: Path, words: Words, name: str, script: str = "", **values: Any) -> str:
    """Return a page by the name of its template; `script` is that of a script beside it."""
    environment = Environment(
        loader=FileSystemLoader(templates / "site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    code = (templates / "site" / script).read_text(encoding="utf-8") if script else ""
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    return environment.get_template(name).render(
        words=words,
        site=said(words),
        colors=PAGE.colors,
        code=Markup(code),
        policy="default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; script-src "
        + (f"'sha256-{digest}'" if script else "'none'"),
        **values,
    )


def picture(clip: Clip, alt: str, scale: float, classes: str = "") -> Markup:
    """Return a small picture that stands in the page itself, so many dots to a CSS pixel."""
    return Markup('<img src="{}" alt="{}" width="{}" height="{}"{}>').format(
        Markup(picture_data(clip)),
        alt,
        round(clip.width / scale),
        round(clip.height / scale),
        Markup(f' class="{classes}"') if classes else "",
    )


def picture_data(clip: Clip) -> str:
    """Return a picture as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(clip.png).decode()}"


def address(path: str, number: int | None = None) -> str:
    """Return the address of a file beside the page, at a page counted from 1."""
    return quote(path) + (f"#page={number}" if number else "")


def said(words: Words) -> dict[str, str]:
    """Return the words of the site. Raises PressError where a language lacks one."""
    if lacking := english().site.keys() - words.site.keys():
        raise PressError(f"the words of {words.language!r} lack those of `site`: {', '.join(sorted(lacking))}")
    return words.site


def english() -> Words:
    """Return the words for a PDF whose book is not at hand."""
    return read_words("en-US", Place(Path()), Problems())
