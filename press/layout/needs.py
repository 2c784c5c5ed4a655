"""What the press needs of the machine beside Python, and how to get it.

Place in the flow: before all others. `build.py` asks before it loads WeasyPrint, and `tools/ready.sh`
runs this file with the machine's own Python before anything is downloaded: standard library only.
"""

import ctypes
import ctypes.util
import os
import sys

# The libraries that WeasyPrint 70.0 cannot do without: all of them come with Pango.
LIBRARIES = ("gobject-2.0", "pango-1.0", "harfbuzz", "fontconfig", "pangoft2-1.0")
HOMEBREW = "/opt/homebrew/lib:/usr/local/lib:/usr/lib"

PANGO = """Pango is missing: the library that sets the text. Install it and run the command again:
  Debian, Ubuntu   sudo apt install libpango-1.0-0 libpangoft2-1.0-0
  Fedora           sudo dnf install pango
  Arch             sudo pacman -S pango
  macOS            brew install pango
  Windows          install MSYS2, then in its shell: pacman -S mingw-w64-x86_64-pango,
                   and set WEASYPRINT_DLL_DIRECTORIES=C:\\msys64\\mingw64\\bin"""


def lacks_pango() -> bool:
    """Say whether a library is missing, and let a Python that is not Homebrew's find Homebrew's libraries."""
    if sys.platform == "darwin":
        os.environ.setdefault("DYLD_FALLBACK_LIBRARY_PATH", HOMEBREW)
    return sys.platform != "win32" and not all(map(_loads, LIBRARIES))


def _loads(name: str) -> bool:
    for file in (f"lib{name}.so.0", ctypes.util.find_library(name)):
        try:
            if file and ctypes.CDLL(file):
                return True
        except OSError:
            continue
    return False


def stop_without_pango() -> None:
    """End the program with what to type, before WeasyPrint is loaded and says it otherwise."""
    if lacks_pango():
        sys.exit(PANGO)


if __name__ == "__main__":
    stop_without_pango()
