"""Each noise against its formula, on flat pictures, where counting can check it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from edgedigits.errors import EdgeDigitsError
from edgedigits_train import noise

Images = npt.NDArray[np.uint8]


def flat(value: int, count: int = 40) -> Images:
    return np.full((count, 28, 28), value, np.uint8)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def dot() -> Images:
    images = np.zeros((1, 28, 28), np.uint8)
    images[0, 14, 14] = 255
    return images


def strokes(count: int = 5000) -> Images:
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 6:22, 12:16] = np.linspace(60, 255, count).astype(np.uint8)[:, None, None]
    return images


EVERY = {
    **{name: (lambda x, r, f=f: f.apply(x, f.example, r)) for name, f in noise.FAMILIES.items()},
    **{f"n-MNIST {name}": f for name, f in noise.N_MNIST.items()},
    **{f"n-MNIST, soft, {name}": f for name, f in noise.N_MNIST_SOFT.items()},
}


@pytest.mark.parametrize("name", EVERY)
def test_seeded_pure_and_independent_of_the_batch(name: str) -> None:
    images = strokes()
    before = images.copy()
    whole = EVERY[name](images, rng())
    assert (whole.dtype, whole.shape) == (np.uint8, images.shape)
    assert np.array_equal(images, before), "the argument was changed"
    assert not np.array_equal(whole, images)
    assert np.array_equal(whole, EVERY[name](images, rng()))
    # Split elsewhere than the internal chunks: a report on a part must agree with one on the whole.
    r = rng()
    parts = [EVERY[name](images[:1700], r), EVERY[name](images[1700:], r)]
    assert np.array_equal(whole, np.concatenate(parts))
    assert EVERY[name](images[:0], rng()).shape == (0, 28, 28)


@pytest.mark.parametrize("sigma", [0.02, 0.1, 0.15])
def test_gaussian_has_its_sigma(sigma: float) -> None:
    values = noise.gaussian(flat(128), sigma, rng()) / 255.0
    assert values.std() == pytest.approx(sigma, rel=0.03)
    assert values.mean() == pytest.approx(128 / 255, abs=0.003)


def test_gaussian_is_clipped_not_wrapped() -> None:
    values = noise.gaussian(flat(0), 0.335, rng())
    # Half of the draws fall below black; the others average sigma * sqrt(2 / pi), less a little clipping.
    assert (values == 0).mean() == pytest.approx(0.5, abs=0.02)
    assert values[values > 0].mean() / 255 == pytest.approx(0.335 * np.sqrt(2 / np.pi), rel=0.05)
    assert np.array_equal(noise.gaussian(strokes(10), 0.0, rng()), strokes(10))


def test_strength_may_differ_from_picture_to_picture() -> None:
    values = noise.gaussian(flat(128, 3), np.array([0.0, 0.05, 0.15]), rng()) / 255.0
    assert [round(float(v.std()), 2) for v in values] == [0.0, 0.05, 0.15]


@pytest.mark.parametrize("share", [0.0, 0.2, 0.7, 1.0])
def test_salt_and_pepper_replaces_that_share_in_equal_parts(share: float) -> None:
    values = noise.salt_and_pepper(flat(100, 200), share, rng())
    assert (values == 255).mean() == pytest.approx(share / 2, abs=0.005)
    assert (values == 0).mean() == pytest.approx(share / 2, abs=0.005)
    assert (values == 100).mean() == pytest.approx(1 - share, abs=0.005)


@pytest.mark.parametrize("sigma", [0.7, 1.5, 3.0])
def test_blur_spreads_a_dot_with_its_sigma(sigma: float) -> None:
    spread = noise.gaussian_blur(dot(), sigma)[0].astype(float)
    offset = np.arange(28) - 14.0
    weight = spread / spread.sum()
    assert np.sqrt((weight * offset[None, :] ** 2).sum()) == pytest.approx(sigma, rel=0.15)
    assert np.array_equal(spread, spread.T)


def test_no_blur_is_no_change() -> None:
    assert np.array_equal(noise.gaussian_blur(strokes(3), 0), strokes(3))
    assert np.array_equal(noise.motion_blur(strokes(3), 1, 15), strokes(3))


def test_motion_kernel_is_the_one_of_n_mnist() -> None:
    # Matlab's fspecial('motion', 5, 15), computed with its published algorithm.
    expected = [
        [0, 0, 0.0066, 0.0571, 0.1000],
        [0.0941, 0.1446, 0.1951, 0.1446, 0.0941],
        [0.1000, 0.0571, 0.0066, 0, 0],
    ]
    assert noise.motion_kernel(5, 15)[1:4] == pytest.approx(np.array(expected), abs=6e-5)


@pytest.mark.parametrize(
    ("angle", "rows", "columns"),
    [(0, 1, 7), (90, 7, 1)],  # 0 degrees shakes sideways, 90 up and down
)
def test_motion_blur_goes_in_its_direction(angle: float, rows: int, columns: int) -> None:
    inked = noise.motion_blur(dot(), 7, angle)[0] > 0
    assert (inked.any(axis=1).sum(), inked.any(axis=0).sum()) == (rows, columns)


def test_motion_angle_is_anticlockwise() -> None:
    inked = noise.motion_blur(dot(), 9, 45)[0]
    assert inked[11, 17] > 0, "45 degrees goes up to the right"
    assert inked[17, 17] == 0


@pytest.mark.parametrize(("factor", "expected"), [(0.5, 100), (0.0, 0), (1.0, 200), (0.3, 60)])
def test_contrast_keeps_black(factor: float, expected: int) -> None:
    assert (noise.contrast(flat(200), factor) == expected).all()
    assert (noise.contrast(flat(0), factor) == 0).all()


def test_n_mnist_sigmas_are_the_hard_reading() -> None:
    blank = noise.N_MNIST["awgn"](flat(128, 400), rng()) / 255.0
    assert np.quantile(blank, 0.8413) - np.median(blank) == pytest.approx(10 ** (-9.5 / 20), abs=0.006)
    faint = noise.N_MNIST["contrast + awgn"](flat(255, 400), rng()) / 255.0
    assert np.median(faint) == pytest.approx(0.5, abs=0.01)
    assert np.quantile(faint, 0.8413) - np.median(faint) == pytest.approx(0.25, abs=0.006)


def test_measured_power_is_that_of_each_picture() -> None:
    images = np.concatenate([flat(51, 300), flat(102, 300)])
    values = noise.measured_gaussian(images, 20, rng()) / 255.0
    assert values[:300].std() == pytest.approx(0.2 / 10, rel=0.05)
    assert values[300:].std() == pytest.approx(0.4 / 10, rel=0.05)


def test_compose_applies_in_order() -> None:
    both = noise.compose(lambda x, r: noise.contrast(x, 0.5), lambda x, r: noise.salt_and_pepper(x, 0.2, r))
    values = both(flat(200), rng())
    assert set(np.unique(values)) == {0, 100, 255}, "the salt must not lose its contrast"


@pytest.mark.parametrize(
    "images",
    [np.zeros((2, 28, 28), np.float32), np.zeros((28, 28), np.uint8), np.zeros((2, 28, 28, 1), np.uint8)],
)
def test_other_batches_are_refused(images: Images) -> None:
    with pytest.raises(EdgeDigitsError, match="noise cannot be added to this batch"):
        noise.gaussian(images, 0.3, rng())
