"""What the press needs from the system, and how to get it.

Used by the command line when WeasyPrint cannot load Pango, or loads no HarfBuzz that cuts fonts.
"""

PANGO = """Pango is missing: the library that sets the text. Install it and run the command again:
  Debian, Ubuntu   sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
  Fedora           sudo dnf install pango
  macOS            brew install pango
  Windows          install MSYS2, then in its shell: pacman -S mingw-w64-x86_64-pango,
                   and set WEASYPRINT_DLL_DIRECTORIES=C:\\msys64\\mingw64\\bin"""

SUBSETTER = """libharfbuzz-subset (4.1 or newer) is missing: the part of HarfBuzz that cuts fonts down to what
the book uses. Without it the files come out otherwise, byte for byte. It comes with Pango; on
Debian and Ubuntu it is a package of its own: sudo apt install libharfbuzz-subset0"""


def lacks_subsetter():
    """Say whether WeasyPrint found no library to cut fonts with (it then warns at every font)."""
    from weasyprint.text.ffi import harfbuzz, harfbuzz_subset

    return harfbuzz_subset is None or not harfbuzz.hb_version_atleast(4, 1, 0)
