"""Numbers and claims of section 3.7, by other routes than the modules take."""

import numpy as np
import pytest
from scipy.optimize import minimize

from figures import pretraining, transfer
from figures.models import digits, fields, networks


def test_fields_move_a_picture_and_lose_nothing():
    picture = digits.split().test_x[:1]
    all_places = fields.everywhere(picture)
    assert len(all_places) == 9 and len(np.unique(all_places, axis=0)) == 9
    assert all_places.sum(axis=1) == pytest.approx(picture.sum())
    inside = all_places[4].reshape(10, 10)[1:9, 1:9]
    assert (inside.ravel() == picture).all()


def test_few_takes_the_same_number_of_each_class():
    parts = digits.split()
    X, classes, places = fields.few(parts.train_x, parts.train_y, 3, np.random.default_rng(4))
    assert (np.bincount(classes) == 3).all()
    first = X[0].reshape(10, 10)
    row, column = fields.PLACES[places[0]]
    outside = np.ones((10, 10), bool)
    outside[row : row + 8, column : column + 8] = False
    assert (first[outside] == 0).all()


def test_parameter_counts():
    assert pretraining.sizes() == {"head": 65 * 10, "whole": 101 * 128 + 129 * 64 + 65 * 10}
    trained = {way: row["trained"] for way, row in transfer.changes().items()}
    low_rank = 4 * (100 + 128) + 4 * (128 + 64)
    assert trained == {
        "head": 325,
        "part": 129 * 64 + 325,
        "lora": low_rank + 325,
        "whole": 101 * 128 + 129 * 64 + 325,
        "fast": 21_509,
    }


def test_size_of_a_low_rank_update():
    rng = np.random.default_rng(0)
    B, A = rng.normal(size=(40, 3)), rng.normal(size=(3, 40))
    assert transfer.low_rank_size(40, 3)["update"] == B.size + A.size
    assert np.linalg.matrix_rank(B @ A) == 3
    full, update = 16_777_216, 65_536
    assert transfer.lora_size() == {"full": full, "update": update, "share": update / full}
    # Another rank, another number.
    assert transfer.low_rank_size(4096, 16)["share"] == 2 * transfer.lora_size()["share"]


@pytest.mark.parametrize("zero", [False, True])
def test_lora_gradients_by_finite_differences(zero):
    rng = np.random.default_rng(1)
    X, classes = rng.normal(size=(6, 5)), rng.integers(0, 3, 6)
    base = networks.initialize((5, 4, 3), rng)
    scale, rank = 1.5, 2
    B = np.zeros((4, rank)) if zero else rng.normal(size=(4, rank))
    A = rng.normal(size=(rank, 5))

    def layers(B, A):
        return [(base[0][0] + scale / rank * B @ A, base[0][1]), base[1]]

    G = networks.backward(layers(B, A), X, classes)[1][0][0]
    for index, slope in ((0, scale / rank * G @ A.T), (1, scale / rank * B.T @ G)):
        for place in np.ndindex(slope.shape):
            values = []
            for step in (1e-6, -1e-6):
                moved = [B.copy(), A.copy()]
                moved[index][place] += step
                values.append(networks.mean_loss(layers(*moved), X, classes))
            assert slope[place] == pytest.approx((values[0] - values[1]) / 2e-6, abs=1e-7)
    assert zero == (np.abs(B.T @ G).max() == 0)


def test_pre_training_helps_one_question_and_spoils_the_other():
    found = pretraining.accuracy()
    digit, place = found["digit"], found["place"]
    assert digit["pretrained"]["n10"] > digit["scratch"]["n10"] + 0.3
    gaps = [digit["pretrained"][f"n{n}"] - digit["scratch"][f"n{n}"] for n in pretraining.LABELS]
    assert gaps[-1] > 0.03 and gaps[-1] < gaps[0] / 2
    assert all(abs(value - 1 / 9) < 0.03 for value in place["pretrained"].values())
    assert place["scratch"]["n500"] > 0.9 and place["scratch"]["n10"] > 0.3


def test_probe_by_another_optimizer():
    """Softmax regression by L-BFGS on the same features: as good as the head of the module."""
    parts, body = digits.split(), pretraining.pretrained_layers()[:-1]
    X, classes, _ = fields.few(parts.train_x, parts.train_y, 1, np.random.default_rng([10, 0]))
    inner = fields.features(body, X)

    def loss(flat):
        layers = [(flat[:640].reshape(10, 64), flat[640:])]
        value, ((dW, db),), _ = networks.backward(layers, inner, classes)
        return value + 1e-4 * flat @ flat, np.append(dW, db) + 2e-4 * flat

    best = minimize(loss, np.zeros(650), jac=True, method="L-BFGS-B").x
    test = fields.features(body, fields.everywhere(parts.test_x))
    guess = (test @ best[:640].reshape(10, 64).T + best[640:]).argmax(axis=1)
    assert (guess == np.tile(parts.test_y, 9)).mean() > 0.5


def test_what_each_way_changes():
    found = transfer.changes()
    source = transfer.source_layers()
    assert found["head"]["first"] == found["head"]["second"] == found["part"]["first"] == 0
    assert found["head"]["even"] == pytest.approx(transfer.accuracy()["source"])
    assert found["head"]["even"] > 0.97
    assert 0.03 < found["whole"]["first"] < 0.2 < 1 < found["fast"]["first"]
    assert found["whole"]["even"] > 0.92 and found["fast"]["even"] < 0.6
    assert found["whole"]["odd"] > found["head"]["odd"] + 0.03
    assert found["fast"]["odd"] < found["whole"]["odd"]
    assert found["lora"]["odd"] > found["head"]["odd"] + 0.02
    assert found["lora"]["first"] < 0.3
    X, classes = transfer.labeled_digits(50, 0)
    tuned = transfer.tune("lora", X, classes, 0)
    for (W, b), (W0, b0) in zip(tuned[:-1], source, strict=False):
        assert np.linalg.matrix_rank(W - W0, tol=1e-8) == transfer.RANK
        assert (b == b0).all()


def test_gains_over_training_from_nothing():
    found = transfer.accuracy()

    def gain(way, count):
        return found[way][f"n{count}"] - found["scratch"][f"n{count}"]

    for count in (5, 10, 25, 50):
        assert all(gain(way, count) > 0.02 for way in ("head", "part", "whole"))
    assert gain("head", 25) > 0.06
    assert gain("head", 100) < 0 and gain("head", 200) < -0.02
    assert gain("head", 400) < -0.05 and gain("whole", 400) > 0
    assert transfer.settings()["gap"] > 7
    assert abs(gain("part", 400)) < 0.04
