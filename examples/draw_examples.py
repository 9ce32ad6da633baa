"""Draw the example pages: handwriting from our own strokes on our own paper, with no font or data set.

    python examples/draw_examples.py [FOLDER]

writes the pictures and `labels.json`, the true text of each, into the folder (default: this one). It needs
only numpy and OpenCV. The pictures are seeded; another version of OpenCV may draw slightly different grey
levels, which the tests allow for.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).parent))

import pages
import places
from jpegs import jpeg, with_orientation

Picture = npt.NDArray[Any]

EXAMPLES: dict[str, tuple[Callable[[np.random.Generator], Picture], str, int]] = {
    "note.jpg": (pages.note, "1247\n895\n30264", 1),
    "ruled.jpg": (pages.ruled, "508136\n9472250\n167389\n40625", 2),
    "shadow.jpg": (pages.shade, "62803\n4719", 3),
    "sloped.jpg": (pages.sloped, "7314\n208965\n53", 4),
    "slate.jpg": (pages.slate, "3850\n2961", 5),
    "pencil.jpg": (pages.pencil, "9025\n76148", 6),
    "touching.jpg": (pages.touching, "50028", 7),
    "phone.jpg": (pages.phone, "0176\n5523\n984", 8),
    "doodles.jpg": (pages.doodles, "4096\n83\n7152", 9),
    "keyboard.jpg": (places.keyboard, "60417\n8392", 10),
    "board.jpg": (pages.board, "5174\n80236", 11),
    "form.jpg": (pages.form, "307251\n9468", 12),
    "shelf.jpg": (places.shelf, "5283\n90476", 13),
    "slip.jpg": (places.slip, "702149365\n580931746", 14),
    "corrected.jpg": (pages.corrected, "4827\n302\n6158", 15),
    "exercise.jpg": (pages.exercise, "45\n370\n1628", 27),
    "upstrokes.jpg": (pages.upstrokes, "1714\n20117\n71931", 19),
    "cutting.jpg": (places.cutting, "03815926", 20),
    "letter.jpg": (pages.letter, "40825\n7316", 22),
    "crayon.jpg": (pages.crayon, "3850\n2964", 23),
    "powers.jpg": (pages.powers, "325496\n734285", 24),
    "list.jpg": (pages.shopping, "2\n6\n12\n4\n8", 25),
    "notes.jpg": (places.notes, "7302\n5819\n4620", 26),
    "tiles.jpg": (places.tiles, "582073\n914860\n367215", 21),
}
"""File name to the function that draws the page, its text, and the seed."""


def main(folder: Path) -> None:
    """Draw all example pages and write their labels."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (draw, _, seed) in EXAMPLES.items():
        picture = draw(np.random.default_rng(seed))
        if name == "phone.jpg":
            # Phones store the sensor's picture, lying on its side, and record which way is up.
            data = with_orientation(jpeg(cv2.rotate(picture, cv2.ROTATE_90_COUNTERCLOCKWISE)), 6)
        else:
            data = jpeg(picture)
        (folder / name).write_bytes(data)
    labels = {
        name: {"text": text, "shows": (draw.__doc__ or "")} for name, (draw, text, _) in EXAMPLES.items()
    }
    (folder / "labels.json").write_text(json.dumps(labels, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
