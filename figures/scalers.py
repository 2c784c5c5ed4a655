"""Scalers for one feature, applied to one small sample with an outlier (3.6.5)."""

import numpy as np

from .kit.results import numbers

SAMPLE = np.array([1.0, 2.0, 3.0, 4.0, 100.0])


def scale(x):
    """Return x under each scaler; statistics are those of x itself."""
    low, median, high = np.percentile(x, [25, 50, 75])
    return {
        "minmax": (x - x.min()) / (x.max() - x.min()),
        "zscore": (x - x.mean()) / x.std(),
        "robust": (x - median) / (high - low),
        "maxabs": x / np.abs(x).max(),
        "unit": x / np.linalg.norm(x),
        "log": np.log10(x),
    }


@numbers
def example():
    """The sample under each scaler, and the statistics that they used."""
    low, median, high = np.percentile(SAMPLE, [25, 50, 75])
    return scale(SAMPLE) | {
        "mean": SAMPLE.mean(),
        "sd": SAMPLE.std(),
        "median": median,
        "iqr": high - low,
        "norm": np.linalg.norm(SAMPLE),
    }


@numbers
def gap():
    """Distance that is left between the inliers 1 and 4 under each scaler."""
    return {name: float(values[3] - values[0]) for name, values in scale(SAMPLE).items()}
