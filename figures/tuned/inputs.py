"""Found by `python -m figures.kit.tune inputs`; the search stands beside what it chose."""

RATES = {"units": 1.0, "pixels": 0.5, "centered": 5.0, "standardized": 1.0}

STEPS = {
    "units": [286.7, 246.7, 196.7, 400.0, 400.0],
    "pixels": [226.7, 116.7, 126.7, 400.0, 400.0],
    "centered": [223.3, 93.3, 46.7, 33.3, 30.0],
    "standardized": [66.7, 30.0, 20.0, 193.3, 400.0],
}
