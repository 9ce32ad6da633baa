"""The temperature that makes "95 % sure" true, and the threshold that keeps clean digits."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from edgedigits.errors import EdgeDigitsError
from edgedigits_export.temperature import (
    LIMITS,
    REFUSED,
    fit_temperature,
    fold_temperature,
    rejection_threshold,
)


def drawn(temperature: float, count: int = 40_000) -> tuple[np.ndarray, np.ndarray]:
    """Logits [N, 11], and labels drawn from the softmax of the first ten divided by `temperature`."""
    rng = np.random.default_rng(7)
    logits = rng.normal(0, 3, (count, 11)).astype(np.float32)
    # The largest of (logit / T + Gumbel noise) is distributed as the softmax.
    noise = rng.gumbel(size=(count, 10))
    return logits, (logits[:, :10] / temperature + noise).argmax(axis=1)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5], ids=["unsure", "right", "too sure"])
def test_finds_the_temperature_that_the_labels_were_drawn_with(temperature: float) -> None:
    assert fit_temperature(*drawn(temperature)) == pytest.approx(temperature, rel=0.03)


def test_the_class_of_no_digit_has_no_part_in_it() -> None:
    logits, labels = drawn(1.5)
    shouted = logits.copy()
    shouted[:, 10] = 50
    assert fit_temperature(shouted, labels) == fit_temperature(logits, labels)


def test_always_right_runs_into_the_limit_instead_of_to_zero() -> None:
    logits, _ = drawn(1.0, 500)
    assert fit_temperature(logits, logits[:, :10].argmax(axis=1)) == pytest.approx(LIMITS[0], rel=1e-3)


class Dense:
    """As much of a Keras layer as the folding touches."""

    def __init__(self, activation: str, shape: tuple[int, ...]) -> None:
        self.name = "logits"
        self.activation = SimpleNamespace(__name__=activation)
        self.weights = [np.ones(shape, np.float32), np.full(shape[-1], 3, np.float32)]
        self.kernel = self.weights[0]

    def get_weights(self) -> list[np.ndarray]:
        return self.weights

    def set_weights(self, weights: list[np.ndarray]) -> None:
        self.weights = weights


def test_weights_and_bias_are_divided() -> None:
    last = Dense("linear", (4, 11))
    fold_temperature(SimpleNamespace(layers=[last]), 2.0)
    assert np.all(last.weights[0] == 0.5)
    assert np.all(last.weights[1] == 1.5)


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        (Dense("softmax", (4, 11)), "dividing before a softmax is not dividing the logits"),
        (Dense("linear", (3, 3, 4, 11)), "a convolution"),
        (SimpleNamespace(name="pool"), "no weights"),
    ],
    ids=["softmax", "convolution", "pooling"],
)
def test_refuses_another_last_layer(last: object, reason: str) -> None:
    with pytest.raises(EdgeDigitsError, match="temperature cannot be folded"):
        fold_temperature(SimpleNamespace(layers=[last]), 2.0)


@pytest.mark.parametrize("count", [1, 10, 999, 1000, 6000])
def test_the_threshold_refuses_as_many_as_allowed_and_no_more(count: int) -> None:
    score = np.random.default_rng(count).uniform(0.2, 1, count)
    threshold = rejection_threshold(score)
    assert (score < threshold).sum() == int(REFUSED * count)


def test_scores_that_are_all_one_are_never_refused() -> None:
    score = np.ones(5000, np.float32)
    assert not (score < rejection_threshold(score)).any()
