"""Numbers and claims of section 3.5, each by another route than figures/batch_size.py."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.sparse.linalg import LinearOperator, eigsh

from figures import batch_size, digits, networks


@pytest.fixture(scope="module")
def data():
    return digits.split()


@pytest.fixture(scope="module")
def start():
    return networks.initialize(batch_size.WIDTHS, np.random.default_rng(0), "he")


def flat(layers):
    return np.concatenate([part.ravel() for pair in layers for part in pair])


def test_example_gradients_agree_with_finite_differences(data, start):
    rows = batch_size.example_gradients(start, data.train_x[:3], data.train_y[:3])
    rng = np.random.default_rng(5)
    for _ in range(4):
        along = [(rng.normal(size=W.shape), rng.normal(size=b.shape)) for W, b in start]
        for k in range(3):
            losses = [
                networks.mean_loss(
                    [(W + h * u, b + h * v) for (W, b), (u, v) in zip(start, along, strict=True)],
                    data.train_x[k : k + 1],
                    data.train_y[k : k + 1],
                )
                for h in (1e-5, -1e-5)
            ]
            assert rows[k] @ flat(along) == pytest.approx(
                (losses[0] - losses[1]) / 2e-5, rel=1e-4, abs=1e-6
            )


def test_noise_at_the_start(data, start):
    rows = batch_size.example_gradients(start, data.train_x, data.train_y)
    full = flat(networks.backward(start, data.train_x, data.train_y)[1])
    found = batch_size.noise_at_start()
    assert found["length"] == pytest.approx(np.linalg.norm(full), rel=1e-9)
    assert found["trace"] == pytest.approx(rows.var(axis=0).sum(), rel=1e-9)
    assert f"{found['length']:.3f} {found['trace']:.1f} {found['scale']:.0f}" == "0.557 16.9 54"
    # A fresh sample of batches, from the gradients themselves.
    rng = np.random.default_rng(77)
    for size in (1, 64):
        means = np.array([rows[rng.integers(0, 1000, size)].mean(axis=0) for _ in range(60)])
        error = np.sqrt(np.square(means - full).sum(axis=1).mean())
        cosine = (means @ full / np.linalg.norm(means, axis=1)).mean() / np.linalg.norm(full)
        assert error == pytest.approx(found[f"b{size}"]["law"], rel=0.12)
        assert found[f"b{size}"]["error"] == pytest.approx(found[f"b{size}"]["law"], rel=0.04)
        assert cosine == pytest.approx(found[f"b{size}"]["cosine"], abs=0.06)


def test_law_and_factor_without_replacement_by_enumeration():
    values = [Fraction(v) for v in (2, -1, 4, 0, 7)]
    mean = sum(values) / 5
    variance = sum((v - mean) ** 2 for v in values) / 5
    for size in (1, 2, 3):
        replaced = [sum(pick) / size for pick in itertools.product(values, repeat=size)]
        kept = [sum(pick) / size for pick in itertools.combinations(values, size)]
        assert sum(replaced) / len(replaced) == sum(kept) / len(kept) == mean
        assert sum((m - mean) ** 2 for m in replaced) / len(replaced) == variance / size
        assert sum((m - mean) ** 2 for m in kept) / len(kept) == variance / size * Fraction(
            5 - size, 4
        )


def test_worth_of_a_step_by_enumeration():
    """On a quadratic loss the formula is exact: average over all batches of 2 from 4."""
    rng = np.random.default_rng(3)
    single, root = rng.normal(size=(4, 3)), rng.normal(size=(3, 3))
    H, g = root @ root.T, single.mean(axis=0)
    sigma = (single - g).T @ (single - g) / 4

    def change(eta, size=2):
        steps = [-eta * np.mean(pick, axis=0) for pick in itertools.product(single, repeat=size)]
        return np.mean([g @ step + 0.5 * step @ H @ step for step in steps])

    along = g @ H @ g
    critical = np.trace(H @ sigma) / along
    for eta in (0.05, 0.3):
        assert change(eta) == pytest.approx(
            -eta * g @ g + eta**2 / 2 * (along + np.trace(H @ sigma) / 2)
        )
    best = minimize_scalar(change, bounds=(0, 5), method="bounded", options={"xatol": 1e-9})
    assert best.x == pytest.approx(g @ g / along / (1 + critical / 2), rel=1e-5)
    assert best.fun == pytest.approx(-((g @ g) ** 2) / (2 * along) / (1 + critical / 2), rel=1e-6)


def test_noise_scale_on_the_way(data, start):
    found = batch_size.noise_scale_on_the_way()
    assert found["start"]["scale"] == pytest.approx(batch_size.noise_at_start()["scale"])
    assert found["start"]["loss"] == pytest.approx(
        networks.mean_loss(start, data.train_x, data.train_y)
    )
    named = [found[name] for name in ("start", "middle", "late")]
    assert [round(row["scale"]) for row in named] == [54, 27, 54]
    # The losses printed are those of the points measured, not the bounds that picked them.
    layers, passed = start, {}
    for _ in range(60):
        loss, slopes, _ = networks.backward(layers, data.train_x, data.train_y)
        for name, bound in (("middle", 1.5), ("late", 0.6)):
            if loss < bound:
                passed.setdefault(name, loss)
        layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(layers, slopes, strict=True)]
    for name, loss in passed.items():
        assert found[name]["loss"] == pytest.approx(loss, rel=1e-6)
    assert f"{passed['middle']:.1f} {passed['late']:.1f}" == "1.2 0.6"
    assert found["end"]["scale"] > 5 * found["late"]["scale"]


def test_fit_finds_a_planted_law():
    sizes = np.array([1, 4, 16, 64, 256])
    least, critical = batch_size.fit_law(sizes, 60 * (1 + 30 / sizes))
    assert (least, critical) == (pytest.approx(60, rel=0.01), pytest.approx(30, rel=0.01))


def test_race_is_plain_training(data, start):
    """The stacked runs arrive when a loop over networks.backward with the same batches does."""
    rng, layers = np.random.default_rng(100), [(W.copy(), b.copy()) for W, b in start]
    step, look = 0, int(36 * (1 + 32 / 32))
    while True:
        step += 1
        pick = rng.integers(0, 1000, 32)
        slopes = networks.backward(layers, data.train_x[pick], data.train_y[pick])[1]
        layers = [
            (W - 0.5 * dW, b - 0.5 * db) for (W, b), (dW, db) in zip(layers, slopes, strict=True)
        ]
        if step == look:
            look = max(step + 1, int(step * 1.04))
            if networks.mean_loss(layers, data.train_x, data.train_y) <= 0.15:
                break
    rate, steps, right = batch_size.race(32, (0.5,), draws=1)
    assert (rate, steps) == (0.5, step)
    assert right == pytest.approx(networks.accuracy(layers, data.test_x, data.test_y))
    assert (
        batch_size.race(32, (0.5,), draws=1, target=0.3)[1] < steps
    )  # an easier target, fewer steps


def test_tradeoff_claims():
    found = batch_size.to_target()
    steps = {size: found[f"b{size}"]["steps"] for size in batch_size.SIZES}
    assert [found[f"b{size}"]["rate"] for size in (1, 2, 4, 8)] == [1 / 16, 1 / 8, 1 / 4, 1 / 2]
    assert max(found[f"b{size}"]["rate"] for size in batch_size.SIZES) == 1
    assert 6 < steps[1] / steps[8] < 9  # nearly perfect scaling
    assert steps[64] / steps[512] < 2 and 4.5 < found["waste"] < 5.5
    raw = found["b512"]["examples"] / found["b64"]["examples"]
    assert found["waste"] == pytest.approx(raw, rel=0.06)
    assert found["b512"]["examples"] > 10 * found["b8"]["examples"]
    assert 20 < found["critical"] < 45 and 50 < found["least_steps"] < 75
    assert all(
        0.8 < row["steps"] / row["law"] < 1.25 for row in found.values() if isinstance(row, dict)
    )
    assert all(0.92 < row["accuracy"] < 0.985 for row in found.values() if isinstance(row, dict))
    assert [found[f"b{size}"]["about"] for size in (1, 8, 64, 512)] == [2000, 280, 100, 62]


def test_multiplications():
    products = [(1, 64, 32), (1, 32, 10), (10, 1, 32), (32, 1, 64), (1, 10, 32)]
    assert batch_size.multiplications()["all"] == sum(a * b * c for a, b, c in products) == 5056
    assert batch_size.count_multiplications((3, 5, 2))["all"] == 2 * (15 + 10) + 10
    row = batch_size.to_target()["b512"]
    assert row["each_step"] == pytest.approx(5056 * 512 / 1e6)
    assert row["million"] == pytest.approx(row["each_step"] * row["about"])


def test_same_epochs():
    found = batch_size.same_epochs()
    assert [found[name]["steps"] for name in ("b8", "b64", "b512")] == [375, 48, 6]
    assert (
        found["b8"]["loss"] < 0.25 < 0.35 < found["b64"]["loss"] < 0.55
        and found["b512"]["loss"] > 1.2
    )


def test_sharpness_changes_and_the_function_does_not(data, start):
    layers = networks.train(start, data.train_x, data.train_y, rate=0.5, steps=375, batch=8)[0]
    twin = batch_size.rescaled(layers, 10.0)
    assert np.allclose(networks.outputs(layers, data.test_x), networks.outputs(twin, data.test_x))
    found = batch_size.sharpness()
    assert found["loss"] == pytest.approx(found["twin_loss"])

    def curvature(parts):
        """Largest eigenvalue of the exact Hessian: differentiate the backward pass in a direction.

        Exact within a linear region; finite differences can meet a kink of a ReLU by chance.
        """
        (Z1, _), (X, A1, outputs) = networks.forward(parts, data.train_x)
        (W1, b1), (W2, b2) = parts
        hats, on = networks.softmax(outputs), Z1 > 0
        delta2 = (hats - digits.one_hot(data.train_y)) / len(X)
        cuts = np.cumsum([W1.size, b1.size, W2.size])

        def times(vector):
            V1, c1, V2, c2 = np.split(np.ravel(vector), cuts)
            V1, V2 = V1.reshape(W1.shape), V2.reshape(W2.shape)
            moved = (X @ V1.T + c1) * on
            out = A1 @ V2.T + moved @ W2.T + c2
            error2 = hats * (out - (hats * out).sum(axis=1, keepdims=True)) / len(X)
            error1 = (error2 @ W2 + delta2 @ V2) * on
            slopes = ((error1.T @ X, error1.sum(0)), (error2.T @ A1 + delta2.T @ moved, error2.sum(0)))
            return flat(slopes)

        size = len(flat(parts))
        begin = np.random.default_rng(3).normal(size=size)
        operator = LinearOperator((size, size), matvec=times)
        return eigsh(operator, k=2, which="LA", v0=begin, return_eigenvectors=False)[-1]

    assert found["before"] == pytest.approx(curvature(layers), rel=1e-3)
    assert found["after"] == pytest.approx(curvature(twin), rel=1e-3)
    # The block of the output weights grows by the factor squared; the Hessian has at least that.
    logits, hidden = (
        networks.outputs(twin, data.train_x),
        networks.forward(twin, data.train_x)[1][1],
    )
    shares = networks.softmax(logits)
    inner = np.eye(10) * shares[:, :, None] - shares[:, :, None] * shares[:, None]
    block = (
        np.einsum("nij,nk,nl->ikjl", inner, hidden, hidden, optimize=True).reshape(320, 320) / 1000
    )
    assert found["after"] >= np.linalg.eigvalsh(block)[-1] * 0.999 > 20 * found["before"]
