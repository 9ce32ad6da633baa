"""The corruption suites: seeded, independent of one another, and each as documented."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgedigits_train.measures import corruptions, marks, reserve, robustness

Images = npt.NDArray[np.uint8]
EVERY = {**robustness.NOISES, **robustness.SOFT, **robustness.GUARD, **robustness.RESERVE}


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def black(count: int = 30) -> Images:
    return np.zeros((count, 28, 28), np.uint8)


def bars(count: int = 30) -> Images:
    """Return vertical bars with a brighter upper half: no symmetry hides a wrong direction."""
    images = black(count)
    images[:, 4:24, 13:15] = 180
    images[:, 4:14, 13:15] = 250
    return images


def inked_columns(image: Images) -> list[int]:
    return [int(c) for c in np.flatnonzero(image.any(axis=0))]


@pytest.mark.parametrize("name", EVERY)
def test_every_set_is_seeded_pure_and_different(name: str) -> None:
    images = bars()
    first = robustness.draw(name, EVERY[name], images, seed=1)
    assert (first.shape, first.dtype.name) == (images.shape, "uint8")
    assert np.array_equal(images, bars()), "the argument was changed"
    assert not np.array_equal(first, images)
    assert np.array_equal(first, robustness.draw(name, EVERY[name], images, seed=1))
    assert robustness.draw(name, EVERY[name], black(0)).shape == (0, 28, 28)


def test_every_set_has_a_seed_of_its_own() -> None:
    blank = black(5)
    drawn = [robustness.draw(name, robustness.NOISES["n-MNIST white noise"], blank) for name in ("a", "b")]
    assert not np.array_equal(*drawn), "two sets would share their noise"


def test_suites_do_not_overlap() -> None:
    assert len(EVERY) == 7 + 2 + 15 + 10


def test_shot_noise_has_the_spread_of_its_photons() -> None:
    x = np.full((100, 28, 28), 51, np.uint8)
    values = corruptions.shot_noise(x, rng(), photons=20) / 255
    assert values.mean() == pytest.approx(0.2, rel=0.02)
    assert values.var() == pytest.approx(0.2 / 20, rel=0.05)


def test_glass_blur_keeps_the_ink_and_roughens_it() -> None:
    x = bars()
    y = corruptions.glass_blur(x, rng())
    assert y.mean() == pytest.approx(x.mean(), rel=0.02)
    smooth = np.stack([cv2.GaussianBlur(image, (0, 0), 1) for image in x])
    # Blur alone leaves a straight bar constant along its length; glass blur does not.
    assert y[:, 6:12, 13].std(axis=1).mean() > smooth[:, 6:12, 13].std(axis=1).mean() + 5


def test_motion_trail_is_one_sided() -> None:
    x = black(50)
    x[:, 14, 14] = 255
    y = corruptions.motion_trail(x, rng()).astype(float)
    centre = (y * np.arange(28)).sum() / y.sum()
    assert abs(centre - 14) > 1.5
    spread = [len(inked_columns(image.astype(np.uint8))) for image in y]
    assert min(spread) > 4


@pytest.mark.parametrize(
    ("corruption", "tall", "wide"),
    [
        # for a bar 20 tall and 2 wide; linear interpolation adds up to a pixel on each side
        (corruptions.scale, 14, 2),
        (corruptions.rotate, 20 * np.cos(0.4) + 2 * np.sin(0.4), 20 * np.sin(0.4) + 2 * np.cos(0.4)),
        (corruptions.shear, 20 / np.cos(0.4), 20 * np.tan(0.4) + 2),
        (corruptions.translate, 20, 2),
    ],
)
def test_geometry_has_its_size(corruption: robustness.Corruption, tall: float, wide: float) -> None:
    for image in corruption(bars(), rng()):
        rows, columns = np.flatnonzero((image > 90).any(axis=1)), np.flatnonzero((image > 90).any(axis=0))
        assert len(rows) == pytest.approx(tall, abs=2)
        assert len(columns) == pytest.approx(wide, abs=2)


@pytest.mark.parametrize("corruption", [corruptions.rotate, corruptions.shear, corruptions.translate])
def test_geometry_goes_both_ways(corruption: robustness.Corruption) -> None:
    leans = {int(np.sign(np.flatnonzero(image[8] > 60).mean() - 13.5)) for image in corruption(bars(), rng())}
    assert leans == {-1, 1}


def test_translate_is_exact() -> None:
    for image in corruptions.translate(bars(), rng()):
        assert any(
            np.array_equal(image, np.roll(bars(1)[0], (dy, dx), (0, 1))) for dy in (-3, 3) for dx in (-3, 3)
        )


def test_brightness_lifts_the_ground_and_saturates() -> None:
    y = corruptions.brightness(bars(), rng())
    assert set(np.unique(y)) == {128, 255}


def test_fog_is_smooth_varied_and_scaled_to_the_picture() -> None:
    y = corruptions.fog(bars(200), rng())
    assert y.max() <= 250
    assert y[:, 0, 0].std() > 20, "every picture has its own fog"
    steps = np.abs(np.diff(y[:, :, :12].astype(float), axis=1)).mean()
    assert steps < y[:, :, :12].std() / 3, "neighbouring pixels have nearly the same fog"
    assert not corruptions.fog(black(), rng()).any()


def test_spatter_hides_ink_and_dirties_the_ground() -> None:
    y = corruptions.spatter(bars(100), rng())
    assert y[:, :, :12].max() == 63
    # The patches cover about an eighth, so some of the bar's 4,000 pixels are hidden, most are not.
    assert 0.02 < (y[:, 4:14, 13:15] < 130).mean() < 0.3


def test_stripe_inverts_the_outer_quarters_only() -> None:
    y = marks.stripe(bars(), rng())
    assert (y[:, :, :7] == 255).all()
    assert (y[:, :, 21:] == 255).all()
    assert np.array_equal(y[:, :, 7:21], bars()[:, :, 7:21])


def test_dotted_line_crosses_the_picture_two_on_two_off() -> None:
    y = marks.dotted_line(black(60), rng())
    for image in y:
        assert {c % 4 for c in inked_columns(image)} == {2, 3}
        assert min(inked_columns(image)) == 2
        assert max(inked_columns(image)) == 26
    heights = {int(image[:, 2].argmax()) for image in y}
    assert len(heights) > 10


def test_zigzag_turns_every_four_pixels() -> None:
    y = marks.zigzag(black(60), rng())
    middle = [image for image in y if 8 < image[:, 2].argmax() < 20]
    for image in middle:
        columns = inked_columns(image)
        assert min(columns) in (2, 1)
        assert max(columns) in (24, 25, 26)
        ridge = image[:, 3:25].argmax(axis=0)
        turns = np.count_nonzero(np.diff(np.sign(np.diff(ridge.astype(float)))))
        assert turns >= 4


def test_canny_leaves_only_outlines() -> None:
    y = corruptions.canny_edges(bars(), rng())
    assert set(np.unique(y)) == {0, 255}
    row = np.flatnonzero(y[0, 10])
    assert len(row) == 2, "one edge on each side of the bar"
    assert row[0] < 13.5 < row[1]


def spread(count: int = 30) -> Images:
    """Return pictures in which every pixel differs, to see where each of them goes."""
    return np.arange(count * 784, dtype=np.uint32).astype(np.uint8).reshape(count, 28, 28)


def test_row_jitter_moves_whole_rows_by_at_most_one_pixel() -> None:
    x = bars()
    y = reserve.row_jitter(x, rng())
    moved = {int(row.argmax()) - 13 for row in y[:, 5]}
    assert moved == {-1, 0, 1}
    assert np.array_equal(np.sort(y, axis=2), np.sort(x, axis=2))


def test_dead_rows_are_every_fourth_and_differ() -> None:
    y = reserve.dead_rows(np.full((30, 28, 28), 200, np.uint8), rng())
    dead = [tuple(np.flatnonzero(~image.any(axis=1))) for image in y]
    assert set(dead) == {tuple(range(first, 28, 4)) for first in range(4)}


def test_halftone_has_two_colours_and_keeps_the_brightness() -> None:
    y = reserve.halftone(np.full((1, 28, 28), 102, np.uint8), rng())
    assert set(np.unique(y)) == {0, 255}
    assert y.mean() / 255 == pytest.approx(0.25 + 0.5 * 0.4, abs=1 / 16)


def test_grating_has_its_amplitude() -> None:
    y = reserve.grating(np.full((300, 28, 28), 128, np.uint8), rng()) / 255
    assert y.std() == pytest.approx(0.25 / np.sqrt(2), rel=0.03)


def test_zoom_blur_leaves_the_centre_sharp_and_smears_the_rim() -> None:
    x = np.zeros((1, 28, 28), np.uint8)
    x[0, :, 13:15] = 255
    x[0, :, 22] = 255
    y = reserve.zoom_blur(x, rng())[0]
    assert y[14, 13:15].min() > 240
    assert y[14, 22] < 120
    assert y[14, 24] > 20, "outwards, not inwards"
    assert y[14, 20] < 10


def test_ghost_is_half_as_bright_and_four_pixels_aside() -> None:
    x = black(40)
    x[:, 14, 14] = 200
    places = {tuple(np.argwhere(image == 100)[0] - 14) for image in reserve.ghost(x, rng())}
    assert places == {(4, 0), (-4, 0), (0, 4), (0, -4)}


def test_block_shuffle_stays_in_its_block() -> None:
    x = spread()
    y = reserve.block_shuffle(x, rng())

    def blocks(images: Images) -> Images:
        return np.sort(images.reshape(-1, 14, 2, 14, 2).swapaxes(2, 3).reshape(-1, 4), axis=1)

    assert np.array_equal(blocks(x), blocks(y))
    assert (x != y).mean() == pytest.approx(0.75, abs=0.02), "a random order leaves a quarter in place"


@pytest.mark.parametrize("corruption", [reserve.swirl, reserve.ripple])
def test_warps_keep_the_ink(corruption: robustness.Corruption) -> None:
    x = bars()
    y = corruption(x, rng())
    assert y.mean() == pytest.approx(x.mean(), rel=0.05)
    assert np.abs(y.astype(int) - x).max() > 60
    assert len({image.tobytes() for image in y}) > 1, "every picture has its own"


def test_watercolour_takes_out_what_is_thin() -> None:
    x = bars()
    x[:, 14, 3] = 255
    y = reserve.watercolour(x, rng())
    assert not y[:, :, :10].any()
    assert (y[:, 8:20, 13:15] > 150).all()
