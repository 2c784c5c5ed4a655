"""Pictures from files: set as figures with their credit, and refused where they would not print as they are."""

import contextlib
import io

import numpy as np
import pikepdf
import pytest
from conftest import print_whole
from PIL import Image, ImageCms, PngImagePlugin

from press import watching
from press.pdf.records import read_back
from press.pdf.story import read_story
from press.pictures import fromfile
from press.pictures.fromfile import Fault, read_dots
from press.pipeline import TEMPLATES
from press.proof import printed, reader
from press.proof.rawwords import plain

BLOCK = """      :::{picture} photos/wheel.NAME
      :width: column
      :alt: A wheel, seen from the side.
      :by: Ada Rider
      :from: Wheels and Spokes
      :license: CC BY 4.0
      A wheel. It turns.
      :::

      See [](fig:photos/wheel.NAME).

      :::{table} squares
"""


def dots(width=900, height=450, mode="RGB"):
    """A picture with a slope from black to white and some noise, so that no two rows are alike."""
    slope = np.linspace(0, 200, width)[None, :, None] + np.random.default_rng(0).integers(0, 55, (height, 1, 3))
    return Image.fromarray(slope.astype(np.uint8), "RGB").convert(mode)


def coded(picture, kind, **named):
    """A picture as the bytes of a file."""
    file = io.BytesIO()
    picture.save(file, kind, **named)
    return file.getvalue()


def with_picture(book, content, name="jpg"):
    """The tiny book with a picture of these bytes."""
    (book.folder / "photos").mkdir(exist_ok=True)
    (book.folder / f"photos/wheel.{name}").write_bytes(content)
    return book.replace("1.1.yaml", "      :::{table} squares\n", BLOCK.replace("NAME", name))


@pytest.mark.parametrize("name", ["jpg", "png"])
def test_a_picture_is_a_figure_with_its_words_credit_and_dots(tiny, tmp_path, name):
    picture = dots()
    made = print_whole(with_picture(tiny, coded(picture, "JPEG" if name == "jpg" else "PNG"), name).folder, tmp_path)
    path = next(path for key, path in made.files.items() if tuple(key) == ("book", "a4"))
    assert not printed.compare(tiny.folder, made.files, made.context.drawings.numbers).problems
    words = " ".join(plain(block.words.replace("\n", " ")) for block in read_story(path).blocks)
    assert "Figure 1.1-2 A wheel. It turns. Picture: Ada Rider, Wheels and Spokes, CC BY 4.0." in words
    assert "See Figure 1.1-2." in words
    assert "A wheel, seen from the side." in [tag.alt for tag in read_back(path).tags if tag.type == "Figure"]
    with pikepdf.open(path) as pdf:
        images = [item for item in pdf.objects if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"]
        assert len(images) == 1
        there = np.asarray(pikepdf.PdfImage(images[0]).as_pil_image().convert("RGB"), dtype=int)
    shown = Image.open(io.BytesIO((tiny.folder / f"photos/wheel.{name}").read_bytes())).convert("RGB")
    assert np.abs(there - np.asarray(shown, dtype=int)).max() <= (2 if name == "jpg" else 0)


def test_a_book_with_pictures_is_proofread(tiny, tmp_path):
    made = print_whole(with_picture(tiny, coded(dots(mode="L"), "JPEG")).folder, tmp_path)
    told = [finding for finding in reader.look(made, TEMPLATES).findings if "wheel" in finding.what]
    assert not told


def test_what_the_printed_page_lacks_of_a_credit_is_told(tiny, tmp_path):
    made = print_whole(with_picture(tiny, coded(dots(), "JPEG")).folder, tmp_path)
    tiny.replace("1.1.yaml", ":license: CC BY 4.0", ":license: CC BY 3.0")
    told = [
        str(problem) for problem in printed.compare(tiny.folder, made.files, made.context.drawings.numbers).problems
    ]
    assert any("CC BY 3.0" in line or "3.0." in line for line in told)


def test_two_builds_give_the_same_bytes_whatever_the_camera_wrote(tiny, tmp_path):
    exif = Image.Exif()
    exif[0x010E], exif[0x8825] = "in my kitchen", {1: "N", 2: (48.0, 8.0, 0.0)}
    picture, paths = dots(), []
    for number, named in enumerate([{}, {"exif": exif, "comment": b"secret"}]):
        book = with_picture(tiny, coded(picture, "JPEG", **named)) if not number else tiny
        (book.folder / "photos/wheel.jpg").write_bytes(coded(picture, "JPEG", **named))
        made = print_whole(book.folder, tmp_path / f"{number}")
        paths.append(next(path for key, path in made.files.items() if tuple(key) == ("book", "a4")))
    one, other = (path.read_bytes() for path in paths)
    assert b"kitchen" not in other and b"secret" not in other
    assert one == other


# What a text may have wrong: (text, replacement, what is told, the line).
FAULTS = {
    "no file": ("photos/wheel.jpg\n", "\n", "this picture has no file", "{picture}"),
    "address": ("{picture} photos/wheel", "{picture} https://example.org/wheel", "is an address (save it", "{picture}"),
    "out of the folder": (
        "{picture} photos/wheel",
        "{picture} ../photos/wheel",
        "leads out of the book's",
        "{picture}",
    ),
    "absolute": ("{picture} photos/wheel", "{picture} /photos/wheel", "leads out of the book's folder", "{picture}"),
    "another kind": ("{picture} photos/wheel.jpg", "{picture} photos/wheel.svg", "no PNG and no JPEG", "{picture}"),
    "blank in the name": ("{picture} photos/wheel", "{picture} photos/my wheel", "name it with letters", "{picture}"),
    "typo": (
        "{picture} photos/wheel",
        "{picture} photos/weel",
        "does not exist (did you mean 'photos/wheel.jpg'?)",
        "{picture}",
    ),
    "no license": ("      :license: CC BY 4.0\n", "", "this picture has no :license: (add the line)", "{picture}"),
    "no author": ("      :by: Ada Rider\n", "", "this picture has no :by: (add the line)", "{picture}"),
    "empty license": (":license: CC BY 4.0", ":license:", ":license: is empty (write it)", ":license:"),
    "no alt": (
        "      :alt: A wheel, seen from the side.\n",
        "",
        "this picture has no :alt: (add the line)",
        "{picture}",
    ),
    "markup": (":by: Ada Rider", ":by: *Ada* Rider", "the by '*Ada* Rider' of this picture has markup", ":by:"),
    "no caption": ("      A wheel. It turns.\n", "", "this picture has no caption", "{picture}"),
    "width": (
        ":width: column\n      :alt: A wheel",
        ":width: half\n      :alt: A wheel",
        "unknown width 'half'",
        ":width: half",
    ),
    "too few dots": (
        ":width: column\n      :alt: A wheel",
        ":width: wide\n      :alt: A wheel",
        "has 900 dots for 164 mm, 139 an inch; 150 are the least (take one of 969 dots or more",
        ":width: wide",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_of_a_picture_in_a_text_are_told_at_their_line(tiny, name):
    old, new, told, line = FAULTS[name]
    with_picture(tiny, coded(dots(), "JPEG"))
    tiny.replace("1.1.yaml", old, new)
    faults = [fault for fault in tiny.faults() if "fig:photos" not in fault]
    assert len(faults) == 1 and told in faults[0], faults
    assert faults[0].startswith(f"1.1.yaml:{tiny.line_of('1.1.yaml', line)}:")


def test_a_link_out_of_the_folder_is_refused(tiny, tmp_path):
    with_picture(tiny, coded(dots(), "JPEG"))
    (tiny.folder / "photos/wheel.jpg").rename(tmp_path / "elsewhere.jpg")
    (tiny.folder / "photos/wheel.jpg").symlink_to(tmp_path / "elsewhere.jpg")
    assert "is a link that leads out of the book's folder (put the file itself there)" in tiny.faults()[0]


def test_too_large_a_file_is_refused_unread(tiny):
    with_picture(tiny, coded(dots(), "JPEG"))
    with (tiny.folder / "photos/wheel.jpg").open("ab") as file:
        file.truncate(fromfile.BIGGEST + 1)
    assert "has 10.0 MB, 10 MB are the most (make it smaller" in tiny.faults()[0]


def test_too_high_a_picture_is_told(tiny):
    with_picture(tiny, coded(dots(900, 1700), "JPEG"))
    assert "would be 212 mm high, 200 mm are the most (cut it, or set it narrower)" in tiny.faults()[0]


def on_its_side():
    exif = Image.Exif()
    exif[fromfile.ORIENTATION] = 6
    return coded(dots(), "JPEG", exif=exif)


def profiled(name):
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()


# What a file may have wrong: (its bytes, what it is called, what is told).
FILES = {
    "no picture": (b"GIF89a", "PNG", "is no PNG"),
    "another kind": (coded(dots(), "PNG"), "JPEG", "is no JPEG"),
    "cut short": (coded(dots(), "PNG")[:-4000], "PNG", "cannot be read to its end"),
    "JPEG cut short": (coded(dots(), "JPEG")[:-4000], "JPEG", "cannot be read to its end"),
    "on its side": (on_its_side(), "JPEG", "lies on its side"),
    "inks": (coded(dots(mode="CMYK"), "JPEG"), "JPEG", "has the inks of a press (CMYK)"),
    "16 bits": (coded(Image.fromarray(np.zeros((9, 9), np.uint16)), "PNG"), "PNG", "has 16 bits"),
    "dots": (coded(Image.new("1", (5001, 5000)), "PNG"), "PNG", "has 25 million dots, 25 million are the most"),
    "a bomb": (coded(Image.new("1", (20000, 20000)), "PNG"), "PNG", "has more than 25 million dots"),
    "LAB": (coded(dots(), "JPEG", icc_profile=profiled("XYZ")), "JPEG", "has the colors of"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_would_not_print_as_it_is_seen_is_refused(name):
    content, kind, told = FILES[name]
    with pytest.raises(Fault, match="^" + told.replace("(", r"\(").replace(")", r"\)")):
        read_dots(content, kind)


def test_srgb_is_taken_and_transparent_dots_are_paper():
    assert read_dots(coded(dots(), "JPEG", icc_profile=profiled("sRGB")), "JPEG").is_jpeg
    half = Image.new("RGBA", (2, 1), (200, 0, 0, 255))
    half.putpixel((1, 0), (200, 0, 0, 0))
    assert read_dots(coded(half, "PNG"), "PNG").content == bytes([200, 0, 0, 255, 255, 255])


def test_a_jpeg_loses_its_remarks_and_none_of_its_dots():
    for named in ({}, {"progressive": True}, {"restart_marker_blocks": 4}):
        plain = coded(dots(), "JPEG", **named)
        more = coded(dots(), "JPEG", comment=b"x" * 50, exif=Image.Exif(), dpi=(300, 300), **named) + b"more behind it"
        kept = fromfile.without_remarks(more)
        assert kept == fromfile.without_remarks(plain) and b"JFIF" not in kept
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(kept))), np.asarray(Image.open(io.BytesIO(plain))))


def test_a_png_loses_its_remarks():
    note = PngImagePlugin.PngInfo()
    note.add_text("Author", "somebody at home")
    assert read_dots(coded(dots(), "PNG", pnginfo=note), "PNG") == read_dots(coded(dots(), "PNG"), "PNG")


def test_damaged_files_are_told_and_never_end_the_press():
    rng = np.random.default_rng(1)
    for kind in ("PNG", "JPEG"):
        whole = np.frombuffer(coded(dots(60, 40), kind), np.uint8)
        for _ in range(300):
            damaged = whole.copy()
            damaged[rng.integers(2, len(whole), 4)] = rng.integers(0, 256, 4)
            with contextlib.suppress(Fault):
                read_dots(damaged[: rng.integers(2, len(whole) + 1)].tobytes(), kind)


def test_a_page_that_was_kept_is_looked_at_before_it_is_used(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr("press.pipeline.CACHE", tmp_path / "cache")
    with_picture(tiny, coded(dots(), "JPEG"))
    print_whole(tiny.folder, tmp_path / "one")
    kept = next((tmp_path / "cache/pictures").glob("*.pdf"))
    kept.write_bytes(kept.read_bytes()[:100])
    print_whole(tiny.folder, tmp_path / "two")
    assert kept.stat().st_size > 1000


def test_a_changed_picture_makes_its_page_anew_while_one_watches(tiny):
    session = watching.Session(tiny.folder)
    assert session.reload() == []
    with_picture(tiny, coded(dots(), "JPEG"))
    made = session.change([tiny.folder / "1.1.yaml"])
    assert (made.keys, made.problems) == (["1.1.1"], []) and made.sheets
    (tiny.folder / "photos/wheel.jpg").write_bytes(coded(dots(mode="L"), "JPEG"))
    made = session.change([tiny.folder / "photos/wheel.jpg"])
    assert (made.keys, made.problems) == (["1.1.1"], [])
