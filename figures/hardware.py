"""What networks need of a computer: bytes of a forward pass and of training, operations a byte (3.1.3)."""

from .kit.results import numbers

FLOAT = 4  # bytes of a 32-bit number
WIDTHS, BATCH = (784, 1024, 1024, 10), 256
LAYERS, CHANNELS, SIDE = 20, 64, 32  # a stack of 3 x 3 convolutions


@numbers
def memory():
    """Megabytes that a fully connected and a convolutional network take, for predictions and for training."""
    parameters = sum(m * n + n for m, n in zip(WIDTHS, WIDTHS[1:], strict=False))
    pairs = [m + n for m, n in zip(WIDTHS, WIDTHS[1:], strict=False)]
    weights, map_bytes = FLOAT * parameters, FLOAT * BATCH * CHANNELS * SIDE**2
    kernels = LAYERS * (9 * CHANNELS**2 + CHANNELS)
    full = {"parameters": parameters, "weights": weights, "predict": FLOAT * BATCH * max(pairs)}
    full |= {"kept": FLOAT * BATCH * sum(WIDTHS), "state": 4 * weights}
    stack = {"parameters": kernels, "weights": FLOAT * kernels, "state": 4 * FLOAT * kernels}
    stack |= {"predict": 2 * map_bytes, "kept": LAYERS * map_bytes}
    return {
        name: {key: value if key == "parameters" else value / 1e6 for key, value in found.items()}
        for name, found in (("full", full), ("stack", stack))
    }


@numbers
def intensity():
    """Operations for each byte moved: a 1,024 x 1,024 matrix times one column, times 256 columns; a ReLU."""
    n, found = 1024, {}
    for name, columns in (("one", 1), ("batch", BATCH)):
        operations = 2 * n * n * columns
        moved = FLOAT * (n * n + 2 * n * columns)
        found[name] = {"operations": operations / 1e6, "bytes": moved / 1e6, "ratio": operations / moved}
    return found | {"relu": 1 / (2 * FLOAT)}
