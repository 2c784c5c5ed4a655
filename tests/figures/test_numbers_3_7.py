"""Numbers and claims of section 3.7, by other routes than the modules take."""

import numpy as np
import pytest
from scipy.optimize import minimize

from figures import low_rank, pretraining, transfer
from figures.models import digits, fields, finetuning, networks


def test_fields_move_a_picture_and_lose_nothing():
    picture = digits.split().test_x[:1]
    all_places = fields.everywhere(picture)
    assert len(all_places) == 9 and len(np.unique(all_places, axis=0)) == 9
    assert all_places.sum(axis=1) == pytest.approx(picture.sum())
    inside = all_places[4].reshape(10, 10)[1:9, 1:9]
    assert (inside.ravel() == picture).all()


def test_labeled_pictures():
    X, classes = pretraining.labeled(30, (4,), "digit", False)
    assert X.shape == (1, 30, 100) and (np.bincount(classes[0]) == 3).all()
    spread, again = pretraining.labeled(30, (4,), "digit", True)
    assert spread.shape == (1, 270, 100) and (np.bincount(again[0]) == 27).all()
    # The picture at its one place is one of its nine.
    assert min(np.abs(spread[0] - X[0, 5]).sum(axis=1)) == 0
    places = pretraining.labeled(30, (4,), "place", False)[1][0]
    row, column = fields.PLACES[places[0]]
    outside = np.ones((10, 10), bool)
    outside[row : row + 8, column : column + 8] = False
    assert (X[0, 0].reshape(10, 10)[outside] == 0).all()


def small(seed=0):
    """A 5-4-3-2 network with biases, as one run, and a batch."""
    rng = np.random.default_rng(seed)
    layers = [(W, rng.normal(size=len(W))) for W, _ in networks.initialize((5, 4, 3, 2), rng)]
    return layers, rng.normal(size=(6, 5)), rng.integers(0, 2, 6)


def test_gradients_of_many_runs_are_those_of_one():
    layers, X, classes = small()
    wanted = networks.backward(layers, X, classes)[1]
    stacked = [(W[None], b[None, None]) for W, b in layers]
    for (dW, db), (W, b) in zip(finetuning.gradients(stacked, X[None], classes[None]), wanted, strict=True):
        assert dW[0] == pytest.approx(W) and db[0, 0] == pytest.approx(b)
    targets = X[:, :2]
    wanted = networks.backward(layers, X, targets, loss="squared")[1]
    for (dW, _), (W, _) in zip(finetuning.gradients(stacked, X[None], targets[None]), wanted, strict=True):
        assert dW[0] == pytest.approx(W)


def test_fit_is_gradient_descent_with_momentum():
    layers, X, classes = small(1)
    stacked = [(W[None], b[None, None]) for W, b in layers]
    fitted = finetuning.fit(stacked, X[None], classes[None], rates=[0.1], steps=5, batch=32, seeds=[0])
    wanted, _ = networks.train(layers, X, classes, rate=lambda step: 0.1 * (1 - step / 5), steps=5, momentum=0.9)
    for (W, b), (V, c) in zip(fitted, wanted, strict=True):
        assert W[0] == pytest.approx(V, abs=1e-6) and b[0, 0] == pytest.approx(c, abs=1e-6)


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


def test_parameter_counts():
    assert pretraining.sizes() == {"head": 65 * 10, "whole": 101 * 128 + 129 * 64 + 65 * 10}
    low_rank_updates = 4 * (100 + 128) + 4 * (128 + 64)
    assert transfer.trained_parameters() == {
        "frozen": 325,
        "part": 129 * 64 + 325,
        "lora": low_rank_updates + 325,
        "whole": 101 * 128 + 129 * 64 + 325,
    }
    down, up = np.zeros((64, 1024)), np.zeros((1024, 64))
    assert low_rank.sizes()["adapter"] == down.size + up.size + 64 + 1024
    assert round(100 * low_rank.sizes()["adapter"] / 1024**2) == 13


def test_size_of_a_low_rank_update():
    rng = np.random.default_rng(0)
    B, A = rng.normal(size=(40, 3)), rng.normal(size=(3, 40))
    assert transfer.low_rank_size(40, 3)["update"] == B.size + A.size
    assert np.linalg.matrix_rank(B @ A) == 3
    full, update = 16_777_216, 65_536
    assert transfer.lora_size() == {"full": full, "update": update, "share": update / full}
    # Another rank, another number.
    assert transfer.low_rank_size(4096, 16)["share"] == 2 * transfer.lora_size()["share"]


def test_pre_training_helps_one_question_and_spoils_the_other():
    found = pretraining.accuracy()
    digit, place = found["digit"], found["place"]
    assert digit["frozen"]["n10"] > digit["scratch"]["n10"] + 0.35
    gaps = [digit["frozen"][f"n{n}"] - digit["scratch"][f"n{n}"] for n in pretraining.LABELS]
    assert gaps[-1] > 0.05 and gaps[-1] < gaps[0] / 2
    assert found["lowest"] > digit["scratch"]["n10"] + 0.3
    assert all(place["frozen"][f"n{n}"] < 0.2 for n in pretraining.LABELS)
    assert place["scratch"]["n300"] > 0.9 and place["scratch"]["n10"] > 0.3


def test_what_helped():
    digit = pretraining.accuracy()["digit"]
    assert digit["random"]["n10"] < digit["scratch"]["n10"] + 0.02
    assert all(digit["random"][f"n{n}"] < digit["scratch"][f"n{n}"] + 0.02 for n in pretraining.LABELS)
    assert digit["scratch"]["n10"] + 0.2 < digit["scratch_everywhere"]["n10"] < digit["frozen"]["n10"] - 0.06
    assert digit["scratch_everywhere"]["n300"] > digit["frozen"]["n300"] + 0.01
    assert abs(digit["whole"]["n10"] - digit["frozen"]["n10"]) < 0.03
    assert digit["whole_everywhere"]["n300"] > digit["frozen_everywhere"]["n300"] + 0.01
    moved = pretraining.moved()
    assert moved["least"] > moved["some"] + 0.05 > moved["most"] + 0.1
    errors = [value for row in digit.values() for name, value in row.items() if name.endswith("_se")]
    assert max(errors) < 0.035


def test_network_from_scratch_fits_its_ten_labels():
    X, classes = pretraining.labeled(10, (0,), "digit", False)
    fresh = finetuning.draw((100, 128, 64, 10), [1000])
    fitted = finetuning.fit(fresh, X, classes, rates=[0.03], steps=240, batch=32, seeds=[0])
    assert finetuning.accuracy(fitted, X, classes[0]) == 1


def test_probe_by_another_optimizer():
    """Softmax regression by L-BFGS on the same features: as good as the head of the module."""
    parts = digits.split()
    body = [(W[0].astype(float), b[0, 0].astype(float)) for W, b in pretraining.pretrained(pretraining.SEEDS)[:-1]]
    X, classes = pretraining.labeled(10, (0,), "digit", False)
    inner = fields.features(body, X[0])

    def loss(flat):
        layers = [(flat[:640].reshape(10, 64), flat[640:])]
        value, ((dW, db),), _ = networks.backward(layers, inner, classes[0])
        return value + 1e-4 * flat @ flat, np.append(dW, db) + 2e-4 * flat

    best = minimize(loss, np.zeros(650), jac=True, method="L-BFGS-B").x
    test = fields.features(body, fields.everywhere(parts.test_x))
    guess = (test @ best[:640].reshape(10, 64).T + best[640:]).argmax(axis=1)
    assert (guess == np.tile(parts.test_y, 9)).mean() > 0.5


def test_what_each_way_changes():
    found = transfer.changes()
    assert found["head"]["first"] == 0
    assert found["head"]["even"] == pytest.approx(transfer.accuracy()["source"]) and found["head"]["even"] > 0.97
    assert found["slow"]["odd"] > found["head"]["odd"] + 0.02 and found["slow"]["even"] > 0.94
    assert 0.03 < found["slow"]["first"] < 0.12 < found["tuned"]["first"] < 0.4 < 1 < found["fast"]["first"]
    assert abs(found["tuned"]["odd"] - found["slow"]["odd"]) < 0.03 and found["tuned"]["even"] < 0.85
    assert found["fast"]["odd"] < found["tuned"]["odd"] and found["fast"]["even"] < 0.5
    assert found["head"]["odd"] < found["lora"]["odd"] < found["tuned"]["odd"] + 0.01


def test_low_rank_by_another_route():
    layers = transfer.tune("lora", 25, (0.01,), (0, 1), 0.03)
    for (W, b), (old, c) in zip(layers[:-1], transfer.source_layers((0, 1)), strict=False):
        for run in range(2):
            assert np.linalg.matrix_rank((W[run] - old[run]).astype(float), tol=1e-4) == transfer.RANK
        assert (b == c).all()
    rows = low_rank.equal_rows()
    assert rows["equal"]["rank"] == 1 and rows["random"]["rank"] == 4
    found = low_rank.spectrum()
    assert found["whole"] == pytest.approx(transfer.changes()["tuned"]["odd"])
    assert 0.45 < found["first"] < found["second"] < 0.8
    assert found["cut"] < transfer.changes()["lora"]["odd"] - 0.03 < found["whole"]


def test_gains_over_training_from_nothing():
    found = transfer.accuracy()

    def gain(way, count):
        return found[way][f"n{count}"] - found["scratch"][f"n{count}"]

    for count in (5, 10, 25):
        assert all(gain(way, count) > 0.03 for way in ("frozen", "part", "whole", "lora"))
    assert gain("whole", 100) > 0.01 > gain("frozen", 100)
    assert gain("frozen", 400) < -0.08 and -0.05 < gain("whole", 400) < 0.01
    assert found["gap"] > 8
    order = [found[way]["n400"] for way in ("frozen", "lora", "part", "whole")]
    assert order == sorted(order)
    assert abs(gain("part", 100) - gain("whole", 100)) < 0.02
    ways = ("frozen", "part", "whole", "lora")
    assert all(found["scratch_everywhere"][f"n{n}"] > max(found[way][f"n{n}"] for way in ways) for n in transfer.LABELS)


@pytest.mark.parametrize("way", ["scratch", "whole"])
def test_coarse_search(way):
    """A coarse search finds a rate near the one of the fine one, or one that is as good."""
    found = transfer.search(("frozen", way), (100,), (0.003, 0.03, 0.3), (100, 101))
    best = found["BEST"][way][100]
    scores = dict(zip(transfer.GRID, transfer.tuned.ACCURACIES[way][100], strict=True))
    assert scores[best] > max(scores.values()) - 0.03
