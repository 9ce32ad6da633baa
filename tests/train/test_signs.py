"""Signs that stand beside digits, as outliers."""

from __future__ import annotations

import numpy as np
import pytest

from edgedigits_train.outliers import signs

RNG = np.random.default_rng


def test_signs_are_seeded_and_no_two_alike() -> None:
    first, second = (signs.strokes_of_sign(RNG(4)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    drawn = {tuple(np.concatenate(signs.strokes_of_sign(RNG(seed))).ravel()[:4]) for seed in range(200)}
    assert len(drawn) == 200


def test_signs_stay_on_their_canvas() -> None:
    # `outliers.sign` has room for 1.43 half-heights of a sign from its centre.
    reach = [np.abs(np.concatenate(signs.strokes_of_sign(RNG(seed)))).max() for seed in range(500)]
    assert max(reach) < 2
    assert np.mean(np.array(reach) > 1.43) < 0.05, "few are cut off"
    assert min(reach) > 0.4


@pytest.mark.parametrize(
    ("points", "middle", "why"),
    [
        ([(0, 0), (2, 0)], (1, 0), "two points are joined by a straight line"),
        ([(0, 0), (1, 1), (2, 0)], (1, 1), "the curve goes through the points between"),
    ],
)
def test_a_curve(points: list[tuple[int, int]], middle: tuple[int, int], why: str) -> None:
    curve = np.concatenate(signs.curve(np.array(points, np.float64)))
    assert np.allclose(curve[0], points[0])
    assert np.allclose(curve[-1], points[-1])
    assert np.hypot(*(curve - middle).T).min() < 0.12, why
