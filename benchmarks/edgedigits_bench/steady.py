"""Drawn pages, changed in ways that nobody minds: `python -m edgedigits_bench.steady --data mnist.npz`.

A page of digits is the same page in another size or light, as JPEG, or on a phone's screen. So each is read
as it is, and once for each of `CHANGES`. Where a page of which most was read loses a third of that, a rule of
the reader's has an edge that the page fell over: such pages are counted, and told one by one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits import Classifier, Reader
from edgedigits.ending import ended
from edgedigits.pictures import as_bytes
from edgedigits_bench.drawn.camera import coded
from edgedigits_bench.drawn.difficulties import DIFFICULTIES
from edgedigits_bench.drawn.scenes import scenes_of
from edgedigits_bench.drawn.screens import phone_signs
from edgedigits_bench.perturbed import after, turned
from edgedigits_bench.scoring import Score, score

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Change = Callable[[Bytes], tuple[Bytes, Floats]]

MOST: Final = 0.7
"""Share of a page's digits that were right from which most of it was read."""
LOST: Final = 1 / 3
"""Share of these from which the page was lost."""
LARGEST: Final = 2000
"""Longest side, in pixels, of what is changed: larger pages are halved first, to save time."""


def _sized(across: float, down: float) -> Change:
    def change(picture: Bytes) -> tuple[Bytes, Floats]:
        way = cv2.INTER_AREA if across * down < 1 else cv2.INTER_LINEAR
        sized = as_bytes(cv2.resize(picture, None, fx=across, fy=down, interpolation=way))
        return sized, np.diag([sized.shape[1] / picture.shape[1], sized.shape[0] / picture.shape[0], 1])

    return change


def _lit(tone: Callable[[Any], Any]) -> Change:
    """Another value for each, float32 of 0 to 255."""

    def change(picture: Bytes) -> tuple[Bytes, Floats]:
        return np.clip(tone(picture.astype(np.float32)) + 0.5, 0, 255).astype(np.uint8), np.eye(3)

    return change


def _coded(quality: int) -> Change:
    return lambda picture: (coded(picture, quality), np.eye(3))


def _barred(above: float, beside: float, level: int | None) -> Change:
    """Bars above and below, left and right, as shares of the longer side; None goes on as the rim does."""

    def change(picture: Bytes) -> tuple[Bytes, Floats]:
        top, left = (round(share * max(picture.shape)) for share in (above, beside))
        way = cv2.BORDER_REPLICATE if level is None else cv2.BORDER_CONSTANT
        wide = cv2.copyMakeBorder(picture, top, top, left, left, way, value=(level or 0,) * 3)
        move = np.eye(3)
        move[:2, 2] = left, top
        return as_bytes(wide), move

    return change


def _then(*changes: Change) -> Change:
    def change(picture: Bytes) -> tuple[Bytes, Floats]:
        move = np.eye(3)
        for one in changes:
            picture, own = one(picture)
            move = own @ move
        return picture, move

    return change


def _bordered(lines: int) -> Change:
    """Lines around the page, within three hundredths of its longer side from the rim."""

    def change(picture: Bytes) -> tuple[Bytes, Floats]:
        drawn, (height, width) = picture.copy(), picture.shape[:2]
        paper = np.median(picture.reshape(-1, 3), axis=0)
        ink = (paper / 4 if paper.mean() >= 100 else np.full(3, 255.0)).tolist()
        for near in range(1, lines + 1):
            inset = round(0.01 * near * max(height, width))
            corner = (width - 1 - inset, height - 1 - inset)
            cv2.rectangle(drawn, (inset, inset), corner, ink, max(1, inset // (4 * near)))
        return drawn, np.eye(3)

    return change


def _on_phone(picture: Bytes) -> tuple[Bytes, Floats]:
    """A phone's screen: dark above and below, where signs of its own stand."""
    shown, move = _barred(0.6, 0, 18)(picture)
    phone_signs(shown, 18)
    return shown, move


def _noisy(picture: Bytes) -> tuple[Bytes, Floats]:
    noise = np.random.default_rng(0).normal(0, 3, picture.shape)
    return _lit(lambda levels: levels + noise)(picture)


CHANGES: Final[dict[str, Change]] = {
    "half": _sized(0.5, 0.5),
    "smaller": _sized(0.85, 0.85),
    "larger": _sized(1.4, 1.4),
    "twice": _sized(2, 2),
    "wider": _sized(1.1, 1),
    "higher": _sized(1, 1.1),
    "left": lambda picture: turned(picture, 3),
    "right": lambda picture: turned(picture, -3),
    "further": _barred(0.1, 0.1, None),
    "coded": _coded(40),
    "darker": _lit(lambda levels: 255 * (levels / 255) ** 1.4),
    "brighter": _lit(lambda levels: 255 * (levels / 255) ** 0.7),
    "pale": _lit(lambda levels: 0.6 * levels + 60),
    "dim": _lit(lambda levels: 0.7 * levels),
    "warm": _lit(lambda levels: levels * np.array([0.75, 0.9, 1.0])),
    "blurred": lambda picture: (as_bytes(cv2.GaussianBlur(picture, (0, 0), 0.7)), np.eye(3)),
    "noisy": _noisy,
    "border": _bordered(1),
    "borders": _bordered(2),
    "negative": _lit(lambda levels: 255 - levels),
    "film": _barred(0.12, 0, 0),
    "slide": _barred(0.05, 0.2, 255),
    "window": _barred(0.25, 0.25, 90),
    "phone": _on_phone,
    "sent": _then(_on_phone, _sized(0.6, 0.6), _coded(70)),
}
"""What may happen to a picture: each gives it, uint8 [h, w, 3] BGR, and where its places went, 3 x 3."""


def score_changes(
    reader: Reader, images: Bytes, labels: npt.NDArray[Any], names: Sequence[str], pages: int, seed: int
) -> Iterator[tuple[str, int, dict[str, Score]]]:
    """Each page of these difficulties: its difficulty, number, and scores "as it is" and for each change."""
    for name in names:
        for number, (picture, truth) in enumerate(scenes_of(images, labels, name, pages, seed)):
            while max(picture.shape) > LARGEST:
                picture, move = _sized(0.5, 0.5)(picture)
                truth = after(truth, move)
            scores = {"as it is": score(reader.read(picture), truth)}
            for change, changed in CHANGES.items():
                other, move = changed(picture)
                scores[change] = score(reader.read(other), after(truth, move))
            yield name, number, scores


def is_lost(before: Score, now: Score) -> bool:
    """Whether most of a page was read as it is, and a third of that is lost now."""
    return before.right >= MOST * before.digits and before.right - now.right > LOST * before.right


def main(argv: Sequence[str] | None = None) -> int:
    """Table and lost pages on stderr, JSON on stdout."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.steady", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="mnist.npz")
    parser.add_argument("--part", choices=("train", "test"), default="train", help="which digits are drawn")
    parser.add_argument("--difficulty", action="append", choices=DIFFICULTIES, help="default: all")
    parser.add_argument("--pages", type=int, default=1, help="pages of each difficulty")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", type=Path, help="model file; default: the packaged one")
    args = parser.parse_args(argv)
    from edgedigits_train.data import load

    images, labels = load(args.data).part(args.part)
    reader = Reader(Classifier.load(args.model))
    totals = {name: {"right": 0, "extra": 0, "unchanged": 0, "lost": 0} for name in ("as it is", *CHANGES)}
    digits = count = 0
    names = args.difficulty or list(DIFFICULTIES)
    for name, number, scores in score_changes(reader, images, labels, names, args.pages, args.seed):
        before = scores["as it is"]
        digits, count = digits + before.digits, count + 1
        for change, now in scores.items():
            total = totals[change]
            total["right"] += now.right
            total["extra"] += now.extra
            total["unchanged"] += (now.right, now.extra) == (before.right, before.extra)
            if is_lost(before, now):
                total["lost"] += 1
                print(f"{name} {number}, {change}: {now.right} of {before.right} digits", file=sys.stderr)
    for change, total in totals.items():
        print(
            f"{change:10} right {total['right'] / max(1, digits):6.1%}  extra {total['extra']:4}  "
            f"unchanged {total['unchanged']}/{count}  lost {total['lost']}",
            file=sys.stderr,
        )
    print(json.dumps({"seed": args.seed, "pages": count, "digits": digits, "changes": totals}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(ended(main))
