"""The worked example of 3.2.5: two inputs, two hidden units, two outputs, forward and backward by hand."""

import numpy as np

from .networks import sigmoid

INPUT, TARGET, RATE = np.array([0.8, 0.4]), np.array([1.0, 0.0]), 0.5
START = {
    "W1": np.array([[0.3, -0.5], [0.6, 0.2]]),
    "b1": np.array([0.1, -0.2]),
    "W2": np.array([[0.7, -0.4], [-0.3, 0.9]]),
    "b2": np.array([0.2, -0.1]),
}


def forward_pass(parameters, x=INPUT, y=TARGET):
    """All values of the forward pass of the 2-2-2 network."""
    z1 = parameters["W1"] @ x + parameters["b1"]
    a1 = sigmoid(z1)
    z2 = parameters["W2"] @ a1 + parameters["b2"]
    a2 = sigmoid(z2)
    return {
        "z1": z1,
        "a1": a1,
        "z2": z2,
        "y": a2,
        "error": a2 - y,
        "losses": (a2 - y) ** 2 / 2,
        "loss": float(((a2 - y) ** 2).sum() / 2),
    }


def backward_pass(parameters, state, x=INPUT):
    """The four equations of backpropagation."""
    slope2, slope1 = state["y"] * (1 - state["y"]), state["a1"] * (1 - state["a1"])
    d2 = state["error"] * slope2
    back = parameters["W2"].T @ d2
    d1 = back * slope1
    return {
        "slope2": slope2,
        "d2": d2,
        "back": back,
        "slope1": slope1,
        "d1": d1,
        "W2": np.outer(d2, state["a1"]),
        "b2": d2,
        "W1": np.outer(d1, x),
        "b1": d1,
    }


def step(parameters, gradients, rate=RATE):
    """One step of gradient descent."""
    return {name: value - rate * gradients[name] for name, value in parameters.items()}


def numeric_gradient(name, h=1e-5):
    """Central differences of the loss with respect to each entry of one parameter array."""
    result = np.zeros_like(START[name])
    for place in np.ndindex(result.shape):
        moved = []
        for sign in (1, -1):
            trial = {key: value.copy() for key, value in START.items()}
            trial[name][place] += sign * h
            moved.append(forward_pass(trial)["loss"])
        result[place] = (moved[0] - moved[1]) / (2 * h)
    return result
