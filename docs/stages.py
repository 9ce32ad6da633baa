"""Draw the picture of the stages in this folder: `python docs/stages.py`, from the top of the checkout.

It shows side by side what `edgedigits predict --debug` writes for an example page.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).parents[1]
PAGE = "doodles"
SHOWN = ("1_grey", "2_background", "3_ink", "4_boxes", "5_lines")
GAP = 8


def main() -> None:
    """Read the page and combine its stages into one picture, with the frames below the others."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "edgedigits", "predict", f"examples/{PAGE}.jpg", "--debug", folder]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        stages = {path.stem: cv2.imread(str(path)) for path in (Path(folder) / PAGE).iterdir()}
    pages = [
        cv2.copyMakeBorder(stages[name], GAP, GAP, GAP, GAP, cv2.BORDER_CONSTANT, value=(255, 255, 255))
        for name in SHOWN
    ]
    above = np.hstack(pages)
    frames = stages["6_frames"]
    height = round(frames.shape[0] * above.shape[1] / frames.shape[1])
    below = cv2.resize(frames, (above.shape[1], height), interpolation=cv2.INTER_AREA)
    whole = np.vstack([above, below])
    size = 1400, round(whole.shape[0] * 1400 / whole.shape[1])
    picture = cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(ROOT / "docs" / "stages.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 85])


if __name__ == "__main__":
    main()
