"""Sheets partly in shadow: the shadow's edge divides them into patches of different brightness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.afar import View, gap, level_of, share
from edgedigits.ink.background import STEEP
from edgedigits.ink.shapes import at_rim, hull, solidity, squareness
from edgedigits.ink.slips import SQUARE
from edgedigits.ink.surroundings import WRITTEN, rims_of
from edgedigits.pictures import as_bytes

Grey = npt.NDArray[np.uint8]

SAME: Final = 0.01
"""How much less solid two patches may be together than one of them, and still be one sheet."""
SOLID: Final = 0.92
"""Least solidity of two patches together, if they are one sheet whatever their brightness is."""
PATCHED: Final = 2 / 3
"""Least share of a sheet in several patches that these cover: what merely stands in a room covers less."""
LIKE: Final = 1.1
"""Greatest ratio of brightness between the edge of a shadow and the lit part, or the shaded part and that
edge."""
BETWEEN: Final = 0.95
"""Least share of what lies between two patches that is so bright."""


def joined(view: View, sheet: Grey, patches: Sequence[Grey]) -> tuple[Grey, float]:
    """Return a sheet together with the patches that are parts of it, and how solid it then is.

    Such a patch does not make it less solid, or is its lit or shaded part. All are uint8 [H, W], 255 on 0.
    """
    square = gap(sheet)
    most = solidity(sheet)
    for patch in patches:
        both = as_bytes(cv2.morphologyEx(sheet | patch, cv2.MORPH_CLOSE, square))
        together = solidity(both)
        if together < max(SOLID, most - SAME) and _is_other_part(view, sheet, patch):
            # Writing across the edge of the shadow, and along that of the sheet, leaves notches.
            sheet = hull(as_bytes(sheet | patch))
            most = solidity(sheet)
        elif together >= most - SAME:
            sheet, most = both, together
    return sheet, most


def differ(view: View, parts: Sequence[Grey]) -> bool:
    """Return whether the parts of a sheet differ in brightness as if some were in shadow."""
    levels = [level_of(view, part) for part in parts]
    return min(levels) < (1 - STEEP) * max(levels)


def _is_other_part(view: View, sheet: Grey, patch: Grey) -> bool:
    """Return whether a patch and a sheet are the lit and the shaded part of one sheet.

    Both have writing, and together the shape of a sheet that lies entirely in the picture.
    """
    every = as_bytes(sheet | patch)
    if (patch & sheet).any() or at_rim(every) or share(view.ink, patch) < WRITTEN:
        return False
    whole = hull(every)
    if cv2.countNonZero(every) < PATCHED * cv2.countNonZero(whole) or squareness(whole) < SQUARE:
        return False
    return differ(view, (sheet, patch)) and _is_edge_of_shadow(view, sheet, patch, whole)


def _is_edge_of_shadow(view: View, sheet: Grey, patch: Grey, whole: Grey) -> bool:
    """Return whether what lies between two patches is as bright as one of them, or in between.

    Not if the patch runs along the picture's rim where the sheet does not, as a table does.
    """
    if not rims_of(patch) <= rims_of(sheet):
        return False
    between = view.paper[(whole > 0) & (sheet == 0) & (patch == 0)]
    darker, lighter = sorted([level_of(view, sheet), level_of(view, patch)])
    fit = (between >= darker / LIKE) & (between <= LIKE * lighter)
    return bool(np.count_nonzero(fit) >= BETWEEN * fit.size)
