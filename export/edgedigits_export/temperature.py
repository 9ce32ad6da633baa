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
REFUSED = 0.001
"""Share of clean validation digits that may be taken for something else, so that it stays below 0.002 of new
ones: of 6,000 six are refused, and were they drawn anew, now and then twelve."""
_TAIL = 0.02
"""Share of the digits, the least certain, from which the threshold is estimated."""
_FEWEST = 50
"""Digits in the tail below which its shape cannot be estimated."""


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
    """The threshold, in steps of a millionth, below which `REFUSED` of all such digits are expected.

    `digit_score` [N >= 1], 0..1, of clean digits; a frame is refused where its score is below.
    The six worst of 6,000 digits say little of the next 6,000, so a generalized Pareto distribution is
    fitted to the worst fiftieth, in logits, by probability-weighted moments (Hosking and Wallis,
    Technometrics 29, 1987): a third less spread over samples than counting. Few digits are counted.
    """
    score = np.sort(np.asarray(digit_score, np.float64))
    count = int(_TAIL * len(score))
    doubt = -_logit(score[count::-1])  # the tail, after the digit where it begins
    over = doubt[1:] - doubt[0]
    if count < _FEWEST or not over.any():
        return float(np.floor(score[int(REFUSED * len(score))] * 1e6) / 1e6)
    mean = over.mean()
    weighted = np.mean(over * (1 - (np.arange(1, count + 1) - 0.35) / count))
    shape = mean / (mean - 2 * weighted) - 2
    scale = 2 * mean * weighted / (mean - 2 * weighted)
    share = REFUSED / _TAIL
    # Without a shape it is an exponential distribution, the limit of this expression.
    beyond = -scale * np.log(share) if abs(shape) < 1e-9 else scale / shape * (1 - share**shape)
    return float(np.floor(1e6 / (1 + np.exp(doubt[0] + beyond))) / 1e6)


def _logit(share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    kept = np.clip(share, 1e-12, 1 - 1e-12)
    return np.log(kept) - np.log1p(-kept)
