"""Found by `python -m figures.kit.tune batch_steps`; the search stands beside what it chose."""

RATES = {1: 0.03125, 4: 0.125, 16: 0.5, 64: 1.0, 256: 1.0}

GRID = [0.0078125, 0.015625, 0.03125, 0.0625, 0.125, 0.25, 0.5, 1.0, 2.0]

STEPS = {1: 4676.0, 4: 1202.0, 16: 292.0, 64: 159.0, 256: 95.0}
