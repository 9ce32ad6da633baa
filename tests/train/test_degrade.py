"""Each kind of degradation alone: how far it may go, so that the digit can still be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from edgedigits_train.mix import degrade

Check = Callable[[np.ndarray], bool]


class OfKind:
    """A generator whose first whole number, which chooses the kind, is given."""

    def __init__(self, kind: int, seed: int) -> None:
        self.kind: int | None = kind
        self.rng = np.random.default_rng(seed)

    def integers(self, *given: Any) -> Any:
        kind, self.kind = self.kind, None
        return self.rng.integers(*given) if kind is None else kind

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rng, name)


def flat(level: int) -> np.ndarray:
    return np.full((28, 28), level, np.float32)


def line(width: int, ground: int = 0) -> np.ndarray:
    """Return an upright stroke from edge to edge."""
    picture = flat(ground)
    picture[:, 14 : 14 + width] = 255
    return picture


def within(out: np.ndarray) -> bool:
    return bool(out.min() > -0.1 and out.max() < 255.1)


def contrast(out: np.ndarray) -> float:
    return float(np.abs(out[4:24, 15] - out[4:24, 8]).min())


def balanced(out: np.ndarray) -> bool:
    dead, stuck = np.count_nonzero(out == 0), np.count_nonzero(out == 255)
    return abs(dead - stuck) < 4 * np.sqrt(dead + stuck + 1)


KINDS: list[tuple[str, int, np.ndarray, Check, str]] = [
    ("stroke", 2, line(1), lambda out: out[:, 14].min() > 0.14 * 255, "a thin stroke fades but stays"),
    ("stroke", 3, line(6), lambda out: out[4:24, 14].min() > 100, "hollow strokes keep their edges"),
    ("light", 0, line(3), within, "a brighter ground leaves room for the ink"),
    ("light", 0, line(3), lambda out: contrast(out) > 0.24 * 255, "a quarter of the contrast at least"),
    ("light", 1, flat(0), within, "a gradient is light, which is never negative"),
    ("light", 2, line(3), within, "clouds are between black and white"),
    ("light", 3, line(3), lambda out: set(np.unique(out)) == {0.0, 255.0}, "a part is inverted"),
    (
        "light",
        5,
        line(3),
        lambda out: out[:, 14].min() > 0.24 * 255,
        "a shadow leaves a quarter of the light",
    ),
    ("blur", 1, flat(200), lambda out: abs(out[14, 14] - 200) < 1, "a moved camera makes nothing brighter"),
    ("sensor", 3, flat(100), balanced, "as many dead pixels as stuck ones"),
    ("sensor", 4, flat(100), lambda out: 80 < out.mean() < 160, "photons are as many as the light says"),
]


@pytest.mark.parametrize(("family", "kind", "picture", "check", "why"), KINDS, ids=[row[4] for row in KINDS])
def test_a_kind_stays_within_its_limits(
    family: str, kind: int, picture: np.ndarray, check: Check, why: str
) -> None:
    for seed in range(60):
        rng: Any = OfKind(kind, seed)
        assert check(degrade.FAMILIES[family](picture.copy(), rng)), f"{why}: seed {seed}"


def test_few_grey_levels_reach_from_black_to_white() -> None:
    ramp = np.tile(np.linspace(0, 255, 28, dtype=np.float32), (28, 1))
    coarse = [degrade.compression(ramp, np.random.default_rng(seed)) for seed in range(100)]
    levels = [np.unique(out) for out in coarse if len(np.unique(out)) <= 6]
    assert len(levels) > 20
    assert all(np.ptp(level) >= 127 for level in levels)
