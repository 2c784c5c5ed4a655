#!/bin/sh
# Make a machine ready: Pango and Python's venv from the system, the pinned packages into .venv.
# What is missing is installed where that asks nobody; otherwise the first line says what to type.
# Done already, it takes a tenth of a second. `ready.sh readers` also installs what
# `make test-readers` opens the files with.
set -eu
cd "$(dirname "$0")/.."

suits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

python=${PYTHON:-}
if [ -z "$python" ]; then
  for python in python3 python3.14 python3.13 python3.12 python3.11 none; do suits "$python" && break; done
elif ! suits "$python"; then
  echo "$python is not Python 3.11 or newer: name one that is, as in  make book PYTHON=python3.12" >&2
  exit 1
fi

# What is missing, in the words of the system's packages.
manager=none
for tool in apt-get dnf pacman brew; do command -v "$tool" >/dev/null && manager=$tool && break; done
missing='' told=''
lacks() { told="$told${told:+, }$1"; missing="$missing${missing:+ }$2"; }
named() { # what one thing is called by apt-get, dnf, pacman, Homebrew
  case $manager in apt-get) echo "$1" ;; dnf) echo "$2" ;; pacman) echo "$3" ;; *) echo "$4" ;; esac
}
if [ "$python" = none ]; then
  lacks "Python 3.11 or newer" "$(named 'python3 python3-venv' python3 python python)"
  lacks "Pango" "$(named 'libpango-1.0-0 libpangoft2-1.0-0' pango pango pango)"
else
  "$python" -c 'import ensurepip, venv' 2>/dev/null || lacks "Python's venv" \
    "$(named "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" python3 python python)"
  "$python" press/layout/needs.py 2>/dev/null ||
    lacks "Pango (the library that sets the text)" "$(named 'libpango-1.0-0 libpangoft2-1.0-0' pango pango pango)"
fi
if [ "${1:-}" = readers ]; then
  command -v qpdf >/dev/null || lacks qpdf qpdf
  command -v gs >/dev/null || lacks Ghostscript ghostscript
  command -v pdftotext >/dev/null || lacks Poppler "$(named poppler-utils poppler-utils poppler poppler)"
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
    lacks Chromium chromium
  command -v npm >/dev/null || lacks Node.js "$(named 'nodejs npm' 'nodejs npm' 'nodejs npm' node)"
fi

if [ -n "$missing" ]; then
  case $manager in
    apt-get) install="apt-get install -y --no-install-recommends $missing" ;;
    dnf) install="dnf install -y $missing" ;;
    pacman) install="pacman -Sy --noconfirm --needed $missing" ;;
    brew) install="brew install $missing" ;;
    *) echo "$told: missing, and no apt, dnf, pacman or Homebrew to install it with." >&2
       echo "Install it (README.md, \"Make it\", names the packages) and run make again." >&2
       exit 1 ;;
  esac
  if [ "$manager" = brew ] || [ "$(id -u)" = 0 ]; then
    as_root=''
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root='sudo -n'
  else
    echo "$told: missing. Type this, then run make again:" >&2
    echo "  sudo $install" >&2
    exit 1
  fi
  echo "$told: missing, so this runs:  ${as_root:+sudo }$install"
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  {
    # Split into words on purpose: names of packages.
    if [ "$manager" = apt-get ]; then
      $as_root apt-get update -qq &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 ${install#apt-get }
    else
      $as_root $install
    fi
  } >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    echo "This could not be installed; the lines above say why. Type it yourself, then run make again:" >&2
    echo "  $install" >&2
    exit 1
  }
  [ "$python" != none ] || exec sh tools/ready.sh "$@"
  "$python" press/layout/needs.py # ends here with what to do, should it not be enough
fi

# What another user has made here, as `sudo make book` does, is given back by its owner or removed.
for made in build .venv; do
  if [ -d "$made" ] && [ ! -w "$made" ] && { [ "$made" = build ] || [ ! -f .venv/ready ]; }; then
    echo "$made/ may not be written to: another user made it. Type this, then run make again:" >&2
    echo "  sudo chown -R $(id -u) $made      # or remove it: sudo rm -r $made" >&2
    exit 1
  fi
done

# One set-up at a time, where the system has flock; the second finds the work done.
mkdir -p build
if command -v flock >/dev/null; then
  exec 9>build/.ready.lock
  flock -n 9 || { echo "another make is setting up .venv: waiting for it"; flock 9; }
fi

# The virtual environment, made anew for another Python, filled anew when the pinned versions change.
same() { [ "$("$python" -c 'import sys; print(sys.version)')" = "$(.venv/bin/python -c 'import sys; print(sys.version)' 2>/dev/null)" ]; }
if [ ! -f .venv/ready ] || [ pyproject.toml -nt .venv/ready ] || { [ -n "${PYTHON:-}" ] && ! same; }; then
  echo "setting up .venv: Python packages, about 100 MB, once"
  rm -f .venv/ready
  same || "$python" -m venv --clear .venv
  .venv/bin/python - >.venv/packages.txt <<'END'
import tomllib
project = tomllib.load(open("pyproject.toml", "rb"))["project"]
print(*project["dependencies"], *project["optional-dependencies"]["test"], sep="\n")
END
  # -qq: errors are shown, warnings of the machine's settings are not.
  .venv/bin/python -m pip install -qq --disable-pip-version-check --requirement .venv/packages.txt || {
    echo "The Python packages could not be installed; the lines above say why. Run make again." >&2
    exit 1
  }
  touch .venv/ready
fi
if [ "${1:-}" = readers ]; then
  # Its extra of pyproject.toml; the browser is the system's.
  .venv/bin/python - >.venv/readers.txt <<'END'
import tomllib
print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["readers"], sep="\n")
END
  .venv/bin/python -m pip install -qq --disable-pip-version-check --requirement .venv/readers.txt
fi
