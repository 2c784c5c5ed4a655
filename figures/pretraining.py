"""Self-supervised pre-training on digits without labels (section 3.7.1)."""

from functools import cache

import numpy as np

from . import digits, networks, style
from .fields import PLACES, SIDE, everywhere, features, few

HIDDEN = (128, 64)
LABELS = (10, 20, 50, 100, 200, 500)
DRAWS = 3
STEPS, BATCH = 120, 32


@cache
def _encoder():
    pictures = digits.split().train_x
    start = networks.initialize((SIDE**2, *HIDDEN, 64), np.random.default_rng(0), "he")
    layers, losses = networks.train(start, everywhere(pictures), np.tile(pictures, (len(PLACES), 1)),
                               rate=lambda step: 0.02*(1-step/2000), steps=2000, batch=64, momentum=0.9, loss="squared")
    return layers


def _fit(start, X, targets, seed, rate=0.05, steps=STEPS):
    return networks.train(start, X, targets, rate=lambda step: rate * (1 - step / steps),
                          steps=steps, batch=BATCH if len(X) > BATCH else None, momentum=0.9,
                          seed=seed)[0]


@cache
def _curves():
    parts = digits.split()
    test = everywhere(parts.test_x)
    answers = {"what": np.tile(parts.test_y, len(PLACES)),
               "where": np.repeat(np.arange(len(PLACES)), len(parts.test_y))}
    body = _encoder()[:-1]
    inner = features(body, test)
    result = {}
    for count in LABELS:
        for draw in range(DRAWS):
            rng = np.random.default_rng([count, draw])
            X, what, where = few(parts.train_x, parts.train_y, count // 10, rng)
            for task, y in (("what", what), ("where", where)):
                start = networks.initialize((SIDE**2, *HIDDEN, 10), rng, "he")
                whole = _fit(start, X, y, draw)
                head = _fit([(np.zeros((10, HIDDEN[-1])), np.zeros(10))], features(body, X), y, draw)
                tuned = _fit(body+head, X, y, draw,rate=.02)
                r=(networks.accuracy(whole, X, y), networks.accuracy(whole, test, answers[task]),
                   networks.accuracy(head, inner, answers[task]), networks.accuracy(tuned, test, answers[task]))
                result.setdefault(task,{}).setdefault(count,[]).append(r)
    return result
