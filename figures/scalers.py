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


MORE = np.array([1.0, 2.0, 3.0, 4.0, 10_000.0])  # the outlier moves away


@numbers
def farther():
    """The value 4 under each scaler, with the outlier at 100 and at 10,000."""
    near, far = scale(SAMPLE), scale(MORE)
    return {name: {"near": float(near[name][3]), "far": float(far[name][3])} for name in ("zscore", "robust", "log")}


INCOMES = np.array([20.0, 25.0, 40.0, 80.0, 160.0])  # thousands


@numbers
def skewed():
    """Skewness, the mean cube of the z-score, of incomes, of their z-scores and of their logarithms."""

    def skewness(x):
        return float((((x - x.mean()) / x.std()) ** 3).mean())

    z = scale(INCOMES)["zscore"]
    return {"raw": skewness(INCOMES), "zscore": skewness(z), "log": skewness(np.log10(INCOMES)), "z": z}
