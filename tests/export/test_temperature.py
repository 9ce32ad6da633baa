"""The temperature that makes "95 % sure" true, and the threshold that accepts clean digits."""

from __future__ import annotations

from collections.abc import Callable
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

Draw = Callable[[np.random.Generator, int], np.ndarray]


def drawn(temperature: float, count: int = 40_000) -> tuple[np.ndarray, np.ndarray]:
    """Return logits [N, 11], and labels drawn from the softmax of the first ten divided by `temperature`."""
    rng = np.random.default_rng(7)
    logits = rng.normal(0, 3, (count, 11)).astype(np.float32)
    # The argmax of (logit / T + Gumbel noise) is distributed as the softmax.
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
    """The parts of a Keras layer that the folding uses."""

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


@pytest.mark.parametrize("count", [1, 10, 999, 1000, 2499])
def test_of_few_digits_as_many_as_allowed_are_refused_and_no_more(count: int) -> None:
    score = np.random.default_rng(count).uniform(0.2, 1, count)
    threshold = rejection_threshold(score)
    assert (score < threshold).sum() == int(REFUSED * count)


@pytest.mark.parametrize(
    ("doubt", "reason"),
    [
        (lambda rng, n: rng.logistic(-7, 1.5, n), "logits with an exponential tail"),
        (lambda rng, n: rng.normal(-6, 2, n), "a light tail, with an end as it were"),
        (lambda rng, n: rng.standard_t(4, n) * 2 - 7, "a heavy tail: a few digits far from all others"),
    ],
    ids=["exponential", "light", "heavy"],
)
def test_the_threshold_refuses_the_right_share_of_digits_yet_to_come(doubt: Draw, reason: str) -> None:
    """Known distributions: what 6,000 digits predict for a million others, with less spread than counting."""
    rng = np.random.default_rng(8)
    others = np.sort(1 / (1 + np.exp(doubt(rng, 1_000_000))))
    fitted, counted = [], []
    for _ in range(60):
        score = 1 / (1 + np.exp(doubt(rng, 6000)))
        for found, threshold in ((fitted, rejection_threshold(score)), (counted, np.sort(score)[6])):
            found.append(np.searchsorted(others, threshold) / len(others))
    assert np.mean(fitted) == pytest.approx(REFUSED, rel=0.25), reason
    assert np.std(fitted) < np.std(counted), reason


@pytest.mark.parametrize(
    "score",
    [np.ones(5000), np.r_[np.full(300, 0.4), np.ones(5000)], np.r_[np.zeros(3), np.ones(6000)]],
    ids=["all are certain", "the worst are alike", "three have a score of 0"],
)
def test_scores_without_a_tail_give_a_threshold_all_the_same(score: np.ndarray) -> None:
    threshold = rejection_threshold(score.astype(np.float32))
    assert 0 <= threshold <= 1
    assert (score < threshold).mean() <= REFUSED
