"""Check the framing: enlarge MNIST's own digits, write them on a page, and read them back.

If the path from page to 28x28 frame reproduces MNIST's framing, the classifier is as accurate on its frames
as on MNIST's own. Run: `python -m edgedigits_bench.framing --data mnist.npz`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits import Classifier, Reader
from edgedigits.ending import ended

Bytes = npt.NDArray[np.uint8]

ACROSS: Final = 10
DOWN: Final = 8
PAPER: Final = 235
"""Grey level of the page."""


def write_page(images: Bytes, enlarged: int) -> Bytes:
    """Write up to 80 pictures, uint8 [n, 28, 28], enlarged `enlarged` times, dark on one light page."""
    side = 28 * enlarged
    page = np.zeros((DOWN * side, ACROSS * side), np.uint8)
    for place, image in enumerate(images):
        top, left = place // ACROSS * side, place % ACROSS * side
        page[top : top + side, left : left + side] = cv2.resize(
            image, (side, side), interpolation=cv2.INTER_LINEAR
        )
    ink = page.astype(np.float32) / 255
    return (PAPER * (1 - 0.9 * ink) + 0.5).astype(np.uint8)


def read_back(reader: Reader, images: Bytes, labels: npt.NDArray[Any], enlarged: int) -> int:
    """Count the digits on written pages that are read correctly, each in its own place."""
    right, side, page_full = 0, 28 * enlarged, ACROSS * DOWN
    for start in range(0, len(images), page_full):
        reading = reader.read(write_page(images[start : start + page_full], enlarged))
        for digit in reading.digits:
            x, y, width, height = digit.box
            place = (y + height // 2) // side * ACROSS + (x + width // 2) // side
            right += start + place < len(labels) and digit.label == int(labels[start + place])
    return right


def compare(
    reader: Reader, classifier: Classifier, images: Bytes, labels: npt.NDArray[Any]
) -> dict[str, Any]:
    """Return the accuracy in percent: on MNIST directly, and through pages at several sizes."""
    direct = float(np.mean(classifier.predict(images).labels == labels)) * 100
    paged = {
        f"{enlarged}x": 100 * read_back(reader, images, labels, enlarged) / len(labels)
        for enlarged in (2, 3, 5)
    }
    return {"digits": len(labels), "direct": direct, "through_pages": paged}


def main(argv: Sequence[str] | None = None) -> int:
    """Print JSON."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.framing", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="mnist.npz")
    parser.add_argument("--part", choices=("train", "test"), default="test")
    parser.add_argument("--digits", type=int, default=10_000)
    parser.add_argument("--model", type=Path, help="model file (default: the packaged one)")
    args = parser.parse_args(argv)
    classifier = Classifier.load(args.model)
    from edgedigits_train.data import load

    images, labels = load(args.data).part(args.part)
    images, labels = images[: args.digits], labels[: args.digits]
    print(json.dumps(compare(Reader(classifier), classifier, images, labels), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(ended(main))
