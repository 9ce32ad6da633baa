"""Find the sheets of paper that lie on a table or are held to a camera.

The grain of wood, the gaps of a keyboard and the folds of a shirt have strokes, too, and any number of them.
Seen from afar (`ink.afar`), without strokes, a sheet is one smooth patch with an outline; what is around it
is smooth and empty, or is not paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.afar import LEAST_STEP, STEP, View, gap, has_outlines, level_of, share, view_of
from edgedigits.ink.background import reduce_by
from edgedigits.ink.shaded import PATCHED, differ, joined
from edgedigits.ink.shapes import at_rim, filled, hull, solidity, with_corners, without_bumps, without_notches
from edgedigits.ink.slips import grown, slip_of
from edgedigits.ink.surroundings import WRITTEN, is_apart, is_busy, margins_of, rims_of
from edgedigits.pictures import as_bytes

Grey = npt.NDArray[np.uint8]

PATCH: Final = 0.03
"""Share of the picture from which a smooth patch may be part of a sheet."""
PART: Final = 0.012
"""The same for a patch that may be the lit or the shaded part of a sheet with a larger one."""
LARGE: Final = 0.2
"""Share of the picture that sheets must cover; if they cover less, `slip_of` looks for small ones."""
BUMP: Final = 3
"""Width, in widths of an outline, up to which something on a sheet's edge is not part of the sheet."""
SOLID: Final = 0.9
"""Least solidity of a sheet: thumbs hold it, corners bend."""
FEW: Final = 0.01
"""Share of outlines, at half the scale, below which there is no sheet: half a sheet has as many."""
MARGIN: Final = 1 / 80
CLOSE: Final = 1 / 160
"""Width of a sheet's margin, as a share of the picture's longer side, and of one with nothing beside it."""
MOST: Final = 4
"""Most patches that are looked at one by one."""
BUSY: Final = 0.02
CUT_BUSY: Final = 0.1
"""Shares of outlines from which the surroundings of a sheet are not another page, whatever their ink: for a
sheet that lies within the picture, and for one that the picture cuts off."""
CREASED: Final = 1.4
"""Greatest ratio of brightness between the largest patch and others that creases separate from it, and the
paper between them, ..."""
FOLDED: Final = 0.95
"""...over at least this share of what lies between them; a table is mostly darker."""


class Sheet(NamedTuple):
    """The sheets of paper in a picture."""

    mask: Grey
    """Uint8 [H, W], 255 on the sheets and 0 around them."""
    is_sure: bool
    """False if the page may go on around it: it is partly in shadow, or may be a patch of light or shade."""


def sheet_of(coarse: Grey) -> Sheet | None:
    """Find the sheets of paper in a grey picture, uint8 [H, W], of a few hundred pixels a side.

    Returns None if the page fills the picture, or if there is no sheet.
    """
    tiny = reduce_by(coarse, 2)
    if not has_outlines(tiny, FEW):
        return None  # most pages end here
    view = view_of(coarse)
    found = _sheet(view)
    if found is None or (found.is_sure and cv2.countNonZero(found.mask) < LARGE * view.grey.size):
        return _slips(view)
    sheet = found.mask
    outside = _around(sheet)
    if not outside.any():
        return None
    own, other = level_of(view, sheet), level_of(view, outside)
    if is_busy(view, sheet, outside, BUSY):
        # Darker than what is around them are the tinted rows of a table, too.
        return Sheet(inside(sheet), found.is_sure and own >= other and not at_rim(sheet))
    if abs(own - other) < max(LEAST_STEP, STEP * own):
        return None  # a drawn ring or frame has the same paper on both sides
    is_sure = found.is_sure and is_apart(view, sheet, outside) and not at_rim(sheet)
    return Sheet(inside(sheet), is_sure)


def _slips(view: View) -> Sheet | None:
    """Return the small sheets of a picture; None if there are none."""
    slips = slip_of(view, PATCH, WRITTEN)
    if slips is None:
        return None
    outside = _around(slips)
    if not outside.any():
        return None
    apart = is_apart(view, slips, outside)
    return Sheet(inside(slips, CLOSE if apart else MARGIN), apart)


def _sheet(view: View) -> Sheet | None:
    """Return the sheets that smooth patches form; None if there are none."""
    count, labels, stats = _patches(view)
    inner, small, cut = list[Grey](), list[Grey](), list[Grey]()
    reach = len(gap(view.grey))  # an edge of the table along the rim is no part of its patch
    for number in range(1, count):
        *box, area = stats[number].tolist()
        if area < PART * view.grey.size:
            continue
        margins = margins_of(box, view.grey.shape)
        if max(margins) <= reach:
            if area > (1 - LARGE) * view.grey.size:
                return None
            continue
        large = inner if margins.count(0) <= 1 else cut
        group = large if area >= PATCH * view.grey.size else small
        group.append(filled(cv2.inRange(labels, number, number)))
    whole = _whole(view, inner, small)
    if whole is not None:
        return whole
    # Cut off by the picture on two or three sides; so are shadows, but their surroundings are calm.
    sheet = _largest(view, [patch for patch in cut if solidity(patch) >= SOLID])
    if sheet is None or not is_busy(view, sheet, _around(sheet), CUT_BUSY):
        return None
    return Sheet(_completed(view, sheet), is_sure=True)


def written_patches(coarse: Grey) -> list[Grey]:
    """Return the smooth patches of a grey picture, uint8 [H, W], that have writing on them, largest first.

    Each is 255 on the patch, with its holes and notches filled, and 0 around it. It may have any shape.
    """
    view = view_of(coarse)
    count, labels, stats = _patches(view)
    numbers = sorted(range(1, count), key=lambda number: -stats[number, cv2.CC_STAT_AREA])
    written = []
    for number in numbers:
        if stats[number, cv2.CC_STAT_AREA] < PATCH * coarse.size:
            break
        patch = without_notches(as_bytes(cv2.inRange(labels, number, number)), BUMP * len(gap(coarse)))
        if share(view.ink, patch) >= WRITTEN:
            written.append(inside(patch))
    return written[:MOST]


def _patches(view: View) -> tuple[int, Any, Any]:
    """Return count, labels (int32 [H, W], 0 between patches) and statistics of the smooth patches."""
    # The opening cuts necks: gaps in an outline, where a sheet would merge with its surroundings.
    patches = cv2.morphologyEx(cv2.bitwise_not(view.between), cv2.MORPH_OPEN, gap(view.grey))
    return cv2.connectedComponentsWithStats(patches, connectivity=4, ltype=cv2.CV_32S)[:3]


def inside(sheet: Grey, margin: float = MARGIN) -> Grey:
    """Return a sheet without its margin, in which its own edge may lie, which looks like a 1.

    There is no margin where the picture cuts the sheet off.
    """
    size = 2 * round(max(sheet.shape) * margin) + 1
    square = np.ones((size, size), np.uint8)
    return as_bytes(cv2.erode(sheet, square, borderType=cv2.BORDER_CONSTANT, borderValue=255))


def _largest(view: View, patches: list[Grey]) -> Grey | None:
    """Return the largest patch that has writing on it, or None."""
    written = [patch for patch in patches if share(view.ink, patch) >= WRITTEN]
    return max(written, key=cv2.countNonZero, default=None)


def _whole(view: View, patches: list[Grey], small: list[Grey]) -> Sheet | None:
    """Return the largest sheet that patches form, and others that lie entirely in the picture, or None.

    The edge of a shadow divides a sheet into patches, which form one sheet together, whatever their shapes;
    `small` ones may be part of it. Neither that nor what lies between folds is surely a sheet.
    """
    sheet = _largest(view, patches)
    if sheet is None:
        return None
    square = gap(sheet)
    # Patches between creases may form a sheet only all together.
    own = max(1.0, level_of(view, sheet))
    alike = [patch for patch in patches if 1 / CREASED < level_of(view, patch) / own < CREASED]
    every = filled(cv2.morphologyEx(np.bitwise_or.reduce([sheet, *alike]), cv2.MORPH_CLOSE, square))
    if solidity(every) >= SOLID:
        sheet = every
    sheet, most = joined(view, sheet, [*patches, *small])
    apart = [patch for patch in alike if not (patch & sheet).any()]
    if apart:
        every = np.bitwise_or.reduce([sheet, *apart])
        whole = hull(every)
        patched = cv2.countNonZero(as_bytes(every)) >= PATCHED * cv2.countNonZero(whole)
        between = view.paper[(whole > 0) & (every == 0)] / own
        shade = (between > 1 / CREASED) & (between < CREASED)
        if patched and np.count_nonzero(shade) >= FOLDED * shade.size:
            return Sheet(_completed(view, whole), is_sure=False)
    if most < SOLID:
        return None
    # Writing that reaches the edge of a patch is a notch in it.
    closed = [without_notches(patch, BUMP * len(square)) for patch in patches if not (patch & sheet).any()]
    others = [patch for patch in closed if _is_card(view, patch)]
    parts = [patch for patch in (*patches, *small) if (patch & sheet).any()]
    is_shaded = differ(view, parts)
    whole = _completed(view, sheet, parts if is_shaded else ())
    every = np.bitwise_or.reduce([whole, *(_completed(view, one) for one in others)])
    return Sheet(as_bytes(every), is_sure=not is_shaded)


def _completed(view: View, sheet: Grey, parts: Sequence[Grey] = ()) -> Grey:
    """Add to a sheet, with `parts` of different brightness, what writing has hidden at its edges."""
    sheet = with_corners(view.paper, without_bumps(sheet, BUMP * len(gap(sheet))))
    return grown(view, sheet, _around(sheet), parts)


def _is_card(view: View, patch: Grey) -> bool:
    """Return whether a patch lies entirely in the picture, is shaped like a sheet, and has writing on it.

    A small one close to the rim may be a tile that the picture cuts off.
    """
    if at_rim(patch) or (rims_of(patch) and cv2.countNonZero(patch) < LARGE * patch.size):
        return False
    return solidity(patch) >= SOLID and share(view.ink, patch) >= WRITTEN


def _around(sheet: Grey) -> Grey:
    """Return what is neither on the sheets nor at their outlines, 255 on 0."""
    reach = 2 * round(max(sheet.shape) / 30) + 1
    return as_bytes(cv2.bitwise_not(cv2.dilate(sheet, np.ones((reach, reach), np.uint8))))
