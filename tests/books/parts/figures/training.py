"""An experiment for the tiny books: counting."""

from press.pictures.results import experiment

STEPS = 12


@experiment
def counting():
    """What the experiment compares, from the constants that it uses."""
    return {
        "title": "Counting",
        "entry": "1.1.1",
        "compares": "counting by ones with counting by twos",
        "data": "numbers, invented",
        "split": "none",
        "network": "none",
        "initialization": "at one",
        "loss": "none",
        "optimizer": "none",
        "rate": 1,
        "tuned": "not at all",
        "batch": 1,
        "steps": STEPS,
        "seeds": [0, 1],
        "plotted": "nothing",
    }
