"""Values between processes: plain numbers for texts, and computed values kept from build to build.

Used by `running` (which writes) and `figures` (which reads numbers back). What is kept is named by
the recipe of what it comes from and carries its own digest, so what is cut short, changed or of
another recipe is made again. Reading a computed value runs no code: only arrays and plain values
are let in.
"""

import hashlib
import io
import json
import math
import os
import pickle
import shutil

ARRAYS = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"),
    ("numpy._core.numeric", "_frombuffer"),
}


def plain(value, name):
    """Turn a result into numbers, texts, lists and dicts; ValueError says which part of `name` is none of these."""
    if hasattr(value, "tolist"):  # numpy's arrays and numbers
        value = value.tolist()
    if isinstance(value, dict):
        return {key: plain(part, f"{name}.{key}") for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part, f"{name}[{number}]") for number, part in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        raise Unprintable(f"{name} is {value}, which nobody can print: return None where there is no number")
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise Unprintable(f"{name} is a {type(value).__name__}, no number, text, list, dict or array")


class Unprintable(ValueError):
    """A result holds what no text can print."""


def digest_of(value):
    """Return the digest under which plain numbers are stored."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


class _Plain(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) in ARRAYS:
            return super().find_class(module, name)
        raise TypeError(
            f"{module}.{name} cannot be kept: a computed value is made of numbers, texts, lists, "
            "tuples, dicts and arrays"
        )


def kept(path, compute):
    """Return the value stored at `path`, or compute and store it."""
    try:
        digest, content = path.read_bytes().split(b"\n", 1)
        if digest.decode() == hashlib.sha256(content).hexdigest():
            return _Plain(io.BytesIO(content)).load()
    except (OSError, ValueError):
        pass
    content = pickle.dumps(compute(), protocol=5)
    value = _Plain(io.BytesIO(content)).load()  # the same value in the first build and in later ones
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    draft.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
    put(draft, path)
    return value


def put(draft, path):
    """Put a finished file in its place, whatever stands there."""
    if path.is_dir():
        shutil.rmtree(path)
    draft.replace(path)
