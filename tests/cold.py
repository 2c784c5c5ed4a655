"""What the experiments take from nothing: the seconds of the processor of each computed value and each result.

`tests/bench.py` runs it: python tests/cold.py prints them as JSON, longest first. Nothing is kept and
nothing is read from a cache; what one experiment takes from another is counted with the first that asks.
"""

import importlib
import json
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# One thread, as in the press (`press.pictures.figures`): others wait busily for a core and count as work.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import matplotlib  # noqa: E402

matplotlib.use("pdf")

import matplotlib.pyplot  # noqa: E402

from press.pictures import results  # noqa: E402
from press.pictures.figures import results_of  # noqa: E402


def main() -> None:
    """Make every result of the book once."""
    taken: dict[str, float] = {}

    def timed(name, make):
        start = time.process_time()
        value = make()
        taken[name] = time.process_time() - start
        return value

    def keep(function, arguments, named):
        name = f"{function.__module__.removeprefix('figures.')}.{function.__name__}"
        told = ", ".join([*map(str, arguments), *(f"{key}={value}" for key, value in named.items())])
        return timed(f"{name}({told})", lambda: function(*arguments, **named))

    results.keeping.append(keep)
    for file in sorted((ROOT / "figures").glob("*.py")):
        module = importlib.import_module(f"figures.{file.stem}")
        for name in results_of(file.read_text(encoding="utf-8")):
            timed(f"{file.stem}.{name}", getattr(module, name))
            matplotlib.pyplot.close("all")
    print(json.dumps({"all": time.process_time(), "longest": sorted(taken.items(), key=lambda item: -item[1])[:12]}))


if __name__ == "__main__":
    main()
