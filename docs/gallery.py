"""Draw the picture at the top of the README: `python docs/gallery.py`, from the top of the checkout.

It shows some example pages side by side, as annotated by `edgedigits predict --save`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).parents[1]
SHOWN = (
    ("keyboard", "corrected", "shadow", "notes"),
    ("board", "letter", "powers", "doodles"),
)
SIZE = (400, 300)
GAP = 6


def main() -> None:
    """Read the pages and tile their annotated copies into one picture."""
    with tempfile.TemporaryDirectory() as folder:
        pages = [f"examples/{name}.jpg" for row in SHOWN for name in row]
        command = [sys.executable, "-m", "edgedigits", "predict", *pages, "--save", folder]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        rows = [np.hstack([tile(Path(folder) / f"{name}.jpg") for name in row]) for row in SHOWN]
    picture = np.vstack(rows)[GAP:-GAP, GAP:-GAP]
    cv2.imwrite(str(ROOT / "docs" / "gallery.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 82])


def tile(path: Path) -> npt.NDArray[np.uint8]:
    """Return one page, cropped to the common shape and framed in white."""
    page = cv2.imread(str(path))
    assert page is not None, path
    height, width = page.shape[:2]
    scale = max(SIZE[0] / width, SIZE[1] / height)
    page = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    top, left = (page.shape[0] - SIZE[1]) // 2, (page.shape[1] - SIZE[0]) // 2
    page = page[top : top + SIZE[1], left : left + SIZE[0]]
    framed = cv2.copyMakeBorder(page, GAP, GAP, GAP, GAP, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    return np.asarray(framed, np.uint8)


if __name__ == "__main__":
    main()
