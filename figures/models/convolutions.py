"""Convolutions as the text says them: sums over windows, how many windows there are, and the way up again."""

import numpy as np

# A bright area whose edge runs down and then turns to the left; it touches three borders.
_IMAGE = np.array([[0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 1, 1, 1, 1], [1, 1, 1, 1, 1]])
# Right column minus left column: the Sobel kernel for vertical edges.
_KERNEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def image():
    """The 5 x 5 image of the worked example."""
    return _IMAGE.copy()


def kernel():
    """The 3 x 3 kernel of the worked example."""
    return _KERNEL.copy()


def output_width(m, k, stride=1, padding=0, dilation=1):
    """Number of places for a kernel of width k on m cells."""
    return (m + 2 * padding - dilation * (k - 1) - 1) // stride + 1


def correlate(image, kernel, stride=1, padding=0, dilation=1):
    """Cross-correlation with zero padding, as the sum in the text says it."""
    padded = np.pad(image, padding)
    k = len(kernel)
    rows = output_width(image.shape[0], k, stride, padding, dilation)
    columns = output_width(image.shape[1], k, stride, padding, dilation)
    result = np.zeros((rows, columns), np.result_type(image, kernel))
    for i in range(rows):
        for j in range(columns):
            for u in range(k):
                for v in range(k):
                    result[i, j] += kernel[u, v] * padded[i * stride + u * dilation, j * stride + v * dilation]
    return result


def same_padding(m, k, stride=1, dilation=1):
    """Cells before and after that the SAME rule adds, the odd one after."""
    total = max((-(-m // stride) - 1) * stride + dilation * (k - 1) + 1 - m, 0)
    return total // 2, total - total // 2


def spread(values, weights, stride):
    """Transposed convolution: each value sets down a copy of the kernel, `stride` cells apart; copies add."""
    k = len(weights)
    result = np.zeros([(n - 1) * stride + k for n in values.shape], int)
    for (i, j), value in np.ndenumerate(values):
        result[i * stride : i * stride + k, j * stride : j * stride + k] += value * weights
    return result


def box_mean(images, mode, layers):
    """Images (count, 8, 8) after some 3 x 3 means, one cell padded before each."""
    for _ in range(layers):
        wide = np.pad(images, ((0, 0), (1, 1), (1, 1)), mode=mode)
        images = sum(wide[:, i : i + 8, j : j + 8] for i in range(3) for j in range(3)) / 9
    return images


def as_matrix_of(weights):
    """The matrix M with M vec(image) = vec(map)."""
    columns = [correlate(one.reshape(5, 5), weights).ravel() for one in np.eye(25, dtype=int)]
    return np.stack(columns, axis=1)
