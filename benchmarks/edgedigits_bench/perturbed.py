"""Read photographs in other light, by other cameras: `python -m edgedigits_bench.perturbed --data FOLDER`.

Each photograph is changed at random in one to three of the ways of `CHANGES`, as often as asked for, and
read. A few photographs say little about a reader; variations of them that might have been taken say more. As
with the photographs themselves, nothing here is ever used to choose a model or a constant.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits import Classifier, Reader
from edgedigits.ending import ended
from edgedigits.pictures import as_bytes, read_picture
from edgedigits.results import Box
from edgedigits_bench.drawn.camera import coded
from edgedigits_bench.photographs import labels_of, truth_of
from edgedigits_bench.scoring import Score, Truth, score

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

LARGEST: Final = 1632
"""Longest side, in pixels, of what is changed: larger photographs are halved first, to save time."""
SMALLEST: Final = 480
"""Longest side, in pixels, below which a photograph is not reduced."""


def shadow(picture: Bytes, rng: np.random.Generator) -> tuple[Bytes, Floats]:
    """Add the shadow of a phone: rounded outline, more or less sharp, entering from below."""
    height, width = picture.shape[:2]
    scale = max(picture.shape) / 1000
    left, top = rng.uniform(0.15, 0.7, 2) * (width, height)
    lean = rng.uniform(-0.12, 0.12)
    corners = [
        [left, top],
        [2 * width, top + 2 * lean * width],
        [2 * width, 3 * height],
        [left - 2 * lean * height, 3 * height],
    ]
    outline = np.zeros((height, width), np.float32)
    cv2.fillPoly(outline, [np.array(corners, np.int32)], 1.0)
    rounded = (cv2.GaussianBlur(outline, (0, 0), 15 * scale) > 0.5).astype(np.float32)
    shade: Any = cv2.GaussianBlur(rounded, (0, 0), rng.uniform(0.5, 6) * scale)
    if rng.random() < 0.5:
        shade = shade[:, ::-1]
    return _bytes(picture * (1 - rng.uniform(0.3, 0.8) * shade[:, :, None])), np.eye(3)


def lamp(picture: Bytes, rng: np.random.Generator) -> tuple[Bytes, Floats]:
    """Light it from one side: a third of the light is left on the other."""
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]] / max(picture.shape)
    along = x * np.cos(angle) + y * np.sin(angle)
    along = (along - along.min()) / np.ptp(along)
    return _bytes(picture * (0.35 + 0.65 * along)[:, :, None]), np.eye(3)


def fold(picture: Bytes, rng: np.random.Generator) -> tuple[Bytes, Floats]:
    """Add a vertical fold, one side of which faces the light."""
    width = picture.shape[1]
    away = (np.arange(width) - rng.uniform(0.3, 0.7) * width) / (0.08 * width)
    return _bytes(picture * (1 - 0.18 * np.exp(-np.abs(away)) * np.sign(away))[None, :, None]), np.eye(3)


def exposure(picture: Bytes, rng: np.random.Generator) -> tuple[Bytes, Floats]:
    """Multiply the light by 0.4 to 1.4; highlights are clipped."""
    return _bytes(picture * rng.uniform(0.4, 1.4)), np.eye(3)


def gamma(picture: Bytes, rng: np.random.Generator) -> tuple[Bytes, Floats]:
    """Change the tone curve: gamma 0.5 to 2."""
    return _bytes(255 * (picture / 255) ** rng.uniform(0.5, 2.0)), np.eye(3)


def noise(picture: Bytes, rng: np.random.Generator) -> tuple[Bytes, Floats]:
    """Add Gaussian sensor noise of 2 to 10 grey levels."""
    return _bytes(picture + rng.normal(0, rng.uniform(2, 10), picture.shape)), np.eye(3)


def blur(picture: Bytes, rng: np.random.Generator) -> tuple[Bytes, Floats]:
    """Defocus: a Gaussian of 0.5 to 2.5 thousandths of the longer side."""
    sigma = rng.uniform(0.5, 2.5) * max(picture.shape) / 1000
    return as_bytes(cv2.GaussianBlur(picture, (0, 0), sigma)), np.eye(3)


def compression(picture: Bytes, rng: np.random.Generator) -> tuple[Bytes, Floats]:
    """Compress as JPEG with quality 15 to 60."""
    return coded(picture, int(rng.integers(15, 61))), np.eye(3)


def turn(picture: Bytes, rng: np.random.Generator) -> tuple[Bytes, Floats]:
    """Rotate by up to 6 degrees either way."""
    return turned(picture, rng.uniform(-6, 6))


def turned(picture: Bytes, degrees: float) -> tuple[Bytes, Floats]:
    """Return a picture turned about its middle, and where its places went, 3 x 3."""
    height, width = picture.shape[:2]
    flat = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    around = cv2.warpAffine(picture, flat, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return as_bytes(around), np.vstack([flat, [0, 0, 1]])


def size(picture: Bytes, rng: np.random.Generator) -> tuple[Bytes, Floats]:
    """Resize: down to a third, but not below `SMALLEST`, or up to 1.3 times."""
    longest = max(picture.shape)
    scale = rng.uniform(min(1.0, max(0.33, SMALLEST / longest)), 1.3)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return as_bytes(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=way)), np.diag(
        [scale, scale, 1]
    )


CHANGES: Final[dict[str, Callable[[Bytes, np.random.Generator], tuple[Bytes, Floats]]]] = {
    change.__name__: change
    for change in (shadow, lamp, fold, exposure, gamma, noise, blur, compression, turn, size)
}


def perturb(picture: Bytes, truth: Truth, rng: np.random.Generator) -> tuple[Bytes, Truth, tuple[str, ...]]:
    """Change a picture, uint8 [H, W, 3] BGR, in one to three ways; return it, its truth, and the ways."""
    names = tuple(rng.permutation(list(CHANGES)).tolist()[: int(rng.integers(1, 4))])
    moved = np.eye(3)
    for name in names:
        picture, move = CHANGES[name](picture, rng)
        moved = move @ moved
    return picture, after(truth, moved), names


def score_perturbed(reader: Reader, folder: Path, draws: int, seed: int) -> dict[str, dict[str, Any]]:
    """Read each labelled page of a folder `draws` times, changed; return the sum per change, and "all"."""
    totals = {name: Score() for name in (*CHANGES, "all")}
    for number, entry in enumerate(labels_of(folder)):
        picture, truth = read_picture(folder / entry["file"]), truth_of(entry)
        if max(picture.shape) > LARGEST:
            picture = as_bytes(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
            truth = after(truth, np.diag([0.5, 0.5, 1]))
        for draw in range(draws):
            changed, where, names = perturb(picture, truth, np.random.default_rng([seed, number, draw]))
            result = score(reader.read(changed), where)
            for name in (*names, "all"):
                totals[name] += result
    return {name: total.to_dict() for name, total in totals.items()}


def main(argv: Sequence[str] | None = None) -> int:
    """Print a table on stderr and JSON on stdout."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.perturbed", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled pages")
    parser.add_argument("--draws", type=int, default=40, help="how often each is changed (default: 40)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", type=Path, help="model file (default: the packaged one)")
    args = parser.parse_args(argv)
    totals = score_perturbed(Reader(Classifier.load(args.model)), args.data, args.draws, args.seed)
    for name, row in totals.items():
        print(
            f"{name:12} digits {row['digits']:5}  right {row['right_rate']:6.1%}  "
            f"extra {row['extra_rate']:6.1%}  text {row['text_accuracy']:6.1%}  "
            f"perfect {row['perfect']}/{row['pictures']}",
            file=sys.stderr,
        )
    print(json.dumps({"draws": args.draws, "seed": args.seed, **totals}, indent=1))
    return 0


def _bytes(picture: Any) -> Bytes:
    return as_bytes(np.clip(picture + 0.5, 0, 255).astype(np.uint8))


def after(truth: Truth, move: Floats) -> Truth:
    """The truth of a picture that was moved, a 3 x 3 matrix of its places."""
    return Truth(truth.lines, tuple(_moved(box, move) for box in truth.boxes), truth.ambiguous)


def _moved(box: Box, move: Floats) -> Box:
    """Move a box: the bounding box of the moved midpoints of its sides, as digits have no ink in corners."""
    x, y, width, height = box
    middles = np.array(
        [[x + width / 2, y], [x + width, y + height / 2], [x + width / 2, y + height], [x, y + height / 2]]
    )
    places = cv2.perspectiveTransform(middles[None], move)[0]
    left, top = places.min(axis=0).tolist()
    right, bottom = places.max(axis=0).tolist()
    return round(left), round(top), max(1, round(right - left)), max(1, round(bottom - top))


if __name__ == "__main__":
    sys.exit(ended(main))
