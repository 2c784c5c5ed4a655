"""How scale, mean and correlation spread the eigenvalues of a Hessian (going further on 3.6.3)."""

import numpy as np

from .kit.results import numbers
from .models import digits
from .models.generators import flats
from .scaling import SCALINGS, best_rate, quadratic

# Mean and variance of one feature beside a bias.
ONE = {"ideal": (0.0, 1.0), "scale": (0.0, 100.0), "mean": (10.0, 1.0), "small": (1.0, 1.0), "unit": (0.5, 1 / 12)}


@numbers
def one_feature():
    """Hessian of one feature and a bias for some means and variances: sum and product of eigenvalues, kappa."""
    found = {}
    for name, (mean, variance) in ONE.items():
        hessian = np.array([[variance + mean**2, mean], [mean, 1.0]])
        values = np.linalg.eigvalsh(hessian)
        found[name] = {
            "sum": values.sum(),
            "product": values.prod(),
            "low": values[0],
            "high": values[-1],
            "kappa": values[-1] / values[0],
        }
    return found


# The identity plus the outer product of (-1, 2, 2): eigenvalues 1, 1 and 10.
THREE = np.array([[2.0, -2.0, -2.0], [-2.0, 5.0, 4.0], [-2.0, 4.0, 5.0]])


@numbers
def three_features():
    """A Hessian that scaling to a diagonal of ones makes worse."""
    roots = np.diag(THREE) ** 0.5
    scaled = THREE / np.outer(roots, roots)
    before, after = np.linalg.eigvalsh(THREE), np.linalg.eigvalsh(scaled)
    return {"before": before[-1] / before[0], "after": after[-1] / after[0]}


@numbers
def shares():
    """For each scaling of the flats: the shares of the first loss gap along the eigenvectors, from flat to steep."""
    features, rents = flats()
    found = {}
    for name in ("raw", "centered", "minmax", "standard"):
        hessian, best = quadratic(SCALINGS[name](features), rents)
        values, vectors = np.linalg.eigh(hessian)
        parts = values * (vectors.T @ best) ** 2
        factors = 1 - best_rate(hessian) * values
        found[name] = {"values": values, "share": 100 * parts / parts.sum(), "factor": factors}
    return found


@numbers
def pixels():
    """Condition number of a linear layer on the training digits, without the pixels that never change."""
    X = digits.split().train_x
    X = X[:, X.std(axis=0) > 0]
    found = {"count": X.shape[1]}
    for name in ("raw", "centered", "standard"):
        columns = np.column_stack([SCALINGS[name](X), np.ones(len(X))])
        values = np.linalg.eigvalsh(columns.T @ columns / len(X))
        found[name] = float(values[-1] / values[0])
    return found
