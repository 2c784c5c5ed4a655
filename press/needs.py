"""What the press needs from the system, and how to get it.

Used by the command line when WeasyPrint cannot load Pango, and by the summary for what is optional.
"""

import ctypes.util

PANGO = """Pango is missing: the library that sets the text. Install it and run the command again:
  Debian, Ubuntu   sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
  Fedora           sudo dnf install pango
  macOS            brew install pango
  Windows          install MSYS2, then in its shell: pacman -S mingw-w64-x86_64-pango,
                   and set WEASYPRINT_DLL_DIRECTORIES=C:\\msys64\\mingw64\\bin"""


def missing_extras():
    """Return (name, consequence) of optional libraries that are not there."""
    if ctypes.util.find_library("harfbuzz-subset"):
        return []
    return [("libharfbuzz-subset0", "fonts are cut by fontTools, which is slower; the book is complete")]
