"""Pages that were photographed sideways: quarter turns, and which one makes digits of the ink."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from edgedigits.canonical import canonicals
from edgedigits.choose import Predictor
from edgedigits.pictures import Picture
from edgedigits.pieces import Blob
from edgedigits.results import Box
from edgedigits.segment import Page, crops_of

TURNS: Final = (0, 90, 180, 270)
MOST_JUDGED: Final = 40
"""How many pieces are looked at; the tallest say enough."""
TELLING: Final = 0.5
"""Quality that a piece must have at one turn at least to be asked."""
MARGIN: Final = 0.03
"""By how much another turn's mean quality must be better than leaving the page as it is."""


def turned(picture: Picture, degrees: int) -> Picture:
    """Turn a picture clockwise by 0, 90, 180 or 270 degrees."""
    return np.ascontiguousarray(np.rot90(picture, -(degrees // 90))) if degrees else picture


def box_before(box: Box, degrees: int, size: tuple[int, int]) -> Box:
    """Where a box of the turned picture was in the picture of `size` (width, height) before."""
    x, y, width, height = box
    if degrees == 90:
        return y, size[1] - x - width, height, width
    if degrees == 180:
        return size[0] - x - width, size[1] - y - height, width, height
    if degrees == 270:
        return size[0] - y - height, x, height, width
    return box


def best_turn(page: Page, pieces: Sequence[Blob], classifier: Predictor) -> int:
    """The clockwise turn, in degrees, after which the classifier is surest of the pieces.

    0 and 8 look alike upside down and 6 is a 9, so the mean over all pieces decides. A 1 has no say:
    it is a line, and the grain of a table, rules and the edges of a sheet are lines whichever way the
    page lies. Without a piece that is another digit at any turn the page stays as it is.
    """
    chosen = sorted(pieces, key=lambda blob: -max(blob.box[2:]))[:MOST_JUDGED]
    if not chosen:
        return 0
    crops = crops_of(page, chosen)[0]
    predictions = classifier.predict(
        canonicals([turned(crop, degrees) for degrees in TURNS for crop in crops])
    )
    other = predictions.probabilities.argmax(axis=1) != 1
    by_turn = (predictions.confidence * predictions.digit_score * other).reshape(len(TURNS), -1)
    telling = by_turn[:, by_turn.max(axis=0) > TELLING]
    if not telling.size:
        return 0
    sure = telling.mean(axis=1)
    best = int(sure.argmax())
    return TURNS[best] if sure[best] > sure[0] + MARGIN else 0
