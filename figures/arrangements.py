"""Five ways to put layers together, each as a small diagram (3.1.2, going further)."""

import numpy as np

from .kit import diagrams, style
from .kit.results import figure
from .models import digits


def _picture():
    """Return the first eight of the digits, 8 x 8 pixels from 0 to 1."""
    pixels, classes = digits.load()
    return pixels[classes == 8][0].reshape(8, 8)


def _residual_block(axes):
    """An identity beside the layers."""
    diagrams.arrow(axes, (0, 12), (7, 12))
    axes.text(0, 14.2, r"$\mathbf{x}$", fontsize=8)
    diagrams.box(axes, 7, 9, 9, 6, "$F$", style.TEAL_TINT)
    diagrams.arrow(axes, (16, 12), (20.3, 12))
    diagrams.dot(axes, 22, 12, 1.7)
    axes.text(22, 11.9, "+", ha="center", va="center", fontsize=8, zorder=5)
    diagrams.arrow(axes, (23.7, 12), (29, 12))
    axes.plot([3, 3, 22, 22], [12, 22, 22, 17], color=style.RUST, linewidth=0.9)
    diagrams.arrow(axes, (22, 18), (22, 13.8), style.RUST, 0.9)
    axes.text(12.5, 24.6, "identity", ha="center", va="center", fontsize=7.5, color=style.RUST)
    axes.text(14, 2.4, r"$\mathbf{x} + F(\mathbf{x})$", ha="center", va="center", fontsize=8)


def _encoder_decoder(axes, left):
    """A sequence in, another out."""
    for place in range(4):
        diagrams.dot(axes, left + 2 + 3.2 * place, 8, fill=style.PALE)
        diagrams.arrow(axes, (left + 2 + 3.2 * place, 9.4), (left + 2 + 3.2 * place, 12))
    diagrams.box(axes, left, 12, 13.4, 6, "encode", style.TEAL_TINT, size=7.5)
    for place in range(3):
        diagrams.dot(axes, left + 18 + 3.6 * place, 22.5)
        diagrams.arrow(axes, (left + 18 + 3.6 * place, 18), (left + 18 + 3.6 * place, 21.2))
    diagrams.box(axes, left + 15.6, 12, 13.4, 6, "decode", style.RUST_TINT, size=7.5)
    diagrams.arrow(axes, (left + 13.4, 15), (left + 15.6, 15))
    axes.text(left + 14.5, 2.4, "one sequence to another", ha="center", va="center", fontsize=7.5)


def _autoencoder(axes, left):
    """A narrow middle."""
    layers = [
        [(left + x, 14.8 + 3.6 * (i - (count - 1) / 2)) for i in range(count)]
        for x, count in ((2, 5), (8.5, 4), (15, 2), (21.5, 4), (28, 5))
    ]
    for before, after in zip(layers, layers[1:], strict=False):
        for p in before:
            for q in after:
                diagrams.line(axes, p, q, width=0.35)
    for number, layer in enumerate(layers):
        for p in layer:
            fill = {0: style.PALE, 2: style.TEAL_TINT}.get(number, "white")
            diagrams.dot(axes, *p, fill=fill)
    axes.text(left + 15, 20, "code", ha="center", va="center", fontsize=7.5)
    axes.text(left + 2, 25.4, r"$\mathbf{x}$", ha="center", va="center", fontsize=8)
    axes.text(left + 28, 25.8, r"$\hat{\mathbf{x}}$", ha="center", va="center", fontsize=8)
    axes.text(left + 15, 2.4, "a narrow middle", ha="center", va="center", fontsize=7.5)


def _adversarial_pair(axes, left):
    """A generator and its judge."""
    axes.text(left, 26, "noise", fontsize=7.5, va="center")
    diagrams.arrow(axes, (left + 4, 24), (left + 4, 21.4))
    diagrams.box(axes, left, 15.4, 8, 6, "$G$", style.TEAL_TINT)
    axes.text(left, 9, "data", fontsize=7.5, va="center")
    diagrams.arrow(axes, (left + 8, 18.4), (left + 17, 15.2))
    diagrams.arrow(axes, (left + 7, 9.1), (left + 17, 12.6))
    axes.text(left + 10.2, 20.2, "fake", fontsize=7.5, va="center")
    axes.text(left + 11.6, 8.2, "real", fontsize=7.5, va="center")
    diagrams.box(axes, left + 17, 11, 8, 6, "$D$", style.RUST_TINT)
    diagrams.arrow(axes, (left + 25, 14), (left + 28, 14))
    axes.text(left + 28.6, 14, "?", fontsize=8, va="center")
    axes.text(left + 14, 2.4, "$G$ learns to fool $D$", ha="center", va="center", fontsize=7.5)


def _diffusion(axes, left):
    """A digit with more and more noise."""
    image, noise = _picture(), np.random.default_rng(0).normal(size=(8, 8))
    edges = np.linspace(0, 7.6, 9)
    for place, keep in enumerate((1.0, 0.5, 0.05)):
        mixed = np.sqrt(keep) * (2 * image - 1) + np.sqrt(1 - keep) * noise
        axes.pcolormesh(left + 10.2 * place + edges, 16.6 - edges, mixed, cmap="Greys", vmin=-1.5, vmax=1.5)
    for place in range(2):
        x = left + 10.2 * place
        diagrams.arrow(axes, (x + 4.5, 17.4), (x + 13.4, 17.4), style.GREY, 0.7, -0.35)
        diagrams.arrow(axes, (x + 13.4, 8.2), (x + 4.5, 8.2), style.TEAL, 0.9, -0.35)
    axes.text(left + 14, 23, "add noise", ha="center", va="center", fontsize=7.5)
    axes.text(left + 14, 2.4, "network removes it", ha="center", va="center", fontsize=7.5, color=style.TEAL)


@figure
def five():
    """Residual block, encoder and decoder, autoencoder, adversarial pair, diffusion."""
    sheet, axes = style.figure("wide", 33)
    style.diagram(axes, 164, 33)
    step = 34
    for column, name in enumerate(
        ("Residual block", "Encoder, decoder", "Autoencoder", "Adversarial pair", "Diffusion")
    ):
        axes.text(column * step, 31.2, name, fontsize=8, fontweight=600, va="center")
    _residual_block(axes)
    for column, panel in enumerate((_encoder_decoder, _autoencoder, _adversarial_pair, _diffusion), 1):
        panel(axes, column * step)
    return sheet
