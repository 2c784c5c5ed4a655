"""The plain network and the digits that the experiments of several sections share."""

import numpy as np
import pytest
from scipy import special

from figures.models import digits, networks


@pytest.mark.parametrize("activation", sorted(networks.ACTIVATIONS))
@pytest.mark.parametrize(("loss", "units"), [("cross-entropy", 3), ("logistic", 1), ("squared", 2)])
def test_gradients_agree_with_central_differences(activation, loss, units):
    rng = np.random.default_rng(1)
    layers = [(W, rng.normal(size=b.shape)) for W, b in networks.initialize((3, 4, 5, units), rng, "xavier")]
    X = rng.normal(size=(6, 3))
    targets = {
        "cross-entropy": rng.integers(0, 3, 6),
        "logistic": rng.integers(0, 2, 6),
        "squared": rng.normal(size=(6, 2)),
    }[loss]
    _, gradients, deltas = networks.backward(layers, X, targets, activation, loss)
    assert [d.shape for d in deltas] == [(6, 4), (6, 5), (6, units)]
    for layer, gradient in zip(layers, gradients, strict=True):
        for array, slopes in zip(layer, gradient, strict=True):
            assert array.shape == slopes.shape
            for place in list(np.ndindex(array.shape))[::3]:
                kept, ends = array[place], []
                for step in (1e-6, -1e-6):
                    array[place] = kept + step
                    ends.append(networks.mean_loss(layers, X, targets, activation, loss))
                array[place] = kept
                assert slopes[place] == pytest.approx((ends[0] - ends[1]) / 2e-6, abs=1e-7)


def test_losses_agree_with_scipy():
    rng = np.random.default_rng(2)
    logits, classes = rng.normal(size=(5, 4)) * 3, rng.integers(0, 4, 5)
    value, error = networks.loss_and_error(logits, classes)
    assert value == pytest.approx(-special.log_softmax(logits, axis=1)[range(5), classes].mean())
    assert error * 5 + np.eye(4)[classes] == pytest.approx(special.softmax(logits, axis=1))
    column, binary = logits[:, :1], np.array([0, 1, 1, 0, 1])
    probabilities = special.expit(column[:, 0])
    assert networks.loss_and_error(column, binary, "logistic")[0] == pytest.approx(
        -np.log(np.where(binary, probabilities, 1 - probabilities)).mean()
    )


def test_initializations_have_the_variances_they_are_named_for():
    for scheme, variance in (("he", 2 / 200), ("xavier", 2 / 500), ("lecun", 1 / 200), (0.3, 0.09)):
        ((W, b),) = networks.initialize((200, 300), np.random.default_rng(0), scheme)
        assert W.shape == (300, 200) and not b.any()
        assert W.var() == pytest.approx(variance, rel=0.03)


def test_an_epoch_takes_each_example_once():
    picks = networks.batches(10, 4, np.random.default_rng(0))
    epoch = [next(picks) for _ in range(3)]
    assert [len(pick) for pick in epoch] == [4, 4, 2]
    assert sorted(np.concatenate(epoch)) == list(range(10))


def test_training_leaves_its_start_alone_and_stops_when_it_breaks_down():
    data = digits.split()
    start = networks.initialize((64, 8, 10), np.random.default_rng(0))
    before = start[0][0].copy()
    losses, again = (
        networks.train(start, data.train_x, data.train_y, rate=0.5, steps=20, batch=50)[1] for _ in range(2)
    )
    assert (start[0][0] == before).all() and losses[-1] < losses[0]
    assert (losses == again).all()
    wild = networks.train(start, data.train_x * 1e200, data.train_y, rate=1e200, steps=5)[1]
    assert np.isinf(wild[-1])


def test_the_three_parts_of_the_digits_are_disjoint_and_complete():
    data = digits.split()
    assert (len(data.train_y), len(data.valid_y), len(data.test_y)) == (1000, 397, 400)
    pixels, classes = digits.load()
    parts = np.vstack([data.train_x, data.valid_x, data.test_x])
    assert sorted(map(bytes, np.ascontiguousarray(parts))) == sorted(map(bytes, pixels))
    counts = sum(np.bincount(part) for part in (data.train_y, data.valid_y, data.test_y))
    assert (counts == np.bincount(classes)).all()
    assert pixels.min() == 0 and pixels.max() == 1
