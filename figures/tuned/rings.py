"""Found by `python -m figures.kit.tune rings`; the search stands beside what it chose."""

BEST = {"raw": 0.1, "hand": 3.0, "neighbors": 5, "network": 0.3}

SHARES = {
    "raw": {0.1: 0.4906, 0.3: 0.4906, 1.0: 0.4906, 3.0: 0.4906},
    "hand": {0.1: 0.994, 0.3: 0.9938, 1.0: 0.994, 3.0: 0.9942},
    "neighbors": {1: 0.9914, 3: 0.9904, 5: 0.9924, 9: 0.9918, 15: 0.9914, 31: 0.9848},
    "network": {0.1: 0.9908, 0.3: 0.9922, 1.0: 0.992, 3.0: 0.9914},
}
