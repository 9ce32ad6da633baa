"""The temperature and the rejection threshold of a model, both fitted on validation digits.

Networks trained to convergence are overconfident. Dividing the logits by one number, the temperature,
corrects most of that and changes no answer (Guo et al., 2017, "On Calibration of Modern Neural Networks").
Folded into the weights of the last layer, it costs nothing at run time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from edgedigits.errors import EdgeDigitsError

Floats = npt.NDArray[np.floating[Any]]
Labels = npt.NDArray[np.integer[Any]]

LIMITS = (0.2, 10.0)
"""Limits of the temperature. Values beyond mean that the fit failed, not that the network needs them."""
REFUSED = 0.001
"""Share of clean validation digits that may be refused, chosen so that fewer than 0.002 of new ones are: of
6,000 six are refused, and with other samples now and then twelve."""
_TAIL = 0.02
"""Share of the digits, the least certain ones, from which the threshold is estimated."""
_FEWEST = 50
"""Minimum number of digits in the tail for estimating its shape."""


def fit_temperature(logits: Floats, labels: Labels) -> float:
    """Return the temperature that minimizes the negative log-likelihood of the labels.

    `logits` [N, 10 or 11], `labels` [N] in 0..9. Only the logits of the ten digits are used, because the
    reported confidence is the softmax over these. The likelihood is convex in 1 / T, so a golden-section
    search over log T finds its only minimum; the result lies within `LIMITS`.
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
    """Return the mean of -log softmax(logits)[label]."""
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
    """Return the threshold, in steps of a millionth, below which a share `REFUSED` of digits is expected.

    `digit_score` [N >= 1], 0..1, of clean digits; frames with a score below the threshold are refused.
    The six worst of 6,000 digits say little about the next 6,000, so a generalized Pareto distribution is
    fitted to the worst fiftieth, in logits, by probability-weighted moments (Hosking and Wallis,
    Technometrics 29, 1987): its spread over samples is a third less than with counting. With too few
    digits, they are counted.
    """
    score = np.sort(np.asarray(digit_score, np.float64))
    count = int(_TAIL * len(score))
    doubt = -_logit(score[count::-1])  # the tail, preceded by the digit at which it begins
    over = doubt[1:] - doubt[0]
    if count < _FEWEST or not over.any():
        return float(np.floor(score[int(REFUSED * len(score))] * 1e6) / 1e6)
    mean = over.mean()
    weighted = np.mean(over * (1 - (np.arange(1, count + 1) - 0.35) / count))
    shape = mean / (mean - 2 * weighted) - 2
    scale = 2 * mean * weighted / (mean - 2 * weighted)
    share = REFUSED / _TAIL
    # With shape 0 it is an exponential distribution, the limit of this expression.
    beyond = -scale * np.log(share) if abs(shape) < 1e-9 else scale / shape * (1 - share**shape)
    return float(np.floor(1e6 / (1 + np.exp(doubt[0] + beyond))) / 1e6)


def _logit(share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    kept = np.clip(share, 1e-12, 1 - 1e-12)
    return np.log(kept) - np.log1p(-kept)
