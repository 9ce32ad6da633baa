"""The optimizer of the packaged network: its steps, compared with Adam's."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("keras", reason="the extra `train` is not installed")

import keras

from edgedigits_train.muon import Muon, orthogonal

# TensorFlow's variables support only numpy 1's `__array__`, which we cannot fix.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)


@pytest.mark.parametrize(
    ("shape", "scale"),
    [
        pytest.param((12, 12), 1.0, id="square"),
        pytest.param((432, 48), 1.0, id="tall, as most kernels are"),
        pytest.param((9, 64), 1.0, id="wide: the smaller side is multiplied"),
        pytest.param((36, 32), 1e-4, id="small gradients late in a run"),
        pytest.param((36, 32), 1e4, id="large ones at its start"),
    ],
)
def test_all_directions_get_the_same_length(shape: tuple[int, int], scale: float) -> None:
    matrix = np.random.default_rng(5).standard_normal(shape).astype(np.float32) * np.float32(scale)
    before = np.linalg.svd(matrix, compute_uv=False)
    found = keras.ops.convert_to_numpy(orthogonal(keras.ops.convert_to_tensor(matrix)))
    assert found.shape == shape
    # The directions are kept: the nearest orthogonal matrix has the same singular vectors.
    left, _, right = np.linalg.svd(matrix, full_matrices=False)
    lengths = np.diag(left.T @ found @ right.T)
    strong = before > 0.05 * before.max()
    assert np.all((lengths[strong] > 0.6) & (lengths[strong] < 1.25)), lengths


def test_no_gradient_is_no_step_and_no_division_by_zero() -> None:
    found = keras.ops.convert_to_numpy(orthogonal(keras.ops.zeros((9, 4))))
    assert np.array_equal(found, np.zeros((9, 4)))


def step(optimizer: keras.optimizers.Optimizer, shape: tuple[int, ...], gradient: np.ndarray) -> np.ndarray:
    variable = keras.Variable(np.zeros(shape, np.float32))
    optimizer.build([variable])
    optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
    return np.asarray(keras.ops.convert_to_numpy(variable))


@pytest.mark.parametrize("shape", [(64,), (256, 11)], ids=["scales and shifts", "the dense layer"])
def test_what_is_no_kernel_is_left_to_adam(shape: tuple[int, ...]) -> None:
    gradient = np.random.default_rng(2).standard_normal(shape).astype(np.float32)
    muon = step(Muon(0.01), shape, gradient)
    np.testing.assert_array_equal(muon, step(keras.optimizers.Adam(0.01), shape, gradient))


def test_a_kernels_step_is_as_long_as_adams_usually_is() -> None:
    """Then one learning rate fits both: 0.2 of it, root mean square."""
    gradient = np.random.default_rng(2).standard_normal((3, 3, 48, 48)).astype(np.float32)
    found = step(Muon(0.01), gradient.shape, gradient)
    assert 0.7 < np.sqrt(np.mean(found**2)) / (0.2 * 0.01) < 1.2
    assert np.sum(found * gradient) < 0  # downhill


def test_steps_go_on_in_the_direction_of_those_before() -> None:
    """Nesterov's momentum: what is kept of all gradients decays, and the newest is counted once more."""
    rng = np.random.default_rng(2)
    first, second = (rng.standard_normal((3, 3, 8, 16)).astype(np.float32) for _ in range(2))
    optimizer = Muon(0.01)
    variable = keras.Variable(np.zeros(first.shape, np.float32))
    optimizer.build([variable])
    optimizer.apply([keras.ops.convert_to_tensor(first)], [variable])
    before = np.asarray(keras.ops.convert_to_numpy(variable))
    optimizer.apply([keras.ops.convert_to_tensor(second)], [variable])
    found = np.asarray(keras.ops.convert_to_numpy(variable)) - before
    ahead = second + 0.95 * (0.95 * first + second)
    along = keras.ops.convert_to_numpy(orthogonal(keras.ops.convert_to_tensor(ahead.reshape(72, 16))))
    np.testing.assert_allclose(found.reshape(72, 16), -0.01 * 0.2 * 72**0.5 * along, atol=1e-6)
