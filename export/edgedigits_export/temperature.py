"""How sure the file says it is, and below what it refuses to answer: both fitted on held-out pictures.

Networks trained to the end are surer than they are right. One number, the temperature, by which the
logits are divided, mends most of it and changes no answer (Guo et al., 2017, "On Calibration of
Modern Neural Networks"). Divided out of the last layer's weights, it costs nothing at run time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from edgedigits.errors import EdgeDigitsError

Floats = npt.NDArray[np.floating[Any]]
Labels = npt.NDArray[np.integer[Any]]

LIMITS = (0.2, 10.0)
"""Temperatures beyond these mean that the fit went wrong, not that the network needs them."""
REFUSED = 0.0015
"""Share of clean validation digits that may be taken for something else, so that it stays below 0.002 of new
ones: of 6,000 nine are refused, give or take three."""


def fit_temperature(logits: Floats, labels: Labels) -> float:
    """The temperature with the least negative log-likelihood of the labels.

    `logits` [N, 10 or 11], `labels` [N] in 0..9. Only the ten digits' logits are used, because the
    confidence that is reported is the softmax over these. The likelihood is convex in 1 / T, so a
    golden-section search over log T finds the one minimum; the answer is cut to `LIMITS`.
    """
    digits = np.asarray(logits, np.float64)[:, :10]
    ratio = (np.sqrt(5) - 1) / 2
    low, high = np.log(LIMITS)
    while high - low > 1e-5:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if _loss(digits / np.exp(left), labels) < _loss(digits / np.exp(right), labels):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def _loss(logits: Floats, labels: Labels) -> float:
    """Mean of -log softmax(logits)[label]."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels]))


def fold_temperature(model: Any, temperature: float) -> None:
    """Divide the logits of a Keras model by `temperature`, in the weights of its last layer, in place."""
    last = model.layers[-1]
    kernel = getattr(last, "kernel", None)
    linear = getattr(getattr(last, "activation", None), "__name__", "") == "linear"
    if kernel is None or not linear or len(kernel.shape) != 2:
        raise EdgeDigitsError(
            "the temperature cannot be folded into this network",
            expected="a dense layer without activation at its end",
            received=f"{type(last).__name__} {last.name!r}",
        )
    last.set_weights([weights / np.float32(temperature) for weights in last.get_weights()])


def rejection_threshold(digit_score: Floats) -> float:
    """The largest threshold, in steps of a millionth, that refuses at most `REFUSED` of these digits.

    `digit_score` [N >= 1], 0..1, of clean digits; a frame is refused where its score is below.
    """
    ranked = np.sort(np.asarray(digit_score, np.float64))
    return float(np.floor(ranked[int(REFUSED * len(ranked))] * 1e6) / 1e6)
