"""Save a finished file, whole or not at all, so that the same pages give the same bytes.

Place in the flow: the last stage that writes; `edition` publishes.
"""

import io
from pathlib import Path

import pikepdf
from pikepdf import Pdf


def save(pdf: Pdf, path: Path) -> None:
    """Write a PDF beside its place and give it its name when it is whole.

    It is not linearized: the first page of a tagged book brings most of the file with it, and
    qpdf 11 warns of the tables that qpdf 12 writes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        with copied(pdf) as copy:
            part.write_bytes(written(copy))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def written(pdf: Pdf) -> bytes:
    """Return what a file of the press holds; the same for what was written so and is opened again."""
    content = io.BytesIO()
    pdf.save(content, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return content.getvalue()


def copied(pdf: Pdf) -> Pdf:
    """Return a Pdf of its own with the same content."""
    plain = io.BytesIO()
    pdf.save(plain, deterministic_id=True)
    return pikepdf.open(plain)
